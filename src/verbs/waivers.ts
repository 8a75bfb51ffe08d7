/** Waivers from the file that is named, or given as data. */
import { MsbomError } from '../core/error.js';
import { decodeUtf8 } from '../core/json.js';
import { isObject } from '../core/objects.js';
import { NO_WAIVERS, readWaivers, type Waiver, type Waivers, waiversOf } from '../core/waiver.js';
import type { FileFindings } from '../report/json.js';
import { readInput } from './input.js';
import type { VerbOptions } from './options.js';

export interface WaiverOptions {
  /** Path of a file with `waivers`, in YAML or JSON, or the waivers themselves. What they cover does not count for `exitCode`. */
  readonly waivers?: string | readonly Waiver[];
}

/** @throws ERR_CLI_USAGE for a file that holds none, ERR_LIMIT_*, ERR_IO_* */
export async function openWaivers({ waivers, now, ...options }: WaiverOptions & VerbOptions): Promise<Waivers> {
  if (waivers === undefined) return NO_WAIVERS;
  const time = new Date(now ?? Date.now());
  if (typeof waivers !== 'string') return waiversOf(readWaivers(waivers, 'waivers'), { file: 'waivers', now: time });
  const text = decodeUtf8(await readInput(waivers, options), waivers);
  const { parseWrittenYaml } = await import('../core/yaml.js'); // JSON is a part of it
  const parsed = parseWrittenYaml(text);
  if ('problem' in parsed)
    throw new MsbomError('ERR_CLI_USAGE', `the waivers are not YAML: ${parsed.problem}`, { file: waivers, ...parsed.place });
  const list = isObject(parsed.value) ? (parsed.value as { readonly waivers?: unknown }).waivers : undefined;
  if (list === undefined)
    throw new MsbomError('ERR_CLI_USAGE', 'the file holds no `waivers`', {
      file: waivers,
      hint: 'docs/waivers.md shows what a waiver says',
    });
  return waiversOf(readWaivers(list, waivers), { file: waivers, now: time });
}

/** Findings of a file, those that are waived marked. */
export const judgedFile = (file: FileFindings, waivers: Waivers): FileFindings => ({
  ...file,
  findings: file.findings.map((finding) => waivers.judged(finding, file.file)),
});

/** What there is to say of the waivers themselves, once all was judged; nothing where there is nothing. */
export function toldOf(waivers: Waivers): readonly FileFindings[] {
  const findings = waivers.told();
  return findings.length === 0 ? [] : [{ file: findings[0]?.file ?? 'waivers', valid: true, findings }];
}

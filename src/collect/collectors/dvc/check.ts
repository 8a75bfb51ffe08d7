/** Files against what DVC says of them: what is not here is only pointed at, what is here must be the bytes that DVC knew. */
import type { Finding } from '../../../core/finding.js';
import { baseName, type CollectContext, type Contribution, directoryOf } from '../../contribution.js';
import { asCount, asText, type Loose } from '../../values.js';
import { dataName, isModelFile, statedDigest } from './data.js';

/** Files that are compared for one file of DVC. */
const MAX_COMPARED = 200;

/** A file that DVC states: its path in the directory and what is said of it. */
export interface Stated {
  readonly facts: Loose;
  /** Made by the stage; else it went in. */
  readonly isResult: boolean;
}

/** Findings for files that are here and are not the ones that DVC knew. */
export async function compared(path: string, stated: readonly Stated[], { probe }: CollectContext): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const { facts, isResult } of stated) {
    const name = dataName(facts.path);
    const place = name === undefined ? undefined : directoryOf(path) + name;
    if (place === undefined || seen.has(place) || seen.size >= MAX_COMPARED || probe?.size(place) === undefined) continue;
    seen.add(place);
    const other = await difference(facts, place, probe);
    if (other !== undefined) findings.push(changed(path, place, other, isResult));
  }
  return findings;
}

async function difference(facts: Loose, place: string, probe: NonNullable<CollectContext['probe']>): Promise<string | undefined> {
  const [size, md5] = [asCount(facts.size), asText(facts.md5)];
  const isDigest = md5 !== undefined && facts.hash === 'md5' && /^[0-9a-f]{32}$/.test(md5);
  // Before version 3 line ends of texts were changed before hashing, so that neither digest nor size are those of the bytes.
  if (!isDigest) return undefined;
  const here = probe.size(place);
  if (size !== undefined && here !== size) return `${size} bytes, it has ${here}`;
  const computed = await probe.md5(place);
  return computed === undefined || computed === md5 ? undefined : `the MD5 ${md5}, it has ${computed}`;
}

const changed = (file: string, place: string, other: string, isResult: boolean): Finding => ({
  id: 'published-digest',
  severity: isResult ? 'medium' : 'low',
  message: isResult
    ? `DVC states for \`${place}\` ${other}: this is not the file that was written`
    : `DVC states for \`${place}\` ${other}: it was changed since it was read`,
  fix: isResult ? 'Run `dvc checkout` or `dvc repro`, then collect again.' : 'Run `dvc repro`, or fetch the file that went in.',
  file,
});

/** Names of directories that hold weights. */
const MODEL_DIRECTORY = /^(models?|weights|checkpoints?)$/i;

/** Is it a model that DVC tracks? */
export const isModel = (name: string): boolean => isModelFile(name) || MODEL_DIRECTORY.test(baseName(name));

/** The file that stands for weights which are not here: what DVC says of them is kept, and that they are missing is told. */
export function pointer(path: string, name: string, facts: Loose): { readonly contribution: Contribution; readonly finding: Finding } {
  const [size, md5] = [asCount(facts.size), asText(facts.md5)];
  const digest = statedDigest(facts);
  return {
    contribution: {
      kind: 'file',
      path,
      facts: {
        pointer: { kind: 'dvc', ...(digest === undefined ? {} : { digest }), ...(size === undefined ? {} : { size }) },
        // Of a directory, and before version 3 of some files, it is a name that DVC alone understands.
        ...(md5 === undefined || digest !== undefined || !/^[0-9a-f]{32}(\.dir)?$/.test(md5) ? {} : { metadata: { 'outs.md5': md5 } }),
        inspection: { status: 'not-inspected', reason: `a DVC pointer; \`${name}\` was not fetched` },
      },
      from: { origin: 'observed', path, key: 'outs', method: 'DVC data file' },
    },
    finding: {
      id: 'storage-pointer',
      severity: 'medium',
      message: `the file is a DVC pointer, \`${directoryOf(path)}${name}\` itself is not here`,
      fix: 'Run `dvc pull`, then collect again.',
      file: path,
    },
  };
}

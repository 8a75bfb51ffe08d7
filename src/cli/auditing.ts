/** What `msbom audit` reads: the document or the directory, and the advisories that are about its packages. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type Advisory,
  type AuditOptions,
  type AuditResult,
  advisoriesOnline,
  askedOnline,
  audit,
  type HealthSnapshot,
  keeperFor,
  type ModelReport,
  packagesOf,
  readHealth,
  readModelReports,
} from '../audit/index.js';
import { MsbomError } from '../core/error.js';
import { decodeUtf8, parseJson } from '../core/json.js';
import { parseYaml } from '../core/yaml.js';
import { collectDirectory } from '../node.js';
import type { Manifest } from '../schema/index.js';
import { readInput } from '../verbs/input.js';
import { advisoriesFrom } from './advisories.js';
import type { Arguments } from './command.js';
import { openAsked } from './complying.js';
import type { Session } from './io.js';
import { nowFrom } from './values.js';

/** The document, or what the collector makes of a directory. @throws ERR_IO_*, ERR_MANIFEST_INVALID, ERR_CONVERT_INPUT, ERR_COLLECT_* */
export async function openAudited(given: string, args: Arguments, io: Session): Promise<Manifest> {
  const path = resolve(io.cwd, given);
  const isDirectory =
    given !== '-' &&
    (await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    ));
  return isDirectory ? (await collectDirectory(path, { now: nowFrom(io) })).manifest : (await openAsked(given, args, io)).manifest;
}

/** Reads the advisories and judges. Files that are no records are told as not evaluated. Only `--online` reaches a network. */
export async function auditedWith(manifest: Manifest, args: Arguments, io: Session, options: AuditOptions): Promise<AuditResult> {
  const keep = keeperFor(manifest);
  const kept: Advisory[] = [];
  const unread: { what: string; why: string }[] = [];
  for await (const read of advisoriesFrom(args.texts('advisories'), io)) {
    if ('advisory' in read) kept.push(keep(read.advisory));
    else unread.push({ what: `the advisory ${read.file}`, why: read.why });
  }
  if (!args.flag('online')) return withUnread(audit(manifest, kept, options), unread);
  const { packages } = packagesOf(manifest);
  const online = await advisoriesOnline(packages, { http: io.http ?? globalThis.fetch });
  return withUnread(audit(manifest, [...kept, ...online], { ...options, asked: askedOnline(packages) }), unread);
}

const withUnread = (result: AuditResult, unread: AuditResult['unevaluated']): AuditResult =>
  unread.length === 0 ? result : { ...result, unevaluated: [...result.unevaluated, ...unread] };

/** What cannot be read says nothing, neither for nor against. @throws ERR_IO_READ */
export async function parsedFrom(file: string, io: Session): Promise<unknown> {
  const bytes = await readInput(file, io);
  try {
    const text = decodeUtf8(bytes, file);
    if (text.trimStart().startsWith('{') || text.trimStart().startsWith('[')) return parseJson(bytes, { file, inexactIntegers: 'round' });
    const parsed = parseYaml(text);
    if ('problem' in parsed) throw new MsbomError('ERR_FORMAT_MALFORMED', parsed.problem, { file });
    return parsed.value;
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    const { line, column, message } = error;
    throw new MsbomError('ERR_IO_READ', `the file is no JSON and no YAML: ${message}`, { file, line, column, cause: error });
  }
}

/** @throws ERR_CLI_USAGE for a document that is no snapshot */
export async function healthFrom(args: Arguments, io: Session): Promise<readonly HealthSnapshot[]> {
  const found: HealthSnapshot[] = [];
  for (const file of args.texts('health')) {
    const value = await parsedFrom(file, io);
    for (const each of Array.isArray(value) ? value : [value]) {
      const snapshot = readHealth(each, file);
      if (snapshot === undefined)
        throw new MsbomError('ERR_CLI_USAGE', 'the file is no snapshot of the health of a dependency', {
          file,
          hint: 'give JSON of OpenSSF Scorecard, deps.dev, the criticality score or the metadata of a package of npm',
        });
      found.push(snapshot);
    }
  }
  return found;
}

/** @throws ERR_CLI_USAGE for a document that is of neither database */
export async function reportsFrom(args: Arguments, io: Session): Promise<readonly ModelReport[]> {
  const found: ModelReport[] = [];
  for (const file of args.texts('model-reports')) {
    const reports = readModelReports(await parsedFrom(file, io));
    if (reports === undefined)
      throw new MsbomError('ERR_CLI_USAGE', 'the file is no report of AVID and no ATLAS data', {
        file,
        hint: 'give reports of AVID as JSON, or ATLAS.yaml',
      });
    found.push(...reports);
  }
  return found;
}

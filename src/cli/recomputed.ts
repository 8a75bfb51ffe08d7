/** What the files of a model say of the values of its manifest, read and computed again. */
import { resolve } from 'node:path';
import type { Recomputed } from '../comply/index.js';
import { MsbomError } from '../core/error.js';
import { parsePointer, pointerStep, resolvePointer } from '../core/json-pointer.js';
import { sameJson } from '../core/objects.js';
import { collectDirectory } from '../node.js';
import type { Evidence, Manifest } from '../schema/index.js';
import { verifyDirectory } from '../verbs/verify-directory.js';
import type { Arguments } from './command.js';
import type { Session } from './io.js';
import { progressBar } from './progress.js';

/**
 * Hashes every file of the directory, reads headers and metadata again, and compares. A file that is missing or cannot be read refutes
 * what is said of it.
 *
 * @throws ERR_IO_*, ERR_COLLECT_INCOMPLETE
 */
export async function recomputedFrom(
  manifest: Manifest,
  args: Arguments,
  io: Session,
): Promise<ReadonlyMap<string, Recomputed> | undefined> {
  const given = args.text('files');
  if (given === undefined) return undefined;
  const directory = resolve(io.cwd, given);
  const [file = '-'] = args.positionals;
  const progress = progressBar(io, args);
  const manifestFile = file === '-' ? {} : { manifestFile: resolve(io.cwd, file) };
  const { files } = await verifyDirectory(directory, manifest, { ...manifestFile, onProgress: progress.update }).finally(progress.end);
  const found = new Map<string, Recomputed>();
  for (const { path, status, detail = status, checked = [] } of files) {
    if (status === 'added' || status === 'unchecked') continue;
    const at = `/artifacts${pointerStep(path)}`;
    if (status === 'matched') for (const algorithm of checked) found.set(`${at}/digest/${algorithm}`, { same: true });
    else found.set(`${at}/digest`, { same: false, found: detail });
  }
  const again = await collectedAgain(directory, manifest);
  for (const [pointer, each] of again === undefined ? [] : compared(manifest, again)) found.set(pointer, found.get(pointer) ?? each);
  return found;
}

/** What the collector makes of the directory now. Of several models in one directory it takes none: then digests alone are compared. */
async function collectedAgain(directory: string, { bom }: Manifest): Promise<Manifest | undefined> {
  if (bom.subject !== undefined && bom.subject !== 'model') return undefined;
  try {
    return (await collectDirectory(directory, { now: bom.timestamp })).manifest;
  } catch (error) {
    if (MsbomError.is(error, 'ERR_COLLECT_SELECT')) return undefined;
    throw error;
  }
}

/**
 * Compares what has evidence of files. Where somebody only wrote a value into a file, a manifest that says otherwise is not refuted: it may
 * know better. Bytes are another matter.
 */
function* compared(manifest: Manifest, again: Manifest): Generator<readonly [string, Recomputed]> {
  for (const { pointer, origin } of spokenOf(again.evidence ?? [], again)) {
    const [said, found] = [resolvePointer(manifest, pointer), resolvePointer(again, pointer)];
    if (said === undefined || found === undefined) continue;
    if (sameJson(said, found)) yield [pointer, { same: true }];
    else if (origin === 'observed' && isPlain(said)) yield [pointer, { same: false, found: JSON.stringify(found).slice(0, MAX_SHOWN) }];
  }
}

const MAX_SHOWN = 200;
/** Of an object or list one may know more than the other; what is in it is compared by itself. */
const isPlain = (value: unknown): boolean => typeof value !== 'object';

interface Spoken {
  readonly pointer: string;
  readonly origin: Evidence['origin'];
}

/** Places that files speak of, with those that `members` names. */
function* spokenOf(evidence: readonly Evidence[], manifest: Manifest): Generator<Spoken> {
  for (const { origin, values, source } of evidence) {
    if (origin !== 'observed' && source?.path === undefined) continue;
    for (const [pointer, { members }] of Object.entries(values)) {
      const whole = members === undefined ? [pointer] : members.flatMap((pattern) => expanded(manifest, pointer, pattern));
      for (const at of whole) for (const leaf of leaves(at, resolvePointer(manifest, at))) yield { pointer: leaf, origin };
    }
  }
}

/** Pointers of a pattern of `members` below a place. */
function expanded(manifest: Manifest, pointer: string, pattern: string): readonly string[] {
  return (parsePointer(`/${pattern}`) ?? []).reduce<readonly string[]>(
    (places, key) =>
      places.flatMap((at) => {
        const value = resolvePointer(manifest, at);
        if (key !== '*') return [at + pointerStep(key)];
        return typeof value === 'object' && value !== null ? Object.keys(value).map((each) => at + pointerStep(each)) : [];
      }),
    [pointer],
  );
}

/** Values that are no objects, below a place; a list is one value, for its items have no names. */
function leaves(pointer: string, value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [pointer];
  return Object.entries(value).flatMap(([key, each]) => leaves(pointer + pointerStep(key), each));
}

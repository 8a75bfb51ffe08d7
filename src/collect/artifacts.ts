import type { JsonValue } from '../core/canonical-json.js';
import { pointerStep } from '../core/json-pointer.js';
import type { ValueEvidence } from '../manifest/evidence.js';
import type { Artifact } from '../schema/index.js';
import { valueEvidence } from './assemble.js';
import type { Contribution, FileNote } from './contribution.js';
import type { FileDigest } from './describe.js';
import { type Role, roleAt, roleByName } from './roles.js';

/** One of the files that are described, with where it lies. */
export interface DescribedFile extends Artifact {
  readonly path: string;
  /** Id of the part of a model that it belongs to. */
  readonly part?: string;
}

const SHARD = /^(.*?)[-_](\d{5,6})-of-(\d{5,6})(\.[^/]+)$/;

/** Every file, in code point order of the paths, with what was learned of it. */
export function artifactsFrom(
  digests: readonly FileDigest[],
  contributions: readonly Contribution[],
): { readonly files: readonly DescribedFile[]; readonly evidence: readonly ValueEvidence[] } {
  const notes = new Map<string, FileNote[]>();
  for (const contribution of contributions) {
    if (contribution.kind !== 'file') continue;
    const known = notes.get(contribution.path);
    if (known === undefined) notes.set(contribution.path, [contribution]);
    else known.push(contribution);
  }
  const zeroBased = new Set(digests.flatMap(({ path }) => zeroBasedSet(path) ?? []));
  const evidence: ValueEvidence[] = [];
  const files = digests.map(({ path, size, digest }) => {
    const home = `/artifacts${pointerStep(path)}`;
    const own = notes.get(path) ?? [];
    const facts: { [key: string]: JsonValue } = {};
    for (const note of own) {
      for (const [key, value] of Object.entries(note.facts)) {
        // What was computed from the bytes is no matter of opinion.
        if (facts[key] !== undefined || key === 'digest' || key === 'size') continue;
        facts[key] = value;
        evidence.push(valueEvidence(key === 'part' ? `/models/${String(value)}/artifacts` : `${home}/${key}`, note.from));
      }
    }
    const { role, ...rest } = facts;
    evidence.push(
      { pointer: `${home}/digest`, origin: 'observed', method: 'hash of the file' },
      { pointer: `${home}/size`, origin: 'observed', method: 'hash of the file' },
    );
    if (role === undefined) evidence.push({ pointer: `${home}/role`, origin: 'inferred', method: 'role by file name' });
    const shard = shardOf(path, zeroBased);
    if (shard !== undefined) evidence.push({ pointer: `${home}/shard`, origin: 'inferred', method: 'shard number in the file name' });
    // Notes hold members of an artifact only; the tests validate the result.
    return {
      path,
      role: role === undefined ? roleByName(path) : roleAt(path, role as Role),
      size,
      digest,
      ...rest,
      ...(shard === undefined ? {} : { shard }),
    } as DescribedFile;
  });
  return { files, evidence };
}

/** The files as a document has them: by path. */
export const byPath = (files: readonly DescribedFile[]): { readonly [path: string]: Artifact } =>
  Object.fromEntries(files.map(({ path, part: _, ...artifact }) => [path, artifact]));

/** Name of the set of which this file is the shard 0: libraries for data count from 0, those for weights from 1. */
function zeroBasedSet(path: string): string | undefined {
  const [, set = '', number = '', total = '', ending = ''] = SHARD.exec(path) ?? [];
  return Number(number) === 0 && total !== '' ? `${set}${total}${ending}` : undefined;
}

function shardOf(path: string, zeroBased: ReadonlySet<string>): Artifact['shard'] | undefined {
  const match = SHARD.exec(path);
  if (match === null) return undefined;
  const [, set = '', number = '', total = '', ending = ''] = match;
  const index = Number(number) + (zeroBased.has(`${set}${total}${ending}`) ? 1 : 0);
  return index >= 1 && Number(total) >= 1 ? { index, total: Number(total), set: set + ending } : undefined;
}

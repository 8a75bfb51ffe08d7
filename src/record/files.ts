/** The two files that a recorded run leaves: the record and, beside it, the provenance statement. */
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename, relative, resolve, sep } from 'node:path';
import { sha256Text } from '../core/digest.js';
import { MsbomError } from '../core/error.js';
import { uniqueId } from '../core/id.js';
import { printableJson } from '../core/printable.js';
import type { FileGuard } from '../platform/guard.js';
import { ioError } from '../platform/io-error.js';
import { writeFileAtomic } from '../platform/write.js';
import type { Manifest } from '../schema/index.js';
import type { KeepPatch } from './code.js';
import { PATCH_MARK } from './patch.js';
import { BUILD_TYPE, type DirHashes, PROVENANCE_TYPE, provenanceStatement } from './statement.js';

/** Where the statement of a record lies. */
export const provenanceFile = (record: string): string => `${record.replace(/(\.msbom)?\.json$/, '')}.provenance.json`;

/** These files and the patch, relative to the directory of the run. */
export const ownFiles = (record: string, cwd: string, patch?: string): ReadonlySet<string> =>
  new Set(
    [record, provenanceFile(record), ...(patch === undefined ? [] : [resolve(cwd, patch)])].map((path) =>
      relative(cwd, path).split(sep).join('/'),
    ),
  );

/**
 * Where the record goes. A name that nobody gave replaces a record and nothing else, and a statement replaces a statement of
 * ours alone.
 * @throws ERR_IO_EXISTS, ERR_IO_*
 */
export async function recordFile(given: string | undefined, name: string, cwd: string): Promise<string> {
  const file = resolve(cwd, given ?? `${name}.msbom.json`);
  if (given === undefined) await mayReplace(file, '"tracker": "msbom"');
  await mayReplace(provenanceFile(file), BUILD_TYPE);
  return file;
}

/**
 * Where the patch goes: it replaces one of ours alone, and that of an earlier run says nothing of this one.
 * @throws ERR_IO_EXISTS, ERR_IO_*, ERR_OUTPUT_IS_INPUT
 */
export async function patchFile(name: string, cwd: string, guard: FileGuard): Promise<KeepPatch> {
  const path = resolve(cwd, name);
  await mayReplace(path, PATCH_MARK);
  await guard.writes(path, PATCH_MARK);
  await rm(path, { force: true });
  await guard.wrote(path); // what comes next may get its inode
  return { name: basename(path), write: (bytes) => writeFileAtomic(path, bytes, { guard }) };
}

async function mayReplace(path: string, mark: string): Promise<void> {
  if (!existsSync(path)) return;
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw ioError(error, basename(path), 'ERR_IO_READ');
  });
  if (text.includes(mark)) return;
  throw new MsbomError('ERR_IO_EXISTS', 'the file exists already, and no recorded run wrote it', {
    file: basename(path),
    hint: 'name another record with --output, or move the file away',
  });
}

/** Writes the statement of a completed run; the manifest then names it by its digest. A run without files has none. */
export async function withProvenance(
  manifest: Manifest,
  invocation: string,
  file: string,
  { guard, hashes }: { readonly guard: FileGuard; readonly hashes?: DirHashes },
): Promise<{ readonly manifest: Manifest; readonly provenance?: string }> {
  if (manifest.artifacts === undefined) return { manifest };
  const statement = provenanceStatement(manifest, invocation, hashes);
  const text = printableJson(statement);
  const path = provenanceFile(file);
  await writeFileAtomic(path, text, { sync: false, guard });
  const digest = { sha256: sha256Text(text) };
  const reference = { title: basename(path), mediaType: 'application/vnd.in-toto+json', digest };
  const key = uniqueId('record', new Set(Object.keys(manifest.provenance ?? {})));
  const { model } = manifest;
  const training = { ...model?.training, run: { ...model?.training?.run, provenance: reference } };
  return {
    provenance: path,
    manifest: {
      ...manifest,
      ...(model === undefined ? {} : { model: { ...model, training } }),
      provenance: {
        ...manifest.provenance,
        [key]: {
          predicateType: PROVENANCE_TYPE,
          subjects: statement.subject.map(({ digest: own }) => ({ ...own })),
          digest,
          verified: false,
        },
      },
      evidence: [
        ...(manifest.evidence ?? []),
        {
          origin: 'observed',
          source: { name: 'msbom record' },
          method: 'msbom record',
          values: { ...(model === undefined ? {} : { '/model/training/run/provenance': {} }), [`/provenance/${key}`]: {} },
        },
      ],
    },
  };
}

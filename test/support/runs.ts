/** Directories of training runs, collected whole. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { CollectOptions } from '../../src/collect/index.js';
import { parsePointer } from '../../src/core/json-pointer.js';
import { memoryTree } from '../../src/core/source-tree.js';
import { validateManifest } from '../../src/validate/index.js';
import { collect } from './collect.js';
import { memoryDigests } from './digests.js';

export type Files = Readonly<Record<string, Uint8Array>>;

const root = fileURLToPath(new URL('../fixtures/collect/', import.meta.url));

/** Files of a directory by their paths in it. */
export function filesOf(directory: string): Files {
  const paths = (readdirSync(directory, { recursive: true }) as string[]).filter((path) => statSync(join(directory, path)).isFile());
  return Object.fromEntries(paths.sort().map((path) => [path, new Uint8Array(readFileSync(join(directory, path)))]));
}

/** What a real tool left, by the collector's id. */
export const fixture = (id: string): Files => filesOf(join(root, id));

/** What the tool's own API says of it. */
export const factsOf = (id: string): Record<string, never> => JSON.parse(readFileSync(join(root, `${id}.facts.json`), 'utf8'));

export const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** The manifest of the files, which must be valid, and what was noticed. */
export async function described(files: Files, options: Partial<CollectOptions> = {}) {
  const result = await collect(memoryTree('a-model', files), {
    now: '2026-11-24T09:00:00Z',
    digestFiles: memoryDigests(files),
    ...options,
  });
  const problems = validateManifest(result.manifest).findings.filter(({ severity }) => severity === 'high' || severity === 'critical');
  expect(problems).toEqual([]);
  const { manifest, findings } = result;
  return { manifest, findings, ids: findings.map(({ id }) => id), text: JSON.stringify(manifest), own: ownNames(manifest) };
}

type Described = Awaited<ReturnType<typeof collect>>['manifest'];

/** Hyperparameters by the name that their source gives them, which stands in the evidence. */
function ownNames(manifest: Described): Record<string, unknown> {
  const settings: Record<string, unknown> = manifest.model?.training?.hyperparameters ?? {};
  const own: Record<string, unknown> = {};
  for (const { values } of manifest.evidence ?? []) {
    for (const [pointer, { key }] of Object.entries(values)) {
      const [model, section, list, name] = parsePointer(pointer) ?? [];
      if (model === 'model' && section === 'training' && list === 'hyperparameters' && name !== undefined && key !== undefined)
        own[key] = settings[name];
    }
  }
  return own;
}

/** Damages one of the files in many ways: nothing throws, and what is made is valid. */
export async function fuzzFiles(files: Files, path: string, runs = Number(process.env.MSBOM_RUNS ?? 60)): Promise<void> {
  const good = files[path];
  if (good === undefined || good.byteLength === 0) throw new Error(`no file ${path}`);
  const word = fc.constantFrom(
    ...[
      'null',
      '-1',
      '1e999',
      '"x"',
      '[]',
      '{}',
      '[[[[',
      '\u0000',
      '__proto__',
      'true',
      ': ',
      '\n',
      '- ',
      '&a *a',
      '!!python/object:x {}',
      'é',
    ].map(text),
  );
  const change = fc.record({
    at: fc.nat({ max: good.byteLength - 1 }),
    cut: fc.nat({ max: 12 }),
    put: fc.oneof(word, fc.uint8Array({ maxLength: 6 })),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      let bytes = good;
      for (const { at, cut, put } of changes) bytes = Uint8Array.from([...bytes.subarray(0, at), ...put, ...bytes.subarray(at + cut)]);
      await described({ ...files, [path]: bytes });
    }),
    { numRuns: runs },
  );
}

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { CollectDatasetOptions } from '../../src/collect/index.js';
import { collectDataset } from '../../src/collect/index.js';
import type { Finding } from '../../src/core/finding.js';
import { memoryTree } from '../../src/core/source-tree.js';
import type { Artifact, Dataset, Manifest } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';
import { collect } from './collect.js';
import { listOf } from './things.js';

export type Files = Readonly<Record<string, Uint8Array>>;

/** The files of a directory of fixtures, by path. */
export function fixtureFiles(directory: string): Files {
  const root = fileURLToPath(new URL(`../fixtures/collect/${directory}`, import.meta.url));
  return Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(root.length + 1), new Uint8Array(readFileSync(path))];
      }),
  );
}

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
export const md5 = (bytes: Uint8Array | string): string => createHash('md5').update(bytes).digest('hex');
const digestFiles =
  (files: Files): CollectDatasetOptions['digestFiles'] =>
  async (entries) =>
    entries.map(({ path, size }) => ({ path, size, digest: { sha256: sha256(files[path] ?? '') } }));

export interface Described {
  readonly manifest: Manifest;
  readonly dataset: Dataset & { readonly id: string };
  /** Its files, with their paths. */
  readonly listed: readonly (Artifact & { readonly path: string })[];
  readonly findings: readonly Finding[];
  /** Ids of the findings. */
  readonly ids: readonly string[];
}

/** A dataset of these files as a manifest, which must be valid. */
export async function describeData(files: Files, options: Partial<CollectDatasetOptions> = {}): Promise<Described> {
  const { manifest, findings } = await collectDataset(memoryTree('my-data', files), {
    now: '2026-11-23T09:00:00Z',
    digestFiles: digestFiles(files),
    ...options,
  });
  expectValid(manifest);
  const dataset = listOf(manifest.datasets).find(({ id }) => id === manifest.bom.subject);
  if (dataset === undefined) throw new Error('there is no dataset');
  return { manifest, dataset, listed: listOf(manifest.artifacts, 'path'), findings, ids: findings.map(({ id }) => id) };
}

/** Who issues the dataset. */
export const issuerOf = ({ manifest, dataset }: Pick<Described, 'manifest' | 'dataset'>) => manifest.parties?.[dataset.issuer ?? ''];

/** A model's directory of these files. */
export async function describeModel(files: Files): Promise<Omit<Described, 'dataset' | 'listed'>> {
  const { manifest, findings } = await collect(memoryTree('my-model', files), {
    now: '2026-11-23T09:00:00Z',
    digestFiles: digestFiles(files),
  });
  expectValid(manifest);
  return { manifest, findings, ids: findings.map(({ id }) => id) };
}

export function expectValid(manifest: Manifest): void {
  expect(validateManifest(manifest).findings.filter(({ severity }) => severity === 'high' || severity === 'critical')).toEqual([]);
}

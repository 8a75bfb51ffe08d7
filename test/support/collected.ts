/** Directories collected whole, in the form of the specification. */
import { expect } from 'vitest';
import { collect } from '../../src/collect/index.js';
import { memoryTree } from '../../src/core/source-tree.js';
import { contradictions } from '../../src/manifest/evidence.js';
import { validateManifest } from '../../src/validate/index.js';
import { memoryDigests } from './digests.js';
import { text } from './runs.js';

/** The manifest of files by path, which must be valid, what was noticed, and what it keeps of what sources said instead. */
export async function collected(content: Readonly<Record<string, Uint8Array | string>>) {
  const files = Object.fromEntries(Object.entries(content).map(([path, each]) => [path, typeof each === 'string' ? text(each) : each]));
  const { manifest, findings } = await collect(memoryTree('a-model', files), {
    expectsWeights: false,
    now: '2026-11-24T09:00:00Z',
    digestFiles: memoryDigests(files),
  });
  const problems = validateManifest(manifest).findings.filter(({ severity }) => severity === 'high' || severity === 'critical');
  expect(problems).toEqual([]);
  const dissents = contradictions(manifest).map(({ pointer, value, dissents: others }) => [pointer, value, others.map(({ said }) => said)]);
  return { manifest, findings, ids: findings.map(({ id }) => id), dissents, subject: manifest.model };
}

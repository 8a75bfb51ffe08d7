import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isBlocking } from '../../src/core/finding.js';
import { SHAPES, visit } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';

it('arbitrary manifests are valid and have every member of the specification', () => {
  const met = new Set<string>();
  fc.assert(
    fc.property(arbitraryManifest, (manifest) => {
      expect(validateManifest(manifest).findings.filter(isBlocking)).toEqual([]);
      visit(manifest, ({ member = '' }) => void met.add(member));
    }),
    { numRuns: 200, seed: 3, endOnFailure: true },
  );
  const all = Object.entries(SHAPES).flatMap(([type, members]) => Object.keys(members).map((member) => `${type}.${member}`));
  expect(all.filter((member) => !met.has(member.replace('*', 'crc32c')))).toEqual([]);
});

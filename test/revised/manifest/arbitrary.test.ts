import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkSchema } from '../../../src/revised/schema/check.js';
import { SHAPES, visit } from '../../../src/revised/schema/index.js';
import { arbitraryManifest } from '../../support/revised/arbitrary-manifest.js';

it('arbitrary manifests meet the schema and have every member that it has', () => {
  const met = new Set<string>();
  fc.assert(
    fc.property(arbitraryManifest, (manifest) => {
      expect(checkSchema(manifest)).toEqual([]);
      visit(manifest, ({ member = '' }) => void met.add(member));
    }),
    { numRuns: 300, seed: 1 },
  );
  const all = Object.entries(SHAPES).flatMap(([type, members]) => Object.keys(members).map((member) => `${type}.${member}`));
  expect(all.filter((member) => !met.has(member))).toEqual([]);
});

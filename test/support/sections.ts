/** Sections of what collectors say, as a part of something that is complete otherwise. */
import { closed } from '../../src/collect/closing.js';
import type { Manifest } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';

/** What makes a manifest with these sections invalid, and what its rules find in them. */
export function problemsOf(sections: Partial<Manifest>): readonly string[] {
  const manifest: Manifest = {
    $schema: 'urn:msbom:schema:1.0',
    bom: {
      specVersion: '1.0',
      serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
      version: 1,
      timestamp: '2026-11-24T09:00:00Z',
      authors: ['author'],
    },
    model: { name: 'example' },
    ...sections,
    parties: { author: { name: 'Example' }, ...sections.parties },
  };
  // Parts of a manifest may name what is in another part.
  const { manifest: whole, findings } = closed(manifest);
  const left = findings.filter(({ message }) => !/^[^(]*\(\/components\/[^/]+\/environment\)/.test(message));
  const wrong = validateManifest(whole).findings.filter(({ severity }) => severity === 'high' || severity === 'critical');
  return [...left, ...wrong].map(({ id, pointer, message }) => `${id} ${pointer}: ${message}`);
}

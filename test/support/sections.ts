/** Sections of a manifest, as a part of one that is complete otherwise. */
import { validateManifest } from '../../src/validate/index.js';

/** What makes a manifest with these sections invalid, and what its rules find in them. */
export function problemsOf(sections: { readonly [key: string]: unknown }): readonly string[] {
  const manifest = {
    $schema: 'urn:msbom:schema:1.0',
    bom: {
      specVersion: '1.0',
      serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
      version: 1,
      timestamp: '2026-11-24T09:00:00Z',
      authors: [{ name: 'Example' }],
    },
    model: { name: 'example' },
    ...sections,
  };
  return validateManifest(manifest)
    .findings.filter(({ severity }) => severity === 'high' || severity === 'critical')
    .map(({ id, pointer, message }) => `${id} ${pointer}: ${message}`);
}

import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { describe, expect, it } from 'vitest';
import { validateDocument } from '../../src/convert/validate.js';
import { documentOf, INVALID_DOCUMENTS, type InvalidDocument, VERSIONS } from '../support/invalid-documents.js';

const OFFICIAL = {
  '1.5': new Validation.JsonStrictValidator(Spec.Version.v1dot5),
  '1.6': new Validation.JsonStrictValidator(Spec.Version.v1dot6),
  '1.7': new Validation.JsonStrictValidator(Spec.Version.v1dot7),
};
const textOf = (row: InvalidDocument, version: (typeof VERSIONS)[number]): string =>
  `${JSON.stringify(documentOf(row, version), null, 2)}\n`;

describe('a document that must be refused', () => {
  it.each(INVALID_DOCUMENTS.map((row) => [row.name, row] as const))('%s', async (name, row) => {
    // The corpus holds each in the newest version that refuses it.
    const shown = row.refusedBy.at(-1) ?? '1.6';
    await expect(textOf(row, shown)).toMatchFileSnapshot(`../fixtures/convert/invalid/${name}-${shown}.cdx.json`);
    for (const version of VERSIONS) {
      const text = textOf(row, version);
      const refused = row.refusedBy.includes(version);
      expect((await OFFICIAL[version].validate(text)) !== null, `the schema of ${version}`).toBe(refused);
      const { findings, valid } = await validateDocument(text);
      const ids = findings.map(({ id }) => id);
      if (refused) expect(valid, version).toBe(false);
      if (row.lint !== undefined && !(refused && version === '1.5')) expect(ids, version).toContain(row.lint);
      if (!refused && row.lint === undefined) expect(findings, version).toEqual([]);
      if (version !== shown) continue;
      const told = findings.filter(({ pointer, message }) => pointer?.startsWith(row.pointer) && message.includes(row.reason));
      expect(told.length, JSON.stringify(findings)).toBeGreaterThan(0);
      for (const finding of told) expect(finding).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
    }
  });
});

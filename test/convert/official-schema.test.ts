import { describe, expect, it } from 'vitest';
import { readSource } from '../../src/convert/document.js';
import { openDocument } from '../../src/convert/validate.js';
import { OFFICIAL_MISSING, official, readOfficial } from '../support/cyclonedx.js';
import { documentOf, INVALID_DOCUMENTS, VERSIONS } from '../support/invalid-documents.js';

const outcome = async (text: string): Promise<string> => {
  try {
    await readSource(await openDocument(text), { timestamp: '2026-01-01T00:00:00Z' });
    return 'read';
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_CONVERT_INPUT', line: expect.any(Number), column: expect.any(Number) });
    return 'refused';
  }
};

describe('a document is read for conversion when its official schema takes it, and only then', () => {
  it.each(INVALID_DOCUMENTS.map((row) => [row.name, row] as const))('%s', async (_, row) => {
    for (const version of VERSIONS)
      expect(await outcome(JSON.stringify(documentOf(row, version))), version).toBe(row.refusedBy.includes(version) ? 'refused' : 'read');
  });
  it('the official documents of 1.6', async (context) => {
    if (official === undefined) return context.skip(OFFICIAL_MISSING);
    for (const name of official.filter((each) => /^(in)?valid-.*\.(json|xml)$/.test(each)))
      expect(await outcome(readOfficial(name)), name).toBe(name.startsWith('valid-') ? 'read' : 'refused');
  });
});

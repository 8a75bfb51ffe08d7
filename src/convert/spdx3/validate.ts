/** Is an SPDX document right? The official schema of the version that it states, and what the schema cannot say. */
import type { Finding } from '../../core/finding.js';
import { type LintOptions, lintSPDX } from './lint.js';
import { checkSPDXSchema } from './schema.js';

/** Versions whose schema is here. */
export const SPDX_VERSIONS = ['3.0.1', '2.3', '2.2'] as const;

/** Versions of SPDX 2 that are read: a document of 2.2 is one of 2.3. */
export const isSPDX2 = (version: string | undefined): boolean => version === '2.3' || version === '2.2';

/** The findings of a parsed document; undefined when its version is not known here. */
export async function checkSPDX(document: unknown, version: string | undefined, options: LintOptions = {}): Promise<Finding[] | undefined> {
  if (version?.startsWith('3.0')) {
    const schema = checkSPDXSchema(document);
    return [...schema, ...lintSPDX(document, options)];
  }
  if (!isSPDX2(version)) return undefined;
  const [{ schema }, { checkJsonSchema }, { lintSPDX2 }] = await Promise.all([
    import('../spdx2/generated/schema-2.3.js'),
    import('../json-schema.js'),
    import('../spdx2/lint.js'),
  ]);
  const breaches = checkJsonSchema(schema, document).filter(({ pointer, message }) => !isSpelling(pointer, message));
  const found = breaches.map(
    ({ pointer, message }): Finding => ({
      id: 'spdx-schema',
      severity: 'high',
      message,
      fix: 'Correct it by the schema of SPDX 2.3.',
      pointer,
    }),
  );
  return [...found, ...lintSPDX2(document)];
}

/** The text of SPDX 2.3 (clause 7.24) and its schema spell one purpose differently; producers do as either. */
const isSpelling = (pointer: string, message: string): boolean =>
  pointer.endsWith('/primaryPackagePurpose') && message.startsWith('"OPERATING-SYSTEM" ');

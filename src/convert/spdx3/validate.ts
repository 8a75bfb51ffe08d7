/** Is an SPDX document right? The official schema of the version that it states, and what the schema cannot say. */
import type { Finding } from '../../core/finding.js';
import { type LintOptions, lintSPDX } from './lint.js';
import { checkSPDXSchema } from './schema.js';

/** Versions whose schema is here. */
export const SPDX_VERSIONS = ['3.0.1', '2.3'] as const;

/** The findings of a parsed document; undefined when its version is not known here. */
export async function checkSPDX(document: unknown, version: string | undefined, options: LintOptions = {}): Promise<Finding[] | undefined> {
  if (version?.startsWith('3.0')) {
    const schema = checkSPDXSchema(document);
    return [...schema, ...lintSPDX(document, options)];
  }
  if (version !== '2.3') return undefined;
  const [{ schema }, { checkJsonSchema }, { lintSPDX2 }] = await Promise.all([
    import('../spdx2/generated/schema-2.3.js'),
    import('../json-schema.js'),
    import('../spdx2/lint.js'),
  ]);
  const found = checkJsonSchema(schema, document).map(
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

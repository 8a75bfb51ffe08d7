import { ageOf } from '../audit/age.js';
import { type Advisory, type AuditResult, auditAsText, audit as judge, type VexStatement } from '../audit/index.js';
import { printableJson } from '../core/printable.js';
import { type DocumentInput, readDocument } from './document.js';
import type { VerbOptions } from './options.js';
import type { AnswerCode, VerbResult } from './result.js';

export const AUDIT_FORMATS = ['text', 'json'] as const;
export type AuditFormat = (typeof AUDIT_FORMATS)[number];

export interface AuditVerbOptions extends VerbOptions {
  /** Advisories from `readAdvisory`; nothing is fetched. */
  readonly advisories: Iterable<Advisory>;
  /** What somebody says of vulnerabilities, from `readOpenVex`. */
  readonly vex?: readonly VexStatement[];
}

export interface AuditVerbResult extends VerbResult<AuditFormat> {
  readonly result: AuditResult;
}

/** Known vulnerabilities of the packages of a document of any standard. @throws ERR_MANIFEST_INVALID, ERR_CONVERT_INPUT, ERR_IO_* */
export async function audit(input: DocumentInput, { advisories, vex = [], ...options }: AuditVerbOptions): Promise<AuditVerbResult> {
  const { file, manifest, findings } = await readDocument(input, options);
  const result = judge(manifest, [...advisories], { vex });
  const { newest } = result.advisories;
  return {
    exitCode: codeOf(result),
    findings,
    formats: AUDIT_FORMATS,
    result,
    render: async (format, { paint } = {}) =>
      format === 'json'
        ? printableJson({ version: 1, file, ...result })
        : auditAsText(result, ageOf(newest, new Date(options.now ?? Date.now())).words, paint),
  };
}

/** What could not be evaluated is no success. */
const codeOf = ({ findings, unevaluated, evaluated }: AuditResult): AnswerCode =>
  findings.length > 0 ? 1 : unevaluated.length > 0 || evaluated === 0 ? 2 : 0;

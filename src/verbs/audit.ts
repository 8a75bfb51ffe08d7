import { ageOf } from '../audit/age.js';
import { type Advisory, type AuditFinding, type AuditResult, auditAsText, audit as judge, type VexStatement } from '../audit/index.js';
import type { AuditReport } from '../audit/report.js';
import type { Finding } from '../core/finding.js';
import { optional } from '../core/objects.js';
import { ownText, type Printable, printableJson } from '../core/printable.js';
import type { Waivers } from '../core/waiver.js';
import { type Line, type Paint, printLines } from '../report/lines.js';
import { waivedLine } from '../report/text.js';
import { type DocumentInput, readDocument } from './document.js';
import { renderFindings } from './findings.js';
import type { VerbOptions } from './options.js';
import type { AnswerCode, VerbResult } from './result.js';
import { openWaivers, type WaiverOptions } from './waivers.js';

export const AUDIT_FORMATS = ['text', 'json', 'sarif', 'github'] as const;

export const AUDIT_FAIL_ON = ['low', 'medium', 'high', 'critical', 'never'] as const;
export type AuditFailOn = (typeof AUDIT_FAIL_ON)[number];
export type AuditFormat = (typeof AUDIT_FORMATS)[number];

export interface AuditVerbOptions extends VerbOptions, WaiverOptions {
  /** Advisories from `readAdvisory`; nothing is fetched. */
  readonly advisories: Iterable<Advisory>;
  /** What somebody says of vulnerabilities, from `readOpenVex`. */
  readonly vex?: readonly VexStatement[];
  /** `exitCode` is 1 from this severity on; what is not scored counts as high. Default `low`. */
  readonly failOn?: AuditFailOn;
}

export interface AuditVerbResult extends VerbResult<AuditFormat> {
  readonly result: AuditResult;
}

/** Known vulnerabilities of the packages of a document of any standard. @throws ERR_MANIFEST_INVALID, ERR_CONVERT_INPUT, ERR_CLI_USAGE, ERR_IO_* */
export async function audit(
  input: DocumentInput,
  { advisories, vex = [], failOn = 'low', waivers, ...options }: AuditVerbOptions,
): Promise<AuditVerbResult> {
  const opened = await openWaivers({ ...options, ...optional('waivers', waivers) });
  const { file, manifest, findings } = await readDocument(input, options);
  const result = judge(manifest, [...advisories], { vex });
  const judged = judgedAudit(result.findings, file, opened);
  const { words } = ageOf(result.advisories.newest, new Date(options.now ?? Date.now()));
  return {
    exitCode: auditCode({ ...result, judged, failOn }),
    findings: [...findings, ...judged.findings, ...judged.told],
    formats: AUDIT_FORMATS,
    result,
    render: async (format, { paint } = {}) => renderAudit(format, { file, answer: result, judged, age: words, paint }),
  };
}

/** Findings of an audit, those that are waived marked, in the order of the audit; and what there is to say of the waivers. */
export interface JudgedAudit {
  readonly findings: readonly Finding[];
  readonly told: readonly Finding[];
}

/** A waiver names a vulnerability by any of its ids. */
export function judgedAudit(found: readonly AuditFinding[], file: string, waivers: Waivers): JudgedAudit {
  const findings = found.map((each): Finding => {
    const finding = asFinding(each);
    for (const id of new Set([each.id, ...each.ids])) {
      const { waived } = waivers.judged({ ...finding, id }, file);
      if (waived !== undefined) return { ...finding, waived };
    }
    return finding;
  });
  return { findings, told: waivers.told() };
}

const asFinding = ({ id, package: of, severity, summary, fix, reachability }: AuditFinding): Finding => ({
  id,
  severity: severity === 'none' ? 'info' : severity === 'unknown' ? 'high' : severity,
  message: `${of.name} ${of.version}: ${summary ?? id}; ${reachability.status}: ${reachability.reason}`,
  ...(fix === undefined ? {} : { fix: `Update to ${fix}.` }),
  pointer: of.components[0] === undefined ? `/environments/${of.environments[0] ?? ''}` : `/components/${of.components[0]}`,
});

interface ShownAudit {
  readonly file: string;
  readonly answer: AuditReport;
  readonly judged: JudgedAudit;
  readonly age: string;
  readonly paint: Paint | undefined;
}

export async function renderAudit(format: AuditFormat, { file, answer, judged, age, paint }: ShownAudit): Promise<Printable> {
  const { findings, told } = judged;
  const counted = answer.findings.filter((_, i) => findings[i]?.waived === undefined);
  if (format === 'text') {
    const lines = [
      ...findings.flatMap((each): readonly Line[] => (each.waived === undefined ? [] : [waivedLine(each, file)])),
      ...told.map(({ message }): Line => [['yellow', 'waivers'], `  ${message}`]),
    ];
    return ownText(printLines(lines, paint) + auditAsText({ ...answer, findings: counted }, age, paint)); // each of them is printable
  }
  if (format !== 'json') return renderFindings(format, [{ file, valid: counted.length === 0, findings: [...findings, ...told] }]);
  const marked = answer.findings.map((each, i) => ({ ...each, ...optional('waived', findings[i]?.waived) }));
  return printableJson({ version: 1, file, ...answer, findings: marked, ...(told.length === 0 ? {} : { waivers: told }) });
}

const RANK: Readonly<Record<AuditFinding['severity'], number>> = { none: 0, low: 1, medium: 2, high: 3, unknown: 3, critical: 4 };

/** What counts from a severity on is a negative answer; what could not be evaluated is no success. */
export function auditCode({
  findings,
  judged,
  failOn,
  unevaluated,
  evaluated,
}: Pick<AuditResult, 'findings' | 'unevaluated' | 'evaluated'> & {
  readonly judged: JudgedAudit;
  readonly failOn: AuditFailOn;
}): AnswerCode {
  const threshold = AUDIT_FAIL_ON.indexOf(failOn) + 1;
  if (findings.some(({ severity }, i) => judged.findings[i]?.waived === undefined && RANK[severity] >= threshold)) return 1;
  return unevaluated.length > 0 || evaluated === 0 ? 2 : 0;
}

/** How `msbom audit` answers: as text, JSON or SARIF, and by its exit code. */
import { type AuditFinding, type AuditResult, auditAsText, type Fix, type Health, type KnownFinding } from '../audit/index.js';
import { escaped, printableJson } from '../core/printable.js';
import { asSarif } from '../report/index.js';
import type { Arguments } from './command.js';
import { EXIT, type ExitCode, type Session } from './io.js';
import { paintFor } from './printer.js';

export const AUDIT_FORMATS = ['text', 'json', 'sarif'] as const;
export const FAIL_ON = ['low', 'medium', 'high', 'critical', 'never'] as const;

export interface AuditAnswer extends AuditResult {
  readonly fixes: readonly Fix[];
  readonly health: readonly Health[];
  readonly known: readonly KnownFinding[];
}

export function writeAnswer(given: string, answer: AuditAnswer, age: string, args: Arguments, io: Session): void {
  const format = args.text('format') as (typeof AUDIT_FORMATS)[number]; // one of the choices
  if (format === 'text') io.stdout.write(auditAsText(answer, age, paintFor(io.stdout, io)));
  else if (format === 'json') io.stdout.write(printableJson({ version: 1, file: given, ...answer }));
  else io.stdout.write(asSarif([{ file: given, valid: answer.findings.length === 0, findings: answer.findings.map(asFinding) }]));
}

const asFinding = ({ id, package: of, severity, summary, fix, reachability }: AuditFinding) => ({
  id,
  severity: severity === 'none' ? ('info' as const) : severity === 'unknown' ? ('high' as const) : severity,
  message: escaped(`${of.name} ${of.version}: ${summary ?? id}; ${reachability.status}: ${reachability.reason}`),
  ...(fix === undefined ? {} : { fix: `Update to ${fix}.` }),
  pointer: of.components[0] === undefined ? `/environments/${of.environments[0] ?? ''}` : `/components/${of.components[0]}`,
});

const RANK: Readonly<Record<AuditFinding['severity'], number>> = { none: 0, low: 1, medium: 2, high: 3, unknown: 3, critical: 4 };

export function exitFor(args: Arguments, { findings, unevaluated, evaluated, health, known }: AuditAnswer): ExitCode {
  const threshold = FAIL_ON.indexOf(args.text('fail-on') as (typeof FAIL_ON)[number]) + 1; // one of the choices
  if (findings.some(({ severity }) => RANK[severity] >= threshold)) return EXIT.negative;
  if (known.length > 0 || health.some(({ raised }) => raised.length > 0)) return EXIT.negative;
  if (args.flag('accept-unevaluated')) return EXIT.clean;
  const isOpen = unevaluated.length > 0 || evaluated === 0 || health.some(({ unknown }) => unknown.length > 0);
  return isOpen ? EXIT.unanswered : EXIT.clean;
}

/** The exit code of `msbom audit`, which also looks at flags of health and reports of models. */
import type { AuditResult, Fix, Health, KnownFinding } from '../audit/index.js';
import { type AuditFailOn, auditCode, type JudgedAudit } from '../verbs/audit.js';
import type { Arguments } from './command.js';
import { EXIT, type ExitCode } from './io.js';

export interface AuditAnswer extends AuditResult {
  readonly fixes: readonly Fix[];
  readonly health: readonly Health[];
  readonly known: readonly KnownFinding[];
}

export function exitFor(args: Arguments, answer: AuditAnswer, judged: JudgedAudit): ExitCode {
  const { known, health } = answer;
  const code = auditCode({ ...answer, judged, failOn: args.text('fail-on') as AuditFailOn }); // one of the choices
  if (code === EXIT.negative || known.length > 0 || health.some(({ raised }) => raised.length > 0)) return EXIT.negative;
  if (args.flag('accept-unevaluated')) return EXIT.clean;
  return health.some(({ unknown }) => unknown.length > 0) ? EXIT.unanswered : code;
}

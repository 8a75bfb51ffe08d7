import type { Finding, Severity } from '../core/finding.js';
import type { Manifest } from '../schema/index.js';
import type { ManifestIndex } from './manifest-index.js';

/** What is fixed about a rule; its page is docs/rules/<id>.md. */
export interface RuleMeta {
  /** File, page, test and SARIF rule id. */
  readonly id: string;
  /** `high` and `critical`: a MUST of the specification. The rest is advice. */
  readonly severity: Severity;
  /** One sentence. */
  readonly title: string;
  /** What to do about it. */
  readonly fix: string;
}

/** Says that a rule is broken at a pointer. `severity` may be lower or higher than the rule's own where the case differs. */
export type Report = (pointer: string, message: string, options?: { readonly severity?: Severity; readonly fix?: string }) => void;

export interface Rule {
  readonly meta: RuleMeta;
  /** Looks at a manifest that meets the schema. */
  readonly check: (manifest: Manifest, report: Report, index: ManifestIndex) => void;
}

/** Types a rule; the identity function. */
export function defineRule(rule: Rule): Rule {
  return rule;
}

/** A report function that adds to a list. */
export function reporter(meta: RuleMeta, findings: Finding[], file: string | undefined): Report {
  return (pointer, message, options = {}) => {
    findings.push({
      id: meta.id,
      severity: options.severity ?? meta.severity,
      message,
      fix: options.fix ?? meta.fix,
      pointer,
      ...(file === undefined ? {} : { file }),
    });
  };
}

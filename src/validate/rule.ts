import type { Finding, Severity } from '../core/finding.js';
import type { Manifest } from '../schema/index.js';
import type { ManifestIndex } from './manifest-index.js';

/** What is fixed about a rule; its page is docs/rules/<id>.md. */
export interface RuleMeta {
  /** File, page, test and SARIF rule id. */
  readonly id: string;
  /** Number of the clause of the specification that says it. */
  readonly clause: string;
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

/** More findings of one rule than this help nobody and cost a hostile document's reader dearly. */
const MAX_FINDINGS = 1000;

/** A report function that adds to a list. */
export function reporter(meta: RuleMeta, findings: Finding[], file: string | undefined): Report {
  let count = 0;
  return (pointer, message, options = {}) => {
    if (++count > MAX_FINDINGS + 1) return;
    const last = count > MAX_FINDINGS;
    findings.push({
      id: meta.id,
      severity: options.severity ?? meta.severity,
      message: last ? `there are more than ${MAX_FINDINGS} findings of this kind; the others are not listed` : message,
      fix: last ? 'Correct what is listed, then check again.' : (options.fix ?? meta.fix),
      pointer: last ? '' : pointer,
      ...(file === undefined ? {} : { file }),
    });
  };
}

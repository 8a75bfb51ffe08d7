/** A rule of the scanner, as data: what its id stands for. */
import type { Severity } from '../core/finding.js';

export interface ScanRule {
  /** Stable; the page is docs/scan-rules/<id>.md. */
  readonly id: string;
  /** The severity that a finding of the rule has unless it says otherwise. */
  readonly severity: Severity;
  /** What a finding of the rule makes of the file unless it says otherwise. */
  readonly verdict: 'malicious' | 'suspicious' | 'note';
  readonly title: string;
  /** CWE, CVE, GHSA, MITRE ATLAS ids. */
  readonly references: readonly string[];
  /** What to do, in one sentence without a full stop. */
  readonly fix: string;
}

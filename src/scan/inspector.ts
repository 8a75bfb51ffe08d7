/** What an inspector is: one format of files, looked at without loading it. */
import type { ByteSource } from '../core/byte-source.js';
import type { Severity } from '../core/finding.js';
import type { Budget } from './budget.js';
import type { ScanSettings } from './settings.js';

export type { Severity } from '../core/finding.js';

/** Something that loading the file would do, or that keeps the scanner from knowing it. */
export type Finding = {
  /** Id of a rule in `rules`; it has a page in docs/scan-rules. */
  rule: string;
  severity: Severity;
  /** What this finding alone makes of the file. */
  verdict: 'malicious' | 'suspicious' | 'note';
  /** What was seen, in one sentence without a full stop. */
  message: string;
  /** Path of the member inside the file, levels joined by `!`. */
  member?: string;
  /** Bytes from the start of the stream that the inspector was given. */
  offset?: number;
  /** Decoded evidence: imports, calls, names, texts. Plain JSON. */
  seen?: Record<string, unknown>;
  /** CWE, CVE, GHSA, ATLAS ids beyond those of the rule. */
  references?: string[];
};

/** A range of bytes and what is known of it; `to` is behind its last byte. */
export type Span = { from: number; to: number; as: 'parsed' | 'data' | 'skipped'; why?: string };

/** What one inspector says about one stream of bytes. */
export type Inspection = {
  format: string;
  findings: Finding[];
  /** `complete`: every byte of the format was parsed, or is data that no loader acts on. */
  status: 'complete' | 'incomplete' | 'error';
  spans: Span[];
  nested?: Nested[];
  /** The bytes could not be read in order: they are searched for calls that are known to be dangerous. */
  search?: boolean;
  /** Ranges in which the format may carry other files and texts: all but large tensors, of which their first bytes. */
  carries?: (readonly [from: number, to: number])[];
  /** Why the status is not `complete`, as phrases. */
  notInspected?: string[];
  /** More that programs may want: imports, whether a restricted loader would take it. Plain JSON. */
  facts?: Record<string, unknown>;
};

/**
 * A stream inside another one, which is scanned like a file of its own. `open` gives a source that is costly to make, when its
 * turn comes; `source` then only has the name. With `raw` the bytes are data by the rules of their container: nothing is said
 * when no inspector knows them. `covers` are the bytes of the outer file that it was decoded from.
 */
export type Nested = {
  member: string;
  source: ByteSource;
  open?: () => Promise<ByteSource>;
  raw?: boolean;
  covers?: readonly [from: number, to: number];
};

export type Inspector = {
  format: string;
  /** Other data may begin like the format: without any span, an inspection says that it is something else. */
  weak?: boolean;
  /** Other formats are made of it: it is only told when nothing else knows the bytes. */
  soft?: boolean;
  /**
   * Can these bytes be of the format? By content; `name` only for formats that have no magic, and never to say no. `tail` are
   * the last bytes, for formats that are read from their end.
   */
  matches(head: Uint8Array, name: string, size: number, tail?: Uint8Array): boolean;
  /** @throws ERR_FORMAT_*, ERR_LIMIT_* (both become an incomplete status), ERR_IO_* */
  inspect(source: ByteSource, ctx: ScanContext): Promise<Inspection>;
};

export type ScanContext = {
  path: string;
  member?: string;
  /** Format of the container that the stream lies in. */
  within?: string;
  depth: number;
  budget: Budget;
  settings: ScanSettings;
};

/** What a scan may cost and what its user knows to be harmless. */

export interface ScanLimits {
  /** Opcodes of pickles in one file, all members and streams together. */
  readonly opcodes: number;
  /** Values on one stack, and entries of one memo. */
  readonly stack: number;
  /** Bytes that decompressing and decoding may make of one file. */
  readonly decodedBytes: number;
  /** Bytes read from one file. */
  readonly readBytes: number;
  /** Archives in archives. */
  readonly depth: number;
  /** Pickles, one behind the other, in one stream. */
  readonly streams: number;
  /** Members of archives in one file. */
  readonly members: number;
  /** Bytes of one header, text or code that is held in memory. */
  readonly textBytes: number;
  /** Findings kept for one file; the others are counted. */
  readonly findings: number;
  /** Milliseconds for one file. */
  readonly milliseconds: number;
}

const MiB = 1024 * 1024;

export const SCAN_LIMITS: ScanLimits = {
  opcodes: 50_000_000,
  stack: 10_000_000,
  decodedBytes: 4096 * MiB,
  readBytes: 16 * 1024 * MiB,
  depth: 4,
  streams: 10_000,
  members: 200_000,
  textBytes: 16 * MiB,
  findings: 500,
  milliseconds: 120_000,
};

export interface ScanSettings {
  readonly limits: ScanLimits;
  /** Names (`module.name`) that the user takes to be harmless. */
  readonly allow: ReadonlySet<string>;
}

export const DEFAULT_SETTINGS: ScanSettings = { limits: SCAN_LIMITS, allow: new Set() };

/** The defaults with some of them replaced. */
export function scanSettings(given: { readonly limits?: Partial<ScanLimits>; readonly allow?: Iterable<string> } = {}): ScanSettings {
  return { limits: { ...SCAN_LIMITS, ...given.limits }, allow: new Set(given.allow) };
}

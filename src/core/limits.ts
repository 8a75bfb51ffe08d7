/** Ceilings on what untrusted input may cost. Every reader and parser takes one of these. */
export interface Limits {
  /** Bytes of one JSON or YAML document held in memory. */
  readonly maxDocumentBytes: number;
  /** Values of one JSON or YAML document: each takes some hundred bytes of memory, whatever it takes in the file. */
  readonly maxValues: number;
  /** Nested arrays, objects or messages. */
  readonly maxDepth: number;
  /** Bytes read from one weight file to learn its header. */
  readonly maxReadBytes: number;
  /** Bytes of one header that is a single block (safetensors: 100,000,000 by its specification). */
  readonly maxHeaderBytes: number;
  /** Bytes of one string inside a binary header. */
  readonly maxStringBytes: number;
  /** Tensors, key-values, nodes or other items in one header. */
  readonly maxItems: number;
  /** Files in one directory tree. */
  readonly maxFiles: number;
}

const MiB = 1024 * 1024;

export const DEFAULT_LIMITS: Limits = {
  maxDocumentBytes: 128 * MiB,
  maxValues: 4_000_000,
  maxDepth: 200,
  maxReadBytes: 512 * MiB,
  maxHeaderBytes: 100_000_000,
  maxStringBytes: 16 * MiB,
  maxItems: 10_000_000,
  maxFiles: 1_000_000,
};

/** The defaults with some of them replaced. */
export function withLimits(limits: Partial<Limits> = {}): Limits {
  return { ...DEFAULT_LIMITS, ...limits };
}

/** Of one JSON file of metadata, of so many bytes at most: names that differ take some 500 bytes of memory each, lists some 100. */
export const metadataLimits = (
  maxDocumentBytes: number,
  { maxDepth, maxValues = DEFAULT_LIMITS.maxValues }: Pick<Limits, 'maxDepth'> & Partial<Pick<Limits, 'maxValues'>>,
) => ({
  maxDocumentBytes,
  maxDepth,
  maxValues: Math.min(maxValues, 2_500_000),
  maxMembers: 450_000,
});

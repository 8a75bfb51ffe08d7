import type { ByteSource } from '../core/byte-source.js';
import type { ModelFacts, TensorInfo } from '../core/facts.js';
import type { Limits } from '../core/limits.js';

/** Bytes from the start of a file that `sniff` gets. */
export const SNIFF_BYTES = 4096;

/**
 * Reads the header of one weight format. `H` is the parsed header in the format's own terms; `describe` turns it into
 * facts. Readers never execute anything and read no tensor data.
 */
export interface FormatReader<H = unknown> {
  /** Id, folder, page in docs/formats and test. */
  readonly id: string;
  /** The format's own name. */
  readonly title: string;
  /** Usual endings of file names, with the dot; a hint, never proof. */
  readonly extensions: readonly string[];
  /** Is this the format, judging by the first SNIFF_BYTES bytes? `name` may only break ties between formats without a magic number. */
  sniff(head: Uint8Array, name: string): boolean;
  /**
   * For formats that are zip archives: is this the format, judging by the names of the members? Such a reader's `sniff`
   * says no; the archive is listed once for all of them.
   */
  readonly claimsMembers?: (names: ReadonlySet<string>) => boolean;
  /**
   * The parsed header.
   * @throws ERR_FORMAT_* with file and offset, ERR_LIMIT_* when a ceiling is reached
   */
  read(source: ByteSource, limits: Limits): Promise<H>;
  describe(header: H): ModelFacts;
  /** Every tensor, in file order. */
  tensors(header: H): readonly TensorInfo[];
}

/** Types a reader; the identity function. */
export function defineReader<H>(reader: FormatReader<H>): FormatReader<H> {
  return reader;
}

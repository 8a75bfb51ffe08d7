/** What all converters take and give. */
import type { Finding } from '../core/finding.js';

export interface WriteOptions {
  /** Carry what the target cannot say, so that nothing is lost. Default false: native members and named properties only. */
  readonly lossless?: boolean;
  /** Find out what the target does not say, which takes longer than to write it. Default true; what is lossless needs it in any case. */
  readonly measure?: boolean;
  /** Name the manifest that the document was made from, with its digest. Default true; not for what came from a document. */
  readonly reference?: boolean;
}

export interface Conversion<D> {
  readonly document: D;
  /** What the target does not say natively: `conversion-carried` for what rides along, `conversion-loss` for what is lost. */
  readonly losses: readonly Finding[];
}

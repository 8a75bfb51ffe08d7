/** What a source says of one value, before the sources are joined. */
import type { JsonValue } from '../core/canonical-json.js';
import type { Evidence } from '../schema/index.js';

/** Where a value was read, and how much its source is trusted for it. */
export interface ClaimSource {
  readonly origin: Evidence['origin'];
  /** Reader, collector or rule by name. */
  readonly method: string;
  /** File among those described, when it came from one. */
  readonly path?: string;
  /** Other source: an option, a command, the directory's name. */
  readonly name?: string;
  /** The source's own key. */
  readonly key?: string;
  /** Among claims for one pointer the lowest wins; others that differ stay in the evidence as what their source said. */
  readonly rank: number;
}

/**
 * Says what one value is. Things stand under keys, so that a claim below the key of a thing that nobody has named yet adds that
 * thing: there is no other kind of contribution.
 */
export interface Claim {
  /** RFC 6901. Never into a list: the value is the list. */
  readonly pointer: string;
  readonly value: JsonValue;
  readonly from: ClaimSource;
}

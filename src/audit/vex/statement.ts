/** What somebody says of a vulnerability in a product, whatever standard it is said in. */
import type { VexJustification, VexStatus } from './words.js';

/** A package that a statement is about. */
export interface VexProduct {
  readonly ecosystem: string;
  /** As packages of the ecosystem are compared. */
  readonly name: string;
  /** Missing where all versions are meant. */
  readonly version?: string;
  /** Addresses of the product that it is a part of: what is said of a part there is not said of it elsewhere. */
  readonly within?: readonly string[];
}

export interface VexStatement {
  readonly vulnerability: string;
  /** Other names of it that the statement gives. */
  readonly aliases?: readonly string[];
  readonly products: readonly VexProduct[];
  readonly status: VexStatus;
  /** One of the words of OpenVEX, or why in the words of whoever says it. */
  readonly justification?: string;
  /** The word of the document, where that says more than the status and justification it was read as. */
  readonly said?: string;
  readonly author?: string;
  /** RFC 3339: when it was said. */
  readonly timestamp?: string;
  /** RFC 3339: it does not hold from then on. */
  readonly until?: string;
  /** Name of the document. */
  readonly document: string;
  /** Who is proven to have signed the document. */
  readonly signer?: string;
}

/** Why a statement does not take a finding out although it says so. */
export type Disregard = 'unsigned' | 'expired' | 'undated';

/** What a statement has to meet to take a finding out. */
export interface VexPolicy {
  readonly requireSigned?: boolean;
  /** RFC 3339: the present. */
  readonly now?: string;
  /** A statement holds for so many days. */
  readonly maxAgeDays?: number;
}

const DAY = 86_400_000;

/** The time from which a statement does not hold, in milliseconds since 1970; undefined where it holds without end. */
export function endOf({ until, timestamp }: VexStatement, maxAgeDays: number | undefined): number | undefined {
  const ends = [
    ...(until === undefined ? [] : [Date.parse(until)]),
    ...(maxAgeDays === undefined || timestamp === undefined ? [] : [Date.parse(timestamp) + maxAgeDays * DAY]),
  ].filter((time) => !Number.isNaN(time));
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** Undefined where the statement counts. */
export function disregardOf(statement: VexStatement, { requireSigned = false, now, maxAgeDays }: VexPolicy): Disregard | undefined {
  if (requireSigned && statement.signer === undefined) return 'unsigned';
  const present = now === undefined ? Number.NaN : Date.parse(now);
  if (maxAgeDays !== undefined && Number.isNaN(Date.parse(statement.timestamp ?? ''))) return 'undated';
  // A time that nobody can read is no permission to go on for ever.
  if (statement.until !== undefined && Number.isNaN(Date.parse(statement.until))) return 'undated';
  const end = endOf(statement, maxAgeDays);
  return end !== undefined && present >= end ? 'expired' : undefined;
}

export const isJustified = (status: VexStatus, justification: string | VexJustification | undefined): boolean =>
  status !== 'not_affected' || justification !== undefined;

/** Asking profiles of a document. */
import type { Manifest } from '../schema/index.js';
import { exportsFor } from './exports.js';
import { type Answer, judge, STATUSES, type Status } from './judge.js';
import type { Profile } from './profile.js';
import type { DocumentSignature } from './special.js';
import type { Recomputed } from './vouched.js';

export interface ComplyOptions {
  /** What the files say of values of the document, by pointer; nothing where no files were looked at. */
  readonly recomputed?: ReadonlyMap<string, Recomputed>;
  /** Whether somebody who is trusted has signed the document; missing when it was not verified. */
  readonly signature?: DocumentSignature;
}

/** What a profile is called in a report. */
export type ProfileHead = Omit<Profile, 'requirements'> & {
  readonly counts: Readonly<Record<Status, number>>;
  /** Requirements of which nobody has checked the reading against the instrument. */
  readonly unverified: number;
};

export interface Report {
  readonly profiles: readonly ProfileHead[];
  readonly counts: Readonly<Record<Status, number>>;
  /** What nothing in this report is about. */
  readonly notExamined: readonly string[];
  readonly requirements: readonly Answer[];
}

/**
 * Which of the things that profiles ask for are in a document, and what vouches for them. A report says what was found, never that a law
 * is kept.
 *
 * @param manifest meets the schema; what does not is answered by what it lacks
 */
export async function comply(manifest: Manifest, profiles: readonly Profile[], options: ComplyOptions = {}): Promise<Report> {
  const { recomputed = new Map<string, Recomputed>(), signature } = options;
  const exports = await exportsFor(manifest, profiles);
  const requirements = judge(manifest, profiles, { exports, signature, recomputed });
  return {
    profiles: profiles.map(({ requirements: asked, ...head }) => ({
      ...head,
      counts: countsOf(requirements.filter(({ profile }) => profile === head.id)),
      unverified: asked.filter(({ reading }) => reading === 'memory').length,
    })),
    counts: countsOf(requirements),
    notExamined: [
      'whether what the document says is true, beyond what is marked as recomputed',
      'whether an instrument applies to anybody, and whether its duties are kept: a report shows which elements are there',
      ...(options.recomputed === undefined ? ['the files of the model: give --files to recompute what they say'] : []),
      ...(signature === undefined ? ['the signature of the document: give --signature and whom to trust'] : []),
    ],
    requirements,
  };
}

const countsOf = (answers: readonly Answer[]): Readonly<Record<Status, number>> =>
  // All statuses are there, by the list.
  Object.fromEntries(STATUSES.map((status) => [status, answers.filter((each) => each.status === status).length])) as Record<Status, number>;

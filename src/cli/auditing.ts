/** What `msbom audit` reads: the document or the directory, and the advisories that are about its packages. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Advisory, type AuditResult, audit, keeperFor, type VexStatement } from '../audit/index.js';
import { collectDirectory } from '../node.js';
import type { Manifest } from '../schema/index.js';
import { advisoriesFrom } from './advisories.js';
import type { Arguments } from './command.js';
import { openAsked } from './complying.js';
import type { Session } from './io.js';
import { nowFrom } from './values.js';

/** The document, or what the collector makes of a directory. @throws ERR_IO_*, ERR_MANIFEST_INVALID, ERR_CONVERT_INPUT, ERR_COLLECT_* */
export async function openAudited(given: string, args: Arguments, io: Session): Promise<Manifest> {
  const path = resolve(io.cwd, given);
  const isDirectory =
    given !== '-' &&
    (await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    ));
  return isDirectory ? (await collectDirectory(path, { now: nowFrom(io) })).manifest : (await openAsked(given, args, io)).manifest;
}

/** Reads the advisories and judges. Files that are no records are told as not evaluated. */
export async function auditedWith(manifest: Manifest, args: Arguments, io: Session, vex: readonly VexStatement[]): Promise<AuditResult> {
  const keep = keeperFor(manifest);
  const kept: Advisory[] = [];
  const unread: { what: string; why: string }[] = [];
  for await (const read of advisoriesFrom(args.texts('advisories'), io)) {
    if ('advisory' in read) kept.push(keep(read.advisory));
    else unread.push({ what: `the advisory ${read.file}`, why: read.why });
  }
  const result = audit(manifest, kept, { vex });
  return unread.length === 0 ? result : { ...result, unevaluated: [...result.unevaluated, ...unread] };
}

const DAY = 86_400_000;

/** How old advisories are, in whole days and in words. */
export function ageOf(newest: string | undefined, now: Date): { readonly days?: number; readonly words: string } {
  const time = newest === undefined ? Number.NaN : Date.parse(newest);
  if (newest === undefined || Number.isNaN(time)) return { words: 'of unknown age' };
  const days = Math.max(0, Math.floor((now.getTime() - time) / DAY));
  return { days, words: `the latest of ${newest.slice(0, 10)}, ${days} days ago` };
}

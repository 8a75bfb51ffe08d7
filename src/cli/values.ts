import { MsbomError } from '../core/error.js';
import { globPattern } from '../core/glob.js';
import type { Arguments } from './command.js';
import type { Io } from './io.js';

/** The time of the document: SOURCE_DATE_EPOCH (https://reproducible-builds.org) or the present. */
export function nowFrom(io: Io): Date {
  const epoch = io.env.SOURCE_DATE_EPOCH;
  if (epoch === undefined || epoch === '') return new Date(Math.floor(Date.now() / 1000) * 1000);
  if (!/^\d{1,12}$/.test(epoch))
    throw new MsbomError('ERR_CLI_USAGE', 'SOURCE_DATE_EPOCH is not a number of seconds', {
      hint: 'set it to seconds since 1970, or unset it',
    });
  return new Date(Number(epoch) * 1000);
}

/** That time as documents state it: in UTC, to the second. */
export const timestampFrom = (io: Io): string => nowFrom(io).toISOString().replace('.000Z', 'Z');

/** A whole number from 1. */
export function numberFrom(args: Arguments, name: string): number | undefined {
  const text = args.text(name);
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new MsbomError('ERR_CLI_USAGE', `\`--${name}\` cannot be \`${text}\``, { hint: 'give a whole number from 1' });
  return Number(text);
}

/** A test for paths from globs: `*` and `?` stay in a directory, `**` crosses them, a directory means all that is in it. */
export function excluder(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map(globPattern);
  return (path) => patterns.some((pattern) => pattern.test(path));
}

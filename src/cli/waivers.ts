/** The file of waivers that a verb goes by. */
import type { Arguments, Options } from './command.js';
import { findConfig } from './config.js';
import type { Session } from './io.js';

/** Of verbs that look at documents. */
export const WAIVER_OPTIONS: Options = {
  waivers: {
    type: 'string',
    value: 'FILE',
    help: 'findings to live with, each with a reason, an author and a last day, in YAML or JSON; default `waivers` of the nearest .msbom.yaml or .msbom.json, from the working directory upwards',
  },
};

/** Of verbs that look at files of others: nothing counts that is not named. */
export const NAMED_WAIVER_OPTIONS: Options = {
  waivers: {
    type: 'string',
    value: 'FILE',
    help: 'findings to live with, each with a reason, an author and a last day, in YAML or JSON',
  },
};

/** What is named, or else what the project has; never what lies in what is described. @throws ERR_CLI_USAGE, ERR_IO_*, ERR_JSON_* */
export async function waiversFrom(args: Arguments, io: Session, described?: string): Promise<string | undefined> {
  const named = args.text('waivers');
  if (named !== undefined) return named;
  const found = await findConfig(args, io, described);
  return found?.config.waivers === undefined ? undefined : found.path;
}

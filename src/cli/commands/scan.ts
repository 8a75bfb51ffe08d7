import { optional } from '../../core/objects.js';
import { SCAN_FORMATS, type ScanFormat, scan } from '../../verbs/scan.js';
import { type Command, FAIL_ON_OPTION } from '../command.js';
import { failOnOf, paintFor, reportError } from '../printer.js';
import { SUMMARIES } from '../summaries.js';
import { nowFrom } from '../values.js';
import { NAMED_WAIVER_OPTIONS } from '../waivers.js';

export const command: Command = {
  name: 'scan',
  summary: SUMMARIES.scan,
  usage: 'msbom scan PATH… [OPTIONS]',
  description:
    'Reads the bytes of files, and of what lies in them, and tells of everything that loading would import, call or unpack. Nothing is run, imported, unpacked to disk or fetched. Of a directory every file is scanned; `-` reads standard input. A file is clean only when all of it was looked at and nothing was found; the content decides what a file is, never its name.',
  minPositionals: 1,
  maxPositionals: 100_000,
  options: {
    format: { type: 'string', short: 'f', value: 'FORMAT', choices: SCAN_FORMATS, default: 'text', help: 'how findings are written' },
    ...FAIL_ON_OPTION('low'),
    'allow-incomplete': { type: 'boolean', help: 'exit 0 also when files could not be looked at as a whole' },
    baseline: {
      type: 'string',
      value: 'FILE',
      help: 'an earlier result of --format json: findings that stand in it are shown, and do not count for the exit code',
    },
    ...NAMED_WAIVER_OPTIONS,
    allow: { type: 'string', value: 'NAME', multiple: true, help: 'a name (`module.name`) that you know to be harmless in pickles' },
  },
  examples: [
    ['msbom scan model.pt', 'one file'],
    ['msbom scan ./my-model --format json', 'every file of a directory, for programs'],
    ['msbom scan ./my-model --format sarif > scan.sarif', 'for code scanning'],
    ['msbom scan ./my-model --format markdown', 'for the summary of a job or a comment'],
    ['msbom scan . --baseline scan.json', 'only what is new since `msbom scan . --format json > scan.json` counts'],
    ['msbom scan model.pkl --allow my_package.nets.Net', 'with a class of your own'],
  ],
  exits: [
    'every file is clean, and all of it was looked at',
    'a file has a finding of the severity of --fail-on that makes it suspicious or malicious',
    'a file could not be read, or not all of it could be looked at, or a usage error',
  ],
  async run(args, io) {
    const result = await scan(args.positionals, {
      ...io,
      failOn: failOnOf(args),
      allowIncomplete: args.flag('allow-incomplete'),
      allow: args.texts('allow'),
      onUnreadable: (error) => reportError(error, io),
      now: nowFrom(io),
      ...optional('baseline', args.text('baseline')),
      ...optional('waivers', args.text('waivers')),
    });
    const format = args.text('format') as ScanFormat; // one of the choices
    io.stdout.write(await result.render(format, { paint: paintFor(io.stdout, io), quiet: args.flag('quiet') }));
    return result.exitCode;
  },
};

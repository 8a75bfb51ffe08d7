import { CONSUMERS, type Consumer } from '../../convert/consumers.js';
import { isBlocking } from '../../core/finding.js';
import { optional } from '../../core/objects.js';
import type { FileFindings } from '../../report/json.js';
import { FINDING_FORMATS, type FindingFormat } from '../../verbs/findings.js';
import { validateOne, validateResult } from '../../verbs/validate.js';
import { judgedFile, openWaivers, toldOf } from '../../verbs/waivers.js';
import { type Command, FAIL_ON_OPTION } from '../command.js';
import { EXIT } from '../io.js';
import { failOnOf, paintFor, reportError } from '../printer.js';
import { SUMMARIES } from '../summaries.js';
import { nowFrom } from '../values.js';
import { WAIVER_OPTIONS, waiversFrom } from '../waivers.js';

export const command: Command = {
  name: 'validate',
  summary: SUMMARIES.validate,
  usage: 'msbom validate FILE… [OPTIONS]',
  description:
    'Checks each document against its specification and the rules that a schema cannot say, and shows what is wrong, where, and what to do. The content says what it is: a manifest, CycloneDX 1.4 to 1.7 (JSON or XML), or SPDX 3.0.1 or 2.3 (JSON). `-` reads standard input.',
  minPositionals: 1,
  maxPositionals: 100_000,
  options: {
    format: { type: 'string', short: 'f', value: 'FORMAT', choices: FINDING_FORMATS, default: 'text', help: 'how findings are written' },
    for: {
      type: 'string',
      value: 'CONSUMER',
      choices: CONSUMERS,
      multiple: true,
      help: 'also say what a consumer of CycloneDX refuses, cuts or overlooks',
    },
    ...WAIVER_OPTIONS,
    ...FAIL_ON_OPTION('high'),
  },
  examples: [
    ['msbom validate my-model.msbom.json', 'check one manifest'],
    ['msbom collect . | msbom validate -', 'check what was just made'],
    ['msbom validate bom.json bom.xml --for dependency-track', 'check CycloneDX, and what Dependency-Track makes of it'],
    ['msbom validate models/*.msbom.json --format sarif > msbom.sarif', 'for code scanning'],
    ['msbom validate m.msbom.json --fail-on low', 'take advice as seriously as errors'],
  ],
  exits: [
    'every document is valid',
    'a document is not valid, or has a finding of the severity of --fail-on',
    'a file could not be read, or a usage error',
  ],
  async run(args, io) {
    const waivers = await openWaivers({ ...io, now: nowFrom(io), ...optional('waivers', await waiversFrom(args, io)) });
    const options = { ...io, failOn: failOnOf(args), for: args.texts('for') as readonly Consumer[] }; // choices
    const files: FileFindings[] = [];
    let unreadable = false;
    for (const file of args.positionals) {
      try {
        files.push(judgedFile(await validateOne(file, options), waivers));
      } catch (error) {
        unreadable = true;
        reportError(error, io);
      }
    }
    files.push(...toldOf(waivers));
    const shown = validateResult(args.flag('quiet') ? files.map(onlyBlocking) : files, options);
    const format = args.text('format') as FindingFormat; // one of the choices
    io.stdout.write(await shown.render(format, { paint: paintFor(io.stdout, io) }));
    return unreadable ? EXIT.unanswered : validateResult(files, options).exitCode;
  },
};

const onlyBlocking = (file: FileFindings): FileFindings => ({
  ...file,
  findings: file.findings.filter((finding) => isBlocking(finding) && finding.waived === undefined),
});

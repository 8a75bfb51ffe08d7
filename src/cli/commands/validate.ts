import { CONSUMERS, type Consumer } from '../../convert/consumers.js';
import { checkOpened, openDocument } from '../../convert/validate.js';
import { MsbomError } from '../../core/error.js';
import { findingOf, isBlocking } from '../../core/finding.js';
import { asGithub, asJson, asSarif, asText, type FileFindings } from '../../report/index.js';
import { validateText } from '../../validate/index.js';
import { type Command, FAIL_ON_OPTION } from '../command.js';
import { readInput } from '../input.js';
import { EXIT } from '../io.js';
import { exitFor, paintFor, reportError } from '../printer.js';

const FORMATS = ['text', 'json', 'sarif', 'github'] as const;

export const command: Command = {
  name: 'validate',
  summary: 'check manifests, CycloneDX and SPDX documents',
  usage: 'msbom validate FILE… [OPTIONS]',
  description:
    'Checks each document against its specification and the rules that a schema cannot say, and shows what is wrong, where, and what to do. The content says what it is: a manifest, CycloneDX 1.4 to 1.7 (JSON or XML), or SPDX 3.0.1 or 2.3 (JSON). `-` reads standard input.',
  minPositionals: 1,
  maxPositionals: 100_000,
  options: {
    format: { type: 'string', short: 'f', value: 'FORMAT', choices: FORMATS, default: 'text', help: 'how findings are written' },
    for: {
      type: 'string',
      value: 'CONSUMER',
      choices: CONSUMERS,
      multiple: true,
      help: 'also say what a consumer of CycloneDX refuses, cuts or overlooks',
    },
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
    const files: FileFindings[] = [];
    let unreadable = false;
    for (const file of args.positionals) {
      try {
        files.push(await check(file, await readInput(file, io), args.texts('for') as readonly Consumer[])); // choices
      } catch (error) {
        unreadable = reportError(error, io) === EXIT.unanswered || unreadable;
      }
    }
    const shown = args.flag('quiet') ? files.map(onlyBlocking) : files;
    const format = args.text('format') as (typeof FORMATS)[number]; // one of the choices
    io.stdout.write(format === 'text' ? asText(shown, paintFor(io.stdout, io)) : RENDERERS[format](shown));
    if (unreadable) return EXIT.unanswered;
    return exitFor(
      args,
      files.flatMap(({ findings }) => findings),
    );
  },
};

/** Checks a document by what it is. What cannot be read is a finding. */
async function check(file: string, bytes: Uint8Array, consumers: readonly Consumer[]): Promise<FileFindings> {
  try {
    const opened = await openDocument(bytes, { file });
    if (opened.kind.standard !== 'msbom') {
      const findings = await checkOpened(opened, { file, consumers });
      return { file, valid: !findings.some(isBlocking), findings };
    }
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    return { file, valid: false, findings: [findingOf(error)] };
  }
  const { valid, findings } = validateText(bytes, { file });
  const other = findings.find(({ id }) => id === 'manifest-version');
  // Of another specification nothing can be said.
  if (other !== undefined) throw new MsbomError('ERR_MANIFEST_VERSION', other.message, { file, hint: other.fix });
  return { file, valid, findings };
}

const RENDERERS = { json: asJson, sarif: asSarif, github: asGithub } as const;

const onlyBlocking = (file: FileFindings): FileFindings => ({ ...file, findings: file.findings.filter(isBlocking) });

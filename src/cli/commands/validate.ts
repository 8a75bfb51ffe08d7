import type { Finding } from '../../core/finding.js';
import { atLeast, type Severity } from '../../core/finding.js';
import { asGithub, asJson, asSarif, asText, type FileFindings } from '../../report/index.js';
import { validateText } from '../../validate/index.js';
import { type Command, FAIL_ON_OPTION } from '../command.js';
import { readInput } from '../input.js';
import { EXIT } from '../io.js';
import { exitFor, paintFor, reportError } from '../printer.js';

const FORMATS = ['text', 'json', 'sarif', 'github'] as const;

export const command: Command = {
  name: 'validate',
  summary: 'check manifests against the specification',
  usage: 'msbom validate FILE… [OPTIONS]',
  description:
    'Checks each manifest against the JSON Schema and the rules that a schema cannot say, and shows what is wrong, where, and what to do. `-` reads standard input.',
  minPositionals: 1,
  maxPositionals: 100_000,
  options: {
    format: { type: 'string', short: 'f', value: 'FORMAT', choices: FORMATS, default: 'text', help: 'how findings are written' },
    ...FAIL_ON_OPTION('high'),
  },
  examples: [
    ['msbom validate my-model.msbom.json', 'check one manifest'],
    ['msbom collect . | msbom validate -', 'check what was just made'],
    ['msbom validate models/*.msbom.json --format sarif > msbom.sarif', 'for code scanning'],
    ['msbom validate m.msbom.json --fail-on low', 'take advice as seriously as errors'],
  ],
  exits: [
    'every manifest is valid',
    'a manifest is not valid, or has a finding of the severity of --fail-on',
    'a file could not be read, or a usage error',
  ],
  async run(args, io) {
    const files: FileFindings[] = [];
    let unreadable = false;
    for (const file of args.positionals) {
      try {
        const { valid, findings } = validateText(await readInput(file, io), { file });
        files.push({ file, valid, findings });
      } catch (error) {
        unreadable = reportError(error, io) === EXIT.unanswered || unreadable;
      }
    }
    io.stdout.write(
      render(args.text('format') as (typeof FORMATS)[number], args.flag('quiet') ? files.map(onlyBlocking) : files, (f) =>
        asText(f, paintFor(io.stdout, io)),
      ),
    ); // one of the choices
    if (unreadable) return EXIT.unanswered;
    return exitFor(
      args,
      files.flatMap(({ findings }) => findings),
    );
  },
};

const RENDERERS = { json: asJson, sarif: asSarif, github: asGithub } as const;

function render(
  format: (typeof FORMATS)[number],
  files: readonly FileFindings[],
  text: (files: readonly FileFindings[]) => string,
): string {
  return format === 'text' ? text(files) : RENDERERS[format](files);
}

function onlyBlocking(file: FileFindings): FileFindings {
  const isSerious = ({ severity }: Finding): boolean => atLeast(severity satisfies Severity, 'high');
  return { ...file, findings: file.findings.filter(isSerious) };
}

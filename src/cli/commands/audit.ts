import {
  type AuditFinding,
  type AuditResult,
  auditAsText,
  readOpenVex,
  toCycloneDXVex,
  toOpenVex,
  type VexStatement,
} from '../../audit/index.js';
import { MsbomError } from '../../core/error.js';
import { parseJson } from '../../core/json.js';
import { escaped, printableJson } from '../../core/printable.js';
import { uuidFrom } from '../../core/uuid.js';
import { asSarif } from '../../report/index.js';
import { ageOf, auditedWith, openAudited } from '../auditing.js';
import type { Arguments, Command } from '../command.js';
import { readInput } from '../input.js';
import { EXIT, type ExitCode, type Session } from '../io.js';
import { paintFor, sayAlways, writeText } from '../printer.js';
import { nowFrom, numberFrom, timestampFrom } from '../values.js';

const FORMATS = ['text', 'json', 'sarif'] as const;
const SEVERITIES = ['low', 'medium', 'high', 'critical', 'never'] as const;

export const command: Command = {
  name: 'audit',
  summary: 'look up known vulnerabilities of what a model stands on, offline',
  usage: 'msbom audit FILE|DIRECTORY --advisories PATH… [OPTIONS]',
  description:
    'Looks the packages of a manifest, of CycloneDX or SPDX, or of what is collected from a directory, up in advisories that you have: folders of OSV records in JSON or YAML, single records, or all.zip. Nothing is fetched. Names of the same vulnerability are one finding, withdrawn advisories are left out, and of each it is told whether the files of the model go through the code that it is about, as far as that is known. What could not be evaluated is told, and is no success.',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    advisories: { type: 'string', short: 'a', value: 'PATH', multiple: true, help: 'folder of OSV records, single record, or all.zip' },
    'max-age': { type: 'string', value: 'DAYS', help: 'the latest change of the advisories may be so old; older is no answer' },
    vex: {
      type: 'string',
      value: 'FILE',
      multiple: true,
      help: 'what somebody says of vulnerabilities, in OpenVEX: what does not affect or is fixed is listed apart',
    },
    'vex-out': { type: 'string', value: 'FILE', isOutput: true, help: 'write the findings as VEX, to be judged and signed' },
    'vex-format': { type: 'string', value: 'FORMAT', choices: ['openvex', 'cyclonedx'], default: 'openvex', help: 'of --vex-out' },
    format: { type: 'string', short: 'f', value: 'FORMAT', choices: FORMATS, default: 'text', help: 'how the answer is written' },
    'accept-unevaluated': { type: 'boolean', help: 'no finding is a success although something could not be evaluated' },
    'fail-on': {
      type: 'string',
      value: 'SEVERITY',
      choices: SEVERITIES,
      default: 'low',
      help: 'exit 1 from this severity on; what is not scored counts as high',
    },
  },
  examples: [
    ['msbom audit run.msbom.json --advisories ./osv/PyPI/all.zip', 'are there known vulnerabilities?'],
    ['msbom audit ./my-model -a ./advisories --max-age 7', 'of what a directory states, by advisories of this week'],
    ['msbom audit m.msbom.json -a ./advisories --vex-out m.openvex.json', 'a VEX document to judge and sign'],
    ['msbom audit m.msbom.json -a ./advisories --vex m.openvex.json', 'and with what was judged'],
  ],
  exits: [
    'everything was evaluated, and nothing is known from the severity of --fail-on on',
    'there are findings',
    'the document is not valid, something could not be evaluated, the advisories are too old, or a file could not be read',
  ],
  async run(args, io) {
    const [given = '-'] = args.positionals;
    if (args.texts('advisories').length === 0)
      throw new MsbomError('ERR_CLI_USAGE', '`msbom audit` needs --advisories', {
        hint: 'give a folder of OSV records or an all.zip of osv.dev; nothing is fetched',
      });
    const maxAge = numberFrom(args, 'max-age');
    const vex = (await Promise.all(args.texts('vex').map((file) => vexFrom(file, io)))).flat();
    const manifest = await openAudited(given, args, io);
    const result = await auditedWith(manifest, args, io, vex);
    const age = ageOf(result.advisories.newest, nowFrom(io));
    await writeVex(args, io, result);
    write(given, result, age.words, args, io);
    if (maxAge !== undefined && (age.days === undefined || age.days > maxAge)) {
      sayAlways(io, [['red', 'too old'], `  ${age.words}; --max-age allows ${maxAge} days`]);
      return EXIT.unanswered;
    }
    return exitFor(args, result);
  },
};

async function vexFrom(file: string, io: Session): Promise<readonly VexStatement[]> {
  const statements = readOpenVex(await jsonOf(file, io), file);
  if (statements === undefined)
    throw new MsbomError('ERR_CLI_USAGE', 'the file is no OpenVEX document', {
      file,
      hint: 'its @context begins with https://openvex.dev/ns',
    });
  return statements;
}

/** What cannot be read says nothing, neither for nor against. */
async function jsonOf(file: string, io: Session): Promise<unknown> {
  const bytes = await readInput(file, io);
  try {
    return parseJson(bytes, { file, inexactIntegers: 'round' });
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    throw new MsbomError('ERR_IO_READ', `the file is no JSON: ${error.message}`, {
      file,
      line: error.line,
      column: error.column,
      cause: error,
    });
  }
}

function write(given: string, result: AuditResult, age: string, args: Arguments, io: Session): void {
  const format = args.text('format') as (typeof FORMATS)[number]; // one of the choices
  if (format === 'text') io.stdout.write(auditAsText(result, age, paintFor(io.stdout, io)));
  else if (format === 'json') io.stdout.write(printableJson({ version: 1, file: given, ...result }));
  else io.stdout.write(asSarif([{ file: given, valid: result.findings.length === 0, findings: result.findings.map(asFinding) }]));
}

const asFinding = ({ id, package: of, severity, summary, fix, reachability }: AuditFinding) => ({
  id,
  severity: severity === 'none' ? ('info' as const) : severity === 'unknown' ? ('high' as const) : severity,
  message: escaped(`${of.name} ${of.version}: ${summary ?? id}; ${reachability.status}: ${reachability.reason}`),
  ...(fix === undefined ? {} : { fix: `Update to ${fix}.` }),
  pointer: `/components/${of.components[0] ?? ''}`,
});

async function writeVex(args: Arguments, io: Session, { findings, suppressed }: AuditResult): Promise<void> {
  const target = args.text('vex-out');
  if (target === undefined) return;
  const timestamp = timestampFrom(io);
  const all = [...findings, ...suppressed];
  const id = `urn:uuid:${uuidFrom(JSON.stringify([timestamp, all.map((each) => [each.id, each.package, each.vex])]))}`;
  const make = args.text('vex-format') === 'cyclonedx' ? toCycloneDXVex : toOpenVex;
  await writeText(target, io, `${JSON.stringify(make(all, { author: 'unsigned: to be judged by a person', timestamp, id }), null, 2)}\n`);
}

const RANK: Readonly<Record<AuditFinding['severity'], number>> = { none: 0, low: 1, medium: 2, high: 3, unknown: 3, critical: 4 };

function exitFor(args: Arguments, { findings, unevaluated, evaluated }: AuditResult): ExitCode {
  const threshold = SEVERITIES.indexOf(args.text('fail-on') as (typeof SEVERITIES)[number]) + 1; // one of the choices
  if (findings.some(({ severity }) => RANK[severity] >= threshold)) return EXIT.negative;
  if (args.flag('accept-unevaluated')) return EXIT.clean;
  return unevaluated.length > 0 || evaluated === 0 ? EXIT.unanswered : EXIT.clean;
}

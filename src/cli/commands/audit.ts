import { resolve } from 'node:path';
import { ageOf } from '../../audit/age.js';
import {
  type AuditResult,
  constraintsOf,
  type Fix,
  fixesFor,
  HEALTH_FLAGS,
  type Health,
  type HealthFlag,
  healthOf,
  type KnownFinding,
  knownFindings,
} from '../../audit/index.js';
import { MsbomError } from '../../core/error.js';
import { optional } from '../../core/objects.js';
import type { Manifest } from '../../schema/index.js';
import { AUDIT_FAIL_ON, AUDIT_FORMATS, type AuditFormat, judgedAudit, renderAudit } from '../../verbs/audit.js';
import { openWaivers } from '../../verbs/waivers.js';
import { type AuditAnswer, exitFor } from '../audit-answer.js';
import { writeAudited } from '../audit-manifest.js';
import { VEX_OPTIONS, vexFrom, writeVex } from '../audit-vex.js';
import { auditedWith, healthFrom, openAudited, reportsFrom } from '../auditing.js';
import type { Arguments, Command } from '../command.js';
import { EXIT, type Session } from '../io.js';
import { paintFor, sayAlways, writeText } from '../printer.js';
import { SUMMARIES } from '../summaries.js';
import { nowFrom, numberFrom } from '../values.js';
import { WAIVER_OPTIONS, waiversFrom } from '../waivers.js';

export const command: Command = {
  name: 'audit',
  summary: SUMMARIES.audit,
  usage: 'msbom audit FILE|DIRECTORY --advisories PATH… [OPTIONS]',
  description:
    'Looks the packages of a manifest, of CycloneDX or SPDX, or of what is collected from a directory, and the drivers, runtimes, kernels and images below them, up in advisories that you have: folders of records of OSV, the NVD or CSAF in JSON or YAML, single records, or all.zip. Nothing is fetched without --online. Names of the same vulnerability are one finding, withdrawn advisories are left out, and of each it is told whether the files of the model go through the code that it is about, as far as that is known, and what to update. What could not be evaluated is told, and is no success.',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    advisories: { type: 'string', short: 'a', value: 'PATH', multiple: true, help: 'folder of records, single record, or all.zip' },
    online: { type: 'boolean', help: 'ask osv.dev: names and versions of the packages leave the machine' },
    'max-age': { type: 'string', value: 'DAYS', help: 'the latest change of the advisories may be so old; older is no answer' },
    ...VEX_OPTIONS,
    'manifest-out': {
      type: 'string',
      value: 'FILE',
      isOutput: true,
      help: 'write the manifest with the findings as known vulnerabilities',
    },
    constraints: { type: 'string', value: 'FILE', isOutput: true, help: 'write the nearest safe versions as constraints for pip' },
    health: {
      type: 'string',
      value: 'FILE',
      multiple: true,
      help: 'snapshot of OpenSSF Scorecard, deps.dev or the criticality score, in JSON',
    },
    flag: { type: 'string', value: 'FLAG', multiple: true, choices: HEALTH_FLAGS, help: 'exit 1 for packages of which --health says this' },
    'model-reports': {
      type: 'string',
      value: 'FILE',
      multiple: true,
      help: 'reports of AVID or data of ATLAS: what is known of the model and its bases',
    },
    format: { type: 'string', short: 'f', value: 'FORMAT', choices: AUDIT_FORMATS, default: 'text', help: 'how the answer is written' },
    ...WAIVER_OPTIONS,
    'accept-unevaluated': { type: 'boolean', help: 'no finding is a success although something could not be evaluated' },
    'fail-on': {
      type: 'string',
      value: 'SEVERITY',
      choices: AUDIT_FAIL_ON,
      default: 'low',
      help: 'exit 1 from this severity on; what is not scored counts as high',
    },
  },
  examples: [
    ['msbom audit run.msbom.json --advisories ./osv/PyPI/all.zip', 'are there known vulnerabilities?'],
    ['msbom audit ./my-model -a ./advisories --max-age 7', 'of what a directory states, by advisories of this week'],
    ['msbom audit m.msbom.json -a ./advisories --vex-out m.openvex.json', 'a VEX document to judge and sign'],
    ['msbom audit m.msbom.json -a ./advisories --vex m.openvex.json', 'and with what was judged'],
    ['msbom audit m.msbom.json -a ./advisories --constraints fixed.txt', 'what to update, for `pip install -c fixed.txt`'],
    ['msbom audit m.msbom.json -a ./advisories --manifest-out m2.msbom.json', 'the findings in the manifest, for convert and comply'],
  ],
  exits: [
    'everything was evaluated, and nothing is known from the severity of --fail-on on',
    'there are findings, a flag holds, or a model is reported',
    'the document is not valid, something could not be evaluated, the advisories are too old, or a file or server could not be read',
  ],
  async run(args, io) {
    const [given = '-'] = args.positionals;
    if (!args.given('advisories') && !args.flag('online'))
      throw new MsbomError('ERR_CLI_USAGE', '`msbom audit` needs --advisories', {
        hint: 'give a folder of OSV records or an all.zip of osv.dev; or ask osv.dev itself with --online',
      });
    const maxAge = numberFrom(args, 'max-age');
    const vexDays = numberFrom(args, 'vex-max-age');
    const vex = await vexFrom(args, io);
    const named = await waiversFrom(args, io, resolve(io.cwd, given));
    const waivers = await openWaivers({ ...io, now: nowFrom(io), ...optional('waivers', named) });
    const manifest = await openAudited(given, args, io);
    const result = await auditedWith(manifest, args, io, {
      vex,
      requireSigned: args.flag('require-signed-vex'),
      now: nowFrom(io).toISOString(),
      ...(vexDays === undefined ? {} : { maxAgeDays: vexDays }),
    });
    const age = ageOf(result.advisories.newest, nowFrom(io));
    const answer = await answerFor(manifest, result, args, io);
    await writeOutputs(manifest, answer, args, io);
    const judged = judgedAudit(answer.findings, given, waivers);
    const format = args.text('format') as AuditFormat; // one of the choices
    io.stdout.write(await renderAudit(format, { file: given, answer, judged, age: age.words, paint: paintFor(io.stdout, io) }));
    if (maxAge !== undefined && (age.days === undefined || age.days > maxAge)) {
      sayAlways(io, [['red', 'too old'], `  ${age.words}; --max-age allows ${maxAge} days`]);
      return EXIT.unanswered;
    }
    return exitFor(args, answer, judged);
  },
};

async function answerFor(manifest: Manifest, result: AuditResult, args: Arguments, io: Session): Promise<AuditAnswer> {
  const fixes: readonly Fix[] = fixesFor(manifest, result);
  const flags = args.texts('flag') as readonly HealthFlag[]; // choices of the option
  if (flags.length > 0 && !args.given('health'))
    throw new MsbomError('ERR_CLI_USAGE', '--flag needs --health', {
      hint: 'nothing is known of who looks after a package without a snapshot',
    });
  const health: readonly Health[] = !args.given('health')
    ? []
    : healthOf(manifest, await healthFrom(args, io), { flags, now: nowFrom(io) });
  const known: readonly KnownFinding[] = knownFindings(manifest, await reportsFrom(args, io));
  return { ...result, fixes, health, known };
}

async function writeOutputs(manifest: Manifest, answer: AuditAnswer, args: Arguments, io: Session): Promise<void> {
  const all = [...answer.findings, ...answer.suppressed];
  await writeVex(args, io, manifest, all);
  await writeAudited(args, io, manifest, all);
  const constraints = args.text('constraints');
  if (constraints !== undefined) await writeText(constraints, io, constraintsOf(answer.fixes));
}

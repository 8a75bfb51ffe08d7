import {
  complyAsCycloneDX,
  complyAsHtml,
  complyAsJson,
  complyAsMarkdown,
  complyAsOscal,
  complyAsSarif,
  complyAsText,
  type Report,
} from '../../comply/index.js';
import { complyAsFindings } from '../../comply/report/findings.js';
import { optional } from '../../core/objects.js';
import type { Printable } from '../../core/printable.js';
import { asGithub } from '../../report/github.js';
import { isRefused, waivedReport } from '../../verbs/comply.js';
import { openWaivers } from '../../verbs/waivers.js';
import { ATTEST_OPTIONS, asksToAttest, attested } from '../attesting.js';
import { type Command, OUTPUT_OPTION } from '../command.js';
import { type AskedDocument, failOnFrom, openAsked, profilesFrom, reportFor, writeTodo } from '../complying.js';
import { EXIT } from '../io.js';
import { paintFor, say, sayFindings, writeText } from '../printer.js';
import { TRUST_OPTIONS } from '../signature-options.js';
import { SUMMARIES } from '../summaries.js';
import { nowFrom } from '../values.js';
import { WAIVER_OPTIONS, waiversFrom } from '../waivers.js';

const FORMATS = ['text', 'json', 'markdown', 'html', 'sarif', 'github', 'cyclonedx', 'oscal'] as const;

export const command: Command = {
  name: 'comply',
  summary: SUMMARIES.comply,
  usage: 'msbom comply FILE --profile PROFILE[,PROFILE…] [OPTIONS]',
  description:
    'Asks profiles of a document: a manifest, CycloneDX or SPDX, whoever made it. A profile is what an instrument asks for, requirement by requirement; 30 are built in, and a file of your own is one too. Each requirement is met (recomputed, evidenced or attested), met by declaration, not applicable, missing, failed, in need of review, or not examined. A report shows which elements are there. It does not say that a law is kept.',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    profile: {
      type: 'string',
      short: 'p',
      value: 'PROFILE',
      multiple: true,
      help: 'ids of built-in profiles, files that end in .json, or `all`, with commas between',
    },
    format: {
      type: 'string',
      short: 'f',
      value: 'FORMAT',
      choices: FORMATS,
      help: 'how the report is written; by the ending of -o, else text',
    },
    ...OUTPUT_OPTION,
    audience: {
      type: 'string',
      value: 'AUDIENCE',
      choices: ['public', 'downstream', 'authority'],
      help: 'ask only what is for this audience or for no one audience',
    },
    files: { type: 'string', value: 'DIR', help: 'the files of the model: what they say is computed again and compared' },
    signature: { type: 'string', value: 'FILE', help: 'signature of the document, which names it in /bom/signatures' },
    ...TRUST_OPTIONS,
    todo: {
      type: 'string',
      value: 'FILE',
      isOutput: true,
      help: 'write what is missing as an overlay to be filled in, for `msbom collect --overlay`; `-` is standard output',
    },
    ...ATTEST_OPTIONS,
    ...WAIVER_OPTIONS,
    'fail-on': {
      type: 'string',
      value: 'STATUS[:LEVEL]',
      multiple: true,
      help: 'exit 1 when a requirement of the level or above has the status; `never`; default: whatever leaves a MUST open',
    },
  },
  examples: [
    ['msbom comply m.msbom.json --profile g7-ai-2026', 'what does the G7 guideline ask for, and what is there?'],
    ['msbom comply m.msbom.json -p eu-aia-gpai,bsi-tr-03183-2 -o report.html', 'one page, with values and evidence'],
    ['msbom comply bom.json -p cisa-2026 --fail-on missing:MUST', 'a document of another tool, in CI'],
    ['msbom comply m.msbom.json -p ./house-rules.json', 'your own profile'],
    ['msbom comply m.msbom.json -p all --format json', 'everything, for machines'],
    [
      'msbom comply m.msbom.json -p cisa-2026 --attest CISA-P4 --by acme --evidence review.pdf --attest-out m2.msbom.json',
      'say that a person has judged',
    ],
  ],
  exits: [
    'every MUST is met, met by declaration or not applicable, or whatever --fail-on asks for',
    'a requirement has a status of --fail-on',
    'the document is not valid, it or a profile could not be read, or a usage error',
  ],
  async run(args, io) {
    const [file = '-'] = args.positionals;
    const fails = failOnFrom(args);
    const profiles = await profilesFrom(args, io);
    const opened = await openAsked(file, args, io);
    const document = asksToAttest(args, profiles, opened.manifest)
      ? { ...opened, manifest: await attested(opened.manifest, args, io) }
      : opened;
    const waivers = await openWaivers({ ...io, now: nowFrom(io), ...optional('waivers', await waiversFrom(args, io)) });
    const report = waivedReport(await reportFor(document, profiles, args, io), file, waivers);
    await writeTodo(args, io, { document, profiles, report });
    const output = args.text('output') ?? '-';
    const format = args.text('format') ?? ENDINGS.find(([ending]) => output.endsWith(ending))?.[1] ?? 'text';
    const rendered = RENDER[format as (typeof FORMATS)[number]](report, document); // one of the choices
    if (output !== '-') await writeText(output, io, rendered);
    else io.stdout.write(format === 'text' ? complyAsText(report, paintFor(io.stdout, io)) : rendered);
    if (output !== '-') for (const line of [`${file}: ${sumOf(report)}`]) say(args, io, line);
    sayFindings(args, io, waivers.told(), file);
    return isRefused(report, fails) ? EXIT.negative : EXIT.clean;
  },
};

const ENDINGS: readonly (readonly [ending: string, format: (typeof FORMATS)[number]])[] = [
  ['.html', 'html'],
  ['.md', 'markdown'],
  ['.sarif', 'sarif'],
  ['.cdx.json', 'cyclonedx'],
  ['.oscal.json', 'oscal'],
  ['.sarif.json', 'sarif'],
  ['.json', 'json'],
];

const RENDER: Readonly<Record<(typeof FORMATS)[number], (report: Report, document: AskedDocument) => Printable>> = {
  text: (report) => complyAsText(report),
  json: (report, { file }) => complyAsJson(report, file),
  markdown: (report, { file }) => complyAsMarkdown(report, file),
  html: (report, { file, manifest }) => complyAsHtml(report, manifest, file),
  cyclonedx: (report, { manifest }) => complyAsCycloneDX(report, manifest),
  oscal: (report, { manifest }) => complyAsOscal(report, manifest),
  github: (report, { file }) => asGithub([{ file, valid: true, findings: complyAsFindings(report) }]),
  sarif: (report, { file, locate }) => complyAsSarif(report, file, { locate }),
};

const sumOf = ({ counts }: Report): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');

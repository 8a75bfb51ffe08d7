import { resolve } from 'node:path';
import { complyAsText } from '../../comply/index.js';
import { MsbomError } from '../../core/error.js';
import { type Printable, printableDocument, printableJson } from '../../core/printable.js';
import { VIEWS, type View } from '../../manifest/view.js';
import {
  BSI_TARGETS,
  bsiSbom,
  PAPER_KINDS,
  type Paper,
  paperAsCsv,
  paperAsDocx,
  paperAsHtml,
  paperAsMarkdown,
  paperOf,
} from '../../paper/index.js';
import { writeFileAtomic } from '../../platform/write.js';
import type { Manifest } from '../../schema/index.js';
import { type Arguments, type Command, OUTPUT_OPTION } from '../command.js';
import { readDocument } from '../document.js';
import { EXIT, type ExitCode, type Session } from '../io.js';
import { say, writePrintable } from '../printer.js';

const RENDER: Readonly<Record<string, (paper: Paper) => Printable>> = {
  markdown: paperAsMarkdown,
  html: paperAsHtml,
  csv: paperAsCsv,
  json: (paper) => printableJson({ version: 1, ...paper }),
};
const ENDINGS: readonly (readonly [ending: string, format: string])[] = [
  ['.html', 'html'],
  ['.docx', 'docx'],
  ['.csv', 'csv'],
  ['.json', 'json'],
];
const BSI = 'bsi-sbom';

export const command: Command = {
  name: 'paper',
  summary: 'write the papers that laws and guidelines ask for, from one document',
  usage: 'msbom paper KIND FILE [OPTIONS]',
  description: `Writes a paper from a manifest, or from CycloneDX or SPDX. KIND is one of ${[...PAPER_KINDS, BSI].join(', ')}. A paper states what the document states, each statement with a footnote to its evidence; what the document does not know is a marked gap. It is no legal advice. ${BSI} is a document of CycloneDX or SPDX without vulnerabilities, read again and checked by the profile bsi-tr-03183-2.`,
  minPositionals: 2,
  maxPositionals: 2,
  options: {
    format: {
      type: 'string',
      short: 'f',
      value: 'FORMAT',
      choices: ['markdown', 'html', 'docx', 'csv', 'json', ...BSI_TARGETS],
      help: `how it is written; by the ending of -o, else markdown; ${BSI} is a document of the last five, by default ${BSI_TARGETS[0]}`,
    },
    ...OUTPUT_OPTION,
    view: {
      type: 'string',
      value: 'AUDIENCE',
      choices: VIEWS,
      help: 'who reads it: values and items for others are left out; default whoever the instrument names',
    },
    'fail-on': {
      type: 'string',
      value: 'WHAT',
      choices: ['gaps', 'never'],
      help: `exit 1 when an item that is a MUST has a gap; default never, for ${BSI} gaps`,
    },
  },
  examples: [
    ['msbom paper training-summary m.msbom.json -o summary.html', 'the public summary of training content'],
    ['msbom paper model-documentation-form m.msbom.json --view downstream -o form.docx', 'as downstream providers may see it'],
    ['msbom paper annex-iv m.msbom.json --fail-on gaps', 'is something missing?'],
    ['msbom paper bsi-sbom m.msbom.json -o sbom.cdx.json', 'the SBOM of BSI TR-03183-2'],
    ['msbom paper dora-register m.msbom.json --format csv', 'cells of the register of information'],
  ],
  exits: [
    'the paper was written',
    'with --fail-on gaps, something that has to be there is not',
    'the document could not be read or is not valid, or a usage error',
  ],
  async run(args, io) {
    const [kind = '', file = '-'] = args.positionals;
    const format = formatFrom(args, kind);
    if (kind !== BSI && !PAPER_KINDS.includes(kind))
      throw new MsbomError('ERR_CLI_USAGE', `there is no paper \`${kind}\``, { hint: `give one of ${[...PAPER_KINDS, BSI].join(', ')}` });
    const { manifest } = await readDocument(file, args, io);
    return kind === BSI ? sbom(manifest, format, args, io) : paper(kind, { manifest, format }, args, io);
  },
};

/** @throws ERR_CLI_USAGE when the kind is not written so */
function formatFrom(args: Arguments, kind: string): string {
  const output = args.text('output') ?? '-';
  const isTarget = (format: string): boolean => (BSI_TARGETS as readonly string[]).includes(format);
  const byEnding = output.endsWith('.xml') ? 'cyclonedx-xml@1.6' : BSI_TARGETS[0];
  const format =
    args.text('format') ?? (kind === BSI ? byEnding : (ENDINGS.find(([ending]) => output.endsWith(ending))?.[1] ?? 'markdown'));
  if (isTarget(format) !== (kind === BSI))
    throw new MsbomError('ERR_CLI_USAGE', `${kind} is not written as ${format}`, {
      hint: kind === BSI ? `give one of ${BSI_TARGETS.join(', ')}` : 'give markdown, html, docx, csv or json',
    });
  if (format === 'docx' && output === '-')
    throw new MsbomError('ERR_CLI_USAGE', 'a file of a word processor is not for a terminal', { hint: 'name a file with -o' });
  return format;
}

async function paper(
  kind: string,
  { manifest, format }: { readonly manifest: Manifest; readonly format: string },
  args: Arguments,
  io: Session,
): Promise<ExitCode> {
  const made = await paperOf(kind, manifest, viewFrom(args));
  const output = args.text('output') ?? '-';
  if (format === 'docx') await writeFileAtomic(resolve(io.cwd, output), await paperAsDocx(made), { guard: io.guard });
  else await writePrintable(output, io, (RENDER[format] as (paper: Paper) => Printable)(made)); // one of the choices
  const { items, withGaps } = made.counts;
  say(args, io, `${kind} for ${made.view}: ${items} items, ${withGaps} with gaps`);
  const open = made.sections.some((section) => section.items.some(({ level, gaps }) => level === 'MUST' && gaps.length > 0));
  return open && args.text('fail-on') === 'gaps' ? EXIT.negative : EXIT.clean;
}

// The option takes views alone.
const viewFrom = (args: Arguments): View | undefined => args.text('view') as View | undefined;

const CLOSED: ReadonlySet<string> = new Set(['met', 'met-by-declaration', 'not-applicable']);

async function sbom(manifest: Manifest, format: string, args: Arguments, io: Session): Promise<ExitCode> {
  const { text, report } = await bsiSbom(manifest, format as (typeof BSI_TARGETS)[number], viewFrom(args)); // checked
  await writePrintable(args.text('output') ?? '-', io, printableDocument(text));
  if (!args.flag('quiet')) io.stderr.write(complyAsText(report));
  const open = report.requirements.some(({ level, status }) => level === 'MUST' && !CLOSED.has(status));
  return open && args.text('fail-on') !== 'never' ? EXIT.negative : EXIT.clean;
}

import { resolve } from 'node:path';
import { MsbomError } from '../../core/error.js';
import { optional } from '../../core/objects.js';
import { VIEWS, type View } from '../../manifest/view.js';
import { BSI_TARGETS } from '../../paper/index.js';
import { writeFileAtomic } from '../../platform/write.js';
import { PAPERS, type PaperFormat, paper, paperFormats } from '../../verbs/paper.js';
import { type Arguments, type Command, OUTPUT_OPTION } from '../command.js';
import { paintFor, sayFindings, writePrintable } from '../printer.js';
import { SUMMARIES } from '../summaries.js';
import { nowFrom } from '../values.js';

const ENDINGS: readonly (readonly [ending: string, format: string])[] = [
  ['.html', 'html'],
  ['.docx', 'docx'],
  ['.csv', 'csv'],
  ['.json', 'json'],
];
const BSI = 'bsi-sbom';

export const command: Command = {
  name: 'paper',
  summary: SUMMARIES.paper,
  usage: 'msbom paper KIND FILE [OPTIONS]',
  description: `Writes a paper from a manifest, or from CycloneDX or SPDX. KIND is one of ${PAPERS.join(', ')}. A paper states what the document states, each statement with a footnote to its evidence; what the document does not know is a marked gap. It is no legal advice. ${BSI} is a document of CycloneDX or SPDX without vulnerabilities, read again and checked by the profile bsi-tr-03183-2.`,
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
    const made = await paper(kind, file, {
      ...io,
      now: nowFrom(io),
      ...optional('view', args.text('view') as View | undefined), // one of the choices
      ...optional('failOn', args.text('fail-on') as 'gaps' | 'never' | undefined), // one of the choices
    });
    sayFindings(args, io, made.findings, file);
    const output = args.text('output') ?? '-';
    if (format === 'docx') await writeFileAtomic(resolve(io.cwd, output), await made.docx(), { guard: io.guard });
    else await writePrintable(output, io, await made.render(format));
    if (!args.flag('quiet')) io.stderr.write(await made.summary({ paint: paintFor(io.stderr, io) }));
    return made.exitCode;
  },
};

/** @throws ERR_CLI_USAGE when the kind is not written so */
function formatFrom(args: Arguments, kind: string): PaperFormat | 'docx' {
  const output = args.text('output') ?? '-';
  const byEnding = output.endsWith('.xml') ? 'cyclonedx-xml@1.6' : BSI_TARGETS[0];
  const format = (args.text('format') ??
    (kind === BSI ? byEnding : (ENDINGS.find(([ending]) => output.endsWith(ending))?.[1] ?? 'markdown'))) as PaperFormat | 'docx'; // one of the choices
  const formats: readonly string[] = [...paperFormats(kind), ...(kind === BSI ? [] : ['docx'])];
  if (PAPERS.includes(kind) && !formats.includes(format))
    throw new MsbomError('ERR_CLI_USAGE', `${kind} is not written as ${format}`, { hint: `give one of ${formats.join(', ')}` });
  if (format === 'docx' && output === '-')
    throw new MsbomError('ERR_CLI_USAGE', 'a file of a word processor is not for a terminal', { hint: 'name a file with -o' });
  return format;
}

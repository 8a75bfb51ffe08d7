import { MsbomError } from '../../core/error.js';
import { optional } from '../../core/objects.js';
import { ownText, type Printable } from '../../core/printable.js';
import { plain } from '../../report/index.js';
import { formatOfName } from '../../verbs/formats.js';
import { SHOW_FORMATS, type ShowFormat, show } from '../../verbs/show.js';
import { type Command, OUTPUT_OPTION } from '../command.js';
import { EXIT } from '../io.js';
import { paintFor, sayFindings, writePrintable } from '../printer.js';
import { SUMMARIES } from '../summaries.js';
import { nowFrom } from '../values.js';

export const command: Command = {
  name: 'show',
  summary: SUMMARIES.show,
  usage: 'msbom show FILE… [OPTIONS]',
  description:
    'Shows a manifest, or a document of CycloneDX or SPDX, on one screen: identity, licences, architecture, files, lineage, data, training, evaluations, software, what is unknown and what sources disagree about. As Markdown it is a model card, as HTML one page that needs no network. With --lineage it shows what a verification found of everything that the model was made from.',
  minPositionals: 1,
  maxPositionals: 1000,
  options: {
    ...OUTPUT_OPTION,
    format: {
      type: 'string',
      short: 'f',
      value: 'FORMAT',
      choices: SHOW_FORMATS,
      help: 'how it is shown; by the ending of -o, else text; `dot` and `mermaid` are graphs of the lineage',
    },
    lineage: {
      type: 'string',
      value: 'FILE',
      help: 'answer of `msbom verify --lineage --format json`: the state of each part is shown too',
    },
  },
  examples: [
    ['msbom show m.msbom.json', 'one screen'],
    ['msbom show bom.json -o card.md', 'a model card of any document'],
    ['msbom show m.msbom.json -o m.html', 'a page with search and the evidence of each value'],
    ['msbom show m.msbom.json --format mermaid', 'what the model came from'],
    ['msbom show m.msbom.json --lineage verdict.json -o m.html', 'and what of it a verification found'],
  ],
  exits: ['the documents were shown', 'not used', 'a document is not valid or could not be read, or a usage error'],
  async run(args, io) {
    const files = args.positionals;
    const output = args.text('output') ?? '-';
    const format = (args.text('format') ?? formatOf(output)) as ShowFormat; // one of the choices
    if (files.length > 1 && format !== 'text')
      throw new MsbomError('ERR_CLI_USAGE', `one document at a time is shown as ${format}`, {
        hint: 'name one file, or use --format text',
      });
    const lineage = args.text('lineage');
    if (lineage !== undefined && (files.length > 1 || format === 'dot' || format === 'mermaid'))
      throw new MsbomError('ERR_CLI_USAGE', '`--lineage` is about one document, as text, JSON, Markdown or HTML', {
        hint: 'a verified lineage is drawn by `msbom verify --lineage --format dot`',
      });
    const paint = output === '-' ? paintFor(io.stdout, io) : plain;
    const shown: Printable[] = [];
    for (const file of files) {
      const result = await show(file, { ...io, now: nowFrom(io), ...optional('lineage', lineage) });
      sayFindings(args, io, result.findings, file);
      shown.push(await result.render(format, { paint }));
    }
    await writePrintable(output, io, ownText(shown.join('\n'))); // each of them is printable
    return EXIT.clean;
  },
};

/** What the name of a file asks for. */
const formatOf = (name: string): string => {
  const named = formatOfName(name);
  return named === 'html' || named === 'markdown' ? named : 'text';
};

import { MsbomError } from '../../core/error.js';
import { ownText, type Printable, printableDocument, printableJson } from '../../core/printable.js';
import type { Paint } from '../../report/index.js';
import type { Manifest } from '../../schema/index.js';
import {
  lineageAsDot,
  lineageAsMermaid,
  lineageTree,
  type Page,
  pageAsHtml,
  pageAsMarkdown,
  pageAsText,
  pageOf,
  type TreeNode,
} from '../../show/index.js';
import { type Command, OUTPUT_OPTION } from '../command.js';
import { readDocument } from '../document.js';
import { EXIT } from '../io.js';
import { paintFor, writePrintable } from '../printer.js';

type Render = (page: Page, manifest: Manifest, file: string, paint: Paint | undefined) => Printable;

const RENDERERS: Readonly<Record<string, Render>> = {
  text: (page, _manifest, _file, paint) => pageAsText(page, paint),
  json: (page) => printableJson(page),
  markdown: (page, manifest) => pageAsMarkdown(page, manifest),
  html: (page, manifest) => printableDocument(pageAsHtml(page, manifest)),
  dot: (_page, manifest, file) => printableDocument(lineageAsDot(treeOf(manifest, file))),
  mermaid: (_page, manifest, file) => printableDocument(lineageAsMermaid(treeOf(manifest, file))),
};

export const command: Command = {
  name: 'show',
  summary: 'show what a document says, for people',
  usage: 'msbom show FILE… [OPTIONS]',
  description:
    'Shows a manifest, or a document of CycloneDX or SPDX, on one screen: identity, licences, architecture, files, lineage, data, training, evaluations, software, what is unknown and what sources disagree about. As Markdown it is a model card, as HTML one page that needs no network.',
  minPositionals: 1,
  maxPositionals: 1000,
  options: {
    ...OUTPUT_OPTION,
    format: {
      type: 'string',
      short: 'f',
      value: 'FORMAT',
      choices: Object.keys(RENDERERS),
      default: 'text',
      help: 'how it is shown; `dot` and `mermaid` are graphs of the lineage',
    },
  },
  examples: [
    ['msbom show m.msbom.json', 'one screen'],
    ['msbom show bom.json --format markdown -o README.md', 'a model card of any document'],
    ['msbom show m.msbom.json --format html -o m.html', 'a page with search and the evidence of each value'],
    ['msbom show m.msbom.json --format mermaid', 'what the model came from'],
  ],
  exits: ['the documents were shown', 'a document is not valid', 'a file could not be read, or a usage error'],
  async run(args, io) {
    const files = args.positionals;
    const format = args.text('format') ?? 'text';
    if (files.length > 1 && format !== 'text')
      throw new MsbomError('ERR_CLI_USAGE', `one document at a time is shown as ${format}`, {
        hint: 'name one file, or use --format text',
      });
    const render = RENDERERS[format] as Render; // one of the choices
    const paint = args.text('output') === '-' ? paintFor(io.stdout, io) : undefined;
    const shown: Printable[] = [];
    for (const file of files) {
      const { manifest } = await readDocument(file, args, io);
      shown.push(render(pageOf(manifest), manifest, file, paint));
    }
    await writePrintable(args.text('output') ?? '-', io, ownText(shown.join('\n'))); // each of them is printable
    return EXIT.clean;
  },
};

/** @throws ERR_MANIFEST_VALUE of a document that is about no model */
function treeOf(manifest: Manifest, file: string): TreeNode {
  const tree = lineageTree(manifest);
  if (tree === undefined)
    throw new MsbomError('ERR_MANIFEST_VALUE', 'the document is about no model, so there is no lineage to draw', {
      file,
      hint: 'use --format text, markdown or html',
    });
  return tree;
}

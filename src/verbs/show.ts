import { MsbomError } from '../core/error.js';
import { parseJson } from '../core/json.js';
import { type Printable, printableDocument, printableJson } from '../core/printable.js';
import type { Paint } from '../report/index.js';
import type { Manifest } from '../schema/index.js';
import {
  lineageAsDot,
  lineageAsMermaid,
  lineageTree,
  type Page,
  pageAsHtml,
  pageAsMarkdown,
  pageAsText,
  pageOf,
  type Section,
  type TreeNode,
  verifiedSection,
} from '../show/index.js';
import { bytesOf, type DocumentInput, readDocument } from './document.js';
import type { VerbOptions } from './options.js';
import type { VerbResult } from './result.js';

export const SHOW_FORMATS = ['text', 'json', 'markdown', 'html', 'dot', 'mermaid'] as const;
export type ShowFormat = (typeof SHOW_FORMATS)[number];

export interface ShowOptions extends VerbOptions {
  /** The answer of `msbom verify --lineage --format json` about the same model: its states are shown too. */
  readonly lineage?: DocumentInput;
}

export interface ShowResult extends VerbResult<ShowFormat> {
  readonly page: Page;
  readonly manifest: Manifest;
}

type Render = (page: Page, manifest: Manifest, file: string, paint: Paint | undefined) => Printable;

const RENDERERS: Readonly<Record<ShowFormat, Render>> = {
  text: (page, _manifest, _file, paint) => pageAsText(page, paint),
  json: (page) => printableJson(page),
  markdown: (page, manifest) => pageAsMarkdown(page, manifest),
  html: (page, manifest) => printableDocument(pageAsHtml(page, manifest)),
  dot: (_page, manifest, file) => printableDocument(lineageAsDot(treeOf(manifest, file))),
  mermaid: (_page, manifest, file) => printableDocument(lineageAsMermaid(treeOf(manifest, file))),
};

/** What a document of any standard says, for people. @throws ERR_MANIFEST_INVALID, ERR_CONVERT_INPUT, ERR_IO_* */
export async function show(input: DocumentInput, options: ShowOptions = {}): Promise<ShowResult> {
  const { file, manifest, findings } = await readDocument(input, options);
  const own = pageOf(manifest);
  const page = options.lineage === undefined ? own : withSection(own, await verifiedFrom(options.lineage, options));
  return {
    exitCode: 0,
    findings,
    formats: SHOW_FORMATS,
    page,
    manifest,
    render: async (format, { paint } = {}) => RENDERERS[format](page, manifest, file, paint),
  };
}

/** @throws ERR_CLI_USAGE for what is no such answer, ERR_JSON_*, ERR_IO_* */
async function verifiedFrom(input: DocumentInput, options: VerbOptions): Promise<Section> {
  const { bytes, file } = await bytesOf(input, options);
  const read = verifiedSection(parseJson(bytes, { file }));
  if ('section' in read) return read.section;
  throw new MsbomError('ERR_CLI_USAGE', `this is no verified lineage: ${read.fault}`, {
    file,
    hint: 'make it with `msbom verify DIRECTORY --lineage --format json`',
  });
}

/** Behind what the document itself says of the lineage, or behind the summary. */
function withSection(page: Page, section: Section): Page {
  const at = page.sections.findIndex(({ id }) => id === 'lineage');
  const before = at === -1 ? 1 : at + 1;
  return { ...page, sections: [...page.sections.slice(0, before), section, ...page.sections.slice(before)] };
}

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

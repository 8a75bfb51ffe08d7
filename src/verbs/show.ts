import { MsbomError } from '../core/error.js';
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
  type TreeNode,
} from '../show/index.js';
import { type DocumentInput, readDocument } from './document.js';
import type { VerbOptions } from './options.js';
import type { VerbResult } from './result.js';

export const SHOW_FORMATS = ['text', 'json', 'markdown', 'html', 'dot', 'mermaid'] as const;
export type ShowFormat = (typeof SHOW_FORMATS)[number];

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
export async function show(input: DocumentInput, options: VerbOptions = {}): Promise<ShowResult> {
  const { file, manifest, findings } = await readDocument(input, options);
  const page = pageOf(manifest);
  return {
    exitCode: 0,
    findings,
    formats: SHOW_FORMATS,
    page,
    manifest,
    render: async (format, { paint } = {}) => RENDERERS[format](page, manifest, file, paint),
  };
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

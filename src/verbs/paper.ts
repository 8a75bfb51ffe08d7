import { MsbomError } from '../core/error.js';
import { type Printable, printableDocument, printableJson } from '../core/printable.js';
import type { View } from '../manifest/view.js';
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
} from '../paper/index.js';
import { type DocumentInput, readDocument } from './document.js';
import type { VerbOptions } from './options.js';
import type { VerbResult } from './result.js';

const RENDER = {
  markdown: paperAsMarkdown,
  html: paperAsHtml,
  csv: paperAsCsv,
  json: (paper: Paper) => printableJson({ version: 1, ...paper }),
} as const satisfies Readonly<Record<string, (paper: Paper) => Printable>>;
/** What a paper is printed as; `docx` gives the file of a word processor besides. */
export const PAPER_FORMATS = Object.keys(RENDER) as readonly (keyof typeof RENDER)[];
export type PaperFormat = (typeof PAPER_FORMATS)[number] | (typeof BSI_TARGETS)[number];

/** The SBOM of BSI TR-03183-2: a document of CycloneDX or SPDX instead of a paper. */
const BSI = 'bsi-sbom';
/** All kinds of papers. */
export const PAPERS: readonly string[] = [...PAPER_KINDS, BSI];
/** The formats that a kind of paper is written as. */
export const paperFormats = (kind: string): readonly PaperFormat[] => (kind === BSI ? BSI_TARGETS : PAPER_FORMATS);

export interface PaperOptions extends VerbOptions {
  /** Who reads it; default whoever the instrument names. */
  readonly view?: View;
  /** `exitCode` is 1 when an item that is a MUST has a gap. Default `never`, for `bsi-sbom` `gaps`. */
  readonly failOn?: 'gaps' | 'never';
}

export interface PaperResult extends VerbResult<PaperFormat> {
  /** The paper as data; missing for `bsi-sbom`. */
  readonly paper?: Paper;
  /** One line, or the report of the profile, for people. */
  summary(options?: Parameters<VerbResult['render']>[1]): Promise<Printable>;
  /** The file of a word processor. @throws ERR_CLI_USAGE for `bsi-sbom` */
  docx(): Promise<Uint8Array>;
}

/**
 * A paper that a law or a guideline asks for, from a document of any standard.
 * @throws ERR_CLI_USAGE for a kind that is none, ERR_MANIFEST_INVALID, ERR_CONVERT_INPUT, ERR_IO_*
 */
export async function paper(kind: string, input: DocumentInput, options: PaperOptions = {}): Promise<PaperResult> {
  if (!PAPERS.includes(kind))
    throw new MsbomError('ERR_CLI_USAGE', `there is no paper \`${kind}\``, { hint: `give one of ${PAPERS.join(', ')}` });
  const { manifest, findings } = await readDocument(input, options);
  const { view, failOn = kind === BSI ? 'gaps' : 'never' } = options;
  const formats = paperFormats(kind);
  if (kind === BSI) {
    const made = (format: PaperFormat) => bsiSbom(manifest, format as (typeof BSI_TARGETS)[number], view); // its formats are those
    const { report } = await made(BSI_TARGETS[0]);
    const isOpen = report.requirements.some(({ level, status }) => level === 'MUST' && !CLOSED.has(status));
    return {
      exitCode: isOpen && failOn === 'gaps' ? 1 : 0,
      findings,
      formats,
      render: async (format) => printableDocument((await made(format)).text),
      summary: async ({ paint } = {}) => (await import('../comply/index.js')).complyAsText(report, paint),
      docx: () => Promise.reject(new MsbomError('ERR_CLI_USAGE', `${BSI} is not written as docx`)),
    };
  }
  const made = await paperOf(kind, manifest, view);
  const isOpen = made.sections.some((section) => section.items.some(({ level, gaps }) => level === 'MUST' && gaps.length > 0));
  const { items, withGaps } = made.counts;
  return {
    exitCode: isOpen && failOn === 'gaps' ? 1 : 0,
    findings,
    formats,
    paper: made,
    render: async (format) => RENDER[format as keyof typeof RENDER](made), // its formats are those
    summary: async ({ paint } = {}) =>
      (await import('../report/lines.js')).printLines([`${kind} for ${made.view}: ${items} items, ${withGaps} with gaps`], paint),
    docx: () => paperAsDocx(made),
  };
}

const CLOSED: ReadonlySet<string> = new Set(['met', 'met-by-declaration', 'not-applicable']);

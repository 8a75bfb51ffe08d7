import type { Severity } from '../core/finding.js';
import { type Printable, printableDocument, printableJson } from '../core/printable.js';
import type { ChangeArea } from '../manifest/areas.js';
import { diffManifests, type ManifestChange } from '../manifest/diff.js';
import { changesAsHtml, changesAsMarkdown, changesAsText, type Paint } from '../report/index.js';
import { type DocumentInput, type ReadDocument, readDocument } from './document.js';
import type { VerbOptions } from './options.js';
import { exitCodeOf, type VerbResult } from './result.js';

export const DIFF_FORMATS = ['text', 'json', 'markdown', 'html'] as const;
export type DiffFormat = (typeof DIFF_FORMATS)[number];

export interface DiffOptions extends VerbOptions {
  /** Only changes of these areas; default all. */
  readonly only?: readonly ChangeArea[];
  /** `exitCode` is 1 from this severity on; default `low`. */
  readonly failOn?: Severity | 'never';
}

export interface DiffResult extends VerbResult<DiffFormat> {
  readonly changes: readonly ManifestChange[];
}

type Render = (changes: readonly ManifestChange[], between: readonly [ReadDocument, ReadDocument], paint: Paint | undefined) => Printable;

const RENDERERS: Readonly<Record<DiffFormat, Render>> = {
  text: (changes, _between, paint) => changesAsText(changes, paint),
  json: (changes, [before, after]) => printableJson({ before: before.file, after: after.file, changes }),
  markdown: (changes, [before, after]) => changesAsMarkdown(changes, before.manifest, after.manifest),
  html: (changes, [before, after]) => printableDocument(changesAsHtml(changes, before.manifest, after.manifest)),
};

/** What changed from one document to another, of any standards. @throws ERR_MANIFEST_INVALID, ERR_CONVERT_INPUT, ERR_JSON_*, ERR_IO_* */
export async function diff(before: DocumentInput, after: DocumentInput, options: DiffOptions = {}): Promise<DiffResult> {
  const between = [await readDocument(before, options), await readDocument(after, options)] as const;
  const { only = [], failOn = 'low' } = options;
  const all = diffManifests(between[0].manifest, between[1].manifest);
  const changes = only.length === 0 ? all : all.filter(({ area }) => only.includes(area));
  return {
    exitCode: exitCodeOf(changes, failOn),
    findings: between.flatMap(({ findings }) => findings),
    formats: DIFF_FORMATS,
    changes,
    render: async (format, { paint } = {}) => RENDERERS[format](changes, between, paint),
  };
}

/** A document as the answer of a verb. */
import type { WriteOptions, Written } from '../convert/targets.js';
import type { Manifest } from '../schema/index.js';
import { DOCUMENT_FORMATS, printableOf, writeFormat } from './formats.js';
import type { AnswerCode, VerbResult } from './result.js';

/** A document that was made. It renders to every standard and to pages for people. */
export interface DocumentResult extends VerbResult {
  /** Valid by the specification. */
  readonly manifest: Manifest;
  /** The document in a format, and what that format cannot say. @throws ERR_CONVERT_INVALID */
  write(format: string): Promise<Written>;
}

/** `file`: name of the document for messages. */
export function documentResult(
  { manifest, findings, exitCode = 0 }: Pick<DocumentResult, 'manifest' | 'findings'> & { readonly exitCode?: AnswerCode },
  file: string,
  options?: WriteOptions,
): DocumentResult {
  const write = (format: string): Promise<Written> => writeFormat(format, manifest, file, options);
  return {
    manifest,
    findings,
    exitCode,
    formats: DOCUMENT_FORMATS,
    write,
    render: async (format) => printableOf(format, await write(format)),
  };
}

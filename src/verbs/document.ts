/** A document of any standard, wherever it is, as a manifest. */
import { type OpenedDocument, openDocument, readSource } from '../convert/document.js';
import type { Finding } from '../core/finding.js';
import type { Manifest } from '../schema/index.js';
import { manifestFrom, readInput } from './input.js';
import { timestampOf, type VerbOptions } from './options.js';
import { about } from './result.js';

/** The path of a document (`-` is standard input), its bytes, or the document itself as parsed JSON. */
export type DocumentInput = string | Uint8Array | object;

export interface ReadDocument {
  /** Name for messages. */
  readonly file: string;
  readonly manifest: Manifest;
  /** It is a document of another standard; what it says that a manifest cannot is told by findings. */
  readonly isForeign: boolean;
  readonly findings: readonly Finding[];
  /** Pointers into a document that was converted have no place in its text. */
  readonly locate: OpenedDocument['locate'];
}

/** The bytes of a document, and its name for messages. @throws ERR_IO_*, ERR_LIMIT_BYTES */
export async function bytesOf(input: DocumentInput, options: VerbOptions): Promise<{ readonly file: string; readonly bytes: Uint8Array }> {
  if (typeof input === 'string') return { file: input, bytes: await readInput(input, options) };
  return { file: 'document', bytes: input instanceof Uint8Array ? input : new TextEncoder().encode(JSON.stringify(input)) };
}

/** What the document is, its content decides. @throws ERR_MANIFEST_INVALID, ERR_CONVERT_INPUT, ERR_JSON_*, ERR_IO_* */
export async function readDocument(input: DocumentInput, options: VerbOptions = {}): Promise<ReadDocument> {
  const { file, bytes } = await bytesOf(input, options);
  const opened = await openDocument(bytes, { file });
  if (opened.kind.standard === 'msbom')
    return { file, manifest: manifestFrom(bytes, file), isForeign: false, findings: [], locate: opened.locate };
  const { manifest, findings } = await readSource(opened, { file, timestamp: timestampOf(options) });
  return { file, manifest, isForeign: true, findings: about(file, findings), locate: () => new Map() };
}

/** A document of any standard as a manifest. */
import { type OpenedDocument, openDocument, readSource } from '../convert/document.js';
import type { Manifest } from '../schema/index.js';
import type { Arguments } from './command.js';
import { manifestFrom, readInput } from './input.js';
import type { Session } from './io.js';
import { sayFindings } from './printer.js';
import { timestampFrom } from './values.js';

export interface ReadDocument {
  readonly manifest: Manifest;
  /** It is a document of another standard; what it says that a manifest cannot is told. */
  readonly isForeign: boolean;
  /** Pointers into a document that was converted have no place in its text. */
  readonly locate: OpenedDocument['locate'];
}

/** @throws ERR_MANIFEST_INVALID, ERR_CONVERT_INPUT, ERR_IO_* */
export async function readDocument(file: string, args: Arguments, io: Session): Promise<ReadDocument> {
  const input = await readInput(file, io);
  const opened = await openDocument(input, { file });
  if (opened.kind.standard === 'msbom') return { manifest: manifestFrom(input, file), isForeign: false, locate: opened.locate };
  const { manifest, findings } = await readSource(opened, { file, timestamp: timestampFrom(io) });
  sayFindings(args, io, findings, file);
  return { manifest, isForeign: true, locate: () => new Map() };
}

/** A document of any standard as a manifest; what it says that a manifest cannot is told. */
import { type ReadDocument, readDocument as read } from '../verbs/document.js';
import type { Arguments } from './command.js';
import type { Session } from './io.js';
import { sayFindings } from './printer.js';
import { nowFrom } from './values.js';

export type { ReadDocument };

/** @throws ERR_MANIFEST_INVALID, ERR_CONVERT_INPUT, ERR_IO_* */
export async function readDocument(file: string, args: Arguments, io: Session): Promise<ReadDocument> {
  const document = await read(file, { ...io, now: nowFrom(io) });
  sayFindings(args, io, document.findings, file);
  return document;
}

/** XML read as a stream: strict, without document types, entities of its own or anything from outside. */
import type { SaxesParser } from 'saxes';
import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';

export interface XmlHandlers {
  /** `attributes` may have any names: look them up with `Object.hasOwn` or by a name that objects do not have. */
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  /** Text between tags. */
  text?(text: string): void;
}

const CHUNK_BYTES = 64 * 1024;

/**
 * Calls the handlers for every element of a document.
 * @throws ERR_FORMAT_MALFORMED with line and column, ERR_FORMAT_UNSUPPORTED for a document type, ERR_LIMIT_BYTES, ERR_LIMIT_COUNT,
 *   ERR_LIMIT_DEPTH, and what the handlers throw
 */
export async function readXml(source: ByteSource, limits: Limits, handlers: XmlHandlers): Promise<void> {
  if (source.size > limits.maxReadBytes)
    throw new MsbomError('ERR_LIMIT_BYTES', `the document has ${source.size} bytes, the limit is ${limits.maxReadBytes}`, {
      file: source.name,
    });
  // Its tables of characters take as long to set up as a hundred readers; few files are XML.
  const saxes = await import('saxes');
  const parser = new saxes.SaxesParser();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const place = () => ({ file: source.name, line: parser.line, column: parser.column + 1 });
  const lastEvent = watch(parser, limits, handlers, place);
  for (let offset = 0; offset < source.size; offset += CHUNK_BYTES) {
    const bytes = await source.read(offset, Math.min(CHUNK_BYTES, source.size - offset));
    const text = decoded(decoder, bytes, offset + CHUNK_BYTES < source.size, { file: source.name, offset });
    parser.write(text);
    // A name, a value or a comment that does not end is held in memory.
    if (parser.position - lastEvent() > limits.maxStringBytes)
      throw new MsbomError('ERR_LIMIT_BYTES', `a part of the document is longer than ${limits.maxStringBytes}`, place());
  }
  parser.close();
}

function watch(
  parser: SaxesParser,
  limits: Limits,
  { open, close, text }: XmlHandlers,
  place: () => { file: string; line: number; column: number },
): () => number {
  let last = 0;
  let depth = 0;
  let elements = 0;
  const seen = (): void => {
    last = parser.position;
  };
  parser.on('error', (error) => {
    throw new MsbomError(
      'ERR_FORMAT_MALFORMED',
      `the document is not XML: ${error.message.replace(/^[\d:]+ /, '').slice(0, 200)}`,
      place(),
    );
  });
  parser.on('doctype', () => {
    throw new MsbomError('ERR_FORMAT_UNSUPPORTED', 'the document has a document type, which is never read', place());
  });
  parser.on('opentag', ({ name, attributes }) => {
    seen();
    if (++depth > limits.maxDepth) throw new MsbomError('ERR_LIMIT_DEPTH', `elements nest deeper than ${limits.maxDepth}`, place());
    if (++elements > limits.maxItems) throw new MsbomError('ERR_LIMIT_COUNT', `more than ${limits.maxItems} elements`, place());
    open(name, attributes);
  });
  parser.on('closetag', ({ name }) => {
    seen();
    depth--;
    close(name);
  });
  parser.on('text', (content) => {
    seen();
    text?.(content);
  });
  for (const event of ['comment', 'cdata', 'processinginstruction'] as const) parser.on(event, seen);
  return () => last;
}

function decoded(decoder: TextDecoder, bytes: Uint8Array, stream: boolean, place: { file: string; offset: number }): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    throw new MsbomError('ERR_FORMAT_MALFORMED', 'the document is not valid UTF-8', place);
  }
}

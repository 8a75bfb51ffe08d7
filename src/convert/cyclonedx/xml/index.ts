/**
 * CycloneDX XML as the JSON of the same document. Source: the XML schemas of CycloneDX 1.4 to 1.7. Elements and attributes of
 * other namespaces, and signatures, are left out with a finding: JSON has no place for them.
 */
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { MsbomError } from '../../../core/error.js';
import type { Finding } from '../../../core/finding.js';
import { placesIn, type TextPlace } from '../../../core/json.js';
import { DEFAULT_LIMITS, type Limits } from '../../../core/limits.js';
import { type Frame, leftOut, NO_PLACE, ONE_PLACE, objectFrame, skippedFrame, structureFinding } from './frame.js';
import { SHAPES } from './generated/shapes.js';

export interface XmlDocument {
  /** The same as the JSON form would say. */
  readonly document: Readonly<Record<string, unknown>>;
  /** As the namespace states it. */
  readonly version: string;
  /** With line and column. */
  readonly findings: readonly Finding[];
}

export interface ReadXmlOptions {
  /** Name for messages. */
  readonly file?: string | undefined;
  readonly limits?: Pick<Limits, 'maxDocumentBytes' | 'maxDepth' | 'maxItems'>;
}

/** `http://cyclonedx.org/schema/bom/1.6` */
const NAMESPACE = /^http:\/\/cyclonedx\.org\/schema\/bom\/(\d+\.\d+)$/;
const QUIET_NAMESPACES = new Set([
  'http://www.w3.org/2000/xmlns/',
  'http://www.w3.org/2001/XMLSchema-instance',
  'http://www.w3.org/XML/1998/namespace',
]);
const CHUNK = 64 * 1024;

/**
 * Reads a document in one pass, without recursion.
 * @throws ERR_FORMAT_MALFORMED with line and column, ERR_FORMAT_UNSUPPORTED for a document type, another encoding or another root,
 *   ERR_LIMIT_BYTES, ERR_LIMIT_COUNT, ERR_LIMIT_DEPTH
 */
export function readCycloneDXXml(text: string, options: ReadXmlOptions = {}): XmlDocument {
  const found: (readonly [finding: Finding, offset: number])[] = [];
  const { document, version } = walk(text, options, (finding, offset) => found.push([finding, offset]));
  const place = found.length > 0 ? placesIn(text) : undefined;
  const findings = found.map(([finding, offset]): Finding => {
    const { line, column } = place?.(offset) ?? { line: 1, column: 1 };
    return { ...finding, line, column, ...(options.file === undefined ? {} : { file: options.file }) };
  });
  return { document, version, findings };
}

/** Where the values of pointers stand in the XML; a missing one is shown at the nearest parent that is there. */
export function locateInXml(text: string, pointers: readonly string[], options: ReadXmlOptions = {}): Map<string, TextPlace> {
  const wanted = new Set([''].concat(pointers.flatMap(parentsOf)));
  const offsets = new Map<string, number>();
  walk(text, options, undefined, (pointer, offset) => {
    if (wanted.has(pointer) && !offsets.has(pointer)) offsets.set(pointer, offset());
  });
  const place = placesIn(text);
  const nearest = (pointer: string): string => parentsOf(pointer).find((parent) => offsets.has(parent)) ?? '';
  return new Map(pointers.map((pointer) => [pointer, place(offsets.get(nearest(pointer)) ?? 0)]));
}

/** A pointer and its parents, the longest first. */
function parentsOf(pointer: string): string[] {
  const parents: string[] = [];
  for (let p = pointer; p !== ''; p = p.slice(0, p.lastIndexOf('/'))) parents.push(p);
  return parents;
}

type Found = (finding: Finding, offset: number) => void;
type Placed = (pointer: string, offset: () => number) => void;

/** One pass over a document; `found` is told of what is wrong, `placed` of every element that has a value. */
function walk(text: string, options: ReadXmlOptions, found?: Found, placed?: Placed): Omit<XmlDocument, 'findings'> {
  const { file, limits = DEFAULT_LIMITS } = options;
  if (text.length > limits.maxDocumentBytes)
    throw new MsbomError('ERR_LIMIT_BYTES', `the document has ${text.length} characters, the limit is ${limits.maxDocumentBytes}`, {
      file,
    });
  const parser = new SaxesParser({ xmlns: true });
  const fail = (
    code: 'ERR_FORMAT_MALFORMED' | 'ERR_FORMAT_UNSUPPORTED' | 'ERR_LIMIT_DEPTH' | 'ERR_LIMIT_COUNT',
    message: string,
  ): never => {
    throw new MsbomError(code, message, { file, line: parser.line, column: parser.columnIndex + 1 });
  };
  const document: Record<string, unknown> = { bomFormat: 'CycloneDX' };
  const stack: Frame[] = [];
  let version: string | undefined;
  let elements = 0;
  let namespace = '';
  const startOf = (name: string) => (): number => Math.max(0, text.lastIndexOf(`<${name}`, parser.position - 1));

  const root = ({ local, uri }: SaxesTagNS): Frame => {
    version = NAMESPACE.exec(uri)?.[1];
    if (local !== 'bom' || version === undefined)
      fail('ERR_FORMAT_UNSUPPORTED', `the root element is <${local}>, not <bom> of a CycloneDX namespace`);
    namespace = uri;
    document.specVersion = version;
    return objectFrame('bom', '', SHAPES[0] ?? { name: 'bom' }, document);
  };
  const open = (tag: SaxesTagNS): Frame => {
    const parent = stack.at(-1);
    if (parent === undefined) return root(tag);
    const child = tag.uri === namespace ? parent.child(tag.local) : 'it is of another namespace';
    if (typeof child !== 'string') return child;
    const foreign = tag.uri !== namespace || child === NO_PLACE || child === ONE_PLACE;
    const message = `<${tag.name}> in <${parent.name}> was left out: ${child}`;
    found?.(foreign ? leftOut(parent.pointer, message) : structureFinding(parent.pointer, message), startOf(tag.name)());
    return skippedFrame(tag.name, parent.pointer);
  };
  parser.on('error', ({ message }) =>
    fail('ERR_FORMAT_MALFORMED', `the document is not XML: ${message.replace(/^[\d:]+ /, '').slice(0, 200)}`),
  );
  parser.on('doctype', () => fail('ERR_FORMAT_UNSUPPORTED', 'the document has a document type, which is never read'));
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding))
      fail('ERR_FORMAT_UNSUPPORTED', `the encoding ${encoding.slice(0, 40)} is not read`);
  });
  parser.on('opentag', (tag) => {
    if (stack.length >= limits.maxDepth) fail('ERR_LIMIT_DEPTH', `elements nest deeper than ${limits.maxDepth}`);
    if (++elements > limits.maxItems) fail('ERR_LIMIT_COUNT', `more than ${limits.maxItems} elements`);
    const frame = open(tag);
    stack.push(frame);
    placed?.(frame.pointer, startOf(tag.name));
    for (const { local, uri, value, name } of Object.values(tag.attributes)) {
      if (uri !== '' ? QUIET_NAMESPACES.has(uri) : frame.attribute(local, value)) continue;
      const message = `the attribute ${name} of <${tag.name}> was left out`;
      found?.(uri !== '' ? leftOut(frame.pointer, message) : structureFinding(frame.pointer, message), startOf(tag.name)());
    }
  });
  const takeText = (content: string): void => {
    const frame = stack.at(-1);
    if (frame === undefined || frame.text(content)) return;
    found?.(structureFinding(frame.pointer, `text stands in <${frame.name}>, which holds only elements`), parser.position - 1);
  };
  parser.on('text', takeText);
  parser.on('cdata', takeText);
  parser.on('closetag', () => void stack.pop()?.close?.());
  for (let at = 0; at < text.length; at += CHUNK) parser.write(text.slice(at, at + CHUNK));
  parser.close();
  return { document: settle(document, version), version: version ?? '' };
}

/** Before 1.6, the identity of a component in its evidence is one object; later it may be a list, and here always is. */
function settle(document: Record<string, unknown>, version: string | undefined): Record<string, unknown> {
  if (version !== '1.5') return document;
  const stack: unknown[] = [document];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const { evidence } = value as { evidence?: { identity?: unknown } };
    if (Array.isArray(evidence?.identity) && evidence.identity.length === 1) evidence.identity = evidence.identity[0];
    for (const member of Object.values(value)) if (typeof member === 'object') stack.push(member);
  }
  return document;
}

/**
 * CycloneDX XML as the JSON of the same document. Source: the XML schemas of CycloneDX 1.4 to 1.7. JSON has no place for elements
 * and attributes of other namespaces, which are told apart, and for signatures, which are left out, each with a finding.
 */
import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes';
import { MsbomError } from '../../../core/error.js';
import { type Finding, isBlocking } from '../../../core/finding.js';
import { placesIn, type TextPlace } from '../../../core/json-text.js';
import { DEFAULT_LIMITS, type Limits } from '../../../core/limits.js';
import { type ElementSpan, type Extension, standingAlone } from './extensions.js';
import { type Frame, leftOut, NO_PLACE, ONE_PLACE, objectFrame, ofOthers, skippedFrame, structureFinding } from './frame.js';
import { SHAPES } from './generated/shapes.js';
import { INSTANCE, OTHER, rootValidity, type Validity } from './validity.js';

export interface XmlDocument {
  /** The same as the JSON form would say. */
  readonly document: Readonly<Record<string, unknown>>;
  /** As the namespace states it. */
  readonly version: string;
  /** With line and column. */
  readonly findings: readonly Finding[];
  /** The findings about what is neither in the document nor an extension. */
  readonly losses: readonly Finding[];
  /** What stands in it of other namespaces. */
  readonly extensions: readonly Extension[];
}

export interface ReadXmlOptions {
  /** Name for messages. */
  readonly file?: string | undefined;
  readonly limits?: Pick<Limits, 'maxDocumentBytes' | 'maxDepth' | 'maxItems'>;
}

/** `http://cyclonedx.org/schema/bom/1.6` */
const NAMESPACE = /^http:\/\/cyclonedx\.org\/schema\/bom\/(\d+\.\d+)$/;
/** They hold for the text as it was, and for no other. */
const SIGNATURES = 'http://www.w3.org/2000/09/xmldsig#';
const XMLNS = 'http://www.w3.org/2000/xmlns/';
/** Attributes that say something of the XML alone. */
const isQuiet = (uri: string, local: string): boolean =>
  uri === XMLNS || (uri === INSTANCE && /^(schemaLocation|noNamespaceSchemaLocation)$/.test(local));
const CHUNK = 64 * 1024;

/**
 * Reads a document in one pass, without recursion.
 * @throws ERR_FORMAT_MALFORMED with line and column, ERR_FORMAT_UNSUPPORTED for a document type, another encoding or another root,
 *   ERR_LIMIT_BYTES, ERR_LIMIT_COUNT, ERR_LIMIT_DEPTH
 */
export function readCycloneDXXml(text: string, options: ReadXmlOptions = {}): XmlDocument {
  const found: (readonly [finding: Finding, offset: number, isKept: boolean])[] = [];
  const extensions: Extension[] = [];
  const { document, version } = walk(text, options, {
    found: (finding, offset, isKept = false) => found.push([finding, offset, isKept]),
    extended: (extension) => extensions.push(extension),
  });
  const place = found.length > 0 ? placesIn(text) : undefined;
  const findings = found.map(([finding, offset]): Finding => {
    const { line, column } = place?.(offset) ?? { line: 1, column: 1 };
    return { ...finding, line, column, ...(options.file === undefined ? {} : { file: options.file }) };
  });
  return { document, version, findings, losses: findings.filter((_, i) => found[i]?.[2] === false), extensions };
}

/** What is wrong with a document, without line and column. */
export function faultsInXml(text: string): readonly Finding[] {
  const faults: Finding[] = [];
  walk(text, {}, { found: (finding) => void (isBlocking(finding) && faults.push(finding)) });
  return faults;
}

/** Where the values of pointers stand in the XML; a missing one is shown at the nearest parent that is there. */
export function locateInXml(text: string, pointers: readonly string[], options: ReadXmlOptions = {}): Map<string, TextPlace> {
  const wanted = new Set([''].concat(pointers.flatMap(parentsOf)));
  const offsets = new Map<string, number>();
  walk(text, options, {
    placed: (pointer, offset) => {
      if (wanted.has(pointer) && !offsets.has(pointer)) offsets.set(pointer, offset());
    },
  });
  const place = placesIn(text);
  const nearest = (pointer: string): string => parentsOf(pointer).find((parent) => offsets.has(parent)) ?? '';
  return new Map(pointers.map((pointer) => [pointer, place(offsets.get(nearest(pointer)) ?? 0)]));
}

/** Where the elements of values begin and end; of several for one value, the outermost. */
export function spansInXml(text: string, pointers: ReadonlySet<string>): Map<string, ElementSpan> {
  const spans = new Map<string, ElementSpan>();
  const open: (readonly [pointer: string, end: number])[] = [];
  walk(
    text,
    {},
    {
      placed: (pointer, _, end) => void open.push([pointer, end]),
      closed: (end) => {
        const [pointer = '', first = 0] = open.pop() ?? [];
        if (!pointers.has(pointer)) return;
        const isOne = end === first;
        spans.set(pointer, isOne ? { open: end - 2, close: end - 2 } : { open: first - 1, close: text.lastIndexOf('</', end) });
      },
    },
  );
  return spans;
}

/** A pointer and its parents, the longest first. */
function parentsOf(pointer: string): string[] {
  const parents: string[] = [];
  for (let p = pointer; p !== ''; p = p.slice(0, p.lastIndexOf('/'))) parents.push(p);
  return parents;
}

/** What is told of a document on the way. */
interface Watch {
  readonly found?: (finding: Finding, offset: number, isKept?: boolean) => void;
  readonly extended?: (extension: Extension) => void;
  /** The pointer of every element, where its first tag begins, and behind that tag. */
  readonly placed?: (pointer: string, offset: () => number, end: number) => void;
  /** Behind the last tag of the innermost element that is open. */
  readonly closed?: (end: number) => void;
}

/** One pass over a document. */
function walk(text: string, options: ReadXmlOptions, watch: Watch): Pick<XmlDocument, 'document' | 'version'> {
  const { found, extended, placed, closed } = watch;
  const { file, limits = DEFAULT_LIMITS } = options;
  if (text.length > limits.maxDocumentBytes)
    throw new MsbomError('ERR_LIMIT_BYTES', `the document has ${text.length} characters, the limit is ${limits.maxDocumentBytes}`, {
      file,
    });
  const parser = new SaxesParser({ xmlns: true });
  const fail = (
    code: 'ERR_FORMAT_MALFORMED' | 'ERR_FORMAT_UNSUPPORTED' | 'ERR_LIMIT_DEPTH' | 'ERR_LIMIT_COUNT',
    message: string,
    options: { readonly at?: string; readonly hint?: string } = {},
  ): never => {
    const { at, hint } = options;
    const place =
      at === undefined
        ? { line: parser.line, column: parser.columnIndex + 1 }
        : placesIn(text)(Math.max(0, text.lastIndexOf(at, parser.position - 1)));
    throw new MsbomError(code, message, { file, line: place.line, column: place.column, hint });
  };
  const document: Record<string, unknown> = { bomFormat: 'CycloneDX' };
  const stack: Frame[] = [];
  const validities: Validity[] = [];
  const nested = nestedDependencies();
  const starts: number[] = [];
  let version: string | undefined;
  let elements = 0;
  let namespace = '';
  const startOf = (name: string) => once(() => Math.max(0, text.lastIndexOf(`<${name}`, parser.position - 1)));

  const root = ({ local, uri }: SaxesTagNS): Frame => {
    version = NAMESPACE.exec(uri)?.[1];
    if (local !== 'bom' || version === undefined)
      fail('ERR_FORMAT_UNSUPPORTED', `the root element is <${local}> ${ofNamespace(uri)}, not <bom> of CycloneDX`, {
        at: '<',
        hint: ROOT_HINT,
      });
    namespace = uri;
    document.specVersion = version;
    if (found !== undefined) validities.push(rootValidity(version ?? ''));
    return objectFrame('bom', '', SHAPES[0] ?? { name: 'bom' }, document);
  };
  /** Why the schema refuses an element. */
  const refusal = (tag: SaxesTagNS): string | undefined => {
    const above = validities.at(-1);
    if (above === undefined) return undefined;
    const refused = above.child(tag.uri === namespace ? tag.local : OTHER);
    validities.push(above.inner());
    return refused;
  };
  const open = (tag: SaxesTagNS): Frame => {
    const parent = stack.at(-1);
    if (parent === undefined) return root(tag);
    const refused = refusal(tag);
    const isOwn = tag.uri === namespace;
    const own = isOwn || parent.isSkipped ? parent.child(tag.local) : 'it is of another namespace';
    const child = own === NO_PLACE ? (nested.child(parent, tag.local) ?? own) : own;
    const where = `<${tag.name}> in <${parent.name}>`;
    const start = startOf(tag.name);
    if (typeof child !== 'string') {
      if (refused !== undefined) found?.(structureFinding(child.pointer, `${where} is out of place: ${refused}`), start());
      return child;
    }
    const isKept = !isOwn && tag.uri !== SIGNATURES;
    const isValid = refused === undefined && (!isOwn || child === NO_PLACE || child === ONE_PLACE);
    const from = start();
    const finding = isValid && isKept ? ofOthers(parent.pointer, `${where} is of another namespace, which is not checked`) : undefined;
    const message = `${where} was left out: ${refused ?? child}`;
    found?.(finding ?? (isValid ? leftOut : structureFinding)(parent.pointer, message), from, isKept);
    const keep = (): void => {
      const source = text.slice(from, text.lastIndexOf('>', parser.position - 1) + 1);
      extended?.({ at: parent.pointer, xml: standingAlone(source, new Set(Object.keys(tag.ns)), (prefix) => parser.resolve(prefix)) });
    };
    return { ...skippedFrame(tag.name, parent.pointer), ...(isKept && extended !== undefined ? { close: keep } : {}) };
  };
  const takeAttribute = (frame: Frame, { local, uri, value, name }: SaxesAttributeNS, start: () => number): void => {
    if (uri === '' && local === 'ref') nested.named(frame, value);
    const answer = uri === XMLNS ? undefined : validities.at(-1)?.attribute(local, uri, value);
    const isTaken = frame.isSkipped === true || (uri !== '' ? isQuiet(uri, local) : frame.attribute(local, value));
    const where = `the attribute ${name} of <${frame.name}>`;
    if (answer?.kind === 'value')
      found?.(structureFinding(frame.pointerOf?.(local) ?? frame.pointer, `${where} is wrong: ${answer.message}`), start());
    else if (answer !== undefined || !isTaken) {
      const isKept = uri !== '' && uri !== INSTANCE;
      const isValid = validities.length > 0 && answer === undefined;
      const finding = isValid && isKept ? ofOthers(frame.pointer, `${where} is of another namespace, which is not checked`) : undefined;
      const message = `${where} was left out: ${answer?.message ?? NO_PLACE}`;
      found?.(finding ?? (isValid ? leftOut : structureFinding)(frame.pointer, message), start(), isKept);
      if (isKept) extended?.({ at: frame.pointer, name, namespace: uri, value });
    }
  };
  parser.on('error', ({ message }) =>
    fail('ERR_FORMAT_MALFORMED', `the document is not XML: ${message.replace(/^[\d:]+ /, '').slice(0, 200)}`),
  );
  parser.on('doctype', () =>
    fail('ERR_FORMAT_UNSUPPORTED', 'the document has a document type, which is never read', { at: '<!DOCTYPE', hint: 'Leave it out.' }),
  );
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding))
      fail('ERR_FORMAT_UNSUPPORTED', `the encoding ${encoding.slice(0, 40)} is not read`);
  });
  parser.on('opentag', (tag) => {
    if (stack.length >= limits.maxDepth) fail('ERR_LIMIT_DEPTH', `elements nest deeper than ${limits.maxDepth}`, { at: '<' });
    if (++elements > limits.maxItems) fail('ERR_LIMIT_COUNT', `more than ${limits.maxItems} elements`);
    const frame = open(tag);
    stack.push(frame);
    const start = startOf(tag.name);
    placed?.(frame.pointer, start, parser.position);
    starts.push(parser.position);
    for (const attribute of Object.values(tag.attributes)) takeAttribute(frame, attribute, start);
  });
  const takeText = (content: string, start: () => number): void => {
    const frame = stack.at(-1);
    if (frame === undefined) return;
    const refused = validities.at(-1)?.text(content);
    if (frame.text(content) && refused === undefined) return;
    found?.(structureFinding(frame.pointer, `text stands in <${frame.name}>, ${refused ?? 'which holds only elements'}`), start());
  };
  parser.on('text', (content) => takeText(content, () => startOfText(text, parser.position - 1)));
  parser.on('cdata', (content) => takeText(content, () => text.lastIndexOf('<![CDATA[', parser.position - 1)));
  const closeFrame = (frame: Frame, end = 0): void => {
    frame.close?.();
    const start = once(() => text.lastIndexOf('<', end - 1));
    for (const { kind, message } of validities.pop()?.close() ?? []) {
      const [pointer, said] =
        kind === 'value'
          ? [frame.pointerOf?.(undefined) ?? frame.pointer, `<${frame.name}> is wrong: ${message}`]
          : [frame.pointer, message];
      found?.(structureFinding(pointer, said), start());
    }
  };
  parser.on('closetag', () => {
    const frame = stack.pop();
    if (frame !== undefined) closeFrame(frame, starts.pop());
    closed?.(parser.position);
  });
  for (let at = 0; at < text.length; at += CHUNK) parser.write(text.slice(at, at + CHUNK));
  parser.close();
  nested.addTo(document);
  return { document: settle(document, version), version: version ?? '' };
}

/** Dependencies within dependencies of XML: every level is an edge, and in JSON an entry of its own. */
interface NestedDependencies {
  /** The reference of an element is known. */
  named(frame: Frame, ref: string): void;
  child(parent: Frame, name: string): Frame | undefined;
  addTo(document: Record<string, unknown>): void;
}

function nestedDependencies(): NestedDependencies {
  const refs = new WeakMap<Frame, string>();
  const edges: { readonly ref: string; readonly list: 'dependsOn' | 'provides'; readonly to: string }[] = [];
  return {
    named: (frame, ref) => void refs.set(frame, ref),
    child(parent, name) {
      const ref = parent.name === 'dependency' ? refs.get(parent) : undefined;
      if (ref === undefined || (name !== 'dependency' && name !== 'provides')) return undefined;
      const list = name === 'provides' ? 'provides' : 'dependsOn';
      const attribute = (key: string, to: string): boolean => key === 'ref' && edges.push({ ref, list, to }) > 0;
      return {
        ...skippedFrame(name, parent.pointer),
        isSkipped: false,
        child: () => NO_PLACE,
        attribute,
        text: (text) => text.trim() === '',
      };
    },
    addTo(document) {
      if (edges.length === 0) return;
      const entries = (Array.isArray(document.dependencies) ? document.dependencies : []) as {
        ref?: unknown;
        dependsOn?: string[];
        provides?: string[];
      }[];
      const known = new Map(entries.map((entry) => [entry.ref, entry]));
      for (const { ref, list, to } of edges) {
        const entry = known.get(ref) ?? { ref };
        if (!known.has(ref)) entries.push(entry);
        known.set(ref, entry);
        if (entry[list]?.includes(to) !== true) entry[list] = [...(entry[list] ?? []), to];
      }
      document.dependencies = entries;
    },
  };
}

const ROOT_HINT = 'Give a document of CycloneDX, whose root is `<bom xmlns="http://cyclonedx.org/schema/bom/1.6">`.';
const ofNamespace = (uri: string): string => (uri === '' ? 'without a namespace' : `of the namespace ${uri.slice(0, 100)}`);

/** The answer of the first call: a search back through a tag is made once, however many faults it has. */
function once(find: () => number): () => number {
  let found: number | undefined;
  return () => (found ??= find());
}

/** Where the text that ends before `end` has its first character that is no space. */
function startOfText(text: string, end: number): number {
  const start = text.lastIndexOf('>', end - 1) + 1;
  return start + Math.max(0, text.slice(start, end).search(/\S/));
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

/** Documents of JSON: every object and text in them, however deep, is shown to what knows configurations. */
import type { Finding, Nested } from '../inspector.js';
import { judgeKeras } from '../keras/config.js';
import { ENCODED, magicOf } from '../pickle/constants.js';
import { judgeOperators } from '../python/torchscript.js';
import { finding } from '../rules/index.js';
import { hasTags, judgeTemplate } from '../template/index.js';
import { judgeSkops } from './skops.js';
import { judgeNamed, judgeTarget } from './target.js';

const MAX_VALUES = 5_000_000;
const MAX_INNER = 3;
const MAX_FINDINGS = 200;
const MAX_INNER_FILES = 100;

export const TOO_MANY: Finding = finding('scan-limit', 'the document has more values than the limits allow');

export type JsonObject = Readonly<Record<string, unknown>>;

/** What judges of objects may add to. */
export interface Found {
  readonly findings: Finding[];
  readonly nested: Nested[];
  readonly facts: Record<string, unknown>;
  /** Texts that stand in pieces, put together. */
  readonly joined: string[];
  /** Bytes that stand as letters up to U+00FF. */
  readonly bytes: Uint8Array[];
  /** Operators that a graph of `torch.export` calls. */
  readonly operators: Set<string>;
  /** Name of the file, for the sources that are made. */
  readonly source: string;
}

/** The object when it is one. */
export const objectOf = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;

/** Bytes of memory that the values of a document may take, and about how many of them each character says. */
const MAX_HELD_BYTES = 96 * 1024 * 1024;
const HELD = new Uint8Array(128);
for (const [mark, bytes] of Object.entries({ '{': 64, '[': 48, ',': 8, '"': 12 })) HELD[mark.charCodeAt(0)] = bytes;
/** What is shorter cannot say more. */
const SHORT = 1024 * 1024;

/** Would the values of a document take more memory than the limits allow? Seen from its characters, before any is made. */
export function isTooMuch(text: string): boolean {
  if (text.length < SHORT) return false;
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum += HELD[text.charCodeAt(i)] ?? 0;
  return sum > MAX_HELD_BYTES;
}

/** JSON as Python reads it: also with NaN, and with a mark of its encoding. Undefined for what is none. */
export function parseTolerant(text: string): unknown {
  const bare = text.startsWith('\ufeff') ? text.slice(1) : text;
  try {
    return JSON.parse(bare) as unknown;
  } catch {
    try {
      return JSON.parse(withoutOddities(bare)) as unknown;
    } catch {
      return undefined;
    }
  }
}

/** Outside of texts: comments and commas before an end are taken out, NaN and infinities become null. */
function withoutOddities(text: string): string {
  let out = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '"') {
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
      continue;
    }
    const cut = oddity(text, i, c);
    if (cut === undefined) continue;
    out += text.slice(from, i) + cut.put;
    i = cut.behind - 1;
    from = cut.behind;
  }
  return out + text.slice(from);
}

const NUMBERS = ['NaN', '-Infinity', 'Infinity'] as const;

function oddity(text: string, at: number, c: string): { readonly put: string; readonly behind: number } | undefined {
  const number = c === 'N' || c === 'I' || c === '-' ? NUMBERS.find((each) => text.startsWith(each, at)) : undefined;
  if (number !== undefined) return { put: 'null', behind: at + number.length };
  if (c === '/' && text[at + 1] === '/') return { put: '', behind: orEnd(text.indexOf('\n', at), text) };
  if (c === '/' && text[at + 1] === '*') return { put: '', behind: orEnd(text.indexOf('*/', at) + 1, text) + 1 };
  if (c !== ',') return undefined;
  let next = at + 1;
  while (next < text.length && text.charAt(next) <= ' ') next++;
  return text[next] === '}' || text[next] === ']' ? { put: '', behind: at + 1 } : undefined;
}

const orEnd = (at: number, text: string): number => (at <= 0 ? text.length : at);

interface Waiting {
  readonly value: unknown;
  readonly key: string;
  /** Texts of JSON that it lies in. */
  readonly inner: number;
  /** Object that it is a member of. */
  readonly parent: JsonObject | undefined;
  /** Texts are code for people to run, and what it printed: nothing of that is loaded with a model. */
  readonly isCell?: boolean;
}

/** Looks at a whole document. */
export function judgeJson(
  root: unknown,
  source: string,
): Pick<Found, 'findings' | 'nested' | 'joined' | 'bytes'> & { facts?: Record<string, unknown> } {
  const found: Found = { findings: [], nested: [], facts: {}, joined: [], bytes: [], operators: new Set(), source };
  const notebook = objectOf(root);
  const isNotebook = typeof notebook?.nbformat === 'number' && Array.isArray(notebook.cells);
  const waiting: Waiting[] = [{ value: root, key: '', inner: 0, parent: undefined }];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (++count > MAX_VALUES || found.findings.length > MAX_FINDINGS) {
      found.findings.push(TOO_MANY);
      break;
    }
    lookAt(next, waiting, found, isNotebook);
  }
  found.findings.push(...judgeOperators(found.operators));
  const facts = Object.keys(found.facts).length > 0 ? { facts: found.facts } : {};
  return { findings: unique(found.findings), nested: found.nested, joined: found.joined, bytes: found.bytes, ...facts };
}

function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, message }) => !seen.has(`${rule} ${message}`) && seen.add(`${rule} ${message}`) !== undefined);
}

function lookAt({ value, key, inner, parent, isCell = false }: Waiting, waiting: Waiting[], found: Found, isNotebook: boolean): void {
  if (typeof value === 'string') {
    if (!isCell) lookAtText(value, key, inner, waiting, found);
  } else if (Array.isArray(value)) {
    if (isInPieces(value)) found.joined.push(value.join(''));
    for (const item of value as readonly unknown[])
      if (typeof item === 'string' || typeof item === 'object') waiting.push({ value: item, key, inner, parent, isCell });
  } else {
    const object = objectOf(value);
    if (object === undefined) return;
    judgeObject(object, key, parent, found);
    const inCell = isNotebook && typeof object.cell_type === 'string';
    for (const name of Object.keys(object)) {
      const item = object[name];
      if (typeof item === 'string') judgeNamed(name, item, found.findings);
      if ((typeof item === 'object' && item !== null) || typeof item === 'string')
        waiting.push({
          value: item,
          key: name,
          inner,
          parent: object,
          isCell: isCell || (inCell && (name === 'source' || name === 'outputs')),
        });
    }
  }
}

/** The shortest text of which others would be pieces. */
const PIECE = 8;

/** A text of base64 that is split into a list of lines. */
const isInPieces = (list: readonly unknown[]): list is readonly string[] =>
  list.length > 1 &&
  typeof list[0] === 'string' &&
  list[0].length >= PIECE &&
  ENCODED.has(list[0].slice(0, 2)) &&
  list.every((each) => typeof each === 'string');

/** Pickles of protocol 0 are texts; others, and archives, are letters up to U+00FF. */
function lookAtBytes(value: string, found: Found): void {
  const bytes = new Uint8Array(value.length);
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code > 0xff) return;
    bytes[i] = code;
  }
  if (magicOf(bytes) !== undefined) found.bytes.push(bytes);
}

/** First letters of pickles that are texts, and of those and of archives that are not. */
const BEGINS = new Set('c(\u0080P\u001fxB');

function lookAtText(value: string, key: string, inner: number, waiting: Waiting[], found: Found): void {
  if (value.length < 5) return;
  if (hasTags(value))
    found.findings.push(...judgeTemplate(value, { isChat: key.includes('template') || value.includes('message') }).map(inKey(key)));
  const first = value.charAt(0);
  if (BEGINS.has(first) && found.bytes.length < MAX_INNER_FILES) lookAtBytes(value, found);
  // Configurations of Keras stand as texts in attributes and in the metadata of other files.
  if ((first === '{' || first === '[') && inner < MAX_INNER && (value.includes('class_name') || value.includes('_target_'))) {
    const parsed = parseTolerant(value);
    if (parsed !== undefined) waiting.push({ value: parsed, key, inner: inner + 1, parent: undefined });
  }
}

/** A place in a text inside of the document is none in the file. */
const inKey =
  (key: string) =>
  ({ offset: _offset, ...found }: Finding): Finding => ({ ...found, seen: { ...found.seen, key: key.slice(0, 200) } });

function judgeObject(object: JsonObject, key: string, parent: JsonObject | undefined, found: Found): void {
  if (typeof object.class_name === 'string') judgeKeras(object, parent, found);
  if (typeof object._target_ === 'string') judgeTarget(object._target_, found.findings);
  if (typeof object['py/repr'] === 'string')
    found.findings.push(finding('config-target', `jsonpickle evaluates \`${object['py/repr'].slice(0, 200)}\``));
  if (typeof object.target === 'string' && object.target.startsWith('torch.ops.')) found.operators.add(object.target.slice(10));
  if (typeof object.__class__ === 'string' && typeof object.__module__ === 'string') judgeSkops(object, found);
  if (key === 'auto_map' || object.trust_remote_code === true) remoteCode(object, key, found);
}

function remoteCode(object: JsonObject, key: string, found: Found): void {
  const names =
    key === 'auto_map'
      ? Object.values(object)
          .flat()
          .filter((each): each is string => typeof each === 'string')
      : [];
  const shown = names.slice(0, 20).map((name) => `\`${name.slice(0, 200)}\``);
  found.findings.push(
    finding('remote-code', names.length > 0 ? `loading runs code of the repository: ${shown.join(', ')}` : 'asks for `trust_remote_code`', {
      seen: { names: names.slice(0, 200) },
    }),
  );
}

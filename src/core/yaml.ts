/**
 * YAML 1.2 within limits: nesting, values and what aliases stand for are counted, so that neither time nor memory depends on more
 * than the length of the text.
 */
import {
  boolCoreTag,
  constructFromEvents,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  EVENT_ID,
  type Event,
  FAILSAFE_SCHEMA,
  floatCoreTag,
  intCoreTag,
  mergeTag,
  NOT_RESOLVED,
  nullCoreTag,
  parseEvents,
  type ScalarTagDefinition,
  type Schema,
  YAMLException,
} from 'js-yaml';
import type { JsonValue } from './canonical-json.js';
import { place, type TextPlace } from './json-text.js';
import { DEFAULT_LIMITS } from './limits.js';
import { own } from './objects.js';

/** What was read, or why it was not, and where in the text. */
export type Yaml = { readonly value: JsonValue } | { readonly problem: string; readonly place: TextPlace };

/** Marks in the text where a value can begin: the parser holds some 300 bytes for each until the whole text is read. */
export const MAX_YAML_MARKS = 500_000;
/** Values of a document when every alias is replaced by what it stands for. */
export const MAX_YAML_VALUES = 1_000_000;
const MAX_DEPTH = DEFAULT_LIMITS.maxDepth;
const MAX_PROBLEM = 200;
const LIST = 'tag:yaml.org,2002:seq';
const MAP = 'tag:yaml.org,2002:map';

/** YAML where every scalar stays the text that was written: `1.10` is no number and `no` is Norway. */
export const parseYaml = (text: string): Yaml => parse(text, TEXTS);

/**
 * The same for texts in which PyYAML, and so the libraries that use it, take the last of two values for one key: it counts, and
 * `duplicate` is the place of the first key that stands in a map twice.
 */
export function parseLenientYaml(text: string): Yaml & { readonly duplicate?: TextPlace } {
  const strict = parse(text, TEXTS);
  if (!('problem' in strict) || strict.problem !== DUPLICATE) return strict;
  return { ...parse(text, TEXTS, true), duplicate: strict.place };
}

const DUPLICATE = 'duplicated mapping key';

/**
 * YAML where what was written without quotes is a number, a boolean or null by the core schema of YAML 1.2: for sources that
 * read their own files so. Numbers that a double cannot hold stay texts, objects of Python are left out.
 */
export const parseTypedYaml = (text: string): Yaml => parse(text, TYPED);

/** The same, but a number that would not be written as it stands, such as the version 1.10, stays text. */
export const parseWrittenYaml = (text: string): Yaml => parse(text, WRITTEN);

function parse(text: string, schema: Schema, isLastOfTwo = false): Yaml {
  const problem = (message: string, offset: number): Yaml => ({
    problem: message.length > MAX_PROBLEM ? `${message.slice(0, MAX_PROBLEM)}…` : message,
    place: place(text, offset),
  });
  const beyond = markBeyond(text, MAX_YAML_MARKS);
  if (beyond !== undefined) return problem(`the document has more than ${MAX_YAML_MARKS} values, keys and lines`, beyond);
  try {
    const events = parseEvents(text, { maxDepth: MAX_DEPTH });
    const documents = constructFromEvents(events, { source: text, schema, json: isLastOfTwo });
    if (documents.length > 1) return problem('the file has more than one document', 0);
    const value = (documents[0] === LEFT_OUT ? null : (documents[0] ?? null)) as JsonValue;
    const alias = events.find(({ type }) => type === EVENT_ID.ALIAS);
    const fault = alias === undefined ? undefined : faultOfAliases(value);
    return fault === undefined ? { value } : problem(fault, offsetOf(alias));
  } catch (error) {
    if (error instanceof YAMLException) return problem(messageOf(error.reason), error.mark?.position ?? 0);
    // A name that is longer than a pattern of the parser can be.
    if (error instanceof RangeError) return problem('a part of the document is too long to be read', 0);
    throw error;
  }
}

const messageOf = (reason: string): string =>
  reason.startsWith('nesting exceeded') ? `the document nests deeper than ${MAX_DEPTH}` : (reason.split('\n', 1)[0] ?? 'not YAML');

const offsetOf = (event: Event | undefined): number => (event !== undefined && 'anchorStart' in event ? event.anchorStart - 1 : 0);

const [LF, CR, SPACE, TAB] = [0x0a, 0x0d, 0x20, 0x09];

/** Offset of the mark behind `max` others: line ends, commas, brackets, and colons, dashes and question marks that can open a value. */
function markBeyond(text: string, max: number): number | undefined {
  if (text.length <= max) return undefined;
  let marks = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (isMark(c) || (isOpening(c) && isGap(text.charCodeAt(i + 1)))) marks++;
    // In a flow collection a colon needs no space behind a quote or a bracket.
    else if (c === 0x3a && isClosing(text.charCodeAt(i - 1))) marks++;
    if (marks > max) return i;
  }
  return undefined;
}

/** Line ends, `,`, `[`, `{`. */
const isMark = (c: number): boolean => c === LF || c === CR || c === 0x2c || c === 0x5b || c === 0x7b;
/** `:`, `-`, `?`. */
const isOpening = (c: number): boolean => c === 0x3a || c === 0x2d || c === 0x3f;
/** Space, the end, or a mark of a flow collection. */
const isGap = (c: number): boolean => Number.isNaN(c) || c === SPACE || c === TAB || isMark(c) || c === 0x5d || c === 0x7d;
/** `"`, `'`, `]`, `}`. */
const isClosing = (c: number): boolean => c === 0x22 || c === 0x27 || c === 0x5d || c === 0x7d;

/** Why a value with aliases in it cannot be used: it holds itself, or far more than was written. */
function faultOfAliases(root: JsonValue): string | undefined {
  // What each list or map holds in all; 0 while it is being counted.
  const sizes = new Map<object, number>();
  const stack: { readonly of: object; readonly items: readonly unknown[]; at: number; size: number }[] = [];
  const enter = (of: object): void => {
    sizes.set(of, 0);
    stack.push({ of, items: Object.values(of), at: 0, size: 1 });
  };
  if (isCollection(root)) enter(root);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const item = top.items[top.at];
    const size = isCollection(item) ? sizes.get(item) : 1;
    if (top.at === top.items.length) {
      sizes.set(top.of, top.size);
      stack.pop();
    } else if (size === undefined) enter(item as object);
    else if (size === 0) return 'an alias stands in what it names';
    else {
      top.size += size;
      top.at++;
      if (top.size > MAX_YAML_VALUES) return `the aliases stand for more than ${MAX_YAML_VALUES} values`;
    }
  }
  return undefined;
}

const isCollection = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Stands for a value that is left out. */
const LEFT_OUT = Symbol('left out');

const keyText = (key: unknown): string => (key === null ? '' : String(key));

/** Only for writing YAML. */
const identify = (): boolean => false;

const scalarTag = (tagName: string, isPrefix: boolean, value = (source: string): unknown => source) =>
  defineScalarTag(tagName, { matchByTagPrefix: isPrefix, resolve: value, identify });

const listTag = (tagName: string, isPrefix: boolean, finalize?: () => unknown) =>
  defineSequenceTag<unknown[], unknown>(tagName, {
    matchByTagPrefix: isPrefix,
    create: () => [],
    addItem: (list, item) => {
      if (item !== LEFT_OUT) list.push(item);
    },
    ...(finalize && { finalize }),
    identify,
  });

/** Maps that hold what was written only, whatever the keys are. */
const mapTag = (tagName: string, isPrefix: boolean, finalize?: () => unknown) =>
  defineMappingTag<Record<string, unknown>, unknown>(tagName, {
    matchByTagPrefix: isPrefix,
    create: () => ({}),
    addPair: (map, key, value) => {
      if (isCollection(key) || key === LEFT_OUT) return 'a key is a list or a map';
      const name = keyText(key);
      if (name === '__proto__') Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
      else if (value !== LEFT_OUT) map[name] = value;
      return '';
    },
    has: (map, key) => typeof key !== 'symbol' && !isCollection(key) && Object.hasOwn(map, keyText(key)),
    // For `<<`.
    keys: (map) => Object.keys(map as object),
    get: (map, key) => own(map as Record<string, unknown>, keyText(key)),
    ...(finalize && { finalize }),
    identify,
  });

/** Values of tags that are not known are read as if they had none. */
const UNKNOWN = [scalarTag('', true), listTag('', true), mapTag('', true)];

const TEXTS: Schema = FAILSAFE_SCHEMA.withTags(mergeTag, listTag(LIST, false), mapTag(MAP, false), UNKNOWN);

type IsKept = (value: number, source: string) => boolean;

/** A number that is not kept stays text. */
const numberTag = (tag: ScalarTagDefinition<number>, isKept: IsKept): ScalarTagDefinition<number | string> => ({
  ...tag,
  resolve: (source, isExplicit, tagName) => {
    const value = tag.resolve(source, isExplicit, tagName);
    return value === NOT_RESOLVED || isKept(value, source) ? value : source;
  },
});

/** Can a double hold it as it was written? */
const isExact: IsKept = (value, source) =>
  Number.isFinite(value) && (!/^[+-]?(\d+|0x[\da-f]+|0o[0-7]+)$/i.test(source) || Number.isSafeInteger(value));

/** Tags of PyYAML for what plain data cannot hold. */
const PYTHON_OBJECTS = ['object', 'name', 'module', 'complex', 'bytes'].flatMap((kind) => {
  const tagName = `tag:yaml.org,2002:python/${kind}`;
  const leftOut = (): typeof LEFT_OUT => LEFT_OUT;
  return [scalarTag(tagName, true, leftOut), listTag(tagName, true, leftOut), mapTag(tagName, true, leftOut)];
});

const typed = (isKept: IsKept): Schema =>
  FAILSAFE_SCHEMA.withTags(
    [mergeTag, listTag(LIST, false), mapTag(MAP, false)],
    [nullCoreTag, boolCoreTag, numberTag(intCoreTag, isKept), numberTag(floatCoreTag, isKept)],
    PYTHON_OBJECTS,
    UNKNOWN,
  );

const TYPED = typed(isExact);
const WRITTEN = typed((value, source) => String(value) === source);

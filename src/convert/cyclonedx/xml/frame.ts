/** One open element of a CycloneDX XML document, and what its children, its attributes and its text mean. */
import type { Finding } from '../../../core/finding.js';
import { SHAPES } from './generated/shapes.js';
import type { Items, Place, Scalar, Shape, Value } from './shape.js';

/** JSON under construction. Member names come from the table alone. */
type Target = Record<string, unknown>;

export interface Frame {
  /** Name for messages. */
  readonly name: string;
  /** The path of the value in JSON, `undefined` where the element has none of its own. */
  readonly pointer: string;
  /** The frame of a child, or why there can be none. */
  child(name: string): Frame | string;
  /** Takes an attribute; false when it is not known. */
  attribute(name: string, value: string): boolean;
  /** The path of the value of an attribute, or of its own text, where it is not that of the element. */
  pointerOf?(attribute: string | undefined): string;
  /** Takes text; false when none may stand here. */
  text(text: string): boolean;
  close?(): void;
  /** Nothing of it is read. */
  readonly isSkipped?: boolean;
}

const INTEGER = /^[+-]?\d{1,15}$/;
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;

/** Why something that the XML schema allows is left out. */
export const NO_PLACE = 'it has no place in JSON';
export const ONE_PLACE = 'JSON has a place for only one';

/** A text as its type says; texts that do not have the form of their type stay as they are, for the schema to refuse. */
function scalarOf(text: string, scalar: Scalar): unknown {
  if (scalar === 'string') return text;
  if (scalar === 'line') return text.replace(/[\t\n\r]/g, ' ');
  const token = text.replace(/[\t\n\r ]+/g, ' ').replace(/^ | $/g, '');
  if (scalar === 'integer' && INTEGER.test(token)) return Number(token);
  if (scalar === 'number' && DECIMAL.test(token)) return Number(token);
  if (scalar === 'boolean' && /^(true|false|0|1)$/.test(token)) return token === 'true' || token === '1';
  return token;
}

const isBlank = (text: string): boolean => !/[^\t\n\r ]/.test(text);
const shapeAt = (index: number): Shape => SHAPES[index] ?? { name: '' };

const refuse = (): boolean => false;
const accept = (): boolean => true;

/** What most elements have in common. */
const frameOf = (name: string, pointer: string): Omit<Frame, 'child'> => ({ name, pointer, attribute: refuse, text: isBlank });

/** An element whose value is a scalar. */
function scalarFrame(name: string, pointer: string, scalar: Scalar, put: (value: unknown) => void): Frame {
  const parts: string[] = [];
  return {
    ...frameOf(name, pointer),
    child: () => 'only text may stand here',
    text: (text) => parts.push(text) > 0,
    close: () => put(scalarOf(parts.join(''), scalar)),
  };
}

/** An element whose value is one of its attributes. */
function attributeFrame(name: string, pointer: string, attribute: string, put: (value: unknown) => void): Frame {
  let taken = false;
  return {
    ...frameOf(name, pointer),
    child: () => NO_PLACE,
    attribute(key, value) {
      if (key !== attribute) return false;
      put(value);
      return (taken = true);
    },
    // For the schema to refuse.
    close: () => (taken ? undefined : put(null)),
  };
}

function valueFrame(name: string, pointer: string, value: Value, put: (value: unknown) => void): Frame {
  if (typeof value === 'string') return scalarFrame(name, pointer, value, put);
  if (typeof value === 'object') return attributeFrame(name, pointer, value.value, put);
  const shape = shapeAt(value);
  const target: Target = {};
  const frame = objectFrame(name, pointer, shape, target);
  if (shape.mixed) return mixedFrame(frame, target, put);
  put(target);
  return frame;
}

/** An element whose text may stand for its elements. */
function mixedFrame(frame: Frame, target: Target, put: (value: unknown) => void): Frame {
  const parts: string[] = [];
  let hasElements = false;
  return {
    ...frame,
    child(child) {
      if (!isBlank(parts.join(''))) return 'a text stands for it';
      hasElements = true;
      return frame.child(child);
    },
    text: (text) => (hasElements ? isBlank(text) : parts.push(text) > 0),
    close() {
      const text = parts.join('');
      put(isBlank(text) ? target : text);
    },
  };
}

/** An element that is an object in JSON. */
export function objectFrame(name: string, pointer: string, shape: Shape, target: Target): Frame {
  const parts: string[] = [];
  const seen = new Set<string>();
  return {
    ...frameOf(name, pointer),
    pointerOf(attribute) {
      const [key] = (attribute === undefined ? shape.text : shape.attributes?.[attribute]) ?? [];
      return key === undefined ? pointer : `${pointer}/${key}`;
    },
    child(child) {
      const place = Object.hasOwn(shape.elements ?? {}, child) ? shape.elements?.[child] : undefined;
      if (place === undefined) return 'the schema has no such element here';
      if (place === null) return NO_PLACE;
      if (seen.has(child) && !REPEATS.has(place[1])) return ONE_PLACE;
      seen.add(child);
      return memberFrame(child, pointer, place, target);
    },
    attribute(key, value) {
      const known = Object.hasOwn(shape.attributes ?? {}, key) ? shape.attributes?.[key] : undefined;
      if (known === undefined) return false;
      target[known[0]] = scalarOf(value, known[1]);
      return true;
    },
    text: (text) => (shape.text === undefined ? isBlank(text) : parts.push(text) > 0),
    close() {
      if (shape.text !== undefined && !(shape.optional && parts.length === 0))
        target[shape.text[0]] = scalarOf(parts.join(''), shape.text[1]);
    },
  };
}

const REPEATS: ReadonlySet<string> = new Set(['many', 'many choice', 'list', 'uniform list', 'merge']);

function memberFrame(name: string, parent: string, place: NonNullable<Place>, target: Target): Frame {
  if (place[1] === 'merge') return objectFrame(name, parent, shapeAt(place[2]), target);
  const [key] = place;
  const pointer = `${parent}/${key}`;
  const put = (value: unknown): void => void (target[key] = value);
  switch (place[1]) {
    case 'list':
    case 'uniform list':
      return listFrame(name, pointer, place[2], listIn(target, key));
    case 'many':
      return itemFrame(name, pointer, [place[2]], listIn(target, key));
    case 'one':
      return place[3] === undefined ? valueFrame(name, pointer, place[2], put) : eitherFrame(name, pointer, place[2], place[3], put);
    case 'choice':
      return choiceFrame(name, pointer, place[2], put);
    case 'many choice': {
      const list = listIn(target, key);
      return choiceFrame(name, `${pointer}/${list.length}`, place[2], (value) => void list.push(value));
    }
  }
}

function listIn(target: Target, key: string): unknown[] {
  const list = target[key];
  if (Array.isArray(list)) return list;
  const made: unknown[] = [];
  target[key] = made;
  return made;
}

function itemFrame(name: string, pointer: string, [value, key]: readonly [Value, string?], list: unknown[]): Frame {
  const at = `${pointer}/${list.length}`;
  if (key === undefined) return valueFrame(name, at, value, (item) => void list.push(item));
  const item: Target = {};
  list.push(item);
  return valueFrame(name, `${at}/${key}`, value, (inner) => void (item[key] = inner));
}

/** An element that only holds items. */
function listFrame(name: string, pointer: string, items: Items, list: unknown[]): Frame {
  return {
    ...frameOf(name, pointer),
    child: (child) => {
      const item = Object.hasOwn(items, child) ? items[child] : undefined;
      return item === undefined ? 'the schema has no such element here' : itemFrame(child, pointer, item, list);
    },
  };
}

/** An element that stands for its only child. */
function choiceFrame(name: string, pointer: string, values: Readonly<Record<string, Value>>, put: (value: unknown) => void): Frame {
  let taken = false;
  return {
    ...frameOf(name, pointer),
    child(child) {
      const value = Object.hasOwn(values, child) ? values[child] : undefined;
      if (value === undefined) return 'the schema has no such element here';
      if (taken) return 'only one of its kind may stand here';
      taken = true;
      return valueFrame(child, pointer, value, put);
    },
  };
}

/** An element that is a list when it has some children, else an object: the tools of older documents. */
function eitherFrame(name: string, pointer: string, value: Value, items: Items, put: (value: unknown) => void): Frame {
  let inner: Frame | undefined;
  const open = (child: string): Frame => {
    if (!Object.hasOwn(items, child)) return valueFrame(name, pointer, value, put);
    const list: unknown[] = [];
    put(list);
    return listFrame(name, pointer, items, list);
  };
  return {
    ...frameOf(name, pointer),
    child: (child) => (inner ??= open(child)).child(child),
    close: () => {
      if (inner === undefined) put([]);
      else inner.close?.();
    },
  };
}

/** An element that is left out, with all that is in it. */
export function skippedFrame(name: string, pointer: string): Frame {
  const frame: Frame = { name, pointer, child: () => frame, attribute: accept, text: accept, isSkipped: true };
  return frame;
}

const finding =
  (id: string, severity: 'high' | 'low', fix: string) =>
  (pointer: string, message: string): Finding => ({ id, severity, message, fix, pointer });

/** What is wrong with the XML itself. */
export const structureFinding = finding('cyclonedx-xml-structure', 'high', 'Correct the document by the XML schema of its version.');

/** An element or attribute of another namespace, which a conversion keeps as it stands. */
export const ofOthers = finding(
  'cyclonedx-xml-extension',
  'low',
  'Nothing to do where its readers know it: a conversion keeps it, and writes it into XML again.',
);

/** What is well-formed and has no place in the JSON form. */
export const leftOut = finding('cyclonedx-xml-extension', 'low', 'Keep the XML document where this is needed.');

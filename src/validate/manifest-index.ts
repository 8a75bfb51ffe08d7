import { pointerStep } from '../core/json-pointer.js';
import { own } from '../core/objects.js';
import {
  type CollectionName,
  FORMS,
  type Manifest,
  REFERENCES,
  type ReferenceRow,
  SHAPES,
  THINGS,
  type TypeName,
  WORDS,
} from '../schema/index.js';
import { type Coverage, coverageOf } from './coverage.js';

/** A value and where it stands. */
export interface At<T> {
  readonly pointer: string;
  readonly value: T;
}

/** A text that has a meaning by its place. */
export interface TextAt extends At<string> {
  /** `Type.member` that holds it. */
  readonly member: string;
}

/** A name of something, with what it may name. */
export interface NameAt extends TextAt {
  readonly row: ReferenceRow;
  /** Names that stand nearer by: the keys of `stages` or `files` around. */
  readonly beside: object;
}

/** What many rules look for, found in one walk over the manifest. */
export interface ManifestIndex {
  /** Every object of a type. */
  readonly of: <T>(type: TypeName) => readonly At<T>[];
  /** Every place that names a thing or a file. */
  readonly references: readonly NameAt[];
  /** Texts that a schema tells the form of in part only. */
  readonly forms: readonly TextAt[];
  /** Texts that are words of an open vocabulary. */
  readonly words: readonly TextAt[];
  /** Every text. */
  readonly texts: readonly At<string>[];
  /** The collection that has an id, over the collections that share one space of ids. */
  readonly things: ReadonlyMap<string, CollectionName>;
  /** Which values have evidence; worked out when first asked for. */
  readonly coverage: () => Coverage;
}

interface Growing {
  readonly types: Map<string, At<unknown>[]>;
  readonly references: NameAt[];
  readonly forms: TextAt[];
  readonly words: TextAt[];
  readonly texts: At<string>[];
}

const shapes: Readonly<Record<string, Readonly<Record<string, string>>>> = SHAPES;
const NOTHING = {};

/** Where a walk is: the `Type.member` that holds the values, and the keys nearer by. */
interface Holder {
  readonly member: string;
  readonly row?: ReferenceRow | undefined;
  readonly form: boolean;
  readonly word: boolean;
  readonly beside: object;
}

/** Walks a manifest that meets the schema. */
export function indexManifest(manifest: Manifest): ManifestIndex {
  const index: Growing = { types: new Map(), references: [], forms: [], words: [], texts: [] };
  walkObject(manifest, 'Manifest', '', NOTHING, index);
  const things = new Map<string, CollectionName>();
  for (const collection of THINGS)
    for (const id of Object.keys(manifest[collection] ?? {})) if (!things.has(id)) things.set(id, collection);
  let coverage: Coverage | undefined;
  return {
    ...index,
    things,
    of: <T>(type: TypeName) => (index.types.get(type) ?? []) as readonly At<T>[], // by the schema
    coverage: () => (coverage ??= coverageOf(manifest)),
  };
}

function walkObject(value: object, type: string, pointer: string, beside: object, index: Growing): void {
  const members = own(shapes, type);
  if (members === undefined) return;
  const found = index.types.get(type);
  if (found === undefined) index.types.set(type, [{ pointer, value }]);
  else found.push({ pointer, value });
  for (const key of Object.keys(value)) {
    const child: unknown = value[key as keyof typeof value];
    const shape = own(members, key);
    if (shape === undefined) walkFree(child, pointer + pointerStep(key), index);
    else walkMember(child, shape, pointer + pointerStep(key), holderOf(`${type}.${key}`, value, beside), index);
  }
}

/** `stages` of a training and `files` of a dataset are named from inside them. */
function holderOf(member: string, value: object, beside: object): Holder {
  const { stages, files } = value as { readonly stages?: object; readonly files?: object };
  return {
    member,
    row: own(REFERENCES, member),
    form: Object.hasOwn(FORMS, member),
    word: Object.hasOwn(WORDS, member),
    beside: stages ?? files ?? beside,
  };
}

function walkMember(value: unknown, shape: string, pointer: string, holder: Holder, index: Growing): void {
  if (shape === '*') walkFree(value, pointer, index);
  else if (shape === 'text' && typeof value === 'string') text(value, pointer, holder, index);
  if (shape === '*' || typeof value !== 'object' || value === null) return;
  const inner = shape.startsWith('[]') || shape.startsWith('{}') ? shape.slice(2) : undefined;
  if (inner === undefined) walkObject(value, shape, pointer, holder.beside, index);
  if (inner === undefined) return;
  if (holder.member === 'Manifest.dependencies' && holder.row !== undefined)
    for (const key of Object.keys(value))
      index.references.push({ pointer: pointer + pointerStep(key), value: key, member: holder.member, row: holder.row, beside: NOTHING });
  const keyed = holder.word && inner.startsWith('[]') && shape.startsWith('{}');
  for (const key of Object.keys(value)) {
    const child: unknown = value[key as keyof typeof value];
    if (keyed) index.words.push({ pointer: pointer + pointerStep(key), value: key, member: holder.member });
    walkMember(child, inner, pointer + pointerStep(key), keyed ? { ...holder, word: false } : holder, index);
  }
}

function text(value: string, pointer: string, { member, row, form, word, beside }: Holder, index: Growing): void {
  index.texts.push({ pointer, value });
  if (row !== undefined) index.references.push({ pointer, value, member, row, beside });
  if (form) index.forms.push({ pointer, value, member });
  if (word) index.words.push({ pointer, value, member });
}

/** Values that are not the specification's: only their texts are looked at. */
function walkFree(value: unknown, pointer: string, index: Growing): void {
  if (typeof value === 'string') index.texts.push({ pointer, value });
  else if (typeof value === 'object' && value !== null)
    for (const [key, child] of Object.entries(value)) walkFree(child, pointer + pointerStep(key), index);
}

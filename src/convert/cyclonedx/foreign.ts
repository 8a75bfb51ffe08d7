/** What a document of another producer says that the manifest has no member for: kept in `foreign.cyclonedx` and written out again. */
import type { JsonValue } from '../../core/canonical-json.js';
import { applyEdit, diff, diffItems, type Edit, isEdit } from '../edits.js';
import { packEdit, unpackEdit } from '../packed-edit.js';
import { isObject, type Json, objectOf, textOf, wordOf } from './json.js';
import type { CycloneDXVersion } from './library.js';
import type { Layout, LazyDocument } from './write.js';

/** Versions that are read. */
export const READ_VERSIONS = ['1.4', '1.5', '1.6', '1.7'] as const;
export type ReadVersion = (typeof READ_VERSIONS)[number];

export interface Foreign {
  /** Of the document. */
  readonly version: ReadVersion;
  readonly layout: Layout;
  /** From what the manifest would be written as to the document. */
  readonly edits?: Edit;
}

/** The version that a document of a version is compared with: 1.4 is read and not written. */
export const writtenVersion = (version: ReadVersion): CycloneDXVersion => (version === '1.4' ? '1.5' : version);

/** Members that follow from the version, and are no content. */
const withoutVersion = ({ specVersion: _specVersion, ...content }: Json): Json => content;

/** What a document has over the native form of its manifest; undefined when that is all of it. */
export function foreignOf(native: LazyDocument, document: Json, version: ReadVersion, layout: Layout): Foreign | undefined {
  const edits = editsFor(native, document);
  if (edits === undefined && Object.keys(layout).length === 0) return undefined;
  return { version, layout, ...(edits === undefined ? {} : { edits }) };
}

/** The same as the difference of the whole documents, without holding both. */
function editsFor({ document: native, components: mine }: LazyDocument, document: Json): Edit | undefined {
  const { components: theirs, ...rest } = withoutVersion(document);
  // Both are plain JSON.
  const edits = diff(withoutVersion(native) as JsonValue, rest as JsonValue);
  if (mine.length === 0 || !Array.isArray(theirs)) {
    const all = mine.length === 0 ? {} : { components: Array.from({ length: mine.length }, (_, i) => mine.at(i)) };
    return join(edits, diff(all, theirs === undefined ? {} : { components: theirs as JsonValue }));
  }
  const list = diffItems(mine, theirs as readonly JsonValue[]);
  return join(edits, list === undefined ? undefined : ['{', { components: list }]);
}

/** Edits of different members of one object. */
function join(a: Edit | undefined, b: Edit | undefined): Edit | undefined {
  return a?.[0] === '{' && b?.[0] === '{' ? ['{', { ...a[1], ...b[1] }] : (a ?? b);
}

/** As it stands in a manifest. */
export function packForeign({ version, layout, edits }: Foreign): JsonValue {
  return { version, ...layout, ...(edits === undefined ? {} : { edits: packEdit(edits) }) } as JsonValue; // plain JSON
}

/** From the content that reading a document gives to the content that was kept; undefined where they are the same. */
export function editForeign(read: JsonValue | undefined, kept: JsonValue | undefined): JsonValue | undefined {
  return diff(boxed(read), boxed(kept)) as JsonValue | undefined; // edits are plain JSON
}

/** The content that was kept, from what reading the document gives; the latter where the two do not fit together. */
export function keptForeign(read: JsonValue | undefined, edit: JsonValue): JsonValue | undefined {
  if (!isEdit(edit)) return read;
  const { value, dropped } = applyEdit(boxed(read), edit);
  return dropped.length > 0 ? read : (objectOf(value).content as JsonValue | undefined); // as boxed
}

const boxed = (content: JsonValue | undefined): JsonValue => (content === undefined ? {} : { content });

/** What stands in a manifest; undefined for content that this converter has not made. */
export function parseForeign(value: unknown): Foreign | undefined {
  if (!isObject(value)) return undefined;
  const version = wordOf(value.version, READ_VERSIONS);
  const { names, main, emptyLists } = value;
  const edits = unpackEdit(value.edits);
  if (version === undefined || (value.edits !== undefined && edits === undefined)) return undefined;
  const { at, type } = objectOf(main);
  const place = wordOf(at, ['metadata', 'components', 'none'] as const);
  const isNames = isObject(names) && Object.values(names).every((ref) => typeof ref === 'string' && ref !== '');
  const layout: Layout = {
    ...(emptyLists === true ? { emptyLists } : {}),
    ...(isNames ? { names: names as Readonly<Record<string, string>> } : {}),
    ...(place === undefined ? {} : { main: { at: place, ...(textOf(type) === undefined ? {} : { type: String(type) }) } }),
  };
  return { version, layout, ...(edits === undefined ? {} : { edits }) };
}

/** A document with what it had of others. Places that the manifest says differently by now are left as the manifest says. */
export function applyForeign(
  native: Json,
  foreign: Foreign,
  version: CycloneDXVersion,
): { readonly document: Json; readonly dropped: readonly string[] } {
  const { value, dropped } = applyEdit(withoutVersion(native) as JsonValue, foreign.edits);
  const { $schema, ...content } = objectOf(value);
  const hasSchema = foreign.version === version;
  const schema = $schema === undefined || !hasSchema ? {} : { $schema };
  return {
    document: { ...schema, bomFormat: content.bomFormat, specVersion: version, ...content },
    dropped: hasSchema ? dropped : dropped.filter((pointer) => pointer !== '/$schema'),
  };
}

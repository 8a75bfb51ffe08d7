/** Which source stated which member: evidence as citations of places in the document (CycloneDX 1.7). */

import { parsePointer, pointerStep, resolvePointer } from '../../core/json-pointer.js';
import type { Evidence, Manifest } from '../../schema/index.js';
import { fileId } from '../graph.js';
import { isProperty, type Place } from '../mapping/row.js';
import { isObject, type Json, objectOf, objectsOf, textOf, unique } from './json.js';

/** Where members of things were written: by the id of the thing, member with dots and place in its component. */
export type Places = Map<string, readonly (readonly [at: string, place: Place])[]>;

const OWN = 'msbom:citation:';

/** The bom-ref of the program that made the document, where a citation names it. */
const TOOL = 'msbom:tool';
const TOOLS = '/metadata/tools/components';

/** The document with other programs; the first of them can have a bom-ref. */
function changeTools(document: Json, change: (first: Json) => Json): Json {
  const [first, ...others] = objectsOf(resolvePointer(document, TOOLS));
  if (first === undefined) return document;
  const metadata = objectOf(document.metadata);
  return { ...document, metadata: { ...metadata, tools: { ...objectOf(metadata.tools), components: [change(first), ...others] } } };
}

/** The document with a citation for each statement of the evidence whose source is a component of it. */
export function addCitations(whole: Json, manifest: Manifest, places: Places, ref: (id: string) => string): Json {
  if (manifest.evidence === undefined) return whole;
  const document = changeTools(whole, (first) => ({ 'bom-ref': TOOL, ...first }));
  const components = componentsIn(document);
  const citations = (manifest.evidence ?? []).flatMap((statement, i): Json[] => {
    const { source, at = manifest.bom.timestamp } = statement;
    const file = source?.path === undefined ? undefined : ref(fileId(source.path));
    const attributedTo = [file, TOOL].find((each) => each !== undefined && components.has(each));
    const pointers = unique(
      Object.keys(statement.values).flatMap((pointer) => placeOf(pointer, { document, manifest, places, ref, components }) ?? []),
    );
    return attributedTo === undefined || pointers.length === 0
      ? []
      : [{ 'bom-ref': `${OWN}${i}`, pointers, timestamp: at, attributedTo, note: noteOf(statement) }];
  });
  return citations.length === 0 ? whole : { ...document, citations: [...objectsOf(document.citations), ...citations] };
}

/** The document without citations that were made from evidence. */
export function withoutCitations(whole: Json): Json {
  if (!Array.isArray(whole.citations)) return whole;
  const document = changeTools(whole, ({ 'bom-ref': ref, ...first }) =>
    ref === undefined || ref === TOOL ? first : { 'bom-ref': ref, ...first },
  );
  const { citations, ...rest } = document as { readonly citations: readonly unknown[] };
  const others = citations.filter((each) => !(isObject(each) && textOf(each['bom-ref'])?.startsWith(OWN) === true));
  if (others.length === citations.length) return whole;
  return others.length === 0 ? rest : { ...document, citations: others };
}

interface Search {
  readonly document: Json;
  readonly manifest: Manifest;
  readonly places: Places;
  readonly ref: (id: string) => string;
  readonly components: ReadonlyMap<string, string>;
}

const SECTIONS: ReadonlySet<string> = new Set(['models', 'datasets', 'components', 'services']);

/** The nearest place in the document that holds what a pointer of the manifest leads to; undefined when there is none. */
function placeOf(pointer: string, { document, manifest, places, ref, components }: Search): string | undefined {
  const [section = '', key = '', ...inner] = parsePointer(pointer) ?? [];
  const subject = manifest.bom.subject ?? 'model';
  const [id, steps] =
    section === 'model'
      ? ['model', key === '' ? [] : [key, ...inner]]
      : SECTIONS.has(section)
        ? [key, inner]
        : section === 'artifacts'
          ? [fileId(key), inner]
          : [subject, key === '' ? [section] : [section, key, ...inner]];
  const at = components.get(ref(id));
  if (at === undefined) return undefined;
  const wanted = steps.join('.');
  const isPrefix = (a: string, b: string): boolean => a === b || b.startsWith(`${a}.`);
  const found = (places.get(id) ?? [])
    .filter(([member]) => isPrefix(member, wanted) || (wanted !== '' && isPrefix(wanted, member)))
    .sort(([a], [b]) => b.length - a.length)
    .map(([, place]) => at + inComponent(place));
  const candidates = [...found, `${at}/properties`, at];
  return candidates.find((each) => resolvePointer(document, each) !== undefined);
}

/** Official names stand among the properties, and what is said of data in its only item. */
function inComponent(place: Place): string {
  if (isProperty(place)) return '/properties';
  const [first = '', ...rest] = place.replace(/\[\]$/, '').split('.');
  return [...(first === 'dataset' ? ['data', '0'] : [first]), ...rest].map(pointerStep).join('');
}

/** Pointers of components, services and tools by their bom-ref. */
function componentsIn(document: Json): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const open: (readonly [unknown, string])[] = [[resolvePointer(document, '/metadata/component'), '/metadata/component']];
  for (const path of ['/components', '/services', TOOLS]) open.push(...itemsAt(document, '', path));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, pointer] = next;
    if (!isObject(value)) continue;
    const ref = textOf(value['bom-ref']);
    if (ref !== undefined && !found.has(ref)) found.set(ref, pointer);
    for (const path of ['/components', '/services', '/pedigree/ancestors']) open.push(...itemsAt(value, pointer, path));
  }
  return found;
}

function itemsAt(value: Json, pointer: string, path: string): readonly (readonly [unknown, string])[] {
  const list = resolvePointer(value, path);
  return Array.isArray(list) ? list.map((item: unknown, i) => [item, `${pointer}${path}/${i}`] as const) : [];
}

function noteOf({ origin, method, source, values }: Evidence): string {
  const from = source?.path ?? source?.uri ?? source?.name;
  return [`${origin} by ${method}`, ...(from === undefined ? [] : [`from ${from}`]), `${Object.keys(values).length} values`].join(', ');
}

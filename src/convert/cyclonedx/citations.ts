/** Where values came from, as citations of places in the document (1.7). */
import { parsePointer, resolvePointer, toPointer } from '../../core/json-pointer.js';
import type { Evidence, Identifier, Manifest } from '../../schema/index.js';
import type { LazyList } from '../edits.js';
import type { Context } from './context.js';
import { refOfFile } from './files.js';
import { isObject, type Json, objectsOf, pick, textOf, textsOf, unique } from './json.js';
import type { Extra } from './library.js';
import { refOfTool } from './metadata.js';

const MAIN = '/metadata/component';
const CARD = `${MAIN}/modelCard`;

/** Places of the manifest and the nearest that hold the same in the document. `$1` is a number of the pointer. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/^\/model\/(name|group|version|description|copyright|tags|authors|supplier|licenses)(?:\/.*)?$/, `${MAIN}/$1`],
  [/^\/model\/producer(?:\/.*)?$/, `${MAIN}/manufacturer`],
  [/^\/model\/identifiers$/, `${MAIN}/purl`],
  [/^\/model\/types(?:\/0)?$/, `${CARD}/modelParameters/task`],
  [/^\/model\/architecture\/family$/, `${CARD}/modelParameters/architectureFamily`],
  [/^\/model\/architecture(?:\/name)?$/, `${CARD}/modelParameters/modelArchitecture`],
  [/^\/model\/learningApproaches(?:\/0)?$/, `${CARD}/modelParameters/approach`],
  [/^\/model\/io\/(inputs|outputs)(?:\/.*)?$/, `${CARD}/modelParameters/$1`],
  [/^\/model\/limitations(?:\/.*)?$/, `${CARD}/considerations/technicalLimitations`],
  [/^\/model(?:\/.*)?$/, `${MAIN}/properties`],
  [/^\/usage\/users(?:\/.*)?$/, `${CARD}/considerations/users`],
  [/^\/usage\/(?:intendedPurpose|tasks)(?:\/.*)?$/, `${CARD}/considerations/useCases`],
  [/^\/risk(?:\/.*)?$/, `${CARD}/considerations`],
  [/^\/evaluations(?:\/.*)?$/, `${CARD}/quantitativeAnalysis`],
  [/^\/artifacts\/(\d+)\/digest(?:\/.*)?$/, `${MAIN}/components/$1/hashes`],
  [/^\/artifacts\/(\d+)\/path$/, `${MAIN}/components/$1/name`],
  [/^\/artifacts\/(\d+)\/licenses(?:\/.*)?$/, `${MAIN}/components/$1/licenses`],
  [/^\/artifacts\/(\d+)\/.+$/, `${MAIN}/components/$1/properties`],
  [/^\/artifacts\/(\d+)$/, `${MAIN}/components/$1`],
  [/^\/lineage\/ancestors\/(\d+)\/(name|version|licenses)(?:\/.*)?$/, `${MAIN}/pedigree/ancestors/$1/$2`],
  [/^\/lineage\/ancestors\/(\d+)(?:\/.*)?$/, `${MAIN}/pedigree/ancestors/$1`],
  [/^\/lineage(?:\/.*)?$/, `${MAIN}/pedigree`],
  [/^\/documents(?:\/.*)?$/, `${MAIN}/externalReferences`],
  [/^\/provenance(?:\/.*)?$/, `${MAIN}/externalReferences`],
  [/^\/training\/energy(?:\/.*)?$/, `${CARD}/considerations/environmentalConsiderations`],
  [/^\/training(?:\/.*)?$/, '/formulation/0/workflows/0'],
  [/^\/environments(?:\/.*)?$/, '/formulation/0/components'],
  [/^\/datasets\/(\d+)\/(name|version|description|licenses)(?:\/.*)?$/, '/components/$1/$2'],
  [/^\/datasets\/(\d+)(?:\/.*)?$/, '/components/$1'],
  [/^\/components(?:\/.*)?$/, '/components'],
  [/^\/dependencies(?:\/.*)?$/, '/dependencies'],
  [/^\/services(?:\/.*)?$/, '/services'],
  [/^\/security\/vulnerabilities\/(\d+)(?:\/.*)?$/, '/vulnerabilities/$1'],
];

/** The citations of a document without an own dataset as its subject; each names the file or the tool that the values came from. */
export function writeCitations(manifest: Manifest, document: Json, components: LazyList, context: Context): readonly Extra[] {
  if (manifest.bom.subject === 'dataset') return [];
  const files = new Map((manifest.artifacts ?? []).map((file) => [file.path, refOfFile(file, '', context.ref)] as const));
  const tool = manifest.bom.tools === undefined ? undefined : refOfTool(0);
  return unique(
    (manifest.evidence ?? []).flatMap((entry) => {
      const pointers = placesOf(entry, manifest, (place) => isThere(place, document, components));
      const attributedTo = (entry.source?.path === undefined ? undefined : files.get(entry.source.path)) ?? tool;
      return pointers.length === 0 || attributedTo === undefined
        ? []
        : [{ pointers, timestamp: manifest.bom.timestamp, attributedTo, note: noteOf(entry) }];
    }),
  );
}

/** Where identifiers of a kind stand; those that have no member, and further ones, are properties. */
const IDENTIFIER_MEMBERS: Readonly<Partial<Record<Identifier['type'], string>>> = {
  purl: 'purl',
  cpe: 'cpe',
  swid: 'swid',
  swhid: 'swhid',
  omnibor: 'omniborId',
};

function placeOfIdentifier(index: number, { model }: Manifest): string {
  const { type } = model?.identifiers?.[index] ?? {};
  const isFirst = type !== undefined && model?.identifiers?.findIndex((each) => each.type === type) === index;
  const member = isFirst ? IDENTIFIER_MEMBERS[type] : undefined;
  return `${MAIN}/${member ?? 'properties'}`;
}

function placesOf({ pointers }: Evidence, manifest: Manifest, isPlace: (place: string) => boolean): readonly string[] {
  const places = pointers.flatMap((pointer) => {
    const identifier = /^\/model\/identifiers\/(\d+)(?:\/|$)/.exec(pointer)?.[1];
    if (identifier !== undefined) return [placeOfIdentifier(Number(identifier), manifest)];
    const found = PLACES.find(([pattern]) => pattern.test(pointer));
    return found === undefined ? [] : [pointer.replace(found[0], found[1])];
  });
  return unique(places).filter(isPlace);
}

function isThere(place: string, document: Json, components: LazyList): boolean {
  const [, index, inside = ''] = /^\/components\/(\d+)(.*)$/s.exec(place) ?? [];
  if (place === '/components') return components.length > 0;
  if (index === undefined) return resolvePointer(document, place) !== undefined;
  return Number(index) < components.length && resolvePointer(components.at(Number(index)), inside) !== undefined;
}

function noteOf({ origin, method, source, confidence }: Evidence): string {
  const from = source?.path ?? source?.uri ?? source?.name;
  return [
    `${origin} by ${method}`,
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(confidence === undefined ? [] : [`confidence ${confidence}`]),
  ].join(', ');
}

/** A document with its citations. */
export const withCitations = (document: Json, citations: readonly Extra[]): Json =>
  citations.length === 0 ? document : { ...document, ...pick({ citations }) };

/** What the items of lists are known by, wherever they stand. */
const nameOf = (item: unknown): string | undefined => (isObject(item) ? (textOf(item['bom-ref']) ?? textOf(item.id)) : undefined);

/**
 * The document with citations of the places where things are now: content of another producer may have put others before them.
 * `native` is what the citations were made for; those of others stay as they are.
 */
export function followItems(document: Json, native: Json): Json {
  if (native.citations === undefined || document.citations === undefined) return document;
  const own = new Set(objectsOf(native.citations).map((each) => JSON.stringify(each)));
  const follow = follower(document, native);
  const citations = objectsOf(document.citations).flatMap((each): Json[] => {
    if (!own.has(JSON.stringify(each))) return [each];
    const pointers = textsOf(each.pointers).flatMap((pointer) => follow(pointer) ?? []);
    return pointers.length === 0 ? [] : [{ ...each, pointers }];
  });
  const { citations: _citations, ...rest } = document;
  return citations.length === 0 ? rest : { ...document, citations };
}

/** The pointer of the same place in another document; undefined where that does not have it. */
function follower(document: Json, native: Json): (pointer: string) => string | undefined {
  const places = new Map<string, ReadonlyMap<string | undefined, number>>();
  const placesIn = (pointer: string): ReadonlyMap<string | undefined, number> => {
    const list = resolvePointer(document, pointer);
    const known = places.get(pointer) ?? new Map((Array.isArray(list) ? list : []).map((item, i) => [nameOf(item), i] as const));
    places.set(pointer, known);
    return known;
  };
  return (pointer) => {
    let [before, now]: [unknown, string] = [native, ''];
    for (const key of parsePointer(pointer) ?? []) {
      const next = resolvePointer(before, toPointer([key]));
      const name = Array.isArray(before) ? nameOf(next) : undefined;
      const place = name === undefined ? undefined : placesIn(now).get(name);
      if (Array.isArray(before) && place === undefined) return undefined;
      now += toPointer([place ?? key]);
      before = next;
    }
    return resolvePointer(document, now) === undefined ? undefined : now;
  };
}

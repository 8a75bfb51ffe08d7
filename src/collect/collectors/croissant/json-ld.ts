/**
 * As much of JSON-LD as a Croissant document needs: keys under their vocabularies, values as texts and objects. Contexts
 * that are only named by URL are not fetched.
 * Sources: https://www.w3.org/TR/json-ld11/, https://docs.mlcommons.org/croissant/docs/croissant-spec.html#appendix-1
 */
import { asObject, asText, type Loose } from '../../values.js';

/** Vocabularies, the longest first, and the prefix by which this code speaks of them. */
const VOCABULARIES = [
  ['mlcommons.org/croissant/rai/', 'rai:'],
  ['mlcommons.org/croissant/', 'cr:'],
  ['schema.org/', 'sc:'],
  ['purl.org/dc/terms/', 'dct:'],
  ['www.w3.org/ns/prov#', 'prov:'],
] as const;
const PREFIXES = new Set(VOCABULARIES.map(([, prefix]) => prefix.slice(0, -1)));
/** Terms of Croissant that its context maps to its own vocabulary; documents leave them unmapped by mistake. */
const CROISSANT_TERMS = new Set(
  'citeAs containedIn data dataType excludes field includes isLiveDataset key md5 recordSet sdVersion source subField'.split(' '),
);

/** Names of a document's context. */
export interface Vocabulary {
  /** A key or type in this code's spelling: `sc:name`, `cr:recordSet`, `rai:dataBiases`. */
  name(key: string): string;
  /** Language of texts that have none of their own. */
  readonly language: string | undefined;
}

/** The vocabulary of a document. */
export function vocabularyOf(context: unknown): Vocabulary {
  const terms = new Map<string, string>();
  let language: string | undefined;
  for (const part of (Array.isArray(context) ? context : [context]).map(asObject)) {
    for (const [term, definition] of Object.entries(part ?? {})) {
      const target = asText(definition) ?? asText(asObject(definition)?.['@id']);
      if (term === '@language') language = target;
      else if (target !== undefined) terms.set(term, target);
    }
  }
  const known = new Map<string, string>();
  return {
    language,
    name(key) {
      const name = known.get(key) ?? nameOf(terms, key, 0);
      if (known.size < 10_000) known.set(key, name);
      return name;
    },
  };
}

function nameOf(terms: ReadonlyMap<string, string>, key: string, depth: number): string {
  if (key.startsWith('@')) return key;
  const target = terms.get(key);
  if (target !== undefined && target !== key && depth < 5) return nameOf(terms, target, depth + 1);
  const url = shortened(key);
  if (url !== undefined) return url;
  const colon = key.indexOf(':');
  if (colon > 0) {
    const prefix = key.slice(0, colon);
    const base = terms.get(prefix);
    const rest = key.slice(colon + 1);
    if (base !== undefined && base !== prefix) return shortened(base + rest) ?? base + rest;
    return PREFIXES.has(prefix) ? key : prefix === 'schema' ? `sc:${rest}` : key;
  }
  // The vocabulary of a Croissant document is schema.org, whether the document says so or only means it.
  return CROISSANT_TERMS.has(key) ? `cr:${key}` : key === 'conformsTo' ? 'dct:conformsTo' : `sc:${key}`;
}

function shortened(iri: string): string | undefined {
  const place = iri.replace(/^https?:\/\//i, '');
  if (place === iri) return undefined;
  const found = VOCABULARIES.find(([base]) => place.toLowerCase().startsWith(base));
  return found === undefined ? undefined : found[1] + place.slice(found[0].length);
}

/** An object whose keys have their vocabularies. */
export interface Node {
  readonly id: string | undefined;
  readonly types: readonly string[];
  /** All values of a property, whether it is written as one value or a list. */
  values(name: string): readonly unknown[];
  /** The texts among them. */
  texts(name: string): readonly string[];
  text(name: string): string | undefined;
  /** The objects among them. */
  nodes(name: string): readonly Node[];
}

export function nodeOf(value: Loose, vocabulary: Vocabulary): Node {
  const members = new Map<string, unknown>();
  for (const [key, member] of Object.entries(value)) {
    const name = vocabulary.name(key);
    if (!members.has(name)) members.set(name, member);
  }
  const values = (name: string): readonly unknown[] => {
    const member = members.get(name);
    return member === undefined || member === null ? [] : Array.isArray(member) ? member : [member];
  };
  const texts = (name: string): readonly string[] => values(name).flatMap((each) => textOf(each, vocabulary) ?? []);
  return {
    id: asText(members.get('@id')),
    types: values('@type').flatMap((type) => (typeof type === 'string' ? [vocabulary.name(type)] : [])),
    values,
    texts,
    text: (name) => texts(name)[0],
    nodes: (name) => values(name).flatMap((each) => (asObject(each) === undefined ? [] : [nodeOf(each as Loose, vocabulary)])), // an object, by the test
  };
}

/** A text: written as it is, as a number, as `{"@value": …}`, or in several languages, of which the document's own is taken. */
function textOf(value: unknown, { language }: Vocabulary): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  const object = asObject(value);
  if (object === undefined) return asText(value);
  if ('@value' in object) return asText(object['@value']);
  const own = asText(object[language ?? 'en']) ?? asText(object.en);
  const keys = Object.keys(object);
  return own ?? (keys.length === 1 && /^[a-z]{2,3}(-\w+)?$/i.test(keys[0] ?? '') ? asText(object[keys[0] ?? '']) : undefined);
}

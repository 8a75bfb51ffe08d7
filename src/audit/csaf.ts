/** Products of a CSAF 2.0 document, for its advisories and its VEX. Source: https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html */
import { isList, type JsonObject, own } from '../core/objects.js';
import type { Advisory, AffectedPackage, RangeEvent } from './advisory.js';
import { ecosystemOf } from './ecosystems.js';
import { member, objectAt, objectsOf, text, textsOf } from './values.js';
import { eventsOfRange } from './vers.js';
import { productsOf } from './vex/products.js';

const MAX = { depth: 50, products: 200_000, vulnerabilities: 20_000, ids: 20_000 };

export interface CsafProduct {
  readonly ecosystem: string;
  readonly name: string;
  readonly version?: string;
  readonly events?: readonly RangeEvent[];
}

export const isCsaf = (value: JsonObject): boolean => (text(objectAt(value, 'document') ?? {}, 'category') ?? '').startsWith('csaf_');

interface Branch {
  readonly value: JsonObject;
  readonly depth: number;
  readonly words: Readonly<Record<string, string>>;
}

/** Products by their ids: by identifiers, or by the vendor, product and version that the branches name. */
export function productsOfCsaf(value: JsonObject): ReadonlyMap<string, readonly CsafProduct[]> {
  const found = new Map<string, readonly CsafProduct[]>();
  const tree = objectAt(value, 'product_tree');
  if (tree === undefined) return found;
  const waiting: Branch[] = [{ value: tree, depth: 0, words: {} }];
  for (let next = waiting.pop(); next !== undefined && found.size < MAX.products; next = waiting.pop()) {
    const { value: branch, depth } = next;
    const [category, name] = [text(branch, 'category'), text(branch, 'name')];
    const words = category === undefined || name === undefined ? next.words : { ...next.words, [category]: name };
    for (const each of [objectAt(branch, 'product'), ...objectsOf(own(branch, 'full_product_names'))]) {
      const id = each === undefined ? undefined : text(each, 'product_id');
      if (each !== undefined && id !== undefined) found.set(id, identified(each, words));
    }
    if (depth < MAX.depth) for (const each of objectsOf(own(branch, 'branches'))) waiting.push({ value: each, depth: depth + 1, words });
  }
  // A product as a part of another is the part.
  for (const each of objectsOf(own(tree, 'relationships')).slice(0, MAX.products)) {
    const [id, part] = [text(objectAt(each, 'full_product_name') ?? {}, 'product_id'), text(each, 'product_reference')];
    const products = part === undefined ? undefined : found.get(part);
    if (id !== undefined && products !== undefined && !found.has(id)) found.set(id, products);
  }
  return found;
}

function identified(product: JsonObject, words: Readonly<Record<string, string>>): readonly CsafProduct[] {
  const helper = objectAt(product, 'product_identification_helper') ?? {};
  const events = eventsOfRange(words.product_version_range);
  const named = ['purl', 'cpe'].flatMap((key) => productsOf(text(helper, key)));
  const version = words.product_version;
  const known = named.length > 0 ? named : nameOf(words);
  return known.map((each) => ({
    ...each,
    ...(each.version === undefined ? { ...member('version', version), ...member('events', events) } : {}),
  }));
}

/** As CPE writes names: in lower case, with `_` for spaces. */
function nameOf({ vendor, product_name: product }: Readonly<Record<string, string>>): readonly CsafProduct[] {
  if (vendor === undefined || product === undefined) return [];
  const written = (name: string): string => name.trim().toLowerCase().replaceAll('®', '').replaceAll('™', '').trim().replaceAll(' ', '_');
  return [{ ecosystem: 'CPE', name: `${written(vendor)}:${written(product)}` }];
}

/** Its vulnerabilities as advisories on the products that they affect; undefined when it is no CSAF. */
export function readCsaf(value: JsonObject): readonly Advisory[] | undefined {
  if (!isCsaf(value)) return undefined;
  const products = productsOfCsaf(value);
  const document = objectAt(value, 'document') ?? {};
  const modified = text(objectAt(document, 'tracking') ?? {}, 'current_release_date');
  const own_ = text(objectAt(document, 'tracking') ?? {}, 'id');
  return objectsOf(own(value, 'vulnerabilities'))
    .slice(0, MAX.vulnerabilities)
    .flatMap((each): readonly Advisory[] => {
      const id = idOf(each);
      if (id === undefined) return [];
      const details = objectsOf(own(each, 'notes')).find((note) => own(note, 'category') === 'description');
      return [
        {
          id,
          aliases: [],
          ...member('related', own_ === undefined ? undefined : [own_]),
          ...member('summary', text(each, 'title')),
          ...member('details', details === undefined ? undefined : text(details, 'text')),
          ...member('modified', modified),
          ...member('rated', text(objectAt(document, 'aggregate_severity') ?? {}, 'text')),
          vectors: objectsOf(own(each, 'scores')).flatMap((score) =>
            ['cvss_v3', 'cvss_v2'].flatMap((key) => text(objectAt(score, key) ?? {}, 'vectorString') ?? []),
          ),
          affected: affectedOf(each, products),
        },
      ];
    });
}

/** The CVE, or else the first name that the vendor gives it. */
export const idOf = (vulnerability: JsonObject): string | undefined =>
  text(vulnerability, 'cve') ?? objectsOf(own(vulnerability, 'ids')).flatMap((each) => text(each, 'text') ?? [])[0];

/** Products with a status, by their ids. */
export function idsWith(vulnerability: JsonObject, ...statuses: readonly string[]): readonly string[] {
  const status = objectAt(vulnerability, 'product_status') ?? {};
  return statuses.flatMap((key) => {
    const list = own(status, key);
    return isList(list) ? textsOf(list).slice(0, MAX.ids) : [];
  });
}

/** What is affected, with its versions; of a package of which only what fixes it is told, that. */
function affectedOf(vulnerability: JsonObject, products: ReadonlyMap<string, readonly CsafProduct[]>): readonly AffectedPackage[] {
  const of = (...statuses: readonly string[]): readonly CsafProduct[] =>
    idsWith(vulnerability, ...statuses).flatMap((id) => products.get(id) ?? []);
  const key = ({ ecosystem, name }: CsafProduct): string => `${ecosystem} ${ecosystemOf(ecosystem).name(name)}`;
  const fixed = new Map<string, string[]>();
  for (const each of of('fixed', 'first_fixed', 'recommended', 'known_not_affected'))
    if (each.version !== undefined) fixed.set(key(each), [...(fixed.get(key(each)) ?? []), each.version]);
  const affected = of('known_affected', 'first_affected', 'last_affected');
  const told = new Set(affected.map(key));
  const bare = (each: CsafProduct): AffectedPackage => ({
    ecosystem: each.ecosystem,
    name: each.name,
    gitRanges: 0,
    ranges: each.events === undefined ? [] : [each.events],
    versions: each.version === undefined ? [] : [each.version],
    ...member('unaffected', fixed.get(key(each))),
  });
  const only = new Map(
    of('fixed', 'first_fixed')
      .filter((each) => !told.has(key(each)))
      .map((each) => [key(each), each]),
  );
  return [...affected.map(bare), ...[...only.values()].map((each) => ({ ...bare(each), versions: [] }))];
}

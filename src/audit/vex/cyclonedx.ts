/** Analyses of vulnerabilities in CycloneDX. Source: CycloneDX 1.6, `vulnerabilities` */
import { isObject, type JsonObject, own } from '../../core/objects.js';
import { member, objectAt, objectsOf, text } from '../values.js';
import { productsOf } from './products.js';
import { isJustified, type VexProduct, type VexStatement } from './statement.js';
import { justificationOfCycloneDX, statusOfCycloneDX } from './words.js';

const MAX = { vulnerabilities: 100_000, components: 200_000, depth: 30, affects: 10_000, text: 2000, aliases: 100 };
/** Until when an analysis holds: CycloneDX has no member for it. */
export const UNTIL_PROPERTY = 'msbom:vex:until';

export const isCycloneDX = (value: JsonObject): boolean => own(value, 'bomFormat') === 'CycloneDX';

export function readCycloneDXVex(value: JsonObject, document: string): readonly VexStatement[] {
  const products = componentsOf(value);
  const [author, time] = [authorOf(own(value, 'metadata')), text(objectAt(value, 'metadata') ?? {}, 'timestamp')];
  return objectsOf(own(value, 'vulnerabilities'))
    .slice(0, MAX.vulnerabilities)
    .flatMap((each): readonly VexStatement[] => {
      const vulnerability = text(each, 'id', MAX.text);
      const analysis = objectAt(each, 'analysis');
      const state = analysis === undefined ? undefined : text(analysis, 'state');
      const status = statusOfCycloneDX(state);
      if (vulnerability === undefined || analysis === undefined || status === undefined) return [];
      const word = text(analysis, 'justification');
      const translated = justificationOfCycloneDX(word);
      const justification =
        translated?.word ?? text(analysis, 'detail', MAX.text) ?? (state === 'false_positive' ? 'false_positive' : undefined);
      if (!isJustified(status.word, justification)) return [];
      const lost = [...(status.exact ? [] : [state]), ...(translated?.exact === false ? [word] : [])].join(', ');
      const aliases = objectsOf(own(each, 'references')).flatMap((one) => text(one, 'id', MAX.text) ?? []);
      return [
        {
          vulnerability,
          ...(aliases.length === 0 ? {} : { aliases: aliases.slice(0, MAX.aliases) }),
          products: affectedBy(each, products),
          status: status.word,
          ...member('justification', justification),
          ...member('said', lost === '' ? undefined : lost),
          ...member('author', author),
          ...member('timestamp', text(analysis, 'lastUpdated') ?? text(analysis, 'firstIssued') ?? time),
          ...member('until', untilOf(each)),
          document,
        },
      ];
    });
}

/** Package URLs and CPEs of the components by their references. */
function componentsOf(value: JsonObject): ReadonlyMap<string, readonly VexProduct[]> {
  const found = new Map<string, readonly VexProduct[]>();
  const waiting: [component: JsonObject, depth: number][] = [];
  const main = objectAt(value, 'metadata', 'component');
  if (main !== undefined) waiting.push([main, 0]);
  for (const each of objectsOf(own(value, 'components'))) waiting.push([each, 0]);
  for (let next = waiting.pop(); next !== undefined && found.size < MAX.components; next = waiting.pop()) {
    const [component, depth] = next;
    const ref = text(component, 'bom-ref');
    if (ref !== undefined) found.set(ref, [text(component, 'purl'), text(component, 'cpe')].flatMap(productsOf));
    if (depth < MAX.depth) for (const each of objectsOf(own(component, 'components'))) waiting.push([each, depth + 1]);
  }
  return found;
}

/** A reference is that of a component here, a package URL, or leads to another document by its end (BOM-Link). */
function affectedBy(vulnerability: JsonObject, known: ReadonlyMap<string, readonly VexProduct[]>): readonly VexProduct[] {
  return objectsOf(own(vulnerability, 'affects'))
    .slice(0, MAX.affects)
    .flatMap((each) => {
      const ref = text(each, 'ref') ?? '';
      const end = ref.startsWith('urn:cdx:') ? decoded(ref.slice(ref.indexOf('#') + 1)) : ref;
      const products = known.get(ref) ?? productsOf(end);
      const versions = objectsOf(own(each, 'versions')).filter((one) => own(one, 'status') !== 'unaffected');
      const exact = versions.flatMap((one) => text(one, 'version') ?? []);
      return exact.length === 0 ? products : products.flatMap((one) => exact.map((version) => ({ ...one, version })));
    });
}

function decoded(ref: string): string {
  try {
    return decodeURIComponent(ref);
  } catch {
    return ref;
  }
}

function authorOf(metadata: unknown): string | undefined {
  if (!isObject(metadata)) return undefined;
  const people = objectsOf(own(metadata, 'authors')).flatMap((each) => text(each, 'name', MAX.text) ?? []);
  const makers = ['manufacturer', 'supplier', 'manufacture'].flatMap((key) => text(objectAt(metadata, key) ?? {}, 'name', MAX.text) ?? []);
  return [...people, ...makers][0];
}

const untilOf = (value: JsonObject): string | undefined =>
  objectsOf(own(value, 'properties')).flatMap((each) => (own(each, 'name') === UNTIL_PROPERTY ? (text(each, 'value') ?? []) : []))[0];

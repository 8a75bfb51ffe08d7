/** Records of the NVD as advisories. Source: https://nvd.nist.gov/developers/vulnerabilities, schema 2.0 */
import { isList, isObject, type JsonObject, own } from '../core/objects.js';
import type { Advisory, AffectedPackage, RangeEvent } from './advisory.js';
import { productOfCpe } from './cpe.js';
import { objectsOf, text } from './values.js';

const MAX = { records: 20_000, nodes: 2000, matches: 20_000 };

/** The records of one answer or file; undefined when it is none of the NVD. */
export function readNvd(value: unknown): readonly Advisory[] | undefined {
  const list = isObject(value) ? own(value, 'vulnerabilities') : undefined;
  if (!isList(list) || !list.every((each) => isObject(each) && isObject(own(each, 'cve')))) return undefined;
  return list.slice(0, MAX.records).flatMap((each) => {
    const cve = isObject(each) ? own(each, 'cve') : undefined;
    return isObject(cve) ? (recordOf(cve) ?? []) : [];
  });
}

function recordOf(cve: JsonObject): Advisory | undefined {
  const id = text(cve, 'id');
  if (id === undefined) return undefined;
  const described = objectsOf(own(cve, 'descriptions')).find((each) => own(each, 'lang') === 'en');
  const [modified, details] = [text(cve, 'lastModified'), described === undefined ? undefined : text(described, 'value')];
  const isRejected = text(cve, 'vulnStatus') === 'Rejected';
  return {
    id,
    aliases: [],
    ...(details === undefined ? {} : { details }),
    // Times of the NVD are in UTC and do not say so.
    ...(modified === undefined ? {} : { modified: modified.endsWith('Z') ? modified : `${modified}Z` }),
    ...(isRejected ? { withdrawn: modified ?? '' } : {}),
    vectors: vectorsOf(own(cve, 'metrics')),
    affected: objectsOf(own(cve, 'configurations')).slice(0, MAX.nodes).flatMap(affectedOf),
  };
}

/** Vectors of the NVD itself before those of others. */
function vectorsOf(metrics: unknown): readonly string[] {
  if (!isObject(metrics)) return [];
  return Object.keys(metrics).flatMap((key) => {
    const list = objectsOf(own(metrics, key));
    const primary = list.filter((each) => own(each, 'type') === 'Primary');
    return (primary.length > 0 ? primary : list).flatMap((each) => {
      const data = own(each, 'cvssData');
      return isObject(data) ? (text(data, 'vectorString') ?? []) : [];
    });
  });
}

/** A configuration names products that are vulnerable, and those that have to be there as well. */
function affectedOf(configuration: JsonObject): readonly AffectedPackage[] {
  const nodes = objectsOf(own(configuration, 'nodes')).slice(0, MAX.nodes);
  const matches = nodes.flatMap((node) => objectsOf(own(node, 'cpeMatch'))).slice(0, MAX.matches);
  const others = own(configuration, 'operator') === 'AND' ? matches.filter((match) => own(match, 'vulnerable') === false) : [];
  const names = [...new Set(others.flatMap((match) => productOfCpe(text(match, 'criteria') ?? '')?.name ?? []))];
  const condition = names.length === 0 ? {} : { condition: `only together with ${names.slice(0, 5).join(' or ')}` };
  return matches
    .filter((match) => own(match, 'vulnerable') === true)
    .flatMap((match) => matchOf(match).map((each) => ({ ...each, ...condition })));
}

const BOUNDS: readonly (readonly [key: string, kind: RangeEvent['kind']])[] = [
  ['versionStartIncluding', 'introduced'],
  ['versionStartExcluding', 'introduced_after'],
  ['versionEndExcluding', 'fixed'],
  ['versionEndIncluding', 'last_affected'],
];

function matchOf(match: JsonObject): readonly AffectedPackage[] {
  const product = productOfCpe(text(match, 'criteria') ?? '');
  if (product === undefined) return [];
  const base = { ecosystem: 'CPE', name: product.name, gitRanges: 0 };
  if (product.version !== undefined) return [{ ...base, ranges: [], versions: [product.version] }];
  const bounds = BOUNDS.flatMap(([key, kind]): readonly RangeEvent[] => {
    const version = text(match, key);
    return version === undefined ? [] : [{ kind, version }];
  });
  const isOpen = !bounds.some(({ kind }) => kind.startsWith('introduced'));
  return [{ ...base, ranges: [isOpen ? [{ kind: 'introduced', version: '0' }, ...bounds] : bounds], versions: [] }];
}

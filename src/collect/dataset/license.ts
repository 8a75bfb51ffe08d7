/** Licences of datasets: ids of the Hub, of SPDX and of Open Definition, and the URLs under which licences are known. */
import type { JsonValue } from '../../core/canonical-json.js';
import { canonicalLicenseId, isDeprecatedLicenseId } from '../../core/spdx.js';
import { hubLicense, isNoLicense } from '../hub-license.js';
import { asObject, asText, entryOf } from '../values.js';
import { webUrl } from './values.js';

type Item = { readonly [key: string]: JsonValue };

/** A longer text is a licence's text, not its name. */
const MAX_NAME = 200;

/** Other names of licences that SPDX lists, by what Open Definition (http://licenses.opendefinition.org) and Kaggle call them. */
const OTHER_IDS: Readonly<Record<string, string>> = {
  'odc-pddl-1.0': 'PDDL-1.0',
  'odc-odbl-1.0': 'ODbL-1.0',
  'cc-zero': 'CC0-1.0',
  'fdl-1.3': 'GFDL-1.3',
};

interface UrlRule {
  readonly pattern: RegExp;
  readonly id: (match: RegExpExecArray) => string;
}

/** Which licence stands under a URL; `http://`, `https://` and `www.` are cut off before. */
const URL_RULES: readonly UrlRule[] = [
  { pattern: /^spdx\.org\/licenses\/([\w.+-]+?)(?:\.(?:html|json|txt))?$/, id: ([, id = '']) => id },
  { pattern: /^(?:choosealicense\.com|opensource\.org)\/licenses?\/([\w.+-]+)$/, id: ([, id = '']) => id },
  { pattern: /^creativecommons\.org\/publicdomain\/zero\/1\.0(?:\/.*)?$/, id: () => 'CC0-1.0' },
  {
    pattern: /^creativecommons\.org\/licenses\/(by(?:-nc)?(?:-nd|-sa)?)\/(\d\.\d)(?:\/(?:deed|legalcode)[\w.-]*)?$/,
    id: ([, kind = '', version = '']) => `CC-${kind}-${version}`,
  },
  { pattern: /^apache\.org\/licenses\/license-2\.0(?:\.\w+)?$/, id: () => 'Apache-2.0' },
  {
    pattern: /^opendatacommons\.org\/licenses\/(by|odbl|pddl)\/(?:summary|1[.-]0)?$/,
    id: ([, kind = '']) => ({ by: 'ODC-By-1.0', odbl: 'ODbL-1.0' })[kind] ?? 'PDDL-1.0',
  },
  {
    pattern: /^cdla\.(?:dev|io)\/(permissive|sharing)-(\d)-(\d)$/,
    id: ([, kind = '', major = '', minor = '']) => `CDLA-${kind}-${major}.${minor}`,
  },
];

/** A licence from its id, its name or its URL; undefined for words that say nothing. */
function datasetLicense(text: string): Item | undefined {
  const id = text.trim();
  if (isNoLicense(id)) return undefined;
  const url = webUrl(id);
  if (url !== undefined) return fromUrl(url);
  const other = entryOf(OTHER_IDS, id.toLowerCase());
  if (other !== undefined) return { expression: other, kind: 'declared' };
  if (id.length > MAX_NAME || id.includes('\n')) return { text: id.slice(0, 100_000), kind: 'declared' };
  const { note, ...license } = hubLicense(id);
  // The note explains a name; an expression needs none, and is the same from every source.
  return license.expression === undefined && note !== undefined ? { ...license, note } : { ...license };
}

/** SPDX id behind a URL; a URL that is no known licence stays one. */
function fromUrl(url: string): Item {
  const place = url
    .replace(/^https?:\/\/(?:www\.)?/i, '')
    .replace(/[?#].*$/s, '')
    .replace(/(?<!\/)\/+$/, '');
  for (const { pattern, id } of URL_RULES) {
    const match = pattern.exec(place.toLowerCase());
    const known = match === null ? undefined : canonicalLicenseId(id(match));
    if (known === undefined) continue;
    // `GPL-3.0` does not say whether later versions are allowed.
    return isDeprecatedLicenseId(known) ? { name: known, kind: 'declared', url } : { expression: known, kind: 'declared' };
  }
  return { kind: 'declared', url };
}

/** Licences from texts, URLs and objects with `name`, `url`, `path` or `title`, once each. */
export function datasetLicenses(value: unknown, paths: ReadonlySet<string> = new Set()): readonly Item[] {
  const found = (Array.isArray(value) ? value.slice(0, 100) : [value]).flatMap((each: unknown) => one(each, paths));
  return [...new Map(found.map((item) => [JSON.stringify(item), item])).values()];
}

function one(value: unknown, paths: ReadonlySet<string>): readonly Item[] {
  const text = asText(value);
  if (text !== undefined) return [datasetLicense(text) ?? []].flat();
  const object = asObject(value);
  if (object === undefined) return [];
  const place = asText(object.url) ?? asText(object.path) ?? asText(object['@id']);
  const name = asText(object.name) ?? asText(object.title);
  const named = name === undefined ? undefined : datasetLicense(name);
  if (named?.expression !== undefined) return [named];
  const linked =
    place === undefined
      ? undefined
      : paths.has(place)
        ? { kind: 'declared', path: place }
        : webUrl(place) === undefined
          ? undefined
          : fromUrl(place);
  if (linked !== undefined && 'expression' in linked) return [linked];
  return named === undefined && linked === undefined ? [] : [{ ...linked, ...named, kind: 'declared' }];
}

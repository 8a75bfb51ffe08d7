/**
 * The consumers whose limits are known. Sources: the issues and the code of DependencyTrack/dependency-track (#1665, #1763, #3522,
 * #3662, #3876, #5272, #5974, the limit of PUT /v1/bom in #3182) and of guacsec/guac (pkg/ingestor/parser/cyclonedx,
 * pkg/assembler/helpers/purl.go).
 */
import type { Finding } from '../../core/finding.js';
import type { Consumer } from '../consumers.js';
import { isPurl } from '../identifiers.js';
import { isObject, type Json } from './json.js';
import { COMPONENT_PLACES, ignoredBy, lintFor, listOf, type Profile, tooLong } from './profile.js';

const LENGTH = { id: 'dependency-track-length', severity: 'high', within: COMPONENT_PLACES } as const;
const PROPERTY = { id: 'dependency-track-property', within: ['properties'] } as const;
const SHORTEN = { ...LENGTH, fix: 'Shorten it to 255 characters.' };
const PURL = { ...LENGTH, fix: 'Leave qualifiers out until it has 786 characters.' };
const NAME = { ...PROPERTY, severity: 'high', fix: 'Shorten the name to 255 characters.' } as const;
const VALUE = { ...PROPERTY, severity: 'medium', fix: 'Split the value over several properties of at most 1,024 characters.' } as const;

const DEPENDENCY_TRACK: Profile = [
  ...['name', 'group', 'version', 'publisher', 'cpe'].map((member) =>
    tooLong(SHORTEN, member, 255, 'the database takes 255, and a longer one stops the import'),
  ),
  tooLong(PURL, 'purl', 786, 'the database takes 786, and a longer one stops the import'),
  tooLong(NAME, 'name', 255, 'the database takes 255'),
  tooLong(VALUE, 'value', 1024, 'it is cut to 1,024'),
  ...ignoredBy('Dependency-Track', ['modelCard', 'data', 'pedigree'], COMPONENT_PLACES),
  ...ignoredBy(
    'Dependency-Track',
    ['formulation', 'declarations', 'definitions', 'compositions', 'annotations', 'citations', 'properties'],
    [''],
  ),
  ...ignoredBy('Dependency-Track', ['properties', 'hashes'], ['component']),
  ...ignoredBy('Dependency-Track', ['text'], ['license']),
  {
    id: 'dependency-track-version',
    severity: 'medium',
    fix: 'Convert to CycloneDX 1.6 unless the server is newer than that.',
    within: [''],
    check: ({ specVersion }) => (specVersion === '1.7' ? [['specVersion', 'servers of before mid-2026 refuse CycloneDX 1.7']] : []),
  },
  {
    id: 'dependency-track-property',
    severity: 'low',
    fix: 'Keep one of them, or make the values differ.',
    within: COMPONENT_PLACES,
    check: ({ properties }) =>
      repeated(listOf(properties)).map((index) => [`properties/${index}`, 'a property of the same name and value is dropped']),
  },
];

/** Types that GUAC's `PurlToPkg` takes; any other ends the import of the whole document. */
const GUAC_PURL_TYPES: ReadonlySet<string> = new Set(
  (
    'alpine alpm apk bitbucket cargo cocoapods composer conan conda cran deb docker gem generic github githubactions golang guac ' +
    'hackage hex huggingface maven mlflow npm nuget oci pub pypi qpkg rpm swid swift'
  ).split(' '),
);

const GUAC: Profile = [
  ...ignoredBy('GUAC', ['modelCard', 'data', 'pedigree', 'evidence'], COMPONENT_PLACES),
  ...ignoredBy(
    'GUAC',
    ['formulation', 'declarations', 'definitions', 'compositions', 'annotations', 'citations', 'services', 'properties'],
    [''],
  ),
  {
    id: 'guac-component-missing',
    severity: 'high',
    fix: 'State what the document is about in `metadata.component`.',
    within: [''],
    check: ({ metadata }) => (isObject(metadata) && isObject(metadata.component) ? [] : [['', 'GUAC needs metadata.component']]),
  },
  {
    id: 'guac-timestamp',
    severity: 'high',
    fix: 'Write it as RFC 3339 has it: 2026-01-31T09:00:00Z.',
    within: ['metadata'],
    check: ({ timestamp }) =>
      typeof timestamp !== 'string' || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(timestamp)
        ? []
        : [['timestamp', 'GUAC reads times of RFC 3339 only']],
  },
  {
    id: 'guac-purl',
    severity: 'high',
    fix: 'Use a type of the purl specification that GUAC knows, or `pkg:generic/…`.',
    within: COMPONENT_PLACES,
    check: ({ purl }) => {
      if (typeof purl !== 'string') return [];
      const type = /^pkg:\/*([^/]+)/.exec(purl)?.[1]?.toLowerCase() ?? '';
      return isPurl(purl) && GUAC_PURL_TYPES.has(type)
        ? []
        : [['purl', `GUAC does not know ${JSON.stringify(purl.slice(0, 60))} and ends the import there`]];
    },
  },
  {
    id: 'guac-purl-missing',
    severity: 'low',
    fix: 'Give the component a purl.',
    within: COMPONENT_PLACES,
    once: true,
    check: ({ purl, type }) =>
      purl === undefined && type !== 'operating-system' ? [['', 'GUAC makes up a name of its own for a component without a purl']] : [],
  },
  {
    id: 'guac-license-mix',
    severity: 'high',
    fix: 'Put all licences into one expression.',
    within: COMPONENT_PLACES,
    check: ({ licenses }) => {
      const list = listOf(licenses);
      return list.length > 1 && list.some((each) => isObject(each) && each.expression !== undefined)
        ? [['licenses', 'GUAC takes no expression beside other licences']]
        : [];
    },
  },
  {
    id: 'guac-license-dependencies',
    severity: 'low',
    fix: 'Add `dependencies`.',
    within: [''],
    check: (document) =>
      document.dependencies === undefined && hasLicenses(document) ? [['', 'GUAC keeps licences only where there are dependencies']] : [],
  },
];

const PROFILES: Readonly<Record<Consumer, Profile>> = { 'dependency-track': DEPENDENCY_TRACK, guac: GUAC };

/** What a consumer makes of the document. */
export function lintForConsumer(consumer: Consumer, document: unknown): Finding[] {
  return lintFor(PROFILES[consumer], document);
}

function repeated(properties: readonly unknown[]): number[] {
  const seen = new Set<string>();
  return properties.flatMap((property, i) => {
    if (!isObject(property)) return [];
    const key = JSON.stringify([property.name, property.value]);
    return seen.size === seen.add(key).size ? [i] : [];
  });
}

function hasLicenses({ metadata, components }: Json): boolean {
  const main = isObject(metadata) ? [metadata.component] : [];
  return [...main, ...listOf(components)].some((each) => isObject(each) && listOf(each.licenses).length > 0);
}

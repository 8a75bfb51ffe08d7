/**
 * Croissant 1.0 and 1.1, with the Responsible AI vocabulary.
 * Sources: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html, https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html
 */
import type { JsonValue } from '../../../core/canonical-json.js';
import { baseName, directoryOf, type MetadataFile, RANKS } from '../../contribution.js';
import { datasetCollector } from '../../dataset/collector.js';
import { datasetLicenses } from '../../dataset/license.js';
import { partyOf } from '../../dataset/party.js';
import {
  citation,
  type DatasetContext,
  type DatasetSource,
  type DatasetStatement,
  fromJsonObject,
  identifier,
  mentions,
  type StatedItem,
  type StatedValue,
  stated,
  type Upstream,
} from '../../dataset/statement.js';
import { doiOf, interval, languageTags, partialDate, webUrl } from '../../dataset/values.js';
import type { Loose } from '../../values.js';
import { distribution } from './distribution.js';
import { type Node, nodeOf, vocabularyOf } from './json-ld.js';
import { raiValues } from './rai.js';
import { recordSetValues } from './record-sets.js';

export const croissantSource: DatasetSource = {
  id: 'croissant',
  files: '`croissant.json`, `metadata.json`, `*.jsonld` and the like whose `conformsTo` names Croissant 1.0 or 1.1',
  method: 'Croissant metadata',
  rank: RANKS.config,
  mediaType: 'application/ld+json',
  matches: (path) => /\.jsonld$|^metadata\.json$|croissant[^/]*\.json$/i.test(baseName(path)),
  read: (file, context) =>
    mentions(file, 'mlcommons.org/croissant')
      ? fromJsonObject(file, context.limits, (value) => readCroissant(value, file, context))
      : undefined,
};

export const croissant = datasetCollector(croissantSource);

function readCroissant(document: Loose, { path }: MetadataFile, context: DatasetContext): DatasetStatement | undefined {
  const vocabulary = vocabularyOf(document['@context']);
  const root = nodeOf(document, vocabulary);
  if (!isCroissant(root)) return undefined;
  const resources = distribution(root, directoryOf(path), context.paths);
  return {
    values: [
      ...general(root, context),
      ...raiValues(root),
      ...recordSetValues(root),
      ...stated('/content/format', 'distribution', resources.format),
    ],
    items: [...identifiers(root), ...citation('citeAs', root.text('cr:citeAs'))],
    files: resources.files,
    patterns: resources.patterns,
    upstream: ['prov:wasDerivedFrom', 'sc:isBasedOn'].flatMap((property) => upstreamOf(root, property)),
    metadata: Object.fromEntries(
      root
        .texts('dct:conformsTo')
        .slice(0, 10)
        .map((text, i) => [i === 0 ? 'conformsTo' : `conformsTo.${i}`, text.slice(0, 512)]),
    ),
  };
}

/** By what the document says of itself, never by its name: version 1.x of Croissant, about a dataset. */
function isCroissant(root: Node): boolean {
  const versions = [...root.texts('dct:conformsTo'), ...root.nodes('dct:conformsTo').flatMap((each) => each.id ?? [])];
  return root.types.includes('sc:Dataset') && versions.some((text) => /^https?:\/\/mlcommons\.org\/croissant\/1\.\d+$/i.test(text));
}

function general(root: Node, { includePrivate }: DatasetContext): readonly StatedValue[] {
  const { start, end } = interval(root.texts('sc:temporalCoverage'));
  const live = root.values('cr:isLiveDataset')[0];
  return [
    ...stated('/name', 'name', root.text('sc:name')),
    ...stated('/version', 'version', root.text('sc:version')),
    ...stated('/description', 'description', root.text('sc:description')),
    ...stated('/uri', 'url', webUrl(root.text('sc:url'))),
    ...stated('/licenses', 'license', datasetLicenses(licenseValues(root))),
    ...stated(
      '/languages',
      'inLanguage',
      languageTags([
        ...root.texts('sc:inLanguage'),
        ...root.nodes('sc:inLanguage').flatMap((each) => each.text('sc:alternateName') ?? each.text('sc:name') ?? []),
      ]),
    ),
    ...stated('/dates/issued', 'datePublished', partialDate(root.text('sc:datePublished'))),
    ...stated('/dates/updated', 'dateModified', partialDate(root.text('sc:dateModified'))),
    ...stated('/timeframe/start', 'temporalCoverage', start),
    ...stated('/timeframe/end', 'temporalCoverage', end),
    ...stated('/timeframe/continuous', 'isLiveDataset', typeof live === 'boolean' ? live : undefined),
    ...party(root, '/issuer', ['sc:publisher', 'sc:creator'], includePrivate),
    ...party(root, '/maintenance/maintainer', ['sc:maintainer'], includePrivate),
    ...stated(
      '/accessTerms',
      'usageInfo',
      [...root.texts('sc:usageInfo'), ...root.nodes('sc:usageInfo').flatMap((each) => each.text('sc:name') ?? [])].join('; '),
    ),
  ];
}

/** Texts, and plain objects for the licence reader, whatever vocabulary their keys were written in. */
function licenseValues(root: Node): readonly JsonValue[] {
  const works = root.nodes('sc:license').map((work): JsonValue => {
    const name = work.text('sc:name');
    const url = work.text('sc:url') ?? work.id;
    return { ...(name === undefined ? {} : { name }), ...(url === undefined ? {} : { url }) };
  });
  return [...root.values('sc:license').filter((value) => typeof value === 'string'), ...works];
}

/** The one party of the first property that names exactly one: a manifest has room for one, and choosing among many is a guess. */
function party(root: Node, pointer: string, properties: readonly string[], includePrivate: boolean): readonly StatedValue[] {
  for (const property of properties) {
    const [first, ...others] = root.values(property);
    if (first === undefined) continue;
    const node = root.nodes(property)[0];
    const name = node?.text('sc:name') ?? root.text(property);
    if (others.length > 0 || name === undefined) continue;
    const found = partyOf({ name, url: node?.text('sc:url'), email: node?.text('sc:email') }, includePrivate);
    return stated(pointer, property.slice(3), found);
  }
  return [];
}

function identifiers(root: Node): readonly StatedItem[] {
  const texts = [...root.texts('sc:identifier'), ...root.nodes('sc:identifier').flatMap((each) => each.text('sc:value') ?? [])];
  const dois = texts.flatMap((text) => doiOf(text) ?? []).map((value) => identifier('identifier', { type: 'doi', value }));
  const same = root.texts('sc:sameAs').flatMap((text) => webUrl(text) ?? []);
  return [...dois, ...same.slice(0, 100).map((value) => identifier('sameAs', { type: 'uri', value }))];
}

function upstreamOf(root: Node, property: string): readonly Upstream[] {
  const key = property.slice(property.indexOf(':') + 1);
  const texts = root.values(property).flatMap((value) => (typeof value === 'string' ? [{ key, name: value, uri: webUrl(value) }] : []));
  const nodes = root.nodes(property).flatMap((each): Upstream[] => {
    const uri = webUrl(each.text('sc:url') ?? each.id);
    const name = each.text('sc:name') ?? each.text('prov:label') ?? each.id;
    return name === undefined ? [] : [{ key, name, uri, version: each.text('sc:version') }];
  });
  return [...texts, ...nodes].filter(({ name }) => name.length <= 512).slice(0, 1000);
}

/** datapackage.json of the Data Package standard. Source: https://datapackage.org/standard/data-package/ */
import { baseName, directoryOf, type MetadataFile, RANKS } from '../../contribution.js';
import { datasetCollector } from '../../dataset/collector.js';
import { type Column, contentValues } from '../../dataset/content.js';
import { datasetLicenses } from '../../dataset/license.js';
import { partyOf } from '../../dataset/party.js';
import {
  type DatasetContext,
  type DatasetSource,
  type DatasetStatement,
  fromJsonObject,
  identifier,
  mentions,
  type StatedFile,
  type StatedValue,
  stated,
  type Upstream,
} from '../../dataset/statement.js';
import { count, digestOf, doiOf, inside, partialDate, webUrl } from '../../dataset/values.js';
import { asObject, asText, asTexts, entryOf, type Loose } from '../../values.js';

const MAX_RESOURCES = 100_000;
/** Algorithms that may stand before a hash; without one it is MD5. */
const ALGORITHMS = { md5: 'md5', sha1: 'sha1', sha256: 'sha256', sha512: 'sha512' } as const;

export const datapackageSource: DatasetSource = {
  id: 'datapackage',
  files: '`datapackage.json`',
  method: 'Data Package descriptor',
  rank: RANKS.config,
  mediaType: 'application/vnd.datapackage+json',
  matches: (path) => baseName(path) === 'datapackage.json',
  read: (file, context) =>
    mentions(file, '"resources"') ? fromJsonObject(file, context.limits, (value) => readPackage(value, file, context)) : undefined,
};

export const datapackage = datasetCollector(datapackageSource);

function readPackage(document: Loose, { path }: MetadataFile, context: DatasetContext): DatasetStatement | undefined {
  if (!Array.isArray(document.resources)) return undefined;
  const resources = objects(document.resources);
  const id = asText(document.id);
  const doi = doiOf(id);
  return {
    values: [
      ...stated('/name', 'name', asText(document.name) ?? asText(document.title)),
      ...stated('/version', 'version', asText(document.version)),
      ...stated('/description', 'description', asText(document.description) ?? asText(document.title)),
      ...stated('/uri', 'homepage', webUrl(document.homepage)),
      ...stated('/dates/issued', 'created', partialDate(document.created)),
      ...stated('/licenses', 'licenses', datasetLicenses(document.licenses, context.paths)),
      ...people(objects(document.contributors), context.includePrivate),
      ...sourceTitles(objects(document.sources)),
      ...formats(resources),
      ...contentValues('resources.schema', resources.flatMap(columnsOf)),
    ],
    items:
      id === undefined
        ? []
        : [
            identifier(
              'id',
              doi === undefined ? { type: 'other', scheme: 'datapackage', value: id.slice(0, 512) } : { type: 'doi', value: doi },
            ),
          ],
    files: resources.flatMap((resource, i) => filesOf(directoryOf(path), resource, `resources/${i}`)),
    upstream: objects(document.sources).flatMap(upstreamOf),
  };
}

const objects = (value: unknown): readonly Loose[] =>
  (Array.isArray(value) ? value.slice(0, MAX_RESOURCES) : []).map(asObject).filter((each) => each !== undefined);

/** Roles that make a contributor the issuer, the surest first. `role` is the word of version 1. */
const ISSUERS = ['publisher', 'rightsholder', 'creator', 'author'];
const MAINTAINERS = ['maintainer', 'contact', 'datacurator'];

function people(contributors: readonly Loose[], includePrivate: boolean): readonly StatedValue[] {
  const withRole = (role: string): readonly Loose[] =>
    contributors.filter((each) => [...asTexts(each.roles), ...asTexts(each.role)].some((word) => word.toLowerCase() === role));
  const only = (roles: readonly string[]): Loose | undefined => {
    const found = roles.map(withRole).find((each) => each.length > 0) ?? [];
    return found.length === 1 ? found[0] : undefined;
  };
  return [
    ...stated('/issuer', 'contributors', partyOf(only(ISSUERS), includePrivate)),
    ...stated('/maintenance/maintainer', 'contributors', partyOf(only(MAINTAINERS), includePrivate)),
  ];
}

/** A source with a URL is data that can be named; a bare title may as well be an organisation. */
function upstreamOf(source: Loose): readonly Upstream[] {
  const uri = webUrl(source.path);
  const name = asText(source.title) ?? uri;
  return uri === undefined || name === undefined
    ? []
    : [{ key: 'sources', name: name.slice(0, 512), uri, version: asText(source.version) }];
}

function sourceTitles(sources: readonly Loose[]): readonly StatedValue[] {
  const titles = sources.filter(({ path }) => webUrl(path) === undefined).flatMap(({ title }) => asText(title) ?? []);
  return stated('/collection/description', 'sources', titles.join('; '));
}

function formats(resources: readonly Loose[]): readonly StatedValue[] {
  const of = (key: string): readonly string[] => [...new Set(resources.flatMap((each) => asText(each[key]) ?? []))];
  const [format, encoding] = [of('format'), of('encoding')];
  return [
    ...stated('/content/format', 'resources.format', format.length === 1 ? format[0] : undefined),
    ...stated('/content/encoding', 'resources.encoding', encoding.length === 1 ? encoding[0] : undefined),
  ];
}

function columnsOf(resource: Loose): readonly Column[] {
  return objects(asObject(resource.schema)?.fields).flatMap((field): Column[] => {
    const name = asText(field.name);
    const labels = asTexts(asObject(field.constraints)?.enum ?? []);
    return name === undefined ? [] : [{ name, type: asText(field.type) ?? 'any', labels }];
  });
}

/** Several paths are parts of one resource, whose hash and size then belong to none of them. */
function filesOf(base: string, resource: Loose, key: string): readonly StatedFile[] {
  const paths = asTexts(resource.path ?? resource.url);
  return paths.flatMap((text): StatedFile[] => {
    const path = inside(base, text);
    if (path === undefined) return [];
    return paths.length > 1
      ? [{ path, key, required: true }]
      : [{ path, key, required: true, digest: hashOf(asText(resource.hash)), size: count(resource.bytes) }];
  });
}

function hashOf(hash: string | undefined): StatedFile['digest'] {
  const [, algorithm = 'md5', value] = /^(?:([a-z0-9-]+):)?([0-9A-Fa-f]+)$/.exec(hash ?? '') ?? [];
  const known = entryOf<(typeof ALGORITHMS)[keyof typeof ALGORITHMS]>(ALGORITHMS, algorithm.replace('-', ''));
  return known === undefined ? undefined : digestOf(known, value);
}

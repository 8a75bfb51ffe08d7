/** Documents, channels and other links of the model as external references. */
import { append } from '../../core/append.js';
import { resolvePointer } from '../../core/json-pointer.js';
import type { LinkedDocument, Manifest, ProvenanceStatement } from '../../schema/index.js';
import { LINK } from './codecs.js';
import { propertyOf } from './context.js';
import { isObject, type Json, type Part, type Properties, pick } from './fields.js';
import type { Channel } from './shapes.js';
import { listOf } from './source.js';
import { DOCUMENT_REFERENCES } from './words.js';

/** Single links: where in the manifest, what kind of reference, and the comment by which it is read back. */
const LINKS: readonly (readonly [pointer: string, type: string, comment: string])[] = [
  ['/security/policy/securityTxt', 'securityPolicy', 'security.txt'],
  ['/security/policy/cvdPolicy', 'securityPolicy', 'coordinated vulnerability disclosure policy'],
  ['/security/threatModel/uri', 'securityThreatModel', 'threat model'],
  ['/risk/management/uri', 'riskAssessment', 'risk management'],
  ['/usage/acceptableUsePolicy/uri', 'documentation', 'acceptable use policy'],
  ['/usage/instructions/uri', 'documentation', 'instructions for use'],
  ['/governance/declaration/uri', 'certificationReport', 'EU declaration of conformity'],
  ['/governance/publicSummary/uri', 'documentation', 'public summary of training content'],
  ['/governance/copyrightPolicy/uri', 'documentation', 'copyright policy'],
];

const CHANNEL_KINDS: ReadonlySet<string> = new Set(['api', 'download', 'embedded', 'product', 'registry', 'other']);
const PROVENANCE = 'secureSoftwareAttestation';
const ALTERNATIVE = 'altDownloadLocation';
const reference = (externalRefType: string, uri: string, comment: string | undefined, contentType?: string): Json =>
  pick({
    type: 'ExternalRef',
    externalRefType,
    locator: [uri],
    contentType: contentType !== undefined && isMediaType(contentType) ? contentType : undefined,
    comment,
  });

/** What the schema takes as a media type. */
export const isMediaType = (text: string): boolean => /^[^/]+\/[^/]+$/.test(text);

const channelsOf = ({ distribution }: Manifest): readonly Channel[] => (distribution?.channels ?? []).filter(({ uri }) => isLink(uri));
const isLink = (uri: unknown): boolean => LINK.write(uri) !== undefined;

export function writeReferences(manifest: Manifest): Part {
  const channels = channelsOf(manifest);
  // A registry is where the model is had, too; SPDX asks for one place.
  const download = channels.find(({ kind }) => kind === 'download') ?? channels.find(({ kind }) => kind === 'registry');
  const links = LINKS.flatMap(([pointer, type, comment]) => {
    const uri = resolvePointer(manifest, pointer);
    return typeof uri === 'string' && isLink(uri) ? [reference(type, uri, comment)] : [];
  });
  return {
    members: pick({
      software_downloadLocation: download?.uri,
      externalRef: [
        ...(manifest.documents ?? []).flatMap(documentReference),
        ...channels.filter((channel) => channel !== download).map(({ kind, uri = '' }) => reference(ALTERNATIVE, uri, kind)),
        ...links,
        ...(manifest.security?.advisoryFeeds ?? []).flatMap(({ uri, title }) =>
          uri !== undefined && isLink(uri) ? [reference('securityAdvisory', uri, title)] : [],
        ),
        ...(manifest.provenance ?? []).flatMap(({ uri, predicateType }) =>
          uri !== undefined && isLink(uri) ? [reference(PROVENANCE, uri, predicateType)] : [],
        ),
      ],
    }),
    properties: download?.kind === 'registry' ? [[DOWNLOAD_KIND, download.kind]] : [],
  };
}

const DOWNLOAD_KIND = 'msbom:download:kind';

function documentReference({ type, title, uri, mediaType }: LinkedDocument): readonly Json[] {
  if (uri === undefined || !isLink(uri)) return [];
  return [reference(DOCUMENT_REFERENCES.to.get(type) ?? 'other', uri, title === undefined ? type : `${type}: ${title}`, mediaType)];
}

/** Kinds that SPDX tells by the type of the reference alone. */
const TOLD: ReadonlyMap<string, LinkedDocument['type']> = new Map([
  ['documentation', 'other'],
  ['license', 'license'],
  ['securityPolicy', 'securityPolicy'],
  ['releaseNotes', 'changelog'],
  ['vulnerabilityExploitabilityAssessment', 'vex'],
  ['qualityAssessmentReport', 'evaluationReport'],
]);

export function readReferences(node: Json, properties: Properties): Json {
  const documents: LinkedDocument[] = [];
  const channels: Channel[] = [];
  const provenance: ProvenanceStatement[] = [];
  const advisoryFeeds: Json[] = [];
  const result: Record<string, Record<string, unknown>> = {};
  const download = LINK.read(node.software_downloadLocation);
  if (typeof download === 'string')
    channels.push({ kind: propertyOf(properties, DOWNLOAD_KIND) === 'registry' ? 'registry' : 'download', uri: download });
  for (const each of listOf(node.externalRef)) {
    if (!isObject(each)) continue;
    const uri = LINK.read(listOf(each.locator)[0]);
    const type = String(each.externalRefType);
    const comment = typeof each.comment === 'string' && each.comment !== '' ? each.comment : undefined;
    if (typeof uri !== 'string') continue;
    const link = LINKS.find(([, kind, words]) => kind === type && words === comment);
    if (link !== undefined) placeLink(result, link[0], uri);
    else if (type === ALTERNATIVE)
      channels.push({ kind: (comment !== undefined && CHANNEL_KINDS.has(comment) ? comment : 'download') as Channel['kind'], uri }); // one of the set
    else if (type === PROVENANCE) provenance.push(pick({ uri, predicateType: LINK.read(comment) as string | undefined }));
    else if (type === 'securityAdvisory') advisoryFeeds.push(pick({ uri, title: comment }));
    else append(documents, readDocument(type, uri, comment, each.contentType));
  }
  return pick({
    ...result,
    documents,
    provenance,
    distribution: channels.length > 0 ? { channels } : undefined,
    security: advisoryFeeds.length > 0 || result.security !== undefined ? pick({ ...result.security, advisoryFeeds }) : undefined,
  });
}

function readDocument(type: string, uri: string, comment: string | undefined, mediaType: unknown): readonly LinkedDocument[] {
  const [, word = '', title] = /^([A-Za-z]+)(?:: (.+))?$/s.exec(comment ?? '') ?? [];
  const media = pick({ mediaType: typeof mediaType === 'string' && mediaType !== '' ? mediaType : undefined });
  if (DOCUMENT_REFERENCES.to.get(word) === type) return [{ type: word as LinkedDocument['type'], ...pick({ title }), uri, ...media }]; // a key of the table
  const told = TOLD.get(type);
  return told === undefined ? [] : [{ type: told, ...pick({ title: comment }), uri, ...media }];
}

function placeLink(result: Record<string, Record<string, unknown>>, pointer: string, uri: string): void {
  const [section = '', ...keys] = pointer.slice(1).split('/');
  const last = keys.pop() ?? '';
  let object = (result[section] ??= {});
  for (const key of keys) {
    const inner = (object[key] ??= {});
    object = inner as Record<string, unknown>; // no path of the table goes through a value
  }
  object[last] ??= uri;
}

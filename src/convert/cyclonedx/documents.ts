/** External references of the main component: documents, channels, statements of provenance, policies. */
import type { Contact, LinkedDocument, Manifest, ProvenanceStatement, Reference } from '../../schema/index.js';
import type { ReferencePart } from './component.js';
import { pathOf } from './files.js';
import { addressOfPath, nonEmpty, nonEmptyList, pathOfAddress, pick, uriOf, wordOf } from './json.js';
import { emailOf } from './parties.js';

/** Kinds of documents that CycloneDX has a reference type for. */
const DOCUMENT_TYPES: Readonly<Partial<Record<LinkedDocument['type'], string>>> = {
  modelCard: 'model-card',
  sbom: 'bom',
  license: 'license',
  changelog: 'release-notes',
  vex: 'exploitability-statement',
  evaluationReport: 'quality-metrics',
};
/** Kinds that are only one of those that a reference type stands for: they are read back where the comment says so. */
const NARROWER_TYPES: Readonly<Partial<Record<LinkedDocument['type'], string>>> = {
  hbom: 'bom',
  euDeclaration: 'certification-report',
};
const NARROWER = Object.keys(NARROWER_TYPES) as LinkedDocument['type'][]; // the keys of the table
const KNOWN_TYPES = new Map(Object.entries(DOCUMENT_TYPES).map(([type, word]) => [word, type as LinkedDocument['type']])); // keys of the table
const OTHER_TYPES: readonly LinkedDocument['type'][] = [
  'systemCard',
  'dataCard',
  'datasheet',
  'technicalReport',
  'researchPaper',
  'acceptableUsePolicy',
  'instructionsForUse',
  'inferenceCode',
  'preprocessingCode',
  'evaluationCode',
  'supportingLibraries',
  'sampleOutputs',
  'illustration',
  'readme',
  'securityPolicy',
  'other',
];

interface Place {
  readonly uri?: string;
  readonly path?: string;
}

const addressOf = ({ uri, path }: Place): string | undefined => uri ?? (path === undefined ? undefined : addressOfPath(path));

/** Where an address is: anywhere, or a file of the model. */
function placeOf(address: string): Place | undefined {
  const uri = uriOf(address);
  if (uri !== undefined) return { uri };
  const path = pathOf(pathOfAddress(address));
  return path === undefined ? undefined : { path };
}

function documentReference(document: LinkedDocument): readonly ReferencePart[] {
  const url = addressOf(document);
  const own = DOCUMENT_TYPES[document.type];
  const type = own ?? NARROWER_TYPES[document.type] ?? 'documentation';
  return url === undefined
    ? []
    : [
        {
          type,
          url,
          comment: document.title ?? (own === undefined ? document.type : undefined),
          digest: document.digest,
        },
      ];
}

/** References that stand for one member of the manifest each. */
const SINGLE: readonly (readonly [type: string, comment: string, get: (manifest: Manifest) => Reference | undefined])[] = [
  ['documentation', 'acceptable use policy', ({ usage }) => usage?.acceptableUsePolicy],
  ['documentation', 'instructions for use', ({ usage }) => usage?.instructions],
  ['threat-model', 'threat model', ({ security }) => security?.threatModel],
  ['risk-assessment', 'risk management', ({ risk }) => risk?.management],
];

const linked = (type: string, uri: string | undefined, comment?: string): readonly ReferencePart[] =>
  uri === undefined ? [] : [{ type, url: uri, comment }];

export function writeReferences(manifest: Manifest): readonly ReferencePart[] {
  const { documents = [], training, distribution, security, provenance = [] } = manifest;
  return [
    ...documents.flatMap(documentReference),
    ...SINGLE.flatMap(([type, comment, get]) => {
      const reference = get(manifest);
      const url = reference === undefined ? undefined : addressOf(reference);
      return url === undefined ? [] : [{ type, url, comment: reference?.title ?? comment, digest: reference?.digest }];
    }),
    ...linked('vcs', training?.code?.repository, training?.code?.commit),
    ...(distribution?.channels ?? []).flatMap(({ uri, kind, audience }) =>
      linked('distribution', uri, audience === undefined ? kind : `${kind}; ${audience}`),
    ),
    ...linked('rfc-9116', security?.policy?.securityTxt),
    ...linked('security-contact', security?.policy?.cvdPolicy, CVD_POLICY),
    ...linked('security-contact', addressOfContact(security?.policy?.contact)),
    ...(security?.advisoryFeeds ?? []).flatMap(({ uri, title }) => linked('advisories', uri, title)),
    ...provenance.flatMap((statement) => {
      const url = addressOf(statement);
      return url === undefined ? [] : [{ type: 'attestation', url, comment: statement.predicateType, digest: statement.digest }];
    }),
  ];
}

/** Tells the policy from whom to reach. */
const CVD_POLICY = 'coordinated vulnerability disclosure policy';

const addressOfContact = (contact: Contact | undefined): string | undefined =>
  contact?.url ?? (contact?.email === undefined ? undefined : `mailto:${contact.email}`);

function contactOf(address: string | undefined): Contact | undefined {
  const email = /^mailto:([^?]+)$/i.exec(address ?? '')?.[1];
  return nonEmpty(email === undefined ? pick({ url: uriOf(address) }) : pick({ email: emailOf(email) }));
}

type Distribution = NonNullable<Manifest['distribution']>;
type Channel = NonNullable<Distribution['channels']>[number];
const CHANNELS = ['api', 'download', 'embedded', 'product', 'registry', 'other'] as const;

/** Sections that the references of the main component tell of. */
export type ReferencedSections = Pick<Manifest, 'documents' | 'distribution' | 'provenance' | 'usage' | 'risk' | 'security'>;

export function readReferencedSections(references: readonly ReferencePart[]): ReferencedSections {
  const rest = [...references];
  /** Takes the first reference of a type, and of a comment where one is asked for. */
  const take = (type: string, comment?: string): ReferencePart | undefined => {
    const index = rest.findIndex((each) => each.type === type && (comment === undefined || each.comment === comment));
    return index === -1 ? undefined : rest.splice(index, 1)[0];
  };
  const single = (type: string, comment: string): Reference | undefined => {
    const found = take(type, comment);
    const place = found === undefined ? undefined : placeOf(found.url);
    return place && { ...place, ...pick({ digest: found?.digest }) };
  };
  const usage = nonEmpty(
    pick({
      acceptableUsePolicy: single('documentation', 'acceptable use policy'),
      instructions: single('documentation', 'instructions for use'),
    }),
  );
  const policy = nonEmpty(
    pick({
      securityTxt: uriOf(take('rfc-9116')?.url),
      cvdPolicy: uriOf(take('security-contact', CVD_POLICY)?.url),
      contact: contactOf(take('security-contact')?.url),
    }),
  );
  const threatModel = single('threat-model', 'threat model');
  const management = single('risk-assessment', 'risk management');
  const of = (type: string): readonly ReferencePart[] => rest.filter((each) => each.type === type);
  return pick({
    usage,
    documents: nonEmptyList(rest.flatMap((each) => readDocument(each) ?? [])),
    distribution: channels(of('distribution')),
    provenance: nonEmptyList(of('attestation').flatMap((each) => readStatement(each) ?? [])),
    risk: management && { management },
    security: nonEmpty(pick({ policy, threatModel, advisoryFeeds: nonEmptyList(of('advisories').flatMap(readFeed)) })),
  });
}

function readFeed({ url, comment }: ReferencePart): Reference[] {
  const uri = uriOf(url);
  return uri === undefined ? [] : [{ uri, ...pick({ title: comment }) }];
}

function readDocument({ type, url, comment, digest }: ReferencePart): LinkedDocument | undefined {
  const place = placeOf(url);
  const stated =
    type === 'documentation' ? wordOf(comment, OTHER_TYPES) : NARROWER.find((each) => comment === each && NARROWER_TYPES[each] === type);
  const kind = stated ?? KNOWN_TYPES.get(type) ?? (type === 'documentation' ? 'other' : undefined);
  if (place === undefined || kind === undefined) return undefined;
  return {
    type: kind,
    ...pick({ title: stated === undefined ? comment : undefined }),
    ...place,
    ...pick({ digest }),
  };
}

function channels(references: readonly ReferencePart[]): Distribution | undefined {
  const found = references.flatMap(({ url, comment }): Channel[] => {
    const uri = uriOf(url);
    if (uri === undefined) return [];
    const [, word, audience] = /^([a-z]+)(?:; (.+))?$/s.exec(comment ?? '') ?? [];
    const kind = wordOf(word, CHANNELS);
    // CycloneDX means a place to download from.
    return [{ kind: kind ?? 'download', uri, ...pick({ audience: kind === undefined ? undefined : audience }) }];
  });
  return found.length === 0 ? undefined : { channels: found };
}

function readStatement({ url, comment, digest }: ReferencePart): ProvenanceStatement | undefined {
  const place = placeOf(url);
  return place && { ...pick({ predicateType: uriOf(comment) }), ...place, ...pick({ digest }) };
}

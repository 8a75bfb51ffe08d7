/** The document itself: who made it, when, with what, in which phase. */
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import type { Bom, Declaration, Manifest, Party, Tool } from '../../schema/index.js';
import { makeComponent, readComponent } from './component.js';
import { atLeast, type Context } from './context.js';
import { readDigest } from './identifiers.js';
import { isObject, type Json, nonEmptyList, objectOf, objectsOf, pick, textOf, timestampOf, unique, uriOf, wordOf } from './json.js';
import type { Extra, MlComponent } from './library.js';
import { readLicenses, writeLicenses } from './licenses.js';
import { entity, person, readEntity, readPerson } from './parties.js';
import { type PropertyRow, type PropertyValues, propertyValues, readProperties, writeProperties } from './properties.js';

const ROWS: readonly PropertyRow[] = [
  ['msbom:specVersion', 'specVersion'],
  ['msbom:generationContext:phase', 'generationContext.phase'],
  ['msbom:generationContext:evidence', 'generationContext.evidence'],
  ['msbom:generationContext:command', 'generationContext.command'],
  ['msbom:coverage:depth', 'coverage.depth'],
  ['msbom:coverage:completeness', 'coverage.completeness'],
  ['msbom:coverage:datasets', 'coverage.datasets'],
  ['msbom:coverage:artifacts', 'coverage.artifacts'],
  ['msbom:coverage:note', 'coverage.note'],
  ['msbom:distribution:access', 'distribution.access'],
  ['msbom:distribution:tlp', 'distribution.tlp'],
  ['msbom:distribution:terms', 'distribution.terms'],
];

type Phase = NonNullable<Bom['generationContext']>['phase'];
const PHASES: Readonly<Partial<Record<Phase, string>>> = { deployed: 'operations', runtime: 'operations', retrospective: 'discovery' };
const PHASES_READ: Readonly<Record<string, Phase>> = {
  design: 'design',
  'pre-build': 'pre-build',
  build: 'build',
  'post-build': 'post-build',
  operations: 'deployed',
  discovery: 'retrospective',
};

export function toolComponents({ bom }: Manifest, context: Context): readonly MlComponent[] {
  return (bom.tools ?? []).map(({ name, version, vendor, digest, uri }, i) =>
    makeComponent(
      {
        ref: refOfTool(i),
        type: Enums.ComponentType.Application,
        name,
        version,
        digest,
        references: uri === undefined ? [] : [{ type: 'website', url: uri }],
        extra: () => ({ publisher: vendor }),
      },
      context,
    ),
  );
}

export const refOfTool = (index: number): string => `tool:${index}`;

/** From 1.6 the first organisation has a member of its own. */
function makers(authors: readonly Party[], { version }: Context): { readonly persons: readonly Party[]; readonly maker?: Party } {
  const maker = atLeast(version, '1.6') ? authors.find(({ kind }) => kind === 'organization') : undefined;
  return maker === undefined ? { persons: authors } : { persons: authors.filter((each) => each !== maker), maker };
}

export function writeMetadata({ bom }: Manifest, context: Context): Extra {
  const { version, party } = context;
  const { persons, maker } = makers(
    (bom.authors ?? []).flatMap((author) => party(author) ?? []),
    context,
  );
  const phase = bom.generationContext?.phase;
  const tlp = bom.distribution?.tlp;
  const isNative = (row: PropertyRow): boolean =>
    (row[1] === 'generationContext.phase' && (phase === undefined || PHASES[phase] === undefined)) ||
    (row[1] === 'distribution.tlp' && atLeast(version, '1.7')) ||
    row[1] === 'coverage.completeness';
  const properties = writeProperties(
    ROWS.filter((row) => !isNative(row)),
    bom,
  );
  return pick({
    timestamp: bom.timestamp,
    lifecycles: phase === undefined ? undefined : [{ phase: PHASES[phase] ?? phase }],
    authors: unique(persons.map(person)),
    manufacturer: maker && entity(maker),
    licenses: writeLicenses(bom.licenses, version),
    properties: [
      ...properties,
      ...persons.flatMap(({ kind }, i) => (kind === undefined ? [] : [[`msbom:author:${i}:kind`, kind] as const])),
      ...(bom.declarations ?? []).map((declaration) => ['msbom:declaration', declarationText(declaration)] as const),
    ].map(([name, value]) => ({ name, value: String(value) })),
    distributionConstraints: tlp === undefined || !atLeast(version, '1.7') ? undefined : { tlp: tlp.replace('+', '_AND_') },
  });
}

const declarationText = ({ pointer, status, reason }: Declaration): string =>
  `${pointer} ${status}${reason === undefined ? '' : `: ${reason}`}`;

/** Comments of the makers on what is not known, for people who read the document without a manifest. */
export function writeAnnotations({ bom }: Manifest, { party, subject }: Context): readonly Extra[] {
  const [author] = (bom.authors ?? []).flatMap((each) => party(each) ?? []);
  const [tool] = bom.tools ?? [];
  const annotator =
    author !== undefined
      ? author.kind === 'organization'
        ? { organization: entity(author) }
        : { individual: person(author) }
      : tool && { component: pick({ type: 'application', name: tool.name, version: tool.version?.slice(0, 1024) }) };
  if (annotator === undefined) return [];
  return unique(
    (bom.declarations ?? []).map((declaration) => ({
      subjects: [subject],
      annotator,
      timestamp: bom.timestamp,
      text: declarationText(declaration),
    })),
  );
}

/** The document's own data, as far as it says. */
export function readMetadata(document: Json): Partial<Bom> {
  const metadata = objectOf(document.metadata);
  const properties = propertyValues(metadata.properties);
  const { specVersion: _specVersion, generationContext, distribution, ...table } = readProperties<Bom>(ROWS, properties);
  const [lifecycle] = objectsOf(metadata.lifecycles);
  const phase = generationContext?.phase ?? PHASES_READ[String(lifecycle?.phase)];
  const tlp = textOf(objectOf(metadata.distributionConstraints).tlp)?.replace('_AND_', '+') as 'RED' | undefined; // the schema has the last word
  const [link] = objectsOf(document.externalReferences).filter(({ type }) => type === 'bom');
  return {
    ...pick({
      serialNumber: readSerialNumber(document.serialNumber),
      version: Number.isSafeInteger(document.version) && Number(document.version) > 0 ? Number(document.version) : undefined,
      timestamp: utcOf(metadata.timestamp),
      authors: nonEmptyList(readAuthors(metadata, properties)),
      tools: nonEmptyList(readTools(metadata.tools)),
      generationContext: phase === undefined ? undefined : { ...generationContext, phase },
      uri: uriOf(link?.url),
      licenses: readLicenses(metadata.licenses),
      declarations: nonEmptyList((properties.get('msbom:declaration') ?? []).flatMap((text) => readDeclaration(text) ?? [])),
      // Who may have it says nothing without a word for whom.
      distribution: distribution?.access === undefined ? undefined : { ...distribution, ...pick({ tlp: distribution.tlp ?? tlp }) },
    }),
    ...table,
  };
}

const readSerialNumber = (value: unknown): string | undefined =>
  typeof value === 'string' && /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) ? value : undefined;

/** The same moment in UTC. */
function utcOf(value: unknown): string | undefined {
  const exact = timestampOf(value);
  if (exact !== undefined || typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d\d:\d\d)$/i.test(value)) return exact;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

const KINDS = ['organization', 'person', 'group'] as const;

function readAuthors(metadata: Json, properties: PropertyValues): Party[] {
  const persons = objectsOf(metadata.authors).flatMap((value, i): Party[] => {
    const party = readPerson(value);
    const kind = wordOf(properties.get(`msbom:author:${i}:kind`)?.[0], KINDS);
    return party === undefined ? [] : [{ ...party, ...pick({ kind }) }];
  });
  const maker = readEntity(metadata.manufacturer);
  return maker === undefined ? persons : [...persons, maker];
}

/** Tools as components, or in the list of older documents. */
function readTools(value: unknown): Tool[] {
  const components = isObject(value) ? objectsOf(value.components) : objectsOf(value);
  return components.flatMap((each): Tool[] => {
    const read = readComponent(each);
    if (read === undefined) return [];
    const uri = uriOf(read.references.find(({ type }) => type === 'website')?.url);
    const vendor = textOf(isObject(value) ? each.publisher : each.vendor);
    return [
      {
        name: read.name,
        ...pick({ version: textOf(each.version) ?? read.common.version, vendor, digest: readDigest(each.hashes, read.properties), uri }),
      },
    ];
  });
}

function readDeclaration(text: string): Declaration | undefined {
  const [, pointer, word, reason] = /^(.*?) (unknown|withheld|notApplicable)(?:: (.*))?$/s.exec(text) ?? [];
  const status = wordOf(word, ['unknown', 'withheld', 'notApplicable'] as const);
  return pointer === undefined || status === undefined ? undefined : { pointer, status, ...pick({ reason }) };
}

/** The document itself: who made it, when, with what, in which phase. */
import { nonEmptyList, objectOf, objectsOf, pick, textOf, timestampOf, unique } from '../../../convert/cyclonedx/json.js';
import type { JsonValue } from '../../../core/canonical-json.js';
import { own } from '../../../core/objects.js';
import { type Bom, SPEC_VERSION, type Tool } from '../../schema/index.js';
import type { Draft } from '../graph.js';
import type { Json } from '../mapping/block.js';
import { entity, LICENSES, person, readEntity, readPerson } from './blocks.js';
import { atLeast, type Context } from './context.js';

type Value = Readonly<Record<string, unknown>>;
const json = (value: unknown): JsonValue | undefined => value as JsonValue | undefined; // made here of plain JSON

/** What a document lacks and a manifest must have. */
export interface Identity {
  readonly serialNumber: string;
  readonly timestamp: string;
}

/** When in the life cycle, in the words of CycloneDX. */
const PHASES: Readonly<Record<string, string>> = { deployed: 'operations', runtime: 'operations', retrospective: 'discovery' };
const LIFECYCLES: ReadonlySet<string> = new Set(['design', 'pre-build', 'build', 'post-build', 'operations', 'discovery', 'decommission']);

/** Labels of the Traffic Light Protocol, in our words. */
const TLP: ReadonlySet<string> = new Set(['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED']);

/** The metadata of a document, less its main component and properties. */
export function writeMetadata(bom: Bom, context: Context): Json {
  const { party, version } = context;
  const phase = bom.generationContext?.phase;
  const word = phase === undefined ? undefined : (own(PHASES, phase) ?? phase);
  const authors = (bom.authors ?? []).flatMap((id) => party(id) ?? []);
  const maker = atLeast(version, '1.6') ? authors.find(({ kind }) => kind === 'organization') : undefined;
  const tlp = bom.distribution?.tlp;
  return pick({
    timestamp: bom.timestamp,
    lifecycles: word === undefined ? undefined : json([LIFECYCLES.has(word) ? { phase: word } : { name: word }]),
    tools: bom.tools === undefined ? undefined : json({ components: bom.tools.map(tool) }),
    authors: json(nonEmptyList(unique(authors.filter((each) => each !== maker).map(person)))),
    manufacturer: maker === undefined ? undefined : entity(maker),
    licenses: LICENSES.write({ licenses: json(bom.licenses) ?? [] }, context).licenses,
    distributionConstraints:
      tlp === undefined || !atLeast(version, '1.7') || !TLP.has(tlp) ? undefined : json({ tlp: tlp.replace('+', '_AND_') }),
  });
}

const tool = ({ name, version, vendor, uri }: Tool): Json =>
  pick({
    type: 'application',
    name,
    version,
    publisher: vendor,
    externalReferences: uri === undefined ? undefined : json([{ type: 'website', url: uri }]),
  });

/** The same from the words of CycloneDX. */
const PHASES_READ: Readonly<Record<string, string>> = { operations: 'deployed', discovery: 'retrospective' };

/** The document's own data; `subject` is the id of what it is about, `identify` is asked where it does not name itself. */
export function readBom(
  document: Value,
  subject: string | undefined,
  context: Context & { readonly draft: Draft },
  identify: () => Identity,
): Json {
  const metadata = objectOf(document.metadata);
  const said = (context.draft.bom ?? {}) as Json;
  const serialNumber = typeof document.serialNumber === 'string' && SERIAL.test(document.serialNumber) ? document.serialNumber : undefined;
  const timestamp = utcOf(metadata.timestamp);
  const identity = serialNumber === undefined || timestamp === undefined ? identify() : { serialNumber, timestamp };
  const [lifecycle] = objectsOf(metadata.lifecycles);
  const word = textOf(lifecycle?.phase) ?? textOf(lifecycle?.name);
  const phase = word === undefined ? undefined : (own(PHASES_READ, word) ?? word);
  const made = said.generationContext as Json | undefined;
  const kept = made?.phase !== undefined && (made.phase === phase || own(PHASES_READ, word ?? '') !== undefined) ? made.phase : phase;
  const authors = said.authors ?? readAuthors(metadata, context);
  return {
    specVersion: SPEC_VERSION,
    ...pick({ subject: subject === undefined || subject === 'model' ? undefined : subject }),
    serialNumber: serialNumber ?? identity.serialNumber,
    version: Number.isSafeInteger(document.version) && Number(document.version) > 0 ? Number(document.version) : 1,
    timestamp: timestamp ?? identity.timestamp,
    ...said,
    ...pick({
      authors: authors as JsonValue | undefined,
      tools: said.tools ?? readTools(metadata.tools),
      generationContext: kept === undefined ? undefined : { ...made, phase: kept },
      licenses: said.licenses ?? LICENSES.read(metadata as Json, context).licenses,
    }),
  } as Json;
}

const SERIAL = /^urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The same moment in UTC. */
function utcOf(value: unknown): string | undefined {
  const exact = timestampOf(value);
  if (exact !== undefined || typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T[\d:.]{5,20}(?:Z|[+-]\d\d:\d\d)$/i.test(value)) return exact;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function readAuthors(metadata: Value, { partyId }: Context): JsonValue | undefined {
  const persons = objectsOf(metadata.authors).flatMap((each) => readPerson(each) ?? []);
  const maker = readEntity(metadata.manufacturer ?? metadata.manufacture);
  return nonEmptyList(unique([...(maker === undefined ? [] : [maker]), ...persons].map(partyId)));
}

function readTools(tools: unknown): JsonValue | undefined {
  const list = Array.isArray(tools) ? objectsOf(tools) : objectsOf(objectOf(tools).components);
  return nonEmptyList(
    unique(
      list.flatMap(({ name, version, publisher, vendor }) => {
        const label = textOf(name);
        return label === undefined ? [] : [pick({ name: label, version: textOf(version), vendor: textOf(publisher) ?? textOf(vendor) })];
      }),
    ),
  ) as JsonValue | undefined;
}

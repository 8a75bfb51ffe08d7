/** The document itself: who made it, when, with what, in which phase. */

import { type Bom, SPEC_VERSION, type Tool } from '../../schema/index.js';
import type { Draft } from '../graph.js';
import { type Block, type Json, readBlocks, writeBlocks } from '../mapping/block.js';
import { without } from '../mapping/row.js';
import { entity, LICENSES, person, readEntity, readHashes, readPerson, writeHashes } from './blocks.js';
import { atLeast, type Context } from './context.js';
import { json, nonEmptyList, objectOf, objectsOf, pick, textOf, timestampOf, unique, uriOf } from './json.js';

type Value = Readonly<Record<string, unknown>>;

/** What a document lacks and a manifest must have. */
export interface Identity {
  readonly serialNumber: string;
  readonly timestamp: string;
}

/** When in the life cycle, in the words of CycloneDX; the first word of ours is read back. */
const PHASES: readonly (readonly [ours: string, theirs: string])[] = [
  ['deployed', 'operations'],
  ['runtime', 'operations'],
  ['retrospective', 'discovery'],
];
const LIFECYCLES: ReadonlySet<string> = new Set(['design', 'pre-build', 'build', 'post-build', 'operations', 'discovery', 'decommission']);

const PHASE: Block<Context> = {
  at: ['generationContext.phase'],
  places: ['lifecycles'],
  write({ generationContext }) {
    const phase = textOf(objectOf(generationContext).phase);
    if (phase === undefined) return {};
    const word = PHASES.find(([ours]) => ours === phase)?.[1] ?? phase;
    return { lifecycles: [LIFECYCLES.has(word) ? { phase: word } : { name: word }] };
  },
  read({ lifecycles }) {
    const [lifecycle] = objectsOf(lifecycles);
    const word = textOf(lifecycle?.phase) ?? textOf(lifecycle?.name);
    return word === undefined ? {} : { generationContext: { phase: PHASES.find(([, theirs]) => theirs === word)?.[0] ?? word } };
  },
};

/** An organization among the authors is the manufacturer, from 1.6 on. */
const AUTHORS: Block<Context> = {
  at: ['authors'],
  places: ['authors', 'manufacturer', 'manufacture'],
  write({ authors }, { party, version }) {
    const known = ((authors ?? []) as readonly string[]).flatMap((id) => party(id) ?? []); // of the schema
    const maker = atLeast(version, '1.6') ? known.find(({ kind }) => kind === 'organization') : undefined;
    const persons = nonEmptyList(unique(known.filter((each) => each !== maker).map(person)));
    return pick({ authors: json(persons), manufacturer: maker === undefined ? undefined : entity(maker) });
  },
  read({ authors, manufacturer, manufacture }, { partyId }) {
    const persons = objectsOf(authors).flatMap((each) => readPerson(each) ?? []);
    const maker = readEntity(manufacturer ?? manufacture);
    return pick({ authors: unique([...(maker === undefined ? [] : [maker]), ...persons].map(partyId)) });
  },
};

const TOOLS: Block<Context> = {
  at: ['tools'],
  places: ['tools'],
  write({ tools }) {
    const list = (tools ?? []) as unknown as readonly Tool[]; // of the schema
    return list.length === 0 ? {} : { tools: { components: json(list.map(tool)) } };
  },
  read({ tools }) {
    const list = Array.isArray(tools) ? objectsOf(tools) : objectsOf(objectOf(tools).components);
    return pick({ tools: json(unique(list.flatMap((each) => readTool(each) ?? []))) });
  },
};

const tool = ({ name, version, vendor, digest, uri }: Tool): Json =>
  pick({
    type: 'application',
    name,
    version,
    publisher: vendor,
    hashes: writeHashes(digest),
    externalReferences: uri === undefined ? undefined : json([{ type: 'website', url: uri }]),
  });

function readTool({ name, version, publisher, vendor, hashes, externalReferences }: Value): Json | undefined {
  const label = textOf(name);
  if (label === undefined) return undefined;
  const website = objectsOf(externalReferences).find(({ type, url }) => type === 'website' && uriOf(url) !== undefined);
  return pick({
    name: label,
    version: textOf(version),
    vendor: textOf(publisher) ?? textOf(vendor),
    digest: readHashes(hashes),
    uri: uriOf(website?.url),
  });
}

/** Labels of the Traffic Light Protocol, in our words. */
const TLP: ReadonlySet<string> = new Set(['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED']);

/** From 1.7 on. */
const DISTRIBUTION: Block<Context> = {
  at: ['distribution.tlp'],
  places: ['distributionConstraints'],
  write({ distribution }, { version }) {
    const tlp = textOf(objectOf(distribution).tlp);
    if (tlp === undefined || !atLeast(version, '1.7') || !TLP.has(tlp)) return {};
    return { distributionConstraints: { tlp: tlp.replace('+', '_AND_') } };
  },
  read({ distributionConstraints }) {
    const tlp = textOf(objectOf(distributionConstraints).tlp)?.replace('_AND_', '+');
    return tlp === undefined ? {} : { distribution: { tlp } };
  },
};

const BLOCKS: readonly Block<Context>[] = [PHASE, TOOLS, AUTHORS, LICENSES, DISTRIBUTION];

/** The metadata of a document, less its main component and properties; and what it does not say of the document exactly. */
export function writeMetadata(bom: Bom, context: Context): { readonly members: Json; readonly rest: Json } {
  const { members, rest } = writeBlocks(BLOCKS, bom as unknown as Json, context); // plain JSON
  const named = ['specVersion', 'serialNumber', 'version', 'timestamp'];
  return { members: { timestamp: bom.timestamp, ...members }, rest: named.reduce((left, member) => without(left, [member]), rest) };
}

/** The document's own data; `subject` is the id of what it is about, `identify` is asked where it does not name itself. */
export function readBom(
  document: Value,
  subject: string | undefined,
  context: Context & { readonly draft: Draft },
  identify: () => Identity,
): Json {
  const metadata = objectOf(document.metadata);
  const serialNumber = typeof document.serialNumber === 'string' && SERIAL.test(document.serialNumber) ? document.serialNumber : undefined;
  const timestamp = utcOf(metadata.timestamp);
  const identity = serialNumber === undefined || timestamp === undefined ? identify() : { serialNumber, timestamp };
  return {
    specVersion: SPEC_VERSION,
    ...pick({ subject: subject === undefined || subject === 'model' ? undefined : subject }),
    serialNumber: serialNumber ?? identity.serialNumber,
    version: Number.isSafeInteger(document.version) && Number(document.version) > 0 ? Number(document.version) : 1,
    timestamp: timestamp ?? identity.timestamp,
    ...readBlocks(BLOCKS, metadata as Json, (context.draft.bom ?? {}) as Json, context), // JSON of a document
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

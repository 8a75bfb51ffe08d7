/** The document itself: who made it, when, with what, and what it is about. */
import { TOOL } from '../../core/tool.js';
import type { Manifest, Tool } from '../../schema/index.js';
import { type Fields, LINK, oneOf, SECONDS } from './codecs.js';
import { propertyOf, type Reading, type Writing } from './context.js';
import { type Json, pick, readFields, writeFields } from './fields.js';
import { addStandIn, CREATION_INFO, joinParts, members, properties } from './graph.js';
import { decodeName, OWN } from './ids.js';
import { readLicense, writeLicense } from './licenses.js';
import { writeParty } from './parties.js';
import { listOf } from './source.js';
import { SBOM_TYPES, SPDX_VERSION } from './words.js';

const FIELDS: Fields = [
  ['uri', 'msbom:bom:uri', LINK],
  ['subject', 'msbom:subject', oneOf('model', 'adapter', 'dataset')],
  ['generationContext.phase', 'msbom:generationContext:phase', oneOf(...SBOM_TYPES.to.keys())],
  ['generationContext.evidence', 'msbom:generationContext:evidence'],
  ['generationContext.command', 'msbom:generationContext:command'],
  ['coverage.depth', 'msbom:coverage:depth', oneOf('none', 'top-level', 'transitive', 'unknown')],
  ['coverage.completeness', 'msbom:coverage:completeness', oneOf('complete', 'partial', 'unknown')],
  ['coverage.datasets', 'msbom:coverage:datasets', oneOf('complete', 'partial', 'unknown')],
  ['coverage.artifacts', 'msbom:coverage:artifacts', oneOf('complete', 'partial', 'unknown')],
  ['coverage.note', 'msbom:coverage:note'],
  ['distribution.tlp', 'msbom:distribution:tlp'],
  ['distribution.access', 'msbom:distribution:access'],
];

/** Profiles by the prefix of their classes. */
const PROFILES: readonly (readonly [prefix: string, profile: string])[] = [
  ['ai_', 'ai'],
  ['build_', 'build'],
  ['dataset_', 'dataset'],
  ['security_', 'security'],
  ['simplelicensing_', 'simpleLicensing'],
  ['software_', 'software'],
];

/** To be called last: it lists what the document holds. */
export function writeDocument(writing: Writing, name: string | undefined): void {
  const { graph, manifest, root } = writing;
  const { bom } = manifest;
  const tools = (bom.tools ?? []).map((tool, i) => writeTool(writing, tool, i));
  const authors = [...new Set((bom.authors ?? []).flatMap((author) => writeParty(writing, author) ?? []))];
  graph.addBlank(CREATION_INFO, {
    type: 'CreationInfo',
    specVersion: SPDX_VERSION,
    created: bom.timestamp.replace(/\.\d+Z$/, 'Z'),
    createdBy: authors.length > 0 ? authors : [softwareAgent(writing)],
    ...pick({ createdUsing: tools }),
  });
  const phase = bom.generationContext?.phase;
  const sbomType = phase === undefined ? undefined : SBOM_TYPES.to.get(phase);
  const sbom = graph.own('sbom');
  const license = bom.licenses?.[0];
  const dataLicense = license === undefined ? undefined : writeLicense(writing, license);
  const held = [...graph.elements()];
  graph.add(
    'software_Sbom',
    sbom,
    members({ name, software_sbomType: sbomType === undefined ? [] : [sbomType], rootElement: [root], element: held }),
  );
  const types = [...graph.types()];
  graph.add(
    'SpdxDocument',
    graph.base,
    joinParts(
      members({
        name,
        dataLicense,
        profileConformance: [
          'core',
          ...PROFILES.filter(([prefix]) => types.some((type) => type.startsWith(prefix))).map(([, profile]) => profile),
        ].sort(),
        rootElement: [sbom],
      }),
      writeFields(FIELDS, bom),
    ),
  );
}

function writeTool({ graph }: Writing, { name, version, vendor, uri }: Tool, index: number): string {
  const link = LINK.write(uri);
  return graph.add(
    'Tool',
    graph.own('tool', String(index)),
    joinParts(
      members({
        name: version === undefined ? name : `${name} ${version}`,
        externalRef: link === undefined ? [] : [{ type: 'ExternalRef', externalRefType: 'altWebPage', locator: [link] }],
      }),
      properties(
        ...(version === undefined ? [] : [['msbom:tool:version', version] as const]),
        ...(vendor === undefined ? [] : [['msbom:tool:vendor', vendor] as const]),
      ),
    ),
  );
}

/** SPDX asks who made the document; where the manifest names nobody, the program itself, and no party is made up. */
function softwareAgent({ graph, manifest }: Writing): string {
  const name = manifest.bom.tools?.[0]?.name ?? TOOL.name;
  return addStandIn(graph, graph.own('agent'), name);
}

/** The section `bom`, less serial number and version. */
export function readDocument(reading: Reading, document: Json | undefined, sbom: Json | undefined): Json {
  const { source } = reading;
  const creation = source.get((document ?? reading.root)?.creationInfo) ?? source.ofType('CreationInfo')[0] ?? {};
  const found = document === undefined ? new Map<string, readonly string[]>() : source.properties(document);
  const fields = readFields(FIELDS, {}, found);
  const phase = SBOM_TYPES.from.get(String(listOf(sbom?.software_sbomType)[0]));
  const license = document === undefined ? undefined : readLicense(reading, document.dataLicense);
  return {
    ...pick({ timestamp: SECONDS.read(creation.created) }),
    ...(fields.generationContext === undefined && phase !== undefined ? { generationContext: { phase } } : {}),
    ...fields,
    ...pick({
      authors: [...new Set(listOf(creation.createdBy))].flatMap((id) => reading.party(id) ?? []),
      tools: [...new Set(listOf(creation.createdUsing))].flatMap((id) => readTool(reading, id)),
      licenses: license === undefined ? undefined : [license],
    }),
  };
}

function readTool({ source, names, base }: Reading, id: unknown): readonly Tool[] {
  const node = source.get(id);
  if (node === undefined || typeof node.name !== 'string' || node.name === '') return [];
  const own = decodeName(String(id), base);
  if (own?.startsWith(OWN)) names.set(String(id), own);
  const found = source.properties(node);
  const version = propertyOf(found, 'msbom:tool:version');
  const name = version !== undefined && node.name.endsWith(` ${version}`) ? node.name.slice(0, -version.length - 1) : node.name;
  const reference = listOf(node.externalRef)[0] as Json | undefined;
  const uri = LINK.read(listOf(reference?.locator)[0]) as string | undefined;
  return [{ name: name === '' ? node.name : name, ...pick({ version, vendor: propertyOf(found, 'msbom:tool:vendor'), uri }) }];
}

export const nameOf = ({ model, datasets }: Manifest): string | undefined => model?.name ?? datasets?.[0]?.name;

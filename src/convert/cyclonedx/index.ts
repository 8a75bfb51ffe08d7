/**
 * A manifest as a CycloneDX ML-BOM. Source: https://cyclonedx.org/docs/1.6/json/ and the official guide to ML-BOMs.
 */
import { Enums } from '@cyclonedx/cyclonedx-library';
import type { Finding } from '../../core/finding.js';
import type { Declaration, Manifest, Party, PartyRef } from '../../schema/index.js';
import { track } from '../tracker.js';
import { atLeast, type Context, entity, makeComponent, person, pick, unique } from './component.js';
import { formulation } from './formulation.js';
import { type CycloneDXVersion, type Extra, MlBom, type MlComponent, normalizeBom } from './library.js';
import { refOf, refsById } from './refs.js';
import { adapterComponents, dataComponents, modelComponent, softwareComponents } from './sections.js';

export type { CycloneDXVersion } from './library.js';

/** A CycloneDX document as plain JSON. */
export type CycloneDXDocument = Readonly<Record<string, unknown>>;

export const CYCLONEDX_VERSIONS: readonly CycloneDXVersion[] = ['1.5', '1.6', '1.7'];

export interface CycloneDXOptions {
  /** Default 1.6, which most consumers read. */
  readonly version?: CycloneDXVersion;
}

export interface Conversion<D> {
  readonly document: D;
  /** What the target has no place for, one finding for each value or group of values. */
  readonly losses: readonly Finding[];
}

/** Converts a valid manifest. Same manifest, same document: nothing in it is random or of the present moment. */
export function toCycloneDX(manifest: Manifest, options: CycloneDXOptions = {}): Conversion<CycloneDXDocument> {
  const { version = '1.6' } = options;
  const { document: source, unread } = track(manifest);
  const parties = new Map((source.parties ?? []).flatMap((party) => (party.id === undefined ? [] : [[party.id, party] as const])));
  const context: Context = { version, party: (ref: PartyRef): Party | undefined => (typeof ref === 'string' ? parties.get(ref) : ref) };
  const bom = makeBom(source, context);
  return { document: normalizeBom(bom, version), losses: losses(unread(), version) };
}

/** The text of a document as it is written to files. */
export function stringifyCycloneDX(document: CycloneDXDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function makeBom(manifest: Manifest, context: Context): MlBom {
  const bom = new MlBom({ serialNumber: manifest.bom.serialNumber, version: manifest.bom.version });
  const subject = modelComponent(manifest, context);
  bom.metadata.component = subject;
  const components = [
    ...dataComponents(manifest, context),
    ...adapterComponents(manifest, context),
    ...softwareComponents(manifest, context),
  ];
  for (const component of components) bom.components.add(component);
  manifest.bom.tools?.forEach(({ name, version, vendor, digest, uri }, i) => {
    const references = uri === undefined ? [] : [{ type: 'website', url: uri }];
    const publisher = vendor === undefined ? undefined : { name: vendor };
    bom.metadata.tools.components.add(
      makeComponent({ ref: `tool:${i}`, type: Enums.ComponentType.Application, name, version, publisher, digest, references }, context),
    );
  });
  bom.metadataExtra = metadata(manifest, context);
  bom.extra = (normalize) => ({
    components: components.length > 0 ? components.map(normalize) : undefined,
    dependencies: dependencies(manifest, subject),
    ...pick({ services: services(manifest, context), compositions: compositions(manifest), vulnerabilities: vulnerabilities(manifest) }),
    ...(atLeast(context.version, '1.6') ? pick({ definitions: definitions(manifest) }) : {}),
    ...formulation(manifest, context, normalize),
  });
  return bom;
}

const PHASES: Readonly<Record<string, string>> = { deployed: 'operations', runtime: 'operations', retrospective: 'discovery' };

function metadata({ bom }: Manifest, { version, party }: Context): Extra {
  const authors = (bom.authors ?? []).flatMap((author) => party(author) ?? []);
  const phase = bom.generationContext?.phase;
  const maker = authors.find(({ kind }) => kind === 'organization');
  const { coverage, generationContext } = bom;
  return pick({
    timestamp: bom.timestamp,
    lifecycles: phase === undefined ? undefined : [{ phase: PHASES[phase] ?? phase }],
    authors: unique(authors.map(person)),
    manufacturer: atLeast(version, '1.6') && maker !== undefined ? entity(maker) : undefined,
    properties: [
      ...property('msbom:specVersion', bom.specVersion),
      ...property('msbom:generationContext:phase', phase !== undefined && PHASES[phase] !== undefined ? phase : undefined),
      ...property('msbom:generationContext:evidence', generationContext?.evidence),
      ...property('msbom:coverage:depth', coverage?.depth),
      ...property('msbom:coverage:datasets', coverage?.datasets),
      ...property('msbom:coverage:artifacts', coverage?.artifacts),
      ...property('msbom:coverage:note', coverage?.note),
      ...authors.flatMap(({ name, kind }) => property('msbom:author:kind', kind === undefined ? undefined : `${name}: ${kind}`)),
      ...(bom.declarations ?? []).flatMap((declaration) => property('msbom:declaration', declarationText(declaration))),
    ],
  });
}

const declarationText = ({ pointer, status, reason }: Declaration): string =>
  `${pointer} ${status}${reason === undefined ? '' : `: ${reason}`}`;
const property = (name: string, value: string | undefined): readonly { name: string; value: string }[] =>
  value === undefined ? [] : [{ name, value }];

/** Every ref has an entry, so that "depends on nothing" and "not said" look alike only where they are. */
function dependencies(manifest: Manifest, subject: MlComponent): readonly Extra[] {
  const refs = refsById(manifest);
  const edges = new Map<string, Set<string>>();
  const add = (from: string | undefined, to: string | undefined): void => {
    if (from === undefined || to === undefined || from === to) return;
    edges.set(from, (edges.get(from) ?? new Set()).add(to));
  };
  const main = subject.bomRef.value;
  manifest.artifacts?.forEach((artifact) => {
    add(main, refOf.artifact(artifact));
  });
  manifest.datasets?.forEach((dataset, i) => {
    add(main, refOf.dataset(dataset, i));
  });
  manifest.components?.forEach((component, i) => {
    add(main, refOf.component(component, i));
  });
  manifest.adapters?.forEach((adapter) => {
    for (const path of adapter.artifacts ?? []) {
      const file = manifest.artifacts?.find((artifact) => artifact.path === path);
      if (file !== undefined) add(adapter.id, refOf.artifact(file));
    }
  });
  for (const { ref, dependsOn } of manifest.dependencies ?? []) for (const target of dependsOn) add(refs.get(ref), refs.get(target));
  const targets = new Set([...edges.values()].flatMap((set) => [...set]));
  const leaves = [...targets, ...(main === undefined || edges.has(main) ? [] : [main])].filter((ref) => !edges.has(ref));
  return [...[...edges].map(([ref, set]) => ({ ref, dependsOn: [...set] })), ...leaves.map((ref) => ({ ref }))];
}

/** CycloneDX's words for how complete a list is. */
const AGGREGATES: Readonly<Record<string, string>> = { complete: 'complete', partial: 'incomplete', unknown: 'unknown' };

function compositions({ bom, artifacts = [] }: Manifest): readonly Extra[] {
  const { completeness, artifacts: files } = bom.coverage ?? {};
  return [
    ...(completeness === undefined ? [] : [{ aggregate: AGGREGATES[completeness], dependencies: [refOf.model] }]),
    ...(files === undefined || artifacts.length === 0 ? [] : [{ aggregate: AGGREGATES[files], assemblies: [refOf.model] }]),
  ];
}

function services({ services: list = [] }: Manifest, { party }: Context): readonly Extra[] {
  return list.map((service, i) => {
    const provider = service.provider === undefined ? undefined : party(service.provider);
    const name = service.name ?? provider?.name ?? service.id ?? `service ${i + 1}`;
    return pick({
      'bom-ref': service.id ?? `service:${i}`,
      provider: provider === undefined ? undefined : entity(provider),
      name,
      endpoints: service.endpoints === undefined ? undefined : [...service.endpoints],
    });
  });
}

/** OpenVEX states and CycloneDX's. */
const STATES: Readonly<Record<string, string>> = {
  not_affected: 'not_affected',
  affected: 'exploitable',
  exploitable: 'exploitable',
  fixed: 'resolved',
  under_investigation: 'in_triage',
};

function vulnerabilities(manifest: Manifest): readonly Extra[] {
  const refs = refsById(manifest);
  return unique(
    (manifest.security?.vulnerabilities ?? []).map(({ id, source, affects, status, justification, severity, description, fix }) =>
      pick({
        id,
        source: source === undefined ? undefined : { url: source },
        ratings: severity === undefined ? undefined : [{ severity }],
        description,
        recommendation: fix,
        analysis: status === undefined ? undefined : pick({ state: STATES[status], detail: justification }),
        affects: (affects ?? []).flatMap((target) => {
          const ref = refs.get(target);
          return ref === undefined ? [] : [{ ref }];
        }),
      }),
    ),
  );
}

function definitions({ governance }: Manifest): Extra | undefined {
  const standards = (governance?.standards ?? []).map(({ id, title, note }, i) =>
    pick({ 'bom-ref': `standard:${i}`, name: title ?? id, version: title === undefined ? undefined : id, description: note }),
  );
  return standards.length > 0 ? { standards } : undefined;
}

/** Losses by the section or item that they are in: a list of hundreds of pointers helps nobody. */
function losses(pointers: readonly string[], version: CycloneDXVersion): readonly Finding[] {
  const groups = new Map<string, string[]>();
  for (const pointer of pointers) {
    const group = pointer.split('/').slice(0, 4).join('/');
    groups.set(group, [...(groups.get(group) ?? []), pointer]);
  }
  return [...groups].map(([group, members]) => ({
    id: 'conversion-loss',
    severity: 'low',
    pointer: members.length === 1 ? (members[0] ?? group) : group,
    message: `CycloneDX ${version} has no place for ${members.length === 1 ? 'this value' : `${members.length} values here`}`,
    fix: 'Keep the manifest beside the converted document.',
  }));
}

/**
 * A manifest as SPDX 2.3: a reduced view, for the many tools that read nothing newer. It is not read back.
 * Source: https://spdx.github.io/spdx-spec/v2.3/
 */
import type { Finding } from '../../core/finding.js';
import { TOOL } from '../../core/tool.js';
import type { Artifact, Manifest } from '../../schema/index.js';
import { fileName, MODEL, nameIn, namesById } from './ids.js';
import { track } from './tracker.js';
import { addPackage, agent, checksums, expression, line, NO_ASSERTION, refOf, relate, type Writing } from './v2-package.js';
import type { SPDX2Document } from './v2-shapes.js';
import { earlierWord, PURPOSES } from './v2-words.js';
import { COMPONENT_PURPOSES } from './words.js';

export type { SPDX2Document } from './v2-shapes.js';

/** Converts a valid manifest; the losses are every value that no element says. Same manifest, same document. */
export function toSPDX2(manifest: Manifest): { readonly document: SPDX2Document; readonly losses: readonly Finding[] } {
  const { document: source, unread } = track(manifest);
  const writing: Writing = {
    manifest: source,
    parties: new Map((source.parties ?? []).flatMap((party) => (party.id === undefined ? [] : [[party.id, party] as const]))),
    names: namesById(source),
    packages: [],
    files: [],
    relationships: new Map(),
    extracted: new Map(),
    refs: new Map(),
    taken: new Set(['SPDXRef-DOCUMENT']),
  };
  writePackages(writing);
  const { bom, model, datasets } = source;
  const { packages, files, relationships, extracted } = writing;
  const document: SPDX2Document = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: line(model?.name ?? datasets?.[0]?.name ?? 'manifest'),
    // A namespace ends where the fragment of an element's id begins.
    documentNamespace: `urn:cdx:${bom.serialNumber.replace(/^urn:uuid:/, '')}/${bom.version}`,
    creationInfo: { created: bom.timestamp.replace(/\.\d+Z$/, 'Z'), creators: creators(writing) },
    packages,
    ...(files.length > 0 ? { files } : {}),
    ...(extracted.size > 0 ? { hasExtractedLicensingInfos: [...extracted.values()] } : {}),
    relationships: [...relationships.values()],
  };
  return { document, losses: lossesOf(unread().filter((pointer) => !FORM.has(pointer))) };
}

function creators({ manifest: { bom }, parties }: Writing): readonly string[] {
  const authors = (bom.authors ?? []).flatMap((ref) => agent(parties, ref) ?? []);
  const tools = (bom.tools ?? []).map(({ name, version }) => `Tool: ${line(version === undefined ? name : `${name}-${version}`)}`);
  return [...new Set([...authors, ...(authors.length + tools.length > 0 ? tools : [`Tool: ${TOOL.name}`])])];
}

function writePackages(writing: Writing): void {
  const { manifest } = writing;
  const { model, datasets = [], lineage, adapters = [], distribution, bom } = manifest;
  const download = distribution?.channels?.find(({ kind }) => kind === 'download')?.uri;
  if (model !== undefined) {
    const { types = [] } = model;
    addPackage(writing, MODEL, model, {
      purpose: 'OTHER',
      download,
      released: model.releaseDate,
      built: model.timestamp,
      comment: `${bom.subject === 'adapter' ? 'Adapter of a machine-learning model' : 'Machine-learning model'}${types.length > 0 ? ` for ${types.join(', ')}` : ''}`,
    });
  }
  datasets.forEach((dataset, i) => {
    // Named one by one: what a copy reads counts as said.
    const { name, version, description, identifiers, digest, licenses, issuer: producer } = dataset;
    addPackage(
      writing,
      nameIn('dataset', dataset, i),
      { name, version, description, identifiers, digest, licenses, producer },
      { purpose: 'OTHER', download: dataset.uri, released: dataset.dates?.issued, comment: datasetComment(dataset.roles) },
    );
  });
  lineage?.ancestors?.forEach((ancestor, i) => {
    addPackage(writing, nameIn('ancestor', ancestor, i), ancestor, {
      purpose: 'OTHER',
      homepage: ancestor.uri,
      comment: 'Machine-learning model that this one came from',
    });
  });
  adapters.forEach((adapter) => {
    // Its digest is a root digest, the hash of no file.
    const { name, version, identifiers, licenses, producer } = adapter;
    addPackage(
      writing,
      adapter.id,
      { name, version, identifiers, licenses, producer },
      { purpose: 'OTHER', comment: 'Adapter of a machine-learning model' },
    );
  });
  writeComponents(writing);
  const root = writing.packages[0]?.SPDXID;
  if (root === undefined) return;
  relate(writing, 'SPDXRef-DOCUMENT', 'DESCRIBES', root);
  for (const artifact of manifest.artifacts ?? []) relate(writing, root, 'CONTAINS', writeFile(writing, artifact));
  relateAll(writing, root);
}

function writeComponents(writing: Writing): void {
  writing.manifest.components?.forEach((component, i) => {
    const { uris, supportEnd, type } = component;
    addPackage(writing, nameIn('component', component, i), component, {
      purpose: type === undefined ? undefined : (earlierWord(PURPOSES, COMPONENT_PURPOSES.to.get(type)) ?? 'OTHER'),
      download: uris?.distribution,
      homepage: uris?.homepage,
      validUntil: supportEnd,
    });
  });
}

const datasetComment = (roles: readonly string[] = []): string => `Dataset${roles.length > 0 ? ` for ${roles.join(', ')}` : ''}`;

/** SPDX 2.3 asks for SHA-1 of every file; a file without one is a package of the purpose FILE, which may have any checksum. */
function writeFile(writing: Writing, { path, digest, licenses, uri }: Artifact): string {
  if (digest.sha1 === undefined)
    return addPackage(writing, fileName(path), { name: path, digest, licenses }, { purpose: 'FILE', download: uri });
  const id = refOf(writing, fileName(path));
  writing.files.push({
    SPDXID: id,
    fileName: `./${line(path)}`,
    checksums: checksums(digest),
    licenseConcluded: expression(writing, licenses, 'concluded'),
    copyrightText: NO_ASSERTION,
  });
  return id;
}

/** Relationships of SPDX 2.3 run from the thing that serves to the one that is served, or the other way: both ends by type. */
const DEPENDENCIES: Readonly<Record<string, string>> = { dependsOn: 'DEPENDS_ON', derivedFrom: 'DESCENDANT_OF', contains: 'CONTAINS' };

function relateAll(writing: Writing, root: string): void {
  const { datasets = [], lineage, adapters = [], components = [], dependencies = [] } = writing.manifest;
  datasets.forEach((dataset, i) => {
    const testing = dataset.roles?.length === 1 && dataset.roles[0] === 'testing';
    relate(
      writing,
      refOf(writing, nameIn('dataset', dataset, i)),
      testing ? 'TEST_OF' : 'OTHER',
      root,
      testing ? undefined : datasetComment(dataset.roles),
    );
  });
  lineage?.ancestors?.forEach((ancestor, i) => {
    relate(writing, root, 'DESCENDANT_OF', refOf(writing, nameIn('ancestor', ancestor, i)), ancestor.relation);
  });
  for (const { id, artifacts = [] } of adapters) {
    relate(writing, root, 'CONTAINS', refOf(writing, id));
    for (const path of artifacts)
      if (writing.refs.has(fileName(path))) relate(writing, refOf(writing, id), 'CONTAINS', refOf(writing, fileName(path)));
  }
  const isStated = dependencies.some(({ ref, kind = 'dependsOn' }) => ref === 'model' && kind === 'dependsOn');
  if (!isStated)
    components.forEach((component, i) => {
      relate(writing, root, 'DEPENDS_ON', refOf(writing, nameIn('component', component, i)));
    });
  for (const { ref, dependsOn, kind = 'dependsOn' } of dependencies) {
    const [from, type] = [existing(writing, ref), DEPENDENCIES[kind]];
    for (const target of dependsOn) {
      const to = existing(writing, target);
      if (from !== undefined && to !== undefined && type !== undefined) relate(writing, from, type, to);
    }
  }
}

function existing({ names, refs }: Writing, id: string): string | undefined {
  const name = names.get(id);
  return name === undefined ? undefined : refs.get(name);
}

/** What the manifest says of its own form is no loss. */
const FORM: ReadonlySet<string> = new Set(['/$schema', '/bom/specVersion']);

/** By the section or item that they are in: a list of hundreds of pointers helps nobody. */
function lossesOf(pointers: readonly string[]): readonly Finding[] {
  const groups = new Map<string, string[]>();
  for (const pointer of pointers) {
    const group = pointer.split('/').slice(0, 4).join('/');
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [pointer]);
    else members.push(pointer);
  }
  return [...groups].map(([group, members]) => ({
    id: 'conversion-loss',
    severity: 'low',
    pointer: members.length === 1 ? (members[0] ?? group) : group,
    message: `SPDX 2.3 has no place for ${members.length === 1 ? 'this value' : `${members.length} values here`}`,
    fix: 'Keep the manifest beside the converted document, or convert to SPDX 3.0.1.',
  }));
}

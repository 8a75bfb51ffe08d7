/** Datasets as subjects of their own, and as parts of a model's manifest. */
import { uniqueId } from '../../core/id.js';
import type { SourceTree } from '../../core/source-tree.js';
import { TOOL } from '../../core/tool.js';
import { groupEvidence, movedEvidence } from '../../manifest/evidence.js';
import { type Dataset, type Manifest, type Party, SCHEMA_ID, SPEC_VERSION } from '../../schema/index.js';
import type { Described } from '../describe.js';
import { derivedSerialNumber, idsOf, timestampOf } from '../document.js';
import { partyBook } from '../places.js';
import { type DescribeDatasetOptions, type DescribedDataset, describeDataset } from './describe.js';

export { asPart, type DescribeDatasetOptions, type DescribedDataset, describeDataset } from './describe.js';
export { type DatasetLocation, datasetLocation } from './location.js';
export { DATASET_SOURCES } from './sources.js';

export interface CollectDatasetOptions extends DescribeDatasetOptions {
  /** Time of the document. */
  readonly now: Date | string;
  /** Default: derived from name, version, time and files, so that the same input gives the same document. */
  readonly serialNumber?: string;
  /** Who makes the document. */
  readonly authors?: readonly Party[];
}

/**
 * Describes a directory as one dataset, the subject of its manifest.
 *
 * @throws ERR_COLLECT_INCOMPLETE with one finding for each file that cannot be part of it; ERR_LIMIT_COUNT, ERR_IO_*
 */
export async function describeAsSubject(tree: SourceTree, options: CollectDatasetOptions): Promise<Described> {
  const { id, datasets, parties: named, artifacts, evidence, findings } = await describeDataset(tree, options);
  const subject = datasets[id] as Dataset; // it has it under its id
  const { name, version = '', digest } = subject;
  const timestamp = timestampOf(options.now);
  const parties = partyBook(new Set(['model', ...Object.keys(datasets)]), named);
  const authors = (options.authors ?? []).map((author) => parties.idOf(author));
  const paths = Object.keys(artifacts);
  const manifest = {
    $schema: SCHEMA_ID,
    bom: {
      specVersion: SPEC_VERSION,
      subject: id,
      serialNumber: options.serialNumber ?? derivedSerialNumber([name, version, timestamp, digest?.root.sha256 ?? '']),
      version: 1,
      timestamp,
      ...(authors.length > 0 ? { authors } : {}),
      tools: [{ ...TOOL }],
      generationContext: { phase: 'post-build', basis: 'files of the dataset directory' },
      coverage: { depth: 'none', completeness: 'unknown', datasets: 'unknown', artifacts: 'complete' },
      ...(authors.length > 0
        ? {}
        : { declarations: { '/bom/authors': { status: 'unknown', reason: 'no author was given when the files were collected' } } }),
    },
    ...(Object.keys(parties.all).length > 0 ? { parties: parties.all } : {}),
    datasets: paths.length === 0 ? datasets : { ...datasets, [id]: { ...subject, artifacts: paths } },
    ...(paths.length > 0 ? { artifacts } : {}),
    evidence: [...evidence],
  } as unknown as Manifest; // built from places of the specification; the tests validate the result
  return { manifest, findings };
}

/**
 * Adds a described dataset to a model's manifest. A dataset of the same name that the manifest has already becomes it: what
 * the files show comes before what a card said, roles are joined, and the id stays. The serial number changes with the
 * content, unless `serialNumber` is given.
 */
export function withDataset(manifest: Manifest, described: DescribedDataset, options: { readonly serialNumber?: string } = {}): Manifest {
  const datasets: { [id: string]: Dataset } = { ...manifest.datasets };
  const known = new Map(Object.entries(datasets).map(([id, { name }]) => [name, id]));
  const taken = idsOf(manifest);
  const ids = new Map(Object.entries(described.datasets).map(([id, { name }]) => [id, known.get(name) ?? uniqueId(id, taken)]));
  const parties = partyBook(taken, manifest.parties);
  const people = new Map(Object.entries(described.parties).map(([id, party]) => [id, parties.idOf(party)]));
  for (const [own, dataset] of Object.entries(described.datasets)) {
    const id = ids.get(own) ?? own;
    datasets[id] = joined(datasets[id], withNames(dataset, ids, people), own === described.id);
  }
  const moved = new Map([
    ...[...ids].map(([own, id]) => [`/datasets/${own}`, `/datasets/${id}`] as const),
    ...[...people].map(([own, id]) => [`/parties/${own}`, `/parties/${id}`] as const),
  ]);
  const { bom } = manifest;
  const { name = '', digest } = described.datasets[described.id] ?? {};
  return {
    ...manifest,
    bom: { ...bom, serialNumber: options.serialNumber ?? derivedSerialNumber([bom.serialNumber, name, digest?.root.sha256 ?? '']) },
    ...(Object.keys(parties.all).length > 0 ? { parties: parties.all as unknown as NonNullable<Manifest['parties']> } : {}), // parties, by who named them
    datasets,
    evidence: groupEvidence([...(manifest.evidence ?? []), ...movedEvidence(described.evidence, moved)]),
  };
}

/** Of the dataset itself the files know best; of those that it came from the manifest may know more. */
function joined(known: Dataset | undefined, dataset: Dataset, isSubject: boolean): Dataset {
  if (known === undefined) return dataset;
  return isSubject ? { ...known, ...dataset, ...joinedRoles(known, dataset) } : { ...dataset, ...known };
}

type Names = ReadonlyMap<string, string>;

/** The dataset with other ids of what it names. */
function withNames({ sources, issuer, maintenance, ...rest }: Dataset, ids: Names, people: Names): Dataset {
  const renamed = Object.values(sources ?? {}).map(({ dataset, ...use }) => ({ ...use, dataset: ids.get(dataset) ?? dataset }));
  const maintainer = people.get(maintenance?.maintainer ?? '');
  return {
    ...rest,
    ...(sources === undefined ? {} : { sources: Object.fromEntries(renamed.map((use) => [use.dataset, use])) }),
    ...(issuer === undefined ? {} : { issuer: people.get(issuer) ?? issuer }),
    ...(maintenance === undefined ? {} : { maintenance: { ...maintenance, ...(maintainer === undefined ? {} : { maintainer }) } }),
  };
}

function joinedRoles(known: Dataset, dataset: Dataset): Pick<Dataset, 'roles'> {
  const roles = [...new Set([...(known.roles ?? []), ...(dataset.roles ?? [])])];
  return roles.length > 0 ? { roles } : {};
}

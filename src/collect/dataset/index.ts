/** Datasets as subjects of their own, and as parts of a model's manifest. */
import type { Finding } from '../../core/finding.js';
import { uniqueId } from '../../core/id.js';
import type { SourceTree } from '../../core/source-tree.js';
import { TOOL } from '../../core/tool.js';
import { groupEvidence, remapEvidence } from '../../draft/manifest/evidence.js';
import { type Dataset, type Manifest, type PartyRef, SCHEMA_ID, SPEC_VERSION } from '../../draft/schema/index.js';
import type { Party } from '../../schema/index.js';
import { derivedSerialNumber, ordered, timestampOf } from '../document.js';
import { type DescribeDatasetOptions, type DescribedDataset, describeDataset } from './describe.js';

export { type DescribeDatasetOptions, type DescribedDataset, describeDataset } from './describe.js';
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

export interface CollectDatasetResult {
  readonly manifest: Manifest;
  /** What is odd: digests that are not the published ones, files that are missing, metadata that cannot be read. */
  readonly findings: readonly Finding[];
}

/**
 * Describes a directory as one dataset: a manifest whose subject is its first dataset.
 *
 * @throws ERR_COLLECT_INCOMPLETE with one finding for each file that cannot be part of it; ERR_LIMIT_COUNT, ERR_IO_*
 */
export async function collectDataset(tree: SourceTree, options: CollectDatasetOptions): Promise<CollectDatasetResult> {
  const { datasets, evidence, findings } = await describeDataset(tree, options);
  const [{ name, version = '', digest }] = datasets;
  const timestamp = timestampOf(options.now);
  const authors = options.authors ?? [];
  const manifest: Manifest = {
    $schema: SCHEMA_ID,
    bom: {
      specVersion: SPEC_VERSION,
      subject: 'dataset',
      serialNumber: options.serialNumber ?? derivedSerialNumber([name, version, timestamp, digest?.sha256 ?? '']),
      version: 1,
      timestamp,
      ...(authors.length > 0 ? { authors: [...(authors as readonly PartyRef[])] } : {}),
      tools: [{ ...TOOL }],
      generationContext: { phase: 'post-build', evidence: 'files of the dataset directory' },
      coverage: { depth: 'none', completeness: 'unknown', datasets: 'unknown', artifacts: 'complete' },
      ...(authors.length > 0
        ? {}
        : { declarations: [{ pointer: '/bom/authors', status: 'unknown', reason: 'no author was given when the files were collected' }] }),
    },
    datasets: [...datasets],
    evidence: groupEvidence(evidence),
  };
  return { manifest: ordered(manifest), findings };
}

/**
 * Adds a described dataset to a model's manifest. A dataset of the same name that the manifest has already becomes it: what
 * the files show comes before what a card said, roles are joined, and the id stays. The serial number changes with the
 * content, unless `serialNumber` is given.
 */
export function withDataset(manifest: Manifest, described: DescribedDataset, options: { readonly serialNumber?: string } = {}): Manifest {
  const datasets = [...(manifest.datasets ?? [])];
  const places = new Map(datasets.map(({ name }, i) => [name, i]));
  const taken = new Set(['model', ...idsOf(manifest)]);
  const ids = new Map(
    described.datasets.map(({ id = 'dataset', name }) => [id, datasets[places.get(name) ?? -1]?.id ?? uniqueId(id, taken)]),
  );
  const moved = new Map<string, string>();
  described.datasets.forEach((each, i) => {
    const place = places.get(each.name) ?? datasets.length;
    moved.set(`/datasets/${i}`, `/datasets/${place}`);
    datasets[place] = joined(datasets[place], withIds(each, ids), i === 0);
  });
  const { bom } = manifest;
  const [{ name, digest }] = described.datasets;
  return ordered({
    ...manifest,
    bom: { ...bom, serialNumber: options.serialNumber ?? derivedSerialNumber([bom.serialNumber, name, digest?.sha256 ?? '']) },
    datasets,
    evidence: groupEvidence([...(manifest.evidence ?? []), ...remapEvidence(described.evidence, moved)]),
  });
}

/** Of the dataset itself the files know best; of those that it came from the manifest may know more. */
function joined(known: Dataset | undefined, dataset: Dataset, isSubject: boolean): Dataset {
  if (known === undefined) return dataset;
  return isSubject ? { ...known, ...dataset, ...joinedRoles(known, dataset) } : { ...dataset, ...known };
}

function withIds({ id = 'dataset', derivedFrom, ...rest }: Dataset, ids: ReadonlyMap<string, string>): Dataset {
  const sources = derivedFrom === undefined ? {} : { derivedFrom: derivedFrom.map((each) => ids.get(each) ?? each) };
  return { id: ids.get(id) ?? id, ...rest, ...sources };
}

function joinedRoles(known: Dataset, dataset: Dataset): Pick<Dataset, 'roles'> {
  const roles = [...new Set([...(known.roles ?? []), ...(dataset.roles ?? [])])];
  return roles.length > 0 ? { roles } : {};
}

/** Ids that something in the document has; one that is taken elsewhere may not be taken again. */
function idsOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(idsOf);
  const { id } = value as { readonly id?: unknown }; // a plain object of a manifest
  return [...(typeof id === 'string' ? [id] : []), ...Object.values(value).flatMap(idsOf)];
}

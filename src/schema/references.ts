/** Tables of the specification about names: which member names what, what the keys of maps are, which lists have an order. */
import type { TypeName } from './generated/shapes.js';

/** Collections of a manifest whose keys other members name. */
export type CollectionName =
  | 'parties'
  | 'models'
  | 'datasets'
  | 'artifacts'
  | 'environments'
  | 'components'
  | 'services'
  | 'evaluations'
  | 'robustnessTests'
  | 'documents'
  | 'attestations'
  | 'provenance';

/** What a member may name. */
export interface ReferenceRow {
  /** Collections of the document, one of which has the name as a key. */
  readonly in: readonly CollectionName[];
  /** May it be `model`, the subject of the document? */
  readonly subject?: true;
  /** A map nearer by that may have it: `stages` of the same training, `files` of the same dataset. */
  readonly beside?: 'stages' | 'files';
}

/** Collections that share one space of ids, since edges, subjects and statements name any of them. */
export const THINGS = ['models', 'datasets', 'components', 'services'] as const satisfies readonly CollectionName[];

const party: ReferenceRow = { in: ['parties'] };
const file: ReferenceRow = { in: ['artifacts'] };
const model: ReferenceRow = { in: ['models'], subject: true };
const environment: ReferenceRow = { in: ['environments'] };
const thing: ReferenceRow = { in: THINGS, subject: true };

/**
 * Members that name something, by `Type.member`. A list names by each item, a map by each value, and `Manifest.dependencies` by
 * its keys.
 */
export const REFERENCES: Readonly<Record<string, ReferenceRow>> = {
  'Attestation.by': party,
  'Bom.authors': party,
  'Bom.otherSubjects': { in: THINGS },
  'Bom.subject': { in: ['datasets', 'components'], subject: true },
  'Component.artifacts': file,
  'Component.environment': environment,
  'Component.producer': party,
  'Component.supplier': party,
  'Dataset.artifacts': file,
  'Dataset.issuer': party,
  'Dataset.supplier': party,
  'DatasetUse.dataset': { in: ['datasets'] },
  'DependencyNode.edges': thing,
  'EnergyActivity.provider': party,
  'Evaluation.model': model,
  'Evaluator.party': party,
  'Evidence.by': party,
  'EvidenceSource.path': file,
  'Governance.roles': party,
  'License.path': file,
  'LinkedDocument.path': file,
  'LinkedDocument.signer': party,
  'Maintenance.maintainer': party,
  'Manifest.dependencies': thing,
  'Model.artifacts': file,
  'Model.authors': party,
  'Model.producer': party,
  'Model.supplier': party,
  'ParentReference.model': model,
  'PartReference.model': model,
  'Party.parent': party,
  'ProvenanceStatement.path': file,
  'ProvenanceStatement.signer': party,
  'Reference.path': file,
  'Report.path': file,
  'Report.signer': party,
  'Retention.custodian': party,
  'RobustnessTest.model': model,
  'Scan.artifacts': file,
  'Service.provider': party,
  'Signature.path': file,
  'Signature.signer': party,
  'Split.artifacts': { in: ['artifacts'], beside: 'files' },
  'Stage.after': { in: [], beside: 'stages' },
  'Stage.environment': environment,
  'SupplyChain.recipient': party,
  'SupplyChain.subcontractors': party,
  'Synthetic.generators': model,
  'System.component': { in: ['components'] },
  'System.components': thing,
  'Tester.party': party,
  'Training.environment': environment,
  'Vulnerability.affects': thing,
  'Vulnerability.artifacts': file,
};

/**
 * What the keys of a map are, by `Type.member`: `id` a short name, `path` a file's path, `name` the thing's own name in the words
 * of its source, `pointer` a JSON Pointer into the document, `thing` the id of something described elsewhere.
 */
export const KEYS: Readonly<Record<string, 'id' | 'path' | 'name' | 'pointer' | 'thing'>> = {
  'Artifact.chatTemplates': 'name',
  'Artifact.metadata': 'name',
  'ListedFile.metadata': 'name',
  'Bom.audiences': 'pointer',
  'Bom.declarations': 'pointer',
  'Component.composition': 'id',
  'Dataset.configs': 'name',
  'Dataset.fields': 'name',
  'Dataset.files': 'path',
  'Dataset.sources': 'id',
  'Dataset.splits': 'name',
  'DatasetConfig.fields': 'name',
  'DatasetConfig.splits': 'name',
  'DatasetSize.byModality': 'name',
  'DependencyNode.edges': 'name',
  'Environment.variables': 'name',
  'Evaluation.metrics': 'name',
  'Evaluation.uses': 'id',
  'Evidence.values': 'pointer',
  'Governance.roles': 'name',
  'Governance.standards': 'id',
  'Lineage.parents': 'id',
  'Manifest.artifacts': 'path',
  'Manifest.attestations': 'id',
  'Manifest.components': 'id',
  'Manifest.datasets': 'id',
  'Manifest.dependencies': 'thing',
  'Manifest.documents': 'id',
  'Manifest.environments': 'id',
  'Manifest.evaluations': 'id',
  'Manifest.models': 'id',
  'Manifest.parties': 'id',
  'Manifest.provenance': 'id',
  'Manifest.robustnessTests': 'id',
  'Manifest.services': 'id',
  'Model.composition': 'id',
  'Model.files': 'path',
  'Risk.register': 'id',
  'RobustnessTest.results': 'name',
  'RobustnessTest.uses': 'id',
  'Security.controls': 'id',
  'Security.incidents': 'id',
  'Security.vulnerabilities': 'id',
  'Stage.metrics': 'name',
  'Stage.uses': 'id',
  'TensorSummary.dtypes': 'name',
  'Training.metrics': 'name',
  'Training.stages': 'id',
  'Training.uses': 'id',
};

/**
 * Lists whose order means something, by `Type.member`; every other list is a set, in which order says nothing and nothing stands
 * twice. Evidence points at a list as a whole, never at an item.
 */
export const ORDERED: ReadonlySet<string> = new Set([
  'Bom.revisions',
  'CodeReference.arguments',
  'Dataset.previousVersions',
  'Dataset.processing',
  'Environment.accelerators',
  'Lineage.previousVersions',
  'Manifest.changes',
  'Manifest.evidence',
  'Modality.shape',
  'ModelIo.inputs',
  'ModelIo.outputs',
  'Reproducibility.seeds',
]);

/** Does the order of this list mean something? */
export function isOrdered(type: TypeName, member: string): boolean {
  return ORDERED.has(`${type}.${member}`);
}

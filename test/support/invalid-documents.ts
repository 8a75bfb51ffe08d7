/** Documents that a converter must not write and a reader must not take, each with the reason. */

export type Version = '1.5' | '1.6' | '1.7';
export const VERSIONS: readonly Version[] = ['1.5', '1.6', '1.7'];

type Json = Readonly<Record<string, unknown>>;

export interface InvalidDocument {
  readonly name: string;
  /** Versions whose official schema refuses it; in the others it is valid. */
  readonly refusedBy: readonly Version[];
  /** Parts that replace those of a valid document. */
  readonly model?: Json;
  readonly card?: Json;
  readonly top?: Json;
  /** Where the first blocking finding is, and what its message holds; of the lint for documents that every schema takes. */
  readonly pointer: string;
  readonly reason: string;
  /** The finding of the lint, for what the schema lets pass. */
  readonly lint?: string;
}

const card = (part: Json): Pick<InvalidDocument, 'card'> => ({ card: part });
const parameters = (part: Json): Pick<InvalidDocument, 'card'> => card({ modelParameters: part });
const energy = (part: Json): Pick<InvalidDocument, 'card'> =>
  card({
    considerations: {
      environmentalConsiderations: {
        energyConsumptions: [{ activity: 'training', energyProviders: [PROVIDER], activityEnergyCost: { value: 1, unit: 'kWh' }, ...part }],
      },
    },
  });
const PROVIDER = { organization: { name: 'Example' }, energySource: 'wind', energyProvided: { value: 1, unit: 'kWh' } };
const workflow = (part: Json, rest: Json = { uid: 'run', taskTypes: ['build'] }): Pick<InvalidDocument, 'top'> => ({
  top: { formulation: [{ workflows: [{ 'bom-ref': 'run', ...rest, ...part }] }] },
});
const SHA = '0'.repeat(64);
const ENERGY = '/metadata/component/modelCard/considerations/environmentalConsiderations/energyConsumptions/0';
const CARD = '/metadata/component/modelCard';
const LATER: readonly Version[] = ['1.6', '1.7'];
const EARLIER: readonly Version[] = ['1.5', '1.6'];

export const INVALID_DOCUMENTS: readonly InvalidDocument[] = [
  // Every schema refuses these.
  {
    name: 'properties-in-model-parameters',
    refusedBy: VERSIONS,
    ...parameters({ properties: [{ name: 'a', value: 'b' }] }),
    pointer: `${CARD}/modelParameters/properties`,
    reason: 'not known',
  },
  {
    name: 'inputs-in-model-card',
    refusedBy: VERSIONS,
    ...card({ inputs: [{ format: 'text' }] }),
    pointer: `${CARD}/inputs`,
    reason: 'not known',
  },
  {
    name: 'metric-number',
    refusedBy: VERSIONS,
    ...card({ quantitativeAnalysis: { performanceMetrics: [{ type: 'accuracy', value: 0.9 }] } }),
    pointer: `${CARD}/quantitativeAnalysis/performanceMetrics/0/value`,
    reason: 'must be a string',
  },
  {
    name: 'approach-unknown',
    refusedBy: VERSIONS,
    ...parameters({ approach: { type: 'zero-shot' } }),
    pointer: `${CARD}/modelParameters/approach/type`,
    reason: '"zero-shot" is none of',
  },
  {
    name: 'dataset-type-and-ref',
    refusedBy: VERSIONS,
    ...parameters({ datasets: [{ type: 'dataset', ref: 'data' }] }),
    pointer: `${CARD}/modelParameters/datasets/0`,
    reason: 'not known',
  },
  {
    name: 'data-type-unknown',
    refusedBy: VERSIONS,
    ...parameters({ datasets: [{ type: 'corpus' }] }),
    pointer: `${CARD}/modelParameters/datasets/0/type`,
    reason: '"corpus" is none of',
  },
  {
    name: 'governance-organization-and-contact',
    refusedBy: VERSIONS,
    ...parameters({ datasets: [{ type: 'dataset', governance: { owners: [{ organization: { name: 'a' }, contact: { name: 'b' } }] } }] }),
    pointer: `${CARD}/modelParameters/datasets/0/governance/owners/0`,
    reason: 'only one',
  },
  {
    name: 'formulation-object',
    refusedBy: VERSIONS,
    top: { formulation: { workflows: [] } },
    pointer: '/formulation',
    reason: 'must be an array',
  },
  {
    name: 'workflow-without-uid',
    refusedBy: VERSIONS,
    ...workflow({}, { taskTypes: ['build'] }),
    pointer: '/formulation/0/workflows/0',
    reason: '"uid" is missing',
  },
  {
    name: 'workflow-without-task-types',
    refusedBy: VERSIONS,
    ...workflow({}, { uid: 'run' }),
    pointer: '/formulation/0/workflows/0',
    reason: '"taskTypes" is missing',
  },
  {
    name: 'task-type-train',
    refusedBy: VERSIONS,
    ...workflow({ taskTypes: ['train'] }),
    pointer: '/formulation/0/workflows/0/taskTypes/0',
    reason: '"train" is none of',
  },
  {
    name: 'workflow-input-of-two-kinds',
    refusedBy: VERSIONS,
    ...workflow({ inputs: [{ resource: { ref: 'data' }, parameters: [{ name: 'a', value: 'b' }] }] }),
    pointer: '/formulation/0/workflows/0/inputs/0',
    reason: 'only one',
  },
  {
    name: 'license-id-openrail',
    refusedBy: VERSIONS,
    model: { licenses: [{ license: { id: 'OpenRAIL' } }] },
    pointer: '/metadata/component/licenses/0/license/id',
    reason: 'not on the SPDX list',
  },
  {
    name: 'hash-of-56-digits',
    refusedBy: VERSIONS,
    model: { hashes: [{ alg: 'SHA-256', content: '0'.repeat(56) }] },
    pointer: '/metadata/component/hashes/0/content',
    reason: '64 digits',
  },
  {
    name: 'hash-algorithm-lower-case',
    refusedBy: VERSIONS,
    model: { hashes: [{ alg: 'sha256', content: SHA }] },
    pointer: '/metadata/component/hashes/0/alg',
    reason: '"sha256" is not on the list; "SHA-256" is',
  },
  {
    name: 'timestamp-without-zone',
    refusedBy: VERSIONS,
    top: { metadata: { timestamp: '2026-01-01T00:00:00', component: { type: 'machine-learning-model', 'bom-ref': 'model', name: 'm' } } },
    pointer: '/metadata/timestamp',
    reason: 'no time zone',
  },
  {
    name: 'serial-number-upper-case',
    refusedBy: VERSIONS,
    top: { serialNumber: 'urn:uuid:3E671687-395B-41F5-A30F-A58921A69B79' },
    pointer: '/serialNumber',
    reason: 'serial number',
  },
  { name: 'version-as-text', refusedBy: VERSIONS, top: { version: '1' }, pointer: '/version', reason: 'must be an integer' },
  {
    name: 'license-without-id-and-name',
    refusedBy: VERSIONS,
    model: { licenses: [{ license: { url: 'https://example.org' } }] },
    pointer: '/metadata/component/licenses/0/license',
    reason: 'missing',
  },
  {
    name: 'components-twice-the-same',
    refusedBy: VERSIONS,
    top: {
      components: [
        { type: 'data', 'bom-ref': 'data', name: 'd' },
        { name: 'x', type: 'file' },
        { type: 'file', name: 'x' },
      ],
    },
    pointer: '/components/2',
    reason: 'same as item 1',
  },
  {
    name: 'email',
    refusedBy: VERSIONS,
    top: {
      metadata: {
        authors: [{ name: 'a', email: 'not an email' }],
        component: { type: 'machine-learning-model', 'bom-ref': 'model', name: 'm' },
      },
    },
    pointer: '/metadata/authors/0/email',
    reason: 'no e-mail address',
  },
  {
    name: 'energy-unit-joule',
    refusedBy: VERSIONS,
    ...energy({ activityEnergyCost: { value: 1, unit: 'J' } }),
    pointer: `${ENERGY}/activityEnergyCost/unit`,
    reason: '"J" is none of',
  },
  {
    name: 'co2-unit-kilogram',
    refusedBy: VERSIONS,
    ...energy({ co2CostEquivalent: { value: 1, unit: 'kg' } }),
    pointer: `${ENERGY}/co2CostEquivalent/unit`,
    reason: '"kg" is none of',
  },
  {
    name: 'energy-providers-missing',
    refusedBy: VERSIONS,
    ...energy({ energyProviders: undefined }),
    pointer: ENERGY,
    reason: '"energyProviders" is missing',
  },
  // What came with a later version.
  {
    name: 'environmental-considerations',
    refusedBy: ['1.5'],
    ...energy({}),
    pointer: `${CARD}/considerations/environmentalConsiderations`,
    reason: 'not known',
  },
  { name: 'declarations', refusedBy: ['1.5'], top: { declarations: {} }, pointer: '/declarations', reason: 'not known' },
  { name: 'definitions', refusedBy: ['1.5'], top: { definitions: {} }, pointer: '/definitions', reason: 'not known' },
  {
    name: 'acknowledgement',
    refusedBy: ['1.5'],
    model: { licenses: [{ license: { id: 'MIT', acknowledgement: 'declared' } }] },
    pointer: '/metadata/component/licenses/0/license/acknowledgement',
    reason: 'not known',
  },
  {
    name: 'digital-signature-reference',
    refusedBy: ['1.5'],
    model: { externalReferences: [{ type: 'digital-signature', url: 'https://example.org/sig' }] },
    pointer: '/metadata/component/externalReferences/0/type',
    reason: 'not on the list',
  },
  {
    name: 'identity-list',
    refusedBy: ['1.5'],
    model: { evidence: { identity: [{ field: 'name' }] } },
    pointer: '/metadata/component/evidence/identity',
    reason: 'must be an object',
  },
  {
    name: 'citations',
    refusedBy: EARLIER,
    top: { citations: [{ pointers: ['/metadata'], timestamp: '2026-01-01T00:00:00Z', attributedTo: 'model' }] },
    pointer: '/citations',
    reason: 'not known',
  },
  {
    name: 'two-expressions',
    refusedBy: EARLIER,
    model: { licenses: [{ expression: 'MIT' }, { expression: 'ISC' }] },
    pointer: '/metadata/component/licenses',
    reason: '',
  },
  {
    name: 'expression-and-id',
    refusedBy: EARLIER,
    model: { licenses: [{ expression: 'MIT' }, { license: { id: 'ISC' } }] },
    pointer: '/metadata/component/licenses',
    reason: '',
  },
  // Every schema takes these; the lint does not.
  {
    name: 'model-card-on-data',
    refusedBy: [],
    top: { components: [{ type: 'data', 'bom-ref': 'data', name: 'd', modelCard: {} }] },
    pointer: '/components/0/modelCard',
    reason: 'has a model card',
    lint: 'cyclonedx-misplaced-model-card',
  },
  {
    name: 'model-card-on-library',
    refusedBy: [],
    top: { components: [{ type: 'library', 'bom-ref': 'data', name: 'd', modelCard: {} }] },
    pointer: '/components/0/modelCard',
    reason: 'has a model card',
    lint: 'cyclonedx-misplaced-model-card',
  },
  {
    name: 'data-on-model',
    refusedBy: [],
    model: { data: [{ type: 'dataset' }] },
    pointer: '/metadata/component/data',
    reason: 'has data',
    lint: 'cyclonedx-misplaced-data',
  },
  {
    name: 'dataset-dangling',
    refusedBy: [],
    ...parameters({ datasets: [{ ref: 'nowhere' }] }),
    pointer: `${CARD}/modelParameters/datasets/0/ref`,
    reason: '`nowhere`',
    lint: 'cyclonedx-dangling-ref',
  },
  {
    name: 'dependency-dangling',
    refusedBy: [],
    top: { dependencies: [{ ref: 'model', dependsOn: ['nowhere'] }] },
    pointer: '/dependencies/0/dependsOn/0',
    reason: '`nowhere`',
    lint: 'cyclonedx-dangling-ref',
  },
  {
    name: 'bom-ref-twice-in-model-card',
    refusedBy: [],
    ...card({ 'bom-ref': 'model' }),
    pointer: `${CARD}/bom-ref`,
    reason: '`model` already stands',
    lint: 'cyclonedx-duplicate-ref',
  },
  {
    name: 'bom-ref-twice-in-data',
    refusedBy: [],
    ...parameters({ datasets: [{ type: 'dataset', 'bom-ref': 'data' }] }),
    pointer: '',
    reason: '`data` already stands',
    lint: 'cyclonedx-duplicate-ref',
  },
  {
    name: 'bom-ref-twice-in-formulation',
    refusedBy: [],
    ...workflow({ tasks: [{ 'bom-ref': 'run', uid: 'a', taskTypes: ['build'] }] }),
    pointer: '/formulation/0/workflows/0/tasks/0/bom-ref',
    reason: '`run` already stands',
    lint: 'cyclonedx-duplicate-ref',
  },
  {
    name: 'bom-ref-twice-in-pedigree',
    refusedBy: [],
    model: { pedigree: { ancestors: [{ type: 'machine-learning-model', name: 'base', 'bom-ref': 'model' }] } },
    pointer: '/metadata/component/pedigree/ancestors/0/bom-ref',
    reason: '`model` already stands',
    lint: 'cyclonedx-duplicate-ref',
  },
  {
    name: 'hash-length-of-another-algorithm',
    refusedBy: [],
    model: { hashes: [{ alg: 'SHA-512', content: SHA }] },
    pointer: '/metadata/component/hashes/0/content',
    reason: 'SHA-512 has 128 digits',
    lint: 'cyclonedx-hash-length',
  },
  {
    name: 'dataset-empty',
    refusedBy: [],
    ...parameters({ datasets: [{}] }),
    pointer: `${CARD}/modelParameters/datasets/0`,
    reason: 'empty',
    lint: 'cyclonedx-empty-dataset',
  },
  {
    name: 'purl-empty',
    refusedBy: [],
    model: { purl: '' },
    pointer: '/metadata/component/purl',
    reason: 'empty',
    lint: 'cyclonedx-empty-purl',
  },
  {
    name: 'property-without-value',
    refusedBy: [],
    model: { properties: [{ name: 'a' }] },
    pointer: '/metadata/component/properties/0',
    reason: 'value',
    lint: 'cyclonedx-property-value',
  },
  {
    name: 'property-without-name',
    refusedBy: LATER,
    model: { properties: [{ value: 'a' }] },
    pointer: '/metadata/component/properties/0',
    reason: '"name" is missing',
    lint: 'cyclonedx-property-value',
  },
  {
    name: 'energy-providers-empty',
    refusedBy: ['1.5'],
    ...energy({ energyProviders: [] }),
    pointer: `${ENERGY}/energyProviders`,
    reason: '',
    lint: 'cyclonedx-energy-providers',
  },
  {
    name: 'purl-junk',
    refusedBy: [],
    model: { purl: 'classifier 1.0' },
    pointer: '/metadata/component/purl',
    reason: 'no purl',
    lint: 'cyclonedx-purl',
  },
  {
    name: 'license-expression-junk',
    refusedBy: [],
    model: { licenses: [{ expression: 'free for all' }] },
    pointer: '/metadata/component/licenses/0/expression',
    reason: 'no SPDX licence expression',
    lint: 'cyclonedx-license-expression',
  },
];

/** The document of a row, in the version given. */
export function documentOf({ model, card: modelCard, top }: InvalidDocument, version: Version): Json {
  const component = { type: 'machine-learning-model', 'bom-ref': 'model', name: 'm', ...(modelCard && { modelCard }), ...model };
  return {
    bomFormat: 'CycloneDX',
    specVersion: version,
    serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
    version: 1,
    metadata: { timestamp: '2026-01-01T00:00:00Z', component },
    components: [{ type: 'data', 'bom-ref': 'data', name: 'd', data: [{ type: 'dataset' }] }],
    ...top,
  };
}

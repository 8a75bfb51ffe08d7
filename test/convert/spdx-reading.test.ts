/** Documents of other producers, documents that somebody edited, and documents made to break the reader. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sortNodes } from '../../src/convert/spdx3/graph.js';
import { fromSPDX, toSPDX } from '../../src/convert/spdx3/index.js';
import { readSource } from '../../src/convert/spdx3/source.js';
import { checkSPDX } from '../../src/convert/spdx3/validate.js';
import { CONTEXT } from '../../src/convert/spdx3/words.js';
import { canonicalize, type JsonValue } from '../../src/core/canonical-json.js';
import { MsbomError } from '../../src/core/error.js';
import { parseManifest } from '../../src/manifest/parse.js';
import { validateManifest } from '../../src/validate/index.js';
import { meetsOfficialSchema } from '../support/spdx-checks.js';

type Json = Record<string, unknown>;

const base = parseManifest(readFileSync(new URL('../../docs/rules/base.json', import.meta.url), 'utf8'));
const even = (document: unknown): JsonValue => sortNodes([...readSource(document).nodes.values()]) as JsonValue;
const graph = (...nodes: Json[]): Json => ({ '@context': CONTEXT, '@graph': nodes });

const N = 'https://example.org/spdx/detector';
const creation = { type: 'CreationInfo', '@id': '_:c', specVersion: '3.0.1', created: '2026-01-31T09:00:00Z', createdBy: [`${N}#lab`] };
const element = (type: string, id: string, members: Json = {}): Json => ({ type, spdxId: `${N}#${id}`, creationInfo: '_:c', ...members });
const relation = (id: string, from: string, relationshipType: string, to: string[], members: Json = {}): Json =>
  element('Relationship', id, { from: `${N}#${from}`, relationshipType, to: to.map((each) => `${N}#${each}`), ...members });

/** A document that says that it is about one of its elements. */
const about = (name: string, ...nodes: Json[]): Json =>
  graph(creation, { ...element('SpdxDocument', 'document', { rootElement: [`${N}#${name}`] }) }, ...nodes);

const manifestParty = ({ parties = {} }: typeof base, id: string | undefined): string | undefined => parties[id ?? '']?.name;

const detector = graph(
  creation,
  element('Organization', 'lab', {
    name: 'Example Lab',
    externalIdentifier: [{ type: 'ExternalIdentifier', externalIdentifierType: 'email', identifier: 'lab@example.org' }],
  }),
  { ...element('SpdxDocument', 'x', { profileConformance: ['core', 'ai'], rootElement: [`${N}#bom`] }), spdxId: N },
  element('software_Sbom', 'bom', { rootElement: [`${N}#model`], software_sbomType: ['analyzed'] }),
  element('ai_AIPackage', 'model', {
    name: 'Detector',
    summary: 'Finds forklifts.',
    software_packageVersion: '3.0.2',
    software_downloadLocation: 'https://example.org/models/detector',
    suppliedBy: `${N}#lab`,
    ai_typeOfModel: ['convolutional neural network', 'supervised'],
    ai_domain: ['computer vision'],
    ai_metric: [{ type: 'DictionaryEntry', key: 'mAP50', value: '0.892' }],
    ai_metricDecisionThreshold: [{ type: 'DictionaryEntry', key: 'alert', value: '0.80' }],
    ai_energyConsumption: {
      type: 'ai_EnergyConsumption',
      ai_trainingEnergyConsumption: [{ type: 'ai_EnergyConsumptionDescription', ai_energyQuantity: '7.2', ai_energyUnit: 'megajoule' }],
    },
    ai_useSensitivePersonalInformation: 'yes',
    ai_autonomyType: 'no',
    extension: [{ type: 'https://example.org/Own', anything: { deep: [1, 2] } }],
  }),
  element('ai_AIPackage', 'base', { name: 'Base' }),
  element('dataset_DatasetPackage', 'train', {
    name: 'Warehouse',
    dataset_datasetType: ['image'],
    dataset_knownBias: ['Western Europe only'],
    dataset_sensor: [{ type: 'DictionaryEntry', key: 'camera', value: '5 fps' }],
  }),
  element('dataset_DatasetPackage', 'test', { name: 'Held out', dataset_datasetType: ['noAssertion'] }),
  element('simplelicensing_LicenseExpression', 'license', {
    simplelicensing_licenseExpression: 'LicenseRef-Detector',
    comment: 'commercial',
  }),
  element('software_Package', 'torch', { name: 'torch', software_packageUrl: 'pkg:pypi/torch@2.9.0' }),
  element('security_Vulnerability', 'cve', {
    externalIdentifier: [{ type: 'ExternalIdentifier', externalIdentifierType: 'cve', identifier: 'CVE-2026-0001' }],
  }),
  {
    ...relation('r0', 'cve', 'doesNotAffect', ['torch']),
    type: 'security_VexNotAffectedVulnAssessmentRelationship',
    security_justificationType: 'componentNotPresent',
  },
  relation('r1', 'model', 'trainedOn', ['train']),
  relation('r2', 'model', 'testedOn', ['test']),
  relation('r3', 'model', 'descendantOf', ['base']),
  relation('r4', 'model', 'hasDeclaredLicense', ['license']),
  relation('r5', 'model', 'dependsOn', ['torch'], { completeness: 'incomplete' }),
  relation('r6', 'train', 'hasEvidence', ['test'], { comment: 'no home in a manifest' }),
);

describe('a document of another producer', () => {
  const { manifest, findings } = fromSPDX(detector);
  it('is valid to begin with', async () => {
    expect(meetsOfficialSchema(detector)).toBe(true);
    expect((await checkSPDX(detector, '3.0.1'))?.filter(({ severity }) => severity === 'high')).toEqual([]);
  });
  it('becomes a valid manifest that says what it said', () => {
    expect(findings).toEqual([]);
    expect(validateManifest(manifest).findings.filter(({ severity }) => severity === 'high')).toEqual([]);
    const { foreign: _foreign, ...own } = manifest;
    expect(own).toMatchInlineSnapshot(`
      {
        "bom": {
          "authors": [
            "example-lab",
          ],
          "generationContext": {
            "phase": "post-build",
          },
          "serialNumber": "urn:uuid:8e467920-8132-8d8d-b662-57cbdb51e631",
          "specVersion": "1.0",
          "timestamp": "2026-01-31T09:00:00Z",
          "version": 1,
        },
        "components": {
          "torch": {
            "identifiers": [
              {
                "type": "purl",
                "value": "pkg:pypi/torch@2.9.0",
              },
            ],
            "name": "torch",
          },
        },
        "datasets": {
          "test": {
            "name": "Held out",
          },
          "train": {
            "biases": [
              {
                "description": "Western Europe only",
              },
            ],
            "content": {
              "modalities": [
                "image",
              ],
            },
            "name": "Warehouse",
            "sensors": [
              "camera",
            ],
          },
        },
        "dependencies": {
          "model": {
            "completeness": "partial",
            "edges": {
              "depends-on": [
                "torch",
              ],
            },
          },
          "train": {
            "edges": {
              "hasEvidence": [
                "test",
              ],
            },
          },
        },
        "distribution": {
          "channels": [
            {
              "kind": "download",
              "uri": "https://example.org/models/detector",
            },
          ],
        },
        "evaluations": {
          "metrics": {
            "metrics": {
              "alert": {
                "threshold": 0.8,
              },
              "mAP50": {
                "value": 0.892,
              },
            },
            "name": "metrics",
          },
        },
        "model": {
          "autonomy": "no",
          "licenses": [
            {
              "expression": "LicenseRef-Detector",
              "kind": "declared",
            },
          ],
          "lineage": {
            "parents": {
              "base": {
                "model": "base",
                "relation": "derived",
              },
            },
          },
          "name": "Detector",
          "supplier": "example-lab",
          "training": {
            "energy": {
              "activities": [
                {
                  "activity": "training",
                  "kilowattHours": 2,
                },
              ],
            },
            "uses": {
              "test": {
                "dataset": "test",
                "role": "testing",
              },
              "train": {
                "dataset": "train",
              },
            },
          },
          "types": [
            "convolutional neural network",
            "supervised",
          ],
          "version": "3.0.2",
        },
        "models": {
          "base": {
            "name": "Base",
          },
        },
        "parties": {
          "example-lab": {
            "contact": {
              "email": "lab@example.org",
            },
            "kind": "organization",
            "name": "Example Lab",
          },
        },
        "security": {
          "vulnerabilities": {
            "CVE-2026-0001": {
              "affects": [
                "torch",
              ],
              "id": "CVE-2026-0001",
              "justification": "component_not_present",
              "status": "not_affected",
            },
          },
        },
        "usage": {
          "domains": [
            "computer vision",
          ],
        },
      }
    `);
  });
  it('comes out again as it went in', () => {
    const { document, losses } = toSPDX(manifest);
    expect(even(document)).toEqual(even(detector));
    expect(losses).toEqual([]);
    expect(canonicalize(fromSPDX(document).manifest)).toBe(canonicalize(manifest));
  });
  it('keeps what it said beyond the manifest when the manifest changes', () => {
    const { test: _gone, ...datasets } = manifest.datasets ?? {};
    const uses = Object.fromEntries(Object.entries(manifest.model?.training?.uses ?? {}).filter(([, { dataset }]) => dataset !== 'test'));
    const changed = {
      ...manifest,
      model: { ...manifest.model, name: 'Renamed', version: '4', training: { ...manifest.model?.training, uses } },
      datasets,
      dependencies: { model: manifest.dependencies?.model },
    } as typeof manifest;
    expect(validateManifest(changed).findings.filter(({ severity }) => severity === 'high')).toEqual([]);
    const { document } = toSPDX(changed);
    const source = readSource(document);
    expect(source.get(`${N}#model`)).toMatchObject({ name: 'Renamed', software_packageVersion: '4', summary: 'Finds forklifts.' });
    // The dataset that went takes its relationships with it; nothing dangles.
    expect(source.get(`${N}#test`)).toBeUndefined();
    expect(source.edges.filter(({ to, from }) => [...to, from].includes(`${N}#test`))).toEqual([]);
    expect(canonicalize(fromSPDX(document).manifest.model)).toBe(canonicalize(changed.model));
  });
});

describe('a document about software', () => {
  it('is read with a finding, and comes out again', () => {
    const software = graph(
      creation,
      element('software_Package', 'app', { name: 'app' }),
      element('software_Package', 'lib', { name: 'lib' }),
      relation('r', 'app', 'dependsOn', ['lib']),
    );
    const { manifest, findings } = fromSPDX(software);
    expect(findings).toEqual([]);
    expect(manifest.model).toBeUndefined();
    expect(Object.values(manifest.components ?? {}).map(({ name }) => name)).toContain('lib');
    expect(even(toSPDX(manifest).document)).toEqual(even(software));
  });
});

describe('a build of another producer', () => {
  const build = (root: string) =>
    about(
      'm',
      element(root, 'm', { name: 'm' }),
      element('build_Build', 'b', {
        build_buildType: 'https://example.org/ci',
        build_buildId: '7',
        build_configSourceEntrypoint: ['main'],
      }),
      relation('r', 'b', 'hasOutput', ['m']),
    );
  it.each(['ai_AIPackage', 'software_Package', 'dataset_DatasetPackage'])('of a %s comes out again', (root) => {
    const document = build(root);
    const { manifest } = fromSPDX(document);
    expect(validateManifest(manifest).findings.filter(({ severity }) => severity === 'high')).toEqual([]);
    expect(even(toSPDX(manifest).document)).toEqual(even(document));
  });
});

describe('a document of a file alone', () => {
  it.each([[['it']], [[]]])('is about that, and comes out again (root: %j)', (roots: readonly string[]) => {
    const rootElement = roots.map((name) => String(element('software_File', name).spdxId));
    const file = element('software_File', 'it', { name: 'model.safetensors', software_primaryPurpose: 'model' });
    const document = graph(
      creation,
      element('Organization', 'lab', { name: 'Example Lab' }),
      element('SpdxDocument', 'd', { rootElement }),
      file,
    );
    const { manifest, findings } = fromSPDX(document);
    // A file stays one.
    expect(manifest.model).toBeUndefined();
    expect(findings).toEqual([]);
    expect(even(toSPDX(manifest).document)).toEqual(even(document));
  });
});

describe('the shapes in which producers write', () => {
  const plain = fromSPDX(detector).manifest;
  const nodes = detector['@graph'] as Json[];
  const same = (document: Json) => {
    const { foreign: _a, ...own } = fromSPDX(document).manifest;
    const { foreign: _b, ...expected } = plain;
    expect(own).toEqual(expected);
    expect(even(toSPDX(fromSPDX(document).manifest).document)).toEqual(even(document));
  };
  it('a context that is a list', () => same({ ...detector, '@context': [CONTEXT, { own: 'https://example.org/' }] }));
  it('@id and @type', () => {
    same({
      ...detector,
      '@graph': nodes.map(({ type, spdxId, ...rest }) => ({ '@type': type, ...(spdxId === undefined ? {} : { '@id': spdxId }), ...rest })),
    });
  });
  it('full names of classes', () => {
    same({
      ...detector,
      '@graph': nodes.map((node) =>
        node.type === 'ai_AIPackage' ? { ...node, type: 'https://spdx.org/rdf/3.0.1/terms/AI/AIPackage' } : node,
      ),
    });
  });
  it('creation information and elements written in place', () => {
    const { '@id': _id, ...inline } = creation;
    const [, lab, ...rest] = nodes;
    const inner = { ...lab, creationInfo: '_:c' };
    const document = {
      ...detector,
      '@graph': [
        ...rest.map((node) =>
          node.type === 'SpdxDocument'
            ? { ...node, creationInfo: { ...inline, '@id': '_:c' } }
            : node.type === 'ai_AIPackage' && node.suppliedBy !== undefined
              ? { ...node, suppliedBy: inner }
              : node,
        ),
      ],
    };
    const { manifest: own } = fromSPDX(document);
    expect(manifestParty(own, own.model?.supplier)).toBe('Example Lab');
    expect(own.bom.timestamp).toBe('2026-01-31T09:00:00Z');
  });
  it('a single value where a list belongs, and a reference as an object', () => {
    same({
      ...detector,
      '@graph': nodes.map((node) => (node.relationshipType === 'trainedOn' ? { ...node, to: { '@id': `${N}#train` } } : node)),
    });
  });
  it('hashes, identifiers and properties written apart and named', () => {
    const apart = about(
      'model',
      element('ai_AIPackage', 'model', {
        name: 'Apart',
        externalIdentifier: ['_:id'],
        ai_hyperparameter: ['_:lr'],
        ai_energyConsumption: '_:energy',
        extension: ['_:own'],
      }),
      element('software_Package', 'lib', { name: 'lib', verifiedUsing: ['_:hash'] }),
      { type: 'ExternalIdentifier', '@id': '_:id', externalIdentifierType: 'packageUrl', identifier: 'pkg:mlflow/apart@1' },
      { type: 'DictionaryEntry', '@id': '_:lr', key: 'lr', value: '0.1' },
      { type: 'ai_EnergyConsumption', '@id': '_:energy', ai_trainingEnergyConsumption: ['_:used'] },
      { type: 'ai_EnergyConsumptionDescription', '@id': '_:used', ai_energyQuantity: '3', ai_energyUnit: 'kilowattHour' },
      { type: 'Hash', '@id': '_:hash', algorithm: 'sha256', hashValue: '0a'.repeat(32) },
      { type: 'extension_CdxPropertiesExtension', '@id': '_:own', extension_cdxProperty: ['_:entry'] },
      {
        type: 'extension_CdxPropertyEntry',
        '@id': '_:entry',
        extension_cdxPropName: 'cdx:ai-ml:model:language',
        extension_cdxPropValue: 'de',
      },
    );
    expect(meetsOfficialSchema(apart)).toBe(true);
    const { manifest } = fromSPDX(apart);
    expect(manifest.model).toMatchObject({ identifiers: [{ type: 'purl', value: 'pkg:mlflow/apart@1' }], languages: ['de'] });
    expect(manifest.model?.training).toMatchObject({ hyperparameters: { lr: 0.1 }, energy: { activities: [{ kilowattHours: 3 }] } });
    expect(manifest.components?.lib?.digest).toEqual({ sha256: '0a'.repeat(32) });
    expect(even(toSPDX(manifest).document)).toEqual(even(apart));
  });
  it('the same nodes in any order', () => {
    const infos = ['_:a', '_:b'].map((id) => ({ ...creation, '@id': id, comment: id }));
    const packages = [
      { ...element('ai_AIPackage', 'model', { name: 'M' }), creationInfo: '_:a' },
      { ...element('software_Package', 'lib', { name: 'lib' }), creationInfo: '_:b' },
    ];
    const [forth, back] = [graph(...infos, ...packages), graph(...[...infos, ...packages].reverse())];
    expect(even(back)).toEqual(even(forth));
    expect(canonicalize(fromSPDX(back).manifest)).toBe(canonicalize(fromSPDX(forth).manifest));
    expect(even(toSPDX(fromSPDX(back).manifest).document)).toEqual(even(forth));
  });
  it('one object without a graph', () => {
    const { manifest } = fromSPDX({
      '@context': CONTEXT,
      ...element('ai_AIPackage', 'model', { name: 'Alone' }),
      creationInfo: { ...creation },
    });
    // It says of nothing that the document is about it.
    expect(Object.values(manifest.models ?? {}).map(({ name }) => name)).toEqual(['Alone']);
  });
  it('licences as elements of their own', () => {
    const documents = [
      ...nodes.filter(({ relationshipType }) => relationshipType !== 'hasDeclaredLicense'),
      element('expandedlicensing_DisjunctiveLicenseSet', 'either', {
        expandedlicensing_member: ['https://spdx.org/licenses/MIT', `${N}#license`],
      }),
      relation('r9', 'model', 'hasDeclaredLicense', ['either']),
    ];
    expect(fromSPDX(graph(...documents)).manifest.model?.licenses).toEqual([
      { expression: 'MIT OR LicenseRef-Detector', kind: 'declared' },
    ]);
  });
});

describe('what the schema of SPDX takes and a manifest does not', () => {
  const read = (...nodes: Json[]) => {
    const document = about(
      String(nodes.find(({ type }) => /AIPackage|DatasetPackage/.test(String(type)))?.spdxId).replace(`${N}#`, ''),
      ...nodes,
    );
    expect(meetsOfficialSchema(document)).toBe(true);
    const { manifest } = fromSPDX(document);
    expect(validateManifest(manifest).findings.filter(({ id }) => /^(schema|duplicate|reference)-/.test(id))).toEqual([]);
    expect(even(toSPDX(manifest).document)).toEqual(even(document));
    return manifest;
  };
  const model = element('ai_AIPackage', 'model', { name: 'M' });
  const marked = (id: string, ...entries: [string, string][]) =>
    element('software_Package', id, {
      name: id,
      extension: [
        {
          type: 'extension_CdxPropertiesExtension',
          extension_cdxProperty: entries.map(([name, value]) => ({
            type: 'extension_CdxPropertyEntry',
            extension_cdxPropName: name,
            extension_cdxPropValue: value,
          })),
        },
      ],
    });
  it('stays in the document: days of no calendar, addresses that are none, texts said twice, packages without a name', () => {
    const {
      model: own,
      parties,
      components,
      usage,
    } = read(
      element('Organization', 'lab', {
        name: 'Example Lab',
        externalIdentifier: [
          { type: 'ExternalIdentifier', externalIdentifierType: 'email', identifier: 'none' },
          { type: 'ExternalIdentifier', externalIdentifierType: 'other', identifier: 'none', comment: 'lei' },
        ],
      }),
      { ...model, builtTime: '2026-02-30T10:00:00Z', ai_domain: ['vision', 'vision'], ai_typeOfModel: ['supervised', 'supervised'] },
      element('software_Package', 'nameless'),
      element('software_Package', 'empty', { name: '' }),
    );
    expect(own).toMatchObject({ name: 'M' });
    expect(own?.timestamp).toBeUndefined();
    expect(parties).toMatchObject({ 'example-lab': { name: 'Example Lab', kind: 'organization' } });
    // A package without a name is called by its id.
    expect(Object.keys(components ?? {}).sort()).toEqual(['empty', 'nameless']);
    expect(usage).toEqual({ domains: ['vision'] });
  });
  it('a dataset that is the subject, with and without a name', () => {
    const types = { dataset_datasetType: ['text'] };
    expect(read(element('dataset_DatasetPackage', 'd', { name: 'D', ...types }))).toMatchObject({
      bom: { subject: 'd' },
      datasets: { d: { name: 'D' } },
    });
    expect(read(element('dataset_DatasetPackage', 'd', types)).datasets).toMatchObject({ d: { name: 'd' } });
  });
  it('two ends of ids that make the same id', () => {
    const other = 'https://elsewhere.example/';
    const manifest = read(
      model,
      { ...element('software_Package', '', { name: 'a' }), spdxId: `${other}lib` },
      { ...element('software_Package', '', { name: 'b' }), spdxId: `${other}b/lib` },
      { ...element('software_Package', '', { name: 'c' }), spdxId: `${other}model` },
    );
    expect(Object.keys(manifest.components ?? {})).toHaveLength(3);
  });
  it('our marks with words that are none of ours', () => {
    const { components } = read(
      model,
      marked('a', ['msbom:kind', 'constructor']),
      marked('b', ['msbom:kind', 'environment']),
      marked('c', ['msbom:component:scope', 'nowhere'], ['msbom:component:status', '__proto__']),
      { ...relation('r', 'model', 'hasDeclaredLicense', ['s']) },
      element('expandedlicensing_ConjunctiveLicenseSet', 's', {
        expandedlicensing_member: ['expandedlicensing_NoneLicense', 'expandedlicensing_NoAssertionLicense'],
      }),
    );
    expect(Object.values(components ?? {}).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });
});

describe('a converted document that somebody edited', () => {
  const { document } = toSPDX(base, { lossless: true });
  const edit = (change: (node: Json) => Json | undefined) => ({
    ...document,
    '@graph': (document['@graph'] as Json[]).flatMap((node) => change(JSON.parse(JSON.stringify(node)) as Json) ?? []),
  });
  it('keeps the edit, and the rest of what it carried', () => {
    const edited = edit((node) => (node.type === 'ai_AIPackage' && node.name === base.model?.name ? { ...node, name: 'edited' } : node));
    const { manifest } = fromSPDX(edited);
    expect(manifest.model?.name).toBe('edited');
    expect(manifest.artifacts).toEqual(base.artifacts);
    expect(manifest.evaluations).toEqual(base.evaluations);
  });
  it('keeps elements that were added', () => {
    const model = (document['@graph'] as Json[]).find(({ type, name }) => type === 'ai_AIPackage' && name === base.model?.name);
    const added = {
      type: 'Annotation',
      spdxId: 'https://example.org/note',
      creationInfo: (model as Json).creationInfo,
      annotationType: 'review',
      statement: 'seen',
      subject: (model as Json).spdxId,
    };
    const { manifest } = fromSPDX({ ...document, '@graph': [...(document['@graph'] as Json[]), added] });
    expect(readSource(toSPDX(manifest).document).get('https://example.org/note')).toMatchObject({ statement: 'seen' });
    const { foreign: _foreign, ...own } = manifest;
    expect(canonicalize(own)).toBe(canonicalize(base));
  });
  const patched = (change: (entries: Json[]) => Json[]) =>
    edit((node) => ({
      ...node,
      ...(node.extension === undefined
        ? {}
        : {
            extension: (node.extension as Json[]).map((each) => ({
              ...each,
              extension_cdxProperty: change(each.extension_cdxProperty as Json[]),
            })),
          }),
    }));
  const isPatch = ({ extension_cdxPropName: name }: Json) => String(name).startsWith('msbom:patch:');
  it('reads the native part where the patch is gone', () => {
    const { manifest, findings } = fromSPDX(patched((entries) => entries.filter((entry) => !isPatch(entry))));
    expect(findings).toEqual([]);
    expect(manifest.model?.name).toBe(base.model?.name);
    expect(validateManifest(manifest).valid).toBe(true);
  });
  it('says so where the patch is damaged', () => {
    const { findings } = fromSPDX(
      patched((entries) => entries.map((entry) => (isPatch(entry) ? { ...entry, extension_cdxPropValue: '{}' } : entry))),
    );
    expect(findings.map(({ id }) => id)).toEqual(['patch-damaged']);
  });
});

describe('a document made to break the reader', () => {
  const refused = (document: unknown) => {
    try {
      fromSPDX(document);
      return 'read';
    } catch (error) {
      return MsbomError.is(error) ? error.code : String(error);
    }
  };
  it.each<[string, unknown, string]>([
    ['null', null, 'ERR_CONVERT_INPUT'],
    ['a list', [], 'ERR_CONVERT_INPUT'],
    ['no context', { '@graph': [] }, 'ERR_CONVERT_INPUT'],
    ['an empty graph', graph(), 'ERR_CONVERT_INPUT'],
    ['no time', graph(element('ai_AIPackage', 'm', { name: 'm' })), 'ERR_CONVERT_INPUT'],
    ['a graph of junk', { '@context': CONTEXT, '@graph': [1, null, 'x', [], {}, { type: 4 }] }, 'ERR_CONVERT_INPUT'],
  ])('%s is refused', (_name, document, code) => expect(refused(document)).toBe(code));

  const nest = (depth: number): Json =>
    depth === 0 ? element('Tool', 't') : element('Annotation', `a${depth}`, { annotationType: 'other', subject: nest(depth - 1) });
  it('elements within elements stop at a depth', () => {
    expect(refused(graph(creation, element('ai_AIPackage', 'm', { name: 'm' }), nest(30)))).toBe('read');
    expect(refused(graph(creation, element('ai_AIPackage', 'm', { name: 'm' }), nest(100)))).toBe('ERR_LIMIT_DEPTH');
  });
  it('things written apart that are named many times over end', () => {
    const many = (name: string) => Array.from({ length: 20_000 }, () => name);
    const nodes: readonly Json[] = [
      element('ai_AIPackage', 'm', { name: 'm', ai_energyConsumption: '_:energy', extension: many('_:extension') }),
      { '@id': '_:extension', type: 'extension_CdxPropertiesExtension', extension_cdxProperty: many('_:entry') },
      { '@id': '_:entry', type: 'extension_CdxPropertyEntry', extension_cdxPropName: 'a', extension_cdxPropValue: 'b' },
      { '@id': '_:energy', type: 'ai_EnergyConsumption', ai_trainingEnergyConsumption: ['_:energy', '_:entry'] },
    ];
    expect(refused(graph(creation, ...nodes))).toBe('read');
  });
  it('licence sets that contain themselves, or each other a million times over, end', () => {
    const sets = Array.from({ length: 20 }, (_, i) =>
      element('expandedlicensing_ConjunctiveLicenseSet', `s${i}`, {
        expandedlicensing_member: Array.from({ length: 50 }, () => `${N}#s${(i + 1) % 20}`),
      }),
    );
    expect(
      refused(graph(creation, element('ai_AIPackage', 'm', { name: 'm' }), ...sets, relation('r', 'm', 'hasDeclaredLicense', ['s0']))),
    ).toBe('read');
  });
  it('models that descend from each other end', () => {
    const document = graph(
      creation,
      element('ai_AIPackage', 'm', { name: 'm' }),
      element('ai_AIPackage', 'n', { name: 'n' }),
      relation('r', 'm', 'descendantOf', ['n', 'm']),
      relation('s', 'n', 'descendantOf', ['m', 'n']),
    );
    expect(refused(document)).toBe('read');
    expect(even(toSPDX(fromSPDX(document).manifest).document)).toEqual(even(document));
  });
  it('names of prototypes are only names', async () => {
    const document = JSON.parse(
      JSON.stringify(
        about(
          'm',
          element('ai_AIPackage', 'm', {
            name: 'm',
            ai_hyperparameter: [
              { type: 'DictionaryEntry', key: '__proto__', value: '1' },
              { type: 'DictionaryEntry', key: 'constructor', value: '2' },
            ],
          }),
          { ...element('Tool', 't'), spdxId: 'urn:__proto__' },
          { type: 'constructor', spdxId: '__proto__', creationInfo: '_:c' },
        ),
      ),
    ) as Json;
    const { manifest } = fromSPDX(document);
    expect(manifest.model?.training?.hyperparameters).toEqual(JSON.parse('{"__proto__":1,"constructor":2}'));
    expect((await checkSPDX(document, '3.0.1'))?.map(({ id }) => id)).toContain('spdx-schema');
    expect(({} as Json)['1']).toBeUndefined();
  });
  it('wrong types everywhere are read as nothing', () => {
    const junk = [null, 1, true, '', [], {}, [[]], [{}], { '@id': 3 }, { '@value': {} }];
    for (const value of junk) {
      const model = Object.fromEntries(
        [
          'software_packageVersion',
          'verifiedUsing',
          'externalRef',
          'externalIdentifier',
          'extension',
          'ai_metric',
          'ai_hyperparameter',
          'ai_energyConsumption',
          'originatedBy',
          'suppliedBy',
          'builtTime',
          'creationInfo',
        ].map((key) => [key, value]),
      );
      expect(['read', 'ERR_CONVERT_INPUT']).toContain(
        refused(graph(creation, { ...element('ai_AIPackage', 'm', { name: 'm' }), ...model })),
      );
    }
  });
  it('a hundred thousand elements take seconds, not minutes', { timeout: 60_000 }, () => {
    const count = 100_000;
    const packages = Array.from({ length: count }, (_, i) => element('software_Package', `p${i}`, { name: `p${i}` }));
    const edges = relation(
      'r',
      'm',
      'dependsOn',
      packages.map((_, i) => `p${i}`),
    );
    const { components = {} } = fromSPDX(graph(creation, element('ai_AIPackage', 'm', { name: 'm' }), ...packages, edges)).manifest;
    expect(Object.keys(components)).toHaveLength(count);
  });
});

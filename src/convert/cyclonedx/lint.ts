/** What the CycloneDX schema lets pass and consumers trip over. */
import { isSupportedSpdxId } from '@cyclonedx/cyclonedx-library/SPDX';
import type { Finding, Severity } from '../../core/finding.js';
import { pointerStep } from '../../core/json-pointer.js';
import { hexLength } from '../mapping/digests.js';
import { isObject, type Json } from './json.js';

export type Visit = (node: Json, pointer: string, key: string) => void;
type Report = (id: CycloneDXFindingId, pointer: string, message: string, severity?: Severity) => void;

/** Ids of the lint and what each means. */
export const CYCLONEDX_FINDINGS = {
  'cyclonedx-duplicate-ref': 'two things have the same bom-ref',
  'cyclonedx-dangling-ref': 'a reference names no bom-ref of the document',
  'cyclonedx-hash-length': 'a hash does not have the length of its algorithm',
  'cyclonedx-license-id': 'a licence id is not on the SPDX list',
  'cyclonedx-misplaced-model-card': 'a model card stands on something that is no model',
  'cyclonedx-misplaced-data': 'component data stands on something that is no data',
  'cyclonedx-empty-dataset': 'a dataset of the model card says nothing',
  'cyclonedx-empty-purl': 'a purl is empty',
  'cyclonedx-property-value': 'a property has no name or no value',
  'cyclonedx-energy-providers': 'a list of energy providers is empty, which the XML form does not allow',
  'cyclonedx-time-zone': 'a time has no zone',
  'cyclonedx-serial-number': 'the serial number is not a lower-case urn:uuid',
  'cyclonedx-email': 'an e-mail address is not one',
} as const;

type CycloneDXFindingId = keyof typeof CYCLONEDX_FINDINGS;

/** Members that hold components. */
const COMPONENTS: ReadonlySet<string> = new Set(['component', 'components', 'ancestors', 'descendants', 'variants']);

/** Findings of severity `high` mean that consumers will read the document wrongly or refuse it. */
export function lintCycloneDX(document: unknown, file?: string): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (id, pointer, message, severity = 'high') => {
    findings.push({
      id,
      severity,
      pointer,
      message,
      fix: `${CYCLONEDX_FINDINGS[id]}; correct it at the source`,
      ...(file === undefined ? {} : { file }),
    });
  };
  const refs = new Map<string, string>();
  const uses: (readonly [pointer: string, ref: string, key: string])[] = [];
  walk(document, '', '', (node, pointer, key) => {
    lintNode(node, pointer, key, report);
    const ref = node['bom-ref'];
    if (typeof ref === 'string') {
      if (refs.has(ref))
        report('cyclonedx-duplicate-ref', `${pointer}/bom-ref`, `the bom-ref \`${ref}\` already stands at ${refs.get(ref)}`);
      else refs.set(ref, pointer);
    }
    for (const [at, name] of usesOf(node, pointer, key)) uses.push([at, name, key]);
  });
  for (const [pointer, ref, key] of uses) {
    if (!refs.has(ref) && !ref.startsWith('urn:cdx:'))
      report('cyclonedx-dangling-ref', pointer, `nothing in the document has the bom-ref \`${ref}\``, JOINED.has(key) ? 'high' : 'medium');
  }
  const serial = isObject(document) ? document.serialNumber : undefined;
  if (serial !== undefined && !/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(serial)))
    report('cyclonedx-serial-number', '/serialNumber', `the serial number is ${JSON.stringify(serial)}`);
  return findings;
}

function lintNode(node: Json, pointer: string, key: string, report: Report): void {
  const { alg, content, license, type, purl, name, value, email } = node;
  if (typeof alg === 'string' && typeof content === 'string') {
    const length = hexLength('cyclonedx', alg) ?? (/^Streebog-(?:256|512)$/.test(alg) ? Number(alg.slice(9)) / 4 : undefined);
    if (length !== undefined && content.length !== length)
      report('cyclonedx-hash-length', `${pointer}/content`, `${alg} has ${length} digits, these are ${content.length}`);
  }
  if (isObject(license) && typeof license.id === 'string' && !isSupportedSpdxId(license.id))
    report('cyclonedx-license-id', `${pointer}/license/id`, `\`${license.id}\` is not on the SPDX list`);
  if (node.modelCard !== undefined && type !== 'machine-learning-model')
    report('cyclonedx-misplaced-model-card', `${pointer}/modelCard`, `a component of type ${JSON.stringify(type)} has a model card`);
  if (Array.isArray(node.data) && typeof type === 'string' && COMPONENTS.has(key) && type !== 'data')
    report('cyclonedx-misplaced-data', `${pointer}/data`, `a component of type ${JSON.stringify(type)} has data`);
  if (purl === '') report('cyclonedx-empty-purl', `${pointer}/purl`, 'the purl is empty');
  if (key === 'properties' && (typeof name !== 'string' || name === '' || typeof value !== 'string'))
    report('cyclonedx-property-value', pointer, 'a property needs a name and a value', 'medium');
  if (key === 'datasets' && Object.keys(node).length === 0) report('cyclonedx-empty-dataset', pointer, 'the dataset is empty');
  if (Array.isArray(node.energyProviders) && node.energyProviders.length === 0)
    report('cyclonedx-energy-providers', `${pointer}/energyProviders`, 'the list of energy providers is empty');
  if (typeof email === 'string' && !/^[^\s@]+@[^\s@]+$/.test(email))
    report('cyclonedx-email', `${pointer}/email`, `${JSON.stringify(email)} is no e-mail address`);
  for (const time of ['timestamp', 'timeStart', 'timeEnd', 'created', 'published', 'updated'] as const) {
    const text = node[time];
    if (typeof text === 'string' && /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?$/i.test(text))
      report('cyclonedx-time-zone', `${pointer}/${time}`, `${JSON.stringify(text)} has no time zone`);
  }
}

/** Members that hold bom-refs, by the member that their object stands in; `ref` holds one wherever it stands. */
const REFERENCES: Readonly<Record<string, readonly string[]>> = {
  dependencies: ['dependsOn', 'provides'],
  taskDependencies: ['dependsOn', 'provides'],
  runtimeTopology: ['dependsOn', 'provides'],
  compositions: ['assemblies', 'dependencies', 'vulnerabilities'],
  annotations: ['subjects'],
  identity: ['tools'],
  attestations: ['assessor'],
  map: ['requirement', 'claims', 'counterClaims'],
  claims: ['target', 'evidence', 'counterEvidence', 'mitigationStrategies'],
  conformance: ['mitigationStrategies'],
  requirements: ['parent'],
  levels: ['requirements'],
  certificateProperties: ['signatureAlgorithmRef', 'subjectPublicKeyRef'],
  relatedCryptoMaterialProperties: ['algorithmRef'],
  securedBy: ['algorithmRef'],
  cipherSuites: ['algorithms'],
  patents: ['members'],
  patentAssertions: ['patentRefs', 'asserter'],
  citations: ['attributedTo', 'process'],
};

/** Where consumers follow references to join things; elsewhere a reference may speak of what the document leaves out. */
const JOINED: ReadonlySet<string> = new Set(['dependencies', 'compositions', 'affects', 'datasets']);

function usesOf(node: Json, pointer: string, key: string): readonly [string, string][] {
  const members = Object.hasOwn(REFERENCES, key) ? ['ref', ...(REFERENCES[key] ?? [])] : ['ref'];
  return members.flatMap((name): readonly [string, string][] => {
    const value = node[name];
    if (typeof value === 'string') return [[`${pointer}/${name}`, value]];
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    return items.flatMap((ref, i): [string, string][] => (typeof ref === 'string' ? [[`${pointer}/${name}/${i}`, ref]] : []));
  });
}

/** Calls `visit` for every object; without recursion, so that nesting cannot exhaust the stack. */
export function walk(root: unknown, pointer: string, key: string, visit: Visit): void {
  const stack: [unknown, string, string][] = [[root, pointer, key]];
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const [value, at, name] = entry;
    if (Array.isArray(value)) for (let i = value.length - 1; i >= 0; i--) stack.push([value[i], `${at}/${i}`, name]);
    else if (isObject(value)) {
      visit(value, at, name);
      const members = Object.entries(value);
      for (let i = members.length - 1; i >= 0; i--) {
        const [memberKey = '', member] = members[i] ?? [];
        if (typeof member === 'object' && member !== null) stack.push([member, at + pointerStep(memberKey), memberKey]);
      }
    }
  }
}

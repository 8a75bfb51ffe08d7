/** What the JSON schema of SPDX 3.0.1 lets pass: what its SHACL model refuses, and what only its prose says. */
import type { Finding, Severity } from '../../core/finding.js';
import { toPointer } from '../../core/json-pointer.js';
import { parseLicenseExpression } from '../../core/spdx.js';
import { isObject, type Json } from '../cyclonedx/json.js';
import { hexLength } from '../mapping/digests.js';
import { classOf, isA, isElement, propertiesOf } from './classes.js';
import { checkNode } from './schema.js';
import { listOf } from './source.js';

/** Ids of the lint and what each means. */
export const SPDX_FINDINGS = {
  'spdx-duplicate-id': 'two elements have the same spdxId',
  'spdx-dangling-ref': 'a reference names no element of the document, and none that it imports',
  'spdx-wrong-class': 'a reference leads to an element of a class that may not stand there',
  'spdx-number': 'a decimal number is not written as a text',
  'spdx-id-prefix': 'an id begins with a prefix of the context, so that it means another id',
  'spdx-profile-extension': 'the document claims the profile "extension", whose name the context turns into something else',
  'spdx-extension': 'an extension is not one',
  'spdx-hash-length': 'a hash does not have the length of its algorithm',
  'spdx-license-expression': 'a licence expression is not one',
  'spdx-profile-fields': 'an element lacks what the specification asks of it in words',
} as const;

type SPDXFindingId = keyof typeof SPDX_FINDINGS;
type Path = readonly (string | number)[];
type Report = (id: SPDXFindingId, path: Path, message: string, severity?: Severity) => void;

export interface LintOptions {
  /** Take what the profiles ask in words for what makes a document invalid. Default false: it is advice. */
  readonly strict?: boolean;
}

interface Found {
  readonly node: Json;
  readonly path: Path;
}

/** Findings of severity `high` are violations of the official SHACL model. */
export function lintSPDX(document: unknown, { strict = false }: LintOptions = {}): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (id, path, message, severity = 'high') => {
    const fix =
      id === 'spdx-profile-fields'
        ? 'State it in the manifest where it is known; make nothing up.'
        : `${SPDX_FINDINGS[id]}; correct it at the source`;
    findings.push({ id, severity, message, fix, pointer: toPointer(path) });
  };
  const nodes = nodesOf(document);
  const byId = new Map<string, Found>();
  for (const found of nodes) lintNode(found, byId, report);
  const imported = importsOf(nodes);
  for (const found of nodes) lintReferences(found, byId, imported, report);
  lintProfiles(nodes, strict ? 'high' : 'low', report);
  return findings;
}

/** Every object that has a type, in the order of the document; without recursion, so that nesting cannot exhaust the stack. */
function nodesOf(document: unknown): readonly Found[] {
  const found: Found[] = [];
  const stack: [unknown, Path][] = [[document, []]];
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const [value, path] = entry;
    if (isObject(value) && typeof value.type === 'string') found.push({ node: value, path });
    if (typeof value !== 'object' || value === null) continue;
    const members = Object.entries(value);
    for (let i = members.length - 1; i >= 0; i--) {
      const [key = '', member] = members[i] ?? [];
      if (typeof member === 'object' && member !== null) stack.push([member, [...path, Array.isArray(value) ? Number(key) : key]]);
    }
  }
  return found;
}

function lintNode({ node, path }: Found, byId: Map<string, Found>, report: Report): void {
  const type = String(node.type);
  const key = isElement(type) ? 'spdxId' : '@id';
  const id = node[key];
  if (typeof id === 'string') {
    const other = byId.get(id);
    if (other === undefined) byId.set(id, { node, path });
    else report('spdx-duplicate-id', [...path, key], `the id ${id} already stands at ${toPointer(other.path)}`);
    if (id.startsWith('spdx:')) report('spdx-id-prefix', [...path, key], `${id} means https://spdx.org/rdf/3.0.1/terms/${id.slice(5)}`);
  }
  for (const [name, { decimal }] of propertiesOf(type))
    if (decimal === true && typeof node[name] === 'number')
      report('spdx-number', [...path, name], `${node[name]} is a JSON number, which RDF takes for a floating-point one`);
  const claimed = listOf(node.profileConformance).indexOf('extension');
  if (claimed >= 0) report('spdx-profile-extension', [...path, 'profileConformance', claimed], 'the profile "extension" is claimed');
  if (type === 'Hash') lintHash(node, path, report);
  listOf(node.extension).forEach((extension, i) => {
    if (isObject(extension)) lintExtension(extension, [...path, 'extension', i], report);
  });
  const expression = node.simplelicensing_licenseExpression;
  if (typeof expression === 'string' && !['NOASSERTION', 'NONE'].includes(expression) && parseLicenseExpression(expression) === undefined)
    report(
      'spdx-license-expression',
      [...path, 'simplelicensing_licenseExpression'],
      `${JSON.stringify(expression.slice(0, 80))} is no licence expression`,
      'medium',
    );
}

/** The schema lets anything stand in an extension; classes of the standard are held to what they are. */
function lintExtension(extension: Json, path: Path, report: Report): void {
  const type = String(extension.type);
  if (classOf(type) === undefined) return;
  checkNode(extension, type === PROPERTIES ? PROPERTIES : 'extension_Extension', path, (at, message) => {
    report('spdx-extension', at, message);
  });
  if (!isA(type, 'extension_Extension')) report('spdx-extension', [...path, 'type'], `a ${type} is no extension`);
}

const PROPERTIES = 'extension_CdxPropertiesExtension';

function lintHash({ algorithm, hashValue }: Json, path: Path, report: Report): void {
  const length = hexLength('spdx3', algorithm);
  if (length === undefined || typeof hashValue !== 'string') return;
  if (hashValue.length !== length || !/^[0-9a-f]+$/i.test(hashValue))
    report(
      'spdx-hash-length',
      [...path, 'hashValue'],
      `${String(algorithm)} has ${length} hexadecimal digits, not ${hashValue.length}`,
      'medium',
    );
}

function importsOf(nodes: readonly Found[]): ReadonlySet<string> {
  return new Set(
    nodes.flatMap(({ node }) => (node.type === 'ExternalMap' && typeof node.externalSpdxId === 'string' ? [node.externalSpdxId] : [])),
  );
}

function lintReferences({ node, path }: Found, byId: ReadonlyMap<string, Found>, imported: ReadonlySet<string>, report: Report): void {
  for (const [name, { class: wanted, individuals = [] }] of propertiesOf(String(node.type))) {
    if (wanted === undefined || !Object.hasOwn(node, name)) continue;
    const value = node[name];
    listOf(value).forEach((target, i) => {
      if (typeof target !== 'string' || individuals.includes(target)) return;
      const at = Array.isArray(value) ? [...path, name, i] : [...path, name];
      const type = byId.get(target)?.node.type;
      if (typeof type !== 'string') {
        if (!imported.has(target)) report('spdx-dangling-ref', at, `nothing in the document has the id ${target.slice(0, 200)}`);
      } else if (classOf(type) !== undefined && !isA(type, wanted)) {
        report('spdx-wrong-class', at, `a ${wanted} belongs here, and ${target.slice(0, 200)} is a ${type}`);
      }
    });
  }
}

/** What the prose of the profiles makes mandatory, by class. */
const ASKED: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'ai_AIPackage',
    ['name', 'releaseTime', 'suppliedBy', 'software_downloadLocation', 'software_packageVersion', 'software_primaryPurpose'],
  ],
  ['dataset_DatasetPackage', ['name', 'builtTime', 'originatedBy', 'releaseTime', 'software_downloadLocation', 'software_primaryPurpose']],
]);
const UNAFFECTED = 'security_VexNotAffectedVulnAssessmentRelationship';
const LICENSED = ['hasDeclaredLicense', 'hasConcludedLicense'] as const;

function lintProfiles(nodes: readonly Found[], severity: Severity, report: Report): void {
  const licensed = new Map<string, number>();
  for (const { node } of nodes) {
    const key = `${String(node.relationshipType)} ${String(node.from)}`;
    licensed.set(key, (licensed.get(key) ?? 0) + 1);
  }
  for (const { node, path } of nodes) {
    if (node.type === UNAFFECTED && node.security_justificationType === undefined && node.security_impactStatement === undefined)
      report('spdx-profile-fields', path, `the ${UNAFFECTED} says neither why nor what stands against it`, severity);
    const asked = ASKED.get(String(node.type));
    if (asked === undefined) continue;
    const missing = asked.filter((name) => listOf(node[name]).length === 0);
    const relations = LICENSED.filter((name) => licensed.get(`${name} ${String(node.spdxId)}`) !== 1);
    const parts = [...missing.map((name) => `no ${name}`), ...relations.map((name) => `not exactly one ${name}`)];
    if (parts.length > 0) report('spdx-profile-fields', path, `the ${String(node.type)} has ${parts.join(', ')}`, severity);
  }
}

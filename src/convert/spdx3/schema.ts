/**
 * The official JSON schema of SPDX 3.0.1 as a walk over its classes, with one finding for each fault. It gives the same
 * verdict as the schema; the tests hold the two against each other.
 */

import type { Finding } from '../../core/finding.js';
import { toPointer } from '../../core/json-pointer.js';
import { isObject } from '../cyclonedx/json.js';
import { classOf, isA, propertiesOf, type SPDXValue } from './classes.js';
import { CONTEXT } from './words.js';

type Json = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];
type Report = (path: Path, message: string, fix: string) => void;

const IRI = /^(?!_:).+:.+/u;
const ID = /^(_:.+|(?!_:).+:.+)/u;
const TIME = /^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-6]\d:[0-6]\dZ$/;
const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

const EXTENSION = 'extension_Extension';

/** Faults after which a document is not read further. */
const MAX_FINDINGS = 1000;

/** The ways in which a document breaks the schema; a thousand at most. */
export function checkSPDXSchema(document: unknown): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (path, message, fix) => {
    if (findings.length < MAX_FINDINGS) findings.push({ id: 'spdx-schema', severity: 'high', message, fix, pointer: toPointer(path) });
  };
  if (!isObject(document)) report([], 'an SPDX document is a JSON object', 'Give the document as `{"@context": …, "@graph": […]}`.');
  else checkRoot(document, report);
  return findings;
}

function checkRoot(document: Json, report: Report): void {
  if (document['@context'] !== CONTEXT)
    report(
      document['@context'] === undefined ? [] : ['@context'],
      `the context is ${show(document['@context'])}`,
      `Write \`"@context": "${CONTEXT}"\`, as a string.`,
    );
  if (!Object.hasOwn(document, '@graph')) {
    checkNode(document, 'AnyClass', [], report, new Set(['@context']));
    return;
  }
  for (const key of Object.keys(document))
    if (key !== '@context' && key !== '@graph')
      report([key], `\`${key}\` may not stand beside \`@graph\``, 'Move it into the graph or leave it out.');
  const graph = document['@graph'];
  if (!Array.isArray(graph)) report(['@graph'], 'the graph is not a list', 'Write `@graph` as a list of objects.');
  else
    graph.forEach((node: unknown, i) => {
      if (isObject(node)) checkNode(node, 'AnyClass', ['@graph', i], report);
      else report(['@graph', i], 'an item of the graph is not an object', 'Write each thing as an object with a type.');
    });
}

/** Is it an object of the class `wanted`, with nothing that does not belong there? */
export function checkNode(node: Json, wanted: string, path: Path, report: Report, also: ReadonlySet<string> = new Set()): void {
  const { type } = node;
  if (typeof type !== 'string') {
    report(path, 'the object has no type', 'Give it the `type` that the standard has for it.');
    return;
  }
  const known = classOf(type);
  if (wanted === EXTENSION && (known !== undefined || IRI.test(type))) return; // it may hold anything
  if (known?.id === undefined || (wanted !== 'AnyClass' && !isA(type, wanted))) {
    report(
      [...path, 'type'],
      known?.id === undefined ? `SPDX 3.0.1 has no class ${show(type)}` : `a ${wanted} belongs here, not a ${type}`,
      'Use a class of the standard that may stand here.',
    );
    return;
  }
  checkId(node, known.id, path, report);
  const properties = propertiesOf(type);
  for (const [key, value] of Object.entries(node)) {
    const property = properties.get(key);
    if (property !== undefined) checkProperty(value, property, [...path, key], report);
    else if (key !== 'type' && key !== known.id && !also.has(key))
      report([...path, key], `a ${type} has no property ${show(key)}`, 'Leave it out, or carry it in an extension.');
  }
  for (const [key, { required }] of properties)
    if (required && !Object.hasOwn(node, key)) report(path, `the ${type} lacks \`${key}\``, `State \`${key}\`.`);
}

function checkId(node: Json, key: 'spdxId' | '@id', path: Path, report: Report): void {
  const id = node[key];
  if (id === undefined ? key === 'spdxId' : typeof id !== 'string' || !(key === 'spdxId' ? IRI : ID).test(id))
    report(
      id === undefined ? path : [...path, key],
      id === undefined ? 'the element has no spdxId' : `${show(id)} is no IRI`,
      'Give it an absolute IRI.',
    );
}

function checkProperty(value: unknown, property: SPDXValue, path: Path, report: Report): void {
  if (property.list === undefined) {
    checkValue(value, property, path, report);
    return;
  }
  if (!Array.isArray(value)) {
    report(path, 'the value is not a list', 'Put it into a list, also when it is alone.');
    return;
  }
  if (value.length < property.list) report(path, 'the list is empty', `Give at least ${property.list}.`);
  value.forEach((item: unknown, i) => {
    checkValue(item, property, [...path, i], report);
  });
}

function checkValue(value: unknown, property: SPDXValue, path: Path, report: Report): void {
  if (property.class !== undefined) {
    if (isObject(value)) checkNode(value, property.class, path, report);
    else if (typeof value !== 'string' || !(ID.test(value) || property.individuals?.includes(value)))
      report(path, `${show(value)} is neither a ${property.class} nor the id of one`, 'Give the IRI of an element.');
    return;
  }
  for (const [kind, fault] of Object.entries(FAULTS) as [string, Fault][]) {
    const found = Object.hasOwn(property, kind) ? fault(value, property) : undefined;
    if (found !== undefined) report(path, `${show(value)} ${found}`, 'Correct the value.');
  }
}

type Fault = (value: unknown, property: SPDXValue) => string | undefined;
const isText = (value: unknown): value is string => typeof value === 'string';

/** What is wrong with a value, by the kind of values that a property may hold. */
const FAULTS: Readonly<Partial<Record<keyof SPDXValue, Fault>>> = {
  text: (value) => (isText(value) ? undefined : 'is not a text'),
  flag: (value) => (typeof value === 'boolean' ? undefined : 'is neither true nor false'),
  decimal: (value) =>
    typeof value === 'number' || (isText(value) && /^-?\d+(\.\d*)?$/.test(value)) ? undefined : 'is not a decimal number such as "1.5"',
  time: (value) => (isText(value) && TIME.test(value) ? undefined : 'is not a UTC time in whole seconds such as 2026-01-31T09:00:00Z'),
  integer: (value, { integer = 0 }) =>
    Number.isInteger(value) && Number(value) >= integer ? undefined : `is not a whole number from ${integer}`,
  words: (value, { words = [] }) => (words.some((word) => word === value) ? undefined : `is none of ${words.join(', ')}`),
  pattern: (value, { pattern = '' }) => (isText(value) && compiled(pattern).test(value) ? undefined : `does not match ${pattern}`),
};

const patterns = new Map<string, RegExp>();

/** The patterns are those of the standard: few, and none of them backtracks. */
function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern, 'u');
  patterns.set(pattern, known);
  return known;
}

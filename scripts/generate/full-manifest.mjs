// One manifest that fills every property of the schema. What its properties have to do with each other stands in scripts/corpus/full;
// the rest follows from the schema: the first object of every kind gets all its members, a text says what it is, a number is told
// from every other.
import { createHash } from 'node:crypto';
import { SKELETON, WORDS } from '../corpus/full/index.mjs';

/** The text of the manifest. */
export const fullManifest = (schema) =>
  `${JSON.stringify(filled(schema, SKELETON, { schema, label: 'manifest', made: new Set(), count: 100 }), null, 2)}\n`;

/** Words of a name: `dataType` is `data type`. */
const spaced = (name) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).trim();
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hex = (label, length) => (sha256(label) + sha256(`${label}, more`)).slice(0, length);
const titleOf = (node) => node.$ref?.slice('#/$defs/'.length);
const resolved = (node, schema) => (node.$ref === undefined ? node : schema.$defs[titleOf(node)]);

/** A value with all that its place in the schema has; `given` is what the skeleton says of it. */
function filled(node, given, run) {
  const shape = resolved(node, run.schema);
  if (shape.properties !== undefined) return object(shape, given ?? {}, titleOf(node) ?? 'Manifest', run);
  if (shape.type === 'array') return (given ?? [undefined]).map((each) => filled(shape.items, each, run));
  if (shape.type === 'object') return map(shape, given, run);
  return given ?? scalar(shape, run);
}

/** What the skeleton gives to one object of the kind, and what not every one may have. */
const OMITTED = new Set([
  'Lineage.scratch',
  'Dataset.original',
  'EvidenceValue.members',
  'Bom.subject',
  'Foreign.cyclonedx',
  'Foreign.spdx',
]);

/** All members of the first object of a kind; of others, what is given and what they must have. */
function object(shape, given, title, run) {
  const isFirst = !run.made.has(title);
  run.made.add(title);
  const required = new Set(shape.required ?? []);
  const wanted = Object.entries(shape.properties).filter(
    ([name]) => given[name] !== undefined || (isFirst && !OMITTED.has(`${title}.${name}`)) || required.has(name),
  );
  // What must not be empty, and of which nothing is given, has its first member.
  if (wanted.length === 0 && shape.minProperties === 1) wanted.push(Object.entries(shape.properties)[0]);
  const members = wanted.map(([name, node]) => {
    Object.assign(run, { label: `${spaced(title)}: ${spaced(name)}`, place: `${title}.${name}` });
    return [name, filled(node, given[name], run)];
  });
  const known = new Set(Object.keys(shape.properties));
  return Object.fromEntries([...members, ...Object.entries(given).filter(([name]) => !known.has(name))]);
}

function map({ additionalProperties: inner, propertyNames: { pattern } = {} }, given, run) {
  const key = pattern === undefined ? 'a key' : pattern.includes('[.]') ? 'org.example.note' : 'one';
  const { label } = run;
  return Object.fromEntries(
    Object.entries(given ?? { [key]: undefined }).map(([name, value]) => [
      name,
      typeof inner === 'object' ? filled(inner, value, run) : (value ?? label),
    ]),
  );
}

/** The scalars that a place takes; of numbers each its own. */
function scalar({ type, enum: words, pattern, examples, maximum, minimum = 0 }, run) {
  const { label, place } = run;
  if (Object.hasOwn(WORDS, place)) return WORDS[place];
  if (words !== undefined) return words[0];
  if (type === 'boolean') return true;
  if (type === 'number' || type === 'integer') {
    const number = run.count++;
    return maximum === 1 ? number / 1000 : type === 'integer' ? number + minimum : number + 0.5;
  }
  if (pattern !== undefined) return byPattern(pattern, label);
  return examples === undefined ? label : examples[0];
}

function byPattern(pattern, label) {
  const digits = /^\^\[0-9a-f\]\{(?:7,)?(\d+)\}\$$/.exec(pattern)?.[1];
  if (digits !== undefined) return hex(label, Math.min(Number(digits), 128));
  if (pattern.startsWith('^([0-9a-f]{40}|')) return hex(label, 40);
  if (pattern.includes('T([01]')) return '2026-04-05T06:07:08Z';
  if (pattern.startsWith('^[0-9]{4}')) return '2026-04-05';
  if (pattern === '^[A-Z]{2}$') return 'DE';
  if (pattern.includes('+.-]*:')) return `https://example.org/${label.replace(/[^a-z]+/g, '-')}`;
  if (pattern.startsWith('^([^/.]')) return 'card.md';
  if (pattern.startsWith('^[A-Za-z0-9][')) return 'acme';
  throw new Error(`nothing is known for ${label}: ${pattern}`);
}

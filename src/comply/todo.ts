/** What is missing as a part of a manifest to be filled in: every field commented out, with what it means and who asks for it. */
import { parsePointer, pointerStep, resolvePointer } from '../core/json-pointer.js';
import { own } from '../core/objects.js';
import { type Manifest, REFERENCES, SHAPES } from '../schema/index.js';
import { type ExampleOf, entryWanted, exampleOf, idFor, meaningOf, type SchemaNode } from './examples.js';
import type { Answer } from './judge.js';
import { type Predicate, type Profile, predicatesIn, type Requirement } from './profile.js';

interface Field {
  readonly pointer: string;
  /** As `SHAPES` has it, and the member that holds it. */
  readonly shape: string;
  readonly member: string;
  readonly wanted: Predicate[];
  readonly asked: string[];
}

/** Others name it: whoever made, supplied or judged something. */
const partyField: Field = { pointer: '/parties/example', shape: 'Party', member: 'Manifest.parties', wanted: [], asked: [] };

/** Requirements named for one field. */
const MAX_ASKED = 8;

/**
 * An overlay for `msbom collect --overlay`, as YAML: lines with `# ` are fields, those with `#| ` say what they are about. Taking `# ` off
 * a field and what it stands in, and writing what is true in place of the example, answers it.
 *
 * @param schema the JSON Schema of manifests
 */
export function todoAsYaml(manifest: Manifest, profiles: readonly Profile[], answers: readonly Answer[], schema: SchemaNode): string {
  const of: ExampleOf = { schema, manifest };
  const fields = new Map<string, Field>();
  const elsewhere: string[] = [];
  const people: string[] = [];
  for (const answer of answers) {
    if (answer.status === 'needs-review') people.push(answer.id);
    if (answer.status !== 'missing') continue;
    const requirement = profiles.find(({ id }) => id === answer.profile)?.requirements.find(({ id }) => id === answer.id);
    for (const { pointer } of requirement === undefined ? [] : answer.gaps) {
      if (pointer.startsWith('/attestations')) people.push(answer.id);
      else if (!add(fields, pointer, requirement as Requirement, answer, manifest)) elsewhere.push(`${pointer}: ${asked(answer)}`);
    }
  }
  const parties = Object.keys(manifest.parties ?? {}).length > 0 ? [] : [partyField];
  for (const field of parties) fields.set(field.pointer, field);
  return [
    '#| What is missing, to be filled in and given to `msbom collect --overlay`.',
    '#| Lines that begin with `# ` are fields: take that off a field and off what it stands in, and write what is true. Examples are examples.',
    '#| What is left commented out is not said.',
    ...treeLines(fields, of),
    ...(people.length === 0 ? [] : ['', ...attestationLines([...new Set(people)], of)]),
    ...(elsewhere.length === 0
      ? []
      : [
          '',
          '#| Not to be filled in here, since it stands in a list or in the document itself:',
          ...[...new Set(elsewhere)].map((each) => `#| ${oneLine(each)}`),
        ]),
    '',
  ].join('\n');
}

const asked = ({ profile, id, level, citation, reading }: Answer): string =>
  `${level} ${id} (${citation ?? profile}${reading === 'memory' ? '; unverified reading' : ''})`;

/** Notes a field. A place below a list, or that the specification does not have, is none. */
function add(fields: Map<string, Field>, pointer: string, requirement: Requirement, answer: Answer, manifest: Manifest): boolean {
  const keys = parsePointer(pointer) ?? [];
  const place = placeOf(keys, manifest);
  if (place === undefined || keys.length === 0) return false;
  const field = fields.get(place.pointer) ?? { ...place, wanted: [], asked: [] };
  fields.set(place.pointer, field);
  field.asked.push(asked(answer));
  field.wanted.push(...wantedAt(place.pointer, pointer, requirement.predicate));
  return true;
}

const shapes: Readonly<Record<string, Readonly<Record<string, string>>>> = SHAPES;

/** The place that can be written as a whole: the list, where the pointer is about its first item. */
function placeOf(keys: readonly string[], manifest: Manifest): Omit<Field, 'wanted' | 'asked'> | undefined {
  let [shape, member, pointer] = ['Manifest', '', ''];
  for (const key of keys) {
    if (shape.startsWith('[]')) return resolvePointer(manifest, pointer) === undefined ? { pointer, shape, member } : undefined;
    // What is asked of a thing that nothing names yet.
    if (shape === 'text' && own(REFERENCES, member) !== undefined) return { pointer, shape, member };
    const isMap = shape.startsWith('{}');
    const inner = isMap ? shape.slice(2) : (own(own(shapes, shape), key) ?? own(own(shapes, shape), '*'));
    if (inner === undefined) return undefined;
    if (!isMap) member = `${shape}.${key}`;
    shape = inner;
    pointer += pointerStep(key);
  }
  return { pointer, shape, member };
}

/** What a requirement asks of a field, as predicates on its value. */
function wantedAt(place: string, pointer: string, predicate: Predicate): readonly Predicate[] {
  return [...predicatesIn(predicate)].flatMap((each): Predicate[] => {
    if (!('path' in each) || each.path === '#') return [];
    if (each.op === 'every' || each.op === 'some')
      return each.path === pointer ? [{ op: 'and', of: [...entryWanted(each.where, each.then)] }] : [];
    if (each.path === pointer || (each.op !== 'present' && pointer.endsWith(each.path)))
      return [{ ...each, path: each.path === place ? '' : pointer.slice(place.length) }];
    return [];
  });
}

/** A tree of maps, printed with a line for each key. */
function treeLines(fields: ReadonlyMap<string, Field>, of: ExampleOf): readonly string[] {
  const lines: string[] = [];
  let open: readonly string[] = [];
  for (const field of [...fields.values()].sort((a, b) => (a.pointer < b.pointer ? -1 : 1))) {
    // What is in a field that is written as a whole is a part of it.
    if ([...fields.keys()].some((other) => field.pointer.startsWith(`${other}/`))) continue;
    const keys = parsePointer(field.pointer) ?? [];
    const shared = keys.findIndex((key, i) => key !== open[i] || i === keys.length - 1);
    if (shared === 0) lines.push('');
    for (let i = shared; i < keys.length - 1; i++) lines.push(`# ${'  '.repeat(i)}${JSON.stringify(keys[i])}:`);
    const indent = '  '.repeat(keys.length - 1);
    const meaning = meaningOf(field.member, of);
    const names = [...new Set(field.asked)];
    if (meaning !== undefined) lines.push(`#| ${indent}${oneLine(meaning)}`);
    if (names.length > 0)
      lines.push(
        `#| ${indent}asked by ${oneLine(names.slice(0, MAX_ASKED).join(', '))}${names.length > MAX_ASKED ? ` and ${names.length - MAX_ASKED} more` : ''}`,
      );
    lines.push(`# ${indent}${JSON.stringify(keys.at(-1))}: ${JSON.stringify(exampleFor(field, of))}`);
    open = keys.slice(0, -1);
  }
  return lines;
}

/** An example for a field; of a map one entry for each kind that is asked for. */
function exampleFor({ shape, member, wanted }: Field, of: ExampleOf): unknown {
  const entries = wanted.flatMap((each) => (each.op === 'and' ? [each.of] : []));
  if (entries.length === 0) return exampleOf(shape, member, wanted, of);
  const made = [...new Map(entries.map((each) => [JSON.stringify(each), each])).values()].map((each) =>
    exampleOf(shape.slice(2), member, each, of),
  );
  if (shape.startsWith('[]')) return made;
  const first = idFor(member.split('.')[1] ?? '');
  return Object.fromEntries(made.map((each, i) => [i === 0 ? first : `${first}-${i + 1}`, each]));
}

function attestationLines(ids: readonly string[], { manifest }: ExampleOf): readonly string[] {
  const [party = 'example'] = Object.keys(manifest.parties ?? {});
  const entry = {
    requirementIds: ids,
    claim: 'what was judged, and how',
    by: party,
    role: 'auditor',
    date: '2026-01-31',
    references: [{ uri: 'https://example.org/record' }],
  };
  return [
    '#| What people decide: who says it (a party of the document), when, and on what it rests. Attest only what was judged.',
    '# attestations:',
    `#   review: ${JSON.stringify(entry)}`,
  ];
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

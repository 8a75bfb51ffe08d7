/** What was said of a manifest so far, by whom, and what was said twice and differently. */
import type { JsonValue } from '../core/canonical-json.js';
import type { Finding } from '../core/finding.js';
import { pointerStep } from '../core/json-pointer.js';
import { bare, isObject, own, sameJson } from '../core/objects.js';
import { collectEvidence, type ValueEvidence } from '../manifest/evidence.js';
import type { Evidence } from '../schema/index.js';

/** A manifest, or a part of one, that grows. */
export type Growing = { [key: string]: JsonValue };

/** Who says something: the caller, or a rule of this program by name. */
export type Speaker = 'caller' | { readonly rule: string };

export interface Statements {
  /** Says that a value stands at a path of keys. Objects are joined member by member. */
  say(path: readonly string[], value: JsonValue, by?: Speaker): void;
  /** Adds an item to a list that is a set. */
  add(path: readonly string[], item: JsonValue): void;
  /** What stands at a path. */
  at(...path: readonly string[]): JsonValue | undefined;
  /** All that was said. */
  readonly document: Growing;
  /** What was said twice and differently. */
  readonly conflicts: readonly Finding[];
  /** Who said each value. */
  evidence(method: string): Evidence[];
}

export function statements(): Statements {
  const document: Growing = bare([]);
  const conflicts: Finding[] = [];
  const speakers = new Map<string, Speaker>();

  function join(holder: Growing, key: string, value: JsonValue, pointer: string, by: Speaker): void {
    const known = own(holder, key);
    if (isObject(value) && (known === undefined || isObject(known))) {
      const inner = (known ?? bare([])) as Growing; // all objects in the document were made here
      holder[key] = inner;
      if (Object.keys(value).length === 0) speakers.set(pointer, by);
      for (const [name, member] of Object.entries(value)) join(inner, name, member, pointer + pointerStep(name), by);
    } else if (known === undefined) {
      holder[key] = value;
      speakers.set(pointer, by);
    } else if (!sameJson(known, value)) conflicts.push(conflict(pointer, known, value));
  }

  return {
    document,
    conflicts,
    say(path, value, by = 'caller') {
      const key = path.at(-1) ?? '';
      join(reach(document, path.slice(0, -1), conflicts), key, value, path.map(pointerStep).join(''), by);
    },
    add(path, item) {
      const holder = reach(document, path.slice(0, -1), conflicts);
      const key = path.at(-1) ?? '';
      const known = own(holder, key);
      const items = Array.isArray(known) ? (known as readonly JsonValue[]) : [];
      if (!items.some((each) => sameJson(each, item))) holder[key] = [...items, item];
      speakers.set(path.map(pointerStep).join(''), 'caller');
    },
    at: (...path) => path.reduce<JsonValue | undefined>((value, key) => (isObject(value) ? own(value, key) : undefined), document),
    evidence: (method) => evidenceOf(document, speakers, method),
  };
}

/** The object at a path, made where there is none; what stands in the way is a conflict. */
function reach(document: Growing, path: readonly string[], conflicts: Finding[]): Growing {
  let holder = document;
  for (const [depth, key] of path.entries()) {
    const known = own(holder, key);
    if (known === undefined) holder[key] = bare([]);
    else if (!isObject(known)) {
      conflicts.push(
        conflict(
          path
            .slice(0, depth + 1)
            .map(pointerStep)
            .join(''),
          known,
          {},
        ),
      );
      return bare([]);
    }
    holder = holder[key] as Growing; // made here
  }
  return holder;
}

function conflict(pointer: string, first: JsonValue, second: JsonValue): Finding {
  return {
    id: 'merge-conflict',
    severity: 'high',
    pointer,
    message: `\`${pointer}\` was said twice: first ${excerpt(first)}, then ${excerpt(second)}`,
    fix: 'Say it once, or give the two things different ids.',
  };
}

function excerpt(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** Sections about the document itself need no evidence. */
const APART = new Set(['$schema', 'bom', 'extensions']);

/** One entry for the caller and each rule; an object of which one of them said everything stands for its members. */
function evidenceOf(document: Growing, speakers: ReadonlyMap<string, Speaker>, method: string): Evidence[] {
  const said: ValueEvidence[] = [];
  const speak = (pointer: string, by: Speaker): void => {
    said.push(
      by === 'caller'
        ? { pointer, origin: 'supplied', method, source: { name: 'caller' } }
        : { pointer, origin: 'inferred', method: by.rule },
    );
  };
  /** Who said all of a value; when it was several, each part is spoken for on its own. */
  const visit = (value: JsonValue, pointer: string, depth: number): Speaker | undefined => {
    const whole = speakers.get(pointer);
    if (whole !== undefined || !isObject(value)) return whole;
    const parts = Object.entries(value).map(
      ([key, member]) => [pointer + pointerStep(key), visit(member, pointer + pointerStep(key), depth + 1)] as const,
    );
    const [first] = parts.map(([, by]) => by);
    if (depth > 0 && first !== undefined && parts.every(([, by]) => by === first)) return first;
    for (const [at, by] of parts) if (by !== undefined) speak(at, by);
    return undefined;
  };
  for (const [section, value] of Object.entries(document)) {
    if (APART.has(section)) continue;
    const by = visit(value, pointerStep(section), MAPS.has(section) ? 0 : 1);
    if (by !== undefined) speak(pointerStep(section), by);
  }
  return collectEvidence(said);
}

/** Sections whose things are spoken for one by one. */
const MAPS = new Set([
  'parties',
  'models',
  'datasets',
  'artifacts',
  'environments',
  'components',
  'evaluations',
  'robustnessTests',
  'documents',
  'services',
]);

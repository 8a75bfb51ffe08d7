/**
 * A small JSON Schema validator for the official schemas of CycloneDX and SPDX 2.3: the words that they use, as draft-07 has
 * them, all errors up to a limit, and time linear in the document, also for lists of unique items. Compiles nothing, so that it
 * starts at once.
 */

import { appendTo } from '../core/append.js';
import { MsbomError } from '../core/error.js';
import { resolvePointer } from '../core/json-pointer.js';
import { isObject } from './cyclonedx/json.js';
import { explain, type Failure, type SchemaError } from './json-schema-words.js';

export type { SchemaError } from './json-schema-words.js';

export type Schema = boolean | { readonly [word: string]: unknown };

export interface SchemaOptions {
  /** Schemas that references name by file. */
  readonly others?: Readonly<Record<string, Schema>>;
  /** A format that is not here is not checked. */
  readonly formats?: Readonly<Record<string, (text: string) => boolean>>;
  /** Errors are gathered up to this number. Default 1,000. */
  readonly maxErrors?: number;
}

interface Run {
  readonly options: SchemaOptions;
  /** The schema that references without a file name refer to. */
  readonly root: Schema;
  readonly path: (string | number)[];
  errors: Failure[];
  readonly max: number;
  /** Units of text that comparing items may still take. */
  budget: number;
}

type Json = Readonly<Record<string, unknown>>;

const COMPARISON_BUDGET = 512 * 1024 * 1024;
const patterns = new Map<string, RegExp>();

/** What is wrong with a value, nothing when it meets the schema. @throws ERR_LIMIT_BYTES when its lists cannot be compared cheaply */
export function checkJsonSchema(root: Schema, value: unknown, options: SchemaOptions = {}): readonly SchemaError[] {
  const run: Run = { options, root, path: [], errors: [], max: options.maxErrors ?? 1000, budget: COMPARISON_BUDGET };
  check(root, value, run);
  return run.errors.map(explain);
}

function check(schema: Schema, value: unknown, run: Run): boolean {
  if (typeof schema === 'boolean') return schema || fail(run, 'false', {});
  if (schema.type !== undefined && !hasType(value, schema.type)) return fail(run, 'type', { type: schema.type });
  let ok = checkScalar(schema, value, run);
  if (Array.isArray(value)) ok = checkItems(schema, value, run) && ok;
  else if (isObject(value)) ok = checkMembers(schema, value, run) && ok;
  return checkParts(schema, value, run) && ok;
}

function checkScalar(schema: Json, value: unknown, run: Run): boolean {
  const { minLength, maxLength, pattern, format, minimum, maximum } = schema;
  let ok = true;
  if (Object.hasOwn(schema, 'const') && !same(schema.const, value)) ok = fail(run, 'const', { allowed: schema.const });
  if (Array.isArray(schema.enum) && !enumOf(schema.enum).has(value)) ok = fail(run, 'enum', { allowed: schema.enum, value });
  if (typeof value === 'string') {
    const length = minLength === undefined && maxLength === undefined ? 0 : lengthOf(value);
    if (typeof minLength === 'number' && length < minLength) ok = fail(run, 'minLength', { limit: minLength });
    if (typeof maxLength === 'number' && length > maxLength) ok = fail(run, 'maxLength', { limit: maxLength });
    if (typeof pattern === 'string' && !patternOf(pattern).test(value)) ok = fail(run, 'pattern', { pattern, value });
    if (typeof format === 'string' && run.options.formats?.[format]?.(value) === false) ok = fail(run, 'format', { format, value });
  } else if (typeof value === 'number') {
    if (typeof minimum === 'number' && value < minimum) ok = fail(run, 'minimum', { limit: minimum });
    if (typeof maximum === 'number' && value > maximum) ok = fail(run, 'maximum', { limit: maximum });
  }
  return ok;
}

function checkItems(schema: Json, value: readonly unknown[], run: Run): boolean {
  let ok = true;
  if (typeof schema.minItems === 'number' && value.length < schema.minItems) ok = fail(run, 'minItems', { limit: schema.minItems });
  if (typeof schema.maxItems === 'number' && value.length > schema.maxItems) ok = fail(run, 'maxItems', { limit: schema.maxItems });
  for (let i = 0; schema.items !== undefined && i < value.length; i++) {
    const item = itemSchema(schema, i);
    ok = within(run, i, () => check(item, value[i], run)) && ok;
  }
  if (schema.uniqueItems === true) ok = checkUnique(value, run) && ok;
  return ok;
}

/** Of draft-07: a list of schemas is one for each place. */
function itemSchema({ items, additionalItems }: Json, index: number): Schema {
  return (Array.isArray(items) ? (items[index] ?? additionalItems ?? true) : items) as Schema; // schemas, by the standard
}

function checkMembers(schema: Json, value: Json, run: Run): boolean {
  let ok = true;
  for (const name of (schema.required as readonly string[] | undefined) ?? [])
    if (!Object.hasOwn(value, name)) ok = fail(run, 'required', { name }); // a list of names, by the standard
  const properties = schema.properties as Readonly<Record<string, Schema>> | undefined; // likewise
  if (properties !== undefined) {
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(properties, key)) continue;
      ok = within(run, key, () => check(properties[key] ?? true, value[key], run)) && ok;
    }
  }
  if (schema.additionalProperties !== false) return ok;
  for (const key of Object.keys(value))
    if (properties === undefined || !Object.hasOwn(properties, key)) ok = within(run, key, () => fail(run, 'additional', { name: key }));
  return ok;
}

/** References and combinations. The parts are schemas, by the standard. */
function checkParts(schema: Json, value: unknown, run: Run): boolean {
  let ok = true;
  if (typeof schema.$ref === 'string') ok = checkReference(schema.$ref, value, run);
  for (const part of list(schema.allOf)) ok = check(part, value, run) && ok;
  if (schema.anyOf !== undefined) ok = checkAlternatives(list(schema.anyOf), value, run, false) && ok;
  if (schema.oneOf !== undefined) ok = checkAlternatives(list(schema.oneOf), value, run, true) && ok;
  if (schema.not !== undefined && attempt(schema.not as Schema, value, run) === undefined) ok = fail(run, 'not', {});
  if (schema.if === undefined) return ok;
  const next = attempt(schema.if as Schema, value, run) === undefined ? schema.then : schema.else;
  return (next === undefined || check(next as Schema, value, run)) && ok;
}

function checkReference(reference: string, value: unknown, run: Run): boolean {
  const { root, target } = resolved(reference, run);
  if (root === run.root) return check(target, value, run);
  const inner: Run = { ...run, root };
  const ok = check(target, value, inner);
  run.budget = inner.budget;
  return ok;
}

interface Target {
  /** The schema that holds it. */
  readonly root: Schema;
  readonly target: Schema;
}

const targets = new WeakMap<object, Map<string, Target>>();

/** What a reference names; looked up once for each schema that holds it. */
function resolved(reference: string, run: Run): Target {
  const key = run.root as object; // a schema with references is an object
  const known = targets.get(key) ?? new Map<string, Target>();
  targets.set(key, known);
  const found = known.get(reference);
  if (found !== undefined) return found;
  const [file = '', pointer = ''] = reference.split('#');
  const root = file === '' ? run.root : run.options.others?.[file];
  const target = root === undefined ? undefined : resolvePointer(root, pointer);
  if (root === undefined || target === undefined) throw new Error(`the schema names ${reference}, which is not there`);
  const made: Target = { root, target: target as Schema }; // by the standard
  known.set(reference, made);
  return made;
}

/** Tries a schema without telling anybody of its errors, and returns them; `undefined` when there are none. */
function attempt(schema: Schema, value: unknown, run: Run): Failure[] | undefined {
  const kept = run.errors;
  run.errors = [];
  const ok = check(schema, value, run);
  const { errors } = run;
  run.errors = kept;
  return ok ? undefined : errors;
}

function checkAlternatives(parts: readonly Schema[], value: unknown, run: Run, exactlyOne: boolean): boolean {
  const failures: Failure[][] = [];
  for (const part of parts) {
    const errors = attempt(part, value, run);
    if (errors !== undefined) failures.push(errors);
    else if (!exactlyOne) return true;
  }
  const matches = parts.length - failures.length;
  if (matches === 1) return true;
  if (matches > 1) return fail(run, 'oneOf', {});
  const best = closest(failures, run.path.length);
  if (best === undefined) return fail(run, 'anyOf', { count: parts.length });
  for (const error of best) if (run.errors.length < run.max) run.errors.push(error);
  return false;
}

/** The alternative that was meant: its errors lie deepest, or are the fewest; none when all refuse the type of the value. */
function closest(failures: readonly Failure[][], depth: number): readonly Failure[] | undefined {
  const here = (errors: readonly Failure[]): number =>
    errors.filter((error) => error.path.length <= depth && error.keyword !== 'additional').length;
  const candidates = failures.filter(
    (errors) => !errors.some(({ keyword, path }) => path.length === depth && ['type', 'const', 'pattern'].includes(keyword)),
  );
  return [...candidates].sort((a, b) => here(a) - here(b) || a.length - b.length)[0];
}

/** Are all items different? Only items whose scalar members agree are compared as a whole. */
function checkUnique(items: readonly unknown[], run: Run): boolean {
  if (items.length < 2) return true;
  const groups = new Map<string, number[]>();
  for (const [i, item] of items.entries()) appendTo(groups, outline(item), i);
  let ok = true;
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    const seen = new Map<string, number>();
    for (const i of group) {
      const text = fingerprint(items[i], run);
      const first = seen.get(text);
      if (first === undefined) seen.set(text, i);
      else ok = within(run, i, () => fail(run, 'uniqueItems', { first }));
    }
  }
  return ok;
}

function outline(item: unknown): string {
  if (!isObject(item)) return Array.isArray(item) ? `[${item.length}` : JSON.stringify(item);
  const parts = Object.keys(item)
    .sort()
    .map((key) => {
      const value = item[key];
      return `${key}:${typeof value !== 'object' || value === null ? JSON.stringify(value) : Array.isArray(value) ? value.length : '{'}`;
    });
  return parts.join('\u0000');
}

function fingerprint(value: unknown, run: Run): string {
  const text = JSON.stringify(value, (_key, member: unknown) =>
    isObject(member)
      ? Object.fromEntries(
          Object.keys(member)
            .sort()
            .map((key) => [key, member[key]]),
        )
      : member,
  );
  run.budget -= text.length;
  if (run.budget < 0)
    throw new MsbomError('ERR_LIMIT_BYTES', 'the items of its lists are too alike to be compared', { hint: 'Remove repeated items.' });
  return text;
}

function fail(run: Run, keyword: string, params: Json): false {
  if (run.errors.length < run.max) run.errors.push({ path: [...run.path], keyword, params });
  return false;
}

function within(run: Run, key: string | number, body: () => boolean): boolean {
  run.path.push(key);
  const ok = body();
  run.path.pop();
  return ok;
}

const enums = new WeakMap<readonly unknown[], Set<unknown>>();

function enumOf(values: readonly unknown[]): Set<unknown> {
  const known = enums.get(values) ?? new Set(values);
  enums.set(values, known);
  return known;
}

function patternOf(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern, 'u');
  patterns.set(pattern, known);
  return known;
}

function hasType(value: unknown, type: unknown): boolean {
  if (Array.isArray(type)) return type.some((one) => hasType(value, one));
  if (type === 'integer') return typeof value === 'number' && Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  return type === 'object' ? isObject(value) : typeof value === type;
}

/** Unicode characters, as JSON Schema counts. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

const list = (value: unknown): readonly Schema[] => (Array.isArray(value) ? (value as readonly Schema[]) : []); // schemas, by the standard
const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

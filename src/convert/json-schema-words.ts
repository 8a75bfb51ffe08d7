/** Errors of a JSON Schema in plain words. */
import { toPointer } from '../core/json-pointer.js';
import { nearest } from '../core/nearest.js';

/** An error before it is put into words. */
export interface Failure {
  readonly path: readonly (string | number)[];
  readonly keyword: string;
  readonly params: Params;
}

export interface SchemaError {
  readonly pointer: string;
  /** Of JSON Schema; `additional` for a member that is not known. */
  readonly keyword: string;
  /** One sentence without a full stop. */
  readonly message: string;
}

type Params = Readonly<Record<string, unknown>>;

const WORDS: Readonly<Record<string, (params: Params) => string>> = {
  false: () => 'nothing may stand here',
  type: ({ type }) => `it must be ${[type].flat().map(String).map(article).join(' or ')}`,
  const: ({ allowed }) => `it must be ${show(allowed)}`,
  enum: ({ allowed, value }) => oneOf(allowed as readonly unknown[], value), // given by the validator
  minLength: ({ limit }) => (limit === 1 ? 'it must not be empty' : `it must have at least ${limit} characters`),
  maxLength: ({ limit }) => `it must have at most ${limit} characters`,
  pattern: ({ pattern, value }) => `${show(value)} does not have the form ${pattern}`,
  format: ({ format, value }) => `${show(value)} is not of the form ${format}`,
  minimum: ({ limit }) => `it must be at least ${limit}`,
  maximum: ({ limit }) => `it must be at most ${limit}`,
  minItems: ({ limit }) => (limit === 1 ? 'the list must not be empty' : `the list must have at least ${limit} items`),
  maxItems: ({ limit }) => `the list must have at most ${limit} items`,
  uniqueItems: ({ first }) => `the item is the same as item ${first}`,
  required: ({ name }) => `${show(name)} is missing`,
  additional: ({ name }) => `${show(name)} is not known here`,
  not: () => 'it has a form that is forbidden here',
  oneOf: () => 'it meets several of the forms of which it may have only one',
  anyOf: ({ count }) => `it meets none of the ${count} forms that are allowed here`,
};

export function explain({ path, keyword, params }: Failure): SchemaError {
  return { pointer: toPointer(path), keyword, message: WORDS[keyword]?.(params) ?? `it breaks the rule ${keyword}` };
}

function oneOf(allowed: readonly unknown[], value: unknown): string {
  const guess =
    typeof value === 'string'
      ? nearest(
          value,
          allowed.filter((word): word is string => typeof word === 'string'),
        )
      : undefined;
  const hint = guess === undefined ? '' : `; ${show(guess)} is`;
  return allowed.length <= 12 ? `${show(value)} is none of ${allowed.map(show).join(', ')}` : `${show(value)} is not on the list${hint}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const article = (type: string): string => (type === 'null' ? type : `${/^[aio]/.test(type) ? 'an' : 'a'} ${type}`);

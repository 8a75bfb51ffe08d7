import type { Finding } from '../core/finding.js';
import { resolvePointer, toPointer } from '../core/json-pointer.js';
import { nearest } from '../core/nearest.js';
import type { SchemaError } from '../schema/check.js';
import { SHAPES } from '../schema/index.js';

/** Ids of the findings that a broken keyword of the schema makes, and what each means. */
export const SCHEMA_FINDINGS = {
  'schema-required': 'a property that must be there is missing',
  'schema-unknown-property': 'a property is not part of the specification',
  'schema-type': 'a value has the wrong JSON type',
  'schema-enum': 'a value is not one of the words allowed',
  'schema-pattern': 'a text or a key does not have the form it must have',
  'schema-empty': 'a text, list or object is empty; leave the property out instead',
  'schema-range': 'a number or length is outside what is allowed',
  'schema-duplicate-items': 'a list has the same item twice',
  'schema-more': 'the schema is broken in more places than are listed',
} as const;

type SchemaFindingId = keyof typeof SCHEMA_FINDINGS;

interface Words {
  readonly id: SchemaFindingId;
  readonly message: string;
  readonly fix: string;
  /** Where, when not at the error's own place. */
  readonly pointer?: string;
}

/** What a text must be, by the pattern that the schema has for it. */
const FORMS: ReadonlyMap<string, string> = new Map([
  ['^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$', 'an id: letters, digits, `.`, `_` and `-`, starting with a letter or digit, at most 128'],
  [
    '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)([.][0-9]{1,9})?Z$',
    'a moment in UTC such as 2026-01-31T09:00:00Z',
  ],
  ['^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$', 'a year, month or day such as 2026, 2026-01 or 2026-01-31'],
  ['^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$', 'a day such as 2026-01-31'],
  [
    String.raw`^([^/.][^/]*|\.[^/.][^/]*|\.\.[^/]+)(/([^/.][^/]*|\.[^/.][^/]*|\.\.[^/]+))*$`,
    'a relative path with `/`, without `.` or `..` segments',
  ],
  ['^(/([^~/]|~[01])*)*$', 'an RFC 6901 JSON pointer such as /model/name'],
  ['^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$', 'an absolute URI such as https://example.org/a, other characters percent-encoded'],
  ['^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$', 'a BCP 47 language tag such as en or de-AT'],
  ['^[a-z][a-z0-9-]*([.][a-zA-Z0-9_-]+)+$', 'a reverse-DNS name such as org.example.note'],
  ['^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', '`urn:uuid:` and a lower-case UUID'],
  ['^1[.](0|[1-9][0-9]{0,3})$', 'a version 1.x of this specification such as 1.0'],
  ['^[0-9a-f]{7,64}$', '7 to 64 lower-case hexadecimal digits'],
  ['^([0-9a-f]{40}|[0-9a-f]{64})$', '40 or 64 lower-case hexadecimal digits'],
  ['^[a-z][A-Za-z0-9_-]{0,63}$', 'the name of an algorithm such as sha256'],
  ['^[A-Z]{2}$', 'a two-letter country code (ISO 3166-1) in capitals'],
  ['^[A-Z0-9]{18}[0-9]{2}$', 'a Legal Entity Identifier of 20 characters'],
  ['^S(0[1-9]|1[0-9])$', 'a type of ICT service, S01 to S19'],
]);

/** Digests differ in their length alone. */
const DIGEST = /^\^\[0-9a-f\]\{(\d+)\}\$$/;

function formOf(pattern: string): string {
  const [, digits] = DIGEST.exec(pattern) ?? [];
  return FORMS.get(pattern) ?? (digits === undefined ? `text that matches ${pattern}` : `${digits} lower-case hexadecimal digits`);
}

/** More errors than this help nobody and cost a hostile document's reader dearly. */
const MAX_ERRORS = 1000;

/** The schema's errors in the user's words, one for each mistake. */
export function explainSchemaErrors(errors: readonly SchemaError[], document: unknown, file: string | undefined): Finding[] {
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const error of errors.slice(0, MAX_ERRORS)) {
    const words = explain(error, document);
    if (words === undefined) continue;
    const key = error.propertyName === undefined ? '' : toPointer([error.propertyName]);
    const pointer = words.pointer ?? error.instancePath + key;
    const once = `${words.id} ${pointer} ${words.message}`;
    if (seen.has(once)) continue;
    seen.add(once);
    findings.push({
      id: words.id,
      severity: 'high',
      message: words.message,
      fix: words.fix,
      pointer,
      ...(file === undefined ? {} : { file }),
    });
  }
  if (errors.length > MAX_ERRORS) {
    const message = 'the schema is broken in more places, which are not listed';
    findings.push({
      id: 'schema-more',
      severity: 'high',
      message,
      fix: 'Correct what is listed, then check again.',
      pointer: '',
      ...(file === undefined ? {} : { file }),
    });
  }
  return findings;
}

function explain(error: SchemaError, document: unknown): Words | undefined {
  const { keyword, params, instancePath } = error;
  const name = instancePath === '' ? 'the document' : `\`${instancePath.slice(1).replace(/\//g, '.')}\``;
  switch (keyword) {
    case 'required':
      return {
        id: 'schema-required',
        message: `${name} lacks the required property \`${String(params.missingProperty)}\``,
        fix: `Add \`${String(params.missingProperty)}\`.`,
      };
    case 'additionalProperties':
      return unknownProperty(error, name, document);
    case 'type':
      return {
        id: 'schema-type',
        message: `${name} is ${typeName(resolvePointer(document, instancePath))}, it must be ${String(params.type)}`,
        fix: `Write a JSON ${String(params.type)}.`,
      };
    case 'enum':
      return wrongWord(params.allowedValues as readonly string[], resolvePointer(document, instancePath), name);
    case 'pattern':
      return wrongForm(error, name, document);
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return {
        id: 'schema-empty',
        message: `${name} is empty`,
        fix: 'Leave the property out, or say in `bom.declarations` why it is missing.',
      };
    case 'maxLength':
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
      return { id: 'schema-range', message: `${name} must be ${comparison(keyword)} ${String(params.limit)}`, fix: 'Correct the value.' };
    case 'uniqueItems':
      return {
        id: 'schema-duplicate-items',
        message: `${name} has the same item at ${String(params.j)} and ${String(params.i)}`,
        fix: 'Remove one of them.',
        pointer: `${instancePath}/${String(params.i)}`,
      };
    default:
      return undefined; // `propertyNames` only says that a key broke a keyword; the keyword's own error says how.
  }
}

function unknownProperty(error: SchemaError, name: string, document: unknown): Words {
  const property = String(error.params.additionalProperty);
  const siblings = resolvePointer(document, error.instancePath);
  const known = KNOWN_NAMES.filter((word) => !(typeof siblings === 'object' && siblings !== null && Object.hasOwn(siblings, word)));
  const guess = nearest(property, known);
  return {
    id: 'schema-unknown-property',
    message: `${name} has a property that is not part of the specification: ${quote(property)}`,
    fix:
      guess === undefined
        ? 'Remove it, or put it under `extensions` with a reverse-DNS key.'
        : `Did you mean \`${guess}\`? Other data goes under \`extensions\`.`,
    pointer: error.instancePath + toPointer([property]),
  };
}

/** Every name of the specification. */
const KNOWN_NAMES: readonly string[] = [...new Set(Object.values(SHAPES).flatMap((members) => Object.keys(members)))].sort();

function wrongWord(allowed: readonly string[], value: unknown, name: string): Words {
  const guess = typeof value === 'string' ? nearest(value, allowed) : undefined;
  const list = allowed.map((word) => `\`${word}\``).join(', ');
  return {
    id: 'schema-enum',
    message: `${name} is ${quote(value)}, which is not one of the words allowed`,
    fix: guess === undefined ? `Use one of ${list}.` : `Did you mean \`${guess}\`? Allowed: ${list}.`,
  };
}

function wrongForm(error: SchemaError, name: string, document: unknown): Words {
  const form = formOf(String(error.params.pattern));
  const said = { id: 'schema-pattern', fix: `Write ${form}.` } as const;
  if (error.propertyName !== undefined) return { ...said, message: `a key of ${name} is not ${form}: ${quote(error.propertyName)}` };
  return { ...said, message: `${name} is not ${form}: ${quote(resolvePointer(document, error.instancePath))}` };
}

const COMPARISONS: Readonly<Record<string, string>> = {
  maxLength: 'no longer than',
  minimum: 'at least',
  maximum: 'at most',
  exclusiveMinimum: 'more than',
};
const comparison = (keyword: string): string => COMPARISONS[keyword] ?? '';

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

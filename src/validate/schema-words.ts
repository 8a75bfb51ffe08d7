import type { Finding } from '../core/finding.js';
import { resolvePointer, toPointer } from '../core/json-pointer.js';
import { nearest } from '../core/nearest.js';
import type { SchemaError } from '../schema/check.js';

/** Ids of the findings that a broken keyword of the schema makes, and what each means. */
export const SCHEMA_FINDINGS = {
  'schema-required': 'a property that must be there is missing',
  'schema-unknown-property': 'a property is not part of the specification',
  'schema-type': 'a value has the wrong JSON type',
  'schema-enum': 'a value is not one of the words allowed',
  'schema-const': 'a value is not the one that must stand there',
  'schema-pattern': 'a text does not have the form it must have',
  'schema-format': 'a text is not a valid URI, date, time or e-mail address',
  'schema-empty': 'a text, list or object is empty; leave the property out instead',
  'schema-range': 'a number or length is outside what is allowed',
  'schema-duplicate-items': 'a list has the same item twice',
  'schema-subject': 'the sections do not fit the subject of the document',
  'schema-choice': 'a value fits none of the forms allowed here',
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
  [String.raw`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$`, 'a moment in UTC such as 2026-01-31T09:00:00Z'],
  [String.raw`^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$`, 'a year, month or day such as 2026, 2026-01 or 2026-01-31'],
  [String.raw`^(?!/)(?!.*//)(?!.*/$)(?!(?:.*/)?\.{1,2}(?:/|$))[^\u0000]+$`, 'a relative path with `/`, without `.` or `..` segments'],
  ['^(/([^~/]|~[01])*)*$', 'an RFC 6901 JSON pointer such as /model/name'],
  ['^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$', 'a BCP 47 language tag such as en or de-AT'],
  [String.raw`^[a-z][a-z0-9-]*(\.[a-zA-Z0-9_-]+)+$`, 'a reverse-DNS name such as org.example.note'],
  ['^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', '`urn:uuid:` and a lower-case UUID'],
  ['^[0-9a-f]{7,64}$', '7 to 64 lower-case hexadecimal digits'],
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
  for (const error of withoutBranchNoise(errors.slice(0, MAX_ERRORS))) {
    const words = explain(error, document);
    if (words === undefined) continue;
    const pointer = words.pointer ?? error.instancePath;
    const key = `${words.id} ${pointer} ${words.message}`;
    if (seen.has(key)) continue;
    seen.add(key);
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

/**
 * A value that fits no branch of a choice gets an error from each branch and one for the choice. Of a party that is an
 * object only the errors of the object's branch are of use; the choice itself then says nothing new.
 */
function withoutBranchNoise(errors: readonly SchemaError[]): readonly SchemaError[] {
  const choices = errors.filter((error) => error.keyword === 'oneOf' || error.keyword === 'anyOf');
  if (choices.length === 0) return errors;
  const places = new Set(choices.map((choice) => choice.instancePath));
  const isTypeError = (error: SchemaError): boolean => places.has(error.instancePath) && error.keyword === 'type';
  const inBranches = (choice: SchemaError): readonly SchemaError[] =>
    errors.filter(
      (error) =>
        error !== choice &&
        !isTypeError(error) &&
        error.keyword !== 'anyOf' &&
        error.instancePath.startsWith(choice.instancePath) &&
        error.keyword !== 'oneOf',
    );
  const told = new Set(choices.filter((choice) => choice.keyword === 'oneOf' && inBranches(choice).length > 0));
  const silent = new Set(choices.filter((choice) => choice.keyword === 'anyOf').map((choice) => choice.instancePath));
  return errors.filter(
    (error) =>
      !told.has(error) &&
      !isTypeError(error) &&
      !(error.keyword === 'required' && silent.has(error.instancePath) && error.schemaPath.includes('/anyOf/')),
  );
}

function explain(error: SchemaError, document: unknown): Words | undefined {
  const { keyword, params, instancePath } = error;
  const name = instancePath === '' ? 'the document' : `\`${instancePath.slice(1).replace(/\//g, '.')}\``;
  switch (keyword) {
    case 'required':
      return {
        id: error.schemaPath.includes('/then/') || error.schemaPath.includes('/else/') ? 'schema-subject' : 'schema-required',
        message: `${name} lacks the required property \`${String(params.missingProperty)}\``,
        fix: `Add \`${String(params.missingProperty)}\`.`,
      };
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownProperty(error, name, document);
    case 'type':
      return {
        id: 'schema-type',
        message: `${name} is ${typeName(resolvePointer(document, instancePath))}, it must be ${String(params.type)}`,
        fix: `Write a JSON ${String(params.type)}.`,
      };
    case 'enum':
      return wrongWord(params.allowedValues as readonly string[], resolvePointer(document, instancePath), name);
    case 'const':
      return {
        id: 'schema-const',
        message: `${name} must be ${JSON.stringify(params.allowedValue)}`,
        fix: `Write ${JSON.stringify(params.allowedValue)}.`,
      };
    case 'pattern':
      return wrongForm(error, name, document);
    case 'format':
      return {
        id: 'schema-format',
        message: `${name} is not a valid ${String(params.format)}: ${quote(resolvePointer(document, instancePath))}`,
        fix: `Write a valid ${String(params.format)}.`,
      };
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
    case 'false schema':
      return {
        id: 'schema-subject',
        message: `${name} has no place in a document whose subject is a dataset`,
        fix: 'Describe the dataset in `datasets`, or change `bom.subject`.',
      };
    case 'anyOf':
    case 'oneOf':
      return { id: 'schema-choice', message: `${name} fits none of the forms allowed here`, fix: choiceFix(error) };
    case 'propertyNames':
      return {
        id: 'schema-pattern',
        message: `${name} has a key of the wrong form: ${quote(params.propertyName)}`,
        fix: 'Correct the key.',
        pointer: instancePath + toPointer([String(params.propertyName)]),
      };
    default:
      return undefined; // `if` only says that a branch failed; the branch's own errors say how.
  }
}

function unknownProperty(error: SchemaError, name: string, document: unknown): Words {
  const property = String(error.params.additionalProperty ?? error.params.unevaluatedProperty);
  const siblings = resolvePointer(document, error.instancePath);
  const known = KNOWN_NAMES.filter((word) => !(typeof siblings === 'object' && siblings !== null && word in siblings));
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

/** Names worth guessing at; wrong guesses cost more than none. */
const KNOWN_NAMES: readonly string[] = (
  'acceptableUsePolicy accelerators adapters ancestors architecture artifacts attestations authors biases capabilities changes code commit components contact content ' +
  'coverage dataset datasets date declarations dependencies dependsOn description digest distribution documents email energy environments evaluations evidence expression ' +
  'extensions format generationContext governance hyperparameters id identifiers intendedPurpose kind language languages licenses limitations lineage methods metrics model name origin ' +
  'parameterCount parties path personalData pointers producer provenance relation repository risk robustnessTests roles rootDigest scope security serialNumber services sha256 sha512 size source ' +
  'specVersion stages supplier system tensors timestamp tools training type types uri url usage value version'
).split(' ');

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
  const isKey = 'propertyName' in error;
  const value = isKey ? String(error.propertyName) : resolvePointer(document, error.instancePath);
  const form = formOf(String(error.params.pattern));
  return { id: 'schema-pattern', message: `${name} is not ${form}: ${quote(value)}`, fix: `Write ${form}.` };
}

function choiceFix(error: SchemaError): string {
  if (error.keyword === 'anyOf') return 'Give a licence an `expression`, a `name` or a `url`.';
  return 'Give the id of a party in `parties`, or the party itself with a `name`.';
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

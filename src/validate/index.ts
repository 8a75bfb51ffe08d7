/** Is a manifest right? The schema, the rules a schema cannot say, and the places in the source text. */
import { MsbomError } from '../core/error.js';
import { type Finding, findingOf, isBlocking, sortFindings } from '../core/finding.js';
import { decodeUtf8, locatePointers, type ParseJsonOptions, parseJson } from '../core/json.js';
import { requireVersion, setNewerAside } from '../manifest/parse.js';
import { checkSchema } from '../schema/check.js';
import type { Manifest } from '../schema/index.js';
import { indexManifest } from './manifest-index.js';
import { type Rule, reporter } from './rule.js';
import { RULES } from './rules/index.js';
import { explainSchemaErrors } from './schema-words.js';

export type { Rule, RuleMeta } from './rule.js';
export { RULES } from './rules/index.js';
export { SCHEMA_FINDINGS } from './schema-words.js';

/** `valid` narrows: only a valid result carries a manifest. Advice may come with both. */
export type ValidationResult =
  | { readonly valid: true; readonly manifest: Manifest; readonly findings: readonly Finding[] }
  | { readonly valid: false; readonly findings: readonly Finding[] };

export interface ValidateOptions {
  /** Name for findings. */
  readonly file?: string;
  /** The source text, from which findings get line and column. */
  readonly text?: string;
  /** Default: all rules of the specification. */
  readonly rules?: readonly Rule[];
}

/**
 * Checks a value against the whole specification. Never throws for what the value holds.
 * A finding of severity `high` or `critical` makes it invalid.
 */
export function validateManifest(value: unknown, options: ValidateOptions = {}): ValidationResult {
  const { file, text, rules = RULES } = options;
  const findings: Finding[] = [];
  if (checkForm(value, findings, file)) {
    const manifest = value as Manifest; // the schema was met
    const index = indexManifest(manifest);
    for (const rule of rules) rule.check(manifest, reporter(rule.meta, findings, file), index);
  }
  const placed = sortFindings(text === undefined ? findings : locate(findings, text));
  return placed.some(isBlocking) ? { valid: false, findings: placed } : { valid: true, manifest: value as Manifest, findings: placed };
}

/** Says how a value breaks the schema. In a document of a later version what is unknown is no error; of another major one nothing is known. */
function checkForm(value: unknown, findings: Finding[], file: string | undefined): boolean {
  try {
    const { broken, findings: newer } = setNewerAside(checkSchema(value), requireVersion(value, file));
    findings.push(
      ...explainSchemaErrors(broken, value, file),
      ...newer.map((finding) => (file === undefined ? finding : { ...finding, file })),
    );
    return broken.length === 0;
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    findings.push(findingOf(error));
    return false;
  }
}

/** Parses and checks a text or its bytes. What cannot be parsed is a finding, not an error. */
export function validateText(input: string | Uint8Array, options: ParseJsonOptions = {}): ValidationResult {
  try {
    const value = parseJson(input, { ...options, bare: true });
    const text = typeof input === 'string' ? input : decodeUtf8(input, options.file);
    return validateManifest(value, { text, ...(options.file === undefined ? {} : { file: options.file }) });
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    return { valid: false, findings: [findingOf(error)] };
  }
}

function locate(findings: readonly Finding[], text: string): Finding[] {
  if (findings.length === 0) return [];
  const places = locatePointers(
    text,
    findings.map((finding) => finding.pointer ?? ''),
  );
  return findings.map((finding) => {
    const place = places.get(finding.pointer ?? '');
    return place === undefined ? finding : { ...finding, line: place.line, column: place.column };
  });
}

/**
 * What a document of another standard cannot say, carried in properties of it. A converter writes natively what it
 * can; the residual is the difference between the manifest and what a reader finds in the native part, so reading and
 * writing are exact inverses whatever the native mapping leaves out. When somebody has edited the native part since,
 * the edit wins and the rest of the residual still applies.
 */
import type { JsonValue } from '../core/canonical-json.js';
import { sha256Text } from '../core/digest.js';
import { MsbomError } from '../core/error.js';
import type { Finding } from '../core/finding.js';
import { parseJson } from '../core/json.js';
import { DEFAULT_LIMITS } from '../core/limits.js';
import { SCHEMA_ID } from '../schema/index.js';
import { applyEdit, diff, type Edit, isEdit, stableText } from './edits.js';

/** A name and a value, as CycloneDX properties and SPDX's CdxPropertyEntry both are. */
export interface CarriedProperty {
  readonly name: string;
  readonly value: string;
}

/** What a document carries beside its native part. */
export interface Residual {
  /** SHA-256 over the canonical form of what the native part says. */
  readonly native: string;
  /** From what the native part says to the manifest. */
  readonly edits?: Edit;
  /** `foreign` content that reading the native part would not give by itself. */
  readonly foreign?: JsonValue;
}

/** Longest value of a property that consumers keep whole (one of them cuts at 1024 characters). */
export const MAX_PROPERTY_VALUE = 1000;
const PREFIX = 'msbom:residual:';
const DIGEST = `${PREFIX}sha256`;
const NATIVE = 'msbom:native:sha256';
const SCHEMA = 'msbom:schema';
const CHUNK = /^msbom:residual:(\d{6})$/;
/** An edit nests deeper than the value that it builds. */
const LIMITS = { ...DEFAULT_LIMITS, maxDepth: 4 * DEFAULT_LIMITS.maxDepth };

/** Does a property belong to the residual, and not to the native part? */
export const isResidualProperty = (name: unknown): boolean =>
  typeof name === 'string' && (name.startsWith(PREFIX) || name === NATIVE || name === SCHEMA);

/** The residual for a manifest of which the native part says `native`; undefined when that is all of it. */
export function makeResidual(native: JsonValue, manifest: JsonValue, foreign?: JsonValue): Residual | undefined {
  const edits = diff(native, manifest);
  if (edits === undefined && foreign === undefined) return undefined;
  return {
    native: sha256Text(stableText(native)),
    ...(edits === undefined ? {} : { edits }),
    ...(foreign === undefined ? {} : { foreign }),
  };
}

/** The properties that carry a residual: text of at most 1000 characters each, numbered, and digests. */
export function packResidual(residual: Residual | undefined): readonly CarriedProperty[] {
  if (residual === undefined) return [];
  const { native, edits, foreign } = residual;
  const pieces = chunks(
    plainText(stableText({ ...(edits === undefined ? {} : { edits }), ...(foreign === undefined ? {} : { foreign }) })),
  );
  return [
    { name: SCHEMA, value: SCHEMA_ID },
    { name: NATIVE, value: native },
    { name: DIGEST, value: sha256Text(pieces.join('')) },
    ...pieces.map((value, i) => ({ name: `${PREFIX}${String(i + 1).padStart(6, '0')}`, value })),
  ];
}

/** Characters that some carrier changes or refuses, as JSON escapes: controls, line separators, non-characters, halves of pairs. */
function plainText(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** An escape is five characters longer than the blank that it stands for, at either end of a piece. */
const MAX_PIECE = MAX_PROPERTY_VALUE - 10;

/** Pieces that cut no surrogate pair and neither begin nor end with a blank, which some consumers trim: it is escaped there. */
function chunks(text: string): readonly string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = Math.min(start + MAX_PIECE, text.length);
    const border = /[\udc00-\udfff]/.test(text.charAt(end)) ? end - 1 : end;
    // Blanks stand only inside the strings of the text, where the escape means the same.
    pieces.push(text.slice(start, border).replace(/^ | $/g, '\\u0020'));
    start = border;
  }
  return pieces;
}

/** What the properties of a document carry; a residual that is damaged is reported and left out. */
export function unpackResidual(properties: readonly unknown[]): { readonly residual?: Residual; readonly findings: readonly Finding[] } {
  const values = new Map<string, string>();
  for (const { name, value } of properties.filter(isProperty)) {
    if (!isResidualProperty(name)) continue;
    const earlier = values.get(name);
    if (earlier !== undefined && earlier !== value) return damaged(`the property ${name} stands twice with different values`);
    values.set(name, value);
  }
  const count = [...values.keys()].filter((name) => CHUNK.test(name)).length;
  const [digest, native] = [values.get(DIGEST), values.get(NATIVE)];
  if (count === 0 && digest === undefined) return { findings: [] };
  if (digest === undefined || native === undefined) return damaged('a digest of the residual is missing');
  const parts = Array.from({ length: count }, (_, i) => values.get(`${PREFIX}${String(i + 1).padStart(6, '0')}`));
  const text = parts.join('');
  if (parts.includes(undefined)) return damaged('a piece of the residual is missing');
  if (sha256Text(text) !== digest) return damaged('the residual does not have its digest');
  return parseResidual(text, native);
}

function parseResidual(text: string, native: string): ReturnType<typeof unpackResidual> {
  let value: JsonValue;
  try {
    value = parseJson(text, { limits: LIMITS, inexactIntegers: 'round' });
  } catch (error) {
    if (MsbomError.is(error)) return damaged(`the residual cannot be read: ${error.message}`);
    throw error;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return damaged('the residual is no object');
  const { edits, foreign } = value as { readonly [key: string]: JsonValue };
  if (edits !== undefined && !isEdit(edits)) return damaged('the residual has edits that are none');
  return { residual: { native, ...(edits === undefined ? {} : { edits }), ...(foreign === undefined ? {} : { foreign }) }, findings: [] };
}

function damaged(why: string): { readonly findings: readonly Finding[] } {
  return {
    findings: [
      {
        id: 'residual-damaged',
        severity: 'medium',
        message: `${why}, so only the native part of the document was read`,
        fix: 'Convert the manifest again, or take the document from its source.',
      },
    ],
  };
}

/** The manifest, from what the native part says and the residual. What was edited natively since wins, with a finding for each place. */
export function applyResidual(
  native: JsonValue,
  residual: Residual | undefined,
): { readonly value: JsonValue; readonly findings: readonly Finding[] } {
  if (residual === undefined) return { value: native, findings: [] };
  const { value, dropped } = applyEdit(native, residual.edits);
  return { value, findings: dropped.map(overridden) };
}

function overridden(pointer: string): Finding {
  return {
    id: 'residual-overridden',
    severity: 'low',
    pointer,
    message: 'the document was edited here after it was converted, so the value that it carried for this place was left out',
    fix: 'Check the value against the manifest that the document was made from.',
  };
}

/** Was the native part edited since the residual was made? */
export const wasEdited = (native: JsonValue, residual: Residual): boolean => sha256Text(stableText(native)) !== residual.native;

function isProperty(value: unknown): value is CarriedProperty {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as CarriedProperty).name === 'string' &&
    typeof (value as CarriedProperty).value === 'string'
  );
}

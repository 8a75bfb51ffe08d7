/**
 * What a document of another standard cannot say, carried in properties of it: one JSON Patch from what a reader finds natively to
 * the manifest. Where somebody has edited the native part since, the edit wins and the rest of the patch still applies.
 */
import { sha256Text } from '../core/digest.js';
import { MsbomError } from '../core/error.js';
import type { Finding } from '../core/finding.js';
import { parseJson } from '../core/json.js';
import { DEFAULT_LIMITS } from '../core/limits.js';
import { PATCH } from './mapping/names.js';
import type { Property } from './mapping/properties.js';
import { type Patch, parsePatch } from './patch.js';

/** Longest value of a property that consumers keep whole (one of them cuts at 1024 characters). */
export const MAX_PROPERTY_VALUE = 1000;
const DIGEST = `${PATCH}sha256`;
const CHUNK = /^msbom:patch:\d{6}$/;
/** A value stands three levels deeper in a patch than in a manifest. */
const LIMITS = { ...DEFAULT_LIMITS, maxDepth: DEFAULT_LIMITS.maxDepth + 10 };

/** Does a property belong to the patch, and not to the native part? */
export const isCarried = (name: unknown): boolean => name === DIGEST || (typeof name === 'string' && CHUNK.test(name));

/** The properties that carry a patch: pieces of its text, numbered, and the digest of the whole. */
export function packPatch(patch: Patch): readonly Property[] {
  if (patch.length === 0) return [];
  const pieces = chunks(plainText(JSON.stringify(patch)));
  return [
    [DIGEST, sha256Text(pieces.join(''))],
    ...pieces.map((value, i): Property => [`${PATCH}${String(i + 1).padStart(6, '0')}`, value]),
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

/** What the properties of a document carry; a patch that is damaged is reported and left out. */
export function unpackPatch(properties: readonly Property[]): { readonly patch?: Patch; readonly findings: readonly Finding[] } {
  const values = new Map<string, string>();
  for (const [name, value] of properties) {
    if ((values.get(name) ?? value) !== value) return damaged(`the property ${name} stands twice with different values`);
    values.set(name, value);
  }
  const digest = values.get(DIGEST);
  values.delete(DIGEST);
  const names = [...values.keys()].sort();
  if (names.length === 0 && digest === undefined) return { findings: [] };
  if (digest === undefined) return damaged('the digest of the patch is missing');
  const text = names.map((name) => values.get(name)).join('');
  if (sha256Text(text) !== digest) return damaged('the patch does not have its digest, so a piece of it is missing or was changed');
  try {
    const patch = parsePatch(parseJson(text, { limits: LIMITS, bare: true }));
    return patch === undefined ? damaged('the patch is no JSON Patch') : { patch, findings: [] };
  } catch (error) {
    if (MsbomError.is(error)) return damaged(`the patch cannot be read: ${error.message}`);
    throw error;
  }
}

export function damaged(why: string): { readonly findings: readonly Finding[] } {
  return {
    findings: [
      {
        id: 'patch-damaged',
        severity: 'medium',
        message: `${why}, so only the native part of the document was read`,
        fix: 'Convert the manifest again, or take the document from its source.',
      },
    ],
  };
}

export function overridden(pointer: string): Finding {
  return {
    id: 'patch-overridden',
    severity: 'low',
    pointer,
    message: 'the document was edited here after it was converted, so the value that it carried for this place was left out',
    fix: 'Check the value against the manifest that the document was made from.',
  };
}

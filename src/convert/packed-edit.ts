/** Edits as they stand in a manifest: those of deeply nested documents as text, since no manifest nests so deeply. */
import type { JsonValue } from '../core/canonical-json.js';
import { MsbomError } from '../core/error.js';
import { parseJson } from '../core/json.js';
import { DEFAULT_LIMITS } from '../core/limits.js';
import { type Edit, isEdit, stableText } from './edits.js';

/** What is left of the nesting that readers take, below the member that holds the edits. */
const MAX_DEPTH = DEFAULT_LIMITS.maxDepth - 20;
/** An edit nests three times as deep as what it changes. */
const LIMITS = { ...DEFAULT_LIMITS, maxDepth: 4 * DEFAULT_LIMITS.maxDepth };

export type PackedEdit = Edit | string;

export function packEdit(edit: Edit): PackedEdit {
  return isDeeper(edit, MAX_DEPTH) ? stableText(edit as unknown as JsonValue) : edit; // plain JSON
}

/** Undefined for what is no edit. */
export function unpackEdit(packed: unknown): Edit | undefined {
  const edit = typeof packed === 'string' ? parsed(packed) : packed;
  return isEdit(edit) ? edit : undefined;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text, { limits: LIMITS, inexactIntegers: 'round' });
  } catch (error) {
    if (MsbomError.is(error)) return undefined;
    throw error;
  }
}

/** Level by level, so that the nesting costs nothing; ends as soon as it is known. */
function isDeeper(value: unknown, limit: number): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth < limit; depth++) {
    const next: unknown[] = [];
    for (const each of level)
      for (const member of Object.values(each as object)) if (typeof member === 'object' && member !== null) next.push(member);
    if (next.length === 0) return false;
    level = next;
  }
  return true;
}

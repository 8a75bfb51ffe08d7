/** Holds a manifest to a schema: what that does not know goes. */
import { parsePointer, resolvePointer, toPointer } from '../../core/json-pointer.js';
import type { SchemaError } from '../../schema/check.js';
import { isThing, type Thing } from './json.js';

const MAX_PASSES = 64;

/** Takes out of the manifest, in place, what breaks a schema. Returns where it stood. */
export function held(document: Thing, check: (value: unknown) => readonly SchemaError[]): readonly string[] {
  const lost: string[] = [];
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    // From the back, so that places in lists stay what they are.
    const errors = [...check(document)].filter(({ keyword }) => keyword !== 'if').sort((a, b) => byPlace(b.instancePath, a.instancePath));
    if (errors.length === 0) break;
    const done = new Set<string>();
    for (const error of errors) {
      const pointer = wrong(error);
      if (pointer === '' || done.has(pointer) || [...parents(pointer)].some((parent) => done.has(parent))) continue;
      done.add(pointer);
      lost.push(pointer);
      if (!mended(document, error)) remove(document, pointer);
    }
  }
  return lost;
}

const wrong = ({ keyword, params, instancePath }: SchemaError): string =>
  keyword === 'additionalProperties' ? instancePath + toPointer([String(params.additionalProperty)]) : instancePath;

/** Numbers in pointers by their value. */
const byPlace = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

function* parents(pointer: string): Generator<string> {
  for (let end = pointer.lastIndexOf('/'); end > 0; end = pointer.lastIndexOf('/', end - 1)) yield pointer.slice(0, end);
}

/** A word that the schema does not know is its `other`, where it has one; a text that is too long is cut. */
function mended(document: Thing, { keyword, params, instancePath }: SchemaError): boolean {
  const keys = parsePointer(instancePath) ?? [];
  const last = keys.pop() ?? '';
  const parent = resolvePointer(document, toPointer(keys));
  if (!isThing(parent)) return false;
  const text = parent[last];
  if (keyword === 'enum' && Array.isArray(params.allowedValues) && params.allowedValues.includes('other')) parent[last] = 'other';
  else if (keyword === 'maxLength' && typeof text === 'string') parent[last] = [...text].slice(0, Number(params.limit)).join('');
  else return false;
  return true;
}

function remove(document: Thing, pointer: string): void {
  const keys = parsePointer(pointer) ?? [];
  const last = keys.pop() ?? '';
  const parent = resolvePointer(document, toPointer(keys));
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (isThing(parent)) delete parent[last];
}

/** A document without what a schema refuses: content of one version in another, values that a manifest cannot hold. */
import { MsbomError } from '../core/error.js';
import { pointerStep } from '../core/json-pointer.js';
import { checkSchema } from '../schema/check.js';
import type { Manifest } from '../schema/index.js';

/** How often values are taken away before giving up; each round goes at least one level up. */
const MAX_ROUNDS = 20;

/**
 * The value without the places that are refused, until none is; undefined where an essential place is refused, or
 * there is no end to it. `refusedOf` gives JSON Pointers.
 */
export function prune<T extends object>(
  value: T,
  refusedOf: (value: T) => Iterable<string>,
  essential: readonly string[] = [],
): T | undefined {
  let kept = value;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const refused = new Set(refusedOf(kept));
    if (refused.size === 0) return kept;
    if (refused.has('') || essential.some((pointer) => refused.has(pointer))) return undefined;
    kept = without(kept, '', refused) as T; // an object still, less some of its members
  }
  return undefined;
}

/**
 * What was read of a document without what the schema of manifests refuses.
 * @throws ERR_CONVERT_INPUT where nothing is left of the document itself
 */
export function fittingManifest(read: object): Manifest {
  const kept = prune(
    read,
    (value) =>
      checkSchema(value).map(
        ({ instancePath, propertyName, keyword, params }) =>
          instancePath +
          (keyword === 'additionalProperties'
            ? pointerStep(String(params.additionalProperty))
            : propertyName === undefined
              ? ''
              : pointerStep(propertyName)),
      ),
    ['/bom'],
  );
  if (kept === undefined) throw new MsbomError('ERR_CONVERT_INPUT', 'what the document says of itself fits in no manifest');
  return kept as Manifest; // just checked
}

function without(value: unknown, pointer: string, refused: ReadonlySet<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([key, member]): [string, unknown][] => {
    const at = pointer + pointerStep(key);
    return refused.has(at) ? [] : [[key, without(member, at, refused)]];
  });
  return Array.isArray(value) ? kept.map(([, member]) => member) : Object.fromEntries(kept);
}

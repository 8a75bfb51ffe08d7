/** What a target does not say of a manifest, told to the person who converts: one finding for all values of a kind. */
import { appendTo } from '../core/append.js';
import type { Finding } from '../core/finding.js';
import { parsePointer } from '../core/json-pointer.js';
import { itemShape, shapeIn } from '../manifest/shape.js';
import { changedPlaces, type Patch } from './patch.js';

/** Steps of a pointer that make a kind: a list of hundreds of pointers helps nobody. */
const KIND_DEPTH = 4;

/** Sections that are told of as a whole. */
const WHOLE: ReadonlySet<string> = new Set(['evidence', 'foreign', 'extensions']);

/**
 * The places of a manifest that a document does not say, by the patch from what it says natively to the manifest. Those that are
 * carried ride along and come back; others are lost.
 */
export function conversionLosses(patch: Patch, target: string, isCarried: boolean): readonly Finding[] {
  const kinds = new Map<string, string[]>();
  for (const pointer of changedPlaces(patch)) {
    if (pointer === '/$schema') continue;
    appendTo(kinds, kindOf(pointer), pointer);
  }
  return [...kinds].map(([kind, [first = kind, ...others]]) => {
    const what = WHOLE.has(kind.slice(1)) ? `\`${kind}\`` : others.length === 0 ? 'this value' : `${others.length + 1} values at ${kind}`;
    return lossAt(first, `${target} does not say ${what} exactly`, isCarried);
  });
}

/** The pointer with `*` for keys that the document has chosen. */
function kindOf(pointer: string): string {
  const steps = parsePointer(pointer) ?? [];
  if (WHOLE.has(steps[0] ?? '')) return `/${steps[0]}`;
  let shape = 'Manifest';
  const kind: string[] = [];
  for (const step of steps.slice(0, KIND_DEPTH)) {
    kind.push(shape.startsWith('{}') || shape.startsWith('[]') || shape === '*' ? '*' : step);
    shape = shape.startsWith('[]') ? itemShape(shape) : shapeIn(shape, step);
  }
  return `/${kind.join('/')}`;
}

/** One thing that a target does not say: it is carried, or lost, and then `fix` tells how it is not. */
export function lossAt(
  pointer: string,
  message: string,
  isCarried: boolean,
  fix = 'Keep the manifest beside the document, or convert with `--lossless`.',
): Finding {
  return isCarried
    ? {
        id: 'conversion-carried',
        severity: 'info',
        pointer,
        message: `${message}, so it is carried in properties`,
        fix: 'Nothing to do: it comes back when the document is converted to a manifest.',
      }
    : { id: 'conversion-loss', severity: 'low', pointer, message, fix };
}

/** Content of another producer's document that the target's version has no place for. Pointers of the document. */
export function foreignLosses(places: readonly string[], target: string, isCarried: boolean): readonly Finding[] {
  return places.map((place) => {
    const what = place === '' ? 'all' : `what stands at ${place} in it`;
    const message = `${target} has no valid place for ${what} of the document that the manifest came from`;
    return lossAt('/foreign/cyclonedx', message, isCarried, 'Convert to the version of that document.');
  });
}

/** Content of another producer's document for a place of which the manifest says something else by now. */
export const overruled = (pointer: string, standard: string): Finding => ({
  id: 'foreign-overridden',
  severity: 'low',
  message: `the manifest says something else by now than the ${standard} document that it came from, whose content for ${pointer === '' ? 'the whole document' : pointer} was left out`,
  fix: 'Check that the document says what you mean.',
});

/** What a target has no member for, told to the person who converts. */
import type { Finding } from '../core/finding.js';
import { type Edit, editedPlaces } from './edits.js';

/** How many steps of a pointer make a group: a list of hundreds of pointers helps nobody. */
const GROUP_DEPTH = 3;

/**
 * The places of a manifest that a target's native part does not say. With a residual they ride along and come back;
 * without one they are lost.
 */
export function conversionLosses(edits: Edit | undefined, target: string, isCarried: boolean): readonly Finding[] {
  const groups = new Map<string, string[]>();
  for (const { pointer } of editedPlaces(edits)) {
    const group = pointer
      .split('/')
      .slice(0, GROUP_DEPTH + 1)
      .join('/');
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [pointer]);
    else members.push(pointer);
  }
  return [...groups].map(([group, [first = group, ...others]]) => {
    const what = others.length === 0 ? 'this value' : `${others.length + 1} values here`;
    const place = others.length === 0 ? first : group;
    const rides = others.length === 0 ? 'it' : 'them';
    return lossAt(
      place,
      `${target} has no member that says ${what} exactly`,
      isCarried,
      'Keep the manifest beside the converted document.',
      rides,
    );
  });
}

/** One thing that a target does not say: it rides in the residual, or is lost, and then `fix` tells how it is not. */
export function lossAt(pointer: string, message: string, isCarried: boolean, fix: string, rides: 'it' | 'them' = 'it'): Finding {
  return isCarried
    ? {
        id: 'conversion-residual',
        severity: 'info',
        pointer,
        message: `${message}, so the residual carries ${rides}`,
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

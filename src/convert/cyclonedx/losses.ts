/** What a target has no member for, told to the person who converts. */
import type { Finding } from '../../core/finding.js';
import { type Edit, editedPlaces } from '../edits.js';

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
    return {
      id: isCarried ? 'conversion-residual' : 'conversion-loss',
      severity: isCarried ? 'info' : 'low',
      pointer: others.length === 0 ? first : group,
      message: isCarried
        ? `${target} has no member that says ${what} exactly, so the residual carries ${others.length === 0 ? 'it' : 'them'}`
        : `${target} has no member that says ${what} exactly`,
      fix: isCarried
        ? 'Nothing to do: it comes back when the document is converted to a manifest.'
        : 'Keep the manifest beside the converted document.',
    };
  });
}

/** Content of another producer's document that the target's version has no place for. Pointers of the document. */
export function foreignLosses(places: readonly string[], target: string, isCarried: boolean): readonly Finding[] {
  return places.map((place) => ({
    id: isCarried ? 'conversion-residual' : 'conversion-loss',
    severity: isCarried ? 'info' : 'low',
    pointer: '/foreign/cyclonedx',
    message: `${target} has no valid place for ${place === '' ? 'all' : `what stands at ${place} in it`} of the document that the manifest came from${isCarried ? ', so the residual carries it' : ''}`,
    fix: isCarried
      ? 'Nothing to do: it comes back when the document is converted to a manifest.'
      : 'Convert to the version of that document.',
  }));
}

/** The halves of one model (an encoder and its decoder), each in a file of its own: parts of it, and no copies. */
import { idFrom } from '../../core/id.js';
import { type Contribution, directoryOf, type Origin } from '../contribution.js';
import { type FoundModel, HALVES } from './find.js';
import { stemOf, tellingWords } from './names.js';

/** What exporters add to the name of a half that they write in another form. */
const FORMS = /_(?:with_past|merged)/g;

/** The half that a file is by its name; empty for a whole model, undefined for what is neither. */
export function halfOf(path: string): string | undefined {
  const words = tellingWords(stemOf(path));
  return HALVES.has(words) ? words.replace(FORMS, '') : undefined;
}

/** Are files the halves of one model by their names, and none of them the whole? */
export function areHalves(paths: readonly string[]): boolean {
  const halves = new Set(paths.map(halfOf));
  return halves.size > 1 && !halves.has(undefined) && !halves.has('');
}

/** The halves as parts of the model, where nothing else says what its parts are. */
export function halvesOf(found: FoundModel | undefined, contributions: readonly Contribution[]): readonly Contribution[] {
  const paths = [...(found?.weights ?? [])];
  const hasParts = contributions.some((each) => each.kind === 'addition' && each.list === '/model/composition');
  if (hasParts || !areHalves(paths)) return [];
  return paths.flatMap((path): readonly Contribution[] => {
    const name = halfOf(path) ?? '';
    const from: Origin = { origin: 'inferred', path, method: 'names of the halves of one model' };
    // Two models have halves of the same name.
    const id = idFrom(directoryOf(paths[0] ?? '') + name);
    return [
      { kind: 'addition', list: '/model/composition', item: { id, name }, from },
      { kind: 'file', path, facts: { part: id }, from },
    ];
  });
}

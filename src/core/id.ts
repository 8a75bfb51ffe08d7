import { sha256Text } from './digest.js';

/**
 * A short id from a name: letters, digits, `.`, `_` and `-`, in lower case. Never empty and never `model`. What a name in
 * another script loses would make two names one id, so a digest of it stands behind the rest.
 */
export function idFrom(name: string): string {
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|(?<!-)-+$/g, '')
    .slice(0, 100);
  if (/[^\x00-\x7f]/.test(name)) return `${id === '' ? 'unnamed' : id}-${sha256Text(name).slice(0, 8)}`;
  return id === '' ? 'unnamed' : id === 'model' ? 'model-1' : id;
}

/** Where counting goes on for a name, so that the thousandth of its kind need not count from the start. */
const reached = new WeakMap<Set<string>, Map<string, number>>();

/** The id, with a number behind it when it is taken; the result is taken from now on. */
export function uniqueId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  if (taken.has(id)) {
    const counts = reached.get(taken) ?? new Map<string, number>();
    let number = counts.get(wanted) ?? 2;
    while (taken.has(`${wanted}-${number}`)) number++;
    reached.set(taken, counts.set(wanted, number + 1));
    id = `${wanted}-${number}`;
  }
  taken.add(id);
  return id;
}

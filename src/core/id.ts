/** A short id from a name: letters, digits, `.`, `_` and `-`, in lower case. Never empty and never `model`. */
export function idFrom(name: string): string {
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 100);
  return id === '' ? 'unnamed' : id === 'model' ? 'model-1' : id;
}

/** The id, with a number behind it when it is taken; the result is taken from now on. */
export function uniqueId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let number = 2; taken.has(id); number++) id = `${wanted}-${number}`;
  taken.add(id);
  return id;
}

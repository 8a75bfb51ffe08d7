/** RFC 6901 JSON pointers. */

/** The pointer of a path of keys and indices. */
export function toPointer(path: readonly (string | number)[]): string {
  return path.map((key) => pointerStep(String(key))).join('');
}

/** What a key adds to a pointer. */
export const pointerStep = (key: string): string =>
  `/${key.includes('/') || key.includes('~') ? key.replace(/~/g, '~0').replace(/\//g, '~1') : key}`;

/** The keys of a pointer, unescaped; undefined when the text is not a pointer. */
export function parsePointer(pointer: string): string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) return undefined;
  const keys = pointer.slice(1).split('/');
  if (!pointer.includes('~')) return keys;
  return /~(?![01])/.test(pointer) ? undefined : keys.map((key) => key.replace(/~1/g, '/').replace(/~0/g, '~'));
}

/** The value a pointer names, or undefined when nothing is there. */
export function resolvePointer(document: unknown, pointer: string): unknown {
  const keys = parsePointer(pointer);
  if (keys === undefined) return undefined;
  let value = document;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value) && !/^(0|[1-9]\d*)$/.test(key)) return undefined;
    if (!Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

import { toPointer } from '../../core/json-pointer.js';

/** A document whose reading is recorded: what a converter has read counts as carried over. */
export interface Tracked<T> {
  readonly document: T;
  /** Pointers of the single values that nobody has read. */
  unread(): readonly string[];
}

/**
 * Wraps a JSON document. Reading a text, number, boolean or null marks its pointer; objects and lists are wrapped in
 * turn. So a converter cannot forget a field without its showing up in `unread`.
 */
export function track<T extends object>(document: T): Tracked<T> {
  const read = new Set<string>();
  const wrap = <V extends object>(value: V, path: readonly string[]): V =>
    // What is frozen may not be shown as anything else.
    new Proxy(Object.isFrozen(value) ? copyOf(value) : value, {
      get(target, key, receiver) {
        const member: unknown = Reflect.get(target, key, receiver);
        if (typeof key === 'symbol' || !Object.hasOwn(target, key) || (Array.isArray(target) && key === 'length')) return member;
        const here = [...path, key];
        if (typeof member === 'object' && member !== null) return wrap(member, here);
        read.add(toPointer(here));
        return member;
      },
    });
  return { document: wrap(document, []), unread: () => leaves(document, []).filter((pointer) => !read.has(pointer)) };
}

const copyOf = <V extends object>(value: V): V => (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as V; // of the same members

function leaves(value: unknown, path: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null) return [toPointer(path)];
  return Object.entries(value).flatMap(([key, member]) => leaves(member, [...path, key]));
}

/** Plain JSON of elements. */
export type Json = Readonly<Record<string, unknown>>;

/** Properties by name, in the order of the document. */
export type Properties = ReadonlyMap<string, readonly string[]>;
export type Property = readonly [name: string, value: string];

/** An element's own part, without id and type. */
export interface Part {
  readonly members: Json;
  readonly properties: readonly Property[];
}

export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The members of an object that are there. */
export function pick<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  ) as { [K in keyof T]?: Exclude<T[K], undefined> }; // only undefined members and empty lists went
}

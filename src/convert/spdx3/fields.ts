/** What an element is written of. */
import type { Json } from '../cyclonedx/json.js';

/** Properties by name, in the order of the document. */
export type Properties = ReadonlyMap<string, readonly string[]>;
export type Property = readonly [name: string, value: string];

/** An element's own part, without id and type. */
export interface Part {
  readonly members: Json;
  readonly properties: readonly Property[];
}

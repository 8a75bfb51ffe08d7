/** What the specification says of the shape of values, in the notation of `SHAPES`. */
import { SHAPES } from '../schema/index.js';

const types: Readonly<Record<string, Readonly<Record<string, string>>>> = SHAPES;

/** The members of a type, each with the shape of its value; undefined for what is no type. */
export const typeOf = (shape: string): Readonly<Record<string, string>> | undefined =>
  Object.hasOwn(types, shape) ? types[shape] : undefined;

/** The shape of a member of an object or map: free-form where the specification has none. */
export function shapeIn(shape: string, key: string): string {
  if (shape.startsWith('{}')) return shape.slice(2);
  const members = typeOf(shape);
  return members !== undefined && Object.hasOwn(members, key) ? (members[key] ?? '*') : '*';
}

/** The shape of an item of a list. */
export const itemShape = (shape: string): string => (shape.startsWith('[]') ? shape.slice(2) : '*');

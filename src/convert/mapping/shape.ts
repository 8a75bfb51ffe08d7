/** What the schema says of each member, in a form that can be walked: which values are things, maps, lists, texts, numbers. */
import { SHAPES, type TypeName } from '../../schema/index.js';

export type { TypeName };

/** Scalars; `json` is any value, as in hyperparameters. */
export type Scalar = 'text' | 'number' | 'flag' | 'json';

export interface Shape {
  /** One value, a list of values, or values by a key that the document chooses. */
  readonly many?: 'list' | 'map';
  /** What each value is: a scalar, or a definition with members of its own. */
  readonly of: Scalar | TypeName;
}

const SCALARS: Readonly<Record<string, Scalar>> = { '*': 'json' };
const known = new Map<string, Shape>();

function parse(text: string): Shape {
  const made = known.get(text);
  if (made !== undefined) return made;
  const many = text.startsWith('[]') ? 'list' : text.startsWith('{}') ? 'map' : undefined;
  const word = many === undefined ? text : text.slice(2);
  const shape: Shape = { ...(many === undefined ? {} : { many }), of: SCALARS[word] ?? (word as TypeName) }; // words of the generated table
  known.set(text, shape);
  return shape;
}

/** The shape of a member; undefined where the definition has no such member. */
export function shapeOf(type: TypeName, member: string): Shape | undefined {
  const members: Readonly<Record<string, string>> = SHAPES[type];
  const text = Object.hasOwn(members, member) ? members[member] : members['*'];
  return text === undefined ? undefined : parse(text);
}

/** The members of a definition, in the order of the specification. */
export const membersOf = (type: TypeName): readonly string[] => Object.keys(SHAPES[type]).filter((member) => member !== '*');

export const isScalar = (of: Shape['of']): of is Scalar => of === 'text' || of === 'number' || of === 'flag' || of === 'json';

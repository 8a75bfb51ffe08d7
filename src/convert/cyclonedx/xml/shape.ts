/** How the XML form of CycloneDX says what its JSON form says: the types of the table made from the official schemas. */

/** What a text is: as it stands, without line breaks, without outer space, or a value of JSON written as text: `number` is `xs:decimal`. */
export type Scalar = 'string' | 'line' | 'token' | 'boolean' | 'integer' | 'number';

/** The value of an element: a scalar, an object (its place in the table), or one of its attributes. */
export type Value = Scalar | number | { readonly value: string };

/** Kinds of items of a list by element; with a name the item is an object that has it as its only member. */
export type Items = Readonly<Record<string, readonly [value: Value, name?: string]>>;

/**
 * Where an element's value goes in the object of its parent: `one` member, an item of `many`, the items of a `list` (`uniform`: all of one kind), one of
 * several kinds (`choice`), or into the parent itself (`merge`). The fourth part of `one`: children that make it a list instead.
 * `null`: JSON has no place.
 */
export type Place =
  | readonly [key: string, how: 'one', value: Value, orList?: Items]
  | readonly [key: string, how: 'many', value: Value]
  | readonly [key: string, how: 'list' | 'uniform list', items: Items]
  | readonly [key: string, how: 'choice' | 'many choice', values: Readonly<Record<string, Value>>]
  | readonly [key: null, how: 'merge', value: number]
  | null;

export interface Shape {
  /** The type of the XSD or the path to it, for messages. */
  readonly name: string;
  readonly attributes?: Readonly<Record<string, readonly [key: string, scalar: Scalar]>>;
  /** Where the element's own text goes. */
  readonly text?: readonly [key: string, scalar: Scalar];
  /** The text may be missing: an empty element has none. */
  readonly optional?: boolean;
  /** In the order of the XSD. */
  readonly elements?: Readonly<Record<string, Place>>;
  /** A text may stand for all elements, and is a text in JSON as well. */
  readonly mixed?: boolean;
}

/** The classes of SPDX 3.0.1 and questions about them. Source: the official JSON schema, turned into a table by scripts/generate. */
import { SPDX_CLASSES } from './generated/classes.js';

/** What a property may hold: exactly one of the members but `list`, `required` and `individuals`. */
export interface SPDXValue {
  readonly text?: true;
  readonly flag?: true;
  readonly decimal?: true;
  /** UTC, whole seconds. */
  readonly time?: true;
  /** Smallest number allowed. */
  readonly integer?: number;
  readonly pattern?: string;
  readonly words?: readonly string[];
  /** An object of the class or of one below it, or the id of one. */
  readonly class?: string;
  /** Things that the standard itself names, allowed in place of an id. */
  readonly individuals?: readonly string[];
  /** The value is a list of at least so many. */
  readonly list?: number;
  readonly required?: true;
}

export interface SPDXClass {
  readonly parent?: string;
  /** Name of the property that holds the id; absent for classes that nothing is an instance of. */
  readonly id?: 'spdxId' | '@id';
  readonly properties: Readonly<Record<string, SPDXValue>>;
}

/** A class by name; undefined for a name that the standard does not have. */
export function classOf(name: string): SPDXClass | undefined {
  return Object.hasOwn(SPDX_CLASSES, name) ? SPDX_CLASSES[name] : undefined;
}

const inherited = new Map<string, ReadonlyMap<string, SPDXValue>>();

/** Every property of a class, those of its parents first. */
export function propertiesOf(name: string): ReadonlyMap<string, SPDXValue> {
  const known = inherited.get(name);
  if (known !== undefined) return known;
  const { parent, properties = {} } = classOf(name) ?? {};
  const all = new Map([...(parent === undefined ? [] : propertiesOf(parent)), ...Object.entries(properties)]);
  if (classOf(name) !== undefined) inherited.set(name, all);
  return all;
}

/** Is `name` the class `ancestor` or below it? */
export function isA(name: string, ancestor: string): boolean {
  for (let at: string | undefined = name; at !== undefined; at = classOf(at)?.parent) if (at === ancestor) return true;
  return false;
}

/** Do things of the class carry an `spdxId`? The others live inside them. */
export function isElement(name: string): boolean {
  const known = elements.get(name);
  if (known !== undefined) return known;
  const answer = isA(name, 'Element');
  if (classOf(name) !== undefined) elements.set(name, answer);
  return answer;
}

const elements = new Map<string, boolean>();

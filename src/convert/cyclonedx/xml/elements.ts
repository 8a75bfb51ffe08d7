/** The JSON of a CycloneDX document as the elements of its XML form, by the table that reads them. */
import type * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import { decimalText } from '../../mapping/codecs.js';
import { isObject, type Json } from '../json.js';
import { SHAPES } from './generated/shapes.js';
import type { Items, Place, Shape, Value } from './shape.js';

export type Element = Serialize.XML.Types.SimpleXml.Element;
type Children = NonNullable<Element['children']>;

/** The root element of a document. Members that the table has no element for, such as signatures, are left out. */
export function elementsOf(document: Json, version: string): Element {
  const root = objectElement('bom', 0, document);
  return { ...root, attributes: { xmlns: `http://cyclonedx.org/schema/bom/${version}`, ...root.attributes } };
}

const shapeAt = (index: number): Shape => SHAPES[index] ?? { name: '' };

function objectElement(name: string, index: number, value: Json): Element {
  const { attributes = {}, text, elements = {} } = shapeAt(index);
  const written = Object.entries(attributes).flatMap(([attribute, [key]]): [string, string][] =>
    isScalar(value[key]) ? [[attribute, textOf(value[key])]] : [],
  );
  const { name: shape } = shapeAt(index);
  const children = Object.entries(elements).flatMap(([child, place]) => {
    const made = memberElements(child, place, value);
    return made.length === 0 && REQUIRED[shape]?.includes(child) === true ? [element(child, undefined)] : made;
  });
  const own = text === undefined ? undefined : value[text[0]];
  return element(name, isScalar(own) ? textOf(own) : children.length > 0 ? children : undefined, Object.fromEntries(written));
}

/** Elements that the XML schema asks for and the JSON schema does not; they are empty then. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = { standard: ['version', 'description', 'owner'] };

const element = (name: string, children: Children | undefined, attributes?: Record<string, string>): Element => ({
  type: 'element',
  name,
  ...(attributes === undefined || Object.keys(attributes).length === 0 ? {} : { attributes }),
  ...(children === undefined ? {} : { children }),
});

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const textOf = (value: string | number | boolean): string => (typeof value === 'number' ? decimalText(value) : String(value));

/** The elements of one name that a member of an object, or some of its own members, become. */
function memberElements(name: string, place: Place, parent: Json): readonly Element[] {
  if (place === null) return [];
  if (place[1] === 'merge')
    return Object.keys(parent).some((key) => keysOf(place[2]).has(key)) ? [objectElement(name, place[2], parent)] : [];
  const value = Object.hasOwn(parent, place[0]) ? parent[place[0]] : undefined;
  if (value === undefined || value === null) return [];
  const items = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  switch (place[1]) {
    case 'many':
      return items.flatMap((item) => valueElement(name, place[2], item));
    case 'list':
    case 'uniform list': {
      const kinds = place[1] === 'list' ? place[2] : kindOfAll(place[2], items);
      return [
        element(
          name,
          items.flatMap((item) => itemElement(kinds, item)),
        ),
      ];
    }
    case 'choice':
    case 'many choice':
      return items.map((item) => element(name, itemElement(singles(place[2]), item)));
    case 'one':
      if (Array.isArray(value))
        return place[3] === undefined
          ? []
          : [
              element(
                name,
                items.flatMap((item) => itemElement(place[3] ?? {}, item)),
              ),
            ];
      return valueElement(name, place[2], value);
  }
}

const singles = (values: Readonly<Record<string, Value>>): Items =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value] as const]));

function valueElement(name: string, value: Value, item: unknown): readonly Element[] {
  if (typeof value === 'number' && isObject(item)) return [objectElement(name, value, item)];
  if (!isScalar(item) || (typeof value === 'number' && shapeAt(value).mixed !== true)) return [];
  return [typeof value === 'object' ? element(name, undefined, { [value.value]: textOf(item) }) : element(name, textOf(item))];
}

/** An item of a list, as the first kind of element that has a place for all of it. */
function itemElement(kinds: Items, item: unknown): readonly Element[] {
  const entries = Object.entries(kinds);
  const fitting = entries.find(([, [value, member]]) => fits(value, member, item)) ?? entries[0];
  if (fitting === undefined) return [];
  const [name, [value, member]] = fitting;
  return valueElement(name, value, member === undefined ? item : isObject(item) ? item[member] : undefined);
}

/** The first kind of element that has a place for all items. */
function kindOfAll(kinds: Items, items: readonly unknown[]): Items {
  const fitting = Object.entries(kinds).find(([, [value, member]]) => items.every((item) => fits(value, member, item)));
  return fitting === undefined ? kinds : Object.fromEntries([fitting]);
}

function fits(value: Value, member: string | undefined, item: unknown): boolean {
  if (member !== undefined) return isObject(item) && item[member] !== undefined;
  if (typeof value !== 'number') return isScalar(item);
  return isObject(item) && Object.keys(item).every((key) => keysOf(value).has(key));
}

const keys = new Map<number, ReadonlySet<string>>();

/** The members of JSON that a shape has a place for. */
function keysOf(index: number): ReadonlySet<string> {
  const known = keys.get(index);
  if (known !== undefined) return known;
  const { attributes = {}, text, elements = {} } = shapeAt(index);
  const found = new Set<string>([
    ...Object.values(attributes).map(([key]) => key),
    ...(text === undefined ? [] : [text[0]]),
    ...Object.values(elements).flatMap((place) => (place === null ? [] : place[1] === 'merge' ? [...keysOf(place[2])] : [place[0]])),
  ]);
  keys.set(index, found);
  return found;
}

import { requireJson } from '../core/canonical-json.js';
import { compareCodePoints } from '../core/source-tree.js';
import type { Manifest } from '../schema/index.js';
import { itemShape, shapeIn, typeOf } from './shape.js';

/**
 * The text of a manifest as it is written to files: members in the order of the specification, and behind them those that it does
 * not know; keys of maps, members of free-form objects and paths of files in the order of their code points; lists as they are; two
 * spaces of indentation; a line break at the end. The same manifest gives the same text.
 *
 * @throws ERR_MANIFEST_VALUE for values that JSON cannot hold
 */
export function stringifyManifest(manifest: Manifest): string {
  requireJson(manifest);
  return `${write(manifest, 'Manifest', '\n')}\n`;
}

/** @param line line break with the indentation of what is around */
function write(value: unknown, shape: string, line: string): string {
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const next = `${line}  `;
  if (Array.isArray(value))
    return enclose(
      '[',
      ']',
      value.map((item) => next + write(item, itemShape(shape), next)),
      line,
    );
  const members = sortedKeys(value, shape).map((key) => {
    const member = (value as Record<string, unknown>)[key];
    return `${next}${JSON.stringify(key)}: ${write(member, shapeIn(shape, key), next)}`;
  });
  return enclose('{', '}', members, line);
}

const enclose = (open: string, close: string, parts: readonly string[], line: string): string =>
  parts.length === 0 ? open + close : `${open}${parts.join(',')}${line}${close}`;

/** Whole numbers beyond 2^53 - 1 have an exponent: as digits, strict readers refuse them. */
const writeNumber = (value: number): string =>
  Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : JSON.stringify(value);

const orders = new Map<string, ReadonlyMap<string, number>>();

function sortedKeys(object: object, shape: string): readonly string[] {
  const order = orderOf(shape);
  const place = (key: string): number => order?.get(key) ?? Number.POSITIVE_INFINITY;
  return Object.keys(object).sort((a, b) => {
    const x = place(a);
    const y = place(b);
    return x === y ? compareCodePoints(a, b) : x - y;
  });
}

function orderOf(shape: string): ReadonlyMap<string, number> | undefined {
  const members = typeOf(shape);
  if (members === undefined) return undefined;
  let order = orders.get(shape);
  if (order === undefined) orders.set(shape, (order = new Map(Object.keys(members).map((name, i) => [name, i]))));
  return order;
}

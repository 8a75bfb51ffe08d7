/** Results and uses of data under names that tell them apart. */
import { canonicalize, type JsonValue } from '../core/canonical-json.js';
import { isList, isObject, type JsonObject, own } from '../core/objects.js';

/** What makes two measurements of one name two metrics. */
const MEASURED = ['slice', 'use', 'parameters', 'unit'];
/** What makes two uses of one dataset two. */
const USED = ['config', 'split', 'revision', 'role'];

const identity = (thing: JsonObject, members: readonly string[]): string => canonicalize(members.map((name) => own(thing, name) ?? null));

/** Metrics by key: a value of a name that is measured on something else has a key of its own, and so has each of several values. */
export function metricsByKey(given: JsonValue, known: JsonValue | undefined): [string, JsonObject][] {
  const taken = new Map<string, JsonObject>(
    isObject(known) ? Object.entries(known).filter((entry): entry is [string, JsonObject] => isObject(entry[1])) : [],
  );
  const mine: [string, JsonObject][] = [];
  for (const [name, metric] of named(given)) {
    const used = new Set(mine.map(([key]) => key));
    const same = [...taken].find(
      ([key, each]) => !used.has(key) && (own(each, 'name') ?? key) === name && identity(each, MEASURED) === identity(metric, MEASURED),
    );
    const key =
      same?.[0] ??
      freeKey(
        [name, textOf(own(metric, 'slice')), textOf(own(asObject(own(metric, 'use')), 'split'))],
        (each) => taken.has(each) || used.has(each),
      );
    mine.push([key, key === name ? metric : { name, ...metric }]);
  }
  return mine;
}

/** Each measurement with the name of its metric. */
function named(given: JsonValue): [string, JsonObject][] {
  if (isList(given)) {
    return given.filter(isObject).map(({ name, ...metric }) => [typeof name === 'string' ? name : '', metric]);
  }
  return Object.entries(isObject(given) ? given : {}).flatMap(([key, value]) =>
    (isList(value) ? value : [value]).map((each): [string, JsonObject] => {
      const { name = key, ...metric } = asMetric(each);
      return [typeof name === 'string' ? name : key, metric];
    }),
  );
}

/** A number is a value; what is no number stands as text. */
function asMetric(value: JsonValue): JsonObject {
  if (isObject(value)) return value;
  return typeof value === 'number' ? { value } : { text: typeof value === 'string' ? value : JSON.stringify(value) };
}

/** The key of a use among those that are there: that of the same use, else a free one. */
export function useKey(dataset: string, use: JsonObject, known: JsonValue | undefined): string {
  const uses = Object.entries(isObject(known) ? known : {});
  const same = uses.find(([, each]) => isObject(each) && own(each, 'dataset') === dataset && identity(each, USED) === identity(use, USED));
  const taken = new Set(uses.map(([key]) => key));
  return (
    same?.[0] ??
    freeKey([dataset, idPart(own(use, 'split')), idPart(own(use, 'config')), idPart(own(use, 'role'))], (key) => taken.has(key), '-')
  );
}

/** The data, task and model that make two evaluations of one name two. */
export const testIdentity = (test: JsonObject, members: readonly string[]): string =>
  canonicalize([
    ...members.map((name) => own(test, name) ?? null),
    Object.values(asObject(own(test, 'uses')) ?? {})
      .map((use) => (isObject(use) ? `${own(use, 'dataset')} ${identity(use, USED)}` : ''))
      .sort(),
  ]);

const asObject = (value: JsonValue | undefined): JsonObject | undefined => (isObject(value) ? value : undefined);
const textOf = (value: JsonValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const idPart = (value: JsonValue | undefined): string | undefined => textOf(value)?.replace(/[^A-Za-z0-9._-]+/g, '-');

/** The first name, with more of what tells it apart as long as it is taken, at last with a number. */
function freeKey(parts: readonly (string | undefined)[], isTaken: (key: string) => boolean, between = ' '): string {
  const said = parts.filter((part) => part !== undefined && part !== '');
  for (let n = 1; n <= said.length; n++) {
    const key = said.slice(0, n).join(between);
    if (!isTaken(key)) return key;
  }
  for (let n = 2; ; n++) if (!isTaken(`${said.join(between)}${between}${n}`)) return `${said.join(between)}${between}${n}`;
}

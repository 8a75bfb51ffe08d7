/** Values of documents of strangers: what is not of the form is not there. */
import { isList, isObject, type JsonObject, own } from '../core/objects.js';

/** Signs of a text at most; what is behind them is cut. */
const MAX_TEXT = 20_000;

/** A text that is not empty. */
export function text(value: JsonObject, key: string, most = MAX_TEXT): string | undefined {
  const found = own(value, key);
  return typeof found === 'string' && found !== '' ? found.slice(0, most) : undefined;
}

export const textsOf = (value: unknown, most = MAX_TEXT): readonly string[] =>
  isList(value) ? value.flatMap((each) => (typeof each === 'string' && each !== '' ? [each.slice(0, most)] : [])) : [];

export const objectsOf = (value: unknown): readonly JsonObject[] => (isList(value) ? value.filter(isObject) : []);

export const objectAt = (value: unknown, ...keys: readonly string[]): JsonObject | undefined => {
  let at = value;
  for (const key of keys) at = isObject(at) ? own(at, key) : undefined;
  return isObject(at) ? at : undefined;
};

/** A member, left out where there is none. */
export const member = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };

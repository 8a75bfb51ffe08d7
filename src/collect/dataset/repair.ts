/** Half of a surrogate pair cannot be written as UTF-8, so that no manifest could hold it. */
import type { JsonValue } from '../../core/canonical-json.js';
import { asText, wellFormed } from '../values.js';
import type { DatasetStatement } from './statement.js';

/** The statement with well-formed texts. */
export function repaired(statement: DatasetStatement): DatasetStatement {
  const { values, items = [], metadata = {}, upstream = [] } = statement;
  return {
    ...statement,
    values: values.map((each) => ({ ...each, value: repairedValue(each.value) })),
    items: items.map((each) => ({ ...each, item: repairedTexts(each.item) })),
    metadata: repairedTexts(metadata),
    upstream: upstream.flatMap(({ name, version, ...rest }) => {
      // A dataset needs a name to be referred to by.
      const known = asText(name);
      const exact = asText(version);
      return known === undefined
        ? []
        : [{ ...rest, name: wellFormed(known), ...(exact === undefined ? {} : { version: wellFormed(exact) }) }];
    }),
  };
}

const repairedTexts = (texts: { readonly [key: string]: string }): { readonly [key: string]: string } =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, wellFormed(text)]));

function repairedValue(value: JsonValue): JsonValue {
  if (typeof value === 'string') return wellFormed(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(repairedValue);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, repairedValue(member)]));
}

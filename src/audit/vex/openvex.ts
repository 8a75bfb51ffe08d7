/** OpenVEX 0.2.0. Source: https://github.com/openvex/spec */
import { isList, isObject, type JsonObject, own } from '../../core/objects.js';
import { member, objectsOf, text, textsOf } from '../values.js';
import { productsOf } from './products.js';
import { isJustified, type VexProduct, type VexStatement } from './statement.js';
import { statusOf } from './words.js';

const MAX = { statements: 100_000, products: 10_000, text: 2000, aliases: 100 };

export const isOpenVex = (value: JsonObject): boolean => String(own(value, '@context')).startsWith('https://openvex.dev/ns');

/** Its statements. One that says `not_affected` without justification and without impact statement breaks the specification and is left out. */
export function readOpenVex(value: JsonObject, document: string): readonly VexStatement[] {
  const [author, time] = [text(value, 'author', MAX.text), text(value, 'last_updated') ?? text(value, 'timestamp')];
  return objectsOf(own(value, 'statements'))
    .slice(0, MAX.statements)
    .flatMap((each): readonly VexStatement[] => {
      const named = own(each, 'vulnerability');
      const vulnerability = typeof named === 'string' ? named : isObject(named) ? text(named, 'name', MAX.text) : undefined;
      const aliases = isObject(named) ? textsOf(own(named, 'aliases'), MAX.text).slice(0, MAX.aliases) : [];
      const status = statusOf(own(each, 'status'));
      const justification = text(each, 'justification', MAX.text) ?? text(each, 'impact_statement', MAX.text);
      if (vulnerability === undefined || status === undefined || !isJustified(status, justification)) return [];
      const products = own(each, 'products');
      return [
        {
          vulnerability,
          ...(aliases.length === 0 ? {} : { aliases }),
          products: (isList(products) ? products : []).slice(0, MAX.products).flatMap(productsIn),
          status,
          ...member('justification', justification),
          ...member('author', text(each, 'supplier', MAX.text) ?? author),
          ...member('timestamp', text(each, 'last_updated') ?? text(each, 'timestamp') ?? time),
          document,
        },
      ];
    });
}

/** The parts of a product are what is affected in it; a product without parts is it itself. */
function productsIn(value: unknown): readonly VexProduct[] {
  const parts = isObject(value) ? objectsOf(own(value, 'subcomponents')).slice(0, MAX.products) : [];
  const within = addressesOf(value);
  return parts.length > 0 ? parts.flatMap(identified).map((each) => ({ ...each, within })) : identified(value);
}

const identified = (value: unknown): readonly VexProduct[] => addressesOf(value).flatMap(productsOf);

function addressesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (!isObject(value)) return [];
  const found = own(value, 'identifiers');
  const ids = isObject(found) ? ['purl', 'cpe23', 'cpe22'].map((key) => text(found, key)) : [];
  return [text(value, '@id'), ...ids].flatMap((id) => id ?? []);
}

import type { JsonValue } from '../../core/canonical-json.js';
import { asText, type Loose } from '../values.js';
import { webUrl } from './values.js';

/** A party of a manifest from what a vocabulary calls a person or an organisation; an e-mail address only when it may stay. */
export function partyOf(object: Loose | undefined, includePrivate: boolean): JsonValue | undefined {
  if (object === undefined) return undefined;
  const given = [asText(object.givenName), asText(object.familyName)].filter((part) => part !== undefined).join(' ');
  const name = asText(object.title) ?? asText(object.name) ?? (given === '' ? asText(object.organization) : given);
  if (name === undefined || name.length > 512) return undefined;
  const url = webUrl(object.path) ?? webUrl(object.url);
  const email = includePrivate ? asText(object.email) : undefined;
  const contact = { ...(email === undefined ? {} : { email }), ...(url === undefined ? {} : { url }) };
  return { name, ...(Object.keys(contact).length > 0 ? { contact } : {}) };
}

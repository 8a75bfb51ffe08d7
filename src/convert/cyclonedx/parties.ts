/** Persons and organisations. */
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import type { Contact, Party } from '../../schema/index.js';
import { isObject, nonEmpty, objectOf, objectsOf, pick, textOf, textsOf, uriOf } from './json.js';
import type { Extra } from './library.js';

/** An organizationalEntity as the library has it. */
export function organization({ name, contact }: Party): Models.OrganizationalEntity {
  const entry = new Models.OrganizationalEntity({ name });
  if (contact?.url !== undefined) entry.url.add(contact.url);
  const person = contactOf(contact);
  if (person !== undefined) entry.contact.add(new Models.OrganizationalContact(person));
  return entry;
}

/** An organizationalEntity of the schema. */
export function entity({ name, contact }: Party): Extra {
  const person = contactOf(contact);
  return { name, ...(contact?.url === undefined ? {} : { url: [contact.url] }), ...(person === undefined ? {} : { contact: [person] }) };
}

/** An organizationalContact of the schema. */
export function person({ name, contact }: Party): Extra {
  return pick({ name, email: contact?.email, phone: contact?.phone });
}

const contactOf = (contact: Contact | undefined): { name?: string; email?: string; phone?: string } | undefined =>
  nonEmpty(pick({ name: contact?.name, email: contact?.email, phone: contact?.phone }));

const EMAIL = /^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;
/** The value as an e-mail address that a manifest takes. */
export const emailOf = (value: unknown): string | undefined => (typeof value === 'string' && EMAIL.test(value) ? value : undefined);

/** The party of an organizationalEntity; without a name there is none. */
export function readEntity(value: unknown): Party | undefined {
  if (!isObject(value)) return undefined;
  const [first] = objectsOf(value.contact);
  const name = textOf(value.name);
  if (name === undefined) return undefined;
  const contact = nonEmpty(
    pick({
      name: textOf(first?.name),
      email: emailOf(first?.email),
      url: textsOf(value.url)
        .map(uriOf)
        .find((url) => url !== undefined),
      phone: textOf(first?.phone),
    }),
  );
  return { name, kind: 'organization', ...(contact === undefined ? {} : { contact }) };
}

/** The party of an organizationalContact; without a name there is none. */
export function readPerson(value: unknown): Party | undefined {
  const { name, email, phone } = objectOf(value);
  const label = textOf(name);
  if (label === undefined) return undefined;
  const contact = nonEmpty(pick({ email: emailOf(email), phone: textOf(phone) }));
  return { name: label, ...(contact === undefined ? {} : { contact }) };
}

/** The parties of a list of organizationalContacts. */
export const readPersons = (value: unknown): Party[] => objectsOf(value).flatMap((each) => readPerson(each) ?? []);

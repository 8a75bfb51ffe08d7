/** Does a document meet the official JSON schema of its version? The rules are those of the official files. */
import { fullFormats } from 'ajv-formats/dist/formats.js';
import type { Finding } from '../../core/finding.js';
import { isIriReference } from '../../core/iri.js';
import { checkJsonSchema, type Schema, type SchemaOptions } from '../json-schema.js';

/** Versions whose schema is here. */
export const SCHEMA_VERSIONS = ['1.4', '1.5', '1.6', '1.7'] as const;
export type SchemaVersion = (typeof SCHEMA_VERSIONS)[number];

/** The version by whose rules a document is read: 1.4 has all that 1.2 and 1.3 have. */
export const readAs = (version: unknown): unknown => (version === '1.2' || version === '1.3' ? '1.4' : version);

const SCHEMAS: Readonly<Record<SchemaVersion, () => Promise<{ readonly schema: Schema }>>> = {
  '1.4': () => import('./generated/schema-1.4.js'),
  '1.5': () => import('./generated/schema-1.5.js'),
  '1.6': () => import('./generated/schema-1.6.js'),
  '1.7': () => import('./generated/schema-1.7.js'),
};

/** Longer texts are no e-mail address (RFC 5321), and the grammar takes long to say so. */
const EMAIL_LENGTH = 320;

type Check = (text: string) => boolean;

async function optionsFor(maxErrors: number): Promise<SchemaOptions> {
  const { licenses, signatures, cryptography } = await import('./generated/schema-shared.js');
  // @ts-expect-error: the package has no types
  const { default: isEmail } = (await import('ajv-formats-draft2019/formats/idn-email.js')) as { default: Check };
  const dateTime = fullFormats['date-time'] as { validate: Check }; // it compares as well
  const { uri } = fullFormats as { uri: Check }; // a function
  const date = fullFormats.date as { validate: Check };
  return {
    maxErrors,
    others: {
      'spdx.SNAPSHOT.schema.json': licenses,
      'jsf-0.82.SNAPSHOT.schema.json': signatures,
      'cryptography-defs.SNAPSHOT.schema.json': cryptography,
    },
    formats: {
      'date-time': (text) => dateTime.validate(text),
      date: (text) => date.validate(text),
      uri,
      // A domain of one label is one (RFC 5321, section 2.3.5).
      'idn-email': (text) => text.length <= EMAIL_LENGTH && (isEmail(text) || (!/@.*[.[]/.test(text) && isEmail(`${text}.example`))),
      'iri-reference': isIriReference,
    },
  };
}

/** Finds what is wrong with a document. */
export type CheckCycloneDX = (document: unknown) => Finding[];

/** The check by the schema of a version, which gives up to `maxErrors` findings. */
export async function loadCycloneDXSchema(version: SchemaVersion, maxErrors = 1000): Promise<CheckCycloneDX> {
  const [{ schema }, options] = await Promise.all([SCHEMAS[version](), optionsFor(maxErrors)]);
  return (document) =>
    checkJsonSchema(schema, document, options).map(({ pointer, message }) => ({
      id: 'cyclonedx-schema',
      severity: 'high',
      message,
      fix: `Correct it by the schema of CycloneDX ${version}.`,
      pointer,
    }));
}

/** What is wrong with a document by the schema of a version, up to `maxErrors` findings. */
export async function checkCycloneDXSchema(document: unknown, version: SchemaVersion, maxErrors?: number): Promise<Finding[]> {
  return (await loadCycloneDXSchema(version, maxErrors))(document);
}

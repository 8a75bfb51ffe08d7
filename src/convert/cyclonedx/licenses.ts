/** Licences: until 1.6 a list of licences or exactly one expression, from 1.7 any mix. */
import * as SPDX from '@cyclonedx/cyclonedx-library/SPDX';
import { parseLicenseExpression } from '../../core/spdx.js';
import type { License } from '../../schema/index.js';
import { atLeast } from './context.js';
import { isObject, type Json, nonEmptyList, objectOf, objectsOf, pick, textOf, unique, uriOf, wordOf } from './json.js';
import type { CycloneDXVersion, Extra } from './library.js';
import { type PropertyRow, propertyValues, readProperties, writeProperties } from './properties.js';

const ROWS: readonly PropertyRow[] = [
  ['msbom:license:kind', 'kind'],
  ['msbom:license:scope', 'scope'],
  ['msbom:license:note', 'note'],
  ['msbom:license:path', 'path'],
  ['msbom:license:name', 'name'],
];
const ACKNOWLEDGED = ['declared', 'concluded'] as const;
const KINDS = ['declared', 'concluded', 'distribution', 'original', 'effective'] as const;

/** Ids must be on the list of SPDX licences that the schema bundles; all others go by name. */
export function writeLicenses(licenses: readonly License[] | undefined, version: CycloneDXVersion): readonly Extra[] | undefined {
  if (licenses === undefined || licenses.length === 0) return undefined;
  const alone = licenses.length === 1 || atLeast(version, '1.7');
  return unique(licenses.map((license) => writeLicense(license, alone, version)));
}

function writeLicense(license: License, alone: boolean, version: CycloneDXVersion): Extra {
  const { expression, name, url, text, kind } = license;
  const isAcknowledged = atLeast(version, '1.6') && wordOf(kind, ACKNOWLEDGED) !== undefined;
  const acknowledgement = isAcknowledged ? { acknowledgement: kind } : {};
  const known = expression !== undefined && SPDX.isSupportedSpdxId(expression);
  const label = known ? { id: expression } : { name: expression ?? name ?? url ?? 'unnamed' };
  const rest = { ...license, kind: isAcknowledged ? undefined : kind, name: expression === undefined ? undefined : name };
  const properties = writeProperties(ROWS, rest).map(([key, value]) => ({ name: key, value: String(value) }));
  const plain = pick({ text: text === undefined ? undefined : { content: text }, url, properties });
  // An expression has no room for anything else.
  if (expression !== undefined && !known && alone && Object.keys(plain).length === 0) return { expression, ...acknowledgement };
  return { license: { ...label, ...plain, ...acknowledgement } };
}

/** Verdicts on texts: a document has few licences, many times. */
const verdicts = new Map<string, boolean>();
const MAX_VERDICTS = 10_000;

function isExpression(text: string): boolean {
  const known = verdicts.get(text);
  if (known !== undefined) return known;
  const verdict = parseLicenseExpression(text) !== undefined;
  if (verdicts.size < MAX_VERDICTS && text.length < 200) verdicts.set(text, verdict);
  return verdict;
}

/** The licences of a licenseChoice. */
export function readLicenses(value: unknown): License[] | undefined {
  return nonEmptyList(objectsOf(value).flatMap((choice) => readLicense(choice) ?? []));
}

function readLicense(choice: Json): License | undefined {
  const expression = textOf(choice.expression);
  if (expression !== undefined)
    return isExpression(expression) ? { expression, ...kindOf(choice) } : { name: expression, ...kindOf(choice) };
  if (!isObject(choice.license)) return undefined;
  const { id, name, url, text, properties } = choice.license;
  const label = textOf(id) ?? textOf(name);
  if (label === undefined) return undefined;
  const rest = readProperties<License>(ROWS, propertyValues(properties));
  const isLicense = isExpression(label);
  // What is listed as a name is an expression only where the writer had no other place for it.
  const said = id !== undefined && isLicense ? { expression: label } : readName(label, rest.name !== undefined && isLicense);
  const { kind, ...others } = rest;
  const known = wordOf(kind, KINDS);
  return {
    ...said,
    ...pick({ url: uriOf(url), text: contentOf(text) }),
    ...others,
    ...(known === undefined ? {} : { kind: known }),
    ...kindOf(choice.license),
  };
}

const readName = (label: string, hasOwnName: boolean): License => (hasOwnName ? { expression: label } : { name: label });

const kindOf = ({ acknowledgement }: Json): Pick<License, 'kind'> => {
  const kind = wordOf(acknowledgement, ACKNOWLEDGED);
  return kind === undefined ? {} : { kind };
};

/** The text of an attachment that is written as it stands. */
export function contentOf(attachment: unknown): string | undefined {
  const { content, encoding } = objectOf(attachment);
  return encoding === undefined ? textOf(content) : undefined;
}

/** Licences as licence expressions, tied to their owner by relationships. */

import { idFrom } from '../../core/id.js';
import { licenseIds, parseLicenseExpression } from '../../core/spdx.js';
import type { License } from '../../schema/index.js';
import { type Fields, LINK } from './codecs.js';
import type { Reading, Writing } from './context.js';
import { isObject, type Json, type Property, pick, readFields, writeFields } from './fields.js';
import { joinParts, members, properties, SYNTHETIC } from './graph.js';
import { listOf, type Source } from './source.js';

/** What SPDX says where nobody has said which licence applies. */
const NO_ASSERTION = 'expandedlicensing_NoAssertionLicense';

const FIELDS: Fields = [
  ['name', 'name'],
  ['note', 'comment'],
  ['scope', 'msbom:license:scope'],
  ['path', 'msbom:license:path'],
];

type Kind = NonNullable<License['kind']>;
const RELATIONS: readonly (readonly [kind: Kind, type: string, label?: string])[] = [
  ['declared', 'hasDeclaredLicense'],
  ['concluded', 'hasConcludedLicense'],
  ['distribution', 'other', 'license: distribution'],
  ['original', 'other', 'license: original'],
  ['effective', 'other', 'license: effective'],
];

/**
 * Ties licences to their owner. Profiles for models and data ask for exactly one declared and one concluded licence, so
 * with `profiled` the absence of either is said as "no assertion".
 */
export function writeLicenses(writing: Writing, owner: string, licenses: readonly License[] = [], profiled = false): void {
  const { graph } = writing;
  for (const [kind, type, label] of RELATIONS) {
    const of = licenses.filter((license) => (license.kind ?? 'declared') === kind).map((license) => writeLicense(writing, license));
    graph.relate(owner, type, of, { comment: label, label });
    if (profiled && label === undefined && of.length === 0) graph.relate(owner, type, [NO_ASSERTION]);
  }
}

/** The id of a licence's element; equal licences share one. */
export function writeLicense({ graph }: Writing, license: License): string {
  const { kind: _kind, ...content } = license;
  const { expression, name, url, text } = license;
  const tree = expression === undefined ? undefined : parseLicenseExpression(expression);
  const ref = tree === undefined ? `LicenseRef-${idFrom(name ?? expression ?? url ?? 'unnamed').replace(/_/g, '-')}` : undefined;
  const custom =
    ref ?? (tree !== undefined && licenseIds(tree).length === 1 && expression?.startsWith('LicenseRef-') ? expression : undefined);
  const textId =
    text === undefined || custom === undefined
      ? undefined
      : graph.add(
          'simplelicensing_SimpleLicensingText',
          graph.ownByContent('license-text', text),
          members({ simplelicensing_licenseText: text }),
        );
  return graph.add(
    'simplelicensing_LicenseExpression',
    graph.ownByContent('license', content),
    joinParts(
      writeFields(FIELDS, { ...license, ...(tree === undefined && name === undefined ? { name: expression } : {}) }),
      members({
        externalRef: url === undefined ? [] : [{ type: 'ExternalRef', externalRefType: 'license', locator: [url] }],
        simplelicensing_licenseExpression: expression !== undefined && tree !== undefined ? expression : ref,
        simplelicensing_customIdToUri:
          textId === undefined || custom === undefined ? [] : [{ type: 'DictionaryEntry', key: custom, value: textId }],
      }),
      properties(...(ref === undefined ? [] : [[SYNTHETIC, 'simplelicensing_licenseExpression'] as Property])),
    ),
  );
}

/** The licences of an element, by kind in the order of the table above. */
export function readLicenses(reading: Reading, owner: string): { readonly licenses?: readonly License[] } {
  const licenses: License[] = [];
  for (const [kind, type, label] of RELATIONS) {
    for (const { to, node } of reading.source.from(owner, type)) {
      if (label !== undefined && node.comment !== label) continue;
      for (const target of to) {
        const license = readLicense(reading, target);
        if (license !== undefined) licenses.push({ ...license, kind });
      }
    }
  }
  return licenses.length > 0 ? { licenses } : {};
}

/** A licence by id; undefined for "no assertion" and what cannot be named. */
export function readLicense(reading: Reading, id: unknown): License | undefined {
  const node = reading.source.get(id);
  if (node === undefined || node.type !== 'simplelicensing_LicenseExpression') {
    const text = node?.simplelicensing_licenseText;
    const expression = expressionOf(reading, id, 0);
    const license = pick({
      expression,
      name: typeof node?.name === 'string' && node.name !== '' ? node.name : undefined,
      text: typeof text === 'string' && text !== '' && !expression?.match(/^[A-Z]/) ? text : undefined,
    });
    return isNamed(license) ? license : undefined;
  }
  const found = reading.source.properties(node);
  const synthetic = new Set(found.get(SYNTHETIC));
  const expression = node.simplelicensing_licenseExpression;
  const url = listOf(node.externalRef).find((ref) => isObject(ref) && ref.externalRefType === 'license');
  const license = {
    ...(typeof expression === 'string' && !synthetic.has('simplelicensing_licenseExpression') && !UNSAID.has(expression)
      ? { expression }
      : {}),
    ...readFields(FIELDS, node, found),
    ...(isObject(url) ? pick({ url: LINK.read(listOf(url.locator)[0]) as string | undefined }) : {}),
    ...pick({ text: customText(reading, node) }),
  };
  return isNamed(license) ? license : undefined;
}

/** A licence of a manifest has one of these. */
const isNamed = ({ expression, name, url }: License): boolean => (expression ?? name ?? url) !== undefined;

/** Words of SPDX for a licence that nobody states. */
const UNSAID: ReadonlySet<string> = new Set(['', 'NOASSERTION', 'NONE']);

function customText({ source }: Reading, node: Json): string | undefined {
  for (const entry of listOf(node.simplelicensing_customIdToUri)) {
    const text = isObject(entry) ? source.get(entry.value)?.simplelicensing_licenseText : undefined;
    if (typeof text === 'string' && text !== '') return text;
  }
  return undefined;
}

/** Deepest nesting of licence sets that is followed. */
const MAX_SETS = 16;
/** Most members of a set that are read. */
const MAX_MEMBERS = 100;

const expressions = new WeakMap<Source, Map<string, string | undefined>>();

/** Licences that are elements of their own, as an expression. Each is worked out once, however many sets name it. */
function expressionOf({ source }: Pick<Reading, 'source'>, id: unknown, depth: number): string | undefined {
  if (depth > MAX_SETS || typeof id !== 'string') return undefined;
  const known = expressions.get(source) ?? new Map<string, string | undefined>();
  expressions.set(source, known);
  if (known.has(id)) return known.get(id);
  known.set(id, undefined); // while it is open: a set within itself has no expression
  const expression = makeExpression(source, id, depth);
  known.set(id, expression);
  return expression;
}

function makeExpression(source: Source, id: string, depth: number): string | undefined {
  const listed = /^https?:\/\/spdx\.org\/licenses\/([A-Za-z0-9.+-]+?)(?:\.html)?$/.exec(id)?.[1];
  if (listed !== undefined) return listed;
  const node = source.get(id);
  const plain = node?.simplelicensing_licenseExpression;
  if (typeof plain === 'string' && !UNSAID.has(plain)) return plain;
  const join = SETS.get(String(node?.type));
  const ids = listOf(node?.expandedlicensing_member);
  if (join === undefined || ids.length > MAX_MEMBERS) return undefined;
  const parts = ids.map((member) => expressionOf({ source }, member, depth + 1));
  if (parts.some((part) => part === undefined)) return undefined;
  const text = parts.map((part) => (part?.includes(' ') ? `(${part})` : part)).join(join);
  return text.length > 2000 ? undefined : text;
}

const SETS: ReadonlyMap<string, string> = new Map([
  ['expandedlicensing_ConjunctiveLicenseSet', ' AND '],
  ['expandedlicensing_DisjunctiveLicenseSet', ' OR '],
]);

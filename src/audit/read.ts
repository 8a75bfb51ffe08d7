/** Advisories of whatever form a document is of. */
import { isList, isObject, own } from '../core/objects.js';
import { type Advisory, readAdvisory } from './advisory.js';
import { readCsaf } from './csaf.js';
import { readNvd } from './nvd.js';
import { readRule } from './rules.js';

/** Records in one document at most. */
const MAX_RECORDS = 100_000;

/**
 * Advisories of a parsed document: a record of the OSV schema, a list of them (also as `vulns`), a page of the NVD, a CSAF document, or a
 * rule of AI-Infra-Guard. Of what is none of these the place in the list is told: nothing is passed over.
 */
export function readAdvisories(value: unknown): { readonly advisories: readonly Advisory[]; readonly strange: readonly number[] } {
  const whole = isObject(value) ? (readNvd(value) ?? readCsaf(value)) : undefined;
  if (whole !== undefined) return { advisories: whole, strange: [] };
  const listed = isObject(value) ? own(value, 'vulns') : value;
  const list: readonly unknown[] = isList(listed) ? listed.slice(0, MAX_RECORDS) : [value];
  const advisories: Advisory[] = [];
  const strange: number[] = [];
  for (const [at, each] of list.entries()) {
    const advisory = readAdvisory(each) ?? readRule(each);
    if (advisory === undefined) strange.push(at);
    else advisories.push(advisory);
  }
  return { advisories, strange };
}

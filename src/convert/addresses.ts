/** Addresses that are no IRI references: percent-encoded where a document has them, and told (RFC 3986, section 2.1; RFC 3987). */
import type { JsonValue } from '../core/canonical-json.js';
import type { Finding } from '../core/finding.js';
import { encodeIri, isIriReference } from '../core/iri.js';
import { pointerStep } from '../core/json-pointer.js';

/** Members that hold IRI references by their schemas, one or several, of CycloneDX and SPDX. */
const MEMBERS: Readonly<Record<'cyclonedx' | 'spdx', ReadonlySet<string>>> = {
  cyclonedx: new Set(['url', 'endpoints', 'references', 'source', 'destination', 'featuredImage', 'socialImage']),
  spdx: new Set([
    'locator',
    'identifierLocator',
    'locationHint',
    'software_downloadLocation',
    'software_homePage',
    'expandedlicensing_seeAlso',
  ]),
};

/** The address of who publishes vulnerabilities may be any text in CycloneDX. */
const FREE = /^\/vulnerabilities\/.*\/source\/url$/;

/** The document with every address encoded that needs it, and a finding for each. */
export function encodeAddresses<T extends object>(
  document: T,
  standard: 'cyclonedx' | 'spdx',
): { readonly document: T; readonly findings: readonly Finding[] } {
  const members = MEMBERS[standard];
  const findings: Finding[] = [];
  const encoded = (text: string, pointer: string): string => {
    if (isIriReference(text) || FREE.test(pointer)) return text;
    const address = encodeIri(text);
    findings.push(told(pointer, text, address));
    return address;
  };
  const walk = (value: JsonValue, pointer: string, isPlace: boolean): JsonValue => {
    if (typeof value === 'string') return isPlace ? encoded(value, pointer) : value;
    if (typeof value !== 'object' || value === null) return value;
    let copy: { [key: string]: JsonValue } | undefined;
    for (const [key, member] of Object.entries(value)) {
      if (typeof member !== 'object' && !(typeof member === 'string' && (isPlace || members.has(key)))) continue;
      const changed = walk(member, pointer + pointerStep(key), members.has(key) || (isPlace && Array.isArray(value)));
      if (changed === member) continue;
      copy ??= (Array.isArray(value) ? [...value] : { ...value }) as { [key: string]: JsonValue }; // by the keys of either
      copy[key] = changed; // a name of the table, or on the way to one
    }
    return (copy as JsonValue | undefined) ?? value;
  };
  return { document: walk(document as JsonValue, '', false) as T, findings }; // plain JSON
}

const told = (pointer: string, text: string, address: string): Finding => ({
  id: 'address-encoded',
  severity: 'low',
  pointer,
  message: `${JSON.stringify(text.slice(0, 200))} is no address (RFC 3986, RFC 3987), so it was percent-encoded: ${address.slice(0, 200)}`,
  fix: 'Check that the address leads where it should.',
});

/** VEX assessments of SPDX 3. Source: https://spdx.github.io/spdx-spec/v3.0.1/model/Security/Security/ */
import { isList, type JsonObject, own } from '../../core/objects.js';
import { member, objectsOf, text, textsOf } from '../values.js';
import { productsOf } from './products.js';
import { isJustified, type VexProduct, type VexStatement } from './statement.js';
import { justificationOfSpdx, type VexStatus } from './words.js';

const MAX = { elements: 500_000, to: 10_000, text: 2000 };
const CLASSES: Readonly<Record<string, VexStatus>> = {
  security_VexNotAffectedVulnAssessmentRelationship: 'not_affected',
  security_VexAffectedVulnAssessmentRelationship: 'affected',
  security_VexFixedVulnAssessmentRelationship: 'fixed',
  security_VexUnderInvestigationVulnAssessmentRelationship: 'under_investigation',
};

export const isSpdx3 = (value: JsonObject): boolean =>
  String(own(value, '@context')).startsWith('https://spdx.org/rdf/3.') && isList(own(value, '@graph'));

export function readSpdxVex(value: JsonObject, document: string): readonly VexStatement[] {
  const elements = objectsOf(own(value, '@graph')).slice(0, MAX.elements);
  const byId = new Map<string, JsonObject>();
  for (const each of elements) {
    const id = text(each, 'spdxId') ?? text(each, '@id');
    if (id !== undefined) byId.set(id, each);
  }
  return elements.flatMap((each): readonly VexStatement[] => {
    const type = text(each, 'type') ?? '';
    const status = Object.hasOwn(CLASSES, type) ? CLASSES[type] : undefined;
    const names = namesOf(byId.get(text(each, 'from') ?? ''));
    const [vulnerability, ...aliases] = names;
    if (status === undefined || vulnerability === undefined) return [];
    const justification = justificationOfSpdx(text(each, 'security_justificationType')) ?? text(each, 'security_impactStatement', MAX.text);
    if (!isJustified(status, justification)) return [];
    const supplier = byId.get(text(each, 'suppliedBy') ?? '');
    return [
      {
        vulnerability,
        ...(aliases.length === 0 ? {} : { aliases }),
        products: textsOf(own(each, 'to'))
          .slice(0, MAX.to)
          .flatMap((id) => packagesOf(id, byId.get(id))),
        status,
        ...member('justification', justification),
        ...member('author', supplier === undefined ? undefined : text(supplier, 'name', MAX.text)),
        ...member('timestamp', text(each, 'security_modifiedTime') ?? text(each, 'security_publishedTime')),
        ...member('until', text(each, 'security_withdrawnTime')),
        document,
      },
    ];
  });
}

/** The name of a vulnerability and its external identifiers. */
function namesOf(vulnerability: JsonObject | undefined): readonly string[] {
  if (vulnerability === undefined || own(vulnerability, 'type') !== 'security_Vulnerability') return [];
  const others = objectsOf(own(vulnerability, 'externalIdentifier')).flatMap((each) => text(each, 'identifier', MAX.text) ?? []);
  const name = text(vulnerability, 'name', MAX.text);
  return [...new Set([...(name === undefined ? [] : [name]), ...others])];
}

function packagesOf(id: string, element: JsonObject | undefined): readonly VexProduct[] {
  if (element === undefined) return productsOf(id);
  const others = objectsOf(own(element, 'externalIdentifier')).flatMap((each) => text(each, 'identifier') ?? []);
  const found = [text(element, 'software_packageUrl'), ...others].flatMap(productsOf);
  const seen = new Set<string>();
  return found.filter((each) => {
    const key = JSON.stringify(each);
    return !seen.has(key) && seen.add(key);
  });
}

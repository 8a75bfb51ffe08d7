/** Statuses of products in CSAF 2.0. Source: https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html, profile 5 */
import { type JsonObject, own } from '../../core/objects.js';
import { type CsafProduct, idOf, idsWith, productsOfCsaf } from '../csaf.js';
import { ecosystemOf } from '../ecosystems.js';
import { member, objectAt, objectsOf, text, textsOf } from '../values.js';
import { isJustified, type VexStatement } from './statement.js';
import { justificationOf, type VexStatus } from './words.js';

const MAX = { vulnerabilities: 20_000, statements: 100_000, text: 2000 };
const STATUSES: Readonly<Record<string, VexStatus>> = {
  known_not_affected: 'not_affected',
  known_affected: 'affected',
  fixed: 'fixed',
  under_investigation: 'under_investigation',
};

/** One statement for each product and status; a product that is not affected needs a flag or the impact in words. */
export function readCsafVex(value: JsonObject, document: string): readonly VexStatement[] {
  const products = productsOfCsaf(value);
  const head = objectAt(value, 'document') ?? {};
  const author = text(objectAt(head, 'publisher') ?? {}, 'name', MAX.text);
  const timestamp = text(objectAt(head, 'tracking') ?? {}, 'current_release_date');
  const found: VexStatement[] = [];
  for (const each of objectsOf(own(value, 'vulnerabilities')).slice(0, MAX.vulnerabilities)) {
    const vulnerability = idOf(each);
    if (vulnerability === undefined) continue;
    const reasons = reasonsOf(each);
    for (const [key, status] of Object.entries(STATUSES))
      for (const id of idsWith(each, key)) {
        const justification = status === 'not_affected' ? reasons.get(id) : undefined;
        // Ranges of versions are not those of one version: a statement about them would say more than its author does.
        const about = (products.get(id) ?? []).filter(({ events }) => events === undefined);
        if (!isJustified(status, justification) || about.length === 0 || found.length >= MAX.statements) continue;
        found.push({
          vulnerability,
          products: about.map(nameOf),
          status,
          ...member('justification', justification),
          ...member('author', author),
          ...member('timestamp', timestamp),
          document,
        });
      }
  }
  return found;
}

const nameOf = ({ ecosystem, name, version }: CsafProduct) => ({
  ecosystem,
  name: ecosystemOf(ecosystem).name(name),
  ...member('version', version),
});

/** Why a product is not affected: the label of its flag before the impact in words. */
function reasonsOf(vulnerability: JsonObject): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const threat of objectsOf(own(vulnerability, 'threats')))
    if (own(threat, 'category') === 'impact')
      for (const id of textsOf(own(threat, 'product_ids'))) reasons.set(id, text(threat, 'details', MAX.text) ?? '');
  for (const flag of objectsOf(own(vulnerability, 'flags'))) {
    const label = justificationOf(own(flag, 'label'));
    if (label !== undefined) for (const id of textsOf(own(flag, 'product_ids'))) reasons.set(id, label);
  }
  return new Map([...reasons].filter(([, reason]) => reason !== ''));
}

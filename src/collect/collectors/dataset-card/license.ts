import type { JsonValue } from '../../../core/canonical-json.js';
import { datasetLicenses } from '../../dataset/license.js';
import { webUrl } from '../../dataset/values.js';
import { isNoLicense } from '../../hub-license.js';
import { asText, asTexts, type Loose } from '../../values.js';

/** Licences of a card: ids of the Hub, or for `other` a name and a link of its own. */
export function cardLicenses(card: Loose, paths: ReadonlySet<string>): readonly JsonValue[] {
  const ids = asTexts(card.license).filter((id) => !isNoLicense(id));
  const link = asText(card.license_link);
  const place: { readonly [key: string]: string } =
    link === undefined ? {} : paths.has(link) ? { path: link } : webUrl(link) === undefined ? {} : { url: link };
  // A link belongs to a licence only when there is one.
  if (ids.length > 0) return datasetLicenses(ids).map((license) => (ids.length === 1 ? { ...license, ...place } : license));
  const name = asText(card.license_name) ?? asText(card.license_details);
  if (name === undefined) return Object.keys(place).length === 0 ? [] : [{ kind: 'declared', ...place }];
  return datasetLicenses([name]).map((license) => ({ ...license, ...place }));
}

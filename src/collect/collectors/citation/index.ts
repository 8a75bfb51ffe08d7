/** CITATION.cff: how its authors want it to be named. Source: https://citation-file-format.github.io/ (schema guide) */
import type { JsonValue } from '../../../core/canonical-json.js';
import { type Collector, type Contribution, type Origin, RANKS } from '../../contribution.js';
import { webUrl } from '../../dataset/values.js';
import { expressionItem } from '../../python-package/license.js';
import { asObject, asText, asTexts } from '../../values.js';
import { fromYaml } from '../shared/lock-file.js';

const MAX_AUTHORS = 200;
const DOI = /^10\.\d{4,9}\/\S{1,200}$/;

export const citation: Collector = {
  id: 'citation',
  files: '`CITATION.cff`',
  matches: (path) => path === 'CITATION.cff',
  collect: (file) =>
    fromYaml(file, (cff) => {
      const at = (key: string): Origin => ({ origin: 'declared', path: file.path, key, method: 'citation file' });
      const claim = (pointer: string, key: string, value: JsonValue | undefined): Contribution[] =>
        value === undefined ? [] : [{ kind: 'claim', pointer, value, rank: RANKS.citation, from: at(key) }];
      const hint = (list: string, key: string, item: { readonly [key: string]: JsonValue }): Contribution => ({
        kind: 'addition',
        list,
        item,
        from: at(key),
        hint: true,
      });
      const doi = asText(cff.doi);
      const version = asText(cff.version);
      const licenses = asTexts(cff.license);
      const url = webUrl(cff['license-url']);
      const authors = (Array.isArray(cff.authors) ? cff.authors : []).slice(0, MAX_AUTHORS).flatMap((each: unknown) => nameOf(each) ?? []);
      return {
        contributions: [
          // A title is a sentence, and names the model only where nothing shorter does.
          ...claim('/model/name', 'title', asText(cff.title)?.slice(0, 200)).map(
            (each) => ({ ...each, rank: RANKS.repository - 0.1 }) as Contribution,
          ),
          ...claim('/model/version', 'version', version),
          ...claim('/model/description', 'abstract', asText(cff.abstract)?.slice(0, 2000)),
          ...authors.map((name) => hint('/model/authors', 'authors', { name })),
          ...licenses.map((license) =>
            hint('/model/licenses', 'license', { ...expressionItem(license), ...(url === undefined ? {} : { url }) }),
          ),
          ...(licenses.length === 0 && url !== undefined ? [hint('/model/licenses', 'license-url', { kind: 'declared', url })] : []),
          ...(doi !== undefined && DOI.test(doi)
            ? [{ kind: 'addition', list: '/model/identifiers', item: { type: 'doi', value: doi }, from: at('doi') } as const]
            : []),
        ],
      };
    }),
};

/** A person or an entity. */
function nameOf(author: unknown): string | undefined {
  const {
    name,
    alias,
    'given-names': given,
    'name-particle': particle,
    'family-names': family,
    'name-suffix': suffix,
  } = asObject(author) ?? {};
  const parts = [given, particle, family, suffix].flatMap((part) => asText(part) ?? []);
  return asText(name) ?? (parts.length > 0 ? parts.join(' ') : asText(alias));
}

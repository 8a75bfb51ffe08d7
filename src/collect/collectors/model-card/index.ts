/** README.md with YAML front matter. Source: https://github.com/huggingface/hub-docs/blob/main/modelcard.md */
import type { JsonValue } from '../../../core/canonical-json.js';
import type { Finding } from '../../../core/finding.js';
import { idFrom } from '../../../core/id.js';
import { cut } from '../../component.js';
import { type Addition, baseName, type Collector, type Contribution, directoryOf, type MetadataFile, RANKS } from '../../contribution.js';
import { webUrl } from '../../dataset/values.js';
import { hubLicense, isNoLicense } from '../../hub-license.js';
import { maySpeak } from '../../models/owners.js';
import { asNames, asObject, asText, asTexts, entryOf, type Loose } from '../../values.js';
import { ancestor } from '../shared/ancestor.js';
import { cardKind, readFrontMatter } from '../shared/front-matter.js';
import { evaluations } from './model-index.js';
import { baseInText, TEXT_OF_CARD } from './prose.js';
import { sectionFacts } from './section-facts.js';

const METHOD = 'model card front matter';

/** The Hub's words for how a model came from its base, and ours. */
const RELATIONS: Readonly<Record<string, string>> = { finetune: 'finetune', adapter: 'adapter', merge: 'merge', quantized: 'quantize' };

export const modelCard: Collector = {
  id: 'model-card',
  files: '`README.md` with YAML front matter',
  matches: (path) => /^(readme|modelcard|model_card)\.md$/i.test(baseName(path)),
  collect(file, { paths, owner }) {
    if (!maySpeak(file.path, owner)) return { contributions: [] };
    const { path } = file;
    const { card, finding } = readFrontMatter(file);
    const kind = card === undefined ? 'unknown' : cardKind(card);
    // The card of a dataset, and one that fits both, is for the collector of dataset cards to report.
    if (kind === 'dataset' || kind === 'both') return { contributions: [] };
    // Beside the card of the Hub another page is only a page; what it says of the licence must not be lost.
    const isCard = /^readme\.md$/i.test(baseName(path)) || !paths.has(`${directoryOf(path)}README.md`);
    const document: Contribution = {
      kind: 'addition',
      list: '/documents',
      item: { type: 'model-card', path },
      from: { origin: 'observed', path, method: 'file name' },
    };
    const said = [
      ...(card === undefined ? [] : isCard ? cardFacts(path, card, paths) : cardLicenses(path, card, paths, { hint: true })),
      ...(isCard ? proseFacts(file) : []),
      ...(isCard ? sectionFacts(file, card?.co2_eq_emissions !== undefined) : []),
    ];
    // Beside a model and its adapter it says itself which of them it is the card of.
    const about = `${directoryOf(path)}adapter_config.json`;
    const isOfAdapter = card !== undefined && paths.has(about) && saysAdapter(card);
    return {
      contributions: [
        document,
        ...(isOfAdapter ? said.map((each) => (each.kind === 'claim' || each.kind === 'addition' ? { about, ...each } : each)) : said),
      ],
      findings: [...(finding === undefined ? [] : [finding]), ...(card === undefined ? [] : unknownLicense(path, card, paths))],
    };
  },
};

/** Cards that PEFT writes, and those that call the model an adapter. */
const saysAdapter = (card: Loose): boolean => asText(card.library_name) === 'peft' || asText(card.base_model_relation) === 'adapter';

function proseFacts({ path, bytes }: MetadataFile): readonly Contribution[] {
  const named = baseInText(new TextDecoder().decode(bytes));
  if (named === undefined) return [];
  const from = { origin: 'declared', path, key: named.phrase, method: TEXT_OF_CARD } as const;
  return [{ kind: 'addition', list: '/model/lineage/parents', item: ancestor(named.name), from }];
}

function cardFacts(path: string, card: Loose, paths: ReadonlySet<string>): Contribution[] {
  const from = (key: string) => ({ origin: 'declared', path, key, method: METHOD }) as const;
  const claim = (pointer: string, key: string, value: JsonValue | undefined): Contribution[] =>
    value === undefined || (Array.isArray(value) && value.length === 0)
      ? []
      : [{ kind: 'claim', pointer, value, rank: RANKS.card, from: from(key) }];
  const add = (list: string, key: string, item: { readonly [key: string]: JsonValue }): Contribution => ({
    kind: 'addition',
    list,
    item,
    from: from(key),
  });
  const task = asText(card.pipeline_tag);
  const relation = entryOf(RELATIONS, asText(card.base_model_relation) ?? '');
  const bases = asNames(card.base_model);
  return [
    ...cardLicenses(path, card, paths),
    ...bases.map((base) =>
      add('/model/lineage/parents', 'base_model', { ...ancestor(base), ...(relation === undefined ? {} : { relation }) }),
    ),
    ...(bases.length > 0 ? claim('/model/lineage/parents/*/relation', 'base_model_relation', relation) : []),
    ...asNames(card.datasets).map((name) => add('/datasets', 'datasets', dataset(name))),
    ...claim(
      '/model/languages',
      'language',
      asTexts(card.language).filter((tag) => /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(tag)),
    ),
    ...claim('/model/tags', 'tags', [...new Set(asTexts(card.tags))]),
    ...claim('/model/libraries', 'library_name', asNames(card.library_name)),
    ...claim('/model/types', 'pipeline_tag', task === undefined ? undefined : [task]),
    ...claim('/model/training/energy/carbon', 'co2_eq_emissions', emissions(card.co2_eq_emissions)),
    ...claim('/model/name', 'model-index.0.name', modelName(card['model-index'])),
    ...evaluations(card['model-index']).flatMap(({ evaluation, data }) => [
      ...(data === undefined ? [] : [add('/datasets', 'model-index', data)]),
      add('/evaluations', 'model-index', evaluation),
    ]),
  ];
}

const cardLicenses = (path: string, card: Loose, paths: ReadonlySet<string>, more: Pick<Addition, 'hint'> = {}): readonly Contribution[] =>
  licenses(card, paths).map(({ key, item }) => ({
    kind: 'addition',
    list: '/model/licenses',
    item,
    from: { origin: 'declared', path, key, method: METHOD },
    ...more,
  }));

/** The name under which the card's results stand; a repository's own name without its namespace. */
function modelName(index: unknown): string | undefined {
  const name = asText(asObject(Array.isArray(index) ? index[0] : undefined)?.name);
  return name === undefined || name.length > 200 ? undefined : name.slice(name.lastIndexOf('/') + 1);
}

interface KeyedItem {
  readonly key: string;
  readonly item: { readonly [key: string]: JsonValue };
}

function licenses(card: Loose, paths: ReadonlySet<string>): readonly KeyedItem[] {
  const ids = asTexts(card.license);
  const name = asText(card.license_name);
  const link = asText(card.license_link);
  const place = link === undefined ? {} : paths.has(link) ? { path: link } : webUrl(link) === undefined ? {} : { url: link };
  if (ids.length > 0 && !ids.every(isNoLicense)) {
    return ids
      .filter((id) => !isNoLicense(id))
      .map((id) => ({ key: 'license', item: { ...(hubLicense(id) as { readonly [key: string]: JsonValue }), ...place } }));
  }
  if (name === undefined && !('url' in place)) return [];
  return [
    {
      key: name === undefined ? 'license_link' : 'license_name',
      item: { ...(name === undefined ? {} : { name }), kind: 'declared', ...place },
    },
  ];
}

/** The card says that the model was trained on it, not in which stage. */
function dataset(name: string): { readonly [key: string]: JsonValue } {
  return {
    id: idFrom(name),
    name,
    roles: ['training'],
    provenanceStatus: 'declared',
    ...(/^[\w.-]+\/[\w.-]+$/.test(name) ? { uri: `https://huggingface.co/datasets/${name}` } : {}),
  };
}

/** A card that says that the licence is not known says something, and nothing that could stand in a licence. */
function unknownLicense(file: string, card: Loose, paths: ReadonlySet<string>): readonly Finding[] {
  if (licenses(card, paths).length > 0 || !asTexts(card.license).some((id) => /^(unknown|other)$/i.test(id.trim()))) return [];
  return [
    {
      id: 'license-unknown',
      severity: 'medium',
      message: `the model card says \`license: ${asTexts(card.license)[0] ?? ''}\` and names none`,
      fix: 'Name the licence: its SPDX id, or `license_name` and `license_link`.',
      file,
    },
  ];
}

/**
 * The Hub asks for grams of CO2 equivalent, and for where and on what they were emitted.
 * Source: https://huggingface.co/docs/hub/model-cards-co2
 */
function emissions(value: unknown): JsonValue | undefined {
  const all = asObject(value);
  const plain = asText(value) ?? asText(all?.emissions);
  const grams = plain === undefined || !/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(plain) ? undefined : Number(plain);
  const about = EMISSIONS.flatMap(([key, words]) => {
    const said = asText(all?.[key]);
    return said === undefined ? [] : [`${words}${said}`];
  });
  const unread = grams === undefined && plain !== undefined ? [`emissions as written: ${plain}`] : [];
  if (grams === undefined && about.length + unread.length === 0) return undefined;
  const methodology = cut([...unread, ...about].join('; ')) || 'as stated in the model card, in grams';
  return { ...(grams === undefined ? {} : { tonnesCo2Equivalent: grams / 1e6 }), methodology };
}

/** Members of `co2_eq_emissions` and how the methodology names them. */
const EMISSIONS = [
  ['source', ''],
  ['training_type', 'training: '],
  ['geographical_location', 'location: '],
  ['hardware_used', 'hardware: '],
] as const;

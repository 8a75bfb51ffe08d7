/**
 * How the model came from the models it names, as far as the files show it, and the model itself kept from among them.
 * The rules are those by which the Hub reads a card (https://huggingface.co/docs/hub/model-cards#specifying-a-base-model),
 * applied only where the files bear them out.
 */
import type { Finding } from '../core/finding.js';
import { isSame, settleBases } from './bases.js';
import { TEXT_OF_CARD } from './collectors/model-card/prose.js';
import { type Addition, baseName, type Contribution, directoryOf, type Origin, RANKS } from './contribution.js';
import { plainName } from './values.js';
import type { WeightFile } from './weights.js';

const PARENTS = '/model/lineage/parents';
/** How the model came from each of them, where a source says it of all at once. */
const ALL_RELATIONS = `${PARENTS}/*/relation`;
/** Files that only training leaves behind. */
const TRACES = /(^|\/)(training_args\.bin|trainer_state\.json|optimizer\.(pt|bin)|scheduler\.pt)$/;
export const isTrace = (path: string): boolean => TRACES.test(path);
const QUANTIZED_GGUF = /^(I?Q\d|TQ\d|MXFP4|NVFP4)/;

type Relation = 'adapter' | 'merge' | 'quantize' | 'finetune';

interface Shown {
  readonly relation: Relation;
  readonly because: string;
  readonly path?: string | undefined;
  /** Of which ancestors; default all. */
  readonly of?: (ancestor: Addition) => boolean;
  /** Who says it in so many words; default it follows from the files. */
  readonly said?: Origin;
}

export interface LineageInput {
  readonly contributions: readonly Contribution[];
  readonly weights: readonly WeightFile[];
  readonly paths: ReadonlySet<string>;
  /** Directories with its weights. */
  readonly homes: ReadonlySet<string>;
  /** Full names that the model itself goes by, in lower case. */
  readonly own: ReadonlySet<string>;
  /** Last parts of names that it may go by, guesses among them, in lower case: enough to doubt a hint. */
  readonly alike: ReadonlySet<string>;
}

/** Contributions with hints settled, relations added where the files show them, and no self among the ancestors. */
export function settleLineage(input: LineageInput): Settled {
  const named = settleHints(input);
  const headers = new Map(
    input.weights.flatMap(({ path, facts }) => (facts?.name === undefined ? [] : [[path, facts.name.value] as const])),
  );
  const bases = settleBases(named.contributions, (kept, said) => otherBase(said, [kept]), headers);
  const { contributions, findings } = withoutSelf(
    { contributions: bases.contributions, findings: [...named.findings, ...bases.findings] },
    input.own,
  );
  const ancestors = contributions.filter(isAncestor);
  if (ancestors.length === 0) return { contributions, findings };
  return shownRelations(input, ancestors).reduce(withRelation, { contributions, findings });
}

interface Settled {
  readonly contributions: readonly Contribution[];
  readonly findings: readonly Finding[];
}

/** What is shown, of those ancestors of which nothing is known yet. */
function withRelation({ contributions, findings }: Settled, shown: Shown): Settled {
  const ancestors = contributions.filter(isAncestor);
  const from = shown.said ?? inferredFrom(shown);
  const stated = contributions.some((each) => each.kind === 'claim' && each.pointer === ALL_RELATIONS);
  const isOfAll = ancestors.every(
    (each) => shown.of?.(each) !== false && (each.item.relation === undefined || each.item.relation === shown.relation),
  );
  return {
    findings,
    contributions: [
      ...contributions,
      ...unrelated(ancestors, shown.of).map(
        (item): Addition => ({ kind: 'addition', list: PARENTS, item: { ...item, relation: shown.relation }, from }),
      ),
      ...(stated || !isOfAll
        ? []
        : [{ kind: 'claim', pointer: ALL_RELATIONS, value: shown.relation, rank: RANKS.embedded, from } as const]),
    ],
  };
}

const isAncestor = (contribution: Contribution): contribution is Addition =>
  contribution.kind === 'addition' && contribution.list === PARENTS;
const nameOf = ({ item }: Addition): string => String(item.name);
const inferredFrom = ({ because, path }: Shown): Origin => ({
  origin: 'inferred',
  method: because,
  ...(path === undefined ? {} : { path }),
});

/**
 * `_name_or_path` says what a configuration was loaded from. That is the base of a fine-tune, or the model itself. It counts
 * as a base when no better source names one; when one does, and names another, that is a disagreement to report.
 */
function settleHints({ contributions, own, alike }: LineageInput): {
  readonly contributions: readonly Contribution[];
  readonly findings: Finding[];
} {
  const ancestors = contributions.filter(isAncestor);
  const named = ancestors.filter(({ hint }) => hint !== true);
  const dropped = new Set<Contribution>();
  const findings: Finding[] = [];
  for (const hint of ancestors.filter((each) => each.hint === true)) {
    const name = nameOf(hint);
    if (own.has(name.toLowerCase()) || alike.has(baseName(name).toLowerCase())) dropped.add(hint);
    else if (named.length > 0 && !named.some((each) => isSame(each, hint))) {
      dropped.add(hint);
      findings.push(otherBase(hint, named));
    }
  }
  return { contributions: contributions.filter((each) => !dropped.has(each)), findings };
}

function otherBase({ from, item }: Addition, named: readonly Addition[]): Finding {
  const [first] = named;
  return {
    id: 'source-conflict',
    severity: 'low',
    pointer: PARENTS,
    message: `\`${first?.from.path ?? first?.from.name}\` (${first?.from.key}) names the base \`${first === undefined ? '' : nameOf(first)}\`, \`${from.path}\` (${from.key}) says \`${String(item.name)}\`; the first was kept`,
    fix: 'Find out which is right and correct the other source. The order of trust stands in docs/collect.md.',
    ...(from.path === undefined ? {} : { file: from.path }),
  };
}

/** A card may name its own repository as base, and a copied repository keeps the card of the original. */
function withoutSelf(
  { contributions, findings }: { readonly contributions: readonly Contribution[]; readonly findings: readonly Finding[] },
  own: ReadonlySet<string>,
): { readonly contributions: readonly Contribution[]; readonly findings: readonly Finding[] } {
  const self = contributions.filter(isAncestor).filter((each) => own.has(nameOf(each).toLowerCase()));
  const gone = new Set<Contribution>(self);
  const distinct = new Map(self.map((each) => [`${each.from.path} ${nameOf(each)}`, each]));
  return {
    contributions: contributions.filter((each) => !gone.has(each)),
    findings: [
      ...findings,
      ...[...distinct.values()].map(
        (each): Finding => ({
          id: 'lineage-self',
          severity: 'medium',
          message: `the metadata names \`${nameOf(each)}\` as its own base; it was left out`,
          fix: 'Correct `base_model` in the model card.',
          ...(each.from.path === undefined ? {} : { file: each.from.path }),
        }),
      ),
    ],
  };
}

/** What the files themselves show, the strongest sign first; what the card says in words stands before what only may be. */
function shownRelations({ contributions, weights, paths, homes }: LineageInput, ancestors: readonly Addition[]): readonly Shown[] {
  const beside = (name: RegExp): string | undefined =>
    [...paths].find((path) => name.test(baseName(path)) && (homes.has(directoryOf(path)) || directoryOf(path) === ''));
  const adapter = beside(/^adapter_config\.json$/);
  if (adapter !== undefined) return [{ relation: 'adapter', because: 'an adapter configuration stands beside the weights', path: adapter }];
  const merge = beside(/^mergekit_config\.ya?ml$/);
  if (merge !== undefined) return [{ relation: 'merge', because: 'a merge recipe stands beside the weights', path: merge }];
  if (severalBases(ancestors)) return [{ relation: 'merge', because: 'one source names several base models' }];
  const trace = [...paths].sort().find(isTrace);
  const quantized = quantizedBy(contributions, weights, ancestors);
  const trained: Shown | undefined =
    trace === undefined ? undefined : { relation: 'finetune', because: 'training left its traces beside the weights', path: trace };
  return [inWords(ancestors), quantized ?? trained].filter((shown) => shown !== undefined);
}

/** "Finetuned from" and "is a fine-tuned version of", of the model that they name. */
function inWords(ancestors: readonly Addition[]): Shown | undefined {
  const told = ancestors.find(({ from, said }) => from.method === TEXT_OF_CARD && said === undefined);
  if (told === undefined) return undefined;
  const name = nameOf(told);
  return { relation: 'finetune', because: TEXT_OF_CARD, of: (each) => nameOf(each) === name, said: told.from };
}

/** Several bases in one list of one source; two sources that name one each may speak of two steps. */
function severalBases(ancestors: readonly Addition[]): boolean {
  const lists = new Map<string, Set<string>>();
  for (const { from, item } of ancestors) {
    if (item.role === 'teacher') continue;
    const source = `${from.path} ${(from.key ?? '').replace(/\d+/g, '')}`;
    lists.set(source, (lists.get(source) ?? new Set()).add(String(item.name).toLowerCase()));
  }
  return [...lists.values()].some((names) => names.size > 1);
}

/** Packed weights came from a model of full precision: the base, when the base goes by the same name or a card says so. */
function quantizedBy(
  contributions: readonly Contribution[],
  weights: readonly WeightFile[],
  ancestors: readonly Addition[],
): Shown | undefined {
  const packed = weights.find(
    ({ facts }) => facts?.format === 'gguf' && Object.keys(facts.tensors?.dtypes ?? {}).some((dtype) => QUANTIZED_GGUF.test(dtype)),
  );
  // A header names the parents of the model that was quantised, too: those it came from by other ways.
  const headers = new Set(weights.flatMap(({ path, facts }) => (facts?.format === 'gguf' ? [path] : [])));
  const of = (each: Addition): boolean => packed !== undefined && (!headers.has(each.from.path ?? '') || sameModel(packed, each));
  if (packed !== undefined && ancestors.some(of))
    return { relation: 'quantize', because: 'the weights are quantised and name this model as their source', path: packed.path, of };
  const method = contributions.find((each) => each.kind === 'claim' && each.pointer === '/model/quantization/method');
  return method !== undefined && 'from' in method
    ? { relation: 'quantize', because: 'the configuration says how the weights were quantised', path: method.from.path }
    : undefined;
}

/** GGUF names the parents of the model it was made from; only one of the same name is what was quantised. */
function sameModel({ facts }: WeightFile, ancestor: Addition): boolean {
  return facts?.name !== undefined && plainName(facts.name.value) === plainName(nameOf(ancestor));
}

/** Ancestors of which no source says how the model came from them, once each. */
function unrelated(ancestors: readonly Addition[], of: (ancestor: Addition) => boolean = () => true): readonly Addition['item'][] {
  const stated = new Set(ancestors.filter(({ item }) => item.relation !== undefined).map(nameOf));
  const items = new Map(
    ancestors
      .filter(of)
      .filter(({ said }) => said === undefined)
      .map((each) => [nameOf(each), each.item]),
  );
  return [...items].filter(([name, { role }]) => !stated.has(name) && role !== 'teacher').map(([, item]) => item);
}

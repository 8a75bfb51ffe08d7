/** The contributions of a directory, each at the model that it is about, with names, inputs and lineage settled for each model. */
import type { Finding } from '../../core/finding.js';
import { agreed } from '../collectors/shared/runs.js';
import { type Contribution, RANKS } from '../contribution.js';
import { ownNames, withoutBorrowedNames } from '../identity.js';
import { settleLicenses } from '../licenses/settle.js';
import { isTrace, settleLineage } from '../lineage.js';
import { isKeptCopy } from '../roles.js';
import type { WeightFile } from '../weights.js';
import { byModel, moved, type StatedUse, statedUses } from './attribute.js';
import { type FoundModel, type FoundModels, MAX_MODELS, SUBJECT } from './find.js';
import { halvesOf } from './halves.js';
import { withOneIo } from './io.js';
import type { Owners } from './owners.js';
import { isProjector } from './projector.js';

export interface Directory {
  /** What it is called. */
  readonly name: string;
  readonly models: FoundModels;
  readonly owners: Owners;
  readonly weights: readonly WeightFile[];
  readonly paths: ReadonlySet<string>;
}

export interface Settled {
  readonly contributions: readonly Contribution[];
  readonly uses: readonly StatedUse[];
  readonly findings: readonly Finding[];
}

export function settleModels(contributions: readonly Contribution[], directory: Directory): Settled {
  const { models } = directory;
  const groups = new Map(byModel(contributions, directory.owners));
  const own = groups.get(SUBJECT) ?? [];
  if (models.subject === undefined) groups.set(SUBJECT, [...own, ...saidByAll(models.others, groups)]);
  const paths = pathsByModel(directory);
  const settled = [models.subject, ...models.others].map((found) => {
    const id = found?.id ?? SUBJECT;
    return settleOne(groups.get(id) ?? [], found, id, { ...directory, paths: paths.get(id) ?? new Set<string>() });
  });
  return {
    contributions: settled.flatMap((each) => each.contributions),
    uses: settled.flatMap((each) => each.uses),
    findings: [...settled.flatMap((each) => each.findings), ...severalModels(models)],
  };
}

function settleOne(given: readonly Contribution[], found: FoundModel | undefined, id: string, directory: Directory): Settled {
  const { weights, paths } = directory;
  const licensed = settleLicenses(given);
  const io = withOneIo(
    withoutBorrowedNames([...licensed.contributions, ...guessedName(found), ...halvesOf(found, licensed.contributions)]),
  );
  const own = found === undefined ? [] : weights.filter(({ path }) => found.weights.has(path));
  const homes = found?.homes ?? new Set(['']);
  const here = withBasesHere(io.contributions, id, directory);
  const lineage = settleLineage({ contributions: here, weights: own, paths, homes, ...ownNames(here) });
  return {
    contributions: id === SUBJECT ? lineage.contributions : moved(lineage.contributions, id),
    uses: statedUses(lineage.contributions, id),
    findings: [...licensed.findings, ...io.findings, ...lineage.findings].map((finding) => placed(finding, id)),
  };
}

const placed = (finding: Finding, id: string): Finding =>
  id === SUBJECT || finding.pointer === undefined
    ? finding
    : { ...finding, pointer: finding.pointer.replace(/^\/model(?=\/)/, `/models/${id}`) };

/**
 * A base that is named by its place is the model that lies there; without one it is what the place is called. What another source calls by
 * the same name, and by no repository, is the same.
 */
function withBasesHere(contributions: readonly Contribution[], id: string, { models, name }: Directory): readonly Contribution[] {
  const all = [...(models.subject === undefined ? [] : [models.subject]), ...models.others].filter((model) => model.id !== id);
  const here = new Map<unknown, FoundModel>();
  for (const each of contributions) {
    if (each.kind !== 'addition' || typeof each.item.place !== 'string') continue;
    const there = all.filter(({ homes }) => [...homes].some((home) => isAt(home, String(each.item.place), name)));
    const found = only(there.filter(({ kind }) => kind === 'model')) ?? only(there);
    if (found !== undefined) here.set(each.item.name, found);
  }
  return contributions.flatMap((each) => {
    if (each.kind !== 'addition' || each.list !== '/model/lineage/parents') return [each];
    const { place: _, ...item } = each.item;
    const found = item.identifiers === undefined ? here.get(item.name) : undefined;
    if (found !== undefined)
      return [{ ...each, item: { ...item, id: found.id, name: item.name === '' ? found.name : (item.name ?? found.name), here: true } }];
    return item.name === '' ? [] : [{ ...each, item }];
  });
}

/**
 * Is it the place of a directory: in what is described (with `/` at its end, empty at the top), or on the disk of the training, where what
 * is described had the same name?
 */
function isAt(home: string, place: string, name: string): boolean {
  if (place === '' || place.endsWith('/')) return place === home;
  const path = `${place}/`;
  return path === home || `/${path}`.endsWith(`/${name}/${home}`);
}

const only = (models: readonly FoundModel[]): FoundModel | undefined => (models.length === 1 ? models[0] : undefined);

/** The subject is called after the directory. */
const guessedName = (found: FoundModel | undefined): readonly Contribution[] =>
  found === undefined || found.id === SUBJECT
    ? []
    : [
        {
          kind: 'claim',
          pointer: '/model/name',
          value: found.name,
          rank: RANKS.directory,
          from: { origin: 'inferred', name: found.name, method: 'name of the file or its directory' },
        },
      ];

function pathsByModel({ models, owners, paths }: Directory): ReadonlyMap<string, ReadonlySet<string>> {
  if (models.others.length === 0) return new Map([[SUBJECT, paths]]);
  const sets = new Map<string, Set<string>>();
  for (const path of paths) {
    const owner = owners(path);
    const model = (isTrace(path) ? owner.trained : undefined) ?? owner.model;
    const set = sets.get(model);
    if (set === undefined) sets.set(model, new Set([path]));
    else set.add(path);
  }
  return sets;
}

/** What may be said of several trained models as of one: how each was trained, and not what each took, which adds up. */
const OF_ALL = /^\/model\/(?:architecture|training\/(?:methods|hyperparameters|code))(?:\/|$)/;

/** Of trials and folds, which are one network trained several times, what all of them say. */
function saidByAll(others: readonly FoundModel[], groups: ReadonlyMap<string, readonly Contribution[]>): readonly Contribution[] {
  const lists = others.map(({ id }) => groups.get(id) ?? []);
  const said = agreed(lists).filter((each) => each.kind === 'claim' && OF_ALL.test(each.pointer));
  return said.some((each) => each.kind === 'claim' && each.pointer === '/model/architecture/name') ? said : [];
}

/** Models that a message names. */
const NAMED = 5;

function severalModels({ subject, others, tooMany }: FoundModels): readonly Finding[] {
  if (tooMany !== undefined) return [moreThanDescribed(tooMany)];
  const models = others.filter(({ kind, isPreparation }) => !isPreparation && (subject === undefined || kind === 'model'));
  if (models.length === 0) return [];
  const names = models.slice(0, NAMED).map(({ id, weights }) => `\`${id}\` (${[...weights][0]})`);
  const list = `${names.join(', ')}${models.length > NAMED ? ', …' : ''}`;
  return [
    {
      id: 'several-models',
      severity: subject === undefined ? 'low' : 'info',
      pointer: '/models',
      message:
        subject === undefined
          ? `the directory holds ${models.length} models: ${list}; each is described on its own, and the document is about the directory`
          : `beside the model that the document is about lie ${models.length} others: ${list}`,
      fix: 'To describe one of them, collect its directory or name it with --select.',
    },
  ];
}

const moreThanDescribed = (count: number): Finding => ({
  id: 'several-models',
  severity: 'medium',
  pointer: '/models',
  message: `the directory holds ${count} models, more than the ${MAX_MODELS} that are described on their own; its files are listed, and nothing is said of any model`,
  fix: 'Collect the directories of the models one by one.',
});

/** What a weight file says: of itself, and of its model unless it only lies beside one. */
export function saidByWeights({ path, facts, contributions }: WeightFile, { subject }: FoundModels): readonly Contribution[] {
  if (facts === undefined || subject?.weights.has(path) === true) return contributions;
  if (isProjector(facts) || isKeptCopy(path)) return contributions.filter(({ kind }) => kind === 'file');
  // A vocabulary has a name of its own, which is not that of the model.
  if (facts.role === 'tokenizer') return contributions.filter((each) => each.kind !== 'claim' || each.pointer === '/model/vocabularySize');
  return contributions;
}

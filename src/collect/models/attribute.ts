/** Which model each contribution is about, by the file that it came from; what is about another model than the subject moves to it. */
import type { JsonValue } from '../../core/canonical-json.js';
import { toPointer } from '../../core/json-pointer.js';
import { isObject } from '../../core/objects.js';
import type { Addition, Claim, Contribution } from '../contribution.js';
import { SUBJECT } from './find.js';
import { NEARNESS, type Owners } from './owners.js';

/** A use of a dataset by a model, as one source states it. */
export interface StatedUse {
  readonly model: string;
  /** Name of the dataset, by which it is found among the others. */
  readonly dataset: JsonValue | undefined;
  readonly roles: readonly string[];
}

/** The contributions to one model, nearest sources first, with pointers as if it were the subject. */
export type ByModel = ReadonlyMap<string, readonly Contribution[]>;

/** Sections that speak of one model. */
const OF_MODELS = ['/model', '/usage'];
const isOfModel = (pointer: string): boolean => OF_MODELS.some((section) => pointer === section || pointer.startsWith(`${section}/`));
const pointerOf = (each: Claim | Addition): string => (each.kind === 'claim' ? each.pointer : each.list);

/** Does it say how a model was trained, or on what? */
const isOfTraining = (each: Contribution): boolean =>
  (each.kind === 'claim' || each.kind === 'addition') && /^\/(?:model\/training|datasets)(?:\/|$)/.test(pointerOf(each));

/** Contributions by the model that they are about. */
export function byModel(contributions: readonly Contribution[], owners: Owners): ByModel {
  const placed = contributions.flatMap((each) => {
    const path =
      each.kind === 'sum' || each.from.origin === 'supplied' ? undefined : (('about' in each ? each.about : undefined) ?? each.from.path);
    const owner = path === undefined || each.kind === 'file' ? undefined : owners(path);
    const isOfWhole = owner?.isOfPart !== true || each.kind !== 'claim' || !/^\/model\/(?!training\/)/.test(each.pointer);
    const model = (isOfTraining(each) ? owner?.trained : undefined) ?? owner?.model ?? SUBJECT;
    return isOfWhole ? [{ each, model, nearness: owner?.nearness ?? NEARNESS.beside }] : [];
  });
  const groups = new Map<string, Contribution[]>([[SUBJECT, []]]);
  // The sort is stable: what is equally near stays in the order of the files.
  for (const { each, model, nearness } of placed.sort((a, b) => a.nearness - b.nearness)) {
    const near = each.kind === 'claim' || each.kind === 'addition' ? { ...each, nearness } : each;
    const group = groups.get(model);
    if (group === undefined) groups.set(model, [near]);
    else group.push(near);
  }
  return groups;
}

/** The contributions to a model that is not the subject, at its own place; documents, packages and machines stay where all have theirs. */
export function moved(contributions: readonly Contribution[], model: string): readonly Contribution[] {
  return contributions.flatMap((each): readonly Contribution[] => {
    if (each.kind !== 'claim' && each.kind !== 'addition') return [each];
    const pointer = pointerOf(each);
    // How to use a model is said of the subject only.
    if (pointer.startsWith('/usage')) return [];
    const home = toPointer(['models', model]) + pointer.slice('/model'.length);
    if (each.kind === 'claim') return [isOfModel(pointer) ? { ...each, pointer: home } : each];
    if (pointer === '/components' && isObject(each.item.composition))
      return [{ ...each, item: { ...each.item, composition: { model: { ...(each.item.composition.model as object), model } } } }];
    if (pointer === '/evaluations') return [{ ...each, item: { ...each.item, model } }];
    return [isOfModel(pointer) ? { ...each, list: home } : each];
  });
}

/** What is only tested with is no use of a training. */
const IN_TRAINING: ReadonlySet<unknown> = new Set(['training', 'pretraining', 'finetuning', 'alignment', 'validation']);

/** Which model used which dataset, as far as the sources say in what role. */
export function statedUses(contributions: readonly Contribution[], model: string): readonly StatedUse[] {
  return contributions.flatMap((each): readonly StatedUse[] => {
    if (each.kind !== 'addition' || each.list !== '/datasets' || !Array.isArray(each.item.roles)) return [];
    return [{ model, dataset: each.item.name, roles: each.item.roles.filter((role): role is string => IN_TRAINING.has(role)) }];
  });
}

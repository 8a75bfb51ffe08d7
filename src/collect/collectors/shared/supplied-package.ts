/**
 * The package that a model was supplied in: a component with version, authors and licence of its own. Where nothing nearer speaks, name,
 * version, authors and licence are the model's too.
 */
import type { JsonValue } from '../../../core/canonical-json.js';
import { cut, edgeAddition, type PackageFacts, packageComponent, present } from '../../component.js';
import { type Contribution, directoryOf, type Origin, RANKS } from '../../contribution.js';
import { NEARNESS, type Owners } from '../../models/owners.js';

export interface SuppliedPackage {
  readonly facts: PackageFacts;
  /** Its name as it writes it, where the registry's is another. */
  readonly name?: string;
  /** Names of persons or organisations. */
  readonly authors?: readonly string[];
  /** Components that it asks for, by id, and whether these are all. */
  readonly requirements?: { readonly ids: readonly string[]; readonly complete: boolean };
}

/** A longer name is none. */
const MAX_NAME = 214;
const MAX_AUTHORS = 100;

/** Is the file that of what lies here: at the top, beside weights or above them? What lies elsewhere is a part, or came with one. */
export const isOfWhole = (path: string, owners: Owners): boolean => directoryOf(path) === '' || owners(path).nearness < NEARNESS.below;

/** @param key the source's names of what it says, where they differ */
export function suppliedPackage(
  { facts, name = facts.name, authors = [], requirements }: SuppliedPackage,
  from: Origin,
  keys: Readonly<Partial<Record<'name' | 'version' | 'description' | 'authors' | 'license', string>>> = {},
): readonly Contribution[] {
  const at = (key: keyof typeof keys): Origin => ({ ...from, key: keys[key] ?? key });
  const people = [...new Set(authors.map((name) => name.trim()).filter((name) => name !== '' && name.length <= MAX_NAME))].slice(
    0,
    MAX_AUTHORS,
  );
  const component = packageComponent({ ...facts, ...(people.length > 0 ? { producer: { name: cut(people.join(', ')) } } : {}) });
  const slash = name.lastIndexOf('/');
  const claim = (pointer: string, key: keyof typeof keys, value: JsonValue | undefined): readonly Contribution[] =>
    value === undefined || value === '' ? [] : [{ kind: 'claim', pointer, value, rank: RANKS.package, from: at(key) }];
  const hint = (list: string, key: keyof typeof keys, item: { readonly [key: string]: JsonValue }): Contribution => ({
    kind: 'addition',
    list,
    item,
    from: at(key),
    hint: true,
  });
  return [
    {
      kind: 'addition',
      list: '/components',
      item: { ...component, composition: { model: { model: 'model', relation: 'part' } } },
      from: at('name'),
    },
    ...(requirements === undefined || requirements.ids.length === 0
      ? []
      : [edgeAddition({ ref: String(component.id), dependsOn: requirements.ids, complete: requirements.complete }, from)]),
    ...claim('/model/name', 'name', name.slice(slash + 1)),
    ...claim('/model/group', 'name', slash > 0 ? name.slice(0, slash) : undefined),
    ...claim('/model/version', 'version', facts.version),
    ...claim('/model/description', 'description', facts.description === undefined ? undefined : cut(facts.description)),
    ...people.map((person) => hint('/model/authors', 'authors', { name: person })),
    ...(facts.licenses ?? []).map((license) => hint('/model/licenses', 'license', present({ ...license }))),
  ];
}

/** Ids of the components among contributions. */
export const componentIds = (contributions: readonly Contribution[]): readonly string[] =>
  contributions.flatMap((each) => (each.kind === 'addition' && each.list === '/components' ? [String(each.item.id)] : []));

/** What the parts of one conversion share. */
import { idFrom } from '../../core/id.js';
import type { Manifest, Party, PartyRef } from '../../schema/index.js';
import type { CycloneDXVersion, Extra, MlComponent } from './library.js';

/** How a component becomes JSON. */
export type Normalize = (component: MlComponent) => Extra;

/** Writing. */
export interface Context {
  readonly version: CycloneDXVersion;
  readonly party: (ref: PartyRef | undefined) => Party | undefined;
  /** The bom-ref for an id of the manifest. */
  readonly ref: (id: string) => string;
  /** The bom-ref of what an id refers to; undefined when the document has nothing of that id. */
  readonly target: (id: string) => string | undefined;
  /** The main component's bom-ref. */
  readonly subject: string;
  /** Has the document a main component? */
  readonly hasMain: boolean;
}

/** Is `version` at least `since`? */
export const atLeast = (version: CycloneDXVersion, since: CycloneDXVersion): boolean => Number(version.slice(2)) >= Number(since.slice(2));

/** bom-refs of ids that are none in CycloneDX's eyes, or were not ours: those that a document came with. */
export type RefNames = Readonly<Record<string, string>>;

/** The context without the targets of references, which follow from the whole document. */
export function writeContext(manifest: Manifest, version: CycloneDXVersion, names: RefNames = {}, hasMain = true): Context {
  const parties = new Map((manifest.parties ?? []).flatMap((party) => (party.id === undefined ? [] : [[party.id, party] as const])));
  const ref = (id: string): string => (Object.hasOwn(names, id) ? (names[id] ?? id) : id);
  return {
    version,
    party: (each) => (typeof each === 'string' ? parties.get(each) : each),
    ref,
    target: () => undefined,
    hasMain,
    subject: manifest.bom.subject === 'dataset' ? refOfItem('dataset', manifest.datasets?.[0]?.id, 0, ref) : ref('model'),
  };
}

/** bom-refs follow from ids and places, so that the same manifest gives the same document and no two things share one. */
export function refOfItem(kind: string, id: string | undefined, place: number | string, ref: (id: string) => string): string {
  return id === undefined ? `${kind}:${place}` : ref(id);
}

/** A reference to what an id names, where the document has it. */
export function refTo(id: string, { target }: Context): readonly { readonly ref: string }[] {
  const ref = target(id);
  return ref === undefined ? [] : [{ ref }];
}

/** Reading: which id of the manifest each bom-ref of the document has. */
export interface Ids {
  /** The main thing's bom-ref; its id is `model`, whatever that says. */
  readonly subject: (ref: unknown) => void;
  /**
   * Gives a thing its id, and remembers it for its bom-ref. No id for a bom-ref that a writer gives to things without one
   * (`invented`), and none for a thing without a bom-ref.
   */
  readonly assign: (ref: unknown, invented: string, name: string) => string | undefined;
  /** The same for a thing that must have an id. */
  readonly require: (ref: unknown, name: string) => string;
  readonly idOf: (ref: unknown) => string | undefined;
  /** For every id that is not its bom-ref, the bom-ref. */
  readonly names: () => RefNames;
}

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

export function makeIds(): Ids {
  const taken = new Set(['model']);
  const numbers = new Map<string, number>();
  const byRef = new Map<string, string>();
  const names = new Map<string, string>();
  /** A free id near the wanted one, without trying every number again for every thing of the same name. */
  const freeId = (wanted: string): string => {
    const base = idFrom(wanted);
    let number = numbers.get(base) ?? 1;
    let id = base;
    while (taken.has(id)) id = `${base}-${++number}`;
    numbers.set(base, number);
    taken.add(id);
    return id;
  };
  const give = (ref: string, wanted: string): string => {
    const own = ID.test(ref) && !taken.has(ref);
    const id = own ? ref : freeId(wanted);
    taken.add(id);
    byRef.set(ref, id);
    if (id !== ref) names.set(id, ref);
    return id;
  };
  const isNew = (ref: unknown): ref is string => typeof ref === 'string' && ref !== '' && !byRef.has(ref);
  return {
    subject: (ref) => {
      if (!isNew(ref)) return;
      byRef.set(ref, 'model');
      if (ref !== 'model') names.set('model', ref);
    },
    assign: (ref, invented, name) => (isNew(ref) && ref !== invented ? give(ref, name) : undefined),
    require: (ref, name) => (isNew(ref) ? give(ref, name) : freeId(name)),
    idOf: (ref) => (typeof ref === 'string' ? byRef.get(ref) : undefined),
    names: () => Object.fromEntries(names),
  };
}

/** By what a value is vouched for: recomputed from files, evidence of a source, or a person's word. */
import { evidenceOf, pointersTo, type Statements } from '../manifest/evidence.js';
import type { Evidence, Manifest } from '../schema/index.js';

/** What the files say of a value of the document. */
export interface Recomputed {
  readonly same: boolean;
  /** What they say, in words, where it is something else. */
  readonly found?: string;
}

export type By = 'recomputed' | 'evidenced' | 'attested';

export interface Vouching {
  /** The weakest of what vouches for the values; nothing when one of them has nothing, or when the document speaks of itself alone. */
  by(pointers: readonly string[]): By | undefined;
  /** Those about which a source says something else than the document. */
  disputed(pointers: readonly string[]): readonly string[];
  /** What the files say otherwise, at the pointers or below. */
  refuted(pointers: readonly string[]): readonly (readonly [pointer: string, found: string])[];
}

interface Support {
  readonly by: By | undefined;
  readonly disputed: boolean;
}

/** The document itself and attestations have no evidence: they are who says it. */
const SPEAKS_ITSELF = /^\/(?:bom|attestations)(?:\/|$)/;
const isTold = (pointer: string): boolean => !SPEAKS_ITSELF.test(pointer);

export function vouching(manifest: Manifest, recomputed: ReadonlyMap<string, Recomputed>): Vouching {
  const known = new Map<string, Support>();
  const statements = evidenceOf(manifest);
  const evidence = tree((manifest.evidence ?? []).flatMap(({ values }) => Object.keys(values)));
  const files = tree(recomputed.keys());
  const supportOf = (pointer: string): Support => {
    const found = known.get(pointer) ?? support(pointer, statements, evidence);
    known.set(pointer, found);
    return found;
  };
  const speaks = recomputed.size > 0;
  const dissents = (manifest.evidence ?? []).some(({ values }) => Object.values(values).some(({ said }) => said !== undefined));
  const byOf = (pointer: string): By | undefined => (speaks && isSame(pointer, recomputed, files) ? 'recomputed' : supportOf(pointer).by);
  return {
    by: (pointers) => weakest(pointers.filter(isTold).map(byOf)),
    disputed: (pointers) => (dissents ? pointers.filter((pointer) => isTold(pointer) && supportOf(pointer).disputed) : []),
    refuted: (pointers) =>
      [...new Set(speaks ? pointers.flatMap((pointer) => spoken(pointer, recomputed, files)) : [])].flatMap((pointer) => {
        const found = recomputed.get(pointer);
        return found === undefined || found.same ? [] : [[pointer, found.found ?? 'something else'] as const];
      }),
  };
}

const STRENGTH: readonly By[] = ['attested', 'evidenced', 'recomputed'];

const weakest = (all: readonly (By | undefined)[]): By | undefined =>
  all.includes(undefined) ? undefined : STRENGTH.find((each) => all.includes(each));

/** The pointers below each place. */
function tree(pointers: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const below = new Map<string, string[]>();
  for (const pointer of pointers) {
    for (const above of pointersTo(pointer).slice(1)) {
      const list = below.get(above);
      if (list === undefined) below.set(above, [pointer]);
      else list.push(pointer);
    }
  }
  return below;
}

/** Pointers of which the files say something, at a place or below, or else the nearest one above. */
function spoken(
  pointer: string,
  recomputed: ReadonlyMap<string, Recomputed>,
  files: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const at = pointersTo(pointer).find((each) => recomputed.has(each));
  // That a collection is there does not hang on what each of its entries says.
  const below = pointer.lastIndexOf('/') > 0 ? (files.get(pointer) ?? []) : [];
  return [...(at === undefined ? [] : [at]), ...below];
}

const isSame = (pointer: string, recomputed: ReadonlyMap<string, Recomputed>, files: ReadonlyMap<string, readonly string[]>): boolean => {
  const found = spoken(pointer, recomputed, files);
  return found.length > 0 && found.every((each) => recomputed.get(each)?.same === true);
};

/** Evidence of a value, or of something that is in it. */
function support(pointer: string, statements: (pointer: string) => Statements, below: ReadonlyMap<string, readonly string[]>): Support {
  const own = statements(pointer);
  const inner = own.supports.length > 0 ? [] : (below.get(pointer) ?? []).slice(0, MAX_INNER).map(statements);
  const supports = [own, ...inner].flatMap((each) => each.supports);
  return {
    by: supports.length === 0 ? undefined : supports.every(({ entry }) => isWord(entry)) ? 'attested' : 'evidenced',
    disputed: own.dissents.length > 0,
  };
}

/** Values of an object of which the evidence is looked at. */
const MAX_INNER = 20;

/** Somebody's word alone: no file, no place, no tool. */
const isWord = ({ by, source, tool, origin }: Evidence): boolean =>
  by !== undefined && origin !== 'observed' && source?.path === undefined && source?.uri === undefined && tool === undefined;

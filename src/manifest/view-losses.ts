/** What a view loses along with what is withheld: uses of it, what is about the whole, and what speaks of nothing else. */
import { parsePointer, pointerStep, resolvePointer, toPointer } from '../core/json-pointer.js';
import type { Manifest } from '../schema/index.js';
import { FREE_FORM, holdsId } from './references.js';

/** The new pointer of a place of the original; undefined when it is gone, or what holds it is. */
export type Place = (pointer: string) => string | undefined;

/** Maps whose keys are pointers themselves. */
export const KEYED_BY_POINTERS = /^(\/evidence\/\d+\/keys|\/bom\/audiences)$/;

/** What is withheld along with what is, as it names it or is about the whole; and what is left out without a word, as it speaks of nothing. */
export interface Along {
  readonly hidden: readonly string[];
  readonly idle: readonly string[];
}

/** @param seen what is left of the original when the withheld places are left out */
export function lostAlong(original: Manifest, seen: Manifest, place: Place, withheld: readonly string[]): Along {
  const files = lostFiles(original, seen);
  return {
    hidden: [...usesOfLost(original, seen, place, files), ...wholes(original, withheld, files)],
    idle: [...idleOf(original, place, files)],
  };
}

/** Where the original names things that are gone: the ids, the paths of files, and edges that would lead nowhere. */
function usesOfLost(original: Manifest, seen: Manifest, place: Place, files: Files): ReadonlySet<string> {
  const [before, after] = [idsOf(original), idsOf(seen)];
  const lost = new Set([...before].filter((id) => !after.has(id)));
  const uses = new Set<string>();
  if (lost.size > 0) collectUses(original, '', '', '', lost, uses);
  original.dependencies?.forEach(({ ref, dependsOn }, i) => {
    const targets = `/dependencies/${i}/dependsOn`;
    const isLost = (id: string, j: number): boolean => lost.has(id) || place(`${targets}/${j}`) === undefined;
    // An edge to nothing that may be seen would say that there is none.
    if (lost.has(ref) || (dependsOn.length > 0 && dependsOn.every(isLost))) uses.add(`/dependencies/${i}`);
  });
  if (files.paths.size > 0) collectPaths(original, '', '', '', files.paths, uses);
  original.adapters?.forEach(({ artifacts }, i) => {
    artifacts?.forEach((path, j) => {
      if (files.paths.has(path)) uses.add(`/adapters/${i}/artifacts/${j}`);
    });
  });
  return uses;
}

interface Files {
  readonly paths: ReadonlySet<string>;
  readonly digests: ReadonlySet<string>;
}

/** What names the files that are withheld and no file that is left. */
function lostFiles(original: Manifest, seen: Manifest): Files {
  const [before, after] = [filesOf(original), filesOf(seen)];
  return {
    paths: new Set([...before.paths].filter((path) => !after.paths.has(path))),
    digests: new Set([...before.digests].filter((digest) => !after.digests.has(digest))),
  };
}

function filesOf({ artifacts = [] }: Manifest): Files {
  return {
    paths: new Set(artifacts.map(({ path }) => path)),
    // A file that lacks its digest is refused, but only at the end.
    digests: new Set(artifacts.flatMap(({ digest }) => digest?.sha256 ?? [])),
  };
}

/** Lists of files, and of parts, whose own `path` is no use of a file: an adapter's base has files of its own. */
const OWN_PATHS: ReadonlySet<string> = new Set(['artifacts', 'files', 'parts']);

/** Where objects name files; the whole object when it tells the file's digest too. A source of evidence is no value of the model. */
function collectPaths(value: unknown, pointer: string, key: string, parent: string, paths: ReadonlySet<string>, uses: Set<string>): void {
  if (typeof value === 'string') {
    const isPath = (key === 'path' && !OWN_PATHS.has(parent)) || (key === 'target' && (parent === 'scans' || parent === 'scan'));
    if (isPath && paths.has(value)) uses.add(pointer);
  } else if (Array.isArray(value)) value.forEach((item, i) => void collectPaths(item, `${pointer}/${i}`, key, parent, paths, uses));
  else if (typeof value === 'object' && value !== null && !FREE_FORM.has(key) && pointer !== '/evidence') {
    for (const [name, member] of Object.entries(value)) collectPaths(member, pointer + pointerStep(name), name, key, paths, uses);
    if ('digest' in value && uses.has(`${pointer}/path`)) uses.add(pointer);
  }
}

function idsOf(manifest: Manifest): ReadonlySet<string> {
  const ids = new Set<string>(['model']);
  const visit = (value: unknown, key: string, parent: string): void => {
    if (typeof value === 'string') {
      if (key === 'id' && holdsId(key, parent)) ids.add(value);
    } else if (Array.isArray(value)) for (const item of value) visit(item, key, parent);
    else if (typeof value === 'object' && value !== null && !FREE_FORM.has(key))
      for (const [name, member] of Object.entries(value)) visit(member, name, key);
  };
  visit(manifest, '', '');
  return ids;
}

function collectUses(value: unknown, pointer: string, key: string, parent: string, lost: ReadonlySet<string>, uses: Set<string>): void {
  if (typeof value === 'string') {
    if (key !== 'id' && holdsId(key, parent) && lost.has(value)) uses.add(pointer);
  } else if (Array.isArray(value)) value.forEach((item, i) => void collectUses(item, `${pointer}/${i}`, key, parent, lost, uses));
  else if (typeof value === 'object' && value !== null && !FREE_FORM.has(key))
    for (const [name, member] of Object.entries(value)) collectUses(member, pointer + pointerStep(name), name, key, lost, uses);
}

/** The dataset, or adapter, of a pointer into its list of files. */
const HAS_FILES = /^(\/datasets\/\d+(?=\/files(\/|$))|\/adapters\/\d+(?=\/artifacts(\/|$)))/;

const isFile = (pointer: string): boolean => /^\/artifacts(\/|$)/.test(pointer);

/** What is about the whole and does not hold of a part: signatures, digests over lists of files, and content that may hold what is withheld. */
function wholes(manifest: Manifest, withheld: readonly string[], { paths }: Files): readonly string[] {
  const places = ['/foreign', '/bom/signatures'];
  if (withheld.some(isFile)) places.push('/model/rootDigest');
  const cut = new Set(withheld.flatMap((pointer) => HAS_FILES.exec(pointer)?.[0] ?? []));
  manifest.adapters?.forEach(({ artifacts = [] }, i) => {
    const adapter = `/adapters/${i}`;
    if (artifacts.some((path) => paths.has(path)) || cut.has(adapter)) places.push(`${adapter}/digest`);
  });
  manifest.datasets?.forEach((_, i) => {
    const dataset = `/datasets/${i}`;
    if (cut.has(dataset)) places.push(`${dataset}/digest`, `${dataset}/size/bytes`);
  });
  return places.filter((pointer) => resolvePointer(manifest, pointer) !== undefined);
}

/**
 * Evidence, audiences and declarations about nothing that is left, and about those in turn; a file that is withheld is
 * not named as a source either.
 */
function idleOf(manifest: Manifest, place: Place, files: Files): ReadonlySet<string> {
  const idle = new Set<string>();
  /** What follows when a place, or what holds it, goes. */
  const followers = new Map<string, (() => void)[]>();
  const whenGone = (pointer: string, isGone: boolean, follow: () => void): void => {
    if (isGone || place(pointer) === undefined) {
      follow();
      return;
    }
    // Nothing else is idle.
    if (!/^\/(evidence|bom)\//.test(pointer)) return;
    for (const at of [pointer, ...parentsOf(pointer)]) {
      const others = followers.get(at);
      if (others === undefined) followers.set(at, [follow]);
      else others.push(follow);
    }
  };
  const isNothing = (pointer: string): boolean => resolvePointer(manifest, pointer) === undefined;
  manifest.evidence?.forEach(({ pointers, keys = {}, source }, i) => {
    const entry = `/evidence/${i}`;
    const about = new Set(pointers);
    const left = new Set(Object.keys(keys));
    const dropKey = (pointer: string): void => {
      if (!left.delete(pointer)) return;
      idle.add(`${entry}/keys${pointerStep(pointer)}`);
      if (left.size === 0) idle.add(`${entry}/keys`);
    };
    const drop = (pointer: string): void => {
      dropKey(pointer);
      about.delete(pointer);
      // Of an entry without pointers nothing is left to say, but what of it is withheld.
      if (about.size === 0) idle.add(entry);
    };
    pointers.forEach((pointer, j) => {
      const at = `${entry}/pointers/${j}`;
      if (place(at) === undefined) drop(pointer);
      whenGone(pointer, isNothing(pointer), () => {
        idle.add(at);
        drop(pointer);
      });
    });
    for (const pointer of left) if (!about.has(pointer)) dropKey(pointer);
    const { path = '', name = '', digest } = source ?? {};
    if (files.paths.has(path) || files.paths.has(name) || files.digests.has(digest?.sha256 ?? '')) idle.add(`${entry}/source`);
  });
  for (const pointer of Object.keys(manifest.bom.audiences ?? {}))
    whenGone(pointer, isNothing(pointer), () => void idle.add(`/bom/audiences${pointerStep(pointer)}`));
  manifest.bom.declarations?.forEach(({ pointer }, i) => {
    // Most tell why there is nothing.
    whenGone(pointer, false, () => void idle.add(`/bom/declarations/${i}`));
  });
  // What is added on the way has its turn as well.
  for (const at of idle) for (const follow of followers.get(at) ?? []) follow();
  return idle;
}

export function parentsOf(pointer: string): readonly string[] {
  const keys = parsePointer(pointer) ?? [];
  return keys.map((_, i) => toPointer(keys.slice(0, i)));
}

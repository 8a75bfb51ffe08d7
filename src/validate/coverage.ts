import { parsePointer, pointerStep, resolvePointer } from '../core/json-pointer.js';
import { isObject } from '../core/objects.js';
import type { EvidenceValue, Manifest } from '../schema/index.js';

/** What the evidence of a manifest proves. */
export interface Coverage {
  /** Number of values by the section they stand in, with the pointers of those without evidence. */
  readonly sections: ReadonlyMap<string, { readonly values: number; readonly missing: readonly string[] }>;
  /** Pointers to members patterns, in the manifest's evidence, that match nothing. */
  readonly unmatched: readonly { readonly entry: number; readonly pointer: string; readonly member: string }[];
  /** Was everything looked at? Not so when patterns are made to be expensive. */
  readonly complete: boolean;
}

/** Sections about the document itself, or not of the specification. */
const APART = new Set(['$schema', 'bom', 'evidence', 'foreign', 'extensions']);

/** One pattern of `members`, such as `*`, `digest`. */
interface Pattern {
  readonly entry: number;
  readonly pointer: string;
  readonly member: string;
  readonly steps: readonly string[];
  hit: boolean;
}

/** What evidence says at one place. */
interface Claims {
  /** Entries whose source said what the manifest says. */
  readonly agree: Set<number>;
  /** Entries whose source said something else. */
  readonly differ: Set<number>;
  readonly patterns: Pattern[];
}

/** A pattern of which a number of steps are met. */
interface Active {
  readonly pattern: Pattern;
  readonly met: number;
}

/** What changes at a place: patterns that go on, entries that begin to speak there and those that are silent. */
interface Inside {
  readonly active: readonly Active[];
  readonly entered: readonly number[];
  readonly left: readonly number[];
}

interface Walk {
  readonly claims: ReadonlyMap<string, Claims>;
  /** Entries that speak for where the walk is. */
  readonly speaking: Set<number>;
  steps: number;
  exhausted: boolean;
}

/** Each value may be compared with so many patterns on average. */
const STEPS = 50;
const FREE_STEPS = 1_000_000;

/**
 * Does this say of the value at its pointer what the manifest says? A source that said something else is no evidence for the
 * value; one that gave a part of a set is.
 */
export function agrees({ said }: EvidenceValue, value: unknown): boolean {
  if (said === undefined || said === null) return true;
  if (!Array.isArray(said) || !Array.isArray(value)) return false;
  const members = new Set(value.map((each) => JSON.stringify(each)));
  return said.every((each) => members.has(JSON.stringify(each)));
}

/** Works out which values have evidence: one walk over the values, with the entries that speak for each. */
export function coverageOf(manifest: Manifest): Coverage {
  const { claims, patterns } = claimsOf(manifest);
  const walk: Walk = { claims, speaking: new Set(), steps: FREE_STEPS, exhausted: false };
  const sections = new Map<string, { values: number; missing: string[] }>();
  const root = enter(walk, '', []);
  for (const [name, section] of Object.entries(manifest)) {
    if (APART.has(name)) continue;
    const found = { values: 0, missing: [] };
    const pointer = pointerStep(name);
    cover(section, pointer, advance(walk, root.active, name), walk, found);
    sections.set(name, found);
  }
  const complete = !walk.exhausted;
  return { sections, complete, unmatched: complete ? patterns.filter(({ hit }) => !hit) : [] };
}

function claimsOf(manifest: Manifest): { readonly claims: Map<string, Claims>; readonly patterns: Pattern[] } {
  const claims = new Map<string, Claims>();
  const patterns: Pattern[] = [];
  manifest.evidence?.forEach(({ values }, entry) => {
    for (const [pointer, said] of Object.entries(values)) {
      const at = claims.get(pointer) ?? { agree: new Set(), differ: new Set(), patterns: [] };
      claims.set(pointer, at);
      if (!agrees(said, said.said === undefined ? undefined : resolvePointer(manifest, pointer))) at.differ.add(entry);
      else if (said.members === undefined) at.agree.add(entry);
      for (const member of new Set(said.members)) {
        const pattern = { entry, pointer, member, steps: parsePointer(`/${member}`) ?? [member], hit: false };
        at.patterns.push(pattern);
        patterns.push(pattern);
      }
    }
  });
  return { claims, patterns };
}

function cover(value: unknown, pointer: string, active: readonly Active[], walk: Walk, found: { values: number; missing: string[] }): void {
  const inside = enter(walk, pointer, active);
  walk.steps += STEPS;
  const keys = isObject(value) ? Object.keys(value) : [];
  if (isObject(value) && keys.length > 0) {
    for (const key of keys)
      if (key !== 'extensions') cover(value[key], pointer + pointerStep(key), advance(walk, inside.active, key), walk, found);
  } else {
    found.values++;
    if (walk.speaking.size === 0) found.missing.push(pointer);
  }
  for (const entry of inside.left) walk.speaking.add(entry);
  for (const entry of inside.entered) walk.speaking.delete(entry);
}

/** What changes at a place of which evidence says nothing of its own. */
const AS_ABOVE = { active: [], entered: [], left: [] } as const;

/** Takes in what evidence says at a place; of one entry the deeper pointer wins. */
function enter(walk: Walk, pointer: string, active: readonly Active[]): Inside {
  const at = walk.claims.get(pointer);
  if (at === undefined && active.length === 0) return AS_ABOVE;
  const done = active.filter(({ pattern, met }) => met === pattern.steps.length);
  const entered: number[] = [];
  const left: number[] = [];
  for (const { pattern } of done) pattern.hit = true;
  const speak = (entry: number): void => {
    if (walk.speaking.has(entry)) return;
    walk.speaking.add(entry);
    entered.push(entry);
  };
  for (const { pattern } of done) speak(pattern.entry);
  for (const entry of at?.agree ?? []) speak(entry);
  for (const entry of at?.differ ?? []) if (walk.speaking.delete(entry)) left.push(entry);
  const going = at === undefined ? active : active.filter(({ pattern }) => !at.differ.has(pattern.entry));
  const begun = (at?.patterns ?? []).map((pattern) => ({ pattern, met: 0 }));
  return { active: [...going.filter(({ pattern, met }) => met < pattern.steps.length), ...begun], entered, left };
}

/** The patterns that go on below a key. */
function advance(walk: Walk, active: readonly Active[], key: string): readonly Active[] {
  if (active.length === 0) return active;
  const going: Active[] = [];
  for (const { pattern, met } of active) {
    if (walk.exhausted || --walk.steps < 0) {
      walk.exhausted = true;
      return going;
    }
    const step = pattern.steps[met];
    if (step === '*' || step === key) going.push({ pattern, met: met + 1 });
  }
  return going;
}

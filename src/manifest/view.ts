/**
 * Views of a manifest for an audience. `bom.audiences` says who may see what; a view is a document of its own that leaves out the rest,
 * all that names it, and says where.
 */

import { MsbomError } from '../core/error.js';
import { pointerStep, resolvePointer } from '../core/json-pointer.js';
import { bare, isList, isObject } from '../core/objects.js';
import { uuidFrom } from '../core/uuid.js';
import { checkSchema } from '../schema/check.js';
import { type Manifest, referencesIn } from '../schema/index.js';
import { digestManifest } from './digest.js';
import { pointersTo } from './evidence.js';
import { type Both, lostAlong } from './view-losses.js';
import { told } from './view-words.js';

export const VIEWS = ['public', 'downstream', 'authority', 'internal'] as const;
export type View = (typeof VIEWS)[number];

/** Who else sees what is for an audience: the words of `bom.audiences`. */
const SEES: Readonly<Record<View, ReadonlySet<string>>> = {
  public: new Set(['public']),
  downstream: new Set(['public', 'downstream']),
  authority: new Set(['public', 'downstream', 'authority', 'ai-office']),
  internal: new Set(['public', 'downstream', 'authority', 'ai-office', 'internal']),
};

export interface ViewResult {
  /** Without the values, and all that refers to them. What it must not lack may be gone: `validateManifest` tells. */
  readonly manifest: Manifest;
  /** Pointers of what was left out, in the manifest that was given; the parts of what was left out as a whole are not listed. */
  readonly withheld: readonly string[];
}

interface Run {
  /** Who may see a place: what is below a list has the audience of the list. */
  readonly audiences: ReadonlyMap<string, string>;
  /** Uses of things that are withheld: withheld as well. */
  readonly hidden: ReadonlySet<string>;
  /** Places with an audience or a hidden place somewhere below them. */
  readonly above: ReadonlySet<string>;
  readonly sees: ReadonlySet<string>;
  readonly withheld: string[];
}

/**
 * The manifest as the audience may see it; the same object when it may see all. Else it has a serial number of its own, which follows
 * from the manifest and the view, and `bom.derivedFrom` names what it was made from.
 *
 * @throws ERR_MANIFEST_INVALID when what a manifest must have is not for the audience
 */
export function viewOf(manifest: Manifest, view: View): ViewResult {
  const audiences = wholeLists(manifest, SEES[view]);
  const references = audiences.size === 0 ? [] : referencesIn(manifest);
  let hidden: ReadonlySet<string> = new Set();
  for (;;) {
    const above = new Set([...audiences.keys(), ...hidden].flatMap((pointer) => pointersTo(pointer).slice(1)));
    const run: Run = { audiences, hidden, above, sees: SEES[view], withheld: [] };
    const seen = keep(manifest, '', 'public', run);
    const { withheld } = run;
    if (withheld.length === 0) return { manifest, withheld };
    if (!isObject(seen) || !isObject(seen.bom)) throw refusal(view, '/bom');
    // The members that are left have the types that they had. What is gone only grows from round to round.
    const next = new Set([...hidden, ...lostAlong({ original: manifest, seen: seen as unknown as Manifest, references }, withheld)]);
    if (next.size === hidden.size)
      return { manifest: finished({ original: manifest, seen: seen as unknown as Manifest, references }, withheld, view), withheld };
    hidden = next;
  }
}

/** The audiences by place; where one points into a list, the stricter one counts for the whole list. */
function wholeLists(manifest: Manifest, sees: ReadonlySet<string>): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  for (const [pointer, audience] of Object.entries(manifest.bom.audiences ?? {})) {
    const at = [...pointersTo(pointer)].reverse().find((each) => isList(resolvePointer(manifest, each))) ?? pointer;
    if (!places.has(at) || !sees.has(audience)) places.set(at, audience);
  }
  return places;
}

/** What is left of a value; undefined when nothing is. */
function keep(value: unknown, pointer: string, inherited: string, run: Run): unknown {
  const audience = run.audiences.get(pointer) ?? inherited;
  const isHidden = run.hidden.has(pointer);
  // A word that this program does not know is for nobody but those who see all.
  const isSeen = !isHidden && run.sees.has(audience);
  const hasParts = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (isHidden || !hasParts || !run.above.has(pointer)) {
    if (!isSeen) run.withheld.push(pointer);
    return isSeen ? value : undefined;
  }
  const from = run.withheld.length;
  const left = isList(value)
    ? value.filter((item, i) => keep(item, `${pointer}/${i}`, audience, run) !== undefined)
    : Object.entries(value).flatMap(([key, member]): [string, unknown][] => {
        const part = keep(member, pointer + pointerStep(key), audience, run);
        return part === undefined ? [] : [[key, part]];
      });
  if (left.length > 0) return isList(value) ? itemsOf(value, pointer, audience, run) : bare(left as [string, unknown][]);
  // Without a part that may be seen it is one place.
  if (!isSeen) run.withheld.splice(from, Number.POSITIVE_INFINITY, pointer);
  return undefined;
}

/** The items that are left, each without its parts that are not. */
const itemsOf = (items: readonly unknown[], pointer: string, audience: string, run: Run): unknown[] =>
  items.map((item, i) => keep(item, `${pointer}/${i}`, audience, { ...run, withheld: [] })).filter((item) => item !== undefined);

function finished(both: Both, withheld: readonly string[], view: View): Manifest {
  const { original } = both;
  const { serialNumber, version } = original.bom;
  const digest = digestManifest(original);
  const whole = told(both, withheld, view);
  const bom = {
    ...whole.bom,
    serialNumber: serialNumberOf(digest, view),
    version: 1,
    derivedFrom: { serialNumber, version, digest: { sha256: digest } },
  };
  // What the view says of itself may have been declared unknown.
  const isOvertaken = (pointer: string): boolean =>
    resolvePointer(original, pointer) === undefined && resolvePointer({ bom }, pointer) !== undefined;
  const declarations = bare(Object.entries(bom.declarations ?? {}).filter(([pointer]) => !isOvertaken(pointer)));
  const manifest = { ...whole, bom: { ...bom, declarations } };
  const [first] = checkSchema(manifest);
  if (first !== undefined) throw refusal(view, first.instancePath);
  const subject = original.bom.subject ?? 'model';
  const isThere = subject === 'model' ? manifest.model !== undefined || original.model === undefined : manifest.bom.subject === subject;
  if (!isThere) throw refusal(view, '/bom/subject');
  return manifest;
}

const refusal = (view: View, pointer: string): MsbomError =>
  new MsbomError('ERR_MANIFEST_INVALID', `what the view ${view} may see is no manifest: something it must have is for others`, {
    pointer,
    hint: 'Correct `bom.audiences` so that required fields have the audience of what holds them.',
  });

/** A UUID (RFC 9562, version 8) that follows from the document and the view. */
const serialNumberOf = (digest: string, view: View): string => `urn:uuid:${uuidFrom(`${digest} ${view}`)}`;

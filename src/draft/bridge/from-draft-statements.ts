/** What the draft says of the document itself, and its evidence. */
import { parsePointer, resolvePointer, toPointer } from '../../core/json-pointer.js';
import { type Manifest, referencesIn } from '../../schema/index.js';
import type { Sections } from './from-draft.js';
import { filled, fromMap, get, inner, isThing, type Thing, take, takeList, takeText, takeTexts, type Value } from './json.js';
import { kebabWord } from './words.js';

/** The document's own data; pointers in it follow at the end, when everything has its place. */
export function documentFrom(rest: Thing, model: Thing | undefined, sections: Sections): Thing {
  const bom = take(rest, 'bom') as Thing; // required
  const context = inner(bom, 'generationContext');
  const basis = context === undefined ? undefined : take(context, 'evidence');
  if (context !== undefined && basis !== undefined) context.basis = basis;
  sections.moves.move('/bom/generationContext/evidence', '/bom/generationContext/basis');
  const subject = take(bom, 'subject');
  const [dataset] = sections.of.get('datasets')?.keys() ?? [];
  if (subject === 'dataset' && dataset !== undefined) bom.subject = dataset;
  else if (subject === 'adapter' && model !== undefined) {
    model.kind = 'adapter';
    sections.moves.move('/bom/subject', '/model/kind');
  } else if (subject !== undefined) bom.subject = 'model';
  const declarations = new Map<string, Value>();
  for (const [i, declaration] of takeList(bom, 'declarations').entries()) {
    const pointer = sections.moves.place(takeText(declaration, 'pointer') ?? '');
    sections.moves.move(`/bom/declarations/${i}`, `/bom/declarations${toPointer([pointer ?? ''])}`);
    if (pointer === undefined || declarations.has(pointer)) sections.lost.push(`/bom/declarations/${i}`);
    else declarations.set(pointer, declaration);
  }
  if (declarations.size > 0) bom.declarations = fromMap(declarations);
  const whole = filled({ ...rest, model, ...Object.fromEntries([...sections.of].map(([name, map]) => [name, fromMap(map)])) });
  const audiences = audiencesFrom(take(bom, 'audiences'), whole, sections);
  if (audiences.size > 0) bom.audiences = fromMap(audiences);
  return bom;
}

/** Widest first. */
const AUDIENCES = ['public', 'downstream', 'authority', 'ai-office', 'internal'];

/** Who may see what: every place that a value has now; where two meet, the narrower circle. */
function audiencesFrom(audiences: Value | undefined, whole: Thing, { moves }: Sections): Map<string, Value> {
  const out = new Map<string, Value>();
  for (const [pointer, audience] of isThing(audiences) ? Object.entries(audiences) : []) {
    const place = moves.place(pointer);
    for (const at of new Set([...moves.places(pointer, whole, true), ...(place === undefined ? [] : [place])])) {
      const known = out.get(at);
      if (known === undefined || AUDIENCES.indexOf(String(audience)) > AUDIENCES.indexOf(String(known))) out.set(at, audience);
    }
  }
  return out;
}

/** Statements with their pointers at what they speak of now. What speaks of nothing that is there is lost. */
export function evidenceFrom(evidence: readonly Thing[], out: Thing, { moves, lost }: Sections): Thing[] {
  const artifacts = inner(out, 'artifacts') ?? {};
  return evidence.flatMap((entry, i) => {
    const keys = take(entry, 'keys');
    const dissents = take(entry, 'said');
    const values = new Map<string, Value>();
    for (const pointer of takeTexts(entry, 'pointers')) {
      const places = moves.places(pointer, out, true);
      if (places.length === 0) lost.push(`/evidence/${i}/pointers${toPointer([pointer])}`);
      const key = isThing(keys) ? get(keys, pointer) : undefined;
      const said = isThing(dissents) ? get(dissents, pointer) : undefined;
      for (const place of places) {
        const known = values.get(place);
        values.set(place, isThing(known) && known.key !== undefined ? known : { ...filled({ key }), ...saidAt(place, said, pointer, out) });
      }
    }
    const source = inner(entry, 'source');
    if (source !== undefined && typeof source.path === 'string' && !Object.hasOwn(artifacts, source.path)) {
      const path = take(source, 'path');
      source.name ??= path ?? null;
    }
    return values.size === 0 ? [] : [{ ...entry, values: fromMap(values) }];
  });
}

/** What a source said instead, as it would stand at the place. Of a set it is the members that the source gave. */
function saidAt(place: string, said: Value | undefined, pointer: string, out: Thing): Thing {
  if (said === undefined) return {};
  const value = typeof said === 'string' ? kebabWord(pointer, said) : said;
  return { said: Array.isArray(resolvePointer(out, place)) && !Array.isArray(value) ? [value] : value };
}

/** Takes out references to things of a kind that they cannot name any more. */
export function withoutUnresolved(out: Thing, { lost }: Sections): void {
  const manifest = out as unknown as Manifest; // all but its evidence
  const isKnown = (collection: string, key: string): boolean => Object.hasOwn(inner(out, collection) ?? {}, key);
  const unresolved = referencesIn(manifest).filter(({ row, value }) => {
    if (row.beside !== undefined) return false;
    return !row.in.some((collection) => isKnown(collection, value)) && !(row.subject === true && value === 'model' && isThing(out.model));
  });
  // From the back, so that places in lists stay what they are.
  for (const { pointer, member, value } of [...unresolved].reverse()) {
    if (member === 'Reference.path' && named(out, pointer, value)) continue;
    lost.push(pointer);
    const isWhole = member === 'DatasetUse.dataset' || member === 'ParentReference.model' || member === 'PartReference.model';
    remove(out, isWhole ? pointer.slice(0, pointer.lastIndexOf('/')) : pointer);
  }
}

/** Calls a reference by the path that it cannot have here: files of a dataset that is a part are none of the document. */
function named(out: Thing, pointer: string, path: string): boolean {
  const reference = resolvePointer(out, pointer.slice(0, pointer.lastIndexOf('/')));
  if (!isThing(reference) || reference.title !== undefined) return false;
  delete reference.path;
  reference.title = path;
  return true;
}

/** Takes out a value, and what holds nothing then. */
function remove(document: Thing, pointer: string): void {
  const keys = parsePointer(pointer) ?? [];
  for (let last = keys.pop(); last !== undefined; last = keys.pop()) {
    const parent = resolvePointer(document, toPointer(keys));
    if (Array.isArray(parent)) {
      parent.splice(Number(last), 1);
      if (parent.length > 0) return;
    } else if (isThing(parent)) {
      delete parent[last];
      if (Object.keys(parent).length > 0) return;
    }
  }
}

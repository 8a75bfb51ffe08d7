/** A manifest of the revised form → the draft, for what still speaks that. Holds what the draft can hold, and tells the rest. */
import { MsbomError } from '../../core/error.js';
import { parsePointer, resolvePointer, toPointer } from '../../core/json-pointer.js';
import { checkSchema } from '../../schema/check.js';
import { SECTIONS as DRAFT_SECTIONS, type Manifest as Draft } from '../../schema/index.js';
import type { Manifest } from '../schema/index.js';
import type { Bridged } from './from-draft.js';
import { held } from './held.js';
import { below, entriesOf, filled, get, inner, isThing, type Thing, take, type Value, type Work, work } from './json.js';
import { generatorsTo, modelTo } from './to-draft-model.js';
import { assuranceTo, datasetTo, dependenciesTo, evaluationTo, scansTo, systemTo } from './to-draft-things.js';
import { camelWord } from './words.js';

/** A manifest on its way to the draft. Where its objects end up is known only when all that does not fit is out. */
export interface Drafting extends Work {
  /** The revised manifest. */
  readonly source: Thing;
  /** Says that a member of an object of the draft, or with '' the object, is what stood at a pointer. */
  from(thing: Thing, member: string, pointer: string): void;
}

/**
 * A manifest, valid by its schema, in the draft. Statements that contradict are left out, and told.
 * @throws ERR_MANIFEST_VALUE when the document describes something else: the draft knows models and datasets only
 */
export function toDraft(manifest: Manifest): Bridged<Draft> {
  const source = structuredClone(manifest) as unknown as Thing; // a manifest is JSON
  const subject = inner(source, 'bom')?.subject ?? 'model';
  const isModel = subject === 'model' && inner(source, 'model') !== undefined;
  if (!isModel && !Object.hasOwn(inner(source, 'datasets') ?? {}, String(subject)))
    throw new MsbomError('ERR_MANIFEST_VALUE', 'the document describes neither a model nor a dataset, and cannot be converted yet', {
      pointer: '/bom/subject',
    });
  const homes: [Thing, string, string][] = [];
  const drafting: Drafting = { ...work(), source, from: (thing, member, pointer) => homes.push([thing, member, pointer]) };
  const evidence = take(source, 'evidence');
  const foreign = take(source, 'foreign');
  const document = inner(source, 'bom') ?? {};
  const pointed = { declarations: take(document, 'declarations'), audiences: take(document, 'audiences') };
  const draft = sectionsTo(source, drafting);
  camelWords(draft, '');
  drafting.lost.push(...held(draft, checkSchema));
  settle(draft, homes, drafting);
  documentPointers(draft, pointed, drafting);
  const statements = evidenceTo(Array.isArray(evidence) ? evidence.filter(isThing) : [], draft, manifest, drafting);
  const whole = { ...draft, ...(statements.length > 0 ? { evidence: statements } : {}), ...(foreign === undefined ? {} : { foreign }) };
  // What was added last: nothing points into it.
  drafting.lost.push(...held(whole, checkSchema));
  return { manifest: whole as unknown as Draft, lost: [...new Set(drafting.lost)].sort() }; // held to the schema of the draft
}

const LISTS: Readonly<Record<string, (thing: Thing, at: string, drafting: Drafting) => void>> = {
  parties: () => {},
  datasets: datasetTo,
  environments: () => {},
  components: () => {},
  services: () => {},
  evaluations: evaluationTo,
  robustnessTests: evaluationTo,
};
/** Lists whose items have no id in the draft. */
const NAMELESS: Readonly<Record<string, (thing: Thing) => void>> = {
  documents: () => {},
  provenance: () => {},
  attestations(thing) {
    const references = take(thing, 'references');
    if (references !== undefined) thing.evidence = references;
  },
};

function sectionsTo(source: Thing, drafting: Drafting): Thing {
  const { models: _models, model: _model, bom, artifacts: _artifacts, dependencies: _dependencies, ...rest } = source;
  const lists = Object.fromEntries(
    [...Object.keys(LISTS), ...Object.keys(NAMELESS)].map((name) => [name, listTo(name, drafting)]),
  ) as Record<string, Thing[]>; // each of them
  const { bom: document, first } = documentTo(bom as Thing, drafting); // required
  const ownFiles = first === undefined ? [] : takePaths(first, lists.datasets, drafting);
  const files = artifactsTo(drafting);
  const { members, placed } = modelTo(files, lists.datasets ?? [], drafting);
  for (const dataset of lists.datasets ?? []) generatorsTo(dataset, placed, drafting);
  const adapter = inner(members, 'model');
  if (adapter !== undefined && get(adapter, 'kind') === 'adapter') {
    delete adapter.kind;
    document.subject = 'adapter';
    drafting.from(document, 'subject', '/model/kind');
  }
  drafting.lost.push(...entriesOf(source.models).flatMap(([id]) => (placed.has(id) ? [] : [below('/models', id)])));
  const draft: Thing = { ...rest, bom: document, ...members, dependencies: dependenciesTo(drafting) };
  for (const [name, list] of Object.entries(lists)) draft[name] = list;
  draft.artifacts = files.filter(({ path }) => !ownFiles.includes(String(path)));
  const own = files.filter(({ path }) => ownFiles.includes(String(path)));
  if (own.length > 0 && lists.datasets?.[0] !== undefined) lists.datasets[0].files = own;
  systemTo(draft, drafting);
  assuranceTo(draft, files, drafting);
  const kept = Object.entries(draft).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  const place = (key: string): number => (DRAFT_SECTIONS as readonly string[]).indexOf(key);
  return Object.fromEntries(kept.sort(([a], [b]) => place(a) - place(b)));
}

function listTo(name: string, drafting: Drafting): Thing[] {
  return entriesOf(drafting.source[name]).map(([id, thing]) => {
    const at = below('', name, id);
    drafting.moves.move(at);
    const item: Thing = Object.hasOwn(LISTS, name) ? { id, ...thing } : thing;
    drafting.from(item, '', at);
    LISTS[name]?.(item, at, drafting);
    NAMELESS[name]?.(item);
    if (name === 'attestations') drafting.from(item, 'evidence', `${at}/references`);
    return item;
  });
}

/** Files with their paths. */
function artifactsTo(drafting: Drafting): Thing[] {
  return entriesOf(drafting.source.artifacts).map(([path, file]) => {
    const at = below('/artifacts', path);
    drafting.moves.move(at);
    const item: Thing = { path, ...file };
    drafting.from(item, '', at);
    scansTo(item, 'scan', at, drafting);
    return item;
  });
}

/** Puts the dataset that is described first, and takes the paths of its files. */
function takePaths(id: string, datasets: Thing[] | undefined, drafting: Drafting): string[] {
  const place = datasets?.findIndex((dataset) => dataset.id === id) ?? -1;
  const [dataset] = place < 0 ? [] : (datasets?.splice(place, 1) ?? []);
  if (dataset === undefined) return [];
  datasets?.unshift(dataset);
  drafting.moves.move(below('/datasets', id, 'artifacts'), '/datasets/0/files');
  const paths = take(dataset, 'artifacts');
  return Array.isArray(paths) ? paths.map(String) : [];
}

function documentTo(bom: Thing, drafting: Drafting): { readonly bom: Thing; readonly first: string | undefined } {
  const subject = take(bom, 'subject');
  const context = inner(bom, 'generationContext');
  const basis = context === undefined ? undefined : take(context, 'basis');
  if (context !== undefined && basis !== undefined) context.evidence = basis;
  drafting.moves.move('/bom/generationContext/basis', '/bom/generationContext/evidence');
  if (bom.specVersion !== '1.0') drafting.lost.push('/bom/specVersion');
  const document: Thing = { ...bom, specVersion: '1.0' };
  const isDataset = typeof subject === 'string' && Object.hasOwn(inner(drafting.source, 'datasets') ?? {}, subject);
  if (!isDataset) return { bom: document, first: undefined };
  return { bom: { ...document, subject: 'dataset' }, first: subject };
}

function camelWords(value: Value, pointer: string): Value {
  if (typeof value === 'string') return camelWord(pointer, value);
  if (typeof value !== 'object' || value === null) return value;
  const thing = value as Thing; // or a list, whose items have numbers
  for (const [key, each] of Object.entries(value)) if (key !== '__proto__') thing[key] = camelWords(each, below(pointer, key));
  return value;
}

/** Where everything is, now that nothing moves any more. */
function settle(draft: Thing, homes: readonly (readonly [Thing, string, string])[], { moves }: Drafting): void {
  const places = new Map<Thing, string>();
  const visit = (value: Value, pointer: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isThing(value)) places.set(value, pointer);
    for (const [key, each] of Object.entries(value)) visit(each, below(pointer, key));
  };
  visit(draft, '');
  const targets = new Map<string, string[]>();
  for (const [thing, member, pointer] of homes) {
    const at = places.get(thing);
    if (at !== undefined) targets.set(pointer, [...(targets.get(pointer) ?? []), member === '' ? at : at + toPointer([member])]);
  }
  for (const [pointer, at] of targets) moves.move(pointer, ...at);
}

const AUDIENCES = ['public', 'downstream', 'authority', 'ai-office', 'internal'];

/** Declarations and audiences, at the places of the draft. */
function documentPointers(
  draft: Thing,
  pointed: { readonly declarations: Value | undefined; readonly audiences: Value | undefined },
  drafting: Drafting,
): void {
  const { moves, lost } = drafting;
  const bom = inner(draft, 'bom') ?? {};
  const isKnown = (pointer: string): boolean => (DRAFT_SECTIONS as readonly string[]).includes(parsePointer(pointer)?.[0] ?? '');
  const declarations: Thing[] = [];
  for (const [pointer, declaration] of entriesOf(pointed.declarations)) {
    const place = moves.place(pointer);
    const at = below('/bom/declarations', pointer);
    if (place === undefined || !isKnown(place)) lost.push(at);
    else moves.move(at, `/bom/declarations/${declarations.push({ pointer: place, ...declaration }) - 1}`);
  }
  const narrowed: Thing = {};
  for (const [pointer, audience] of isThing(pointed.audiences) ? Object.entries(pointed.audiences) : []) {
    const place = moves.place(pointer);
    const places = new Set([...moves.places(pointer, draft, false), ...(place !== undefined && isKnown(place) ? [place] : [])]);
    if (places.size === 0) lost.push(below('/bom/audiences', pointer));
    // Readers that the draft does not know are not let in as more than they are.
    for (const place of places) narrowed[place] = AUDIENCES.includes(String(audience)) ? audience : 'internal';
  }
  if (declarations.length > 0) bom.declarations = declarations;
  if (Object.keys(narrowed).length > 0) bom.audiences = narrowed;
  camelWords(bom, '/bom');
}

/** What the draft has for evidence: where a value came from. What a source said otherwise, who says it and when, it cannot hold. */
function evidenceTo(evidence: readonly Thing[], draft: Thing, manifest: Manifest, { moves, lost }: Drafting): Thing[] {
  return evidence.flatMap(({ values, origin, source, method, confidence, ...others }, i) => {
    const pointers = new Set<string>();
    const keys = new Map<string, Value>();
    lost.push(...Object.keys(others).map((name) => `/evidence/${i}/${name}`));
    for (const [pointer, value] of entriesOf(values)) {
      const at = below(`/evidence/${i}/values`, pointer);
      if (value.said !== undefined && value.said !== null) {
        lost.push(`${at}/said`);
        continue;
      }
      const members = Array.isArray(value.members) ? value.members.map(String) : undefined;
      const spoken = members === undefined ? [pointer] : members.flatMap((pattern) => matching(manifest, pointer, pattern.split('/')));
      const places = spoken.flatMap((each) => moves.places(each, draft, false));
      if (places.length === 0) lost.push(at);
      for (const place of places) {
        pointers.add(place);
        if (value.key !== undefined && !keys.has(place)) keys.set(place, value.key);
      }
    }
    if (pointers.size === 0) return [];
    return [filled({ origin, source, method, pointers: [...pointers], keys: Object.fromEntries(keys), confidence })] as Thing[]; // members of one
  });
}

/** Pointers of the members below a pointer that a pattern names; `*` is every item. */
function matching(manifest: unknown, pointer: string, pattern: readonly string[]): string[] {
  const [step, ...rest] = pattern;
  if (step === undefined) return [pointer];
  const value = resolvePointer(manifest, pointer);
  if (!isThing(value)) return [];
  const keys = step === '*' ? Object.keys(value) : Object.hasOwn(value, step) ? [step] : [];
  return keys.flatMap((key) => matching(manifest, below(pointer, key), rest));
}

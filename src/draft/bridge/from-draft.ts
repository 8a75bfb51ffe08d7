/** A manifest of the draft → the revised form. Stands between what still speaks the draft and the rest, and goes when nothing does. */
import { canonicalize } from '../../core/canonical-json.js';
import { rootDigest } from '../../core/digest.js';
import type { Manifest } from '../../schema/index.js';
import type { Manifest as Draft } from '../schema/index.js';
import { dependenciesFrom, evaluationFrom, scansFrom, securityFrom, systemFrom } from './from-draft-assurance.js';
import { datasetFrom, roleUses } from './from-draft-data.js';
import { modelFrom, modelIds } from './from-draft-model.js';
import { documentFrom, evidenceFrom, withoutUnresolved } from './from-draft-statements.js';
import {
  below,
  fromMap,
  get,
  idOf,
  inner,
  isThing,
  newId,
  type Thing,
  take,
  takeList,
  takeText,
  type Value,
  type Work,
  work,
} from './json.js';
import { kebabWord } from './words.js';

/** A manifest in the other form, and what that form has no place for. */
export interface Bridged<Form> {
  readonly manifest: Form;
  /** JSON Pointers, into the manifest that was given, of values that were left out. */
  readonly lost: readonly string[];
  /** Where a value of the manifest that was given is now; undefined when it is gone. */
  place(pointer: string): string | undefined;
}

/** A collection in the making: the keyed things of each section. */
export interface Sections extends Work {
  readonly of: ReadonlyMap<string, Map<string, Value>>;
  /** Path of each file of the draft that had an id, and paths by the part that they belong to. */
  readonly pathOf: Map<string, string>;
  readonly pathsOfPart: Map<string, string[]>;
  /** All paths of files. */
  readonly paths: Set<string>;
  /** Is the first dataset what the document describes? */
  readonly ofDataset: boolean;
}

const SECTIONS = [
  ...['parties', 'models', 'datasets', 'artifacts', 'environments', 'components', 'dependencies', 'services', 'evaluations'],
  ...['robustnessTests', 'documents', 'attestations', 'provenance'],
];

/** A manifest of the draft, valid by its schema, in the revised form. The pointers of its evidence and of its own data follow. */
export function fromDraft(draft: Draft): Bridged<Manifest> {
  const source = structuredClone(draft) as unknown as Thing; // a manifest is JSON
  const sections: Sections = {
    ...work(),
    of: new Map(SECTIONS.map((name) => [name, new Map<string, Value>()])),
    pathOf: new Map(),
    pathsOfPart: new Map(),
    paths: new Set(items(get(source, 'artifacts')).map(({ path }) => String(path))),
    ofDataset: inner(source, 'bom')?.subject === 'dataset',
  };
  const evidence = takeList(source, 'evidence');
  const foreign = take(source, 'foreign');
  for (const id of idsIn(source)) sections.ids.add(id);
  partiesFrom(source, sections);
  const rest = rewritten(source, '', sections) as Thing; // an object stays one
  artifactsFrom(rest, sections);
  const subject = modelFrom(rest, sections);
  collectionsFrom(rest, sections);
  if (subject !== undefined) roleUses(subject, sections);
  const bom = documentFrom(rest, subject, sections);
  const out = inOrder({ ...rest, bom, ...(subject === undefined ? {} : { model: subject }), ...keyed(sections) });
  finishRoot(out);
  withoutUnresolved(out, sections);
  const statements = evidenceFrom(evidence, out, sections);
  const manifest = { ...out, ...(statements.length > 0 ? { evidence: statements } : {}), ...(foreign === undefined ? {} : { foreign }) };
  // Made by the rules of the revised form; the tests validate what comes out of every document there is.
  return {
    manifest: manifest as unknown as Manifest,
    lost: [...new Set(sections.lost)].sort(),
    place: (pointer) => sections.moves.places(pointer, manifest, false)[0] ?? sections.moves.place(pointer),
  };
}

/** Ids that the draft gives to things; what stands in `run` or `vulnerabilities` is a number in another register. */
function idsIn(source: Thing): string[] {
  const lists = ['parties', 'datasets', 'environments', 'components', 'services', 'evaluations', 'robustnessTests', 'adapters'];
  const own = lists.flatMap((list) => items(get(source, list)).map((item) => get(item, 'id')));
  const ids = [
    ...own,
    ...Object.keys(inner(source, 'models') ?? {}),
    ...items(get(inner(source, 'model') ?? {}, 'parts')).map((part) => get(part, 'id')),
  ];
  return [...ids.filter((id) => typeof id === 'string'), ...modelIds(source)];
}

const isText = (value: Value | undefined): value is string => typeof value === 'string';

const items = (value: Value | undefined): Thing[] => (Array.isArray(value) ? value.filter(isThing) : []);

/** Members whose value, or whose items, may be a party in place. */
const PARTY = new Set([
  ...['producer', 'supplier', 'issuer', 'signer', 'by', 'maintainer', 'custodian', 'party', 'provider', 'recipient', 'parent'],
  ...['authors', 'subcontractors'],
]);
/** Objects that hold what somebody else named. */
const FREE = new Set([
  ...['hyperparameters', 'extensions', 'metadata', 'parameters', 'settings', 'generationDefaults', 'variables', 'chatTemplates', 'digest'],
]);

function partiesFrom(source: Thing, sections: Sections): void {
  const listed = takeList(source, 'parties').map((party, i): [string, Thing, number] => [
    idOf(party, get(party, 'name'), sections.ids),
    party,
    i,
  ]);
  for (const [id, party, i] of listed) {
    sections.moves.move(`/parties/${i}`, below('/parties', id));
    sections.of.get('parties')?.set(id, rewritten(party, `/parties/${i}`, sections));
  }
}

/** The value with words in kebab-case and parties by id. */
function rewritten(value: Value, pointer: string, sections: Sections, name = ''): Value {
  if (typeof value === 'string') return kebabWord(pointer, value);
  if (Array.isArray(value)) {
    const items = value.map((item, i) => member(item, below(pointer, i), sections, name));
    // Two in place that say the same are one.
    return PARTY.has(name) ? [...new Set(items)] : items;
  }
  if (!isThing(value) || FREE.has(name)) return value;
  const isRoles = pointer === '/governance/roles';
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, member(each, below(pointer, key), sections, isRoles ? 'party' : key)]),
  );
}

function member(value: Value, pointer: string, sections: Sections, name: string): Value {
  if (!PARTY.has(name) || !isThing(value)) return rewritten(value, pointer, sections, name);
  const { id: own, ...party } = rewritten(value, pointer, sections) as Thing; // an object stays one
  const parties = sections.of.get('parties') ?? new Map<string, Value>();
  const same = [...parties].find(([id, known]) => (own === undefined || own === id) && canonicalize(known) === canonicalize(party));
  const id = same?.[0] ?? (typeof own === 'string' && !parties.has(own) ? own : newId(party.name, sections.ids));
  parties.set(id, party);
  sections.ids.add(id);
  sections.moves.also(pointer, below('/parties', id));
  return id;
}

function artifactsFrom(rest: Thing, sections: Sections): void {
  for (const [i, file] of takeList(rest, 'artifacts').entries()) {
    const path = takeText(file, 'path') ?? '';
    const id = takeText(file, 'id');
    const part = takeText(file, 'part');
    if (id !== undefined) sections.pathOf.set(id, path);
    if (part !== undefined) {
      sections.pathsOfPart.set(part, [...(sections.pathsOfPart.get(part) ?? []), path]);
      sections.moves.move(`/artifacts/${i}/part`, below('/models', part, 'artifacts'));
    }
    sections.moves.move(`/artifacts/${i}`, below('/artifacts', path));
    sections.moves.move(`/artifacts/${i}/path`, below('/artifacts', path));
    scansFrom(file, 'scan', `/artifacts/${i}/scan`, sections);
    sections.of.get('artifacts')?.set(path, file);
  }
}

/** From what a thing without an id gets one. */
const NAMES: Readonly<Record<string, (thing: Thing) => Value | undefined>> = {
  datasets: ({ name }) => name,
  environments: ({ purpose }) => (Array.isArray(purpose) ? purpose[0] : undefined),
  components: ({ name }) => name,
  // Of several on one dataset the part tells which.
  evaluations: ({ name, uses }) =>
    [
      name,
      ...items(uses)
        .slice(0, 1)
        .flatMap(({ config, split }) => [config, split]),
    ]
      .filter(isText)
      .join(' '),
  robustnessTests: ({ attackClass }) => attackClass,
  services: ({ name, type }) => name ?? type,
  documents: ({ type }) => type,
  attestations: ({ requirementIds }) => (Array.isArray(requirementIds) ? requirementIds[0] : undefined),
  provenance: ({ predicateType }) => (typeof predicateType === 'string' ? predicateType.split('/').slice(-2).join('-') : 'provenance'),
};

type Change = (thing: Thing, old: string, now: string, sections: Sections) => void;

const CHANGES: Readonly<Record<string, Change>> = {
  datasets: datasetFrom,
  evaluations: evaluationFrom,
  robustnessTests: evaluationFrom,
  attestations(thing, old, now, { moves }) {
    const references = take(thing, 'evidence');
    if (references !== undefined) thing.references = references;
    moves.move(`${old}/evidence`, `${now}/references`);
  },
};

/** The lists whose items have a name, by it. */
function collectionsFrom(rest: Thing, sections: Sections): void {
  for (const [name, nameOf] of Object.entries(NAMES))
    for (const [i, thing] of takeList(rest, name).entries()) {
      const old = below(`/${name}`, i);
      const id = idOf(thing, nameOf(thing), sections.ids);
      const now = below(`/${name}`, id);
      sections.moves.move(old, now);
      sections.moves.move(`${old}/id`, now);
      CHANGES[name]?.(thing, old, now, sections);
      sections.of.get(name)?.set(id, thing);
    }
  dependenciesFrom(rest, sections);
  securityFrom(rest, sections);
  systemFrom(rest, sections);
}

const keyed = (sections: Sections): Thing =>
  Object.fromEntries([...sections.of].filter(([, map]) => map.size > 0).map(([name, map]) => [name, fromMap(map)]));

const ORDER = ['$schema', 'bom', 'parties', 'model', ...SECTIONS.slice(1)];

function inOrder(manifest: Thing): Thing {
  const place = (key: string): number => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length);
  return Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => place(a) - place(b)));
}

/** Whether the root digest of the subject follows from the files that are listed. */
function finishRoot(out: Thing): void {
  const model = inner(out, 'model');
  const digest = inner(model, 'digest');
  const root = inner(digest, 'root');
  if (digest === undefined || root === undefined) return;
  const files = Object.entries(inner(out, 'artifacts') ?? {}).map(([path, file]) => {
    const sha256 = isThing(file) ? get(inner(file, 'digest') ?? {}, 'sha256') : undefined;
    return { path, digest: typeof sha256 === 'string' ? { sha256 } : {} };
  });
  digest.complete = root.sha256 !== undefined && rootDigest(files) === root.sha256;
}

import type { JsonValue } from '../core/canonical-json.js';
import { MsbomError } from '../core/error.js';
import { type Finding, inOneMessage, isBlocking } from '../core/finding.js';
import { idFrom, uniqueId } from '../core/id.js';
import { bareCopy, isList, isObject, type JsonObject, own } from '../core/objects.js';
import { TOOL } from '../core/tool.js';
import { treeDigest } from '../core/tree-digest.js';
import { mergeManifests } from '../manifest/merge.js';
import type { ManifestPart } from '../manifest/part.js';
import { stringifyManifest } from '../manifest/stringify.js';
import { type CodeReference, type Manifest, SCHEMA_ID, SPEC_VERSION, THINGS, type Usage } from '../schema/index.js';
import { validateManifest } from '../validate/index.js';
import type {
  ArtifactInput,
  ComponentInput,
  DatasetInput,
  EnvironmentInput,
  EvaluationInput,
  Given,
  ModelInput,
  OtherModelInput,
  ParentInput,
  PartyInput,
  RobustnessTestInput,
  TrainingInput,
  UseInput,
} from './input.js';
import { plain } from './plain.js';
import { componentPurl, type Ecosystem } from './purl.js';
import { metricsByKey, testIdentity, useKey } from './results.js';
import { type Growing, type Statements, statements } from './statements.js';

/** What only the caller can say about the document. Give both for the same bytes every time. */
export interface BuildOptions {
  /** Time of the document; default the present. */
  readonly now?: Date | string;
  /** `urn:uuid:…`; default a random one. */
  readonly serialNumber?: string;
}

export type LibraryOptions = ComponentInput & {
  /** Package registry, from which the purl follows. Without it the component has no purl unless `identifiers` says one. */
  readonly ecosystem?: Ecosystem;
};

/**
 * A manifest in the making. Every method returns the draft itself and copies what it is given: what happens to an argument later
 * changes nothing.
 *
 * A value that JSON cannot hold is refused where it is given (ERR_MANIFEST_VALUE, with its place). What is said twice and
 * differently, and what breaks the specification, is an error of `build`.
 */
export interface ManifestDraft {
  /** Who makes the document. Each call adds one. */
  author(party: PartyInput): ManifestDraft;
  /** Who made the model. */
  producer(party: PartyInput): ManifestDraft;
  /** Adds to what is said of the model. */
  model(facts: Partial<ModelInput>): ManifestDraft;
  /** Data; `use` says how the training used it. The id is `id`, else made from the name. */
  dataset(dataset: DatasetInput): ManifestDraft;
  /** Says that the model was trained on a dataset, by its id or name. Each other split, configuration or role is a use of its own. */
  trainedOn(dataset: string, use?: UseInput): ManifestDraft;
  /** A model that this one came from, in full or by its id. */
  base(model: OtherModelInput | string, how: ParentInput): ManifestDraft;
  /** Trained from random weights, without a parent. */
  fromScratch(): ManifestDraft;
  /** How it was trained: methods, stages, energy, duration. */
  training(facts: TrainingInput): ManifestDraft;
  hyperparameters(values: object): ManifestDraft;
  code(code: Given<CodeReference>): ManifestDraft;
  /** A library or framework used; packages of a registry get their purl. */
  library(name: string, version: string, options?: LibraryOptions): ManifestDraft;
  environment(environment: EnvironmentInput): ManifestDraft;
  /** Results on some data. Results on other data, of another task or model, are another evaluation, even under the same name. */
  evaluation(evaluation: EvaluationInput): ManifestDraft;
  robustnessTest(test: RobustnessTestInput): ManifestDraft;
  usage(usage: Given<Usage>): ManifestDraft;
  /** A file with its size and digests, by its path; `addFiles` of `msbom/node` makes these from a directory. */
  artifact(path: string, facts: ArtifactInput): ManifestDraft;
  /** Says why a value is missing. */
  declare(pointer: string, status: 'unknown' | 'withheld' | 'not-applicable', reason?: string): ManifestDraft;
  /**
   * Any other part of a manifest. Without evidence it is what the caller says, like all else. With evidence others speak: the
   * caller's values stay, and what others say against them stands in the evidence.
   */
  include(part: ManifestPart): ManifestDraft;
  /**
   * The manifest, validated. The draft can go on after it.
   * @throws ERR_MANIFEST_VALUE when something was said twice and differently, with both values of each
   * @throws ERR_MANIFEST_INVALID with every finding when it breaks the specification
   */
  build(): Manifest;
  /** The text of `build()`. */
  stringify(): string;
}

const METHOD = 'msbom builder';
/** Rule by which the purl of a library is made. */
const PURL_RULE = { rule: 'purl of the registry, name and version' } as const;
const ROOT_METHOD = 'OpenSSF Model Signing root over the files listed';

/**
 * Starts a manifest of a model.
 *
 * @example
 * const text = manifest({ name: 'digits-cnn', version: '1.2.0' }).hyperparameters({ learning_rate: 1e-3 }).stringify();
 */
export function manifest(model: ModelInput, options: BuildOptions = {}): ManifestDraft {
  const said = statements();
  const others: ManifestPart[] = [];
  const bom = {
    specVersion: SPEC_VERSION,
    serialNumber: options.serialNumber ?? `urn:uuid:${globalThis.crypto.randomUUID()}`,
    version: 1,
    timestamp: timestamp(options.now ?? new Date()),
    tools: [{ ...TOOL }],
    generationContext: { phase: 'build' },
  };
  said.say(['$schema'], SCHEMA_ID);
  said.say(['bom'], bom);
  const on = (step: () => void): ManifestDraft => {
    step();
    return draft;
  };
  const say = (path: readonly string[], value: unknown, name: string) => on(() => said.say(path, plain(value, name)));

  const draft: ManifestDraft = {
    author: (party) => on(() => said.add(['bom', 'authors'], partyId(plain(party, 'author'), said))),
    producer: (party) => on(() => said.say(['model', 'producer'], partyId(plain(party, 'producer'), said))),
    model: (facts) => on(() => said.say(['model'], settled(plain(facts, 'model'), said))),
    dataset: (dataset) => on(() => addDataset(plain(dataset, 'dataset'), said)),
    trainedOn: (dataset, use = {}) => on(() => addUse(datasetId(dataset, said), objectOf(plain(use, 'use')), said)),
    base: (parent, how) => on(() => addBase(plain(parent, 'base'), objectOf(plain(how, 'how')), said)),
    fromScratch: () => say(['model', 'lineage', 'scratch'], true, 'scratch'),
    training: (facts) => say(['model', 'training'], facts, 'training'),
    hyperparameters: (values) => say(['model', 'training', 'hyperparameters'], values, 'hyperparameters'),
    code: (code) => say(['model', 'training', 'code'], code, 'code'),
    library: (name, version, given = {}) => on(() => addLibrary(name, version, objectOf(plain(given, 'library')), said)),
    environment: (environment) => on(() => addEnvironment(objectOf(plain(environment, 'environment')), said)),
    evaluation: (evaluation) => on(() => addTest('evaluations', objectOf(plain(evaluation, 'evaluation')), said)),
    robustnessTest: (test) => on(() => addTest('robustnessTests', objectOf(plain(test, 'robustnessTest')), said)),
    usage: (usage) => say(['usage'], usage, 'usage'),
    artifact: (path, facts) => say(['artifacts', path], facts, 'artifact'),
    declare: (pointer, status, reason) =>
      say(['bom', 'declarations', pointer], reason === undefined ? { status } : { status, reason }, 'declaration'),
    include(part) {
      const copy = plain(part, 'part') as unknown as ManifestPart; // the copy of one
      if (copy.evidence !== undefined) others.push(copy);
      else for (const [section, value] of Object.entries(copy)) said.say([section], value as JsonValue); // of the copy
      return draft;
    },
    build: () => finished(said, others),
    stringify: () => stringifyManifest(draft.build()),
  };
  return draft.model(model);
}

/** The manifest, when all agree. */
function finished(said: Statements, others: readonly ManifestPart[]): Manifest {
  const [conflict] = said.conflicts;
  if (conflict !== undefined)
    throw new MsbomError('ERR_MANIFEST_VALUE', inOneMessage(said.conflicts), {
      pointer: conflict.pointer,
      hint: conflict.fix,
      findings: said.conflicts,
    });
  const evidence = said.evidence(METHOD);
  // Only JSON was said; whether it is a manifest is checked below.
  let whole = { ...bareCopy(said.document), ...(evidence.length > 0 ? { evidence } : {}) } as unknown as Manifest;
  for (const part of others) whole = mergeManifests(whole, part).manifest;
  const result = validateManifest(withRoot(whole));
  if (result.valid) return result.manifest;
  throw invalid(result.findings);
}

function invalid(findings: readonly Finding[]): MsbomError {
  const blocking = findings.filter(isBlocking);
  const [first] = blocking;
  return new MsbomError('ERR_MANIFEST_INVALID', first === undefined ? 'the manifest is not valid' : inOneMessage(blocking), {
    findings,
    pointer: first?.pointer,
    hint: first?.fix ?? 'The `findings` of the error list everything that is wrong.',
  });
}

/** What follows from the rest: the root digest over the files. */
function withRoot(whole: Manifest): Manifest {
  if (whole.model === undefined || whole.model.digest !== undefined || whole.artifacts === undefined) return whole;
  const files = Object.entries(whole.artifacts).map(([path, { digest }]) => ({ path, digest }));
  const digest = treeDigest(files);
  if (digest === undefined) return whole;
  const evidence = [{ origin: 'inferred', method: ROOT_METHOD, values: { '/model/digest': {} } }];
  // Joined as what somebody else says, so that the caller's evidence goes on speaking of the caller's values only.
  return mergeManifests(whole, { model: { digest }, evidence } as unknown as ManifestPart).manifest;
}

const objectOf = (value: JsonValue): JsonObject => (isObject(value) ? value : {});

/** Licences that are texts are expressions, parties in full are named by id. */
function settled(value: JsonValue, said: Statements): Growing {
  const thing: Growing = { ...objectOf(value) };
  const licenses = own(thing, 'licenses');
  if (isList(licenses)) thing.licenses = licenses.map((license) => (typeof license === 'string' ? { expression: license } : license));
  for (const name of ['producer', 'supplier', 'issuer']) {
    const party = own(thing, name);
    if (party !== undefined) thing[name] = partyId(party, said);
  }
  const authors = own(thing, 'authors');
  if (isList(authors)) thing.authors = authors.map((party) => partyId(party, said));
  return thing;
}

function partyId(party: JsonValue, said: Statements): JsonValue {
  if (!isObject(party)) return party;
  const { id = idFrom(nameOf(party)), ...facts } = party;
  if (typeof id === 'string') said.say(['parties', id], facts);
  return id;
}

const nameOf = (thing: JsonObject): string => String(own(thing, 'name') ?? '');

/** The id of a thing: the one it is given, that of the thing of this name, or a free one. */
function thingId(collection: string, { id, ...thing }: JsonObject, said: Statements): string {
  if (typeof id === 'string') return id;
  const name = nameOf(thing);
  const same = Object.entries(objectOf(said.at(collection) ?? null)).find(([, each]) => isObject(each) && own(each, 'name') === name);
  if (same !== undefined) return same[0];
  const taken = THINGS.filter((each) => each !== collection).flatMap((each) => Object.keys(objectOf(said.at(each) ?? null)));
  return uniqueId(idFrom(name), new Set(['model', ...taken, ...Object.keys(objectOf(said.at(collection) ?? null))]));
}

function addDataset(value: JsonValue, said: Statements): void {
  const { use, ...given } = objectOf(value);
  const id = thingId('datasets', given, said);
  const { id: _, ...facts } = settled(given, said);
  said.say(['datasets', id], facts);
  for (const each of isList(use) ? use : use === undefined ? [] : [use]) addUse(id, objectOf(each), said);
}

/** The id of a dataset that is named by its id or its name, whether it was said already or not. */
function datasetId(text: string, said: Statements): string {
  const datasets = Object.entries(objectOf(said.at('datasets') ?? null));
  if (datasets.some(([id]) => id === text)) return text;
  return datasets.find(([, each]) => isObject(each) && own(each, 'name') === text)?.[0] ?? idFrom(text);
}

function addUse(dataset: string, { stage, ...use }: JsonObject, said: Statements): void {
  const home = ['model', 'training', ...(typeof stage === 'string' ? ['stages', stage] : []), 'uses'];
  said.say([...home, useKey(dataset, use, said.at(...home))], { dataset, ...use });
}

function addBase(parent: JsonValue, how: JsonObject, said: Statements): void {
  const id = typeof parent === 'string' ? parent : thingId('models', objectOf(parent), said);
  if (isObject(parent)) {
    const { id: _, ...facts } = settled(parent, said);
    said.say(['models', id], facts);
  }
  said.say(['model', 'lineage', 'parents', id], { model: id, ...how });
}

function addLibrary(name: string, version: string, { ecosystem, ...given }: JsonObject, said: Statements): void {
  const id = thingId('components', { name, ...given }, said);
  const { id: _, ...facts } = settled(given, said);
  said.say(['components', id], { type: 'library', name, version, ...facts });
  if (typeof ecosystem === 'string' && own(facts, 'identifiers') === undefined) {
    const purl = componentPurl(ecosystem as Ecosystem, name, version); // the type of the option
    said.say(['components', id, 'identifiers'], [{ type: 'purl', value: purl }], PURL_RULE);
  }
}

function addEnvironment({ id, ...facts }: JsonObject, said: Statements): void {
  const [purpose] = isList(facts.purpose) ? facts.purpose : [];
  said.say(['environments', typeof id === 'string' ? id : idFrom(String(purpose ?? 'environment'))], facts);
}

/** What names a test, where its results stand, and what besides the data makes it another. */
const TESTS = {
  evaluations: { name: 'name', results: 'metrics', identity: ['name', 'task', 'model'] },
  robustnessTests: { name: 'attackClass', results: 'results', identity: ['attackClass', 'method', 'model'] },
} as const;

function addTest(collection: keyof typeof TESTS, { id, on, ...given }: JsonObject, said: Statements): void {
  const { name, results, identity } = TESTS[collection];
  const uses: Growing = {};
  for (const each of isList(on) ? on : on === undefined ? [] : [on]) {
    const { dataset, ...use } = isObject(each) ? each : { dataset: each };
    const known = datasetId(String(dataset), said);
    uses[useKey(known, use, uses)] = { dataset: known, ...use };
  }
  const { [results]: measured, ...rest } = given;
  const facts = { ...rest, ...(Object.keys(uses).length > 0 ? { uses } : {}) };
  const tests = Object.entries(objectOf(said.at(collection) ?? null));
  const same = tests.find(([, each]) => isObject(each) && testIdentity(each, identity) === testIdentity(facts, identity))?.[0];
  const wanted = idFrom(
    [own(given, name), ...(tests.some(([key]) => key === idFrom(String(own(given, name)))) ? Object.keys(uses) : [])].join(' '),
  );
  const key = typeof id === 'string' ? id : (same ?? uniqueId(wanted, new Set(tests.map(([each]) => each))));
  said.say([collection, key], facts);
  if (measured === undefined) return;
  const home = [collection, key, results];
  for (const [metric, values] of metricsByKey(measured, said.at(...home))) said.say([...home, metric], values);
}

function timestamp(now: Date | string): string {
  const date = typeof now === 'string' ? new Date(now) : now;
  if (Number.isNaN(date.getTime()))
    throw new MsbomError('ERR_MANIFEST_VALUE', 'the time given as `now` is not a date', { hint: 'Give a Date or an RFC 3339 text.' });
  return date.toISOString().replace(/\.000Z$/, 'Z');
}

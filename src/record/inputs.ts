/** What a run reads: data, models that it begins from, and files that tell it what to do. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { withDataset } from '../collect/dataset/index.js';
import type { Described } from '../collect/describe.js';
import { describeInput, type Input, type InputOptions, inputFindings } from '../collect/disk/inputs.js';
import { describeModelInput, looksLikeModel, type ModelInput } from '../collect/disk/model-input.js';
import { idsOf } from '../collect/document.js';
import type { Finding } from '../core/finding.js';
import { idFrom, uniqueId } from '../core/id.js';
import type { Component, Evidence, Manifest, Model, ParentReference } from '../schema/index.js';

/** What an input may be called, and what that is. */
const DATA_ROLES: Readonly<Record<string, string>> = {
  training: 'training',
  train: 'training',
  validation: 'validation',
  val: 'validation',
  eval: 'validation',
  testing: 'testing',
  test: 'testing',
  pretraining: 'pretraining',
  finetuning: 'finetuning',
  alignment: 'alignment',
  calibration: 'calibration',
  grounding: 'grounding',
};
const MODEL_ROLES: Readonly<Record<string, string>> = {
  base: 'base',
  teacher: 'teacher',
  reward: 'reward',
  draft: 'draft',
  initialization: 'initialization',
};
const FILE_ROLES = new Set(['code', 'config', 'other']);

export const INPUT_ROLES: readonly string[] = [...Object.keys(DATA_ROLES), ...Object.keys(MODEL_ROLES), ...FILE_ROLES];

/** Where an input is, and what it is for when somebody said so. */
export interface GivenInput {
  readonly path: string;
  /** Data may have several. */
  readonly roles?: readonly string[];
}

/** `PATH=ROLE`. A path that is there as it stands is one, whatever follows its `=`. */
export function givenInput(text: string, cwd: string): GivenInput {
  const at = text.lastIndexOf('=');
  const role = text.slice(at + 1);
  return at > 0 && INPUT_ROLES.includes(role) && !existsSync(resolve(cwd, text))
    ? { path: text.slice(0, at), roles: [role] }
    : { path: text };
}

export type RunInput =
  | { readonly kind: 'data'; readonly input: Input }
  | { readonly kind: 'model'; readonly role: string; readonly isSaid: boolean; readonly input: ModelInput }
  | { readonly kind: 'file'; readonly role: string; readonly input: Input };

/**
 * Hashes an input. Without a role a model is a base and everything else training data.
 * @throws ERR_IO_NOT_FOUND, ERR_IO_*, ERR_COLLECT_INCOMPLETE, ERR_LIMIT_COUNT
 */
export async function readInput({ path, roles }: GivenInput, cwd: string, options: InputOptions): Promise<RunInput> {
  const isBase = roles === undefined && (await looksLikeModel(path, cwd));
  const [first = 'other'] = roles ?? [isBase ? 'base' : 'training'];
  const model = MODEL_ROLES[first];
  if (model !== undefined) return { kind: 'model', role: model, isSaid: !isBase, input: await describeModelInput(path, cwd, options) };
  const data = [...new Set((roles ?? [first]).flatMap((role) => DATA_ROLES[role] ?? []))];
  if (data.length > 0) return { kind: 'data', input: await describeInput(path, cwd, data, options) };
  return { kind: 'file', role: first, input: await describeInput(path, cwd, [], options) };
}

/** What was odd about an input, and whether its files are still the ones that were hashed. */
export const findingsOf = ({ kind, input }: RunInput): Promise<readonly Finding[]> =>
  inputFindings(kind === 'model' ? { ...input, described: { findings: [] } } : input);

/** What was described with what the run read. */
export const withInputs = (described: Described, inputs: readonly RunInput[], cwd: string): Described => ({
  ...described,
  manifest: inputs.reduce((joined, each) => {
    if (each.kind === 'data') return withDataset(joined, each.input.described, { serialNumber: joined.bom.serialNumber });
    return each.kind === 'model' ? withModel(joined, each, { cwd, relation: described.relation }) : withFile(joined, each.role, each.input);
  }, described.manifest),
});

const METHOD = 'msbom record';

interface Place {
  readonly cwd: string;
  /** How the model came from what nobody named. */
  readonly relation: Described['relation'];
}

/** One base and not two: what the files of the run call it is the input that lies there. */
function withModel(manifest: Manifest, { role, isSaid, input }: RunInput & { kind: 'model' }, { cwd, relation }: Place): Manifest {
  const { model = { name: 'unnamed' }, models = {} } = manifest;
  const parents = { ...model.lineage?.parents };
  const found = Object.entries(parents).find(([, parent]) => isNamed(models[parent.model], input, cwd));
  const known = found === undefined ? undefined : models[found[1].model];
  const { name, version, identifiers, digest } = input.model;
  const id = found?.[1].model ?? uniqueId(idFrom(name), idsOf(manifest));
  const key = found?.[0] ?? id;
  const parent: Model = {
    ...known,
    // A repository says more than the path that the run was given.
    name: known === undefined || identifiers !== undefined ? name : known.name,
    ...(version === undefined ? {} : { version }),
    ...(identifiers === undefined ? {} : { identifiers }),
    ...(digest === undefined ? {} : { digest }),
  };
  const step: ParentReference = {
    model: id,
    relation: found?.[1].relation ?? relation ?? 'derived',
    ...found?.[1],
    role: found?.[1].role ?? role,
  };
  parents[key] = step;
  const members = ['name', 'version', 'identifiers', 'digest'].filter(
    (member) => Object.hasOwn(parent, member) && (known === undefined || !Object.hasOwn(known, member) || member !== 'name'),
  );
  const entry: Evidence = {
    origin: isSaid ? 'supplied' : 'observed',
    source: { name: 'option --input' },
    method: METHOD,
    values: Object.fromEntries([
      ...members.map((member) => [`/models/${id}/${member === 'digest' ? 'digest/root' : member}`, {}] as const),
      [`/model/lineage/parents/${key}/role`, {}],
    ]),
  };
  return {
    ...manifest,
    model: { ...model, lineage: { ...model.lineage, parents } },
    models: { ...models, [id]: parent },
    evidence: [...(manifest.evidence ?? []), entry],
  };
}

/** Directory hashes of the models that were read, by their root digests. */
export const dirHashesOf = (inputs: readonly RunInput[]): ReadonlyMap<string, string> =>
  new Map(
    inputs.flatMap((each) => {
      const { dirHash, model } = each.kind === 'model' ? each.input : {};
      const root = model?.digest?.root.sha256;
      return dirHash === undefined || root === undefined ? [] : [[root, dirHash] as const];
    }),
  );

/** By its path from the directory of the run, its repository, or the name of its directory. */
function isNamed(parent: Model | undefined, { path, model, given }: ModelInput, cwd: string): boolean {
  if (parent === undefined) return false;
  const { name, digest } = parent;
  const [theirs, ours] = [digest?.root.sha256, model.digest?.root.sha256];
  if (theirs !== undefined && ours !== undefined) return theirs === ours;
  return resolve(cwd, name) === path || name === model.name || name === given || name.slice(name.lastIndexOf('/') + 1) === basename(path);
}

/** Code and settings are neither data nor models: files with a digest, that the run used. */
function withFile(manifest: Manifest, role: string, { described, given }: Input): Manifest {
  const { name = '', digest, files } = described.datasets[described.id] ?? {};
  const id = uniqueId(idFrom(name), idsOf(manifest));
  const [only, ...others] = Object.values(files ?? {});
  const sha256 = only !== undefined && others.length === 0 ? only.digest?.sha256 : digest?.root.sha256;
  const component: Component = {
    type: 'file',
    name: given,
    description: `input of the run: ${role}`,
    ...(sha256 === undefined ? {} : { digest: { sha256 } }),
    scope: ['training'],
  };
  const entry: Evidence = {
    origin: 'observed',
    source: { name: 'option --input' },
    method: METHOD,
    values: { [`/components/${id}`]: {} },
  };
  return { ...manifest, components: { ...manifest.components, [id]: component }, evidence: [...(manifest.evidence ?? []), entry] };
}

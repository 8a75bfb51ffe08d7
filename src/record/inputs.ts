/** What a run reads: data, models that it begins from, and files that tell it what to do. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { withDataset } from '../collect/dataset/index.js';
import { describeInput, type Input, type InputOptions, inputFindings } from '../collect/disk/inputs.js';
import { describeModelInput, looksLikeModel, type ModelInput } from '../collect/disk/model-input.js';
import type { Finding } from '../core/finding.js';
import { idFrom, uniqueId } from '../core/id.js';
import type { Component, Dataset, Manifest as Draft, Evidence, ModelReference } from '../draft/schema/index.js';
import type { Manifest } from '../schema/index.js';

type DataRole = NonNullable<Dataset['roles']>[number];
type ModelRole = NonNullable<ModelReference['role']>;

/** What an input may be called, and what that is. */
const DATA_ROLES: Readonly<Record<string, DataRole>> = {
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
const MODEL_ROLES: Readonly<Record<string, ModelRole>> = {
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
  | { readonly kind: 'model'; readonly role: ModelRole; readonly isSaid: boolean; readonly input: ModelInput }
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

/** The manifest with what the run read. */
export function withInputs(manifest: Draft, inputs: readonly RunInput[], cwd: string): Draft {
  return inputs.reduce((joined, each) => {
    if (each.kind === 'data') return withDataset(joined, each.input.described, { serialNumber: joined.bom.serialNumber });
    return each.kind === 'model' ? withModel(joined, each, cwd) : withFile(joined, each.role, each.input);
  }, manifest);
}

const METHOD = 'msbom record';

/** One base and not two: what the files of the run call it is the input that lies there. */
function withModel(manifest: Draft, { role, isSaid, input }: RunInput & { kind: 'model' }, cwd: string): Draft {
  const lineage = manifest.lineage ?? {};
  const ancestors = [...(lineage.ancestors ?? [])];
  const found = ancestors.findIndex((each) => isNamed(each, input, cwd));
  const { name, version, identifiers, digest } = input.model;
  const known = ancestors[found];
  const at = found < 0 ? ancestors.length : found;
  const relation = known?.relation ?? lineage.relation;
  ancestors[at] = {
    ...known,
    // A repository says more than the path that the run was given.
    name: known === undefined || identifiers !== undefined ? name : known.name,
    ...(version === undefined ? {} : { version }),
    ...(identifiers === undefined ? {} : { identifiers }),
    ...(digest === undefined ? {} : { digest }),
    ...(relation === undefined || relation === 'scratch' ? {} : { relation }),
    role: known?.role ?? role,
  };
  const members = ['name', 'version', 'identifiers', 'digest', 'role'].filter(
    (member) => Object.hasOwn(ancestors[at] ?? {}, member) && (known === undefined || !Object.hasOwn(known, member) || member !== 'name'),
  );
  const entry: Evidence = {
    pointers: members.map((member) => `/lineage/ancestors/${at}/${member}`),
    origin: isSaid ? 'supplied' : 'observed',
    source: { name: 'option --input' },
    method: METHOD,
  };
  return { ...manifest, lineage: { ...lineage, ancestors }, evidence: [...(manifest.evidence ?? []), entry] };
}

/** The digests of models that were read, with the method that they were computed by: their files are not listed. */
export function withDigestMethods(manifest: Manifest, inputs: readonly RunInput[]): Manifest {
  const methods = new Map(
    inputs.flatMap((each) => (each.kind === 'model' ? [[each.input.model.digest?.sha256, each.input.method] as const] : [])),
  );
  const models = Object.entries(manifest.models ?? {}).map(([id, model]) => {
    const method = model.digest?.method === 'unknown' ? methods.get(model.digest.root.sha256) : undefined;
    return [id, method === undefined ? model : { ...model, digest: { ...model.digest, method } }] as const;
  });
  return models.length === 0 ? manifest : { ...manifest, models: Object.fromEntries(models) as NonNullable<Manifest['models']> };
}

/** Directory hashes of the models that were read, by their root digests. */
export const dirHashesOf = (inputs: readonly RunInput[]): ReadonlyMap<string, string> =>
  new Map(
    inputs.flatMap((each) => {
      const { dirHash, model } = each.kind === 'model' ? each.input : {};
      return dirHash === undefined || model?.digest?.sha256 === undefined ? [] : [[model.digest.sha256, dirHash] as const];
    }),
  );

/** By its path from the directory of the run, its repository, or the name of its directory. */
function isNamed({ name, digest }: ModelReference, { path, model, given }: ModelInput, cwd: string): boolean {
  if (digest?.sha256 !== undefined && model.digest?.sha256 !== undefined) return digest.sha256 === model.digest.sha256;
  return resolve(cwd, name) === path || name === model.name || name === given || name.slice(name.lastIndexOf('/') + 1) === basename(path);
}

/** Code and settings are neither data nor models: files with a digest, that the run used. */
function withFile(manifest: Draft, role: string, { described, given }: Input): Draft {
  const components = [...(manifest.components ?? [])];
  const [{ name, digest, files }] = described.datasets;
  const taken = new Set([...components, ...(manifest.datasets ?? []), ...(manifest.environments ?? [])].map(({ id }) => id ?? ''));
  const sha256 = files?.length === 1 ? files[0]?.digest?.sha256 : digest?.sha256;
  const component: Component = {
    id: uniqueId(idFrom(name), taken),
    type: 'file',
    name: given,
    description: `input of the run: ${role}`,
    ...(sha256 === undefined ? {} : { digest: { sha256 } }),
    scope: ['training'],
  };
  const entry: Evidence = {
    pointers: [`/components/${components.length}`],
    origin: 'observed',
    source: { name: 'option --input' },
    method: METHOD,
  };
  return { ...manifest, components: [...components, component], evidence: [...(manifest.evidence ?? []), entry] };
}

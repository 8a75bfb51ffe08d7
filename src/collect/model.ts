/** What follows from all files together: parameter counts, digests over files, which files are whose. */
import { appendTo } from '../core/append.js';
import type { JsonValue } from '../core/canonical-json.js';
import { rootDigest } from '../core/digest.js';
import type { Finding } from '../core/finding.js';
import { uniqueId } from '../core/id.js';
import { pointerStep } from '../core/json-pointer.js';
import { isObject } from '../core/objects.js';
import type { ValueEvidence } from '../manifest/evidence.js';
import type { DescribedFile } from './artifacts.js';
import { type Contribution, RANKS, type Sum } from './contribution.js';
import type { StatedUse } from './models/attribute.js';
import { type FoundModel, type FoundModels, SUBJECT } from './models/find.js';
import type { Owners } from './models/owners.js';
import { isProjector } from './models/projector.js';
import { checkShards, type Shards } from './models/shards.js';
import type { Json } from './places.js';
import { countParameters, variantNames } from './weight-sets.js';
import type { WeightFile } from './weights.js';

export interface Described {
  readonly models: FoundModels;
  readonly owners: Owners;
  readonly weights: readonly WeightFile[];
  readonly contributions: readonly Contribution[];
  readonly uses: readonly StatedUse[];
}

export interface Finished {
  readonly sections: Json;
  readonly files: readonly DescribedFile[];
  readonly evidence: readonly ValueEvidence[];
  readonly findings: readonly Finding[];
}

export function finishModels(sections: Json, files: readonly DescribedFile[], described: Described): Finished {
  const { models, owners, contributions, weights } = described;
  const shards = checkShards(files, contributions, weights);
  const all = (sections.models ?? {}) as { readonly [id: string]: Json }; // a collection
  const subject = finishSubject((sections.model ?? {}) as Json, files, described, shards); // an object by the claims on it
  const owned = filesByModel(files, owners);
  const others = models.others.map((found) => finishOther(found, all[found.id] ?? {}, owned.get(found.id) ?? [], shards));
  const adapters = models.subject?.kind === 'model' ? models.others.filter(({ kind }) => kind === 'adapter') : [];
  const composition = adapters.map(({ id }): [string, Json] => [id, { model: id, relation: 'adapter' }]);
  const counts = new Map([subject, ...others].flatMap(({ parts }) => [...parts]));
  const parts = partsOf(files);
  const finished = new Map([...Object.entries(all), ...others.map(({ id, model }) => [id, model] as const)]);
  for (const [id, model] of finished) finished.set(id, asPart(model, parts.get(id), counts.get(id)));
  const model =
    adapters.length === 0
      ? subject.model
      : { ...subject.model, composition: { ...Object.fromEntries(composition), ...(subject.model.composition as Json | undefined) } };
  const variants = new Map([subject, ...others].flatMap((each) => [...each.variants]));
  return {
    sections: withUses({ ...sections, model, ...(finished.size > 0 ? { models: Object.fromEntries(finished) } : {}) }, described),
    files: withVariants(files, variants),
    evidence: [
      ...subject.evidence,
      ...composition.map(([id]) => besideTheModel(id)),
      ...others.flatMap((each) => each.evidence),
      ...variantEvidence(variants),
    ],
    findings: [...subject.findings, ...others.flatMap((each) => each.findings), ...shards.findings, ...checkSums(contributions, weights)],
  };
}

/** Paths of the files of each part. */
function partsOf(files: readonly DescribedFile[]): ReadonlyMap<string, string[]> {
  const paths = new Map<string, string[]>();
  for (const { path, part } of files) if (part !== undefined) appendTo(paths, part, path);
  return paths;
}

function asPart(model: Json, artifacts: readonly string[] | undefined, total: number | undefined): Json {
  if (model.kind !== 'part') return model;
  return { ...model, ...(total === undefined ? {} : { parameterCount: { total } }), ...(artifacts === undefined ? {} : { artifacts }) };
}

const observed = (pointer: string, method: string): ValueEvidence => ({ pointer, origin: 'observed', method });

const besideTheModel = (id: string): ValueEvidence => ({
  pointer: `/model/composition${pointerStep(id)}`,
  origin: 'inferred',
  method: 'an adapter beside the model',
});

function filesByModel(files: readonly DescribedFile[], owners: Owners): ReadonlyMap<string, readonly DescribedFile[]> {
  const owned = new Map<string, DescribedFile[]>();
  for (const file of files) appendTo(owned, owners(file.path).model, file);
  return owned;
}

/** The files that count: weights of the model, but remains of other sets. */
const countedOf = (found: FoundModel | undefined, files: readonly DescribedFile[], { leftOver }: Shards): readonly DescribedFile[] =>
  found === undefined ? [] : files.filter(({ path }) => found.weights.has(path) && !leftOver.has(path));

function finishSubject(said: Json, files: readonly DescribedFile[], { models, weights, contributions }: Described, shards: Shards) {
  const { subject } = models;
  const stated = contributions.some(
    (each) => each.kind === 'claim' && each.rank === RANKS.option && each.pointer.startsWith('/model/parameterCount'),
  );
  const isBesideProjector = weights.some(
    ({ path, facts }) => facts !== undefined && isProjector(facts) && subject?.weights.has(path) !== true,
  );
  return finish('/model', subject?.kind === 'adapter' ? { ...said, kind: 'adapter' } : said, {
    own: countedOf(subject, files, shards),
    files,
    shards,
    stated,
    over: 'the artifacts',
    besides: isBesideProjector ? ', without the projector beside it' : '',
  });
}

/** A model beside the subject: its files, the digest over them, what their tensors add up to. */
function finishOther(found: FoundModel, said: Json, files: readonly DescribedFile[], shards: Shards) {
  const home = `/models${pointerStep(found.id)}`;
  const isAdapter = found.kind === 'adapter';
  const { findings, evidence, ...finished } = finish(
    home,
    { name: found.name, ...(isAdapter ? { kind: 'adapter' } : {}), ...said, artifacts: files.map(({ path }) => path) },
    { own: countedOf(found, files, shards), files, shards, stated: false, over: 'the files of the model', besides: '' },
  );
  return {
    ...finished,
    id: found.id,
    findings: findings.map((finding) => ({ ...finding, pointer: `${home}/parameterCount` })),
    evidence: [
      ...evidence,
      { pointer: `${home}/artifacts`, origin: 'inferred' as const, method: 'place of the files' },
      ...(isAdapter ? [{ pointer: `${home}/kind`, origin: 'inferred' as const, method: 'weights of an adapter' }] : []),
    ],
  };
}

interface Files {
  /** The weights that count. */
  readonly own: readonly DescribedFile[];
  readonly files: readonly DescribedFile[];
  readonly shards: Shards;
  /** Did the caller say how many parameters there are? */
  readonly stated: boolean;
  /** What the digest is over, in words. */
  readonly over: string;
  /** What the count leaves out, in words. */
  readonly besides: string;
}

/** A model with the digest over its files and the number of its parameters. */
function finish(home: string, said: Json, { own, files, shards, stated, over, besides }: Files) {
  const parts = Object.keys((said.composition ?? {}) as Json); // a map by the additions to it
  const counted = countParameters(own, parts.length > 0, shards.indexOf);
  const isWhole = own.every(({ path }) => !shards.incomplete.has(path));
  const total = isWhole && !stated ? counted.total : undefined;
  const root = rootDigest(files);
  const model: Json = {
    ...said,
    ...(root === undefined ? {} : { digest: { root: { sha256: root }, method: 'oms-v1', complete: true } }),
    ...(total === undefined ? {} : { parameterCount: { ...(said.parameterCount as Json | undefined), total } }),
  };
  return {
    model,
    parts: counted.parts,
    variants: variantNames(own, shards.indexOf),
    findings: isWhole ? counted.findings : [],
    evidence: [
      ...(root === undefined ? [] : [observed(`${home}/digest`, `OpenSSF Model Signing root digest over ${over}`)]),
      ...(total === undefined ? [] : [observed(`${home}/parameterCount/total`, counted.method + besides)]),
      ...parts.flatMap((id) =>
        counted.parts.has(id) ? [observed(`/models/${id}/parameterCount/total`, 'sum over the tensors of the part')] : [],
      ),
    ],
  };
}

function withVariants(files: readonly DescribedFile[], names: ReadonlyMap<string, string>): readonly DescribedFile[] {
  return files.map((file) => {
    const variant = names.get(file.path);
    return variant === undefined || file.variant !== undefined ? file : { ...file, variant };
  });
}

const variantEvidence = (names: ReadonlyMap<string, string>): readonly ValueEvidence[] =>
  [...names.keys()].map((path) => ({
    pointer: `/artifacts${pointerStep(path)}/variant`,
    origin: 'inferred',
    method: 'several complete sets of weights',
  }));

/** What each model was trained on, where there are several: roles of a dataset say what it was used for, not by which. */
function withUses(sections: Json, { uses, models }: Described): Json {
  if (models.others.length === 0) return sections;
  const ids = new Map(Object.entries((sections.datasets ?? {}) as { readonly [id: string]: Json }).map(([id, { name }]) => [name, id])); // a collection
  const own = new Map<string, { readonly uses: { [key: string]: JsonValue }; readonly taken: Set<string> }>();
  for (const { model, dataset, roles } of uses) {
    const id = ids.get(dataset ?? '');
    if (id === undefined || roles.length === 0) continue;
    const known = own.get(model) ?? { uses: {}, taken: new Set<string>() };
    own.set(model, known);
    for (const role of roles)
      if (!Object.values(known.uses).some((use) => isObject(use) && use.dataset === id && use.role === role))
        known.uses[uniqueId(id, known.taken)] = { dataset: id, role };
  }
  const trained = (model: Json, id: string): Json => {
    const more = own.get(id)?.uses;
    return more === undefined ? model : { ...model, training: { ...(model.training as Json | undefined), uses: more } };
  };
  const others = Object.entries(sections.models as { readonly [id: string]: Json }); // there are some
  return {
    ...sections,
    model: trained(sections.model as Json, SUBJECT), // there is always one
    models: Object.fromEntries(others.map(([id, model]) => [id, trained(model, id)])),
  };
}

function checkSums(contributions: readonly Contribution[], weights: readonly WeightFile[]): readonly Finding[] {
  const bytes = new Map(weights.map(({ path, facts }) => [path, facts?.tensors?.bytes]));
  return contributions
    .filter((contribution): contribution is Sum => contribution.kind === 'sum')
    .flatMap(({ path, files, bytes: stated }): readonly Finding[] => {
      const parts = files.map((file) => bytes.get(file));
      if (stated === undefined || parts.some((part) => part === undefined)) return [];
      const sum = parts.reduce<number>((total, part) => total + (part ?? 0), 0);
      return sum === stated
        ? []
        : [
            {
              id: 'shard-sum',
              severity: 'medium',
              message: `the index says that the tensors have ${stated} bytes, the shards have ${sum}`,
              fix: 'Fetch index and shards of the same revision.',
              file: path,
              pointer: '/metadata/total_size',
            },
          ];
    });
}

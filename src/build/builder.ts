import { rootDigest } from '../core/digest.js';
import { MsbomError } from '../core/error.js';
import { isBlocking } from '../core/finding.js';
import { idFrom } from '../core/id.js';
import { TOOL } from '../core/tool.js';
import { collectEvidence, groupEvidence } from '../manifest/evidence.js';
import { type ManifestPart, mergeManifests } from '../manifest/merge.js';
import { stringifyManifest } from '../manifest/stringify.js';
import {
  type Artifact,
  type Bom,
  type CodeReference,
  type Component,
  type Dataset,
  type Environment,
  type Evaluation,
  type Evidence,
  type License,
  type Manifest,
  type Metric,
  type Model,
  type ModelReference,
  type Party,
  type RobustnessTest,
  SCHEMA_ID,
  SPEC_VERSION,
  type Training,
  type Usage,
} from '../schema/index.js';
import { validateManifest } from '../validate/index.js';
import { componentPurl, type Ecosystem } from './purl.js';

/** What only the caller can say about the document. Give both for the same bytes every time. */
export interface BuildOptions {
  /** Time of the document; default the present. */
  readonly now?: Date | string;
  /** `urn:uuid:…`; default a random one. */
  readonly serialNumber?: string;
}

/** A licence as an SPDX expression, or in full. */
type LicenseInput = string | License;
type WithLicenses<T> = Omit<T, 'licenses'> & { readonly licenses?: readonly LicenseInput[] };

export type ModelInput = WithLicenses<Model>;
export type DatasetInput = WithLicenses<Dataset>;
export type EvaluationInput = Omit<Evaluation, 'metrics'> & {
  /** Values by name, or metrics in full. */
  readonly metrics: Readonly<Record<string, number | string | boolean>> | readonly Metric[];
};
export interface LibraryOptions extends Omit<Component, 'name' | 'version'> {
  /** Package registry, from which the purl follows. Without it the component has no purl unless `identifiers` says one. */
  readonly ecosystem?: Ecosystem;
}

type Hyperparameters = NonNullable<Training['hyperparameters']>;
type Lineage = NonNullable<Manifest['lineage']>;

/** A manifest in the making. Every method returns the draft itself; nothing is checked until `build`. */
export interface ManifestDraft {
  /** Who makes the document. */
  author(party: Party): ManifestDraft;
  /** Who made the model. */
  producer(party: Party): ManifestDraft;
  /** Adds to what is said of the model. */
  model(facts: Partial<ModelInput>): ManifestDraft;
  /** Data the model was made or tested with. An `id` is made from the name when there is none. */
  dataset(dataset: DatasetInput): ManifestDraft;
  /** A model that this one came from; `relation` says how. */
  base(
    ancestor: ModelReference & { readonly relation: NonNullable<Lineage['relation']> & NonNullable<ModelReference['relation']> },
  ): ManifestDraft;
  /** Trained from random weights, without a parent. */
  fromScratch(): ManifestDraft;
  /** How it was trained: methods, stages, energy, duration. */
  training(facts: Training): ManifestDraft;
  hyperparameters(values: Hyperparameters): ManifestDraft;
  code(code: CodeReference): ManifestDraft;
  /** A library or framework used; `npm` and `pypi` packages get their purl. */
  library(name: string, version: string, options?: LibraryOptions): ManifestDraft;
  environment(environment: Environment): ManifestDraft;
  evaluation(evaluation: EvaluationInput): ManifestDraft;
  robustnessTest(test: RobustnessTest): ManifestDraft;
  usage(usage: Usage): ManifestDraft;
  /** A file with its digests; `addFiles` of `msbom/node` makes these from a directory. */
  artifact(artifact: Artifact): ManifestDraft;
  /** Says why a value is missing. */
  declare(pointer: string, status: 'unknown' | 'withheld' | 'notApplicable', reason: string): ManifestDraft;
  /** Any other part of a manifest; what was said before wins where both speak. */
  include(part: ManifestPart): ManifestDraft;
  /**
   * The manifest, validated.
   * @throws ERR_MANIFEST_INVALID with every finding when it breaks the specification
   */
  build(): Manifest;
  /** The text of `build()`. */
  stringify(): string;
}

const METHOD = 'msbom builder';

/**
 * Starts a manifest of a model.
 *
 * @example
 * const text = manifest({ name: 'digits-cnn', version: '1.2.0' }).hyperparameters({ learning_rate: 1e-3 }).stringify();
 */
export function manifest(model: ModelInput, options: BuildOptions = {}): ManifestDraft {
  let parts: Manifest = {
    $schema: SCHEMA_ID,
    bom: {
      specVersion: SPEC_VERSION,
      serialNumber: options.serialNumber ?? `urn:uuid:${globalThis.crypto.randomUUID()}`,
      version: 1,
      timestamp: timestamp(options.now ?? new Date()),
      tools: [{ ...TOOL }],
      generationContext: { phase: 'build' },
    },
  };
  let evidence: Evidence[] = [];

  /** Joins a part in; what is new in it counts as supplied by the caller unless it brings its own evidence. */
  function include(part: ManifestPart): ManifestDraft {
    const before = parts;
    const { manifest: merged } = mergeManifests({ ...parts, ...(evidence.length > 0 ? { evidence } : {}) }, part);
    const { evidence: known = [], ...rest } = merged;
    parts = rest;
    evidence = [...known];
    const supplied = part.evidence === undefined ? newPointers(before, parts) : [];
    evidence = groupEvidence([
      ...evidence,
      ...collectEvidence(supplied.map((pointer) => ({ pointer, origin: 'supplied', source: { name: 'caller' }, method: METHOD }))),
    ]);
    return draft;
  }

  const bom = (values: Partial<Bom>): ManifestPart => ({ bom: { ...parts.bom, ...values } });

  const draft: ManifestDraft = {
    author: (party) => include(bom({ authors: [party] })),
    producer: (party) => include({ model: { name: model.name, producer: party } }),
    model: (facts) => include({ model: { ...withLicenses(facts), name: model.name } as Model }),
    dataset: (dataset) => include({ datasets: [{ id: idFrom(String(dataset.name)), ...withLicenses(dataset) } as Dataset] }),
    base: (ancestor) =>
      include({
        lineage: {
          ...(parts.lineage === undefined ? { relation: ancestor.relation } : {}),
          ancestors: [{ id: idFrom(String(ancestor.name)), ...ancestor }],
        },
      }),
    fromScratch: () => include({ lineage: { relation: 'scratch' } }),
    training: (facts) => include({ training: facts }),
    hyperparameters: (values) => include({ training: { hyperparameters: values } }),
    code: (code) => include({ training: { code } }),
    library(name, version, { ecosystem, ...rest } = {}) {
      const purl =
        ecosystem === undefined ? {} : { identifiers: [{ type: 'purl' as const, value: componentPurl(ecosystem, name, version) }] };
      return include({ components: [{ id: idFrom(String(name)), type: 'library', name, version, scope: ['training'], ...purl, ...rest }] });
    },
    environment: (environment) => include({ environments: [environment] }),
    evaluation: ({ metrics, ...rest }) => include({ evaluations: [{ ...rest, metrics: namedMetrics(metrics) }] }),
    robustnessTest: (test) => include({ robustnessTests: [test] }),
    usage: (usage) => include({ usage }),
    artifact: (artifact) => include({ artifacts: [artifact] }),
    declare: (pointer, status, reason) => include(bom({ declarations: [{ pointer, status, reason }] })),
    include,
    build() {
      const result = validateManifest(finish(parts, evidence));
      if (result.valid) return result.manifest;
      const [first, ...others] = result.findings.filter(isBlocking);
      throw new MsbomError(
        'ERR_MANIFEST_INVALID',
        `${first?.message ?? 'the manifest is not valid'}${first?.pointer ? ` (at ${first.pointer})` : ''}${others.length > 0 ? ` and ${others.length} more` : ''}`,
        {
          findings: result.findings,
          pointer: first?.pointer,
          hint: first?.fix ?? 'The `findings` of the error list everything that is wrong.',
        },
      );
    },
    stringify: () => stringifyManifest(draft.build()),
  };
  return include({ model: withLicenses(model) as Model });
}

/** Adds what follows from the rest: the root digest over the files. */
function finish(parts: Manifest, evidence: readonly Evidence[]): Manifest {
  const root = parts.model?.rootDigest === undefined && parts.artifacts !== undefined ? rootDigest(parts.artifacts) : undefined;
  const model = parts.model && root !== undefined ? { ...parts.model, rootDigest: { sha256: root } } : parts.model;
  const inferred: Evidence[] =
    root === undefined
      ? []
      : [{ origin: 'observed', method: 'OpenSSF Model Signing root digest over the artifacts', pointers: ['/model/rootDigest'] }];
  const all = [...evidence, ...inferred];
  return { ...parts, ...(model && { model }), ...(all.length > 0 ? { evidence: all } : {}) };
}

function withLicenses<T extends { readonly licenses?: readonly LicenseInput[] }>({
  licenses,
  ...rest
}: T): Omit<T, 'licenses'> & { licenses?: License[] } {
  if (licenses === undefined) return rest;
  return {
    ...rest,
    licenses: licenses.map((license) => (typeof license === 'string' ? { expression: license, kind: 'declared' } : license)),
  };
}

function namedMetrics(values: EvaluationInput['metrics']): Metric[] {
  if (isMetricList(values)) return [...values];
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function isMetricList(values: EvaluationInput['metrics']): values is readonly Metric[] {
  return Array.isArray(values);
}

function timestamp(now: Date | string): string {
  const date = typeof now === 'string' ? new Date(now) : now;
  if (Number.isNaN(date.getTime()))
    throw new MsbomError('ERR_MANIFEST_VALUE', 'the time given as `now` is not a date', { hint: 'Give a Date or an RFC 3339 text.' });
  return date.toISOString().replace(/\.000Z$/, 'Z');
}

/** Pointers of what a step added, at the level of members of sections and items of lists. */
function newPointers(before: Manifest, after: Manifest): string[] {
  const pointers: string[] = [];
  for (const section of Object.keys(after) as (keyof Manifest)[]) {
    if (section === '$schema' || section === 'evidence') continue;
    const old = before[section] as Readonly<Record<string, unknown>> | undefined; // sections are objects or lists
    for (const [key, value] of Object.entries(after[section] ?? {})) {
      if (old?.[key] === undefined) pointers.push(`/${section}/${key}`);
      else if (old[key] !== value && typeof value === 'object' && value !== null) {
        const previous = old[key] as Readonly<Record<string, unknown>>; // same place, so also an object
        for (const inner of Object.keys(value)) if (previous[inner] === undefined) pointers.push(`/${section}/${key}/${inner}`);
      }
    }
  }
  return pointers;
}

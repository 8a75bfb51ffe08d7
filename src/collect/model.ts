/** What follows from all files together: subject, parameter count, root digests, ids. */
import type { JsonValue } from '../core/canonical-json.js';
import { rootDigest } from '../core/digest.js';
import type { Finding } from '../core/finding.js';
import { uniqueId } from '../core/id.js';
import { collectEvidence, type ValueEvidence } from '../draft/manifest/evidence.js';
import type { Artifact, Evidence } from '../draft/schema/index.js';
import { type Contribution, RANKS, type Sum } from './contribution.js';
import { isProjector } from './speakers.js';
import { countParameters, nameVariants } from './weight-sets.js';
import type { WeightFile } from './weights.js';

type Json = { [key: string]: JsonValue };

export interface FinishedModel {
  readonly sections: Json;
  readonly artifacts: readonly Artifact[];
  readonly subject: 'adapter' | undefined;
  readonly evidence: readonly Evidence[];
  readonly findings: readonly Finding[];
}

export function finishModel(
  sections: Json,
  artifacts: readonly Artifact[],
  { weights, beside }: { readonly weights: readonly WeightFile[]; readonly beside: ReadonlySet<string> },
  contributions: readonly Contribution[],
): FinishedModel {
  const model = { ...(sections.model as Json | undefined) };
  const adapters = finishAdapters((sections.adapters ?? []) as readonly Json[], artifacts); // built from the schema's pointers
  const stated = contributions.some(
    (each) => each.kind === 'claim' && each.rank === RANKS.option && each.pointer.startsWith('/model/parameterCount'),
  );
  const apart = new Set([...adapters.files, ...beside]);
  const { total, ...counted } = countParameters(artifacts, (model.parts ?? []) as readonly Json[], apart);
  const variants = nameVariants(artifacts, apart);
  const projectors = weights.some(({ path, facts }) => beside.has(path) && facts !== undefined && isProjector(facts));
  const root = rootDigest(artifacts);
  if (root !== undefined) model.rootDigest = { sha256: root };
  if (total !== undefined && !stated) model.parameterCount = { ...(model.parameterCount as Json | undefined), total };
  if (model.parts !== undefined) model.parts = (model.parts as readonly Json[]).map((part) => withParameters(part, counted.parts));
  const roles = new Set(artifacts.map(({ role }) => role));
  const finished: Json = {
    ...sections,
    model: leading(model, ['name', 'group', 'version', 'identifiers', 'rootDigest']),
    ...(adapters.items.length > 0 ? { adapters: [...adapters.items] } : {}),
  };
  giveUniqueIds(finished);
  return {
    sections: finished,
    artifacts: variants.artifacts,
    subject: roles.has('adapter') && !roles.has('weights') && adapters.items.length === 0 ? 'adapter' : undefined,
    evidence: collectEvidence([
      ...(root === undefined ? [] : [observed('/model/rootDigest', 'OpenSSF Model Signing root digest over the artifacts')]),
      ...(total === undefined || stated
        ? []
        : [observed('/model/parameterCount/total', counted.method + (projectors ? ', without the projector beside it' : ''))]),
      ...((model.parts ?? []) as readonly Json[]).flatMap((part, i) =>
        part.parameters === undefined ? [] : [observed(`/model/parts/${i}/parameters`, 'sum over the tensors of the part')],
      ),
      ...variants.evidence,
      ...adapters.evidence,
    ]),
    findings: [...counted.findings, ...checkSums(contributions, weights)],
  };
}

const observed = (pointer: string, method: string): ValueEvidence => ({ pointer, origin: 'observed', method });

function withParameters(part: Json, counts: ReadonlyMap<string, number>): Json {
  const parameters = counts.get(String(part.id));
  return parameters === undefined ? part : { ...part, parameters };
}

/** Adapters that ship with the model: digest over their files, parameters of their tensors. */
function finishAdapters(adapters: readonly Json[], artifacts: readonly Artifact[]) {
  const files = new Set(adapters.flatMap(({ artifacts: paths }) => (paths ?? []) as readonly string[]));
  const evidence: ValueEvidence[] = [];
  const items = adapters.map((adapter, i): Json => {
    const own = artifacts.filter(({ path }) => ((adapter.artifacts ?? []) as readonly string[]).includes(path));
    const digest = rootDigest(own);
    const parameters = own.reduce((sum, { role, tensors }) => sum + (role === 'adapter' ? (tensors?.parameters ?? 0) : 0), 0);
    if (digest !== undefined)
      evidence.push(observed(`/adapters/${i}/digest`, 'OpenSSF Model Signing root digest over the files of the adapter'));
    if (parameters > 0) evidence.push(observed(`/adapters/${i}/parameterCount`, 'sum over the tensors of the adapter'));
    return {
      ...adapter,
      ...(digest === undefined ? {} : { digest: { sha256: digest } }),
      ...(parameters > 0 ? { parameterCount: parameters } : {}),
    };
  });
  return { items, files, evidence };
}

/** Members in a given order first, so that a person reads the name before the rest. */
function leading(object: Json, first: readonly string[]): Json {
  const head = first.filter((key) => object[key] !== undefined).map((key) => [key, object[key]]);
  return { ...Object.fromEntries(head), ...Object.fromEntries(Object.entries(object).filter(([key]) => !first.includes(key))) } as Json;
}

function checkSums(contributions: readonly Contribution[], weights: readonly WeightFile[]): readonly Finding[] {
  const bytes = new Map(weights.map(({ path, facts }) => [path, facts?.tensors?.bytes]));
  return contributions
    .filter((contribution): contribution is Sum => contribution.kind === 'sum')
    .flatMap(({ path, files, bytes: stated }): readonly Finding[] => {
      const parts = files.map((file) => bytes.get(file));
      if (parts.some((part) => part === undefined)) return [];
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

/** Ids come from names; two things with alike names must not share one, and nothing refers to the later one by name alone. */
function giveUniqueIds(sections: Json): void {
  const taken = new Set(['model']);
  const lists = [
    sections.environments,
    sections.adapters,
    (sections.model as Json | undefined)?.parts,
    sections.datasets,
    (sections.lineage as Json | undefined)?.ancestors,
    // Several adapters may have one base, which is also that of the model.
    ...((sections.adapters ?? []) as Json[]).map(({ lineage }) => (lineage as Json | undefined)?.ancestors),
  ];
  for (const list of lists) {
    for (const item of (list ?? []) as Json[]) item.id = uniqueId(String(item.id), taken);
  }
  for (const item of (sections.components ?? []) as Json[]) if (item.id !== undefined) item.id = uniqueId(String(item.id), taken);
}

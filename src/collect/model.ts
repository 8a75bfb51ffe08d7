/** What follows from all files together: subject, parameter count, root digest, ids. */
import type { JsonValue } from '../core/canonical-json.js';
import { rootDigest } from '../core/digest.js';
import type { Finding } from '../core/finding.js';
import { uniqueId } from '../core/id.js';
import { collectEvidence } from '../manifest/evidence.js';
import type { Artifact, Evidence } from '../schema/index.js';
import type { Contribution, Sum } from './contribution.js';
import type { WeightFile } from './weights.js';

type Json = { [key: string]: JsonValue };

export interface FinishedModel {
  readonly sections: Json;
  readonly subject: 'adapter' | undefined;
  readonly evidence: readonly Evidence[];
  readonly findings: readonly Finding[];
}

export function finishModel(
  sections: Json,
  artifacts: readonly Artifact[],
  weights: readonly WeightFile[],
  contributions: readonly Contribution[],
): FinishedModel {
  const model = { ...(sections.model as Json | undefined) };
  const count = parameterCount(artifacts);
  const root = rootDigest(artifacts);
  if (root !== undefined) model.rootDigest = { sha256: root };
  if (count.total !== undefined) model.parameterCount = { total: count.total };
  const roles = new Set(artifacts.map(({ role }) => role));
  const finished: Json = { ...sections, model: leading(model, ['name', 'group', 'version', 'identifiers', 'rootDigest']) };
  giveUniqueIds(finished);
  return {
    sections: finished,
    subject: roles.has('adapter') && !roles.has('weights') ? 'adapter' : undefined,
    evidence: collectEvidence([
      ...(root === undefined
        ? []
        : [{ pointer: '/model/rootDigest', origin: 'observed', method: 'OpenSSF Model Signing root digest over the artifacts' } as const]),
      ...(count.total === undefined ? [] : [{ pointer: '/model/parameterCount', origin: 'observed', method: count.method } as const]),
    ]),
    findings: [...count.findings, ...checkSums(contributions, weights)],
  };
}

/** Members in a given order first, so that a person reads the name before the rest. */
function leading(object: Json, first: readonly string[]): Json {
  const head = first.filter((key) => object[key] !== undefined).map((key) => [key, object[key]]);
  return { ...Object.fromEntries(head), ...Object.fromEntries(Object.entries(object).filter(([key]) => !first.includes(key))) } as Json;
}

/**
 * Parameters of the model. Shards of one set add up. Several complete sets (exports, quantisations) count once when
 * they agree; when they do not, nobody can say from the files alone which of them is the model.
 */
function parameterCount(artifacts: readonly Artifact[]): { total?: number; method: string; findings: readonly Finding[] } {
  const method = 'sum over the tensors of one complete set of weights';
  const sets = new Map<string, number>();
  for (const { path, role, shard, tensors } of artifacts) {
    if ((role !== 'weights' && role !== 'adapter') || tensors?.parameters === undefined || tensors.parameters === 0) continue;
    const set = shard === undefined ? path : `${shard.set}\u0000${shard.total}`;
    sets.set(set, (sets.get(set) ?? 0) + tensors.parameters);
  }
  const totals = new Set(sets.values());
  const [total] = totals;
  if (totals.size === 1 && total !== undefined) return { total, method, findings: [] };
  if (totals.size === 0) return { method, findings: [] };
  return {
    method,
    findings: [
      {
        id: 'parameters-ambiguous',
        severity: 'info',
        message: `the directory holds ${sets.size} sets of weights with different parameter counts; no total is stated`,
        fix: 'State the total with the builder, or collect each model on its own.',
        pointer: '/model/parameterCount',
      },
    ],
  };
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
  const lists = [sections.datasets, (sections.lineage as Json | undefined)?.ancestors];
  for (const list of lists) {
    for (const item of (list ?? []) as Json[]) item.id = uniqueId(String(item.id), taken);
  }
}

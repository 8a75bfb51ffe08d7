/**
 * Sets of weights: the files that together are one complete copy of the model (or of one part of it). A directory may hold
 * several copies: exports to other formats, precisions, quantisations.
 */
import { append, appendTo } from '../core/append.js';
import type { Finding } from '../core/finding.js';
import type { DescribedFile } from './artifacts.js';
import { baseName, directoryOf } from './contribution.js';
import { areHalves, halfOf } from './models/halves.js';

interface WeightSet {
  readonly part: string | undefined;
  readonly directory: string;
  readonly files: readonly DescribedFile[];
  readonly parameters: number;
}

const METHOD = 'sum over the tensors of one complete set of weights';

/** What is counted, by role: saves of a run only where the model itself is not here. Optimizer states are never counted. */
const COUNTED = ['weights', 'adapter', 'checkpoint'] as const;

/** Sets of one model's files. */
function weightSets(artifacts: readonly DescribedFile[], indexOf: ReadonlyMap<string, string>): readonly WeightSet[] {
  const only = COUNTED.find((each) => artifacts.some(({ role }) => role === each));
  const files = new Map<string, DescribedFile[]>();
  for (const artifact of artifacts) {
    const { path, role, part, shard, tensors } = artifact;
    if (role !== only || tensors?.parameters === undefined || tensors.parameters === 0) continue;
    const name = indexOf.get(path) ?? (shard === undefined ? baseName(path) : `${shard.set}\u0000${shard.total}`);
    const set = `${part ?? ''}\u0000${directoryOf(path)}\u0000${name}`;
    appendTo(files, set, artifact);
  }
  return [...files.values()].map((members) => ({
    part: members[0]?.part,
    directory: directoryOf(members[0]?.path ?? ''),
    files: members,
    parameters: members.reduce((sum, { tensors }) => sum + (tensors?.parameters ?? 0), 0),
  }));
}

export interface Counted {
  readonly total?: number;
  /** By id of the part. */
  readonly parts: ReadonlyMap<string, number>;
  readonly method: string;
  readonly findings: readonly Finding[];
}

/**
 * Parameters of the model. Shards of one set add up; several complete sets (exports, quantisations) count once when they
 * agree. When they do not, those at the top level speak for the model, if they agree among themselves: converters fold and
 * duplicate tensors, so exports in sub-directories may count differently. Of a pipeline the parts add up.
 */
export function countParameters(artifacts: readonly DescribedFile[], hasParts: boolean, indexOf: ReadonlyMap<string, string>): Counted {
  const sets = weightSets(artifacts, indexOf);
  const none = new Map<string, number>();
  if (sets.length === 0) return { parts: none, method: METHOD, findings: [] };
  const isOfHalves = areHalves(sets.map(({ files }) => files[0]?.path ?? ''));
  if (hasParts && sets.some(({ part }) => part !== undefined)) return isOfHalves ? halves(sets) : countParts(sets);
  const whole = agreed(sets);
  if (whole !== undefined) return { total: whole, parts: none, method: METHOD, findings: [] };
  const top = agreedOnTop(sets);
  if (top !== undefined)
    return { total: top, parts: none, method: `${METHOD} at the top level; exports in sub-directories count differently`, findings: [] };
  return { parts: none, method: METHOD, findings: [ambiguous(sets)] };
}

function countParts(sets: readonly WeightSet[]): Counted {
  const ids = [...new Set(sets.map(({ part }) => part))];
  const counts = new Map<string, number>();
  const unclear: WeightSet[] = [];
  let total = 0;
  for (const id of ids) {
    const own = sets.filter(({ part }) => part === id);
    const count = agreed(own) ?? agreedOnTop(own);
    if (count === undefined) append(unclear, own);
    else {
      total += count;
      if (id !== undefined) counts.set(id, count);
    }
  }
  // Weights beside the parts are the whole pipeline in one file; they would count twice.
  const outside = sets.filter(({ part }) => part === undefined);
  const sum = outside.length > 0 ? agreed(outside) : total;
  const method = outside.length > 0 ? `${METHOD} of the whole pipeline` : 'sum over the parts of one complete set of weights each';
  return unclear.length > 0 || sum === undefined
    ? { parts: counts, method, findings: [ambiguous(unclear.length > 0 ? unclear : outside)] }
    : { total: sum, parts: counts, method, findings: [] };
}

/** Halves may hold the same values: an encoder and its decoder often share the embedding, which both files have then. */
function halves(sets: readonly WeightSet[]): Counted {
  const { parts, method } = countParts(sets);
  const names = sets.map(({ files }) => `\`${files[0]?.path}\``).join(', ');
  return {
    parts,
    method,
    findings: [
      {
        id: 'parameters-ambiguous',
        severity: 'info',
        message: `the files are parts of one model, which may hold the same values twice (${names}); each is counted, and no total is stated`,
        fix: 'State the total with --set.',
        pointer: '/model/parameterCount',
      },
    ],
  };
}

function agreed(sets: readonly WeightSet[]): number | undefined {
  const totals = new Set(sets.map(({ parameters }) => parameters));
  const [total] = totals;
  return totals.size === 1 ? total : undefined;
}

const agreedOnTop = (sets: readonly WeightSet[]): number | undefined => agreed(sets.filter(({ directory }) => directory === ''));

function ambiguous(sets: readonly WeightSet[]): Finding {
  return {
    id: 'parameters-ambiguous',
    severity: 'info',
    message: `the directory holds ${sets.length} sets of weights with different parameter counts; no total is stated`,
    fix: 'State the total with --set, or collect each model on its own.',
    pointer: '/model/parameterCount',
  };
}

/** A name for each copy of one model, by path, where there are several. */
export function variantNames(artifacts: readonly DescribedFile[], indexOf: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const byPart = new Map<string | undefined, WeightSet[]>();
  const sets = weightSets(artifacts, indexOf);
  const halfOfSet = ({ files }: WeightSet): string => halfOf(files[0]?.path ?? '') ?? '';
  // Moments of a run are no copies, nor are halves beside the whole.
  const hasWhole = sets.some((set) => halfOfSet(set) === '');
  const copies = sets.filter((set) => set.files.every(({ role }) => role !== 'checkpoint') && !(hasWhole && halfOfSet(set) !== ''));
  for (const set of copies) appendTo(byPart, set.part, set);
  for (const sets of byPart.values()) {
    if (sets.length < 2) continue;
    const taken = new Map<string, number>();
    const wanted = sets.map(variantName);
    for (const name of wanted) taken.set(name, (taken.get(name) ?? 0) + 1);
    sets.forEach((set, i) => {
      const name = wanted[i] ?? '';
      const stem = baseName(set.files[0]?.path ?? '').replace(/\.[^.]+$/, '');
      for (const { path } of set.files) names.set(path, (taken.get(name) ?? 0) > 1 ? `${name}-${stem}` : name);
    });
  }
  return names;
}

/** Format and precision: `gguf-Q4_K_M`, `onnx`, `safetensors-F16`. */
function variantName({ files }: WeightSet): string {
  const [first] = files;
  const format = first?.format?.serialization ?? 'weights';
  if (first?.quantization !== undefined) return `${format}-${first.quantization.replace(/\s+/g, '-')}`;
  const dtypes = Object.entries(first?.tensors?.dtypes ?? {}).sort(([, a], [, b]) => b - a);
  return dtypes[0] === undefined ? format : `${format}-${dtypes[0][0]}`;
}

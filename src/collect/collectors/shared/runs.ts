/** Several runs in one directory: none may silently speak for the model. */
import { canonicalize, type JsonValue } from '../../../core/canonical-json.js';
import type { Finding } from '../../../core/finding.js';
import { compareCodePoints } from '../../../core/source-tree.js';
import type { CollectContext, Collected, Contribution, MetadataFile } from '../../contribution.js';
import { NEARNESS } from '../../models/owners.js';

/** Runs that are compared with each other; of more nothing is taken. */
const MAX_RUNS = 64;

/** How one tool lays out its runs. */
export interface RunLayout {
  /** The tool, as a message names it. */
  readonly tool: string;
  /** Directory of the run that a file belongs to, with the `/` at its end; undefined for a file that is not of a run. */
  runOf(path: string): string | undefined;
  /** The run that made the model, where another file says so. */
  chosen?(runs: ReadonlyMap<string, readonly string[]>, context: CollectContext): Promise<string | undefined>;
}

/** What is known of the runs of a directory is worked out once for all of its files. */
const known = new WeakMap<ReadonlySet<string>, Map<RunLayout, ReadonlyMap<string, readonly string[]>>>();

/** Files by run, both in code point order. */
export function runsOf(paths: ReadonlySet<string>, layout: RunLayout): ReadonlyMap<string, readonly string[]> {
  const layouts = known.get(paths) ?? new Map<RunLayout, ReadonlyMap<string, readonly string[]>>();
  known.set(paths, layouts);
  const ready = layouts.get(layout);
  if (ready !== undefined) return ready;
  const runs = new Map<string, string[]>();
  for (const path of paths) {
    const run = layout.runOf(path);
    if (run === undefined) continue;
    const files = runs.get(run);
    if (files === undefined) runs.set(run, [path]);
    else files.push(path);
  }
  const sorted = new Map([...runs].sort(([a], [b]) => compareCodePoints(a, b)).map(([run, files]) => [run, files.sort(compareCodePoints)]));
  layouts.set(layout, sorted);
  return sorted;
}

/**
 * Reads all runs of one model when `file` is the first file of the first of them, and nothing for any other file. One run speaks for the
 * model; where the weights lie in some of them these alone do; of several only what all of them say is taken, and that there are several
 * is a finding.
 */
export async function readRuns(
  file: Pick<MetadataFile, 'path'>,
  context: CollectContext,
  layout: RunLayout,
  read: (run: string, files: readonly string[]) => Promise<Collected>,
): Promise<Collected> {
  const all = runsOf(context.paths, layout);
  const { model } = context.owner(file.path);
  const runs = new Map([...all].filter(([, files]) => context.owner(files[0] ?? '').model === model));
  const [first] = runs.values();
  if (first?.[0] !== file.path) return { contributions: [] };
  const chosen = runs.size > 1 ? await layout.chosen?.(runs, context) : undefined;
  const wanted = chosen === undefined ? withWeights(runs, context) : [...runs].filter(([run]) => run === chosen);
  // One of several runs, that lies with no weights while another does, is not the one that made what is here.
  const isOther = wanted.length === 1 && chosen === undefined && runs.size < all.size && !isNear(wanted[0]?.[1] ?? [], context);
  if (isOther && [...all].some(([run, files]) => !runs.has(run) && isNear(files, context)))
    return { contributions: [], findings: [runOfNoModel(file.path, layout.tool, all.size)] };
  if (wanted.length > MAX_RUNS) return { contributions: [], findings: [severalRuns(file.path, layout.tool, wanted.length, false)] };
  const results: Collected[] = [];
  for (const [run, files] of wanted) results.push(ofRun(await read(run, files), files[0] ?? file.path));
  const [only] = results;
  if (results.length === 1 && only !== undefined)
    return chosen === undefined && runs.size > 1
      ? { ...only, findings: [...(only.findings ?? []), runOfWeights(file.path, layout.tool, runs.size, wanted[0]?.[0] ?? '')] }
      : only;
  return {
    contributions: agreed(results.map(({ contributions }) => contributions)),
    findings: [severalRuns(file.path, layout.tool, results.length, true), ...results.flatMap(({ findings = [] }) => findings)],
  };
}

/** All that a run says is about the model of the run, in whatever folder of it a file lies. */
const ofRun = (collected: Collected, about: string): Collected => ({
  ...collected,
  contributions: collected.contributions.map((each) => (each.kind === 'claim' || each.kind === 'addition' ? { about, ...each } : each)),
});

/** The runs in whose directories the weights lie, or all where that tells none apart. */
function withWeights(
  runs: ReadonlyMap<string, readonly string[]>,
  context: CollectContext,
): readonly (readonly [string, readonly string[]])[] {
  const near = [...runs].filter(([, files]) => isNear(files, context));
  return near.length > 0 ? near : [...runs];
}

/** Do weights lie in the directory of a run, or below it? */
const isNear = (files: readonly string[], { owner }: CollectContext): boolean =>
  files.some((path) => owner(path).nearness < NEARNESS.below);

const runOfNoModel = (file: string, tool: string, count: number): Finding => ({
  id: 'several-runs',
  severity: 'low',
  message: `the directory holds ${count} runs of ${tool}; no weights lie in this one, and nothing was taken from it`,
  fix: 'Collect the directory of the run that made the model.',
  file,
});

const runOfWeights = (file: string, tool: string, count: number, run: string): Finding => ({
  id: 'several-runs',
  severity: 'low',
  message: `the directory holds ${count} runs of ${tool}; the weights lie in that of \`${run === '' ? '.' : run}\`, which alone was taken`,
  fix: 'Collect the directory of the run that made the model.',
  file,
});

/** What every run says, with the evidence from each. */
export function agreed(runs: readonly (readonly Contribution[])[]): readonly Contribution[] {
  const counts = new Map<string, number>();
  for (const run of runs) {
    for (const said of new Set(run.map(statement))) counts.set(said, (counts.get(said) ?? 0) + 1);
  }
  return runs.flatMap((run) => run.filter((each) => each.kind === 'file' || counts.get(statement(each)) === runs.length));
}

/** Half of a surrogate pair has no canonical form; it is mended later, with all others. */
function canonical(value: JsonValue): string {
  try {
    return canonicalize(value);
  } catch {
    return JSON.stringify(value);
  }
}

function statement(contribution: Contribution): string {
  switch (contribution.kind) {
    case 'claim':
      return `${contribution.pointer}\u0000${canonical(contribution.value)}`;
    case 'addition':
      return `${contribution.list}\u0000${contribution.at ?? ''}\u0000${canonical(contribution.item)}`;
    default:
      return '';
  }
}

/** Says that a directory holds several runs, and what was done about it. */
export function severalRuns(file: string, tool: string, count: number, compared: boolean): Finding {
  return {
    id: 'several-runs',
    severity: 'low',
    message: compared
      ? `the directory holds ${count} runs of ${tool}; only what all of them say was taken`
      : `the directory holds ${count} runs of ${tool}, too many to compare; nothing was taken from them`,
    fix: 'Collect the directory of the run that made the model.',
    file,
  };
}

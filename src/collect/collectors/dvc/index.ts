/**
 * Pipelines and data of DVC: what went in, with digests, and what was run on it.
 * Source: https://dvc.org/doc/user-guide/project-structure
 */
import {
  baseName,
  type CollectContext,
  type Collected,
  type Collector,
  type Contribution,
  directoryOf,
  type MetadataFile,
  type Origin,
  RANKS,
} from '../../contribution.js';
import { hyperparameterClaims } from '../../hyperparameters.js';
import { webUri } from '../../public-uri.js';
import { asObject, asText, type Loose } from '../../values.js';
import { metricsOf } from '../results/index.js';
import { addition, readYamlMap } from '../shared/run-file.js';
import { compared, isModel, pointer } from './check.js';
import { dataName, dataset } from './data.js';
import { lockedFiles, lockFacts } from './lock.js';

export const dvc: Collector = {
  id: 'dvc',
  files: '`dvc.lock`, `dvc.yaml`, `params.yaml` beside them, `*.dvc`',
  matches: (path) => /(^|\/)(dvc\.lock|dvc\.yaml|params\.yaml)$|[^/]\.dvc$/.test(path) && !/(^|\/)\.dvc\//.test(path),
  async collect(file, context) {
    const name = baseName(file.path);
    const directory = directoryOf(file.path);
    // Other programs have a `params.yaml` too.
    if (name === 'params.yaml' && !context.paths.has(`${directory}dvc.yaml`)) return { contributions: [] };
    const { value, finding } = readYamlMap(file);
    if (finding !== undefined) return { contributions: [], findings: [finding] };
    if (name === 'dvc.lock')
      return {
        contributions: lockFacts(file.path, value, (path) => context.owner(path).model),
        findings: await compared(file.path, lockedFiles(value), context),
      };
    if (name.endsWith('.dvc')) return tracked(file.path, value, context);
    const measured = name === 'dvc.yaml' ? await metrics(directory, value, context) : { contributions: [], findings: [] };
    // The lock says what was run; without one the pipeline only says what is to be run.
    if (context.paths.has(`${directory}dvc.lock`)) return measured;
    if (name !== 'dvc.yaml') return parameters(file, value, context);
    return { contributions: [...stages(file.path, value), ...measured.contributions], findings: measured.findings ?? [] };
  },
};

const MAX_METRIC_FILES = 50;

/** Numbers in the files that the pipeline, or a stage of it, calls metrics. */
async function metrics(directory: string, pipeline: Loose, context: CollectContext): Promise<Collected> {
  const lists = [pipeline.metrics, ...Object.values(asObject(pipeline.stages) ?? {}).map((stage) => asObject(stage)?.metrics)];
  const names = lists
    .flatMap((list): unknown[] => (Array.isArray(list) ? list.slice(0, MAX_METRIC_FILES) : []))
    // With settings the path is the key of them.
    .flatMap((each) => asText(each) ?? Object.keys(asObject(each) ?? {}).slice(0, 1));
  const all: Collected[] = [];
  for (const name of [...new Set(names)].slice(0, MAX_METRIC_FILES)) {
    const file = /\.json$/.test(name) ? await context.read(directory + name) : undefined;
    if (file !== undefined) all.push(metricsOf(file, context.limits));
  }
  return { contributions: all.flatMap(({ contributions }) => contributions), findings: all.flatMap(({ findings = [] }) => findings) };
}

/** `params.yaml` counts where the pipeline says that a stage depends on it. */
async function parameters(file: MetadataFile, values: Loose, context: CollectContext): Promise<Collected> {
  const pipeline = await context.read(`${directoryOf(file.path)}dvc.yaml`);
  const used = new Set<string>();
  for (const stage of Object.values(asObject(pipeline === undefined ? undefined : readYamlMap(pipeline).value?.stages) ?? {})) {
    const names = asObject(stage)?.params;
    for (const name of Array.isArray(names) ? names.slice(0, 1000) : []) if (typeof name === 'string') used.add(name);
  }
  const from = { origin: 'declared', path: file.path, method: 'DVC parameters' } as const;
  const claims = hyperparameterClaims('dvc', values, from, RANKS.recipe).filter(({ from: { key = '' } }) =>
    key.split('.').some((_, i, parts) => used.has(parts.slice(0, i + 1).join('.'))),
  );
  return { contributions: claims };
}

/** Names of the stages that a pipeline has. */
function stages(path: string, pipeline: Loose): readonly Contribution[] {
  return Object.keys(asObject(pipeline.stages) ?? {})
    .slice(0, 200)
    .filter((name) => /^[\w.@-]{1,128}$/.test(name))
    .map((name) =>
      addition('/model/training/stages', { name }, { origin: 'declared', path, key: `stages.${name}`, method: 'DVC pipeline' }),
    );
}

/** Data that is not here is a dataset, a model that is not here is missing, and what is here must be the same. */
async function tracked(path: string, record: Loose, context: CollectContext): Promise<Collected> {
  const outs = (Array.isArray(record.outs) ? record.outs.slice(0, 100) : []).flatMap((each: unknown): Loose[] => {
    const out = asObject(each);
    return out === undefined ? [] : [out];
  });
  const missing = outs.flatMap((facts) => {
    const name = dataName(facts.path);
    return name === undefined || isHere(directoryOf(path) + name, context) || !isModel(name) ? [] : [pointer(path, name, facts)];
  });
  const stated = outs.map((facts) => ({ facts, isResult: true }));
  return {
    contributions: [...trackedData(path, record, context), ...missing.slice(0, 1).map(({ contribution }) => contribution)],
    findings: [...missing.map(({ finding }) => finding), ...(await compared(path, stated, context))],
  };
}

/** Is the file, or any below the directory, among those described? */
function isHere(place: string, { paths }: CollectContext): boolean {
  if (paths.has(place)) return true;
  for (const path of paths) if (path.startsWith(`${place}/`)) return true;
  return false;
}

/** A `.dvc` file stands for data that Git does not hold: added, or imported from another repository. */
function trackedData(path: string, record: Loose, context: CollectContext): readonly Contribution[] {
  const [dependency] = Array.isArray(record.deps) ? record.deps : [];
  const repository = asObject(asObject(dependency)?.repo);
  return (Array.isArray(record.outs) ? record.outs.slice(0, 100) : []).flatMap((each: unknown) => {
    const out = asObject(each);
    const name = out === undefined ? undefined : dataName(out.path);
    // A model that DVC tracks is listed as a file where it is here.
    if (out === undefined || name === undefined || isHere(directoryOf(path) + name, context) || isModel(name)) return [];
    const from: Origin = { origin: 'declared', path, key: 'outs', method: 'DVC data file' };
    const uri = webUri(repository?.url) ?? webUri(asObject(dependency)?.path);
    const revision = asText(repository?.rev_lock);
    return [
      addition(
        '/datasets',
        {
          ...dataset(name, out),
          ...(uri === undefined ? {} : { uri }),
          ...(revision !== undefined && /^[0-9a-f]{7,64}$/.test(revision) ? { version: revision } : {}),
        },
        from,
      ),
    ];
  });
}

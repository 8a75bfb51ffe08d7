/** Reads a run of a file store: a directory with one file for each parameter, metric and tag. */
import type { Finding } from '../../../core/finding.js';
import type { CollectContext } from '../../contribution.js';
import { asObject, asText, type Loose } from '../../values.js';
import { type Read, readYamlMap, textOf } from '../shared/run-file.js';
import { type RunLayout, runsOf } from '../shared/runs.js';
import type { Run, RunDataset } from './run.js';

/** Parameters, metrics, tags or inputs read of one run. */
const MAX_ENTRIES = 1000;

/** Files of a run by its directory: names of parameters may have `/` in them. */
const ENTRIES: RunLayout = {
  tool: 'MLflow',
  runOf: (path) => /^(.*\/)?[0-9a-f]{32}\/(?=(?:params|metrics|tags|inputs)\/)/.exec(path)?.[0],
};

export interface StoredRun {
  readonly run?: Run;
  readonly findings: readonly Finding[];
}

/** A run of the file store; `run` is its directory. */
export async function storedRun(run: string, context: CollectContext): Promise<StoredRun> {
  const path = `${run}meta.yaml`;
  const meta = await record(path, context);
  if (meta.value === undefined) return { findings: meta.finding === undefined ? [] : [meta.finding] };
  const entries = runsOf(context.paths, ENTRIES).get(run) ?? [];
  const texts = async (folder: string) => readTexts(run, folder, entries, context);
  const tags = await texts('tags');
  return {
    findings: [],
    run: {
      path,
      id: asText(meta.value.run_id) ?? asText(meta.value.run_uuid),
      status: String(meta.value.status),
      start: number(meta.value.start_time),
      end: number(meta.value.end_time),
      params: await texts('params'),
      metrics: (await texts('metrics')).flatMap(({ name, value, path: file }) => {
        const last = lastValue(value);
        return last === undefined ? [] : [{ name, value: last, path: file }];
      }),
      tags: new Map(tags.map(({ name, value, path: file }) => [name, { value, path: file }])),
      datasets: await datasets(run, entries, context),
    },
  };
}

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

async function readTexts(run: string, folder: string, entries: readonly string[], context: CollectContext) {
  const found: { name: string; value: string; path: string }[] = [];
  for (const path of entries.filter((entry) => entry.startsWith(`${run}${folder}/`)).slice(0, MAX_ENTRIES)) {
    const file = await context.read(path);
    const value = file === undefined ? undefined : textOf(file.bytes);
    if (value !== undefined) found.push({ name: path.slice(`${run}${folder}/`.length), value, path });
  }
  return found;
}

/** `timestamp value step` in each line: the value of the greatest step, of these the latest, as MLflow itself has it. */
function lastValue(text: string): number | undefined {
  let best: readonly [number, number, number] | undefined;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const [time = '', value = '', step = '0'] = text
      .slice(at, end === -1 ? text.length : end)
      .trim()
      .split(' ', 4);
    const row = [Number(step), Number(time), Number(value)] as const;
    if (value !== '' && row.every(Number.isFinite) && (best === undefined || isAfter(row, best))) best = row;
    at = end === -1 ? text.length : end + 1;
  }
  return best?.[2];
}

function isAfter(a: readonly number[], b: readonly number[]): boolean {
  const differs = a.findIndex((value, i) => value !== b[i]);
  return differs !== -1 && (a[differs] ?? 0) > (b[differs] ?? 0);
}

/** `inputs/<id>/meta.yaml` names a dataset of the experiment, and a tag what it was for. */
async function datasets(run: string, entries: readonly string[], context: CollectContext): Promise<readonly RunDataset[]> {
  const experiment = run.replace(/[0-9a-f]{32}\/$/, '');
  const found: RunDataset[] = [];
  for (const entry of entries.filter((each) => each.startsWith(`${run}inputs/`) && each.endsWith('/meta.yaml')).slice(0, MAX_ENTRIES)) {
    const input = (await record(entry, context)).value;
    const source = asText(input?.source_id) ?? '';
    if (asText(input?.source_type) !== 'DATASET' || !/^[\w-]{1,64}$/.test(source)) continue;
    const path = `${experiment}datasets/${source}/meta.yaml`;
    const facts = (await record(path, context)).value;
    if (facts === undefined) continue;
    found.push({ path, name: asText(facts.name), digest: text(facts.digest), source: asText(facts.source), context: purpose(input) });
  }
  return found;
}

/** A digest of digits alone is a number in YAML when MLflow did not quote it. */
const text = (value: unknown): string | undefined => (typeof value === 'number' ? String(value) : asText(value));

const purpose = (input: Loose | undefined): string | undefined => asText(asObject(input?.tags)?.['mlflow.data.context']);

async function record(path: string, context: CollectContext): Promise<Partial<Read<Loose>>> {
  const file = await context.read(path);
  return file === undefined ? {} : readYamlMap(file);
}

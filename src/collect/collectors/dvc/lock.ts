/** `dvc.lock`: the stages as they were run. */
import type { JsonValue } from '../../../core/canonical-json.js';
import { uniqueId } from '../../../core/id.js';
import { toPointer } from '../../../core/json-pointer.js';
import { type Contribution, directoryOf, type Origin, RANKS } from '../../contribution.js';
import { hyperparameterClaims } from '../../hyperparameters.js';
import { roleByName } from '../../roles.js';
import { asObject, asText, type Loose } from '../../values.js';
import { addition, claim, publicArguments } from '../shared/run-file.js';
import { dataName, dataset, isModelFile, statedDigest } from './data.js';

const MAX_STAGES = 200;
const MAX_FILES = 1000;

interface Stage {
  readonly name: string;
  readonly facts: Loose;
  readonly deps: readonly Loose[];
  readonly outs: readonly Loose[];
}

/** Inputs as datasets with their digests, derived data with what it came from, stages with the parameters that they took. */
export function lockFacts(path: string, lock: Loose, modelOf: (file: string) => string): readonly Contribution[] {
  const stages = stagesOf(lock);
  const from = (...key: readonly string[]): Origin => ({ origin: 'observed', path, method: 'DVC lock file', key: key.join('.') });
  const derived = derivation(stages);
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  const data = (facts: Loose): string | undefined => {
    const name = dataName(facts.path);
    return name === undefined || isModelFile(name) ? undefined : name;
  };
  const items: Contribution[] = [];
  for (const stage of stages) {
    for (const facts of stage.deps) {
      const name = data(facts);
      if (name === undefined || ids.has(name)) continue;
      const item = dataset(name, facts);
      const id = uniqueId(String(item.id), taken);
      ids.set(name, id);
      const sources = [...(derived.get(name) ?? [])].flatMap((source) => (source === name ? [] : (ids.get(source) ?? [])));
      items.push(
        addition(
          '/datasets',
          { ...item, id, ...(sources.length === 0 ? {} : { sources: sources.map((dataset) => ({ dataset })) }) },
          from('stages', stage.name, 'deps'),
        ),
      );
    }
  }
  const training = trainingStages(stages);
  return [
    ...items,
    ...training.map((stage) => stageAddition(stage, ids, from('stages', stage.name))),
    ...byModel(training, (file) => modelOf(directoryOf(path) + file)).flatMap(({ stages: own, about }) =>
      [...settings(own, path), ...code(own, from)].map((each) =>
        about === undefined ? each : { ...each, about: directoryOf(path) + about },
      ),
    ),
  ];
}

/** Stages of one model together; of stages that made several models each speaks for its own. */
function byModel(
  stages: readonly Stage[],
  modelOf: (file: string) => string,
): readonly { readonly stages: readonly Stage[]; readonly about?: string }[] {
  const groups = new Map<string, { readonly stages: Stage[]; readonly about?: string }>();
  for (const stage of stages) {
    const about = stage.outs.map(({ path }) => asText(path) ?? '').find((file) => WEIGHTS.has(roleByName(file)));
    const model = about === undefined ? '' : modelOf(about);
    const group = groups.get(model);
    if (group === undefined) groups.set(model, { stages: [stage], ...(about === undefined ? {} : { about }) });
    else group.stages.push(stage);
  }
  return groups.size > 1 ? [...groups.values()] : [{ stages }];
}

/** Stages that wrote weights; what went into others only prepared their data. All of them where none did. */
function trainingStages(stages: readonly Stage[]): readonly Stage[] {
  const training = stages.filter(({ outs }) => outs.some(({ path }) => WEIGHTS.has(roleByName(asText(path) ?? ''))));
  return training.length > 0 ? training : stages;
}

const WEIGHTS: ReadonlySet<string> = new Set(['weights', 'adapter', 'checkpoint']);

/** Files whose digests the lock states, as they are told: MD5 of the bytes alone can be compared. */
export function lockedFiles(lock: Loose): readonly { readonly facts: Loose; readonly isResult: boolean }[] {
  return stagesOf(lock).flatMap(({ deps, outs }) => [
    ...outs.map((facts) => ({ facts, isResult: true })),
    ...deps.map((facts) => ({ facts, isResult: false })),
  ]);
}

function stagesOf(lock: Loose): readonly Stage[] {
  const list = (value: unknown): readonly Loose[] =>
    Array.isArray(value)
      ? value.slice(0, MAX_FILES).flatMap((item: unknown): Loose[] => [asObject(item)].filter((each) => each !== undefined))
      : [];
  const stages = Object.entries(asObject(lock.stages) ?? {})
    .slice(0, MAX_STAGES)
    .flatMap(([name, value]): Stage[] => {
      const facts = asObject(value);
      return facts === undefined || !/^[\w.@-]{1,128}$/.test(name) ? [] : [{ name, facts, deps: list(facts.deps), outs: list(facts.outs) }];
    });
  return inOrder(stages);
}

/** A stage after those whose results it takes; DVC itself sorts them by name. */
function inOrder(stages: readonly Stage[]): readonly Stage[] {
  const makers = new Map(stages.flatMap((stage) => stage.outs.map(({ path }) => [asText(path) ?? '', stage] as const)));
  const ordered = new Set<Stage>();
  for (const start of stages) {
    // Depth first without recursion; a circle, which DVC does not allow, ends at the stage that closes it.
    const open = [{ stage: start, left: true }];
    const entered = new Set<Stage>();
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (!at.left) ordered.add(at.stage);
      if (!at.left || entered.has(at.stage) || ordered.has(at.stage)) continue;
      entered.add(at.stage);
      open.push({ stage: at.stage, left: false });
      for (const { path } of at.stage.deps) {
        const maker = makers.get(asText(path) ?? '');
        if (maker !== undefined && maker !== at.stage) open.push({ stage: maker, left: true });
      }
    }
  }
  return [...ordered];
}

/** What each result was made from. */
function derivation(stages: readonly Stage[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = (files: readonly Loose[]): readonly string[] => files.flatMap(({ path }) => dataName(path) ?? []);
  return new Map(stages.flatMap(({ deps, outs }) => names(outs).map((out) => [out, new Set(names(deps))] as const)));
}

function stageAddition(stage: Stage, ids: ReadonlyMap<string, string>, from: Origin): Contribution {
  const datasets = [...new Set(stage.deps.flatMap(({ path }) => ids.get(dataName(path) ?? '') ?? []))];
  const values = Object.fromEntries(
    parameters(stage, '').flatMap(({ pointer, value }) => [
      [pointer.slice('/model/training/hyperparameters/'.length).replace(/~1/g, '/').replace(/~0/g, '~'), value],
    ]),
  );
  const item: { readonly [key: string]: JsonValue } = {
    name: stage.name,
    ...(datasets.length === 0 ? {} : { uses: datasets.map((dataset) => ({ dataset })) }),
    ...(Object.keys(values).length === 0 ? {} : { hyperparameters: values }),
  };
  return addition('/model/training/stages', item, from);
}

/** Parameters by file, as the stage took them. */
function parameters(stage: Stage, path: string) {
  return Object.entries(asObject(stage.facts.params) ?? {})
    .slice(0, 20)
    .flatMap(([file, values]) => {
      const origin: Origin = { origin: 'observed', path, method: 'DVC lock file' };
      // Parameters of other files than the usual one are told apart by it in the evidence.
      const from = file === 'params.yaml' ? origin : { ...origin, key: file };
      return hyperparameterClaims('dvc', asObject(values) ?? {}, from, RANKS.run);
    });
}

/** Parameters that all stages which have them agree on stand for the model too. */
function settings(stages: readonly Stage[], path: string): readonly Contribution[] {
  const all = stages.map((stage) => parameters(stage, path));
  const values = new Map<string, Set<string>>();
  for (const { pointer, value } of all.flat()) values.set(pointer, (values.get(pointer) ?? new Set()).add(JSON.stringify(value)));
  return all.flat().filter(({ pointer }) => values.get(pointer)?.size === 1);
}

/** The program of a pipeline of one stage; of several nobody can say which of them made the model. */
function code(stages: readonly Stage[], from: (...key: readonly string[]) => Origin): readonly Contribution[] {
  const [only] = stages;
  if (only === undefined || stages.length > 1) return [];
  const scripts = only.deps.filter(({ path }) => /\.(py|ipynb|sh|r|jl)$/i.test(asText(path) ?? ''));
  const key = from('stages', only.name, 'deps');
  const command = asText(only.facts.cmd) ?? '';
  // What a shell would take apart in its own way is not taken apart here.
  const words = command.length > 4096 || /["'`$|&;<>()\\]/.test(command) ? undefined : command.split(/\s+/);
  const script = dataName(scripts[0]?.path);
  const at = script === undefined ? -1 : (words?.indexOf(script) ?? -1);
  const given = at === -1 ? undefined : publicArguments(words?.slice(at + 1));
  if (scripts.length !== 1) return [];
  return [
    ...claim('/model/training/code/entrypoint', script, RANKS.run, key),
    ...(given === undefined
      ? []
      : [
          {
            kind: 'claim',
            pointer: '/model/training/code/arguments',
            value: given,
            rank: RANKS.run,
            from: from('stages', only.name, 'cmd'),
          } as const,
        ]),
    ...claim(
      toPointer(['model', 'training', 'code', 'digest']),
      statedDigest(scripts[0] ?? {}) as JsonValue | undefined, // texts by name
      RANKS.run,
      key,
    ),
  ];
}

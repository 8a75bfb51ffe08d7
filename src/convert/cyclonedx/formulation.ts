/** The training run: what went in, what came out, in which steps. CycloneDX has no word for training. */
import type { JsonValue } from '../../core/canonical-json.js';
import { parseJson } from '../../core/json.js';
import type { Hyperparameters, Manifest, Training } from '../../schema/index.js';
import { stableText } from '../edits.js';
import { type Context, type Ids, type Normalize, refTo } from './context.js';
import { refOfDataset } from './datasets.js';
import { environmentComponents, environmentId, isEnvironment, readEnvironment } from './environments.js';
import {
  entriesOf,
  isAddress,
  isObject,
  type Json,
  nonEmpty,
  nonEmptyList,
  objectOf,
  objectsOf,
  pick,
  textOf,
  textsOf,
  timestampOf,
  unique,
  uriOf,
} from './json.js';
import type { Extra } from './library.js';
import { contentOf } from './licenses.js';
import { asNumber, type PropertyRow, propertyValues, readProperties, writeProperties } from './properties.js';

type Stage = NonNullable<Training['stages']>[number];

const WORKFLOW = 'msbom:training';
/** The task type that is nearest to training. */
const TRAINING = 'build';
const ROWS: readonly PropertyRow[] = [
  ['msbom:training:method', 'methods', 'texts'],
  ['msbom:run:tracker', 'run.tracker'],
  ['msbom:run:uri', 'run.uri'],
  ['msbom:run:status', 'run.status'],
  ['msbom:run:exitCode', 'run.exitCode', 'number'],
  ['msbom:code:branch', 'code.branch'],
  ['msbom:code:tag', 'code.tag'],
  ['msbom:code:entrypoint', 'code.entrypoint'],
  ['msbom:code:argument', 'code.arguments', 'texts'],
  ['msbom:code:dirty', 'code.dirty', 'flag'],
  ['msbom:code:license', 'code.license'],
  ['msbom:code:digest', 'code.digest', 'map'],
  ['msbom:training:wallClockDays', 'duration.wallClockDays', 'number'],
  ['msbom:training:hardwareDays', 'duration.hardwareDays', 'number'],
  ['msbom:training:durationBin', 'duration.bin'],
  ['msbom:training:flops', 'compute.flops', 'number'],
  ['msbom:training:computeOrder', 'compute.order'],
  ['msbom:training:computeMethodology', 'compute.methodology'],
  ['msbom:training:deterministic', 'reproducibility.deterministic', 'flag'],
  ['msbom:training:logs', 'reproducibility.logsUri'],
  ['msbom:training:reproducibility', 'reproducibility.note'],
];
/** Datasets of these roles alone did not go into the training. */
const NOT_TRAINED_ON: ReadonlySet<string> = new Set(['testing', 'grounding']);

export function formulation(manifest: Manifest, context: Context, normalize: Normalize): readonly Extra[] | undefined {
  const { training, environments = [] } = manifest;
  if (training === undefined && environments.length === 0) return undefined;
  const components = environments.flatMap((environment, i) => environmentComponents(environment, i, context).map(normalize));
  const workflows = training === undefined ? undefined : [workflow(training, manifest, context)];
  return [pick({ 'bom-ref': 'msbom:formula', components: unique(components), workflows })];
}

const trainedOn = ({ datasets = [] }: Manifest, { ref }: Context): readonly string[] =>
  datasets.flatMap((dataset, i) =>
    dataset.roles?.every((role) => NOT_TRAINED_ON.has(role)) === true ? [] : [refOfDataset(dataset, i, ref)],
  );

function workflow(training: Training, manifest: Manifest, context: Context): Extra {
  const { code, run, metrics, preprocessing = [], stages = [] } = training;
  const source =
    code?.repository === undefined || !isAddress(code.repository)
      ? []
      : [{ resource: { externalReference: pick({ type: 'vcs', url: code.repository, comment: code.commit }) } }];
  const data = trainedOn(manifest, context).map((each) => ({ resource: { ref: each } }));
  return pick({
    'bom-ref': WORKFLOW,
    uid: run?.id ?? 'training',
    name: 'training',
    description: training.rationale,
    tasks: stages.map((stage, i) => stageTask(stage, i, context)),
    taskTypes: [TRAINING],
    steps: preprocessing.map((description) => ({ name: 'preprocessing', description })),
    inputs: unique([...data, ...source, ...parameterInputs(training.hyperparameters)]),
    outputs: [
      ...(context.hasMain ? [{ type: 'artifact', resource: { ref: context.subject } }] : []),
      ...(metrics === undefined
        ? []
        : [{ type: 'metrics', data: { contentType: 'application/json', content: stableText(metrics as unknown as JsonValue) } }]),
    ],
    timeStart: run?.start,
    timeEnd: run?.end,
    properties: unique(writeProperties(ROWS, training).map(([name, value]) => ({ name, value: String(value) }))),
  });
}

function stageTask(stage: Stage, index: number, context: Context): Extra {
  const { datasets = [], environment } = stage;
  const place = environment === undefined ? undefined : context.target(environment);
  return pick({
    'bom-ref': `${WORKFLOW}:stage:${index}`,
    uid: `stage ${index + 1}`,
    name: stage.name,
    description: stage.objective,
    taskTypes: [TRAINING],
    inputs: unique([
      ...datasets.flatMap((each) => refTo(each, context)).map((resource) => ({ resource })),
      ...parameterInputs(stage.hyperparameters),
    ]),
    timeStart: stage.start,
    timeEnd: stage.end,
    properties: place === undefined ? undefined : [{ name: 'msbom:stage:environment', value: place }],
  });
}

function parameterInputs(values: Hyperparameters | undefined): readonly Extra[] {
  const parameters = entriesOf(values).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : stableText(value),
    dataType: Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value,
  }));
  return parameters.length === 0 ? [] : [{ parameters }];
}

/** What the formulas of a document tell of the machines and of the run that made the subject. */
export interface FormulationRead {
  readonly environments: Manifest['environments'];
  /** Reads the training run, the one of our own writer or the build of the model `subject`: after all things have their ids. */
  readonly training: (subject: string | undefined) => Training | undefined;
}

export function readFormulation(list: unknown, ids: Ids): FormulationRead {
  const formulas = objectsOf(list);
  const components = formulas.flatMap((formula) => objectsOf(formula.components));
  const places = new Map(components.map((value) => [String(value['bom-ref']), value] as const));
  const machines = components.filter(isEnvironment);
  const given = machines.map((value, i) => environmentId(value, i, ids));
  const workflows = formulas.flatMap((formula) => objectsOf(formula.workflows));
  return {
    environments: nonEmptyList(machines.flatMap((value, i) => readEnvironment(value, given[i], places) ?? [])),
    training: (subject) => {
      const own = workflows.find((each) => each['bom-ref'] === WORKFLOW);
      const makesSubject = ({ outputs, taskTypes }: Json): boolean =>
        subject !== undefined &&
        textsOf(taskTypes).includes(TRAINING) &&
        objectsOf(outputs).some(({ resource }) => objectOf(resource).ref === subject);
      const found = own ?? workflows.find(makesSubject);
      return found === undefined ? undefined : readTraining(found, own !== undefined, ids);
    },
  };
}

function readTraining(found: Json, isOwn: boolean, ids: Ids): Training | undefined {
  const inputs = objectsOf(found.inputs);
  const source = inputs.map(({ resource }) => objectOf(objectOf(resource).externalReference)).find(({ type }) => type === 'vcs');
  const { run, code, ...table } = readProperties<Training>(ROWS, propertyValues(found.properties));
  const uid = textOf(found.uid);
  const times = pick({ start: timestampOf(found.timeStart), end: timestampOf(found.timeEnd) });
  return nonEmpty({
    ...table,
    ...pick({
      stages: nonEmptyList(objectsOf(found.tasks).flatMap((task) => readStage(task, ids) ?? [])),
      hyperparameters: readParameters(inputs),
      rationale: textOf(found.description),
      preprocessing: nonEmptyList(
        objectsOf(found.steps).flatMap(({ name, description }) => (name === 'preprocessing' ? (textOf(description) ?? []) : [])),
      ),
      code: nonEmpty({ ...pick({ repository: uriOf(source?.url), commit: readCommit(source?.comment) }), ...code }),
      run: nonEmpty({ ...(uid === undefined || (isOwn && uid === 'training') ? {} : { id: uid }), ...times, ...run }),
      metrics: readMetrics(found.outputs),
    }),
  });
}

const readCommit = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[0-9a-f]{7,64}$/.test(value) ? value : undefined;

function readStage(task: Json, ids: Ids): Stage | undefined {
  const name = textOf(task.name);
  if (name === undefined) return undefined;
  const inputs = objectsOf(task.inputs);
  const environment = propertyValues(task.properties).get('msbom:stage:environment')?.[0];
  return {
    name,
    ...pick({
      objective: textOf(task.description),
      datasets: nonEmptyList(inputs.flatMap(({ resource }) => ids.idOf(objectOf(resource).ref) ?? [])),
      environment: ids.idOf(environment),
      start: timestampOf(task.timeStart),
      end: timestampOf(task.timeEnd),
      hyperparameters: readParameters(inputs),
    }),
  };
}

function readParameters(inputs: readonly Json[]): Hyperparameters | undefined {
  const entries = inputs
    .flatMap(({ parameters }) => objectsOf(parameters))
    .flatMap(({ name, value, dataType }): [string, Hyperparameters[string]][] => {
      const key = textOf(name);
      return key === undefined || key === '__proto__' || typeof value !== 'string' ? [] : [[key, readParameter(value, dataType)]];
    });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** A value in the type that the document states; a text that has not the form of its type stays a text. */
function readParameter(value: string, dataType: unknown): Hyperparameters[string] {
  if (dataType === 'number' || dataType === 'float' || dataType === 'integer') return asNumber(value) ?? value;
  if (dataType === 'boolean' || dataType === 'null' || dataType === 'array' || dataType === 'object') {
    return jsonOf(value) ?? value;
  }
  return value;
}

/** A value of a text that is safe JSON. */
function jsonOf(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function readMetrics(outputs: unknown): Training['metrics'] {
  for (const { type, data } of objectsOf(outputs)) {
    if (type !== 'metrics' || objectOf(data).contentType !== 'application/json') continue;
    const value = jsonOf(contentOf(data) ?? '');
    if (Array.isArray(value) && value.every(isObject)) return value as unknown as Training['metrics']; // the schema has the last word
  }
  return undefined;
}

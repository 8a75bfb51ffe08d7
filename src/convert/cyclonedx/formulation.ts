/** How models were trained: a workflow for each model whose hyperparameters or run are known. CycloneDX has no word for training. */

import { canonicalize, type JsonValue } from '../../core/canonical-json.js';
import type { Manifest, Training } from '../../schema/index.js';
import { modelsOf } from '../graph.js';
import type { Json } from '../mapping/block.js';
import { numberOf } from '../mapping/codecs.js';
import { objectOf, objectsOf, pick, textOf, timestampOf, unique } from './json.js';

/** The task type that is nearest to training. */
const TRAINING = 'build';
/** The id that a workflow must have, where that of the run is not known. */
const NO_RUN = 'training';

export function writeFormulation(manifest: Manifest, ref: (id: string) => string): readonly object[] | undefined {
  const workflows = modelsOf(manifest).flatMap(([id, { training }]) => (training === undefined ? [] : [workflow(id, training, ref)]));
  return workflows.length === 0 ? undefined : [{ 'bom-ref': 'msbom:formula', workflows }];
}

function workflow(id: string, { hyperparameters, run, rationale, uses, stages, code }: Training, ref: (id: string) => string): object {
  const data = [...Object.values(uses ?? {}), ...Object.values(stages ?? {}).flatMap((stage) => Object.values(stage.uses ?? {}))];
  const source =
    code?.repository === undefined
      ? []
      : [{ resource: { externalReference: pick({ type: 'vcs', url: code.repository, comment: code.commit }) } }];
  const parameters = Object.entries((hyperparameters ?? {}) as Json).map(([name, value]) => ({
    name,
    value: textOfValue(value),
    dataType: typeOf(value),
  }));
  return pick({
    'bom-ref': `msbom:training:${id}`,
    uid: run?.id ?? NO_RUN,
    name: 'training',
    description: rationale,
    taskTypes: [TRAINING],
    inputs: unique([
      ...data.map(({ dataset }) => ({ resource: { ref: ref(dataset) } })),
      ...source,
      ...(parameters.length === 0 ? [] : [{ parameters }]),
    ]),
    outputs: [{ type: 'artifact', resource: { ref: ref(id) } }],
    timeStart: run?.start,
    timeEnd: run?.end,
  });
}

const textOfValue = (value: JsonValue): string => (typeof value === 'string' ? value : canonicalize(value));
const typeOf = (value: JsonValue): string => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value);

/** What a workflow says of how a model was trained. */
interface Trained {
  readonly hyperparameters?: Json;
  readonly run?: Json;
}

/** What workflows that build something say of it, by its bom-ref; '' where it is not said what they built. */
export function readFormulation(formulation: unknown): ReadonlyMap<string, Trained> {
  const found = new Map<string, Trained>();
  const workflows = objectsOf(formulation).flatMap((formula) => objectsOf(formula.workflows));
  for (const { uid, taskTypes, inputs, outputs, timeStart, timeEnd } of workflows) {
    if (!Array.isArray(taskTypes) || !taskTypes.includes(TRAINING)) continue;
    const parameters = objectsOf(inputs).flatMap((input) => objectsOf(input.parameters));
    const made = objectsOf(outputs).flatMap(({ resource }) => textOf(objectOf(resource).ref) ?? []);
    const values: Record<string, JsonValue> = Object.create(null);
    for (const { name, value, dataType } of parameters) if (typeof name === 'string') values[name] = readValue(value, dataType);
    const run = pick({ id: uid === NO_RUN ? undefined : textOf(uid), start: timestampOf(timeStart), end: timestampOf(timeEnd) });
    for (const ref of made.length === 0 ? [''] : made) {
      const known = found.get(ref);
      const hyperparameters = { ...known?.hyperparameters, ...values };
      found.set(ref, {
        ...(Object.keys(hyperparameters).length > 0 ? { hyperparameters } : {}),
        ...(Object.keys(run).length > 0 ? { run: { ...known?.run, ...run } } : {}),
      });
    }
  }
  return found;
}

function readValue(value: unknown, dataType: unknown): JsonValue {
  const text = String(value ?? '');
  if (dataType === 'string') return text;
  if (dataType === 'number' || dataType === 'float' || dataType === 'integer' || dataType === 'int') return numberOf(text) ?? text;
  if (dataType !== 'boolean' && dataType !== 'array' && dataType !== 'object' && dataType !== 'null') return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

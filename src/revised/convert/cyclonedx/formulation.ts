/** How models were trained: a workflow for each model whose hyperparameters or run are known. CycloneDX has no word for training. */

import { nonEmptyList, objectOf, objectsOf, pick, textOf, unique } from '../../../convert/cyclonedx/json.js';
import { canonicalize, type JsonValue } from '../../../core/canonical-json.js';
import type { Manifest, Training } from '../../schema/index.js';
import { modelsOf } from '../graph.js';
import type { Json } from '../mapping/block.js';
import { numberOf } from '../mapping/codecs.js';

/** The task type that is nearest to training. */
const TRAINING = 'build';

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
    uid: run?.id ?? 'training',
    name: 'training',
    description: rationale,
    taskTypes: [TRAINING],
    inputs: nonEmptyList(
      unique([
        ...data.map(({ dataset }) => ({ resource: { ref: ref(dataset) } })),
        ...source,
        ...(parameters.length === 0 ? [] : [{ parameters }]),
      ]),
    ),
    outputs: [{ type: 'artifact', resource: { ref: ref(id) } }],
    timeStart: run?.start,
    timeEnd: run?.end,
  });
}

const textOfValue = (value: JsonValue): string => (typeof value === 'string' ? value : canonicalize(value));
const typeOf = (value: JsonValue): string => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value);

/** Hyperparameters that workflows state, by the bom-ref of the model that they made; '' where it is not said. */
export function readFormulation(formulation: unknown): ReadonlyMap<string, Json> {
  const found = new Map<string, Json>();
  const workflows = objectsOf(formulation).flatMap((formula) => objectsOf(formula.workflows));
  for (const { inputs, outputs } of workflows) {
    const parameters = objectsOf(inputs).flatMap((input) => objectsOf(input.parameters));
    if (parameters.length === 0) continue;
    const made = objectsOf(outputs).flatMap(({ resource }) => textOf(objectOf(resource).ref) ?? []);
    const values: Record<string, JsonValue> = Object.create(null);
    for (const { name, value, dataType } of parameters) if (typeof name === 'string') values[name] = readValue(value, dataType);
    for (const ref of made.length === 0 ? [''] : made) found.set(ref, { ...found.get(ref), ...values });
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

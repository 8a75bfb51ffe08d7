/** `MLmodel` and `registered_model_meta`. Source: https://mlflow.org/docs/latest/ml/model/#storage-format */
import type { JsonValue } from '../../../core/canonical-json.js';
import { packageAddition } from '../../component.js';
import { type Contribution, type Origin, RANKS } from '../../contribution.js';
import { asObject, asText, type Loose } from '../../values.js';
import { addition, claim, trainingEnvironment, utcTimestamp } from '../shared/run-file.js';

/** Members of a flavour that say which version of a library wrote the model. */
const VERSIONS: Readonly<Record<string, string>> = {
  sklearn_version: 'scikit-learn',
  pytorch_version: 'torch',
  xgb_version: 'xgboost',
  lgb_version: 'lightgbm',
  catboost_version: 'catboost',
  keras_version: 'keras',
  onnx_version: 'onnx',
  transformers_version: 'transformers',
  peft_version: 'peft',
  spacy_version: 'spacy',
  statsmodels_version: 'statsmodels',
  paddle_version: 'paddlepaddle',
  prophet_version: 'prophet',
  pmdarima_version: 'pmdarima',
  langchain_version: 'langchain',
  sentence_transformers_version: 'sentence-transformers',
  fastai_version: 'fastai',
};
const VERSION = /^\d[\w.+!-]{0,63}$/;
const MAX_COLUMNS = 1000;

export function modelFacts(path: string, model: Loose): readonly Contribution[] {
  const from = (key: string, origin: Origin['origin'] = 'declared'): Origin => ({ origin, path, key, method: 'MLflow model' });
  const uuid = asText(model.model_uuid);
  const run = asText(model.run_id);
  const library = (name: string, version: unknown, key: string): readonly Contribution[] =>
    typeof version === 'string' && VERSION.test(version)
      ? [packageAddition({ type: 'pypi', name, version, scope: ['training'], status: 'declared', key }, from(key))]
      : [];
  const flavors = Object.entries(asObject(model.flavors) ?? {}).slice(0, 50);
  const python = asText(asObject(asObject(model.flavors)?.python_function)?.python_version);
  return [
    ...library('mlflow', model.mlflow_version, 'mlflow_version'),
    ...flavors.flatMap(([flavor, facts]) =>
      Object.entries(asObject(facts) ?? {})
        .filter(([key]) => Object.hasOwn(VERSIONS, key))
        .flatMap(([key, version]) => library(VERSIONS[key] ?? key, version, `flavors.${flavor}.${key}`)),
    ),
    ...(python !== undefined && VERSION.test(python)
      ? trainingEnvironment({ runtime: { language: 'Python', version: python } }, from('flavors.python_function.python_version'))
      : []),
    ...claim('/model/timestamp', utcTimestamp(model.utc_time_created, true), RANKS.run, from('utc_time_created')),
    ...(run !== undefined && /^[0-9a-f]{32}$/.test(run)
      ? [
          ...claim('/model/training/run/id', run, RANKS.run, from('run_id')),
          ...claim('/model/training/run/tracker', 'mlflow', RANKS.run, from('run_id')),
        ]
      : []),
    ...(uuid !== undefined && /^[0-9a-f]{32}$/.test(uuid)
      ? [addition('/model/identifiers', { type: 'other', scheme: 'mlflow-model-uuid', value: uuid }, from('model_uuid'))]
      : []),
    ...signature(asObject(model.signature) ?? {}, from),
  ];
}

/** What goes in and comes out, as columns or tensors, in JSON inside the YAML. */
function signature(facts: Loose, from: (key: string) => Origin): readonly Contribution[] {
  return (['inputs', 'outputs'] as const).flatMap((side) =>
    columns(asText(facts[side])).flatMap((column) => {
      const item = modality(asObject(column) ?? {});
      return item === undefined ? [] : [addition(`/model/io/${side}`, item, from(`signature.${side}`))];
    }),
  );
}

function columns(text: string | undefined): readonly unknown[] {
  try {
    const value: unknown = text === undefined ? [] : JSON.parse(text);
    return Array.isArray(value) ? value.slice(0, MAX_COLUMNS) : [];
  } catch {
    return []; // a signature that is not JSON says nothing that can be trusted
  }
}

function modality(column: Loose): { readonly [key: string]: JsonValue } | undefined {
  const name = asText(column.name);
  const named = name === undefined || name.length > 256 ? {} : { name };
  const type = asText(column.type);
  if (type !== 'tensor') return type === undefined || type.length > 64 ? undefined : { ...named, modality: 'tabular', dtype: type };
  const spec = asObject(column['tensor-spec']);
  const dtype = asText(spec?.dtype);
  const shape =
    Array.isArray(spec?.shape) && spec.shape.length > 0 && spec.shape.every((size) => Number.isSafeInteger(size) && size >= -1)
      ? (spec.shape as number[])
      : undefined;
  return dtype === undefined || dtype.length > 64
    ? undefined
    : { ...named, modality: 'tensor', dtype, ...(shape === undefined ? {} : { shape }) };
}

/** Written when a model is fetched from the registry: its name and version there. */
export function registrationFacts(path: string, record: Loose): readonly Contribution[] {
  const from = (key: string): Origin => ({ origin: 'declared', path, key, method: 'MLflow model registry' });
  const version = typeof record.model_version === 'number' ? String(record.model_version) : asText(record.model_version);
  return [
    ...claim('/model/name', asText(record.model_name), RANKS.run, from('model_name')),
    ...claim('/model/version', version, RANKS.run, from('model_version')),
  ];
}

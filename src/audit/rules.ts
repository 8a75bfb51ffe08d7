/**
 * Rules of AI-Infra-Guard (Tencent, Apache-2.0) as advisories: `version >= "0.6.5" && version < "0.8.5" || version == "0.9"`.
 * Source: https://github.com/Tencent/AI-Infra-Guard
 */
import { isObject, type JsonObject, own } from '../core/objects.js';
import type { Advisory, RangeEvent } from './advisory.js';

/** What it calls a project, and the package of PyPI that is versioned like it. Of others no package is known. */
const PACKAGES: Readonly<Record<string, string>> = {
  bentoml: 'bentoml',
  dask: 'dask',
  fastchat: 'fschat',
  feast: 'feast',
  gradio: 'gradio',
  'jupyter-notebook': 'notebook',
  'jupyter-server': 'jupyter-server',
  jupyterlab: 'jupyterlab',
  langchain: 'langchain',
  litellm: 'litellm',
  llamafactory: 'llamafactory',
  lmdeploy: 'lmdeploy',
  mlflow: 'mlflow',
  ray: 'ray',
  sglang: 'sglang',
  'tensorrt-llm': 'tensorrt-llm',
  vllm: 'vllm',
};

/** Servers that are no packages, and their names in the dictionary of CPE. */
const PRODUCTS: Readonly<Record<string, string>> = {
  'huggingface-tgi': 'huggingface:text-generation-inference',
  localai: 'mudler:localai',
  mlflow: 'lfprojects:mlflow',
  ollama: 'ollama:ollama',
  'triton-inference-server': 'nvidia:triton_inference_server',
  vllm: 'vllm:vllm',
};

const MAX_RULE = 2000;
/** The lower and the upper bounds, as events of a range. */
const BOUNDS: Readonly<Record<string, RangeEvent['kind']>> = {
  '>=': 'introduced',
  '>': 'introduced_after',
  '<': 'fixed',
  '<=': 'last_affected',
};

/** A rule as an advisory; undefined when it is none, or says more than versions. One without a known package affects none. */
export function readRule(value: unknown): Advisory | undefined {
  const info = isObject(value) ? own(value, 'info') : undefined;
  if (!isObject(value) || !isObject(info)) return undefined;
  const [rule, cve, name] = [textOf(value, 'rule'), textOf(info, 'cve'), textOf(info, 'name')];
  const read = rule === undefined ? undefined : versionsOf(rule);
  if (cve === undefined || name === undefined || read === undefined) return undefined;
  const key = name.trim().toLowerCase().replaceAll(' ', '-');
  const [known, product] = [own(PACKAGES, key), own(PRODUCTS, key)];
  const [summary, details, rated, vector] = ['summary', 'details', 'severity', 'cvss'].map((key) => textOf(info, key));
  return {
    id: cve.trim(),
    aliases: [],
    ...(summary === undefined ? {} : { summary }),
    ...(details === undefined ? {} : { details }),
    ...(rated === undefined ? {} : { rated: rated.trim() }),
    vectors: vector === undefined ? [] : [vector.trim()],
    affected: [
      ...(known === undefined ? [] : [{ ecosystem: 'PyPI', name: known, gitRanges: 0, ...read }]),
      ...(product === undefined ? [] : [{ ecosystem: 'CPE', name: product, gitRanges: 0, ...read }]),
    ],
  };
}

const textOf = (value: JsonObject, key: string): string | undefined => {
  const text = own(value, key);
  return typeof text === 'string' && text !== '' ? text.slice(0, MAX_RULE * 10) : undefined;
};

interface Versions {
  readonly ranges: readonly (readonly RangeEvent[])[];
  readonly versions: readonly string[];
}

/** Alternatives of bounds that all hold; undefined for anything else. */
function versionsOf(rule: string): Versions | undefined {
  if (rule.length > MAX_RULE) return undefined;
  const ranges: (readonly RangeEvent[])[] = [];
  const versions: string[] = [];
  for (const alternative of rule.split('||')) {
    const bounds = alternative.split('&&').map(boundOf);
    const exact = bounds.length === 1 ? bounds[0] : undefined;
    if (exact?.sign === '==' || exact?.sign === '=') versions.push(exact.version);
    else {
      const events = bounds.flatMap((bound): readonly RangeEvent[] => {
        const kind = bound === undefined ? undefined : own(BOUNDS, bound.sign);
        return bound === undefined || kind === undefined ? [] : [{ kind, version: bound.version }];
      });
      if (events.length !== bounds.length) return undefined;
      const isOpen = !events.some(({ kind }) => kind.startsWith('introduced'));
      ranges.push(isOpen ? [{ kind: 'introduced', version: '0' }, ...events] : events);
    }
  }
  return { ranges, versions };
}

/** `version >= "1.0"`, in brackets or not. */
function boundOf(text: string): { readonly sign: string; readonly version: string } | undefined {
  const parts = text
    .replaceAll('(', ' ')
    .replaceAll(')', ' ')
    .split(' ')
    .filter((part) => part !== '');
  const [subject, sign = '', version = ''] = parts;
  if (parts.length !== 3 || subject !== 'version' || !version.startsWith('"') || !version.endsWith('"') || version.length < 3)
    return undefined;
  return { sign, version: version.slice(1, -1) };
}

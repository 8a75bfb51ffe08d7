/** The schema of a file of skops: types that are imported when it is loaded. Source: https://skops.readthedocs.io/en/stable/persistence.html */
import { judgeName } from '../pickle/names.js';
import { finding } from '../rules/index.js';
import type { Found, JsonObject } from './json.js';

/** Judges one node: `__class__`, `__module__`, `__loader__`. */
export function judgeSkops(node: JsonObject, { findings }: Found): void {
  const { __class__: name, __module__: module, __loader__: loader } = node;
  if (typeof name !== 'string' || typeof module !== 'string' || typeof loader !== 'string') return;
  const { grade, does, known } = judgeName(module, name, new Set());
  const shown = `\`${module}.${name}\``.slice(0, 300);
  const seen = { seen: { import: known.slice(0, 300), loader: loader.slice(0, 100) } };
  if (grade === 'denied')
    findings.push(
      finding('skops-type', `names ${shown}, which ${does ?? 'does harm'}`, { ...seen, severity: 'critical', verdict: 'malicious' }),
    );
  else if (grade === 'unknown' && !isTrusted(module))
    findings.push(
      finding('skops-type', `names ${shown}, which is not trusted by itself`, {
        ...seen,
        severity: 'low',
        verdict: isNative(module) ? 'note' : 'suspicious',
      }),
    );
  if (loader === 'OperatorFuncNode' && module !== 'operator' && module !== '_operator')
    findings.push(
      finding('skops-type', `calls ${shown} as if it were an operator`, { ...seen, verdict: 'malicious', references: ['CVE-2025-54413'] }),
    );
}

const first = (module: string): string => module.split('.')[0] ?? '';
/** Types of these libraries are in the list of trusted ones of skops. Source: skops/io/_trusted_types.py */
const isTrusted = (module: string): boolean => ['sklearn', 'numpy', 'scipy'].includes(first(module));
/** Libraries of estimators whose types skops asks about. */
const isNative = (module: string): boolean =>
  ['xgboost', 'lightgbm', 'catboost', 'quantile_forest', 'builtins', 'functools', 'collections'].includes(first(module));

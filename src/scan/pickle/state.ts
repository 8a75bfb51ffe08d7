/** Texts that classes run when their state is given to them, and the methods that a state can put in the place of others. */
import { MAX_TEXT, type Machine, textOf } from './machine.js';
import type { Text, Value } from './values.js';

/** A member of a state that is run, and whether its text is what the library itself writes there. */
interface Run {
  readonly key: string;
  isHarmless(text: string): boolean;
}

/** The three functions of `parse_arg_template`: names, defaults that are names, numbers or texts, and no call but the one of scipy. */
function isTemplate(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const isHead = (line: string): boolean => /^def _parse_args(?:_rvs|_stats)?\(self,[\w ,=']*\):$/.test(line);
  const isBody = (line: string): boolean => /^ {4}return (?:self\._argcheck_rvs)?\([\w ,=]*\)[\w ,]*$/.test(line);
  return lines.length === 6 && lines.every((line, i) => (i % 2 === 0 ? isHead(line) : isBody(line)));
}

/** Functions of a formula that transform columns. Source: https://patsy.readthedocs.io/en/latest/builtins-reference.html */
const TRANSFORMS: ReadonlySet<string> = new Set(
  'C I Q bs cr cc te center scale standardize poly Treatment Sum Poly Helmert Diff log log1p log2 log10 exp sqrt abs power square sin cos tan'.split(
    ' ',
  ),
);

const isWordOrDot = (c: string | undefined): boolean => c !== undefined && (c === '_' || c === '.' || /[A-Za-z0-9]/.test(c));

/** `y ~ x + np.log(z)`: names of columns, numbers, and functions of numpy and patsy. */
function isFormula(text: string): boolean {
  if (text.length > 4000 || text.includes('__')) return false;
  // Python reads letters of other widths as those of ASCII.
  if (text.includes('(') && [...text].some((c) => c > '~')) return false;
  for (let at = text.indexOf('('); at >= 0; at = text.indexOf('(', at + 1)) {
    let end = at;
    while (text[end - 1]?.trim() === '') end--;
    let from = end;
    while (isWordOrDot(text[from - 1])) from--;
    const parts = text.slice(from, end).split('.');
    const isOfNumpy = parts.length === 2 && (parts[0] === 'np' || parts[0] === 'numpy');
    // A parenthesis behind an operator groups; one behind another, a bracket or a text calls what was computed.
    if (from === end ? isClosing(text[end - 1]) : !TRANSFORMS.has(parts.at(-1) ?? '') || (parts.length > 1 && !isOfNumpy)) return false;
  }
  return true;
}

const isClosing = (c: string | undefined): boolean => c !== undefined && ')]\'"'.includes(c);

const TEMPLATE: Run = { key: '_parse_arg_template', isHarmless: isTemplate };
const FORMULA: Run = { key: 'formula', isHarmless: isFormula };

/** By the beginning of the class. Sources: scipy/stats/_distn_infrastructure.py, `__setstate__`; statsmodels/base/data.py, `__setstate__` */
const RUNS: readonly (readonly [prefix: string, run: Run])[] = [
  ['scipy.stats.', TEMPLATE],
  ['statsmodels.base.data.', FORMULA],
];
const KEYS: ReadonlySet<string> = new Set(RUNS.map(([, { key }]) => key));
const LONGEST = 200;

/** What an instance of a class runs of its state. */
export const runsOf = (known: string): Run | undefined => RUNS.find(([prefix]) => known.startsWith(prefix))?.[1];

const isText = (value: Value | undefined): value is Text => typeof value === 'object' && value !== null && value.kind === 'text';

/** Values of a dict that somebody may run, by their keys; undefined when a text has to be fetched first. */
export function watchedIn(m: Machine, values: readonly Value[], from: number): Map<string, Value> | undefined {
  const found = new Map<string, Value>();
  for (let i = from; i + 1 < values.length; i += 2) {
    const key = values[i];
    if (!isText(key) || key.length > LONGEST) continue;
    if ((key.form === 'utf8' || key.form === 'latin1') && ![...KEYS].some((name) => name.length === key.length)) continue;
    const name = textOf(m, key);
    if (name === undefined) return undefined;
    if (KEYS.has(name)) found.set(name, values[i + 1] ?? null);
  }
  return found;
}

/** A text has to be fetched first. */
export const FETCH = Symbol('fetch');

/** The value of a state that would be run as something else than its library writes; undefined when there is none. */
export function stateProblem(m: Machine, run: Run, state: Value): Value | undefined | typeof FETCH {
  if (typeof state !== 'object' || state === null || state.kind === 'tuple') return undefined;
  if (state.kind !== 'dict') return state;
  const value = state.watched?.get(run.key);
  if (value === undefined || value === null || !isText(value)) return value ?? undefined;
  const text = textOf(m, value);
  if (text === undefined) return FETCH;
  return value.length <= MAX_TEXT && run.isHarmless(text) ? undefined : value;
}

/** Environment markers (PEP 508): does a requirement hold here? What cannot be told stays undecided. */

/** What is known of the environment, by marker variable. */
export type MarkerEnvironment = ReadonlyMap<string, string>;

const MAX_LENGTH = 4096;
const MAX_DEPTH = 32;
const TOKEN = /\s*(?:([()])|("[^"]*"|'[^']*')|(===|==|~=|!=|<=|>=|<|>)|([A-Za-z_][A-Za-z0-9_.]*))/y;
const VERSIONS = new Set(['python_version', 'python_full_version', 'implementation_version']);

type Verdict = boolean | undefined;

/** True, false, or undefined when the marker asks for something that is not known, or is none. */
export function evaluateMarker(marker: string, environment: MarkerEnvironment): Verdict {
  const tokens = marker.length > MAX_LENGTH ? undefined : tokenize(marker);
  if (tokens === undefined) return undefined;
  const walk = { tokens, at: 0, environment };
  const verdict = either(walk, 0);
  return walk.at === tokens.length ? verdict : undefined;
}

/** Does the marker ask which extra was wanted? */
export const asksForExtra = (marker: string): boolean => /\bextras?\b/.test(marker);

interface Walk {
  readonly tokens: readonly string[];
  at: number;
  readonly environment: MarkerEnvironment;
}

function tokenize(marker: string): string[] | undefined {
  const text = marker.trimEnd();
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    tokens.push(match[0].trim());
  }
  return tokens;
}

function either(walk: Walk, depth: number): Verdict {
  let verdict = both(walk, depth);
  while (walk.tokens[walk.at] === 'or') {
    walk.at++;
    const right = both(walk, depth);
    verdict = verdict === true || right === true ? true : verdict === undefined || right === undefined ? undefined : false;
  }
  return verdict;
}

function both(walk: Walk, depth: number): Verdict {
  let verdict = single(walk, depth);
  while (walk.tokens[walk.at] === 'and') {
    walk.at++;
    const right = single(walk, depth);
    verdict = verdict === false || right === false ? false : verdict === undefined || right === undefined ? undefined : true;
  }
  return verdict;
}

function single(walk: Walk, depth: number): Verdict {
  if (walk.tokens[walk.at] === '(' && depth < MAX_DEPTH) {
    walk.at++;
    const verdict = either(walk, depth + 1);
    if (walk.tokens[walk.at] !== ')') return stop(walk);
    walk.at++;
    return verdict;
  }
  const left = walk.tokens[walk.at++] ?? '';
  let operator = walk.tokens[walk.at++] ?? '';
  if (operator === 'not') operator += ` ${walk.tokens[walk.at++] ?? ''}`;
  const right = walk.tokens[walk.at++] ?? '';
  return compare(left, operator, right, walk.environment);
}

/** Not a marker: nothing more is read, and nothing is decided. */
function stop(walk: Walk): undefined {
  walk.at = Number.POSITIVE_INFINITY;
  return undefined;
}

function compare(left: string, operator: string, right: string, environment: MarkerEnvironment): Verdict {
  const [a, b] = [textOf(left, environment), textOf(right, environment)];
  if (a === undefined || b === undefined) return undefined;
  if (operator === 'in') return b.includes(a);
  if (operator === 'not in') return !b.includes(a);
  if (VERSIONS.has(left) || VERSIONS.has(right)) return compareVersions(a, operator, b);
  if (operator === '==' || operator === '===') return a === b;
  if (operator === '!=') return a !== b;
  return undefined;
}

const textOf = (token: string, environment: MarkerEnvironment): string | undefined =>
  /^["']/.test(token) ? token.slice(1, -1) : environment.get(token);

/** Release segments only (`3.11.4`, `3.*`); anything more is undecided. */
function compareVersions(a: string, operator: string, b: string): Verdict {
  const wildcard = b.endsWith('.*') && (operator === '==' || operator === '!=');
  const [x, y] = [segments(a), segments(wildcard ? b.slice(0, -2) : b)];
  if (x === undefined || y === undefined) return undefined;
  if (wildcard) return y.every((part, i) => (x[i] ?? 0) === part) === (operator === '==');
  const order = orderOf(x, y);
  if (operator === '~=') return y.length < 2 ? undefined : order >= 0 && y.slice(0, -1).every((part, i) => (x[i] ?? 0) === part);
  const holds: Readonly<Record<string, boolean>> = {
    '==': order === 0,
    '===': a === b,
    '!=': order !== 0,
    '<': order < 0,
    '<=': order <= 0,
    '>': order > 0,
    '>=': order >= 0,
  };
  return Object.hasOwn(holds, operator) ? holds[operator] : undefined;
}

const segments = (version: string): readonly number[] | undefined =>
  /^\d{1,9}(\.\d{1,9}){0,9}$/.test(version) ? version.split('.').map(Number) : undefined;

function orderOf(x: readonly number[], y: readonly number[]): number {
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

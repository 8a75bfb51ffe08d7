/** Documents of the corpus with a change or two, for comparing validators. */

/** The same numbers for the same seed (a linear congruential generator). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Values and keys that meet some place of the schema and break another. */
const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1, 1.5, 1e300, '', 'x', [], {}, ['x'], [1], { a: 1 }, '1.0', '1.17', '2.0', 'DE', 'a'.repeat(129)],
  ...['A'.repeat(64), 'a'.repeat(64), 'ab'.repeat(20), '0f3c5a1', '2026-12-01', '2026-12-01T10:00:00Z', '2026-13-01T10:00:00Z', '2026-12'],
  ...[
    '../x',
    '/x',
    'a//b',
    'a/./b',
    '.hidden',
    '..x',
    '...',
    'é/ü.bin',
    'x y',
    '-x',
    'https://example.org/a b',
    'mailto:x',
    'pkg:pypi/x@1',
  ],
  ...['x\n', '2026-12-01T10:00:00Z\n'],
];
const KEYS = [
  'x',
  '',
  '__proto__',
  'constructor',
  'a/b',
  '../b',
  '/a',
  '~',
  '/model',
  '/model/name/',
  'a~2',
  'com.example',
  'Xy',
  'a'.repeat(300),
  'ü',
  'x\n',
];

/** Documents with one or two changes each. */
export function mutants(from: readonly object[], count: number): readonly unknown[] {
  const random = randomFrom(7);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const places = (value: unknown): [object, string][] =>
    typeof value !== 'object' || value === null
      ? []
      : Object.entries(value).flatMap(([key, each]): [object, string][] => [[value, key], ...places(each)]);
  const set = (holder: object, key: string, value: unknown) =>
    Object.defineProperty(holder, key, { value, enumerable: true, writable: true, configurable: true });
  const change = (document: object): void => {
    const [holder, key] = pick(places(document));
    const value = (holder as Record<string, unknown>)[key];
    const kind = random(10);
    if (kind < 2) Array.isArray(holder) ? holder.splice(Number(key), 1) : delete (holder as Record<string, unknown>)[key];
    else if (kind < 6) set(holder, key, structuredClone(pick(VALUES)));
    else if (Array.isArray(value)) value.push(structuredClone(pick(value.length > 0 ? value : VALUES)));
    else if (typeof value === 'object' && value !== null) set(value, pick(KEYS), structuredClone(pick(VALUES)));
    else set(holder, key, `${String(value)}x`);
  };
  return Array.from({ length: count }, () => {
    const document = structuredClone(pick(from));
    for (let i = 0; i <= random(2); i++) change(document);
    return document;
  });
}

/** docs/security.md lists every place that can start a process or load code. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/security.md'), 'utf8');

/** What a source can hold that runs something, and what the page calls it. */
const WAYS: readonly (readonly [RegExp, string])[] = [
  [/from '(?:node:)?(?:child_process|cluster)'/, 'starts a process'],
  [/\bnew Worker\(/, 'starts a thread'],
  [/\bparentPort\b/, 'is a thread'],
  [/from '(?:node:)?worker_threads'/, 'thread'],
  [/\bjiti\b|\bcreateRequire\b|(?<![.\w'"])require\(|\bregister\(\s*['"]/, 'loads code'],
  [/\bimport\(\s*(?!['"])/, 'imports by a variable'],
  [
    /from '(?:node:)?(?:vm|module|repl|inspector|wasi)'|\beval\(|\bnew Function\(|\bFunction\(\s*['"`]|\bdlopen\(|\bWebAssembly\b(?!['"])/,
    'runs code',
  ],
  [/\bprocess\.binding\(|\bchild_process\b(?!')/, 'starts a process'],
];

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

function found(): ReadonlyMap<string, ReadonlySet<string>> {
  const places = new Map<string, Set<string>>();
  for (const path of (readdirSync(join(root, 'src'), { recursive: true }) as string[]).filter((each) => each.endsWith('.ts'))) {
    // `typeof import(…)` is a type; `.import(` a method of what was listed already.
    const text = withoutComments(readFileSync(join(root, 'src', path), 'utf8')).replace(/\.import\(/g, '.');
    for (const [pattern, word] of WAYS) {
      if (!pattern.test(text)) continue;
      const file = `src/${path.split('\\').join('/')}`;
      places.set(file, (places.get(file) ?? new Set()).add(word));
    }
  }
  return places;
}

/** Rows of the table under a heading. */
function rows(heading: string): readonly (readonly string[])[] {
  const section = page.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const pathsIn = (cell: string): readonly string[] => [...cell.matchAll(/`((?:src|test)\/[^`]+)`/g)].map((match) => match[1] ?? '');

describe('every place that can run something', () => {
  it('is in the table, and nothing else is', () => {
    const listed = new Map(rows('Every place').map(([file = '', what = '']) => [pathsIn(file)[0], what]));
    const places = found();
    expect([...listed.keys()].sort()).toEqual([...places.keys()].sort());
    for (const [file, words] of places) for (const word of words) expect(listed.get(file), file).toContain(word);
  });
  it('is found by the search, whatever way is used', () => {
    for (const text of [
      "import { spawn } from 'node:child_process'",
      'await import(path)',
      'new Worker(x)',
      "new Function('x')",
      'eval(x)',
      'process.dlopen(m, x)',
      "createRequire('x')",
      "import vm from 'node:vm'",
    ])
      expect(
        WAYS.some(([pattern]) => pattern.test(text)),
        text,
      ).toBe(true);
  });
  it('probes ask for no other programs than the page says', () => {
    const asking = new Set<string>();
    for (const path of (readdirSync(join(root, 'src'), { recursive: true }) as string[]).filter((each) => each.endsWith('.ts'))) {
      const text = withoutComments(readFileSync(join(root, 'src', path), 'utf8'));
      if (/\b(?:sight\.output|host\.run|runProgram|runChild|runUserCommand)\(/.test(text)) asking.add(`src/${path}`);
    }
    // Who hands the question on, and who runs it.
    const own = [
      'src/probe/sight.ts',
      'src/platform/host.ts',
      'src/platform/run.ts',
      'src/platform/child.ts',
      'src/platform/user-command.ts',
      'src/record/command.ts',
    ];
    const listed = rows('Which verb').flatMap((cells) => pathsIn(cells[3] ?? ''));
    expect([...new Set([...listed, ...own])].sort()).toEqual([...new Set([...asking, ...own])].sort());
  });
});

describe('every limit', () => {
  it.each(rows('Limits').map((cells) => [cells[0] ?? '', cells[3] ?? ''] as const))('%s has a test', (_what, test) => {
    const [file = ''] = pathsIn(test);
    const name = /"([^"]+)"/.exec(test)?.[1];
    expect(existsSync(join(root, file)), file).toBe(true);
    if (name !== undefined) expect(readFileSync(join(root, file), 'utf8')).toContain(name);
  });
});

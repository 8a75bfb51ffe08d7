/**
 * Our root digest of a tree against the reference implementation of OpenSSF Model Signing. The specification puts files in the order of
 * their whole names; the reference in that of their path components, so that `a/b` stands before `a-b`. Where that order differs, so
 * do the roots: the trees below say which those are.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compareCodePoints } from '../../src/core/source-tree.js';
import { coverOf, treeDigest } from '../../src/core/tree-digest.js';
import { temporaryDirectory } from '../support/temporary.js';
import { PYTHON } from './python.js';

interface Tree {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Does the order of the two differ? */
  readonly differs: boolean;
}

const named = (...paths: readonly string[]): Tree['files'] => Object.fromEntries(paths.map((path) => [path, `${path}\n`]));
const TREES: readonly Tree[] = [
  { name: 'one file', files: named('model.safetensors'), differs: false },
  { name: 'flat', files: named('config.json', 'model.safetensors', 'README.md', 'tokenizer.json'), differs: false },
  { name: 'a directory', files: named('config.json', 'onnx/model.onnx', 'onnx/model.onnx_data', 'z'), differs: false },
  { name: 'minus before the slash', files: { 'a-b': '1\n', 'a/b': '2\n' }, differs: true },
  { name: 'point before the slash', files: named('model.safetensors', 'model/x'), differs: true },
  { name: 'space before the slash', files: named('a b', 'a/b'), differs: true },
  { name: 'letters behind the slash', files: named('a/b', 'aa', 'a0', 'a_'), differs: false },
  { name: 'a clash two levels down', files: named('x/a/b', 'x/a.b', 'y'), differs: true },
  { name: 'a clash of two files with the same content', files: { 'a-b': 'same', 'a/b': 'same' }, differs: false },
  { name: 'spaces and signs', files: named('a file', 'b(1)', "c'd", 'e&f', 'g;h', '#', '%41', '~'), differs: false },
  { name: 'scripts, composed or not', files: named('é', 'e\u0301', 'ß', 'я', '模型', '\uffee', '\u{1d4b3}', '\u{10ffff}'), differs: false },
  { name: 'empty files', files: { a: '', b: '', c: 'c' }, differs: false },
  { name: 'upper and lower case', files: named('A', 'a', 'B', 'b'), differs: false },
  { name: 'numbers', files: named('10', '9', '1', '2/1', '100'), differs: false },
  {
    name: 'files of Git at the top',
    files: named('.git/config', '.git/objects/ab/cd', '.gitignore', '.gitattributes', '.github/workflows/x.yml', 'm'),
    differs: false,
  },
  { name: 'files of Git further down', files: named('s/.git/config', 's/.gitignore', 's/.github/x', '.gitmodules', 'm'), differs: false },
  { name: 'hidden and signed', files: named('.hidden', '.cache/x', 'model.sig', 'x.msbom.json'), differs: false },
];

const root = temporaryDirectory();
TREES.forEach(({ files }, i) => {
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, String(i), path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
});
const script = fileURLToPath(new URL('../../scripts/interop/oms-root.py', import.meta.url));
const directories = TREES.map((_, i) => join(root, String(i)));
const theirs = JSON.parse(execFileSync(PYTHON, [script, ...directories], { encoding: 'utf8', maxBuffer: 1 << 24 })) as readonly {
  readonly root: string;
  readonly paths: readonly string[];
}[];

/** The order of the reference: component by component. */
function compareComponents(a: string, b: string): number {
  const [x, y] = [a.split('/'), b.split('/')];
  const at = x.findIndex((part, i) => part !== y[i]);
  return at === -1 ? x.length - y.length : at >= y.length ? 1 : compareCodePoints(x[at] ?? '', y[at] ?? '');
}

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

describe.each(TREES.map((tree, i) => [tree.name, tree, theirs[i] ?? { root: '', paths: [] }] as const))('%s', (_name, tree, reference) => {
  const files = Object.entries(tree.files).map(([path, content]) => ({ path, digest: { sha256: sha256(content) } }));
  const { covered } = coverOf(files);
  it('has the same files', () => {
    expect([...reference.paths].sort()).toEqual(covered.map(({ path }) => path).sort());
  });
  it('has the root of the reference in the order of the reference', () => {
    const inOrder = [...covered].sort((a, b) => compareComponents(a.path, b.path));
    expect(sha256(Buffer.concat(inOrder.map(({ digest }) => Buffer.from(digest.sha256, 'hex'))))).toBe(reference.root);
  });
  it(tree.differs ? 'has another root in the order of the specification' : 'has the same root in the order of the specification', () => {
    expect(treeDigest(files)?.root.sha256 === reference.root).toBe(!tree.differs);
  });
});

it('of the vector of two files are both known', () => {
  const i = TREES.findIndex(({ name }) => name === 'minus before the slash');
  const files = Object.entries(TREES[i]?.files ?? {}).map(([path, content]) => ({ path, digest: { sha256: sha256(content) } }));
  expect(treeDigest(files)?.root.sha256).toBe('bd222050252384e92856fccad34ff9842ed411f042ca3209bf9fc5e3bd447872');
  expect(theirs[i]?.root).toBe('4be7945a997d44bb50624c8c81040877b0db6e137614eb83a7fd29f194f4a45d');
});

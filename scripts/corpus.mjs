#!/usr/bin/env node
// Writes test/corpus/1.0: documents that any implementation of the specification can be tested with, each with the clause
// that it is about. Documents of rules come from the examples in docs/rules, those of the schema from the patches below.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { INVALID, TEXTS, VALID } from './corpus/patches.mjs';
import { examplesOf, mergePatch } from './merge-patch.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const corpus = `${root}test/corpus/1.0`;
const pages = `${root}docs/rules`;
const read = (path) => readFileSync(path, 'utf8');
const base = JSON.parse(read(`${pages}/base.json`));
const files = new Map();
const add = (kind, name, clause, content, findings) =>
  files.set(`${kind}/${name}.json`, {
    clause,
    content: typeof content === 'object' && !Buffer.isBuffer(content) ? text(content) : content,
    findings,
  });
const text = (document) => `${JSON.stringify(document, null, 2)}\n`;

add('valid', 'base', '1.3', base);
for (const name of readdirSync(`${root}scripts/corpus`).filter((each) => each.endsWith('.json')))
  add('valid', name.slice(0, -5), '1.3', JSON.parse(read(`${root}scripts/corpus/${name}`)));
for (const [name, clause, document] of VALID(base)) add('valid', name, clause, document);

/** Milder cases of rules that otherwise refuse. */
const MILD = new Set(['dataset-origin-2', 'time-order-8']);
for (const page of readdirSync(pages)
  .filter((name) => name.endsWith('.md'))
  .sort()) {
  const rule = page.slice(0, -3);
  const body = read(`${pages}/${page}`);
  const [, clause] = /Clause \[([0-9.]+)\]/.exec(body) ?? [];
  const refuses = /Severity (high|critical)/.test(body);
  examplesOf(body).forEach(({ kind, patch }, i) => {
    const name = `${rule}-${i + 1}`;
    const valid = kind === 'valid' || !refuses || MILD.has(name);
    add(valid ? 'valid' : 'invalid', name, clause, mergePatch(base, patch), valid ? undefined : [rule]);
  });
}

const counts = new Map();
for (const [clause, id, patch, others = []] of INVALID) {
  const number = (counts.get(id) ?? 0) + 1;
  counts.set(id, number);
  add('invalid', `${id}-${number}`, clause, mergePatch(base, patch), [id, ...others].sort());
}
for (const [name, clause, content, findings] of TEXTS(JSON.stringify(base))) add('invalid', name, clause, content, findings);

// Files that stay as they are are not touched: others may be reading them.
for (const kind of ['valid', 'invalid']) {
  mkdirSync(`${corpus}/${kind}`, { recursive: true });
  for (const name of readdirSync(`${corpus}/${kind}`)) if (!files.has(`${kind}/${name}`)) rmSync(`${corpus}/${kind}/${name}`);
}
const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
for (const [file, { content }] of sorted) {
  const path = `${corpus}/${file}`;
  if (!existsSync(path) || !Buffer.from(content).equals(readFileSync(path))) writeFileSync(path, content);
}
const index = sorted.map(([file, { clause, findings }]) => ({ file, clause, ...(findings === undefined ? {} : { findings }) }));
writeFileSync(`${corpus}/index.json`, `[\n${index.map((entry) => `  ${JSON.stringify(entry)}`).join(',\n')}\n]\n`);
const of = (kind) => index.filter(({ file }) => file.startsWith(kind)).length;
console.log(`${of('valid')} valid, ${of('invalid')} invalid`);

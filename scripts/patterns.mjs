#!/usr/bin/env node
// Every regular expression of src/, and what an analyser says of the time that each takes: `recheck` proves that it is linear in the
// length of the text, or finds a text for which it is not. Analysis takes minutes; what is proven is kept in
// test/security/linear-patterns.txt, and a test asks only about patterns that do not stand there.
// usage: node scripts/patterns.mjs   adds what is proven, leaves out what is gone, prints what is not proven
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
export const LEDGER = join(root, 'test/security/linear-patterns.txt');

/** Literals and constant texts given to `RegExp`, each with the first place where it stands; other calls of `RegExp` with their places. */
export function patternsIn(directory = join(root, 'src')) {
  const patterns = new Map();
  const computed = [];
  const add = (pattern, place) => patterns.has(pattern) || patterns.set(pattern, place);
  for (const path of readdirSync(directory, { recursive: true }).sort()) {
    if (!path.endsWith('.ts')) continue;
    const file = ts.createSourceFile(path, readFileSync(join(directory, path), 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node) => {
      const place = () => `src/${path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
      if (ts.isRegularExpressionLiteral(node)) add(node.text, place());
      else if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp') {
        const [source, flags] = node.arguments ?? [];
        if (source !== undefined && ts.isStringLiteralLike(source)) add(String(new RegExp(source.text, flags?.text)), place());
        else computed.push(`src/${path} ${node.getText()}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return { patterns, computed };
}

export const proven = () => new Set(readFileSync(LEDGER, 'utf8').split('\n').filter(Boolean));

/** What the analyser says: `safe`, or the degree of growth, or that it does not know. */
export async function verdict(pattern, timeout = 20_000) {
  process.env.RECHECK_BACKEND = 'pure';
  const { checkSync } = await import('recheck');
  const end = pattern.lastIndexOf('/');
  const { status, complexity, error } = checkSync(pattern.slice(1, end), pattern.slice(end + 1), { timeout });
  return status === 'safe' ? 'safe' : `${status} ${complexity?.summary ?? error?.kind ?? ''}`.trim();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const known = proven();
  const kept = [];
  for (const [pattern, place] of patternsIn().patterns) {
    const said = known.has(pattern) ? 'safe' : await verdict(pattern);
    if (said === 'safe') kept.push(pattern);
    else console.log(`${place} ${said}: ${pattern}`);
  }
  writeFileSync(LEDGER, `${kept.sort().join('\n')}\n`);
}

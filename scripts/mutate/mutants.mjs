// Mutants of TypeScript sources, all of them in one text: each place asks which mutant runs. `__row(n)` answers whether row n is taken
// out, `__word(n, text)` gives the text or its misspelling, `__flip(n, value)` the value or its negation.
import ts from 'typescript';

/** The instrumented text of a source, and its mutants; numbers go on from `next`. */
export function instrument(path, text, next) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const run = { source, path, next, mutants: [], before: new Map(), after: new Map() };
  for (const statement of source.statements)
    if (ts.isVariableStatement(statement))
      for (const { initializer, type } of statement.declarationList.declarations)
        if (initializer !== undefined) tables(initializer, type?.getText(source) ?? '', run);
  const taken = new Set();
  const visit = (node) => {
    for (const condition of conditionsOf(node)) {
      if (taken.has(condition.getStart(source) * 1e6 + condition.end) || isLiteral(condition)) continue;
      taken.add(condition.getStart(source) * 1e6 + condition.end);
      const n = add('flip', condition, run);
      wrap(condition, `__flip(${n}, `, ')', run);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { text: spliced(text, run), mutants: run.mutants, next: run.next };
}

const isLiteral = (node) => node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword;

function add(kind, node, run) {
  const { line } = run.source.getLineAndCharacterOfPosition(node.getStart(run.source));
  const text = node.getText(run.source).replace(/\s+/g, ' ');
  run.mutants.push({ n: run.next, kind, path: run.path, line: line + 1, text: text.slice(0, 160) });
  return run.next++;
}

function wrap(node, before, after, { source, before: starts, after: ends }) {
  const [start, end] = [node.getStart(source), node.end];
  // Of several that start or end at one place, the one that is found first is the outermost.
  starts.set(start, (starts.get(start) ?? '') + before);
  ends.set(end, after + (ends.get(end) ?? ''));
}

function spliced(text, { before, after }) {
  const places = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b);
  let [made, at] = ['', 0];
  for (const place of places) {
    made += text.slice(at, place) + (after.get(place) ?? '') + (before.get(place) ?? '');
    at = place;
  }
  return made + text.slice(at);
}

// --- conditions

const LOGICAL = new Set([ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken]);
const COMPARING = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
]);
const isLogical = (node) => ts.isBinaryExpression(node) && LOGICAL.has(node.operatorToken.kind);

function conditionsOf(node) {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return [node.expression];
  if (ts.isConditionalExpression(node) || (ts.isForStatement(node) && node.condition !== undefined)) return [node.condition];
  if (isLogical(node)) return [node.left, node.right].filter((side) => !isLogical(side));
  return ts.isBinaryExpression(node) && COMPARING.has(node.operatorToken.kind) ? [node] : [];
}

// --- rows of tables

/** Members of a row that are names of a standard. */
const NAMES = new Set(['cyclonedx', 'spdx3', 'spdx2', 'type', 'earlier', 'comment', 'member', 'class']);

/** Tables stand at the top of a module: lists of objects and of pairs, maps of words, sets. */
function tables(node, type, run) {
  if (ts.isFunctionLike(node)) return;
  if (ts.isArrayLiteralExpression(node)) for (const item of node.elements) row(item, ts.isNewExpression(node.parent), run);
  if (ts.isObjectLiteralExpression(node) && /Record</.test(type))
    for (const member of node.properties)
      if (ts.isPropertyAssignment(member) && (ts.isStringLiteral(member.initializer) || ts.isArrayLiteralExpression(member.initializer))) {
        wrap(member, `...(__row(${add('row', member, run)}) ? {} : { `, ' })', run);
        for (const word of ts.isStringLiteral(member.initializer) ? [member.initializer] : member.initializer.elements) misspelt(word, run);
      }
  ts.forEachChild(node, (child) => tables(child, '', run));
}

function row(item, isOfSet, run) {
  const isRow =
    (ts.isObjectLiteralExpression(item) && item.properties.some((each) => ['at', 'type'].includes(each.name?.getText(run.source)))) ||
    (ts.isArrayLiteralExpression(item) && item.elements.some((each) => ts.isStringLiteral(each))) ||
    (isOfSet && ts.isStringLiteral(item));
  if (!isRow) return;
  wrap(item, `...(__row(${add('row', item, run)}) ? [] : [`, '])', run);
  if (ts.isObjectLiteralExpression(item))
    for (const { name, initializer } of item.properties) if (NAMES.has(name?.getText(run.source))) misspelt(initializer, run);
  if (ts.isArrayLiteralExpression(item)) for (const each of item.elements) misspelt(each, run);
}

function misspelt(node, run) {
  if (node !== undefined && ts.isStringLiteral(node)) wrap(node, `__word(${add('word', node, run)}, `, ')', run);
}

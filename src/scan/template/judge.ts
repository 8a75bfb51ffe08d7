/** What one expression of a template reaches for. */
import { fold } from './fold.js';
import type { Piece } from './lexer.js';
import { BY_ATTRIBUTE, HARMLESS_STEPS, isInner, isPart, PYTHON_NAMES, RUNNING, WALKED } from './names.js';
import type { Expression } from './parser.js';
import { type Seen, shown, tell } from './seen.js';

/** Numbers in one expression, such as the length of a repeated text, above which rendering is an attack. */
const HUGE = 50_000_000;

/** Judges an expression and all in it, however deep. */
export function judgeExpression(root: Expression, piece: Piece, seen: Seen): void {
  const waiting: Expression[] = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    judgeNode(next, piece, seen);
    for (const child of childrenOf(next)) waiting.push(child);
  }
}

function childrenOf(node: Expression): readonly Expression[] {
  const given = 'given' in node ? [...node.given.positional, ...node.given.named.map(([, value]) => value)] : [];
  const of = 'of' in node ? [node.of] : [];
  if (node.kind === 'item') return [...of, node.index];
  if (node.kind === 'slice') return [...of, ...node.parts.filter((part) => part !== undefined)];
  if (node.kind === 'operation') return node.operands;
  if (node.kind === 'choice') return [node.test, ...node.operands];
  return node.kind === 'list' ? node.items : [...of, ...given];
}

function judgeNode(node: Expression, piece: Piece, seen: Seen): void {
  const place = { offset: piece.at };
  const where = shown(piece.text);
  const inner = (name: string): void => tell(seen, 'template-code', `reaches for \`${name.slice(0, 60)}\` in ${where}`, place);
  if (node.kind === 'attribute') {
    if (isInner(node.name)) inner(node.name);
    else if (node.of.kind === 'name') judgeStep(node.of.name, node.name, piece, seen);
  } else if (node.kind === 'item') judgeItem(node, inner, piece, seen);
  else if (node.kind === 'filter') judgeFilter(node, inner, piece, seen);
  else if (node.kind === 'call') judgeCall(node, inner, piece, seen);
  else if (node.kind === 'operation') judgeOperation(node, piece, seen);
}

/** A step from an object of Jinja that chats do not make. */
function judgeStep(name: string, step: string, piece: Piece, seen: Seen): void {
  if (!WALKED.has(name) || seen.bound.has(name)) return;
  if (step.startsWith('_')) tell(seen, 'template-code', `reaches for \`${name}.${step}\` in ${shown(piece.text)}`, { offset: piece.at });
  else if (seen.isChat && !HARMLESS_STEPS.has(step) && name !== 'self')
    tell(seen, 'template-access', `uses \`${name}.${step}\` in ${shown(piece.text)}`, { offset: piece.at });
}

function judgeItem({ of, index }: Expression & { kind: 'item' }, inner: (name: string) => void, piece: Piece, seen: Seen): void {
  const key = fold(index, seen.values);
  if (typeof key === 'string') {
    if (isInner(key)) inner(key);
  } else if (key === undefined && buildsName(index))
    tell(seen, 'template-code', `computes the name of an attribute in ${shown(piece.text)}`, { offset: piece.at });
  if (of.kind === 'name' && WALKED.has(of.name) && of.name !== 'self' && seen.isChat && !seen.bound.has(of.name))
    tell(seen, 'template-access', `uses \`${of.name}[…]\` in ${shown(piece.text)}`, { offset: piece.at });
}

/** Are parts of names put together here, with others that are not known? */
function buildsName(root: Expression): boolean {
  let joins = false;
  let part = false;
  const waiting: Expression[] = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    joins ||= next.kind === 'operation' && ['~', '+', '%'].includes(next.operator);
    joins ||=
      (next.kind === 'filter' && ['join', 'format', 'replace'].includes(next.name)) ||
      (next.kind === 'call' && next.of.kind === 'attribute');
    part ||= next.kind === 'constant' && typeof next.value === 'string' && isPart(next.value);
    waiting.push(...childrenOf(next));
  }
  return joins && part;
}

function judgeFilter({ name, given }: Expression & { kind: 'filter' }, inner: (name: string) => void, piece: Piece, seen: Seen): void {
  if (!BY_ATTRIBUTE.has(name)) return;
  const values = [...given.positional, ...given.named.filter(([key]) => key === 'attribute').map(([, value]) => value)];
  for (const value of values) {
    const key = fold(value, seen.values);
    if (typeof key === 'string') {
      const bad = key.split('.').find(isInner);
      if (bad !== undefined) inner(bad);
    } else if (key === undefined && (name === 'attr' || buildsName(value)))
      tell(seen, 'template-code', `computes the name of an attribute in ${shown(piece.text)}`, { offset: piece.at });
  }
  if (name === 'attr') tell(seen, 'template-access', `takes an attribute by its name in ${shown(piece.text)}`, { offset: piece.at });
}

function judgeCall({ of, given }: Expression & { kind: 'call' }, inner: (name: string) => void, piece: Piece, seen: Seen): void {
  const place = { offset: piece.at };
  for (const [name] of given.named) if (isInner(name)) inner(name);
  if (of.kind === 'attribute') {
    if (RUNNING.has(of.name)) tell(seen, 'template-code', `calls \`${of.name}\` in ${shown(piece.text)}`, place);
    judgeFormat(of, inner, seen);
  }
  const names = given.positional.map((each) => fold(each, seen.values));
  for (const name of names) if (typeof name === 'string' && isInner(name)) inner(name);
  if (of.kind !== 'name' || seen.bound.has(of.name)) return;
  if (PYTHON_NAMES.has(of.name))
    tell(seen, 'template-access', `calls \`${of.name}\`, which templates do not have, in ${shown(piece.text)}`, place);
  const huge = (of.name === 'range' || of.name === 'lipsum') && names.find((value) => typeof value === 'number' && value > HUGE);
  if (huge !== undefined && huge !== false)
    tell(seen, 'template-resources', `asks for ${String(huge)} steps in ${shown(piece.text)}`, place);
}

/** `'{0.__class__}'.format(x)` walks inside of the text. */
function judgeFormat(of: Expression & { kind: 'attribute' }, inner: (name: string) => void, seen: Seen): void {
  if (of.name !== 'format' && of.name !== 'format_map') return;
  const text = fold(of.of, seen.values);
  if (typeof text !== 'string') return;
  let part = '';
  for (const c of `${text}.`)
    if ('.[]{}!:'.includes(c)) {
      if (isInner(part)) inner(part);
      part = '';
    } else part += c;
}

function judgeOperation({ operator, operands }: Expression & { kind: 'operation' }, piece: Piece, seen: Seen): void {
  if (operator !== '*' && operator !== '**') return;
  const [a, b] = operands.map((each) => fold(each, seen.values));
  const times =
    typeof a === 'string' || operands[0]?.kind === 'list' ? b : typeof b === 'string' || operands[1]?.kind === 'list' ? a : undefined;
  const power = operator === '**' && typeof a === 'number' && typeof b === 'number' && Math.abs(b) > 10_000;
  if (power || (typeof times === 'number' && times > HUGE))
    tell(seen, 'template-resources', `makes something huge in ${shown(piece.text)}`, { offset: piece.at });
}

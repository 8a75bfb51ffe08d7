/** Python code that lies beside or in a model: what it imports and calls, graded without running it. */
import type { Finding } from '../inspector.js';
import { finding } from '../rules/index.js';
import { commandHarm } from '../text/script.js';
import { type Token, tokens } from './lexer.js';
import { type Kind, kindsOf, REACHED } from './names.js';
import { judgeTorchScript } from './torchscript.js';

export interface PythonJudgement {
  readonly findings: readonly Finding[];
  /** Names of imported modules. */
  readonly facts: Record<string, unknown>;
}

const ENDINGS = ['.py', '.pyw', '.pyi', '.pth.py'];
const CALLS = ['exec', 'eval', '__import__'].map((name) => `${name}(`);
const FIRST = ['import ', 'from ', 'def ', 'class ', ...CALLS, '@', '"""', "'''", 'async def ', 'if __name__'];
const MAX_SHOWN = 120;

/** Is the name one that Python imports or runs? */
export const isPythonName = (name: string): boolean => ENDINGS.some((ending) => name.endsWith(ending));

/** By the first line that says something; a name can only add to it. */
export function looksLikePython(start: string, name: string): boolean {
  if (isPythonName(name)) return true;
  if (start.startsWith('#!')) return true;
  for (const line of start.slice(0, 8192).split('\n')) {
    const bare = line.trim();
    if (bare === '' || bare.startsWith('#')) continue;
    if (bare.startsWith('from ')) return bare.includes(' import ');
    return FIRST.some((first) => bare.startsWith(first)) && !(bare.startsWith('import ') && bare.split(' ').length > 8);
  }
  return false;
}

interface Call {
  readonly name: string;
  readonly kinds: readonly Kind[];
  readonly at: number;
  /** Index of the token behind the name. */
  readonly index: number;
}

/** Code of TorchScript is judged as that too: who takes it for Python runs it as Python. */
export function judgePython(text: string, { isTorchScript }: { readonly isTorchScript: boolean }): PythonJudgement {
  const list = tokens(text);
  const { aliases, modules, stars } = imports(list);
  assigned(list, aliases, stars);
  const calls = callsIn(list, aliases);
  const of = (kind: Kind): readonly Call[] => calls.filter(({ kinds }) => kinds.includes(kind));
  const hidden = hiddenCode(list, calls, aliases);
  const findings: Finding[] = [...hidden, ...judgeEncoding(text)];
  const add = (rule: string, found: readonly Call[], does: string): void => {
    const [first] = found;
    if (first === undefined) return;
    const names = [...new Set(found.map(({ name }) => name))].slice(0, 20);
    findings.push(
      finding(rule, `${does} with ${names.map((name) => `\`${name}\``).join(', ')}`, { offset: first.at, seen: { calls: names } }),
    );
  };
  if (isTorchScript) findings.push(...judgeTorchScript(list));
  if (hidden.length === 0) {
    add('python-process', of('process'), 'runs programs');
    add(
      'python-eval',
      [...of('code'), ...of('native')].filter(({ name }) => !name.endsWith('compile')),
      'runs code that it makes',
    );
  }
  add('python-network', [...of('network'), ...of('pickle')], 'opens connections or loads pickles');
  if (!isTorchScript)
    findings.push(
      finding(
        'python-code',
        `imports ${
          modules
            .slice(0, 20)
            .map((each) => `\`${each}\``)
            .join(', ') || 'nothing'
        }`,
      ),
    );
  return { findings, facts: { modules } };
}

/** Local names and what they stand for. */
function imports(list: readonly Token[]): {
  readonly aliases: Map<string, string>;
  readonly modules: readonly string[];
  /** Modules of which everything is imported. */
  readonly stars: readonly string[];
} {
  const aliases = new Map<string, string>();
  const modules = new Set<string>();
  const stars: string[] = [];
  for (let i = 0; i < list.length; i++) {
    const before = list[i - 1];
    const token = list[i];
    if (token?.kind !== 'name' || (before !== undefined && before.kind !== 'line' && before.text !== ':')) continue;
    if (token.text === 'import') i = readImport(list, i + 1, '', aliases, modules);
    else if (token.text === 'from') {
      const module = dotted(list, i + 1);
      if (list[module.next]?.text !== 'import') continue;
      modules.add(module.name);
      if (list[module.next + 1]?.text === '*') stars.push(module.name);
      i = readImport(list, module.next + 1, module.name, aliases, modules);
    }
  }
  return { aliases, modules: [...modules].sort().slice(0, 500), stars };
}

/** Functions and modules that are given names of their own, and those that `import *` brings. */
function assigned(list: readonly Token[], aliases: Map<string, string>, stars: readonly string[]): void {
  for (const { kind, text } of stars.length > 0 ? list : [])
    if (kind === 'name' && !aliases.has(text)) {
      const from = stars.find((module) => kindsOf(`${module}.${text}`).length > 0);
      if (from !== undefined) aliases.set(text, `${from}.${text}`);
    }
  for (let i = 1; i + 1 < list.length; i++) {
    const target = list[i - 1];
    const isStatement = list[i - 2] === undefined || list[i - 2]?.kind === 'line' || list[i - 2]?.text === ':';
    const isInline = list[i]?.text === ':' && list[i + 1]?.text === '=';
    if (target?.kind !== 'name' || !(isInline || (isStatement && list[i]?.text === '=' && list[i + 1]?.text !== '='))) continue;
    const value = valueAt(list, isInline ? i + 2 : i + 1, aliases);
    if (value !== undefined) aliases.set(target.text, value);
  }
}

/** What is known of the value at an index: a module or a function that does more than compute. */
function valueAt(list: readonly Token[], from: number, aliases: ReadonlyMap<string, string>): string | undefined {
  const { name, next } = dotted(list, from);
  const full = resolved(name, aliases);
  const module = IMPORTS.has(full) && list[next]?.text === '(' ? stringAt(list, next + 1)?.text : undefined;
  if (module !== undefined) return module;
  if (full === 'sys.modules' && list[next]?.text === '[') return stringAt(list, next + 1)?.text;
  if (list[next]?.kind !== 'line' && list[next] !== undefined) return undefined;
  return REACHED.has(full) || kindsOf(full).length > 0 ? full : undefined;
}

const IMPORTS: ReadonlySet<string> = new Set(['__import__', 'builtins.__import__', 'importlib.import_module', 'importlib.__import__']);

function readImport(list: readonly Token[], from: number, module: string, aliases: Map<string, string>, modules: Set<string>): number {
  let i = from;
  let open = false;
  for (; i < list.length; i++) {
    const token = list[i];
    if (token === undefined || (token.kind === 'line' && !open)) break;
    if (token.text === '(') open = true;
    if (token.text === ')') break;
    if (token.kind !== 'name') continue;
    const { name, next } = dotted(list, i);
    // A word that cannot stand here.
    if (name === '') continue;
    if (module === '') modules.add(name);
    const full = module === '' ? name : `${module}.${name}`;
    const renamed = list[next]?.text === 'as' ? list[next + 1]?.text : undefined;
    if (renamed !== undefined) aliases.set(renamed, full);
    else if (module !== '') aliases.set(name, full);
    i = renamed === undefined ? next - 1 : next + 1;
  }
  return i;
}

/** `a.b.c` from an index on. */
function dotted(list: readonly Token[], from: number): { readonly name: string; readonly next: number } {
  let i = from;
  let name = '';
  while (list[i]?.text === '.' && name === '') i++;
  while (list[i]?.kind === 'name' && list[i]?.text !== 'import' && list[i]?.text !== 'as') {
    name += (name === '' ? '' : '.') + (list[i]?.text ?? '');
    if (list[i + 1]?.text !== '.') return { name, next: i + 1 };
    i += 2;
  }
  return { name, next: i };
}

function resolved(name: string, aliases: ReadonlyMap<string, string>): string {
  const dot = name.indexOf('.');
  const first = dot < 0 ? name : name.slice(0, dot);
  const full = aliases.get(first);
  return full === undefined ? name : full + (dot < 0 ? '' : name.slice(dot));
}

function callsIn(list: readonly Token[], aliases: ReadonlyMap<string, string>): readonly Call[] {
  const calls: Call[] = [];
  for (let i = 0; i < list.length; i++) {
    const token = list[i];
    const before = list[i - 1];
    if (token?.kind !== 'name' || before?.text === 'def' || before?.text === 'class') continue;
    if (before?.text === '.') continue;
    const { name, next } = dotted(list, i);
    if (name === '') continue;
    const item = itemOf(list, resolved(name, aliases), next, aliases);
    if (item !== undefined) calls.push({ name: item.slice(0, MAX_SHOWN), kinds: kindsOf(item), at: token.at, index: next });
    const called = list[next]?.text === '(' && list[next]?.kind === 'mark';
    const full = called ? (reached(list, resolved(name, aliases), next, aliases) ?? resolved(name, aliases)) : resolved(name, aliases);
    const kinds = kindsOf(full);
    // A function that is handed on is called by others.
    const handed =
      full.includes('.') ||
      (full === 'exec' && list[next]?.text !== '=' && (before?.text === '(' || before?.text === '@' || before?.text === ','));
    if (kinds.length > 0 && (called || (handed && !isImport(list, i))))
      calls.push({ name: full.slice(0, MAX_SHOWN), kinds, at: token.at, index: next });
    i = Math.max(i, next - 1);
  }
  return calls;
}

/** `sys.modules['os'].system`, `os.__dict__['system']`, `vars(os)['system']`, `globals()['exec']`. */
function itemOf(list: readonly Token[], name: string, next: number, aliases: ReadonlyMap<string, string>): string | undefined {
  let of = name;
  let open = next;
  if ((name === 'vars' || name === 'builtins.vars') && list[next]?.text === '(') {
    const inner = dotted(list, next + 1);
    of = `${resolved(inner.name, aliases)}.__dict__`;
    open = inner.next + 1;
  } else if (name === 'sys.modules.get' && list[next]?.text === '(') of = 'sys.modules';
  if (list[open]?.text !== '[' && list[open]?.text !== '(') return undefined;
  const key = stringAt(list, open + 1);
  if (key === undefined) return undefined;
  let found: string | undefined;
  if (of === 'sys.modules') found = list[key.next + 1]?.text === '.' ? `${key.text}.${list[key.next + 2]?.text ?? ''}` : undefined;
  else if (of === '__builtins__' || of === '__builtins__.__dict__' || of === 'builtins.__dict__') found = key.text;
  else if (of.endsWith('.__dict__')) found = `${of.slice(0, -9)}.${key.text}`;
  return found !== undefined && kindsOf(found).length > 0 ? found : undefined;
}

function isImport(list: readonly Token[], at: number): boolean {
  for (let i = at - 1; i >= 0 && list[i]?.kind !== 'line'; i--) if (list[i]?.text === 'import' || list[i]?.text === 'from') return true;
  return false;
}

/** `__import__('os').system`, `importlib.import_module('os').system`, `getattr(os, 'system')`. */
function reached(list: readonly Token[], name: string, open: number, aliases: ReadonlyMap<string, string>): string | undefined {
  if (IMPORTS.has(name)) {
    const module = stringAt(list, open + 1);
    if (module === undefined) return undefined;
    const close = module.next;
    return list[close]?.text === ')' && list[close + 1]?.text === '.' ? `${module.text}.${list[close + 2]?.text ?? ''}` : undefined;
  }
  if (name !== 'getattr' && name !== 'builtins.getattr') return undefined;
  const of = dotted(list, open + 1);
  let module = resolved(of.name, aliases);
  let next = of.next;
  if (module === '__import__' && list[next]?.text === '(') {
    const inner = stringAt(list, next + 1);
    module = inner?.text ?? '';
    next = (inner?.next ?? next) + 1;
  }
  if (!REACHED.has(module) || list[next]?.text !== ',') return undefined;
  const attribute = stringAt(list, next + 1);
  // A name that is put together at run time may be any.
  if (attribute === undefined) return module === 'builtins' || module === '__builtins__' ? 'exec' : `${module}.system`;
  return module === 'builtins' || module === '__builtins__' ? attribute.text : `${module}.${attribute.text}`;
}

/** A text, also one put together with `+`. */
function stringAt(list: readonly Token[], from: number): { readonly text: string; readonly next: number } | undefined {
  let text = '';
  let i = from;
  for (;;) {
    const token = list[i];
    if (token?.kind !== 'string') return undefined;
    text += token.text;
    i++;
    if (list[i]?.text !== '+') return { text, next: i };
    i++;
  }
}

/** Tokens from an opening bracket to its end. */
function inside(list: readonly Token[], open: number): readonly [from: number, to: number] {
  let depth = 0;
  for (let i = open; i < list.length; i++) {
    const { kind, text } = list[i] ?? { kind: 'line', text: '' };
    if (kind !== 'mark') continue;
    if (text === '(' || text === '[' || text === '{') depth++;
    if ((text === ')' || text === ']' || text === '}') && --depth <= 0) return [open, i];
  }
  return [open, list.length];
}

const SUSPECT_LENGTH = 80;

/** Code that is decoded or fetched and run; shells that are handed to others; commands that do so. */
function hiddenCode(list: readonly Token[], calls: readonly Call[], aliases: ReadonlyMap<string, string>): readonly Finding[] {
  const findings: Finding[] = [];
  const tell = (message: string, at: number): void => {
    if (findings.length < 20) findings.push(finding('python-hidden-code', message, { offset: at }));
  };
  const names = (from: number, to: number): readonly Kind[] =>
    calls.filter(({ index }) => index > from && index < to).flatMap(({ kinds }) => kinds);
  const decodes = calls.some(({ kinds }) => kinds.includes('decode'));
  const has = (kind: Kind): boolean => calls.some(({ kinds }) => kinds.includes(kind));
  for (const { name, kinds, at, index } of calls) {
    const [from, to] = inside(list, index);
    const inner = names(from, to);
    const strings = list.slice(from, to).filter(({ kind }) => kind === 'string');
    if (kinds.includes('code') && !name.endsWith('compile')) {
      if (inner.includes('decode')) tell(`runs what it decodes with \`${name}\``, at);
      else if (inner.includes('network')) tell(`runs what it fetches with \`${name}\``, at);
      else if (inner.includes('code') && decodes) tell(`runs code that it makes with \`${name}\``, at);
      else if (strings.some(({ text }) => isPayload(text, aliases))) tell(`runs a text that runs programs with \`${name}\``, at);
      else if (decodes && has('decode') && isVariableOf(list, from, to)) tell(`decodes texts, and runs a text with \`${name}\``, at);
    }
    const command = kinds.includes('process') ? commandHarm(strings.map(({ text }) => text).join(' ')) : undefined;
    if (command !== undefined) tell(`${command} with \`${name}\``, at);
    if (kinds.includes('process') && inner.includes('decode')) tell(`runs what it decodes with \`${name}\``, at);
  }
  const shell = calls.find(({ kinds }) => kinds.includes('shell'));
  if (shell !== undefined && has('network')) tell('hands a shell to a connection', shell.at);
  return findings;
}

/** Encodings in which text editors write. */
const PLAIN_ENCODINGS = [
  'utf',
  'ascii',
  'us-ascii',
  'latin',
  'iso-',
  'iso8859',
  'cp',
  'windows-',
  'gb',
  'big5',
  'euc',
  'shift',
  'sjis',
  'koi8',
  'mac',
];

/** In its first two lines code names the encoding in which Python reads it: some are made to hide it. */
function judgeEncoding(text: string): readonly Finding[] {
  for (const line of text.split('\n', 2)) {
    const at = line.trimStart().startsWith('#') ? line.indexOf('coding') : -1;
    const mark = line.charAt(at + 6);
    if (at < 0 || (mark !== ':' && mark !== '=')) continue;
    let end = at + 7;
    while (line.charAt(end) === ' ' || line.charAt(end) === '\t') end++;
    const from = end;
    while (end < line.length && !' \t\r;,'.includes(line.charAt(end))) end++;
    const name = line.slice(from, end).toLowerCase().replaceAll('_', '-');
    const isPlain = name !== 'utf-7' && name !== 'utf7' && PLAIN_ENCODINGS.some((each) => name.startsWith(each));
    if (name !== '' && !isPlain)
      return [finding('python-hidden-code', `Python reads the code as \`${name.slice(0, 40)}\`, in which other code can stand`)];
  }
  return [];
}

/** A text of code that itself would be told. */
const isPayload = (text: string, aliases: ReadonlyMap<string, string>): boolean =>
  text.length < 20_000 &&
  callsIn(tokens(text), aliases).some(({ kinds }) => kinds.includes('process') || kinds.includes('shell') || kinds.includes('network'));

/** Is a single name handed over, in which a decoded text may be? */
const isVariableOf = (list: readonly Token[], from: number, to: number): boolean =>
  to - from <= 6 && list[from + 1]?.kind === 'name' && list.slice(from, to).every(({ text }) => text.length < SUSPECT_LENGTH);

/** Looks at the first bytes of a file: can they be a pickle? Lengths only, no stack; for telling formats apart. */
import { parseFloat64, parseInteger } from './arguments.js';
import { OPCODES } from './opcodes.js';

export interface PeekedPickle {
  /** 0 or 1 (which look alike) stand as 0. */
  readonly protocol: number;
  /** Opcodes seen. */
  readonly opcodes: number;
  /** Index behind STOP; undefined when the bytes end before it. */
  readonly end: number | undefined;
  /** Module and name of each import by name, as far as the bytes go, joined by a dot. */
  readonly imports: readonly string[];
}

/** Opcodes whose argument is a payload behind a count; all others with `bytes` have it as argument. */
const COUNTED: ReadonlySet<string> = new Set([
  ...['BINBYTES', 'SHORT_BINBYTES', 'BINBYTES8', 'BYTEARRAY8', 'BINSTRING', 'SHORT_BINSTRING'],
  ...['BINUNICODE', 'SHORT_BINUNICODE', 'BINUNICODE8', 'LONG1', 'LONG4'],
]);
/** Opcodes with lines, and what one must look like. */
const LINES: ReadonlyMap<string, readonly ((line: string) => boolean)[]> = new Map<string, readonly ((line: string) => boolean)[]>([
  ['INT', [(line) => parseInteger(line) !== undefined]],
  ['LONG', [(line) => parseInteger(line.replace(/L$/, '')) !== undefined]],
  ['FLOAT', [(line) => parseFloat64(line) !== undefined]],
  ['GET', [isIndex]],
  ['PUT', [isIndex]],
  ['STRING', [(line) => /^(['"]).*\1$/.test(line)]],
  ['UNICODE', [() => true]],
  ['PERSID', [() => true]],
  ['GLOBAL', [isName, isName]],
  ['INST', [isName, isName]],
]);

function isIndex(line: string): boolean {
  return /^\d{1,10}$/.test(line);
}

function isName(line: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_.<>]*$/u.test(line);
}

/** Opcodes that a pickle without PROTO starts with: an empty container, a mark or an import. */
const FIRST: ReadonlySet<string> = new Set(['MARK', 'EMPTY_LIST', 'EMPTY_DICT', 'EMPTY_TUPLE', 'GLOBAL']);

/**
 * What the bytes are as a pickle; undefined when they are none. With `isWhole` the bytes are the whole file, which has to hold
 * a STOP, or to announce its protocol and to import something.
 */
export function peekPickle(head: Uint8Array, isWhole: boolean): PeekedPickle | undefined {
  const [magic, version = 0] = head;
  const hasProto = magic === 0x80 && version >= 2 && version <= 5;
  if (!hasProto && !FIRST.has(OPCODES[magic ?? 0]?.name ?? '')) return undefined;
  const walk: Walk = { head, at: 0, imports: [], texts: [] };
  let opcodes = 0;
  while (walk.at < head.byteLength) {
    const opcode = OPCODES[head[walk.at++] ?? 0];
    if (opcode === undefined || (opcode.name === 'PROTO' && !hasProto)) return undefined;
    opcodes++;
    if (opcode.name === 'STOP') return { protocol: hasProto ? version : 0, opcodes, end: walk.at, imports: walk.imports };
    if (!passArgument(walk, opcode.name, opcode.bytes) && !hasProto) return undefined;
  }
  // Without STOP it may be a pickle that was cut off.
  if (isWhole && (!hasProto || walk.imports.length === 0)) return undefined;
  return { protocol: hasProto ? version : 0, opcodes, end: undefined, imports: walk.imports };
}

interface Walk {
  readonly head: Uint8Array;
  at: number;
  readonly imports: string[];
  /** Texts seen so far, for imports from the stack. */
  readonly texts: string[];
}

/** Moves over the argument; false when it cannot be one. Arguments that reach beyond the bytes are fine. */
function passArgument(walk: Walk, name: string, bytes: number): boolean {
  const lines = LINES.get(name);
  if (lines !== undefined) return passLines(walk, name, lines);
  const start = walk.at + bytes;
  if (COUNTED.has(name)) {
    const length = count(walk.head, walk.at, bytes);
    if (length === undefined) {
      walk.at = walk.head.byteLength;
      return false;
    }
    walk.at = start + length;
    if (name.endsWith('UNICODE') && walk.at <= walk.head.byteLength) walk.texts.push(latin1(walk.head.subarray(start, walk.at)));
    return true;
  }
  if (name === 'STACK_GLOBAL') walk.imports.push(walk.texts.slice(-2).join('.'));
  walk.at = start;
  return true;
}

function passLines(walk: Walk, name: string, lines: readonly ((line: string) => boolean)[]): boolean {
  const found: string[] = [];
  let fit = true;
  for (const fits of lines) {
    const end = walk.head.indexOf(0x0a, walk.at);
    if (end < 0) {
      walk.at = walk.head.byteLength;
      return true;
    }
    const line = latin1(walk.head.subarray(walk.at, end));
    walk.at = end + 1;
    found.push(line);
    fit &&= fits(line);
  }
  if (name === 'GLOBAL' || name === 'INST') walk.imports.push(found.join('.'));
  return fit;
}

/** A little-endian count; undefined when it is negative or beyond 2^53. */
function count(head: Uint8Array, at: number, bytes: number): number | undefined {
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + (head[at + i] ?? 0);
  return Number.isSafeInteger(value) ? value : undefined;
}

const latin1 = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** The index of a repository (https://git-scm.com/docs/index-format), versions 2 to 4. */
import { compareCodePoints } from '../../core/source-tree.js';
import { digestOf } from './hash.js';
import { hex, latin1, offsetVarint } from './objects.js';

export interface IndexEntry {
  /** Relative to the working directory, with `/`; that of a directory that is not checked out ends with one. */
  readonly path: string;
  readonly mode: number;
  readonly id: string;
  /** 0, or 1 to 3 of a merge that is not settled. */
  readonly stage: number;
  /** Only announced by `git add --intent-to-add`. */
  readonly announced: boolean;
  /** Left out of the working directory on purpose. */
  readonly skipped: boolean;
}

/** The entries, or why they are not known. */
export type Index = { readonly entries: readonly IndexEntry[] } | { readonly unknown: string };

const MAX_ENTRIES = 1_000_000;
/** Bytes of all paths together; version 4 repeats them without storing them. */
const MAX_PATHS = 64 * 1024 * 1024;
const HEADER = 12;
/** Bytes of an entry before the id: times, device, mode, owner, size. */
const STAT = 40;
const MODE_AT = 24;
/** Extensions whose names begin in lower case change what the entries mean. `sdir`: directories may be entries. */
const UNDERSTOOD = new Set(['sdir']);

export function parseIndex(bytes: Uint8Array, digits: 40 | 64): Index {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const idBytes = digits / 2;
  const end = bytes.byteLength - idBytes;
  if (end < HEADER || latin1(bytes.subarray(0, 4)) !== 'DIRC') return broken;
  const version = view.getUint32(4);
  const count = view.getUint32(8);
  if (version < 2 || version > 4) return { unknown: `its index has version ${version}` };
  if (count > MAX_ENTRIES) return { unknown: `its index has more than ${MAX_ENTRIES} files` };
  // With `index.skipHash` git writes zeros.
  const checksum = hex(bytes.subarray(end));
  if (!/^0+$/.test(checksum) && hex(digestOf(digits, bytes.subarray(0, end))) !== checksum) return broken;
  const entries: IndexEntry[] = [];
  const state: State = { at: HEADER, path: new Uint8Array(), total: 0 };
  for (let i = 0; i < count; i++) {
    const entry = entryAt({ bytes, view, end, idBytes, version }, state);
    if (typeof entry === 'string') return { unknown: entry };
    if (!isInOrder(entries.at(-1), entry)) return broken;
    entries.push(entry);
  }
  const foreign = extensions(bytes, view, state.at, end).find((name) => !/^[A-Z]/.test(name) && !UNDERSTOOD.has(name));
  if (foreign === undefined) return { entries };
  return { unknown: foreign === 'link' ? SPLIT : 'its index has an extension that is not known' };
}

const BROKEN = 'its index is broken';
const SPLIT = 'its index is split into two files';
const broken: Index = { unknown: BROKEN };

interface State {
  at: number;
  /** That of the entry before. */
  path: Uint8Array;
  total: number;
}

interface Layout {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly end: number;
  readonly idBytes: number;
  readonly version: number;
}

/** The entry at the place of the state, which moves behind it; a text says what is wrong. */
function entryAt({ bytes, view, end, idBytes, version }: Layout, state: State): IndexEntry | string {
  const start = state.at;
  const flagsAt = start + STAT + idBytes;
  if (flagsAt + 4 > end) return BROKEN;
  const flags = view.getUint16(flagsAt);
  const extended = version >= 3 && (flags & 0x4000) !== 0;
  const more = extended ? view.getUint16(flagsAt + 2) : 0;
  let at = flagsAt + (extended ? 4 : 2);
  let kept: Uint8Array = new Uint8Array();
  if (version === 4) {
    const { value, next } = offsetVarint(bytes, at);
    if (value > state.path.byteLength) return BROKEN;
    kept = state.path.subarray(0, state.path.byteLength - value);
    at = next;
  }
  const zero = bytes.indexOf(0, at);
  if (zero === -1 || zero >= end) return BROKEN;
  const path = new Uint8Array(kept.byteLength + zero - at);
  path.set(kept);
  path.set(bytes.subarray(at, zero), kept.byteLength);
  state.total += path.byteLength;
  if (state.total > MAX_PATHS) return 'the paths of its index are too long';
  state.path = path;
  state.at = version === 4 ? zero + 1 : start + Math.ceil((zero + 1 - start) / 8) * 8;
  const text = textOf(path);
  const mode = view.getUint32(start + MODE_AT);
  if (text === undefined) return 'its index has a path that is not UTF-8';
  // The other file has the path of such an entry.
  if (text === '') return SPLIT;
  if (!isPlainPath(text, mode === 0o40000)) return BROKEN;
  return {
    path: text,
    mode,
    id: hex(bytes.subarray(start + STAT, flagsAt)),
    stage: (flags >> 12) & 3,
    announced: (more & 0x2000) !== 0,
    skipped: (more & 0x4000) !== 0,
  };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Does it lead to a file of the working directory, and to none of git's own? */
function isPlainPath(path: string, directory: boolean): boolean {
  const parts = (directory && path.endsWith('/') ? path.slice(0, -1) : path).split('/');
  return parts.length <= 1024 && parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/^\.git$/i.test(part));
}

function isInOrder(before: IndexEntry | undefined, { path, stage }: IndexEntry): boolean {
  if (before === undefined) return true;
  return before.path === path ? before.stage < stage : compareCodePoints(before.path, path) < 0;
}

function extensions(bytes: Uint8Array, view: DataView, from: number, end: number): readonly string[] {
  const names: string[] = [];
  for (let at = from; at + 8 <= end; at += 8 + view.getUint32(at + 4)) names.push(latin1(bytes.subarray(at, at + 4)));
  return names;
}

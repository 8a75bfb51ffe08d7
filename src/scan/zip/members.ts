/** Members of a zip archive as both tables tell of them, the gaps between them, and what is odd about the whole. */
import type { ByteSource } from '../../core/byte-source.js';
import type { Budget } from '../budget.js';
import type { Finding } from '../inspector.js';
import { finding } from '../rules/index.js';
import { type Directory, type Entry, localEntry, readDirectories } from './records.js';

/** Flags that change how the data is read: encrypted, patched, strongly encrypted. */
const READING_FLAGS = 0x61;
const DESCRIPTOR_FLAG = 0x8;
/** Signature, checksum and two sizes behind the data; of eight bytes each in large archives. */
const DESCRIPTOR_BYTES = 24;
const SEARCH_BLOCK = 1024 * 1024;
const MAX_SEARCHED = 64 * SEARCH_BLOCK;
const MAX_ODD = 40;

export interface Member {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly size: number;
  /** Range of its data. */
  readonly from: number;
  readonly to: number;
}

export interface Archive {
  readonly members: readonly Member[];
  readonly findings: Finding[];
  /** Ranges that belong to no member and no table. */
  readonly gaps: readonly (readonly [from: number, to: number])[];
  readonly notInspected: string[];
}

interface Reading {
  readonly source: ByteSource;
  readonly members: Member[];
  readonly findings: Finding[];
  readonly notInspected: string[];
  readonly taken: (readonly [from: number, to: number])[];
  readonly seen: Set<string>;
  odd: number;
}

/** @throws ERR_IO_* */
export async function readArchive(source: ByteSource, budget: Budget): Promise<Archive> {
  const directories = await readDirectories(source, budget);
  const reading: Reading = { source, members: [], findings: [], notInspected: [], taken: [], seen: new Set(), odd: 0 };
  if (directories.length === 0) reading.notInspected.push('the archive has no directory at its end');
  let others = isRow(directories) ? -directories.length : 0;
  for (const directory of directories) {
    // One that lies in a member is that of an archive in this one.
    if (reading.taken.some(([from, to]) => directory.from >= from && directory.to <= to)) continue;
    if (directory.entries.length > 0 && others++ > 0)
      odd(reading, 'the archive has several directories, of which programs take different ones', directory.from);
    await takeDirectory(reading, directory, budget);
  }
  const before = reading.members.length;
  await takeHidden(reading, budget);
  if (directories.length > 0 && reading.members.length > before)
    odd(reading, `${reading.members.length - before} members are not in the directory`, 0);
  reading.taken.sort((a, b) => a[0] - b[0]);
  return { members: reading.members, findings: reading.findings, gaps: gapsOf(reading), notInspected: reading.notInspected };
}

/**
 * Whole archives of torch one behind another, as its distributed checkpoints are: each begins where the one before it ends.
 * Source: https://github.com/pytorch/pytorch/blob/main/torch/distributed/checkpoint/filesystem.py
 */
function isRow(directories: readonly Directory[]): boolean {
  let end = 0;
  for (const { shift, comment, entries } of [...directories].reverse()) {
    if (shift !== end || !entries.some(({ rawName }) => rawName.endsWith('/data.pkl'))) return false;
    end = comment.to;
  }
  return directories.length > 1;
}

function odd(reading: Reading, what: string, offset: number, rule = 'zip-disagreement'): void {
  if (reading.odd++ < MAX_ODD) reading.findings.push(finding(rule, what, { offset }));
}

async function takeDirectory(reading: Reading, directory: Directory, budget: Budget): Promise<void> {
  const { entries, from, to, comment, problem } = directory;
  reading.taken.push([from, to]);
  if (comment.to > comment.from) reading.taken.push([comment.from, comment.from]);
  if (problem !== undefined) {
    odd(reading, problem, from);
    reading.notInspected.push(problem);
  }
  const names = new Set<string>();
  let end = 0;
  for (const entry of [...entries].sort((a, b) => a.at - b.at)) {
    if (!budget.take('members', 1)) {
      reading.notInspected.push('members beyond the limit');
      return;
    }
    if (names.has(entry.rawName)) odd(reading, `the name \`${entry.name}\` stands twice in the directory`, entry.at);
    names.add(entry.rawName);
    checkName(reading, entry);
    const local = await localEntry(reading.source, entry.at);
    if (local === undefined) {
      odd(reading, `there is no header before \`${entry.name}\` where the directory says`, entry.at);
      reading.notInspected.push(`the member ${entry.name}, which is not where the directory says`);
      continue;
    }
    if (local.at < end) odd(reading, `\`${entry.name}\` overlaps the member before it`, entry.at);
    end = Math.max(end, local.data + entry.packed);
    takeEntry(reading, entry, local);
  }
}

/** What both tables say is one member; where they disagree, both are. */
function takeEntry(reading: Reading, entry: Entry, local: Entry): void {
  if (local.rawName !== entry.rawName)
    odd(reading, `the directory says \`${entry.name}\`, the header before the member \`${local.name}\``, local.at);
  if ((local.flags & READING_FLAGS) !== (entry.flags & READING_FLAGS))
    odd(reading, `directory and header of \`${entry.name}\` disagree on whether it is encrypted`, local.at);
  if (local.method !== entry.method) odd(reading, `directory and header of \`${entry.name}\` disagree on its compression`, local.at);
  addMember(reading, entry, local.data);
  const open = (local.flags & DESCRIPTOR_FLAG) !== 0 && local.packed === 0;
  const same = local.packed === entry.packed && local.size === entry.size;
  if (!open && !same) odd(reading, `directory and header of \`${entry.name}\` disagree on its size`, local.at);
  if ((!open && !same) || local.method !== entry.method || local.rawName !== entry.rawName)
    addMember(reading, open ? { ...local, packed: entry.packed, size: entry.size, crc: entry.crc } : local, local.data);
  const data = local.data + entry.packed;
  reading.taken.push([local.at, Math.min(reading.source.size, (local.flags & DESCRIPTOR_FLAG) !== 0 ? data + DESCRIPTOR_BYTES : data)]);
}

function addMember(reading: Reading, { name, method, flags, crc, size, packed }: Entry, data: number): void {
  const key = `${data} ${packed} ${method} ${name}`;
  if (reading.seen.has(key)) return;
  reading.seen.add(key);
  const to = Math.min(reading.source.size, data + packed);
  if (to < data + packed) reading.notInspected.push(`the member ${name}, which reaches over the end of the file`);
  reading.members.push({ name, method, flags, crc, size, from: Math.min(data, to), to });
}

/** Names that lead out of the directory that the archive is unpacked to, and links. */
function checkName(reading: Reading, { name, at, mode }: Entry): void {
  const parts = name.split(/[\\/]/);
  if (parts.includes('..') || name.startsWith('/') || name.startsWith('\\') || /^[A-Za-z]:/.test(name))
    odd(reading, `the name \`${name}\` leads out of the archive`, at, 'zip-path');
  if (name.includes('\0')) odd(reading, `the name \`${name}\` holds a zero byte, at which some programs stop`, at);
  if ((mode & 0xf000) === 0xa000) odd(reading, `\`${name}\` is a symbolic link`, at, 'archive-link');
}

function gapsOf({ taken, source }: Reading): readonly (readonly [number, number])[] {
  const gaps: (readonly [number, number])[] = [];
  let reached = 0;
  for (const [from, to] of taken) {
    if (from > reached) gaps.push([reached, from]);
    reached = Math.max(reached, to);
  }
  if (reached < source.size) gaps.push([reached, source.size]);
  return gaps;
}

/** Headers in the gaps: members that no directory tells of. */
async function takeHidden(reading: Reading, budget: Budget): Promise<void> {
  reading.taken.sort((a, b) => a[0] - b[0]);
  let searched = 0;
  for (const [from, to] of gapsOf(reading)) {
    for (let at = from; at < to && searched < MAX_SEARCHED; ) {
      const length = Math.min(SEARCH_BLOCK + 3, to - at);
      if (!budget.take('readBytes', length)) return;
      searched += length;
      const block = (await reading.source.read(at, length)).slice();
      const found = signature(block);
      if (found < 0) {
        at += SEARCH_BLOCK;
        continue;
      }
      const local = await localEntry(reading.source, at + found);
      if (local === undefined || local.rawName.length === 0) {
        at += found + 4;
        continue;
      }
      // One that tells no size reaches to the end of the gap.
      const open = local.packed === 0 && (local.flags & DESCRIPTOR_FLAG) !== 0;
      const packed = open ? Math.max(0, to - local.data) : local.packed;
      addMember(reading, { ...local, packed }, local.data);
      checkName(reading, local);
      const end = Math.min(reading.source.size, local.data + packed);
      reading.taken.push([local.at, end]);
      at = Math.max(end, at + found + 4);
    }
    if (searched >= MAX_SEARCHED) reading.notInspected.push('bytes between members, beyond the limit');
  }
}

function signature(block: Uint8Array): number {
  for (let i = block.indexOf(0x50); i >= 0 && i + 3 < block.length; i = block.indexOf(0x50, i + 1))
    if (block[i + 1] === 0x4b && block[i + 2] === 3 && block[i + 3] === 4) return i;
  return -1;
}

/**
 * Programs of PyTorch Mobile: `bytecode.pkl` of an archive, and flatbuffers (`PTMF`). Their interpreter calls operators by the names
 * that stand in them, whatever the code beside them says. Source: torch/csrc/jit/mobile
 */
import type { ByteSource } from '../../core/byte-source.js';
import type { Inspection, Inspector, ScanContext } from '../inspector.js';
import { judgeOperators } from './torchscript.js';

const isFlat = (head: Uint8Array): boolean => [0x50, 0x54, 0x4d, 0x46].every((byte, i) => head[4 + i] === byte);
const isBytecode = (name: string): boolean => name === 'bytecode.pkl' || name.endsWith('/bytecode.pkl');

export const mobile: Inspector = {
  format: 'pytorch-mobile',
  weak: true,
  soft: true,
  matches: (head, name) => isBytecode(name) || isFlat(head),
  inspect,
};

const BLOCK_BYTES = 1024 * 1024;
const MAX_NAME = 200;
const MAX_NAMES = 50_000;

async function inspect(source: ByteSource, { budget }: ScanContext): Promise<Inspection> {
  const names = new Set<string>();
  let isCut = false;
  for (let at = 0; at < source.size && !isCut; at += BLOCK_BYTES) {
    isCut = !budget.take('readBytes', BLOCK_BYTES) || !budget.inTime() || names.size >= MAX_NAMES;
    if (!isCut) operatorsIn(await source.read(at, Math.min(BLOCK_BYTES + 2 * MAX_NAME, source.size - at)), names);
  }
  const flat = isFlat((await source.read(0, Math.min(16, source.size))).slice());
  const gaps = [
    ...(isCut ? ['names of operators, more than the limit'] : []),
    ...(flat ? ['a flatbuffer of PyTorch Mobile, but for the names of its operators'] : []),
  ];
  return {
    format: 'pytorch-mobile',
    findings: [...judgeOperators(names)],
    status: gaps.length > 0 ? 'incomplete' : 'complete',
    // Of a pickle the inspector of pickles tells the bytes.
    spans: [{ from: 0, to: flat ? source.size : 0, as: 'skipped' }],
    notInspected: gaps,
  };
}

const COLON = 0x3a;
const isOfName = (byte = 0): boolean =>
  (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x5f;

/** Where a text of a pickle ends: behind it stands an opcode, which may be a letter. */
function endOf(bytes: Uint8Array, from: number): number {
  const [opcode, length = 0] = [bytes[from - 2], bytes[from - 1]];
  if (opcode === 0x8c || opcode === 0x55) return from + length;
  return bytes[from - 5] === 0x58 ? from + length4(bytes, from - 4) : bytes.length;
}

const length4 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 2 ** 8 + (bytes[at + 2] ?? 0) * 2 ** 16 + (bytes[at + 3] ?? 0) * 2 ** 24;

/** `aten::add`, as `aten.add`. */
function operatorsIn(bytes: Uint8Array, names: Set<string>): void {
  for (let at = bytes.indexOf(COLON); at >= 0 && names.size < MAX_NAMES; at = bytes.indexOf(COLON, at + 1)) {
    if (bytes[at + 1] !== COLON) continue;
    let from = at;
    while (from > 0 && at - from < MAX_NAME && isOfName(bytes[from - 1])) from--;
    let to = at + 2;
    while (to - at < MAX_NAME && isOfName(bytes[to])) to++;
    to = Math.min(to, endOf(bytes, from));
    if (from < at && to > at + 2)
      names.add(`${String.fromCharCode(...bytes.subarray(from, at))}.${String.fromCharCode(...bytes.subarray(at + 2, to))}`);
  }
}

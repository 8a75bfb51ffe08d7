/** Programs and libraries of machine code: nothing that a model needs. */
import type { ByteSource } from '../../core/byte-source.js';
import type { Inspection, Inspector } from '../inspector.js';
import { finding } from '../rules/index.js';

export const executable: Inspector = { format: 'executable', matches: (head) => kindOf(head) !== undefined, inspect };

/** What the first bytes say, checked so far that numbers rarely look alike. */
function kindOf(head: Uint8Array): string | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 20) return undefined;
  const magic = view.getUint32(0, false);
  if (magic === 0x7f454c46 && (head[4] === 1 || head[4] === 2) && (head[5] === 1 || head[5] === 2) && head[6] === 1) return 'ELF';
  if (magic === 0xfeedface || magic === 0xfeedfacf) return view.getUint32(12, false) <= 12 ? 'Mach-O' : undefined;
  if (magic === 0xcefaedfe || magic === 0xcffaedfe) return view.getUint32(12, true) <= 12 ? 'Mach-O' : undefined;
  // Classes of Java begin alike; their versions are above 40.
  if (magic === 0xcafebabe) return view.getUint32(4, false) < 20 ? 'Mach-O' : view.getUint16(6, false) < 100 ? 'Java class' : undefined;
  if (magic === 0x0061736d && view.getUint32(4, true) === 1) return 'WebAssembly';
  if (magic === 0x64657803 || magic === 0x6465780a) return 'Dalvik';
  if (head[0] !== 0x4d || head[1] !== 0x5a) return undefined;
  // An executable of many systems at once begins with a script of a shell.
  if (String.fromCharCode(...head.subarray(2, 6)) === 'qFpD') return 'program of many systems';
  const at = head.length >= 64 ? view.getUint32(60, true) : head.length;
  return at + 4 <= head.length && view.getUint32(at, false) === 0x50450000 ? 'PE' : undefined;
}

async function inspect(source: ByteSource): Promise<Inspection> {
  const kind = kindOf((await source.read(0, Math.min(source.size, 64 * 1024))).slice()) ?? 'program';
  return {
    format: 'executable',
    findings: [finding('native-code', `the content is machine code (${kind})`, { seen: { kind } })],
    status: 'incomplete',
    spans: [{ from: 0, to: source.size, as: 'skipped', why: 'machine code is not judged' }],
    notInspected: [`machine code (${kind}), which is not judged`],
  };
}

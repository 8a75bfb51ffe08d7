/** How formats begin: asked of every file, so that it is cheap, and apart from the readers, which are loaded when they are needed. */

const at = (head: Uint8Array, offset: number, text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (head[offset + i] !== text.charCodeAt(i)) return false;
  return true;
};

const HDF5 = '\u0089HDF\r\n\u001a\n';

/** The superblock stands at 0, 512, 1024, …: user blocks come before it. */
export function beginsHdf5(head: Uint8Array): boolean {
  for (let offset = 0; offset + 8 <= head.length; offset = offset === 0 ? 512 : offset * 2) if (at(head, offset, HDF5)) return true;
  return false;
}

/** A length of eight bytes, then an object of JSON. By its name a header may begin in another way, which then is told. */
export function beginsSafetensors(head: Uint8Array, name: string): boolean {
  if (head.length < 10) return false;
  const named = name.toLowerCase().endsWith('.safetensors');
  if (named && [0x7b, 0x5b, 0x20].includes(head[8] ?? 0)) return true;
  const small = head[4] === 0 && head[5] === 0 && head[6] === 0 && head[7] === 0 && (head[3] ?? 0) < 64;
  let next = 9;
  while (next < 64 && (head[next] ?? 0) <= 0x20 && next < head.length) next++;
  return small && head[8] === 0x7b && (head[next] === 0x22 || head[next] === 0x7d);
}

export const beginsSevenZip = (head: Uint8Array): boolean => at(head, 0, '7z\u00bc\u00af\u0027\u001c');

/** GGUF, and the kinds before it, behind which stands a small number. */
export function beginsGguf(head: Uint8Array): boolean {
  if (head.length < 8) return false;
  if (at(head, 0, 'GGUF')) return true;
  return ['lmgg', 'fmgg', 'tjgg', 'algg'].some((magic) => at(head, 0, magic)) && head[7] === 0;
}

/** The tag of a field with a number below 32, and not the beginning of a text. */
export function beginsProtobuf(head: Uint8Array): boolean {
  const [first = 0, second = 0] = head;
  const wire = first & 7;
  return (
    head.length >= 4 &&
    first >= 8 &&
    (wire === 0 || wire === 2) &&
    !(first >= 0x20 && first < 0x7f && second >= 0x20 && second < 0x7f && !hasZero(head))
  );
}

const hasZero = (head: Uint8Array): boolean => head.subarray(0, 4096).some((byte) => byte < 9);

/** A workspace or an object of R: how its numbers are written, then the version of the format. */
export function beginsR(head: Uint8Array): boolean {
  const from = ['RDX2\n', 'RDX3\n', 'RDA2\n', 'RDA3\n', 'RDB2\n', 'RDB3\n'].some((magic) => at(head, 0, magic)) ? 5 : 0;
  const version = (index: number): boolean => head[from + index] === 2 || head[from + index] === 3;
  if (at(head, from, 'X\n\0\0\0')) return version(5);
  if (at(head, from, 'B\n')) return version(2) && at(head, from + 3, '\0\0\0');
  return at(head, from, 'A\n2\n') || at(head, from, 'A\n3\n');
}

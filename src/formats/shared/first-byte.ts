/** The first byte of a text that is no white space and no byte order mark. Most heads show by it alone what they are not. */
export function firstByte(head: Uint8Array): number | undefined {
  const from = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  for (let at = from; at < head.byteLength; at++) {
    const byte = head[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
  }
  return undefined;
}

export const BRACE = 0x7b;
export const BRACKET = 0x5b;
export const LESS_THAN = 0x3c;

/** Files that no loader of models acts on: texts and pictures. Asked only when no inspector knows the bytes. */

const MEDIA: readonly (readonly [format: string, hex: string])[] = [
  ['png', '89504e470d0a1a0a'],
  ['jpeg', 'ffd8ff'],
  ['gif', '474946383761'],
  ['gif', '474946383961'],
];

/** `text`, the name of a picture, or undefined. `isWhole` says that `head` is all there is. */
export function plainFormat(head: Uint8Array, isWhole: boolean): string | undefined {
  for (const [format, hex] of MEDIA)
    if (hex.length / 2 <= head.length && hex.match(/../g)?.every((pair, i) => head[i] === Number.parseInt(pair, 16)) === true)
      return format;
  return isText(head, isWhole) ? 'text' : undefined;
}

/** UTF-8 without control characters but line ends, tabs and form feeds. */
function isText(head: Uint8Array, isWhole: boolean): boolean {
  for (const byte of head) if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !isWhole });
    return true;
  } catch {
    return false;
  }
}

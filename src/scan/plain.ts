/** Files that no loader of models acts on: texts, pictures, sounds, tables. Asked only when no inspector knows the bytes. */

const MEDIA: readonly (readonly [format: string, hex: string])[] = [
  ['png', '89504e470d0a1a0a'],
  ['jpeg', 'ffd8ff'],
  ['gif', '474946383761'],
  ['gif', '474946383961'],
  ['tiff', '49492a00'],
  ['tiff', '4d4d002a'],
  ['webp', '52494646........57454250'],
  ['wav', '52494646........57415645'],
  ['avi', '52494646........41564920'],
  ['flac', '664c6143'],
  ['ogg', '4f676753'],
  ['mp3', '494433'],
  ['mp4', '........66747970'],
  ['webm', '1a45dfa3'],
  ['pdf', '255044462d'],
  ['parquet', '50415231'],
  ['arrow', '4152524f5731'],
  ['font', '774f4632'],
  ['font', '774f4646'],
  ['font', '0001000000'],
  ['icon', '00000100'],
];

/** `text`, the name of a picture, or undefined. `isWhole` says that `head` is all there is. */
export function plainFormat(head: Uint8Array, isWhole: boolean): string | undefined {
  for (const [format, hex] of MEDIA)
    if (
      hex.length / 2 <= head.length &&
      hex.match(/../g)?.every((pair, i) => pair === '..' || head[i] === Number.parseInt(pair, 16)) === true
    )
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

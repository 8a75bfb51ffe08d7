/** Values of a pickle in the words of Python, short, for people to judge. */
import type { ByteSource } from '../../core/byte-source.js';
import { fetchText } from './run.js';
import { dotted, type Value } from './values.js';

const MAX_DEPTH = 4;
const MAX_ITEMS = 8;
const MAX_CHARACTERS = 200;
const MAX_BYTES = 48;

/** The value as Python would write it, or nearly. @throws ERR_IO_* */
export async function inWords(source: ByteSource, value: Value | undefined, depth = 0): Promise<string> {
  if (value === undefined) return '';
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  switch (value.kind) {
    case 'text': {
      const text = await fetchText(source, value);
      return `'${text.slice(0, MAX_CHARACTERS)}${text.length > MAX_CHARACTERS ? '…' : ''}'`;
    }
    case 'bytes':
      return await bytesInWords(source, value.at, value.length);
    case 'global':
      return dotted(value);
    case 'made':
      return depth > MAX_DEPTH ? '…' : `${await inWords(source, value.callee, depth + 1)}(…)`;
    case 'persistent':
      return `persistent(${await inWords(source, value.id, depth + 1)})`;
    case 'unknown':
      return `<${value.why}>`;
    case 'tuple':
    case 'list':
    case 'set':
    case 'frozenset':
    case 'dict':
      return await containerInWords(source, value, depth);
    default:
      return `<${value.kind}>`;
  }
}

const BRACKETS = { tuple: ['(', ')'], list: ['[', ']'], set: ['{', '}'], frozenset: ['frozenset({', '})'], dict: ['{', '}'] } as const;

async function containerInWords(
  source: ByteSource,
  value: { readonly kind: keyof typeof BRACKETS; readonly items: readonly Value[]; readonly length: number },
  depth: number,
): Promise<string> {
  const [open, close] = BRACKETS[value.kind];
  if (depth > MAX_DEPTH) return `${open}…${close}`;
  const parts: string[] = [];
  for (const item of value.items.slice(0, MAX_ITEMS)) parts.push(await inWords(source, item, depth + 1));
  const more = value.length > parts.length ? ', …' : value.kind === 'tuple' && parts.length === 1 ? ',' : '';
  return `${open}${parts.join(', ')}${more}${close}`;
}

async function bytesInWords(source: ByteSource, at: number, length: number): Promise<string> {
  const bytes = await source.read(at, Math.min(length, MAX_BYTES));
  let text = '';
  for (const byte of bytes)
    text +=
      byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).padStart(2, '0')}`;
  return `b'${text}${length > bytes.length ? '…' : ''}'`;
}

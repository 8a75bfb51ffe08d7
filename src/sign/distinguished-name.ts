/** Names of X.509 as text. Source: RFC 4514; the short names are those that OpenSSL prints with `-nameopt RFC2253`. */
import { childrenOf, type Der, oidOf } from './der.js';

const SHORT: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.42': 'GN',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

/** Text of a string type by its tag; undefined for bytes that are not of it. */
const TEXTS: Readonly<Record<number, (bytes: Buffer) => string | undefined>> = {
  12: (bytes) => utf8(bytes),
  19: (bytes) => ascii(bytes),
  20: (bytes) => bytes.toString('latin1'),
  22: (bytes) => ascii(bytes),
  30: (bytes) => (bytes.byteLength % 2 === 0 ? Buffer.from(bytes).swap16().toString('utf16le') : undefined),
};

/** `CN=release,O=Acme`: the last part first, `+` between parts of one level, special signs escaped. */
export function nameText(name: Der): string {
  const levels = childrenOf(name).map((level) => childrenOf(level).map(attributeText).join('+'));
  return levels.reverse().join(',');
}

function attributeText(attribute: Der): string {
  const [type, value] = childrenOf(attribute);
  if (type === undefined || value === undefined) return '';
  const oid = oidOf(type);
  const text = TEXTS[value.tag]?.(value.content);
  const short = SHORT[oid];
  // What has no text, and what nobody has a name for, stands as its bytes.
  return text === undefined || short === undefined ? `${short ?? oid}=#${value.whole.toString('hex')}` : `${short}=${escapedValue(text)}`;
}

function escapedValue(text: string): string {
  const characters = [...text];
  return characters
    .map((character, i) => {
      const isEdge = (character === ' ' && (i === 0 || i === characters.length - 1)) || (character === '#' && i === 0);
      if (isEdge || '"+,;<>\\'.includes(character)) return `\\${character}`;
      return character < ' ' || character === '\x7f'
        ? `\\${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
        : character;
    })
    .join('');
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Printable ASCII; undefined for anything else, so that no name ends at a NUL or hides what follows. */
export function ascii(bytes: Buffer): string | undefined {
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f) ? bytes.toString('latin1') : undefined;
}

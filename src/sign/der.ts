/** DER, as far as certificates need it. Source: ITU-T X.690. */
import { MsbomError } from '../core/error.js';

export interface Der {
  /** The whole first octet: class, form and number. */
  readonly tag: number;
  readonly content: Buffer;
  /** With tag and length. */
  readonly whole: Buffer;
}

const bad = (what: string): MsbomError => new MsbomError('ERR_SIGN_CERTIFICATE', `the certificate breaks the rules of DER: ${what}`);

/** One element that fills the bytes. @throws ERR_SIGN_CERTIFICATE */
export function readDer(bytes: Buffer): Der {
  const element = elementAt(bytes, 0);
  if (element.whole.byteLength !== bytes.byteLength) throw bad('bytes follow its end');
  return element;
}

/** Elements in a constructed one. @throws ERR_SIGN_CERTIFICATE */
export function childrenOf({ tag, content }: Der): readonly Der[] {
  if ((tag & 0x20) === 0) throw bad('a value stands where parts are to be');
  const children: Der[] = [];
  for (let at = 0; at < content.byteLength; ) {
    const child = elementAt(content, at);
    children.push(child);
    at += child.whole.byteLength;
  }
  return children;
}

function elementAt(bytes: Buffer, at: number): Der {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) throw bad('it ends early');
  if ((tag & 0x1f) === 0x1f) throw bad('a tag of several octets');
  let length = first;
  let start = at + 2;
  if (first > 0x7f) {
    const octets = first & 0x7f;
    if (octets === 0 || octets > 4) throw bad('a length that is open or too large');
    if (start + octets > bytes.byteLength) throw bad('it ends early');
    length = bytes.readUIntBE(start, octets);
    if (length < 0x80 || (octets > 1 && bytes[start] === 0)) throw bad('a length that is not the shortest');
    start += octets;
  }
  const end = start + length;
  if (end > bytes.byteLength) throw bad('it ends early');
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) };
}

/** `1.2.840.10045.2.1` */
export function oidOf({ tag, content }: Der): string {
  if (tag !== 0x06 || content.byteLength === 0 || content.byteLength > 64) throw bad('no object identifier');
  const arcs: number[] = [];
  let value = 0;
  for (const [i, octet] of content.entries()) {
    if (value === 0 && octet === 0x80) throw bad('an object identifier that is not the shortest');
    if (value > 2 ** 40) throw bad('an object identifier that is too large');
    value = value * 128 + (octet & 0x7f);
    if (octet > 0x7f) {
      if (i === content.byteLength - 1) throw bad('an object identifier that ends early');
      continue;
    }
    arcs.push(value);
    value = 0;
  }
  const [head = 0, ...rest] = arcs;
  const top = Math.min(Math.floor(head / 40), 2);
  return [top, head - top * 40, ...rest].join('.');
}

/** Names of the bits that are set, bit 0 first. */
export function bitsOf({ tag, content }: Der, names: readonly string[]): ReadonlySet<string> {
  if (tag !== 0x03 || content.byteLength === 0) throw bad('no bit string');
  return new Set(names.filter((_, i) => ((content[1 + (i >> 3)] ?? 0) & (0x80 >> (i & 7))) !== 0));
}

/** A small whole number that is not negative. */
export function smallInteger({ tag, content }: Der): number {
  if (tag !== 0x02 || content.byteLength === 0 || content.byteLength > 4 || (content[0] ?? 0) > 0x7f) throw bad('no small number');
  return content.readUIntBE(0, content.byteLength);
}

/** UTCTime or GeneralizedTime in the forms of RFC 5280, section 4.1.2.5. */
export function timeOf({ tag, content }: Der): Date {
  const text = content.toString('latin1');
  const isShort = tag === 0x17 && /^\d{12}Z$/.test(text);
  if (!isShort && !(tag === 0x18 && /^\d{14}Z$/.test(text))) throw bad('a time in another form');
  const full = isShort ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const part = (from: number, to: number): string => full.slice(from, to);
  const iso = `${part(0, 4)}-${part(4, 6)}-${part(6, 8)}T${part(8, 10)}:${part(10, 12)}:${part(12, 14)}Z`;
  const time = new Date(iso);
  if (Number.isNaN(time.getTime()) || time.toISOString() !== iso.replace('Z', '.000Z')) throw bad('a time that does not exist');
  return time;
}

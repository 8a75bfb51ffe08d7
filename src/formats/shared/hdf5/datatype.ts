/** Datatype and dataspace messages. Source: HDF5 File Format Specification 4.0, IV.A.2.b and d. */
import { MsbomError } from '../../../core/error.js';
import { elementCount } from '../../../core/facts.js';
import type { Block } from './block.js';

export interface Datatype {
  /** In the words of NumPy: `float32`, `int64`, `bool`, `string`; else the word of the specification. */
  readonly name: string;
  readonly kind: 'integer' | 'float' | 'string' | 'variableString' | 'other';
  /** Bytes of one element where it lies; of a variable length the reference. */
  readonly bytes: number;
  readonly littleEndian: boolean;
  readonly signed: boolean;
  /** Do elements lie elsewhere, or refer to something? */
  readonly indirect: boolean;
}

const MAX_NESTING = 16;
const MAX_RANK = 32;

/** Sizes of the axes; undefined for a dataspace that holds nothing. */
export function readDataspace(block: Block): readonly number[] | undefined {
  const version = block.version('dataspace message', [1, 2]);
  const rank = block.u8();
  if (rank > MAX_RANK) throw block.malformed(`the rank ${rank} is more than ${MAX_RANK}`);
  block.skip(1);
  const type = block.u8();
  if (version === 1) block.skip(4);
  else if (type === 2) return undefined;
  const shape = Array.from({ length: rank }, () => block.size());
  if (!Number.isSafeInteger(elementCount({ shape }))) throw block.malformed('a dataspace has more elements than can be counted');
  return shape;
}

/**
 * One datatype, with those it is made of.
 * @throws ERR_FORMAT_MALFORMED, ERR_FORMAT_UNSUPPORTED, ERR_LIMIT_DEPTH
 */
export function readDatatype(block: Block, depth = 0): Datatype {
  if (depth > MAX_NESTING)
    throw new MsbomError('ERR_LIMIT_DEPTH', 'datatypes nest too deeply', { file: block.malformed('').file, offset: block.offset });
  const classAndVersion = block.u8();
  const version = classAndVersion >> 4;
  if (version < 1 || version > 5) throw block.malformed(`version ${version} of a datatype is not known`);
  const bits = block.uint(3);
  const bytes = block.u32();
  const head: Head = { version, bits, bytes, depth };
  const type = CLASSES[classAndVersion & 15]?.(block, head);
  return { bytes, littleEndian: true, signed: false, indirect: false, kind: 'other', ...(type ?? { name: 'unknown', indirect: true }) };
}

interface Head {
  readonly version: number;
  readonly bits: number;
  readonly bytes: number;
  readonly depth: number;
}
type Read = (block: Block, head: Head) => Partial<Datatype> & { readonly name: string };

/** By class number. */
const CLASSES: readonly Read[] = [
  (block, { bits, bytes }) => {
    block.skip(4);
    const signed = (bits & 8) !== 0;
    return { name: `${signed ? '' : 'u'}int${bytes * 8}`, kind: 'integer', littleEndian: (bits & 1) === 0, signed };
  },
  floatingPoint,
  (block) => {
    block.skip(2);
    return { name: 'time' };
  },
  () => ({ name: 'string', kind: 'string' }),
  (block, { bytes }) => {
    block.skip(4);
    return { name: `bitfield${bytes * 8}` };
  },
  (block, { bits }) => {
    block.skip(Math.min(bits & 0xff, block.remaining));
    return { name: 'opaque' };
  },
  compound,
  () => ({ name: 'reference', indirect: true }),
  enumeration,
  (block, { bits, depth }) => {
    const base = readDatatype(block, depth + 1);
    return (bits & 15) === 1
      ? { name: 'string', kind: 'variableString', indirect: true }
      : { name: `sequence of ${base.name}`, indirect: true };
  },
  (block, { version, depth }) => {
    const rank = block.u8();
    block.skip((version < 3 ? 3 : 0) + rank * 4 + (version < 3 ? rank * 4 : 0));
    const base = readDatatype(block, depth + 1);
    return { name: `array of ${base.name}`, indirect: base.indirect };
  },
  (_block, { bytes }) => ({ name: `complex${bytes * 8}` }),
];

function floatingPoint(block: Block, { bits, bytes }: Head): Partial<Datatype> & { readonly name: string } {
  block.skip(2);
  const precision = block.u16();
  block.skip(1);
  const exponent = block.u8();
  block.skip(1);
  const mantissa = block.u8();
  block.skip(4);
  const standard = { 16: [5, 10], 32: [8, 23], 64: [11, 52] }[precision];
  const name =
    standard?.[0] === exponent && standard[1] === mantissa
      ? `float${precision}`
      : precision === 16 && exponent === 8 && mantissa === 7
        ? 'bfloat16'
        : `float${precision}_e${exponent}m${mantissa}`;
  const readable = precision === bytes * 8 && (name === 'float32' || name === 'float64');
  return { name, kind: readable ? 'float' : 'other', littleEndian: (bits & 0x41) === 0 };
}

/** Pairs named `r` and `i` are how h5py stores complex numbers. */
function compound(block: Block, { version, bits, bytes, depth }: Head): Partial<Datatype> & { readonly name: string } {
  const offsetBytes = bytes < 256 ? 1 : bytes < 65_536 ? 2 : bytes < 16_777_216 ? 3 : 4;
  const names: string[] = [];
  let indirect = false;
  for (let i = 0; i < (bits & 0xffff); i++) {
    const start = block.position;
    names.push(block.cString());
    if (version < 3) block.align8(start);
    block.skip(version < 3 ? 4 : offsetBytes);
    if (version === 1) block.skip(28);
    indirect = readDatatype(block, depth + 1).indirect || indirect;
  }
  return { name: names.join() === 'r,i' ? `complex${bytes * 8}` : 'compound', indirect };
}

/** h5py stores booleans as the enumeration FALSE, TRUE. */
function enumeration(block: Block, { version, bits, depth }: Head): Partial<Datatype> & { readonly name: string } {
  const base = readDatatype(block, depth + 1);
  const names: string[] = [];
  for (let i = 0; i < (bits & 0xffff); i++) {
    const start = block.position;
    names.push(block.cString());
    if (version < 3) block.align8(start);
  }
  block.skip(base.bytes * names.length);
  const isBool = names.length === 2 && names.includes('FALSE') && names.includes('TRUE');
  return { name: isBool ? 'bool' : 'enum', kind: base.kind, littleEndian: base.littleEndian, signed: base.signed };
}

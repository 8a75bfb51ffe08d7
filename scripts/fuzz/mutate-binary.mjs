// Changes to binary files that keep most of what makes them readable: counts, lengths and offsets get other values, parts are
// repeated, left out, moved, taken from another file, or made to name themselves.
import { pick } from './random.mjs';

const WIDTHS = [1, 2, 4, 8];
const SIGNS = [0x00, 0x01, 0x7f, 0x80, 0xff];

/** Most of what matters stands at the beginning or the end. */
function place(bytes, random) {
  const way = random(8);
  if (way === 0) return Math.max(0, bytes.length - 1 - random(Math.min(bytes.length, 1024)));
  return random(way < 6 ? Math.min(bytes.length, 4096) : bytes.length);
}

/** Numbers at which readers go wrong, for a file of `size` bytes and the place `at`. */
const boundaries = (size, at, old) =>
  [
    0,
    1,
    2,
    old - 1,
    old + 1,
    old * 2,
    size,
    size - at,
    size - at - 1,
    size + 1,
    at,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0xffff,
    0x7fffffff,
    0x80000000,
    0xffffffff,
    2 ** 53 - 1,
  ]
    .map((value) => BigInt(Math.max(0, Math.trunc(value))))
    .concat(0x7fffffffffffffffn, 0x8000000000000000n, 0xffffffffffffffffn);

/** Where a number stands that may be a count, a length or an offset: small for its width, not zero, not larger than the file. */
function plausible(bytes, random) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let tries = 0; tries < 50; tries++) {
    const width = pick(random, WIDTHS);
    const at = place(bytes, random);
    if (at + width > bytes.length) continue;
    const little = random(3) > 0;
    const value =
      width === 8
        ? Number(view.getBigUint64(at, little))
        : width === 4
          ? view.getUint32(at, little)
          : width === 2
            ? view.getUint16(at, little)
            : view.getUint8(at);
    if (value > 0 && value <= bytes.length) return { at, width, little, value };
  }
  return undefined;
}

function write(bytes, { at, width, little }, value) {
  for (let i = 0; i < width; i++) bytes[at + (little ? i : width - 1 - i)] = Number((value >> BigInt(8 * i)) & 0xffn);
}

/** A number gets a value of the boundary. */
function number(bytes, random) {
  const found = plausible(bytes, random);
  if (found !== undefined) write(bytes, found, pick(random, boundaries(bytes.length, found.at, found.value)));
  return bytes;
}

/** A number becomes the offset of itself or of another place, from the start of the file or from itself. */
function reference(bytes, random) {
  const found = plausible(bytes, random);
  if (found === undefined) return bytes;
  const target = random(2) === 0 ? found.at : place(bytes, random);
  write(bytes, found, BigInt.asUintN(64, BigInt(random(2) === 0 ? target : target - found.at)));
  return bytes;
}

function varintBytes(value) {
  const bytes = [];
  for (let rest = value; ; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    if (rest <= 0x7fn) return Buffer.from(bytes);
  }
}

/** A varint gets another value, and with it another length. */
function varint(bytes, random) {
  const at = place(bytes, random);
  let end = at;
  while (end < bytes.length && end - at < 9 && bytes[end] >= 0x80) end++;
  const value = pick(random, boundaries(bytes.length, at, bytes[at] & 0x7f));
  return Buffer.concat([bytes.subarray(0, at), varintBytes(value), bytes.subarray(Math.min(bytes.length, end + 1))]);
}

/** A part stands there very often. */
function repetition(bytes, random, { most }) {
  const at = place(bytes, random);
  const length = 1 + random(pick(random, [2, 8, 64, 512]));
  const part = bytes.subarray(at, at + length);
  const times = Math.min(1 + random(pick(random, [4, 64, 4096])), Math.floor((most - bytes.length) / part.length));
  if (times < 1) return bytes;
  return Buffer.concat([bytes.subarray(0, at), ...Array.from({ length: times }, () => part), bytes.subarray(at)]);
}

/** A part of another file of the same kind. */
function splice(bytes, random, { other }) {
  const donor = other();
  const at = place(bytes, random);
  const from = random(donor.length);
  const part = donor.subarray(from, from + 1 + random(pick(random, [16, 256, 4096])));
  const rest = bytes.subarray(random(2) === 0 ? at : Math.min(bytes.length, at + part.length));
  return Buffer.concat([bytes.subarray(0, at), part, rest]);
}

const MUTATIONS = [
  number,
  number,
  number,
  reference,
  varint,
  repetition,
  splice,
  (bytes, random) => bytes.subarray(0, random(bytes.length + 1)),
  (bytes, random) => {
    for (let n = 1 + random(8); n > 0; n--) bytes[place(bytes, random)] ^= 1 << random(8);
    return bytes;
  },
  (bytes, random) => {
    const at = place(bytes, random);
    return bytes.fill(pick(random, SIGNS), at, Math.min(bytes.length, at + 1 + random(9)));
  },
  (bytes, random) => bytes.copyWithin(place(bytes, random), place(bytes, random), bytes.length - random(bytes.length)),
  (bytes, random) => Buffer.concat([bytes, Buffer.alloc(random(64), pick(random, SIGNS))]),
];

/** One change, at times up to four; `other` gives the bytes of another seed, the result has at most `most` bytes. */
export function mutateBinary(seed, random, { other, most }) {
  let bytes = Buffer.from(seed);
  for (let n = random(2) === 0 ? 1 : 1 + random(4); n > 0 && bytes.length > 0; n--) {
    bytes = Buffer.from(pick(random, MUTATIONS)(bytes, random, { other, most }));
    if (bytes.length > most) bytes = bytes.subarray(0, most);
  }
  return bytes;
}

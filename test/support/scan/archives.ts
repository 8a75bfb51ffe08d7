/** Archives in memory around a payload: as they are written, and with one thing wrong. */
import { deflateSync, gzipSync } from 'node:zlib';
import { concat, utf8 } from '../builders.js';
import { little, op, pickle, tuple } from '../pickle.js';
import { type ZipEntry, zipFile } from '../zip.js';
import { xzBytes } from './packed.js';
import type { Case } from './pickles.js';

/** The inert payload: it would call `posix.system('echo')`. */
export const PAYLOAD = concat(op.proto(2), op.global('posix', 'system'), tuple('echo'), op.reduce, op.stop);
export const HARMLESS = pickle({ a: [1, 2, 3] });

/** The members of a file of torch. */
export const torchMembers = (data: Uint8Array, folder = 'archive'): readonly ZipEntry[] => [
  { name: `${folder}/data.pkl`, bytes: data },
  { name: `${folder}/byteorder`, bytes: utf8('little') },
  { name: `${folder}/data/0`, bytes: new Uint8Array(4096).map((_, i) => (i * 37) & 0xff) },
  { name: `${folder}/version`, bytes: utf8('3\n') },
];

export const torchFile = (data: Uint8Array): Uint8Array => zipFile(torchMembers(data));

/** A member of a tar archive. */
export function tarFile(members: readonly { readonly name: string; readonly bytes: Uint8Array; readonly type?: string }[]): Uint8Array {
  const parts = members.flatMap(({ name, bytes, type = '0' }) => {
    const header = new Uint8Array(512);
    header.set(utf8(name), 0);
    header.set(utf8('0000644\0'), 100);
    header.set(utf8(`${bytes.length.toString(8).padStart(11, '0')}\0`), 124);
    header.set(utf8('ustar\u000000'), 257);
    header[156] = type.charCodeAt(0);
    header.fill(0x20, 148, 156);
    header.set(
      utf8(
        `${header
          .reduce((sum, byte) => sum + byte, 0)
          .toString(8)
          .padStart(6, '0')}\0 `,
      ),
      148,
    );
    return [header, bytes, new Uint8Array((512 - (bytes.length % 512)) % 512)];
  });
  return concat(...parts, new Uint8Array(1024));
}

/** A NumPy array of objects with a pickle behind its header. */
export function objectsFile(objects: Uint8Array): Uint8Array {
  const text = "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }".padEnd(117);
  return concat(Uint8Array.of(0x93), utf8('NUMPY'), Uint8Array.of(1, 0), little(118, 2), utf8(`${text}\n`), objects);
}

/** The bytes with some of them changed, found from `mark` on. */
function changed(bytes: Uint8Array, mark: Uint8Array, at: number, ...values: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  const found = Buffer.from(copy).indexOf(mark);
  if (found < 0) throw new Error('the mark is not there');
  copy.set(values, found + at);
  return copy;
}

const LOCAL = Uint8Array.of(0x50, 0x4b, 3, 4);
const CENTRAL = Uint8Array.of(0x50, 0x4b, 1, 2);
const END = Uint8Array.of(0x50, 0x4b, 5, 6);

/** Ways to carry a file of bytes, harmless by themselves. */
export const CARRIERS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  'as it is': (bytes) => bytes,
  'stored zip': (bytes) => zipFile([{ name: 'm.pkl', bytes }]),
  'deflated zip': (bytes) => zipFile([{ name: 'm.pkl', bytes, method: 8 }]),
  'zip, another name': (bytes) => zipFile([{ name: 'notes.dat', bytes }]),
  'torch zip': torchFile,
  'torch zip, deflated': (bytes) => zipFile(torchMembers(bytes).map((member) => ({ ...member, method: 8 }))),
  tar: (bytes) => tarFile([{ name: 'm.pkl', bytes }]),
  gzip: (bytes) => new Uint8Array(gzipSync(bytes)),
  zlib: (bytes) => new Uint8Array(deflateSync(bytes)),
  xz: xzBytes,
  npz: (bytes) => zipFile([{ name: 'a.npy', bytes: objectsFile(bytes) }]),
  npy: objectsFile,
};

/** What is done to an archive so that programs see different things in it. */
const TRICKS: Readonly<Record<string, (archive: Uint8Array) => Uint8Array>> = {
  'wrong checksum': (a) => changed(changed(a, CENTRAL, 16, 1, 2, 3, 4), LOCAL, 14, 1, 2, 3, 4),
  'encrypted, says the directory': (a) => changed(a, CENTRAL, 8, 1),
  'encrypted, say both': (a) => changed(changed(a, CENTRAL, 8, 1), LOCAL, 6, 1),
  'patched data, says the directory': (a) => changed(a, CENTRAL, 8, 0x20),
  'strong encryption, says the header': (a) => changed(a, LOCAL, 6, 0x40),
  'another name in the directory': (a) => changed(a, CENTRAL, 46, 0x78),
  'another name in the header': (a) => changed(a, LOCAL, 30, 0x78),
  'unknown method in the directory': (a) => changed(a, CENTRAL, 10, 99),
  'no directory': (a) => a.subarray(0, Buffer.from(a).indexOf(CENTRAL)),
  'an empty directory': (a) => changed(a, END, 8, 0, 0, 0, 0, 0, 0, 0, 0),
  'cut in the directory': (a) => a.subarray(0, Buffer.from(a).indexOf(END) - 3),
  'bytes before it': (a) => concat(utf8('#!/bin/true\n\u0001\u0002'), a),
  'bytes behind it': (a) => concat(a, new Uint8Array(40).fill(7)),
  'a second directory': (a) => concat(a, zipFile([{ name: 'b.txt', bytes: utf8('b') }])),
};

/** Hostile files whose payload lies in something. */
export function* hostileArchives(): Generator<Case> {
  const carriers = Object.entries(CARRIERS);
  for (const [a, outer] of carriers) for (const [b, inner] of carriers) yield { name: `${b} in ${a}`, bytes: outer(inner(PAYLOAD)) };
  for (const [trick, apply] of Object.entries(TRICKS)) {
    yield { name: `stored zip, ${trick}`, bytes: apply(zipFile([{ name: 'm.pkl', bytes: PAYLOAD }])) };
    yield { name: `torch zip, ${trick}`, bytes: apply(torchFile(PAYLOAD)) };
    yield { name: `zip in a zip, ${trick}`, bytes: zipFile([{ name: 'a.pt', bytes: apply(torchFile(PAYLOAD)) }]) };
    for (const [other, then] of Object.entries(TRICKS)) {
      try {
        yield { name: `stored zip, ${trick}, ${other}`, bytes: then(apply(zipFile([{ name: 'm.pkl', bytes: PAYLOAD }]))) };
      } catch {
        // The first trick took away what the second one changes.
      }
    }
  }
  const good = torchFile(HARMLESS);
  const hidden = zipFile([{ name: 'm.pkl', bytes: PAYLOAD }]);
  yield { name: 'a member before the archive', bytes: concat(hidden.subarray(0, Buffer.from(hidden).indexOf(CENTRAL)), good) };
  yield { name: 'a member behind the archive', bytes: concat(good, hidden.subarray(0, Buffer.from(hidden).indexOf(CENTRAL))) };
  yield { name: 'pickle before a zip', bytes: concat(PAYLOAD, good) };
  yield { name: 'pickle behind a zip', bytes: concat(good, PAYLOAD) };
  yield { name: 'zip behind a pickle', bytes: concat(HARMLESS, torchFile(PAYLOAD)) };
  yield { name: 'the same name twice', bytes: zipFile([...torchMembers(HARMLESS), { name: 'archive/data.pkl', bytes: PAYLOAD }]) };
  yield { name: 'in a tensor', bytes: zipFile([...torchMembers(HARMLESS), { name: 'archive/data/1', bytes: PAYLOAD }]) };
  yield {
    name: 'tar of torch',
    bytes: tarFile([...['sys_info', 'storages', 'tensors'].map((name) => ({ name, bytes: HARMLESS })), { name: 'pickle', bytes: PAYLOAD }]),
  };
  yield { name: 'behind a tar', bytes: concat(tarFile([{ name: 'a.pkl', bytes: HARMLESS }]), PAYLOAD) };
  yield { name: 'header of an array that lies', bytes: changed(objectsFile(PAYLOAD), utf8('NUMPY'), 7, 9, 0) };
  yield { name: 'gzip that breaks off', bytes: new Uint8Array(gzipSync(PAYLOAD)).subarray(0, -6) };
  yield { name: 'behind gzip', bytes: concat(new Uint8Array(gzipSync(HARMLESS)), PAYLOAD) };
}

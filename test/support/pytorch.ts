/** Small files of PyTorch in its several forms, built in memory. */
import type { ByteSource } from '../../src/core/byte-source.js';
import { concat, utf8 } from './builders.js';
import { call, little, op, type Plain, pickle, tuple } from './pickle.js';

/** An archive with stored members and the ZIP64 records that PyTorch always writes. */
export function torchZip(members: Readonly<Record<string, Uint8Array | string>>, prefix: Uint8Array = new Uint8Array()): Uint8Array {
  const locals: Uint8Array[] = [];
  const entries: Uint8Array[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(members)) {
    const data = typeof content === 'string' ? utf8(content) : content;
    const sizes = concat(little(0, 4), little(data.byteLength, 4), little(data.byteLength, 4));
    const local = concat(utf8('PK\x03\x04'), little(0, 10), sizes, little(utf8(name).byteLength, 2), little(0, 2), utf8(name), data);
    const central = concat(
      utf8('PK\x01\x02'),
      little(0, 12),
      sizes,
      little(utf8(name).byteLength, 2),
      little(0, 12),
      little(offset, 4),
      utf8(name),
    );
    locals.push(local);
    entries.push(central);
    offset += local.byteLength;
  }
  const directory = concat(...entries);
  const count = entries.length;
  const record = concat(
    utf8('PK\x06\x06'),
    little(44, 8),
    little(0, 12),
    little(count, 8),
    little(count, 8),
    little(directory.byteLength, 8),
    little(offset, 8),
  );
  const locator = concat(utf8('PK\x06\x07'), little(0, 4), little(offset + directory.byteLength, 8), little(1, 4));
  const end = concat(
    utf8('PK\x05\x06'),
    little(0, 4),
    little(count, 2),
    little(count, 2),
    little(directory.byteLength, 4),
    little(offset, 4),
    little(0, 2),
  );
  return concat(prefix, ...locals, directory, record, locator, end);
}

/** `('storage', torch.FloatStorage, key, 'cpu', length)` as a persistent object. */
export const storage = (key: string, length: number, type = 'FloatStorage', ...more: readonly Plain[]): Uint8Array =>
  concat(tuple('storage', op.global('torch', type), key, 'cpu', length, ...more), op.persId);

/** A tensor over a storage. */
export const tensor = (of: Uint8Array, shape: readonly number[], offset = 0): Uint8Array => {
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((product, size) => product * size, 1));
  return call(
    'torch._utils',
    '_rebuild_tensor_v2',
    of,
    offset,
    tuple(...shape),
    tuple(...strides),
    false,
    call('collections', 'OrderedDict'),
  );
};

/** A file as `torch.save` writes it today, with so many bytes for each storage. */
export const torchFile = (
  root: Plain,
  storages: Readonly<Record<string, number>>,
  more: Readonly<Record<string, Uint8Array | string>> = {},
) =>
  torchZip({
    'm/data.pkl': pickle(root),
    'm/byteorder': 'little',
    ...Object.fromEntries(Object.entries(storages).map(([key, bytes]) => [`m/data/${key}`, new Uint8Array(bytes)])),
    'm/version': '3\n',
    ...more,
  });

const MAGIC = Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e);

/** A file as `torch.save` wrote it before 1.6. */
export const legacyFile = (root: Plain, keys: readonly string[], dataBytes: number, protocol = 1001): Uint8Array =>
  concat(MAGIC, pickle(protocol), pickle({ little_endian: true }), pickle(root), pickle(keys), new Uint8Array(dataBytes));

/** A ustar archive. */
export function tarFile(members: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const blocks = Object.entries(members).flatMap(([name, data]) => {
    const header = new Uint8Array(512);
    const put = (at: number, text: string) => header.set(utf8(text), at);
    put(0, name);
    put(100, '0000644\0');
    put(124, `${data.byteLength.toString(8).padStart(11, '0')}\0`);
    put(148, '        ');
    put(156, '0');
    put(257, 'ustar\x0000');
    put(
      148,
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
    );
    return [header, data, new Uint8Array((512 - (data.byteLength % 512)) % 512)];
  });
  return concat(...blocks, new Uint8Array(1024));
}

/** The tar form: one float storage of six values, seen as a matrix. */
export function oldTarFile(axes: readonly number[] = [2, 3]): Uint8Array {
  const strides = axes.map(() => 1);
  return tarFile({
    sys_info: pickle({ protocol_version: 1000 }),
    pickle: pickle({ weight: concat(op.text('7'), op.persId) }),
    tensors: concat(
      pickle(1),
      pickle(tuple('7', '5', op.global('torch', 'FloatTensor'))),
      little(axes.length, 4),
      little(0, 4),
      ...[...axes, ...strides, 0].map((value) => little(value, 8)),
    ),
    storages: concat(pickle(1), pickle(tuple('5', 'cpu', op.global('torch', 'FloatStorage'))), little(6, 8), new Uint8Array(24)),
  });
}

/** A torch file with one storage of so many bytes, most of them a hole, so that its directory needs the wide fields of ZIP64. */
export function hugeTorchFile(root: Plain, storageBytes: number): ByteSource {
  const local = (name: string, data: Uint8Array | undefined): Uint8Array => {
    const sizes = data === undefined ? little(-1, 8) : concat(little(data.byteLength, 4), little(data.byteLength, 4));
    return concat(utf8('PK\x03\x04'), little(0, 14), sizes, little(name.length, 2), little(0, 2), utf8(name), data ?? new Uint8Array());
  };
  const storageStart = local('m/data/0', undefined);
  const after = storageStart.byteLength + storageBytes;
  const data = pickle(root);
  const version = utf8('3\n');
  const members = concat(local('m/data.pkl', data), local('m/version', version));
  const entry = (name: string, offset: number, size: number): Uint8Array =>
    concat(
      utf8('PK\x01\x02'),
      little(0, 16),
      little(-1, 8),
      concat(little(name.length, 2), little(28, 2), little(0, 10), little(-1, 4)),
      utf8(name),
      concat(little(1, 2), little(24, 2), little(size, 8), little(size, 8), little(offset, 8)),
    );
  const second = after + 30 + 'm/data.pkl'.length + data.byteLength;
  const directory = concat(
    entry('m/data/0', 0, storageBytes),
    entry('m/data.pkl', after, data.byteLength),
    entry('m/version', second, version.byteLength),
  );
  const at = after + members.byteLength;
  const counts = concat(little(3, 8), little(3, 8), little(directory.byteLength, 8), little(at, 8));
  const record = concat(utf8('PK\x06\x06'), little(44, 8), little(0, 12), counts);
  const locator = concat(utf8('PK\x06\x07'), little(0, 4), little(at + directory.byteLength, 8), little(1, 4));
  const end = concat(utf8('PK\x05\x06'), little(0, 4), little(-1, 8), little(-1, 4), little(0, 2));
  return withHole(storageStart, storageBytes, concat(members, directory, record, locator, end));
}

/** Bytes, a hole of zeros, bytes. */
function withHole(head: Uint8Array, hole: number, tail: Uint8Array): ByteSource {
  const tailAt = head.byteLength + hole;
  return {
    name: 'm.pt',
    size: tailAt + tail.byteLength,
    read(offset, length) {
      const bytes = new Uint8Array(Math.min(length, tailAt + tail.byteLength - offset));
      if (offset < head.byteLength) bytes.set(head.subarray(offset, offset + bytes.byteLength));
      const from = Math.max(offset, tailAt);
      if (from < offset + bytes.byteLength) bytes.set(tail.subarray(from - tailAt, offset + bytes.byteLength - tailAt), from - offset);
      return Promise.resolve(bytes);
    },
  };
}

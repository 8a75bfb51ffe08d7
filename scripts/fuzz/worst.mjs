// Small files that ask for much: each maker writes about `n` bytes of what costs a reader most, many tiny or empty things, one
// thing that is named very often, or things in things. Measured by test/security/binary-bounds.test.ts, and seeds of the fuzzing.

const encoder = new TextEncoder();
export const utf8 = (text) => encoder.encode(text);

export const concat = (...parts) => joined(parts);

function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}

/** The bytes as often as they fit into `n` bytes. */
export function repeat(bytes, n) {
  const times = Math.max(1, Math.floor(n / bytes.byteLength));
  const all = new Uint8Array(times * bytes.byteLength);
  for (let i = 0; i < times; i++) all.set(bytes, i * bytes.byteLength);
  return all;
}

/** What `make` gives for 0, 1, 2, … until there are `n` bytes. */
export function series(n, make) {
  const parts = [];
  for (let i = 0, size = 0; size < n; i++) {
    const part = make(i);
    parts.push(part);
    size += part.byteLength;
  }
  return joined(parts);
}

export const little = (value, bytes) => Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 2 ** (8 * i)) % 256);

export function varint(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) + 128);
    if (rest < 128) return Uint8Array.from(bytes);
  }
}
/** A protobuf field with a message or text. */
export const message = (number, body = new Uint8Array(0)) => concat(varint(number * 8 + 2), varint(body.byteLength), body);
export const integer = (number, value) => concat(varint(number * 8), varint(value));
const named = (number) => (i) => message(number, message(1, utf8(`k${i}`)));
/** A message in itself, until there are `n` bytes. */
export function nested(number, n) {
  let body = new Uint8Array(0);
  while (body.byteLength < n) body = message(number, body);
  return body;
}

const pickle = (body, ...before) => concat(Uint8Array.of(0x80, 4), ...before, body, utf8('.'));
const op = (...codes) => Uint8Array.from(codes.flatMap((code) => (typeof code === 'string' ? [...utf8(code)] : [code])));
const PICKLES = {
  tuples: (n) => pickle(repeat(op(0x85), n), op('N')),
  pairs: (n) => pickle(repeat(op('2', 0x86), n), op('N')),
  dicts: (n) => pickle(repeat(op('}'), n)),
  'dicts-of-one': (n) => pickle(repeat(op('}NNs'), n)),
  'dicts-of-text': (n) => pickle(repeat(op('}h', 0, 'Ns'), n), op(0x8c, 1, 'a', 0x94)),
  lists: (n) => pickle(repeat(op(']'), n)),
  'lists-of-one': (n) => pickle(repeat(op(']Na'), n)),
  sets: (n) => pickle(repeat(op(0x8f), n)),
  'empty-tuples': (n) => pickle(repeat(op(')'), n)),
  marks: (n) => pickle(repeat(op('('), n)),
  'marked-tuples': (n) => pickle(repeat(op('(t'), n)),
  same: (n) => pickle(repeat(op('2'), n), op('N')),
  memo: (n) => pickle(repeat(op(0x94), n), op('N')),
  'memo-far': (n) =>
    pickle(
      series(n, (i) => op('r', ...little(i * 1009, 4))),
      op('N'),
    ),
  calls: (n) => pickle(repeat(op(')R'), n), op('ca\nb\n')),
  'calls-with-state': (n) => pickle(repeat(op(')R}b'), n), op('ca\nb\n')),
  'calls-as-lists': (n) => pickle(repeat(op(')RNa'), n), op('ca\nb\n')),
  'calls-as-dicts': (n) => pickle(repeat(op(')RNNs'), n), op('ca\nb\n')),
  imports: (n) => pickle(series(n, (i) => op(`ca\n${i}\n`))),
  'imports-of-pairs': (n) =>
    pickle(
      series(n, (i) => op('h', i % 200, 'h', Math.floor(i / 200) % 200, 0x93, '0')),
      ...Array.from({ length: 200 }, (_, i) => op(0x8c, 250, `${i}`.padEnd(250, 'a'), 'q', i, '0')),
    ),
  persistent: (n) => pickle(repeat(op('Q'), n), op('N')),
  extensions: (n) => pickle(repeat(op(0x82, 1), n)),
  buffers: (n) => pickle(repeat(op(0x97), n)),
  bytes: (n) => pickle(repeat(op('C', 0), n)),
  'bytes-of-one': (n) => pickle(repeat(op('C', 1, 'a'), n)),
  texts: (n) => pickle(repeat(op(0x8c, 0), n)),
  'texts-of-one': (n) => pickle(repeat(op(0x8c, 1, 'é'), n)),
  floats: (n) => pickle(repeat(op('G', 0x40, 1, 2, 3, 4, 5, 6, 7), n)),
  longs: (n) => pickle(repeat(op(0x8a, 8, 1, 2, 3, 4, 5, 6, 7, 0x70), n)),
  keys: (n) =>
    pickle(
      op('u'),
      op('}('),
      series(n, (i) => op(0x8c, 6, `${i}`.padStart(6, '0'), 'N')),
    ),
  'keys-of-none': (n) => pickle(op('u'), op('}('), repeat(op('NN'), n)),
  items: (n) => pickle(op('e'), op(']('), repeat(op('N'), n)),
  pickles: (n) => concat(pickle(op('N')), repeat(pickle(op('N')), n)),
  unset: (n) => pickle(repeat(op('h', 1), n)),
};

const onnx = (body, graph = new Uint8Array(0)) =>
  concat(
    integer(1, 8),
    message(2, utf8('x')),
    message(7, concat(message(1, message(4, utf8('A'))), graph)),
    message(8, integer(2, 17)),
    body,
  );
const none = new Uint8Array(0);
const ONNX = {
  tensors: (n) => onnx(none, repeat(message(5), n)),
  'tensor-axes': (n) => onnx(none, repeat(message(5, repeat(integer(1, 1), 100)), n)),
  inputs: (n) => onnx(none, repeat(message(11), n)),
  outputs: (n) => onnx(none, repeat(message(12), n)),
  'input-axes': (n) => onnx(none, message(11, message(2, message(1, message(2, repeat(message(1), n)))))),
  nodes: (n) => onnx(none, repeat(message(1), n)),
  operators: (n) =>
    onnx(
      none,
      series(n, (i) => message(1, message(4, utf8(`${i}`)))),
    ),
  domains: (n) =>
    onnx(
      none,
      series(n, (i) => message(1, message(7, utf8(`${i}`)))),
    ),
  annotations: (n) =>
    onnx(
      none,
      series(n, (i) => message(14, message(2, message(2, utf8(`${i}`))))),
    ),
  attributes: (n) => onnx(none, message(1, repeat(message(5), n))),
  'node-attributes': (n) =>
    onnx(
      none,
      message(
        1,
        series(n, (i) => message(5, concat(message(1, utf8(`${i}`)), integer(3, 1)))),
      ),
    ),
  constants: (n) => onnx(none, repeat(message(1, message(5, message(5))), n)),
  graphs: (n) => onnx(none, message(1, message(5, nested(6, Math.min(n, 400))))),
  external: (n) => onnx(none, message(5, repeat(message(13), n))),
  'external-tensors': (n) =>
    onnx(none, repeat(message(5, concat(integer(14, 1), message(13, concat(message(1, utf8('location')), message(2, utf8('a')))))), n)),
  functions: (n) => onnx(series(n, named(25))),
  'function-domains': (n) => onnx(series(n, (i) => message(25, message(10, utf8(`${i}`))))),
  opsets: (n) => onnx(series(n, (i) => message(8, concat(message(1, utf8(`${i}`)), integer(2, 1))))),
  versions: (n) => onnx(series(n, (i) => message(8, integer(2, i)))),
  metadata: (n) => onnx(series(n, (i) => message(14, concat(message(1, utf8(`${i}`)), message(2, utf8('v')))))),
  training: (n) => onnx(repeat(message(20), n)),
};

const saved = (meta) => concat(integer(1, 1), message(2, message(1, message(4, utf8('serve')))), message(2, meta));
const SAVED = {
  graphs: (n) => concat(integer(1, 1), message(2, message(1, message(4, utf8('serve')))), repeat(message(2), n)),
  'graphs-with-tags': (n) => concat(integer(1, 1), repeat(message(2, message(1, message(4, utf8('serve')))), n)),
  tags: (n) => saved(message(1, repeat(message(4), n))),
  signatures: (n) => saved(repeat(message(5, message(2)), n)),
  inputs: (n) => saved(message(5, message(2, repeat(message(1, message(2)), n)))),
  assets: (n) => saved(repeat(message(6, message(2)), n)),
  registered: (n) =>
    saved(
      message(
        7,
        series(n, (i) => message(1, message(13, utf8(`${i}`)))),
      ),
    ),
  objects: (n) => saved(message(7, repeat(message(1, message(4, message(3, utf8('{}')))), n))),
  nodes: (n) => saved(message(2, repeat(message(1), n))),
  operators: (n) =>
    saved(
      message(
        2,
        series(n, (i) => message(1, message(2, utf8(`${i}`)))),
      ),
    ),
  constants: (n) =>
    saved(
      message(
        2,
        repeat(message(1, concat(message(2, utf8('Const')), message(5, concat(message(1, utf8('value')), message(2, message(8)))))), n),
      ),
    ),
  library: (n) => saved(message(2, message(2, repeat(message(1), n)))),
  versions: (n) => saved(message(2, repeat(message(4), n))),
};

const gguf = (count, body, tensors = 0) => concat(utf8('GGUF'), little(3, 4), little(tensors, 8), little(count, 8), body);
const text = (value) => concat(little(value.length, 8), utf8(value));
const GGUF = {
  values: (n) =>
    gguf(
      Math.floor(n / 21),
      series(n, (i) => concat(text(`${i}`.padStart(8, 'k')), little(0, 4), little(1, 1))).subarray(0, Math.floor(n / 21) * 21),
    ),
  arrays: (n) =>
    gguf(
      Math.floor(n / 32),
      series(n, (i) => concat(text(`${i}`.padStart(8, 'k')), little(9, 4), little(0, 4), little(0, 8))).subarray(
        0,
        Math.floor(n / 32) * 32,
      ),
    ),
  texts: (n) => gguf(1, concat(text('k'), little(9, 4), little(8, 4), little(Math.floor(n / 8), 8), new Uint8Array(Math.floor(n / 8) * 8))),
  nested: (n) => gguf(1, concat(text('k'), little(9, 4), repeat(concat(little(9, 4), little(1, 8)), n))),
  wide: (n) =>
    gguf(1, concat(text('k'), little(9, 4), little(9, 4), little(Math.floor(n / 12), 8), repeat(concat(little(0, 4), little(0, 8)), n))),
  tensors: (n) =>
    gguf(
      0,
      series(n, (i) => concat(text(`${i}`.padStart(8, 't')), little(0, 4), little(0, 4), little(0, 8))).subarray(
        0,
        Math.floor(n / 32) * 32,
      ),
      Math.floor(n / 32),
    ),
};

const safetensors = (header) => {
  const bytes = utf8(header);
  return concat(little(bytes.byteLength, 8), bytes);
};
const members = (n, make) => {
  const parts = [];
  for (let i = 0, size = 0; size < n; i++) {
    parts.push(make(i));
    size += parts[i].length + 1;
  }
  return parts.join();
};
const SAFETENSORS = {
  tensors: (n) => safetensors(`{${members(n, (i) => `"${i}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`)}}`),
  axes: (n) => safetensors(`{"a":{"dtype":"U8","shape":[${members(n, () => '0')}],"data_offsets":[0,0]}}`),
  metadata: (n) => safetensors(`{"__metadata__":{${members(n, (i) => `"${i}":""`)}},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}`),
  escapes: (n) => safetensors(`{"__metadata__":{"a":"${'\\u0001'.repeat(n / 6)}"},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}`),
};

const key = (name) => concat(utf8('L'), Uint8Array.from(little(name.length, 8)).reverse(), utf8(name));
const ubj = (body) => concat(utf8('{'), key('learner'), body, utf8('}'));
const UBJ = {
  arrays: (n) => ubj(concat(utf8('{'), key('a'), utf8('['), repeat(utf8('[]'), n), utf8(']}'))),
  nested: (n) => ubj(concat(utf8('{'), key('a'), repeat(utf8('['), n), utf8('}'))),
  nulls: (n) => ubj(concat(utf8('{'), key('a'), utf8('['), repeat(utf8('Z'), n), utf8(']}'))),
  keys: (n) =>
    ubj(
      concat(
        utf8('{'),
        series(n, (i) => concat(key(`${i}`), utf8('Z'))),
        utf8('}'),
      ),
    ),
  attributes: (n) =>
    ubj(
      concat(
        utf8('{'),
        key('attributes'),
        utf8('{'),
        series(n, (i) => concat(key(`${i}`), utf8('S'), key('v'))),
        utf8('}}'),
      ),
    ),
  trees: (n) =>
    ubj(
      concat(
        utf8('{'),
        key('gradient_booster'),
        utf8('{'),
        key('model'),
        utf8('{'),
        key('trees'),
        utf8('['),
        repeat(utf8('{}'), n),
        utf8(']}}}'),
      ),
    ),
};

/** A flatbuffer whose root has one vector, at slot `field`, of `n` / 4 offsets to one and the same table. */
function flat(identifier, field, n, inner = concat(little(4, 2), little(4, 2))) {
  const count = Math.floor(n / 4);
  const slots = field + 1;
  const vtable = concat(little(4 + 2 * slots, 2), little(8, 2), new Uint8Array(2 * field), little(4, 2));
  const root = 8 + vtable.byteLength + (vtable.byteLength % 4);
  const vector = root + 8;
  const bytes = new Uint8Array(vector + 4 + 4 * count + inner.byteLength + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, root, true);
  bytes.set(utf8(identifier), 4);
  bytes.set(vtable, 8);
  view.setInt32(root, root - 8, true);
  view.setUint32(root + 4, vector - (root + 4), true);
  view.setUint32(vector, count, true);
  const table = vector + 4 + 4 * count + inner.byteLength;
  bytes.set(inner, table - inner.byteLength);
  view.setInt32(table, inner.byteLength, true);
  for (let i = 0; i < count; i++) view.setUint32(vector + 4 + 4 * i, table - (vector + 4 + 4 * i), true);
  return bytes;
}

const NUMPY = {
  shape: (n) => npy(`{'descr': '<f4', 'fortran_order': False, 'shape': (${members(Math.min(n, 60_000), () => '0')}), }`),
  fields: (n) => npy(`{'descr': [${members(Math.min(n, 60_000), (i) => `('${i}', '<f4')`)}], 'fortran_order': False, 'shape': (0,), }`),
  parens: (n) => npy(`{'descr': ${'['.repeat(Math.min(n, 60_000))}`),
};
function npy(header) {
  const bytes = utf8(`${header}\n`);
  return concat(Uint8Array.of(0x93), utf8('NUMPY'), Uint8Array.of(2, 0), little(bytes.byteLength, 4), bytes);
}

/** A zip archive without compression. */
export function zip(members) {
  const locals = [];
  const listing = [];
  let at = 0;
  for (const [name, body] of members) {
    const bytes = utf8(name);
    const sizes = concat(little(body.byteLength, 4), little(body.byteLength, 4));
    locals.push(concat(little(0x04034b50, 4), new Uint8Array(14), sizes, little(bytes.byteLength, 2), little(0, 2), bytes, body));
    listing.push(
      concat(little(0x02014b50, 4), new Uint8Array(16), sizes, little(bytes.byteLength, 2), new Uint8Array(12), little(at, 4), bytes),
    );
    at += 30 + bytes.byteLength + body.byteLength;
  }
  const directory = concat(...listing);
  const count = Math.min(listing.length, 0xffff);
  return concat(...locals, directory, zipEnd(listing.length, at, directory.byteLength, count));
}
const zipEnd = (count, at, size, short) => {
  const record = concat(
    little(0x06064b50, 4),
    little(44, 8),
    little(45, 2),
    little(45, 2),
    new Uint8Array(8),
    little(count, 8),
    little(count, 8),
    little(size, 8),
    little(at, 8),
  );
  const locator = concat(little(0x07064b50, 4), little(0, 4), little(at + size, 8), little(1, 4));
  return concat(
    record,
    locator,
    little(0x06054b50, 4),
    new Uint8Array(4),
    little(short, 2),
    little(short, 2),
    little(0xffffffff, 4),
    little(0xffffffff, 4),
    little(0, 2),
  );
};
const times = (n, each) => Array.from({ length: Math.max(1, Math.floor(n / each)) }, (_, i) => i);
const ZIPS = {
  'members.zip': (n) => zip(times(n, 100).map((i) => [`m${i}`, none])),
  'arrays.npz': (n) => zip(times(n, 240).map((i) => [`a${i}.npy`, npy("{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }")])),
  'pickle.pt': (n) =>
    zip([
      ['m/data.pkl', PICKLES.dicts(n)],
      ['m/version', utf8('3\n')],
    ]),
  'tensors.pt': (n) =>
    zip([
      ['m/data.pkl', PICKLES['calls-with-state'](n)],
      ['m/version', utf8('3\n')],
    ]),
  'config.keras': (n) =>
    zip([
      ['metadata.json', utf8('{"keras_version":"3.0"}')],
      ['config.json', utf8(`{"class_name":"Sequential","config":{"layers":[${members(n, () => '{}')}]}}`)],
      ['model.weights.h5', utf8('x')],
    ]),
  'schema.skops': (n) =>
    zip([
      ['schema.json', utf8(`{"__class__":"list","__module__":"builtins","__loader__":"ListNode","content":[${members(n, () => '{}')}]}`)],
    ]),
};

const TEXTS = {
  'model.txt': (n) =>
    utf8(
      `tree\nversion=v4\nnum_class=1\nmax_feature_idx=1\nfeature_names=${members(n, (i) => `${i}`).replaceAll(',', ' ')}\n\nTree=0\nend of trees\n`,
    ),
  'trees.txt': (n) =>
    utf8(`tree\nversion=v4\nnum_class=1\nmax_feature_idx=1\n\n${'Tree=0\nnum_leaves=1\n\n'.repeat(n / 22)}end of trees\n`),
  'lines.txt': (n) => utf8(`tree\nversion=v4\n${'a=1\n'.repeat(n / 4)}\nTree=0\nend of trees\n`),
  'tokenizer.json': (n) =>
    utf8(
      `{"version":"1.0","truncation":null,"added_tokens":[${members(n / 2, (i) => `{"id":${i},"content":""}`)}],"model":{"type":"BPE","vocab":{${members(n / 2, (i) => `"${i}":${i}`)}},"merges":[]}}`,
    ),
  'tfjs.json': (n) =>
    utf8(
      `{"format":"layers-model","modelTopology":{},"weightsManifest":[{"paths":["a"],"weights":[${members(n, () => '{"name":"a","shape":[],"dtype":"bool"}')}]}]}`,
    ),
  'xgboost.json': (n) =>
    utf8(
      `{"learner":{"attributes":{},"feature_names":[${members(n, () => '""')}],"gradient_booster":{"name":"gbtree","model":{"trees":[]}},"learner_model_param":{},"objective":{"name":"a"}},"version":[2,0,0]}`,
    ),
};

const sentencepiece = (body) => concat(message(1, concat(message(1, utf8('a')), new Uint8Array(0))), body);
const OTHER = {
  'sentencepiece-pieces': ['m.model', (n) => sentencepiece(repeat(message(1, message(1, utf8('a'))), n))],
  'sentencepiece-trainer': ['m.model', (n) => concat(repeat(message(1, message(1, utf8('a'))), 100), message(2, repeat(message(1), n)))],
  'coreml-layers': [
    'm.mlmodel',
    (n) => concat(integer(1, 4), message(2, message(1, message(1, utf8('a')))), message(500, repeat(message(1), n))),
  ],
  'coreml-inputs': ['m.mlmodel', (n) => concat(integer(1, 4), message(2, repeat(message(1), n)), message(500))],
  'coreml-metadata': [
    'm.mlmodel',
    (n) =>
      concat(
        integer(1, 4),
        message(
          2,
          concat(
            message(1, message(1, utf8('a'))),
            message(
              100,
              series(n, (i) => message(100, concat(message(1, utf8(`${i}`)), message(2, utf8('v'))))),
            ),
          ),
        ),
        message(500),
      ),
  ],
  'coreml-pipeline': [
    'm.mlmodel',
    (n) => concat(integer(1, 4), message(2, message(1, message(1, utf8('a')))), message(202, repeat(message(1), n))),
  ],
  'graphdef-nodes': [
    'm.pb',
    (n) => concat(repeat(message(1, concat(message(1, utf8('a')), message(2, utf8('Const')))), n), message(4, integer(1, 27))),
  ],
  'graphdef-operators': [
    'm.pb',
    (n) =>
      concat(
        series(n, (i) => message(1, concat(message(1, utf8('a')), message(2, utf8(`O${i}`))))),
        message(4, integer(1, 27)),
      ),
  ],
  'tflite-buffers': ['m.tflite', (n) => flat('TFL3', 4, n)],
  'tflite-subgraphs': ['m.tflite', (n) => flat('TFL3', 2, n)],
  'tflite-operators': ['m.tflite', (n) => flat('TFL3', 1, n)],
  'tflite-metadata': ['m.tflite', (n) => flat('TFL3', 6, n)],
  'tflite-signatures': ['m.tflite', (n) => flat('TFL3', 7, n)],
  'executorch-plans': ['m.pte', (n) => flat('ET12', 1, n)],
  'executorch-buffers': ['m.pte', (n) => flat('ET12', 2, n)],
  'executorch-segments': ['m.pte', (n) => flat('ET12', 4, n)],
  'flat-tensors': ['m.ptd', (n) => flat('FT01', 2, n)],
  'savedmodel-fingerprint': ['fingerprint.pb', (n) => concat(...[1, 2, 3, 4].map((i) => integer(i, 2 ** 52)), repeat(integer(1, 1), n))],
  'keras-metadata': [
    'keras_metadata.pb',
    (n) =>
      repeat(message(1, concat(integer(2, 1), message(3, utf8('root')), message(4, utf8('_tf_keras_model')), message(5, utf8('{}')))), n),
  ],
};

const within = (family, name, makers) => Object.entries(makers).map(([id, make]) => ({ id: `${family}-${id}`, name, make }));

/** All makers: an id, a name for the file, and what makes its bytes. */
export const WORST = [
  ...within('pickle', 'm.pkl', PICKLES),
  ...within('onnx', 'm.onnx', ONNX),
  ...within('savedmodel', 'saved_model.pb', SAVED),
  ...within('gguf', 'm.gguf', GGUF),
  ...within('safetensors', 'm.safetensors', SAFETENSORS),
  ...within('ubj', 'm.ubj', UBJ),
  ...within('numpy', 'm.npy', NUMPY),
  ...Object.entries(ZIPS).map(([id, make]) => ({ id: `zip-${id}`, name: id, make })),
  ...Object.entries(TEXTS).map(([id, make]) => ({
    id: `text-${id}`,
    name: id === 'tfjs.json' ? 'model.json' : id === 'xgboost.json' ? 'm.json' : id,
    make,
  })),
  ...Object.entries(OTHER).map(([id, [name, make]]) => ({ id, name, make })),
];

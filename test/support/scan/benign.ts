/** Pickles as libraries write them, by recipe. */
import { concat, utf8 } from '../builders.js';
import { dtype, objectArray, wrapped } from '../joblib.js';
import { call, instance, op, type Plain, pickle, tuple } from '../pickle.js';
import type { Case } from './pickles.js';
import { GAPS, TEXTS } from './pickles.js';

const ordered = call('collections', 'OrderedDict');
const ENDINGS = ['pickle'] as const;

/** A tensor as torch.save writes it. */
export function tensor(key: string, elements: number, storage = 'FloatStorage'): Uint8Array {
  const id = concat(tuple('storage', op.global('torch', storage), key, 'cpu', elements), op.persId);
  return call('torch._utils', '_rebuild_tensor_v2', id, 0, tuple(elements), tuple(1), false, ordered);
}

/** A NumPy array as pickle writes it below protocol 5. */
const array = (core: string, code: string): Uint8Array =>
  concat(
    call(`numpy.${core}.multiarray`, '_reconstruct', op.global('numpy', 'ndarray'), tuple(0), op.shortBytes(utf8('b'))),
    tuple(1, tuple(3), dtype(code), false, op.bytes(new Uint8Array(24))),
    op.build,
  );

/** An array in protocols 0 to 2, whose bytes are a text that is encoded again. */
const oldArray = concat(
  call('numpy.core.multiarray', '_reconstruct', op.global('numpy', 'ndarray'), tuple(0), call('_codecs', 'encode', 'b', 'latin1')),
  tuple(1, tuple(2), dtype('f8'), false, call('_codecs', 'encode', '\u0000ÿ\u0080', 'latin1')),
  op.build,
);

/** An archive without members. */
const emptyZip = concat(utf8('PK'), Uint8Array.of(5, 6), new Uint8Array(18));

const VALUES: Readonly<Record<string, Plain>> = {
  'a state dict': concat(ordered, op.mark, op.text('weight'), tensor('0', 4), op.text('bias'), tensor('1', 2), op.setItems),
  'a parameter': call('torch._utils', '_rebuild_parameter', tensor('0', 4), true, ordered),
  'a module': instance('torch.nn.modules.linear', 'Linear', {
    training: true,
    weight: call('torch._utils', '_rebuild_parameter', tensor('0', 4), true, ordered),
  }),
  'a device': call('torch', 'device', 'cpu'),
  'a size': call('torch', 'Size', tuple(1, 2)),
  'an array': array('core', 'f8'),
  'an array of NumPy 2': array('_core', 'f8'),
  'an old array': oldArray,
  'a scalar': call('numpy.core.multiarray', 'scalar', dtype('f8'), op.shortBytes(new Uint8Array(8))),
  'a generator': call('numpy.random._pickle', '__randomstate_ctor', 'MT19937'),
  'an estimator': instance('sklearn.linear_model._logistic', 'LogisticRegression', {
    C: 1.0,
    coef_: array('core', 'f8'),
    classes_: array('core', 'i8'),
  }),
  'an old estimator': concat(
    call('copy_reg', '_reconstructor', op.global('sklearn.tree.tree', 'DecisionTreeClassifier'), op.global('__builtin__', 'object'), null),
    op.emptyDict,
    op.build,
  ),
  'a tree': call('sklearn.tree._tree', 'Tree', 4, array('core', 'i8'), 1),
  'a defaultdict': concat(call('collections', 'defaultdict', op.global('builtins', 'list')), op.text('a'), op.emptyList, op.setItem),
  'an old ordered dict': call('collections', 'OrderedDict', [['a', 1]]),
  'a set': call('builtins', 'set', [1, 2]),
  'a frozenset': concat(op.mark, op.text('a'), op.frozenSet),
  'a date': call('datetime', 'datetime', op.shortBytes(Uint8Array.of(7, 0xe8, 1, 1, 0, 0, 0, 0, 0, 0))),
  'a decimal': call('decimal', 'Decimal', '1.5'),
  'a path': call('pathlib', 'PosixPath', '/', 'tmp', 'model'),
  'a namespace': instance('argparse', 'Namespace', { lr: 0.1, name: 'run' }),
  'arguments of a run': instance('transformers.training_args', 'TrainingArguments', { output_dir: 'out', seed: 42 }),
  'a pattern': call('re', '_compile', 'a+', 32),
  'a slice': call('builtins', 'slice', 1, 2, null),
  'an exception': call('builtins', 'ValueError', 'no'),
  'a member of an enumeration': call('builtins', 'getattr', op.global('transformers.trainer_utils', 'SchedulerType'), 'LINEAR'),
  'a logger': call('logging', 'getLogger', 'app'),
  'a partial': call('functools', 'partial', op.global('numpy', 'mean')),
  'a model of Keras': call('keras.src.models.sequential', 'Sequential._unpickle_model', call('_io', 'BytesIO', op.bytes(emptyZip))),
  'a function of tensors': op.global('torch._C', '_nn.gelu'),
  'a density': instance('scipy.stats._kde', 'gaussian_kde', { d: 1 }),
  'a union of types': call(
    'functools',
    'reduce',
    op.global('operator', 'or_'),
    tuple(op.global('builtins', 'int'), op.global('builtins', 'str')),
  ),
  'a bytearray': call('builtins', 'bytearray', op.shortBytes(utf8('abc'))),
  'a type': call('builtins', 'type', null),
  'a complex': call('builtins', 'complex', 1.5, 2.5),
  numbers: [1, 2.5, -3, true, null, 70_000],
  'texts that look odd': ['os.system', 'import os', 'eval(1)', 'posix\nsystem', 'https://host/path', 'gAAAAABf', '<script>'],
  'nested containers': { a: [{ b: [1, [2, [3]]] }], c: { d: {} } },
};

/** Well-formed and harmless pickles. */
export function* benignPickles(): Generator<Case> {
  for (const [name, value] of Object.entries(VALUES))
    for (let protocol = 2; protocol <= 5; protocol++)
      for (const _ of ENDINGS) {
        yield { name: `${name}, protocol ${protocol}`, bytes: pickle(value, protocol) };
        yield { name: `${name} in a dict, protocol ${protocol}`, bytes: pickle({ key: value, other: 'x' }, protocol) };
        yield { name: `${name} twice, protocol ${protocol}`, bytes: concat(pickle(value, protocol), pickle([value], protocol)) };
      }
  for (const [a, first] of Object.entries(TEXTS))
    for (const [b, gap] of Object.entries(GAPS))
      yield {
        name: `${a}, ${b}`,
        bytes: concat(op.proto(4), first('collections'), gap, first('OrderedDict'), gap, op.stackGlobal, op.emptyTuple, op.reduce, op.stop),
      };
  for (const code of ['f8', 'f4', 'i8', 'b1', 'U3'])
    for (const padding of [undefined, 0, 7]) {
      const bytes = { f8: 8, f4: 4, i8: 8, b1: 1, U3: 12 }[code] ?? 0;
      const one = wrapped({ code, shape: [2, 3], data: new Uint8Array(6 * bytes).fill(0x2e), padding });
      yield { name: `joblib ${code}, padding ${padding}`, bytes: pickle({ a: one, b: one, c: 'x' }, 3) };
    }
  yield {
    name: 'joblib objects',
    bytes: pickle({ a: wrapped({ code: 'O8', flags: 63, order: '|', shape: [2], data: objectArray('a', 'b') }), b: 1 }, 4),
  };
}

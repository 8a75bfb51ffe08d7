/** States that run code: by methods that an earlier state put there, by texts that a class runs, by functions that are called later. */
import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '../support/builders.js';
import { call, little, op, pickle, value } from '../support/pickle.js';
import { scanBytes } from '../support/scan/scan.js';

type Part = Uint8Array;
const dict = (...pairs: readonly (readonly [Part, Part])[]): Part =>
  concat(op.emptyDict, ...pairs.map(([key, content]) => concat(key, content, op.setItem)));
const instance = (module: string, name: string): Part => concat(op.global(module, name), op.emptyTuple, op.newObj);
const built = (object: Part, state: Part): Part => concat(object, state, op.build);
const text = (content: string): Part => op.text(content);
const rules = async (part: Part) => (await scanBytes(pickle(part))).findings.map(({ rule }) => rule);

const shapes = (args: string, body = args): string =>
  [
    ['', '', `(${body} ), loc, scale`],
    ['_rvs', ', size=None', `self._argcheck_rvs(${body} loc, scale, size=size)`],
    ['_stats', ", moments='mv'", `(${body} ), loc, scale, moments`],
  ]
    .map(([name, more, result]) => `def _parse_args${name}(self, ${args} loc=0, scale=1${more}):\n    return ${result}\n`)
    .join('\n');
const NORM = ['scipy.stats._continuous_distns', 'norm_gen'] as const;
const template = (content: Part): Part => dict([text('_parse_arg_template'), content]);
const padded = (content: string): Part =>
  dict(...Array.from({ length: 40 }, (_, i) => [text(`k${i}`), value(i)] as const), [text('_parse_arg_template'), text(content)]);
const formula = (content: string): Part => dict([text('restore_design_info'), value(true)], [text('formula'), text(content)]);
const EVIL = `print(1)\n${shapes('')}`;

describe('states of objects that run a part of them', () => {
  it('are clean as their libraries write them', async () => {
    for (const args of ['', 'a,', 'dfn, dfd, nc,']) expect(await rules(built(instance(...NORM), padded(shapes(args)))), args).toEqual([]);
    for (const content of ['y ~ x', "y ~ np.log(x) + C(g, Treatment(reference='a')) + I(x ** 2) - 1", 'y ~ bs(x, df=4)'])
      expect(await rules(built(instance('statsmodels.base.data', 'PandasData'), formula(content))), content).toEqual([]);
  });

  const reconstructed = call('copyreg', '_reconstructor', op.global(...NORM), op.global('builtins', 'object'), null);
  it.each<[string, Part]>([
    ['a template with another line', built(instance(...NORM), template(text(EVIL)))],
    ['a template behind many others', built(instance(...NORM), padded(EVIL))],
    ['a default value that is a call', built(instance(...NORM), template(text(shapes('a=print(1),'))))],
    ['a body that calls', built(instance(...NORM), template(text(shapes('', 'print(1),'))))],
    ['a template that is computed', built(instance(...NORM), template(call('builtins', 'str', text('x'))))],
    ['a state that is computed', built(instance(...NORM), call('builtins', 'dict', template(text(EVIL))))],
    ['a dict of one opcode', built(instance(...NORM), concat(op.mark, text('_parse_arg_template'), text(EVIL), op.dict))],
    ['a class that is rebuilt', built(reconstructed, template(text(EVIL)))],
    ['a formula that opens a file', built(instance('statsmodels.base.data', 'PandasData'), formula("y ~ open('x')"))],
    ['a formula with a method', built(instance('statsmodels.base.data', 'ModelData'), formula("y ~ x.to_csv('x')"))],
    ['a formula that calls what it computes', built(instance('statsmodels.base.data', 'ModelData'), formula("y ~ I(x)['a']('b')"))],
    [
      'a formula with letters of another width',
      built(instance('statsmodels.base.data', 'ModelData'), formula('y ~ \uff4f\uff50\uff45\uff4e(x)')),
    ],
    ['a formula with inner names', built(instance('statsmodels.base.data', 'ModelData'), formula('y ~ x.__class__'))],
    ['the name of the method', built(instance('argparse', 'Namespace'), dict([text('__setstate__'), op.global('builtins', 'print')]))],
    ['the name of the method in an old text', concat(op.line('S', "'__setstate__'"))],
  ])('%s is malicious', async (_, part) => {
    expect(await scanBytes(pickle(part))).toMatchObject({ verdict: 'malicious', findings: [{ rule: 'pickle-state-code' }] });
  });
  it('are told when the key lies far before its value', async () => {
    const big = concat(Uint8Array.of(0x42), little(3_000_000, 4), new Uint8Array(3_000_000));
    const state = concat(op.emptyDict, op.mark, text('_parse_arg_template'), big, op.pop, text(EVIL), op.setItems);
    expect(await rules(built(instance(...NORM), state))).toEqual(['pickle-state-code']);
  });
});

describe('a second state', () => {
  const state = dict([text('a'), value(1)]);
  it('is suspicious, and so are items after the first', async () => {
    expect(await rules(built(built(instance('argparse', 'Namespace'), state), state))).toEqual(['pickle-foreign-change']);
    const list = built(instance('collections', 'deque'), state);
    expect(await rules(concat(list, value(1), op.append))).toEqual(['pickle-foreign-change']);
    const made = call(
      'torch._tensor',
      '_rebuild_from_type_v2',
      op.global('torch._utils', '_rebuild_parameter'),
      op.global('torch', 'Tensor'),
      null,
      null,
    );
    expect(await rules(built(made, state))).toContain('pickle-foreign-change');
  });
  it('is none when it is that of another object', async () => {
    const two = concat(op.mark, built(instance('argparse', 'Namespace'), state), built(instance('argparse', 'Namespace'), state), op.tuple);
    expect(await rules(two)).toEqual([]);
  });
});

describe('functions that are called later', () => {
  const partial = (...args: readonly Part[]): Part => concat(op.global('functools', 'partial'), op.mark, ...args, op.tuple, op.reduce);
  it.each<[string, Part]>([
    ['a partial import of a module', partial(op.global('numpy.core', '_ufunc_reconstruct'), text('antigravity'), text('x'))],
    ['a partial attribute', partial(op.global('builtins', 'getattr'), op.global('collections', 'OrderedDict'), text('__init__'))],
    ['a partial class', partial(op.global('builtins', 'type'), text('A'), op.emptyTuple, op.emptyDict)],
  ])('%s is malicious', async (_, part) => expect(await scanBytes(pickle(part))).toMatchObject({ verdict: 'malicious' }));
  it('are clean when they only compute', async () => {
    expect(await rules(partial(op.global('numpy', 'mean'), value(0)))).toEqual([]);
  });
  it('are told when an iterator calls them', async () => {
    expect(await rules(call('builtins', 'iter', partial(op.global('numpy', 'mean')), value(0)))).toEqual(['pickle-argument']);
    expect(await rules(call('builtins', 'iter', [1, 2]))).toEqual([]);
  });
  it('belong to the library that rebuilds by them', async () => {
    const rebuilt = call(
      'torch._tensor',
      '_rebuild_from_type_v2',
      op.global(...NORM),
      op.global(...NORM),
      op.emptyTuple,
      template(text(EVIL)),
    );
    const made = call('dill._dill', '_create_array', op.global(...NORM), op.emptyTuple, template(text(EVIL)), null);
    for (const part of [rebuilt, made]) expect(await scanBytes(pickle(part))).toMatchObject({ verdict: 'malicious' });
  });
});

describe('texts that are decoded', () => {
  it('hide nothing behind an encoding', async () => {
    const bytes = concat(Uint8Array.of(0x43, 2), utf8('+A'));
    expect(await rules(call('builtins', 'str', bytes, 'utf-7'))).toEqual(['pickle-argument']);
    expect(await rules(call('builtins', 'str', call('_codecs', 'encode', 'a', 'utf-16'), 'utf-16'))).toEqual(['pickle-argument']);
    expect(await rules(call('builtins', 'str', bytes, 'ascii'))).toEqual([]);
  });
});

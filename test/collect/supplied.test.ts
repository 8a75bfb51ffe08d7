import { describe, expect, it } from 'vitest';
import { suppliedPart, suppliedValue } from '../../src/collect/supplied.js';
import type { JsonValue } from '../../src/core/canonical-json.js';
import { MsbomError } from '../../src/core/error.js';

const from = { name: '--set', method: 'command line' };
const set = (place: string, value: JsonValue) => suppliedValue(place, value, from).map(({ pointer, value: each }) => [pointer, each]);
const overlay = (part: JsonValue) => suppliedPart(part, from).map(({ pointer, value }) => [pointer, value]);
const refused = (step: () => unknown): { message: string; hint?: string | undefined; pointer?: string | undefined } => {
  try {
    step();
  } catch (error) {
    if (MsbomError.is(error, 'ERR_MANIFEST_VALUE')) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('a value at a place', () => {
  it('is a claim of the caller', () => {
    expect(suppliedValue('model.version', '2', from)).toEqual([
      {
        pointer: '/model/version',
        value: '2',
        from: { origin: 'supplied', rank: 0, name: '--set', method: 'command line', key: 'model.version' },
      },
    ]);
  });
  it.each([
    ['/model/version', 1.2, [['/model/version', '1.2']]],
    ['model.remoteCode', true, [['/model/remoteCode', true]]],
    ['model.tags', ['a', 3], [['/model/tags', ['a', '3']]]],
    ['model.contextLength', 4096, [['/model/contextLength', 4096]]],
    ['model.training.hyperparameters.optim.lr', 0.1, [['/model/training/hyperparameters/optim/lr', 0.1]]],
    ['/artifacts/onnx~1model.onnx/role', 'weights', [['/artifacts/onnx~1model.onnx/role', 'weights']]],
    [
      'datasets.mnist',
      { name: 5, original: true },
      [
        ['/datasets/mnist/name', '5'],
        ['/datasets/mnist/original', true],
      ],
    ],
    ['model.digest.root.x-own', 'ab', [['/model/digest/root/x-own', 'ab']]],
    ['dependencies.model.edges.depends-on', ['torch'], [['/dependencies/model/edges/depends-on', ['torch']]]],
    ['model.licenses', [{ expression: 'MIT', note: 1 }], [['/model/licenses', [{ expression: 'MIT', note: '1' }]]]],
    ['extensions', { 'org.example.x': {} }, [['/extensions/org.example.x', {}]]],
  ] as [string, JsonValue, unknown][])('%s', (place, value, claims) => {
    expect(set(place, value)).toEqual(claims);
  });
  it.each([
    ['artifacts.model.safetensors.role', 'weights', /several ways/, '/artifacts/model.safetensors/role'],
    ['components.pypi.torch.version', '2', /several ways/, '/components/pypi.torch/version'],
    ['components.pypi.torch.cuda.version', '2', /several ways/, '/components/pypi.torch.cuda/version'],
    ['modle.version', '2', /`modle` cannot be supplied/, '`model`'],
    ['evidence', [], /`evidence` cannot be supplied/, 'bom, parties'],
    ['model.licence', 'MIT', /`\/model` has no member `licence`/, '`licenses`'],
    ['model.version.major', '2', /`\/model\/version` is a text: nothing stands below it/, 'Set /model/version itself'],
    ['/model/licenses/0/expression', 'MIT', /`\/model\/licenses` is a list/, 'whole list at /model/licenses'],
    ['model.tags', 'a', /`\/model\/tags` is a list/, '["a"]'],
    ['model.contextLength', 'long', /`\/model\/contextLength` is a number, not "long"/, 'Give a number'],
    ['model.name', null, /`\/model\/name` is a text, not null/, 'Give a text'],
    ['model.architecture', 'llama', /`\/model\/architecture` is an object/, 'family, name'],
    ['/datasets/My Data/name', 'x', /`My Data` in `\/datasets` is no id/, 'my-data'],
    ['/artifacts/..~1x/role', 'x', /is no relative path/, 'below what is described'],
    ['', 'x', /is no place/, '/model/version'],
    ['model..name', 'x', /is no place/, 'model.version'],
  ] as [string, JsonValue, RegExp, string][])('%s is refused with what is meant', (place, value, message, hint) => {
    const error = refused(() => set(place, value));
    expect(error.message).toMatch(message);
    expect(error.hint).toContain(hint);
  });
});

describe('a part of a manifest', () => {
  it('is a claim for each value, by key', () => {
    expect(
      overlay({
        model: { name: 'm', training: { stages: { sft: { uses: { d: { dataset: 'd', epochs: 3 } } } } } },
        evaluations: { mmlu: { name: 'MMLU', metrics: { accuracy: { value: 0.6 } } } },
        bom: { declarations: { '/model/io': { status: 'unknown' } } },
      }),
    ).toEqual([
      ['/model/name', 'm'],
      ['/model/training/stages/sft/uses/d/dataset', 'd'],
      ['/model/training/stages/sft/uses/d/epochs', 3],
      ['/evaluations/mmlu/name', 'MMLU'],
      ['/evaluations/mmlu/metrics/accuracy/value', 0.6],
      ['/bom/declarations/~1model~1io/status', 'unknown'],
    ]);
  });
  it('with a list where things stand under keys is refused with how to write it', () => {
    const error = refused(() => overlay({ datasets: [{ name: 'mnist' }] }));
    expect(error).toMatchObject({ pointer: '/datasets', hint: expect.stringContaining('{"mnist": {…}}') });
  });
  it('with a member that is unknown is refused at its place', () => {
    expect(refused(() => overlay({ datasets: { d: { name: 'x', liscenses: [] } } }))).toMatchObject({
      pointer: '/datasets/d/liscenses',
      hint: 'Did you mean `licenses`?',
    });
    expect(refused(() => overlay('text')).message).toContain('what is supplied is an object');
  });
  it('takes names that a plain object would lose', () => {
    const part = JSON.parse('{"artifacts": {"__proto__": {"role": "weights"}, "constructor": {"note": 1}}}') as JsonValue;
    expect(overlay(part)).toEqual([
      ['/artifacts/__proto__/role', 'weights'],
      ['/artifacts/constructor/note', '1'],
    ]);
    expect(refused(() => overlay({ model: { constructor: 'x' } })).message).toContain('has no member `constructor`');
  });
  it('stops at a depth', () => {
    let deep: JsonValue = 1;
    for (let i = 0; i < 40; i++) deep = { a: deep };
    expect(() => overlay({ extensions: { 'org.example.x': deep } })).toThrow(
      expect.objectContaining({ code: 'ERR_LIMIT_DEPTH', file: '--set' }),
    );
  });
});

/** What holds for every pickle. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALLOW_GROUPS, allowed } from '../../src/scan/pickle/allow/index.js';
import { denied } from '../../src/scan/pickle/deny.js';
import { FORMS } from '../../src/scan/pickle/forms.js';
import { judgeName } from '../../src/scan/pickle/names.js';
import { concat } from '../support/builders.js';
import { call, op, pickle, tuple } from '../support/pickle.js';
import { benignPickles, tensor } from '../support/scan/benign.js';
import { hostilePickles } from '../support/scan/pickles.js';
import { scanBytes } from '../support/scan/scan.js';

const benign = [...benignPickles()].map(({ bytes }) => bytes);
const hostile = [...hostilePickles()].map(({ bytes }) => bytes);
const system = concat(op.global('os', 'system'), tuple('echo'), op.reduce);

describe('a call of os.system', () => {
  it('before any pickle is found, and one behind it too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...benign), async (bytes) => {
        expect(await scanBytes(concat(system, op.pop, bytes))).toMatchObject({ verdict: 'malicious' });
        expect(await scanBytes(concat(bytes, system, op.stop))).toMatchObject({ verdict: 'malicious' });
      }),
      { numRuns: 150, seed: 1 },
    );
  });
  it('at any place of any bytes is never clean', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...benign), fc.nat(400), async (bytes, place) => {
        const at = Math.min(place, bytes.length);
        const { verdict } = await scanBytes(concat(bytes.subarray(0, at), system, op.pop, bytes.subarray(at)));
        expect(verdict).not.toBe('clean');
      }),
      { numRuns: 400, seed: 2 },
    );
  });
});

describe('any bytes', () => {
  it('that are changed give a verdict; what is not complete is not clean', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...hostile, ...benign), fc.nat(500), fc.nat(255), async (bytes, place, byte) => {
        const copy = bytes.slice();
        copy[place % copy.length] = byte;
        const { verdict, status, notInspected } = await scanBytes(copy);
        if (verdict === 'clean') expect(status).toBe('complete');
        expect(notInspected.length > 0).toBe(status !== 'complete');
      }),
      { numRuns: 500, seed: 3 },
    );
  });
  it('give the same twice', async () => {
    for (const bytes of hostile.slice(0, 50)) expect(await scanBytes(bytes)).toEqual(await scanBytes(bytes));
  });
});

describe('names', () => {
  it('that are allowed have a form, a source and a reason, and are not denied', () => {
    // Names below modules that are denied as a whole, whose own source says what they do.
    const excepted = /^(torch\.jit\._pickle|sklearn\.externals\.joblib\.numpy_pickle)\./;
    for (const [name, { form }] of allowed()) {
      expect(form in FORMS, `${name}: ${form}`).toBe(true);
      const dot = name.lastIndexOf('.');
      if (!excepted.test(name)) expect(denied(name.slice(0, dot), name.slice(dot + 1)), name).toBeUndefined();
    }
    for (const { source, why } of ALLOW_GROUPS) expect(source.length > 10 && why.length > 5).toBe(true);
    expect(allowed().size).toBeGreaterThan(2000);
  });
  it.each([
    ['torch', 'serialization.os.system'],
    ['torch.serialization', 'os.system'],
    ['site', 'os.system'],
    ['any.package.os', 'anything'],
    ['__torch__.os', 'system'],
    ['collections', 'OrderedDict.__subclasses__'],
    ['__builtin__', 'eval'],
    ['exceptions', 'eval'],
    ['commands', 'getoutput'],
    ['os ', 'system'],
    ['any.package', 'helpers.run_command'],
    ['os', ''],
  ])('%s %s is denied', (module, name) => {
    expect(judgeName(module, name, new Set())).toMatchObject({ grade: 'denied' });
  });
  it.each([
    ['copy_reg', '_reconstructor', 'copyreg._reconstructor'],
    ['__builtin__', 'unicode', 'builtins.str'],
    ['UserDict', 'IterableUserDict', 'collections.UserDict'],
    ['exceptions', 'ValueError', 'builtins.ValueError'],
    ['__torch__.torch.nn.modules.linear', 'Linear', '__torch__.torch.nn.modules.linear.Linear'],
  ])('%s %s is allowed as %s', (module, name, known) => {
    expect(judgeName(module, name, new Set())).toMatchObject({ grade: 'allowed', known });
  });
});

describe('arguments', () => {
  const wrong: Readonly<Record<string, Uint8Array>> = {
    'a text for an ordered dict': call('collections', 'OrderedDict', 'echo'),
    'a text for a set': call('builtins', 'set', 'echo'),
    'a text for a tensor': call('torch._utils', '_rebuild_tensor_v2', 'a', 0, tuple(1), tuple(1), false, null),
    'a codec that unpacks': call('_codecs', 'encode', 'x', 'zlib'),
    'a size for a bytearray': call('builtins', 'bytearray', 1_000_000_000),
    'a base that is none': call('copyreg', '_reconstructor', op.global('argparse', 'Namespace'), op.global('argparse', 'Namespace'), null),
    'arguments for a module': call('torch.nn.modules.linear', 'Linear', 'echo'),
    'a module of NumPy that is none': call('numpy.core', '_ufunc_reconstruct', 'os', 'system'),
    'a call of a type': call('torch', 'FloatStorage', 1),
  };
  it.each(Object.entries(wrong))('%s are told', async (_, bytes) => {
    const { verdict, findings } = await scanBytes(pickle(bytes, 3));
    expect(['suspicious', 'malicious']).toContain(verdict);
    expect(findings.map(({ rule }) => rule)).toContain('pickle-argument');
  });
});

describe('persistent ids', () => {
  const rules = async (bytes: Uint8Array) => (await scanBytes(concat(op.proto(2), bytes, op.stop))).findings.map(({ rule }) => rule);
  it('of torch are nothing, others are told', async () => {
    expect(await rules(tensor('0', 4))).toEqual([]);
    expect(await rules(op.line('P', 'anything'))).toEqual(['pickle-persistent-id']);
    expect(await rules(concat(tuple('storage', 'x', '0', 'cpu', 1), op.persId))).toEqual(['pickle-persistent-id']);
    expect(await rules(concat(op.text('a'), op.persId))).toEqual(['pickle-persistent-id']);
  });
});

describe('facts', () => {
  it('say whether torch takes the file with weights_only, and what it would need', async () => {
    const weightsOnly = async (bytes: Uint8Array) => (await scanBytes(bytes)).facts['']?.weightsOnly;
    const weights = concat(op.proto(2), op.emptyDict, op.text('w'), tensor('0', 2), op.setItem, op.stop);
    expect(await weightsOnly(weights)).toEqual({ loadable: true, needs: [] });
    expect(await weightsOnly(pickle(call('argparse', 'Namespace')))).toEqual({ loadable: false, needs: ['argparse.Namespace'] });
    expect(await weightsOnly(concat(op.proto(4), op.shortText('a'), op.stop))).toEqual({ loadable: false, needs: [] });
    expect(await weightsOnly(concat(op.proto(2), op.emptyList, op.none))).toEqual({ loadable: 'unknown', needs: [] });
  });
});

/** Mistakes that people make in their first hour, and what they are told: one plain sentence, where, and what to do. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MsbomError, manifest } from '../../src/index.js';
import { safetensorsFile } from '../support/builders.js';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

const weights = safetensorsFile({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 8);
/** A screen. */
const MAX_LINES = 24;
const MAX_CHARACTERS = 2000;

const COMMANDS: readonly (readonly [mistake: string, exit: number, ...argv: readonly string[]])[] = [
  ['a verb is misspelt', 2, 'colect', 'model'],
  ['an option is misspelt', 2, 'collect', 'model', '--ouput', 'x.json'],
  ['a directory is not there', 2, 'collect', 'modle'],
  ['a file is not there', 2, 'validate', 'gone.msbom.json'],
  ['a weight file is given for a document', 1, 'validate', 'model/m.safetensors'],
  ['a document is given for a weight file', 2, 'inspect', 'm.msbom.json'],
  ['CycloneDX is given where a manifest is needed', 2, 'verify', 'model', '-m', 'm.cdx.json'],
  ['the manifest is forgotten', 2, 'verify', 'model'],
  ['a file of somebody else would be overwritten', 2, 'convert', 'm.msbom.json', '-o', 'notes.md'],
  ['the model itself would be overwritten', 2, 'collect', 'model', '-o', 'model/m.safetensors', '--force'],
  ['the name of the output says another format', 2, 'convert', 'm.msbom.json', '--to', 'spdx', '-o', 'x.cdx.json'],
  ['a version does not exist', 2, 'convert', 'm.msbom.json', '--to', 'cyclonedx@2.0'],
  ['the text is no JSON', 1, 'convert', 'notes.md'],
  ['a manifest is cut off', 1, 'convert', 'cut.msbom.json'],
  ['a value does not fit', 2, 'collect', 'model', '--set', 'model.parameterCount.total="many"'],
  ['a place does not exist', 2, 'collect', 'model', '--set', 'model.licence=MIT'],
  ['the command of a run lacks its dashes', 2, 'record', 'python3', 'train.py', '--epochs', '3'],
  ['the program of a run is not there', 127, 'record', '--', 'no-such-program'],
  ['a profile does not exist', 2, 'comply', 'm.msbom.json', '-p', 'eu-aia'],
  ['advisories are forgotten', 2, 'audit', 'm.msbom.json'],
  ['a page does not exist', 2, 'explain', 'licence-conflict'],
];

describe('the program', () => {
  it.each(COMMANDS.map(([mistake, exit, ...argv]) => [mistake, exit, argv] as const))('when %s', async (_mistake, exit, argv) => {
    const cwd = temporaryDirectory({ 'model/m.safetensors': weights, 'notes.md': '# my notes\n' });
    const env = { SOURCE_DATE_EPOCH: '1763888400', PATH: '/nowhere' };
    await runCli(cwd, ['collect', 'model', '-o', 'm.msbom.json', '-o', 'm.cdx.json'], { env });
    writeFileSync(join(cwd, 'cut.msbom.json'), '{"bom": {"specVersion": "1.0",');
    const { code, out, err } = await runCli(cwd, argv, { env });
    const told = out + err;
    expect(told).toMatchSnapshot();
    expect(code).toBe(exit);
    expect(told.split('\n').length).toBeLessThanOrEqual(MAX_LINES);
    expect(told.length).toBeLessThanOrEqual(MAX_CHARACTERS);
  });
});

class Rate {
  constructor(readonly value: number) {}
}
const loop: Record<string, unknown> = {};
loop.self = loop;

const VALUES: readonly (readonly [mistake: string, value: unknown])[] = [
  ['undefined', [1, undefined]],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['a BigInt that JSON cannot hold', 2n ** 70n],
  ['a function', () => 1],
  ['an instance of a class', new Rate(1)],
  ['a value that holds itself', loop],
  // biome-ignore lint/suspicious/noSparseArray: that is the mistake
  ['a list with a hole', [1, , 3]],
];

describe('the builder', () => {
  it.each(VALUES)('when it is given %s', (_mistake, value) => {
    let told = 'accepted';
    try {
      manifest({ name: 'm' })
        .hyperparameters({ rate: value as number })
        .build();
    } catch (error) {
      expect(MsbomError.is(error)).toBe(true);
      const { code, message, pointer, hint } = error as MsbomError;
      told = [`[${code}]`, message.split('\n')[0], pointer ?? '', hint ?? ''].join(' | ');
    }
    expect(told).toMatchSnapshot();
  });
  it('when two calls contradict each other', () => {
    const draft = manifest({ name: 'm' }).hyperparameters({ seed: 1 });
    expect(() => draft.hyperparameters({ seed: 2 }).build()).toThrowErrorMatchingSnapshot();
  });
});

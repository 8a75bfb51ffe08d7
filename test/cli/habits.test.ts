/** What people expect of any command line. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandHelp } from '../../src/cli/help.js';
import { COMMANDS } from '../../src/cli/run.js';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

const bad = '{"bom":{"specVersion":"1.0","serialNumber":"x","version":1,"timestamp":"2026-01-01T00:00:00Z"},"model":{"name":"m"}}';
const validate = (argv: readonly string[], env: Readonly<Record<string, string>> = {}, tty = false, stdin = bad) =>
  runCli(temporaryDirectory(), ['validate', '-', ...argv], { stdin, env, tty });

describe('variables', () => {
  it('say what the command line does not', async () => {
    expect(JSON.parse((await validate([], { MSBOM_FORMAT: 'json' })).out)).toMatchObject({ files: [{ valid: false }] });
    expect((await validate(['-f', 'github'], { MSBOM_FORMAT: 'json' })).out).toMatch(/^::error /);
    expect((await validate([], { MSBOM_FAIL_ON: 'never', MSBOM_FORMAT: '' })).code).toBe(0);
  });
  it('are checked like options', async () => {
    expect(await validate([], { MSBOM_FORMAT: 'yaml' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('`--format` cannot be `yaml`'),
    });
    expect(await validate([], { MSBOM_QUIET: 'maybe' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('MSBOM_QUIET cannot be `maybe`'),
    });
  });
});

describe('colours', () => {
  it.each<[string, readonly string[], Readonly<Record<string, string>>, boolean, boolean]>([
    ['on a terminal', [], {}, true, true],
    ['elsewhere', [], {}, false, false],
    ['where they are forced', [], { FORCE_COLOR: '1' }, false, true],
    ['where NO_COLOR is set too', [], { FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
    ['with --color always', ['--color', 'always'], { NO_COLOR: '1' }, false, true],
    ['with --color never', ['--color', 'never'], { FORCE_COLOR: '1' }, true, false],
  ])('%s', async (_where, argv, env, tty, expected) => {
    expect((await validate(argv, env, tty)).out.includes('\u001b[')).toBe(expected);
  });
});

describe('help', () => {
  it.each(Object.keys(COMMANDS))('of %s fits a terminal of 80 characters', async (verb) => {
    const { command } = (await COMMANDS[verb as keyof typeof COMMANDS]?.()) ?? {};
    if (command === undefined) throw new Error(verb);
    const lines = commandHelp(command, 80).split('\n');
    const [, text = ''] = commandHelp(command, 80).split('options:');
    const options = text.split('\nexamples:')[0]?.split('\n') ?? [];
    // Labels and single words may be longer.
    expect(options.filter((line) => line.length > 80 && line.trim().includes('  '))).toEqual([]);
    expect(lines.length).toBeGreaterThan(10);
  });
  it('lists the pages that there are', async () => {
    const { code, out } = await runCli(temporaryDirectory(), ['explain']);
    expect(code).toBe(0);
    for (const id of ['license-conflict', 'ERR_IO_EXISTS', 'gguf', 'collect']) expect(out).toContain(id);
  });
});

it('a fingerprint of SARIF stays when lines move, and no two are the same', async () => {
  const prints = async (stdin: string) => {
    const { out } = await validate(['-f', 'sarif'], {}, false, stdin);
    const { runs } = JSON.parse(out) as { runs: { results: { partialFingerprints: Record<string, string> }[] }[] };
    return runs[0]?.results.map(({ partialFingerprints }) => partialFingerprints['msbom/v1']) ?? [];
  };
  const first = await prints(bad);
  expect(first.length).toBeGreaterThan(0);
  expect(new Set(first).size).toBe(first.length);
  expect(await prints(`\n\n\n${bad}`)).toEqual(first);
});

describe('completions', () => {
  it('are made for three shells', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { code, out } = await runCli(temporaryDirectory(), ['completion', shell]);
      expect(code).toBe(0);
      for (const verb of Object.keys(COMMANDS)) expect(out, shell).toContain(verb);
    }
    expect(await runCli(temporaryDirectory(), ['completion', 'tcsh'])).toMatchObject({ code: 2 });
  });
  it.skipIf(spawnSync('bash', ['--version']).status !== 0)('complete verbs, options and their words in bash', async () => {
    const { out } = await runCli(temporaryDirectory(), ['completion', 'bash']);
    const complete = (...words: readonly string[]): string => {
      const line = `COMP_WORDS=(msbom ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _msbom; echo "\${COMPREPLY[@]}"`;
      return spawnSync('bash', ['--norc', '-c', `${out}\n${line}`], { encoding: 'utf8' }).stdout.trim();
    };
    expect(complete('val')).toBe('validate');
    expect(complete('validate', '--fo')).toBe('--format --for');
    expect(complete('validate', '--format', 'sa')).toBe('sarif');
  });
});

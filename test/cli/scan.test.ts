import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '../support/builders.js';
import { runCli } from '../support/cli.js';
import { call, op, pickle } from '../support/pickle.js';
import { HARMLESS, PAYLOAD, torchFile } from '../support/scan/archives.js';
import { temporaryDirectory } from '../support/temporary.js';

const scan = (files: Readonly<Record<string, Uint8Array>>, ...argv: readonly string[]) =>
  runCli(temporaryDirectory(files), ['scan', ...(argv.length === 0 ? ['.'] : argv)]);

interface Result {
  readonly tool: { readonly rules: { readonly sha256: string } };
  readonly files: readonly {
    readonly path: string;
    readonly verdict: string;
    readonly status: string;
    readonly findings: readonly object[];
  }[];
}

describe('scan', () => {
  it('exits 0 for what is clean, 1 for what is not, 2 for what is not known', async () => {
    expect((await scan({ 'a.pt': torchFile(HARMLESS), 'README.md': utf8('# A\n') })).code).toBe(0);
    expect((await scan({ 'a.pt': torchFile(PAYLOAD) })).code).toBe(1);
    const unknown = { 'a.bin': new Uint8Array(300).map((_, i) => (i * 89) & 0xff) };
    expect((await scan(unknown)).code).toBe(2);
    expect((await scan(unknown, '.', '--allow-incomplete')).code).toBe(0);
    expect((await scan({ 'a.bin': concat(PAYLOAD, ...Object.values(unknown)) })).code).toBe(1);
    expect((await scan({}, 'missing.pt')).code).toBe(2);
  });
  it('prints paths below the directory, with member, offset and call', async () => {
    const { out } = await scan({ 'sub/a.pt': torchFile(PAYLOAD), 'b.pkl': HARMLESS }, '.', '--format', 'json');
    const { files, tool } = JSON.parse(out) as Result;
    expect(tool.rules.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(files.map(({ path, verdict, status }) => [path, verdict, status])).toEqual([
      ['b.pkl', 'clean', 'complete'],
      ['sub/a.pt', 'malicious', 'complete'],
    ]);
    expect(files[1]?.findings).toEqual([
      expect.objectContaining({
        rule: 'pickle-denied-call',
        severity: 'critical',
        member: 'archive/data.pkl',
        offset: PAYLOAD.length - 2,
        imports: ['posix.system'],
        call: "posix.system('echo')",
        references: expect.arrayContaining(['CWE-502']),
      }),
    ]);
  });
  it('takes names that the user knows', async () => {
    const files = { 'a.pkl': pickle(call('my_package.nets', 'Net', 'x'), 3) };
    expect((await scan(files)).code).toBe(1);
    expect((await scan(files, 'a.pkl', '--allow', 'my_package.nets.Net')).code).toBe(0);
    expect((await scan(files, 'a.pkl', '--fail-on', 'high')).code).toBe(0);
  });
  it('never lets a name that is known to be dangerous pass as one of the user by a part of it', async () => {
    expect((await scan({ 'a.pkl': PAYLOAD }, 'a.pkl', '--allow', 'posix')).code).toBe(1);
  });
  it('writes for code scanning and for people', async () => {
    const files = { 'a.pt': torchFile(PAYLOAD), 'b.bin': new Uint8Array(99).fill(0xf7) };
    const sarif = JSON.parse((await scan(files, '.', '--format', 'sarif')).out) as {
      runs: { results: { ruleId: string; level: string }[] }[];
    };
    expect(sarif.runs[0]?.results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ['pickle-denied-call', 'error'],
      ['scan-incomplete', 'warning'],
    ]);
    expect((await scan(files, '.', '--format', 'github')).out).toMatch(/^::error file=a\.pt,title=pickle-denied-call::calls/);
    const { out } = await scan(files);
    expect(out).toContain('malicious  a.pt  (pytorch-zip)');
    expect(out).toContain('not looked at: 99 bytes in a format that no inspector knows');
  });
  it('shows what files say escaped', async () => {
    const evil = pickle(concat(op.global('os', 'system'), op.text('\u001b[2J\n::error::x'), op.tuple1, op.reduce), 2);
    const { out } = await scan({ 'a.pkl': evil });
    expect(out).not.toContain('\u001b');
    expect(out).not.toMatch(/^::error/m);
  });
  it('shows what stands in a baseline, and does not count it', async () => {
    const cwd = temporaryDirectory({ 'm/a.pt': torchFile(PAYLOAD) });
    const first = await runCli(cwd, ['scan', 'm', '--format', 'json']);
    writeFileSync(join(cwd, 'base.json'), first.out);
    const again = await runCli(cwd, ['scan', 'm', '--baseline', 'base.json']);
    expect(again.code).toBe(0);
    expect(again.out).toContain('in the baseline: calls `posix.system');
    const json = await runCli(cwd, ['scan', 'm', '--baseline', 'base.json', '--format', 'json']);
    expect((JSON.parse(json.out) as Result).files[0]).toMatchObject({ verdict: 'malicious', findings: [{ suppressed: true }] });
    writeFileSync(join(cwd, 'm/b.pkl'), PAYLOAD);
    expect((await runCli(cwd, ['scan', 'm', '--baseline', 'base.json'])).code).toBe(1);
    writeFileSync(join(cwd, 'base.json'), '{"a":1}');
    expect((await runCli(cwd, ['scan', 'm', '--baseline', 'base.json'])).code).toBe(2);
  });
  it('reads standard input', async () => {
    const { code, out } = await runCli(temporaryDirectory({}), ['scan', '-', '--format', 'json'], { stdin: "cos\nsystem\n(S'echo'\ntR." });
    expect(code).toBe(1);
    expect((JSON.parse(out) as Result).files[0]).toMatchObject({ path: '-', verdict: 'malicious' });
  });
  it('has its rules explained', async () => {
    expect((await runCli(temporaryDirectory({}), ['explain', 'pickle-denied-call'])).out).toMatch(/^# pickle-denied-call/);
  });
});

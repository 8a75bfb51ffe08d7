import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { concat, safetensorsFile, utf8 } from '../support/builders.js';
import { runCli } from '../support/cli.js';
import { call, op, pickle } from '../support/pickle.js';
import { HARMLESS, PAYLOAD, torchFile } from '../support/scan/archives.js';
import { CHAT_TEMPLATES } from '../support/scan/templates.js';
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
  it('writes a table of Markdown that no text of a file can leave', async () => {
    const evil = pickle(concat(op.global('os', 'system'), op.text('a`|\n![x](https://example.org)'), op.tuple1, op.reduce), 2);
    const { out, code } = await scan(
      { 'a|b.pkl': evil, 'b.pkl': HARMLESS, 'c.bin': new Uint8Array(99).fill(0xf7) },
      '.',
      '--format',
      'markdown',
    );
    expect(code).toBe(1);
    const lines = out.trim().split('\n');
    expect(lines.slice(0, 5)).toEqual(['# Scan', '', '❌ 1 malicious · ❔ 1 unknown · ✅ 1 clean', '', '| | File | Severity | Finding |']);
    expect(lines[6]).toMatch(/^\| ❌ \| `a\\\|b\.pkl` \| critical \| `calls [^`]*` \(at byte \d+\) \[pickle-denied-call\] \|$/);
    expect(lines[7]).toBe('| ❔ | `c.bin` |  | not looked at: `99 bytes in a format that no inspector knows` |');
    expect(lines).toHaveLength(8);
  });
  it('tells of code under the name of a library', async () => {
    const files = {
      'torch.py': utf8('x = 1\n'),
      'sub/torch.py': utf8('x = 1\n'),
      'model.py': utf8('x = 1\n'),
      'numpy/__init__.py': utf8(''),
    };
    const { files: found } = JSON.parse((await scan(files, '.', '--format', 'json')).out) as Result;
    expect(found.filter(({ verdict }) => verdict === 'suspicious').map(({ path }) => path)).toEqual(['numpy/__init__.py', 'torch.py']);
    expect(found.find(({ path }) => path === 'torch.py')?.findings).toMatchObject([{ rule: 'module-shadowing' }, { rule: 'python-code' }]);
  });
  it('takes the numbers beside a graph of OpenVINO for what they are, and a pickle there for a pickle', async () => {
    const xml = utf8('<?xml version="1.0"?>\n<net name="m" version="11">\n<layers>\n</layers>\n</net>\n');
    const bin = new Uint8Array(300).fill(0xf7);
    expect((await scan({ 'm.xml': xml, 'm.bin': bin })).code).toBe(0);
    expect((await scan({ 'm.xml': utf8('<?xml version="1.0"?><a/>'), 'm.bin': bin })).code).toBe(2);
    expect((await scan({ 'm.xml': xml, 'n.bin': bin })).code).toBe(2);
    expect((await scan({ 'm.xml': xml, 'm.bin': PAYLOAD })).code).toBe(1);
    expect((await scan({ 'm.xml': xml, 'm.bin': concat(bin, PAYLOAD, bin) })).code).toBe(1);
  });
  it('calls an ordinary directory of a model clean', async () => {
    const json = (value: unknown) => utf8(JSON.stringify(value));
    const files = {
      '.gitattributes': utf8('*.safetensors filter=lfs diff=lfs merge=lfs -text\n'),
      'README.md': utf8('---\nlicense: mit\n---\n# Acme\n```python\nimport os\nos.system("nvidia-smi")\n```\n'),
      'config.json': json({ architectures: ['LlamaForCausalLM'], model_type: 'llama', hidden_size: 8 }),
      'generation_config.json': json({ bos_token_id: 1, temperature: 0.6 }),
      'merges.txt': utf8('#version: 0.2\n{ {\n_ _\n'),
      'model.safetensors': safetensorsFile({ __metadata__: { format: 'pt' }, w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 8),
      'model.safetensors.index.json': json({ metadata: { total_size: 8 }, weight_map: { w: 'model.safetensors' } }),
      'special_tokens_map.json': json({ bos_token: '<s>' }),
      'tokenizer.json': json({ version: '1.0', model: { type: 'BPE', vocab: { '{{': 0, __class__: 1 }, merges: ['{ {'] } }),
      'tokenizer_config.json': json({ chat_template: CHAT_TEMPLATES[0], tokenizer_class: 'LlamaTokenizer' }),
      'chat_template.jinja': utf8(CHAT_TEMPLATES[3] ?? ''),
      'modeling_acme.py': utf8('import torch\n\n\nclass Acme(torch.nn.Module):\n    pass\n'),
    };
    const { code, out } = await scan(files);
    expect(out).not.toMatch(/^(malicious|suspicious|unknown)/m);
    expect(code).toBe(0);
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

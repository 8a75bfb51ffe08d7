// The header of a GGUF file with 150,000 tokens, against @huggingface/gguf; each in a process of its own.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, row } from './measure.mjs';

const TOKENS = 150_000;

export function ggufHeader({ root }) {
  const work = mkdtempSync(join(tmpdir(), 'msbom-bench-'));
  try {
    const path = join(work, 'm.gguf');
    writeFileSync(path, ggufBytes());
    const measure = (code) => {
      const script = `${code}; const report = (start) => console.log(JSON.stringify([performance.now() - start, process.resourceUsage().maxRSS / 1024]));`;
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--input-type=module', '-e', `${script} const start = performance.now(); await read(${JSON.stringify(path)}); report(start);`],
        { cwd: root, encoding: 'utf8' },
      );
      if (status !== 0) throw new Error(stderr);
      return JSON.parse(stdout);
    };
    const [ours, theirs] = [[], []];
    for (let i = 0; i < 9; i++) {
      ours.push(measure("import { inspectFile } from 'msbom/node'; const read = (path) => inspectFile(path)"));
      theirs.push(measure("import { gguf } from '@huggingface/gguf'; const read = (path) => gguf(path, { allowLocalFile: true })"));
    }
    const of = (list, index) => median(list.map((each) => each[index]));
    return [
      row(
        `GGUF header, ${TOKENS.toLocaleString('en-US')} tokens, headers per second`,
        '@huggingface/gguf',
        '1/s',
        { ours: 1000 / of(ours, 0), theirs: 1000 / of(theirs, 0) },
        { atLeast: 5 },
      ),
      row('its peak memory', '@huggingface/gguf', 'MB', { ours: of(ours, 1), theirs: of(theirs, 1) }, { atMost: 0.6 }),
    ];
  } finally {
    rmSync(work, { recursive: true });
  }
}

function ggufBytes() {
  const parts = [];
  const u32 = (value) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    parts.push(bytes);
  };
  const u64 = (value) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    parts.push(bytes);
  };
  const string = (value) => {
    u64(Buffer.byteLength(value));
    parts.push(Buffer.from(value));
  };
  const array = (key, type, length, write) => {
    string(key);
    u32(9);
    u32(type);
    u64(length);
    for (let i = 0; i < length; i++) write(i);
  };
  parts.push(Buffer.from('GGUF'));
  u32(3);
  u64(300); // tensors
  u64(4); // key-values
  string('general.architecture');
  u32(8);
  string('llama');
  array('tokenizer.ggml.tokens', 8, TOKENS, (i) => string(`token-${i}`));
  array('tokenizer.ggml.token_type', 5, TOKENS, () => u32(1));
  array('tokenizer.ggml.merges', 8, TOKENS, (i) => string(`a b${i}`));
  for (let i = 0; i < 300; i++) {
    string(`blk.${i}.attn_q.weight`);
    u32(1);
    u64(32);
    u32(0);
    u64(i * 128);
  }
  const header = Buffer.concat(parts);
  return Buffer.concat([header, Buffer.alloc(((32 - (header.length % 32)) % 32) + 300 * 128)]);
}

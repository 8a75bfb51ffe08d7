// `msbom inspect` on sparse files of 100 GB and 40 GB against the same file at 1 GB: time, bytes read, memory.
import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median, round, row, timed } from './measure.mjs';

const TENSORS = 400;

export function inspect({ root, program }) {
  const work = mkdtempSync(join(tmpdir(), 'msbom-bench-'));
  try {
    return [...sizes('safetensors', 100e9, safetensors, { root, program, work }), ...sizes('gguf', 40e9, gguf, { root, program, work })];
  } finally {
    rmSync(work, { recursive: true });
  }
}

function sizes(format, bytes, write, { root, program, work }) {
  const [large, small] = [join(work, `large.${format}`), join(work, `small.${format}`)];
  write(large, bytes);
  write(small, 1e9);
  const usage = join(work, 'usage');
  const preload = ['--import', pathToFileURL(join(root, 'bench/peak-memory.mjs')).href];
  const run = (path) => timed(process.execPath, [program, 'inspect', path]);
  const times = { ours: [], theirs: [] };
  for (let i = 0; i < 7; i++) {
    times.ours.push(run(large));
    times.theirs.push(run(small));
  }
  timed(process.execPath, [...preload, program, 'inspect', large], { env: { ...process.env, MSBOM_PEAK_FILE: usage } });
  const [memory, read] = readFileSync(usage, 'utf8').split(' ').map(Number);
  const gigabytes = `${bytes / 1e9} GB`;
  return [
    row(
      `inspect ${format}, ${gigabytes}`,
      'the same at 1 GB',
      'ms',
      { ours: median(times.ours), theirs: median(times.theirs) },
      { atMost: 2 },
    ),
    limit(`its peak memory, ${gigabytes}`, 'limit of 120 MB', memory, 120),
    limit(`bytes that it read, programs and all, ${gigabytes}`, 'limit of 16 MB', read / 1e6, 16),
  ];
}

const limit = (name, peer, ours, theirs) => ({
  name,
  peer,
  unit: 'MB',
  ours: round(ours),
  theirs,
  ratio: round(ours / theirs),
  target: { atMost: 1 },
  met: ours < theirs,
});

/** Only the header is written; the rest is a hole. */
function sparse(path, header, size) {
  const descriptor = openSync(path, 'w');
  writeSync(descriptor, header);
  ftruncateSync(descriptor, size);
  closeSync(descriptor);
}

function safetensors(path, bytes) {
  const each = Math.floor(bytes / TENSORS / 4096) * 4096;
  const tensors = Array.from({ length: TENSORS }, (_, i) => [
    `model.layers.${i}.weight`,
    { dtype: 'BF16', shape: [each / 4096, 2048], data_offsets: [i * each, (i + 1) * each] },
  ]);
  const header = Buffer.from(JSON.stringify(Object.fromEntries(tensors)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  sparse(path, Buffer.concat([length, header]), 8 + header.length + each * TENSORS);
}

function gguf(path, bytes) {
  const each = Math.floor(bytes / TENSORS / 8192) * 8192;
  const parts = [];
  const u32 = (value) => parts.push(Buffer.from(Uint32Array.of(value).buffer));
  const u64 = (value) => parts.push(Buffer.from(BigUint64Array.of(BigInt(value)).buffer));
  const string = (value) => {
    u64(Buffer.byteLength(value));
    parts.push(Buffer.from(value));
  };
  parts.push(Buffer.from('GGUF'));
  u32(3);
  u64(TENSORS);
  u64(2);
  string('general.architecture');
  u32(8);
  string('llama');
  string('tokenizer.ggml.tokens');
  u32(9);
  u32(8);
  u64(32_000);
  for (let i = 0; i < 32_000; i++) string(`token-${i}`);
  for (let i = 0; i < TENSORS; i++) {
    string(`blk.${i}.weight`);
    u32(2);
    u64(2048);
    u64(each / 4096);
    u32(1); // F16
    u64(i * each);
  }
  const header = Buffer.concat(parts);
  const padding = (32 - (header.length % 32)) % 32;
  sparse(path, header, header.length + padding + each * TENSORS);
}

// Signing and verifying: one big model against `openssl dgst -sha256` two at a time and against the reference implementation; many small
// ones in one process against one run of the reference for each. The Python is that of MSBOM_PYTHON, and has `model-signing`.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, paired, row, timed } from './measure.mjs';

const PYTHON = process.env.MSBOM_PYTHON ?? 'python3';
const FILES = 8;
/** Of each of the eight files. */
const MIB = Number(process.env.BENCH_MIB ?? 512);
const RUNS = Number(process.env.BENCH_RUNS ?? 5);
const DIRECTORIES = 300;
/** Runs of the reference that are measured; that each of the 300 takes as long as their median is taken for granted. */
const SAMPLE = 15;

export async function sign({ root, program }) {
  const work = mkdtempSync(join(tmpdir(), 'msbom-bench-'));
  try {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const keys = { private: join(work, 'key.pem'), public: join(work, 'key.pub') };
    writeFileSync(keys.private, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(keys.public, publicKey.export({ type: 'spki', format: 'pem' }));
    return [...bigModel({ work, program, keys }), ...(await manyModels({ root, work, program, keys }))];
  } finally {
    rmSync(work, { recursive: true });
  }
}

const reference = (...args) => timed(PYTHON, ['-m', 'model_signing', ...args]);
const referenceSigns = (model, signature, keys) => reference('sign', 'key', model, '--private_key', keys.private, '--signature', signature);
const referenceVerifies = (model, signature, keys) =>
  reference('verify', 'key', model, '--public_key', keys.public, '--signature', signature);

function bigModel({ work, program, keys }) {
  const model = join(work, 'model');
  const [ours, theirs] = [join(work, 'ours.sig'), join(work, 'theirs.sig')];
  mkdirSync(model);
  for (let i = 0; i < FILES; i++) writeBytes(join(model, `part-${i}.safetensors`), MIB);
  const openssl = () => timed('sh', ['-c', 'ls *.safetensors | xargs -P 2 -n 1 openssl dgst -sha256'], { cwd: model });
  const signs = () => timed(process.execPath, [program, 'sign', model, '--key', keys.private, '-o', ours, '-q']);
  const verifies = () => timed(process.execPath, [program, 'verify', model, '-s', ours, '--public-key', keys.public, '-q']);
  openssl(); // brings the files into memory for all
  signs();
  const what = `${FILES} × ${MIB} MiB`;
  return [
    row(`verify, ${what}`, 'openssl dgst -sha256, two at a time', 'ms', paired(RUNS, verifies, openssl), { atMost: 1.15 }),
    row(
      `verify, ${what}`,
      'model_signing verify',
      'ms',
      paired(RUNS, verifies, () => referenceVerifies(model, ours, keys)),
      { atMost: 1 },
    ),
    row(
      `sign, ${what}`,
      'model_signing sign',
      'ms',
      paired(RUNS, signs, () => referenceSigns(model, theirs, keys)),
      { atMost: 1 },
    ),
  ];
}

async function manyModels({ root, work, program, keys }) {
  const models = join(work, 'models');
  const { keySigner, signDirectory } = await import(join(root, 'dist/sign/index.js'));
  const { readFileSync } = await import('node:fs');
  const signer = keySigner({ key: readFileSync(keys.private) });
  const directories = Array.from({ length: DIRECTORIES }, (_, i) => join(models, `m${i}`));
  for (const directory of directories) {
    mkdirSync(directory, { recursive: true });
    for (const name of ['adapter.safetensors', 'config.json', 'README.md']) writeFileSync(join(directory, name), randomBytes(20_000));
  }
  const signatureFile = (directory) => join(directory, 'model.sig');
  const started = process.hrtime.bigint();
  for (const directory of directories) {
    const { bundle } = await signDirectory(directory, { signer, signatureFile: signatureFile(directory) });
    writeFileSync(signatureFile(directory), bundle);
  }
  const signed = Number(process.hrtime.bigint() - started) / 1e6;
  const verified = median(
    [1, 2, 3].map(() => timed(process.execPath, [program, 'verify', models, '--recursive', '--public-key', keys.public, '-q'])),
  );
  const some = directories.slice(0, SAMPLE);
  const theirsVerify = median(some.map((directory) => referenceVerifies(directory, signatureFile(directory), keys))) * DIRECTORIES;
  const theirsSign = median(some.map((directory) => referenceSigns(directory, join(work, 'small.sig'), keys))) * DIRECTORIES;
  const peer = `runs of model_signing, by ${SAMPLE} of them`;
  return [
    row(`verify, ${DIRECTORIES} models`, peer, 'ms', { ours: verified, theirs: theirsVerify }, { atMost: 0.02 }),
    row(`sign, ${DIRECTORIES} models`, peer, 'ms', { ours: signed, theirs: theirsSign }, { atMost: 0.02 }),
  ];
}

function writeBytes(path, mebibytes) {
  const descriptor = openSync(path, 'w');
  const chunk = randomBytes(1 << 20);
  for (let i = 0; i < mebibytes; i++) writeSync(descriptor, chunk);
  closeSync(descriptor);
}

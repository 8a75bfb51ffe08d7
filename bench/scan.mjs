#!/usr/bin/env node
// Detection, false alarms, files without a verdict, and time: ours and the scanners that people use, on one corpus that is made here.
// usage: npm run bench:scan [-- MOST]   (files of each kind; default 150)
// The peers are those of MSBOM_SCANNERS, a Python that has picklescan, modelscan, fickling, modelaudit and aisbom-cli; those that
// are missing are left out. The corpus is inert, lies in a temporary directory and is given to scanners alone.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const PYTHON = process.env.MSBOM_SCANNERS ?? 'python3';
const PEERS = ['picklescan', 'modelscan', 'fickling', 'modelaudit', 'aisbom'];
const most = Number(process.argv[2] ?? 150);

const work = mkdtempSync(join(tmpdir(), 'msbom-bench-'));
try {
  await makeCorpus(work);
  // What the libraries themselves wrote, but for the files that hold what has to be told.
  for (const folder of ['safetensors', 'gguf', 'onnx', 'joblib', 'numpy', 'pytorch'])
    cpSync(join(root, 'test/fixtures/formats', folder), join(work, 'benign', folder), { recursive: true });
  for (const told of ['pytorch/kinds.pt', 'pytorch/module.pt', 'onnx/w']) rmSync(join(work, 'benign', told), { force: true });
  console.log(
    '| Scanner | Malicious label | Any alarm | No verdict | False alarms | Benign without verdict | Seconds |\n|---|---|---|---|---|---|---|',
  );
  console.log(row('msbom scan', ours(work)));
  for (const peer of PEERS) for (const each of theirs(peer, work)) console.log(each);
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function makeCorpus(directory) {
  const bundle = join(directory, 'corpus.mjs');
  await build({
    entryPoints: [join(root, 'bench/scan-corpus.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: bundle,
    logLevel: 'error',
  });
  for (const kind of ['hostile', 'benign']) mkdirSync(join(directory, kind));
  const { writeCorpus } = await import(pathToFileURL(bundle).href);
  await writeCorpus(directory, most);
}

/** Verdicts by kind, from a scan of the directory by the program itself. */
function ours(directory) {
  const start = process.hrtime.bigint();
  const { stdout } = spawnSync(process.execPath, [join(root, 'dist/cli/main.js'), 'scan', directory, '--format', 'json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const words = { malicious: 'malicious', suspicious: 'alarm', unknown: 'none', clean: 'clean' };
  const verdicts = JSON.parse(stdout).files.map(({ path, verdict }) => [path, words[verdict]]);
  return { seconds, verdicts };
}

function theirs(peer, directory) {
  const script = join(root, 'bench/scan-peer.py');
  const probe = spawnSync(PYTHON, [script, peer, '--version'], { encoding: 'utf8' });
  if (probe.status !== 0) {
    console.error(`${peer}: not there`);
    return [];
  }
  const out = execFileSync(PYTHON, [script, peer, directory], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { seconds, verdicts } = JSON.parse(out.trim().split('\n').at(-1));
  return [row(`${peer} ${probe.stdout.trim()}`, { seconds, verdicts: Object.entries(verdicts) })];
}

function row(name, { seconds, verdicts }) {
  const of = (kind) => verdicts.filter(([path]) => path.startsWith(`${kind}/`)).map(([, verdict]) => verdict);
  const [hostile, benign] = [of('hostile'), of('benign')];
  const count = (list, ...words) => list.filter((word) => words.includes(word)).length;
  const share = (list, ...words) => `${count(list, ...words)} of ${list.length}`;
  return `| ${name} | ${share(hostile, 'malicious')} | ${share(hostile, 'malicious', 'alarm')} | ${count(hostile, 'none')} | ${share(benign, 'malicious', 'alarm')} | ${count(benign, 'none')} | ${seconds.toFixed(1)} |`;
}

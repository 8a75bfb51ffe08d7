/**
 * Evidence in real registries, with the clients that others use: `oras` pushes, lists and copies, `cosign` verifies what we attach and
 * attaches what we verify. scripts/interop/registry/setup.sh builds them; what is not there is not run.
 */
import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { person, signed } from '../support/custody.js';
import { pushModel, startRegistry } from '../support/oci-registry.js';
import { temporaryDirectory } from '../support/temporary.js';

const bin = fileURLToPath(new URL('../../.tmp/interop/bin/', import.meta.url));
const has = (...names: readonly string[]): boolean => names.every((name) => existsSync(join(bin, name)));
const FILES = { 'adapter.safetensors': 'weights of the adapter', 'adapter_config.json': '{"r":8}' };
const PREDICATE = 'https://in-toto.io/attestation/test-result/v0.1';
const me = person();
const other = person();

const started: ChildProcess[] = [];
afterAll(() => {
  for (const each of started) each.kill('SIGKILL');
});

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** Host and port of a registry that has just been started. */
async function start(program: string): Promise<string> {
  if (program === 'referrers-registry') {
    const child = spawn(join(bin, program), { stdio: ['ignore', 'pipe', 'ignore'] });
    started.push(child);
    return new Promise((done) => child.stdout.once('data', (line: Buffer) => done(line.toString().trim())));
  }
  const directory = temporaryDirectory();
  const host = `127.0.0.1:${await freePort()}`;
  writeFileSync(
    join(directory, 'c.yml'),
    `version: 0.1\nstorage:\n  filesystem: {rootdirectory: ${directory}/data}\nhttp: {addr: "${host}"}\n`,
  );
  started.push(spawn(join(bin, program), ['serve', join(directory, 'c.yml')], { stdio: 'ignore' }));
  for (let i = 0; i < 200; i++) {
    const isUp = await fetch(`http://${host}/v2/`).then(
      () => true,
      () => false,
    );
    if (isUp) return host;
    await new Promise((wait) => setTimeout(wait, 50));
  }
  throw new Error(`${program} does not answer`);
}

const tool = (name: string, cwd: string, ...args: readonly string[]): string =>
  execFileSync(join(bin, name), args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, COSIGN_PASSWORD: '', HOME: cwd },
  });
const exitOf = (name: string, cwd: string, ...args: readonly string[]): number | null =>
  spawnSync(join(bin, name), args, { cwd, stdio: 'ignore', env: { ...process.env, COSIGN_PASSWORD: '', HOME: cwd } }).status;

describe.each(['docker-registry', 'registry', 'referrers-registry'])('%s', (program) => {
  it.runIf(has(program, 'oras', 'cosign'))('takes our evidence, which oras and cosign find and verify', { timeout: 120_000 }, async () => {
    const host = await start(program);
    const cwd = temporaryDirectory({ 'me.pub': me.publicKey, 'other.pub': other.publicKey, 'me.pem': me.key, 'p.json': '{"by":"cosign"}' });
    await signed(join(cwd, 'lora'), FILES, me);
    const ref = `${host}/acme/lora`;
    tool('oras', join(cwd, 'lora'), 'push', '--plain-http', `${ref}:1.0`, ...Object.keys(FILES));
    const digest = tool('oras', cwd, 'resolve', '--plain-http', `${ref}:1.0`).trim();
    const attest = ['attest', 'lora', '--type', 'test-result', '--result', 'PASSED', '--configuration', 'https://eval.example/s'];
    await runCli(cwd, [...attest, '--key', 'me.pem', '--subject', `${ref}=${digest}`]);
    expect(await runCli(cwd, ['attach', `oci://${ref}:1.0`, 'lora'])).toMatchObject({ code: 0 });

    // oras lists both, and no more when they are attached again.
    await runCli(cwd, ['attach', `oci://${ref}:1.0`, 'lora']);
    const found = JSON.parse(tool('oras', cwd, 'discover', '--plain-http', '--format', 'json', `${ref}:1.0`));
    const types = (found.referrers ?? found.manifests).map(
      (each: { annotations: Record<string, string> }) => each.annotations['dev.sigstore.bundle.predicateType'],
    );
    expect(types.sort()).toEqual([PREDICATE, 'https://model_signing/signature/v1.0']);

    // cosign verifies by the right key alone.
    const verifying = (key: string) => [
      'verify-attestation',
      '--key',
      key,
      '--insecure-ignore-tlog',
      '--type',
      PREDICATE,
      `${ref}@${digest}`,
    ];
    expect(exitOf('cosign', cwd, ...verifying('me.pub'))).toBe(0);
    expect(exitOf('cosign', cwd, ...verifying('other.pub'))).not.toBe(0);

    // What cosign attaches counts here.
    tool('cosign', cwd, 'import-key-pair', '--key', 'me.pem', '--output-key-prefix', 'co', '-y');
    tool('cosign', cwd, 'signing-config', 'create', '--out', 'sc.json');
    tool(
      'cosign',
      cwd,
      'attest',
      '--key',
      'co.key',
      '--signing-config',
      'sc.json',
      '--type',
      'https://acme.example/looked-at/v1',
      '--predicate',
      'p.json',
      '-y',
      `${ref}@${digest}`,
    );
    const verify = async (target: string, key = 'me.pub') => {
      const { code, out } = await runCli(cwd, ['verify', target, '--public-key', key, '--format', 'json']);
      return { code, verdict: JSON.parse(out) };
    };
    const { code, verdict } = await verify(`oci://${ref}@${digest}`);
    expect(code).toBe(0);
    expect(verdict.unread).toEqual([]);
    expect(verdict.claims.map((each: { ok: boolean; predicateType: string }) => [each.predicateType, each.ok]).sort()).toEqual([
      ['https://acme.example/looked-at/v1', true],
      [PREDICATE, true],
    ]);
    expect((await verify(`oci://${ref}@${digest}`, 'other.pub')).code).toBe(1);

    // Copied with what refers to it, it verifies from the layout as well.
    tool('oras', cwd, 'copy', '-r', '--from-plain-http', `${ref}:1.0`, '--to-oci-layout', 'layout:1.0');
    expect((await verify('oci:layout:1.0')).verdict).toMatchObject({ ok: true, digest, signatures: [{ ok: true }] });
    const pulled = await runCli(cwd, ['pull', `oci://${ref}:1.0`, '-o', 'out', '--files', '--public-key', 'me.pub']);
    expect(pulled.code).toBe(0);
    expect(readFileSync(join(cwd, 'out/adapter_config.json'), 'utf8')).toBe(FILES['adapter_config.json']);
    expect((await runCli(cwd, ['verify', 'out', '--signature', 'out/model.sig', '--public-key', 'me.pub'])).code).toBe(0);
  });
});

/** The registry of the test answers while it runs. */
const run = promisify(execFile);
const hasSkopeo = spawnSync('skopeo', ['--version']).error === undefined;

it.runIf(hasSkopeo && has('docker-registry'))('what skopeo copies verifies by the same evidence', { timeout: 60_000 }, async () => {
  const cwd = temporaryDirectory({ 'me.pub': me.publicKey, 'other.pub': other.publicKey });
  await signed(join(cwd, 'lora'), FILES, me);
  const source = await startRegistry({ referrers: false });
  // Clients ask first whether it is a registry at all.
  source.faults.answer = ({ url }, response) => url === '/v2/' && response.writeHead(200).end('{}') !== undefined;
  const digest = pushModel(source, 'acme/lora', '1.0', FILES);
  const from = `${source.host}/acme/lora`;
  expect(await runCli(cwd, ['attach', `oci://${from}:1.0`, 'lora'])).toMatchObject({ code: 0 });
  const to = `${await start('docker-registry')}/mirror/lora`;
  const copy = (...args: readonly string[]) =>
    run('skopeo', ['copy', '--all', '--src-tls-verify=false', '--dest-tls-verify=false', ...args], {
      cwd,
      env: { PATH: process.env.PATH, HOME: cwd, TMPDIR: cwd },
    });
  const verify = async (ref: string, key = 'me.pub') => {
    const { code, out } = await runCli(cwd, ['verify', ref, '--public-key', key, '-f', 'json']);
    return { code, digest: JSON.parse(out).digest };
  };
  await copy(`docker://${from}:1.0`, `docker://${to}:1.0`);
  // The artifact alone has no evidence; the list of what refers to it lies in a tag, which skopeo copies like any other.
  expect(await verify(`oci://${to}:1.0`)).toEqual({ code: 1, digest });
  await copy(`docker://${from}:${digest.replace(':', '-')}`, `docker://${to}:${digest.replace(':', '-')}`);
  expect(await verify(`oci://${to}:1.0`)).toEqual({ code: 0, digest });
  expect(await verify(`oci://${to}:1.0`, 'other.pub')).toEqual({ code: 1, digest });
  await copy(`docker://${to}:1.0`, 'oci:layout:1.0');
  expect(await runCli(cwd, ['attach', 'oci:layout:1.0', 'lora'])).toMatchObject({ code: 0 });
  expect(await verify('oci:layout:1.0')).toEqual({ code: 0, digest });
  expect((await runCli(cwd, ['pull', `oci://${to}:1.0`, '-o', 'out', '--files', '--public-key', 'me.pub'])).code).toBe(0);
  expect(readFileSync(join(cwd, 'out/adapter.safetensors'), 'utf8')).toBe(FILES['adapter.safetensors']);
});

it.runIf(has('oras'))('a directory that oras packed is verified by what is in it', { timeout: 60_000 }, async () => {
  const cwd = temporaryDirectory({ 'me.pub': me.publicKey });
  await signed(join(cwd, 'files'), { 'weights/a.bin': 'a', 'weights/b.bin': 'b' }, me);
  mkdirSync(join(cwd, 'layout'));
  tool('oras', join(cwd, 'files'), 'push', '--oci-layout', '../layout:1', 'weights');
  expect((await runCli(cwd, ['attach', 'oci:layout:1', 'files'])).code).toBe(0);
  expect(await runCli(cwd, ['verify', 'oci:layout:1', '--public-key', 'me.pub'])).toMatchObject({ code: 0 });
});

it.runIf(has('cosign'))('cosign verifies a signature of a model as what it is', { timeout: 60_000 }, async () => {
  const cwd = temporaryDirectory({ 'me.pub': me.publicKey });
  const root = await signed(join(cwd, 'm'), FILES, me);
  const by = (digest: string) =>
    exitOf(
      'cosign',
      cwd,
      'verify-blob-attestation',
      '--bundle',
      'm/model.sig',
      '--key',
      'me.pub',
      '--insecure-ignore-tlog',
      '--type',
      'https://model_signing/signature/v1.0',
      '--digest',
      digest,
      '--digestAlg',
      'sha256',
    );
  expect(by(root)).toBe(0);
  expect(by('0'.repeat(64))).not.toBe(0);
});

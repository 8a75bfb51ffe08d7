/** The verbs against a registry that keeps to the specification. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { manifest as manifestOf } from '../../src/index.js';
import {
  appendClaim,
  documentClaim,
  handoff,
  keySigner,
  signDirectory,
  signStatement,
  statement,
  testResult,
} from '../../src/sign/index.js';
import { runCli } from '../support/cli.js';
import { claimed, madeFrom, person, signed } from '../support/custody.js';
import { digestOf, pushModel, type RegistryShape, startRegistry, type TestRegistry } from '../support/oci-registry.js';
import { tarOf } from '../support/tar.js';
import { temporaryDirectory } from '../support/temporary.js';

const FILES = { 'model.safetensors': 'weights of the model', 'config.json': '{"a":1}' };
const me = person();
const other = person();

/** A signed directory with a claim, and its files in a registry. */
async function pushed(shape: RegistryShape = {}, files: Readonly<Record<string, string>> = FILES) {
  const cwd = temporaryDirectory({ 'me.pub': me.publicKey, 'other.pub': other.publicKey });
  const registry = await startRegistry(shape);
  const root = await signed(join(cwd, 'model'), files, me);
  const claim = await claimed(join(cwd, 'model'), tested(root), me);
  const digest = pushModel(registry, 'acme/model', '1.0', files);
  return { cwd, registry, root, claim, digest, ref: `oci://${registry.host}/acme/model:1.0` };
}

const tested = (root: string) =>
  testResult({
    subject: [{ name: 'model', digest: { sha256: root } }],
    result: 'PASSED',
    configuration: [{ uri: 'https://eval.example/suite' }],
    finished: new Date('2026-01-01T00:00:00Z'),
  });

const verify = async (cwd: string, ref: string, ...more: readonly string[]) => {
  const { code, out, err } = await runCli(cwd, ['verify', ref, '--public-key', 'me.pub', '--format', 'json', ...more]);
  return { code, err, verdict: out === '' ? undefined : JSON.parse(out) };
};

const isWrite = ({ method }: { readonly method: string }): boolean => method !== 'GET' && method !== 'HEAD';

describe.each([
  ['a registry with the referrers API', {}],
  ['a registry that lists by pages', { pageSize: 1 }],
  ['a registry without the referrers API', { referrers: false }],
  ['a registry without it, with entity tags', { referrers: false, etags: true }],
] as const)('%s', (_name, shape) => {
  it('keeps signature and claims, and the artifact verifies by them', async () => {
    const { cwd, registry, root, claim, digest, ref } = await pushed(shape);
    const attached = await runCli(cwd, ['attach', ref, 'model'], { env: { SOURCE_DATE_EPOCH: '1767225600' } });
    expect(attached).toMatchObject({ code: 0, err: '' });
    const { code, verdict } = await verify(cwd, ref);
    expect(code).toBe(0);
    expect(verdict).toMatchObject({
      ok: true,
      digest,
      covers: 'files',
      signatures: [{ ok: true, root: { sha256: root }, files: { signed: 2, verified: 2, unsigned: [], ignored: [] } }],
      claims: [{ ok: true, id: claim, predicateType: 'https://in-toto.io/attestation/test-result/v0.1' }],
      others: [],
      unread: [],
    });
    const manifest = [...registry.manifests.values()]
      .map(({ bytes }) => JSON.parse(bytes.toString()))
      .find((each) => each.annotations?.['dev.sigstore.bundle.predicateType']?.includes('test-result'));
    expect(manifest).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      config: {
        mediaType: 'application/vnd.oci.empty.v1+json',
        digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
        size: 2,
      },
      layers: [
        {
          mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
          digest: digestOf(readFileSync(join(cwd, 'model/claims.jsonl'), 'utf8').trim()),
          size: expect.any(Number),
        },
      ],
      subject: {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest,
        size: registry.manifests.get('acme/model:1.0')?.bytes.byteLength,
      },
      annotations: {
        'org.opencontainers.image.created': '2026-01-01T00:00:00Z',
        'dev.sigstore.bundle.content': 'dsse-envelope',
        'dev.sigstore.bundle.predicateType': 'https://in-toto.io/attestation/test-result/v0.1',
      },
    });
  });
  it('is written nothing more when the same is attached again', async () => {
    const { cwd, registry, ref } = await pushed(shape);
    await runCli(cwd, ['attach', ref, 'model']);
    const before = registry.asked.length;
    const again = await runCli(cwd, ['attach', ref, 'model']);
    expect(again.code).toBe(0);
    expect(again.out).toMatch(/^was there .*model\.sig\nwas there .*claims\.jsonl:1\n$/);
    expect(registry.asked.slice(before).filter(isWrite)).toEqual([]);
  });
});

it('all blobs are there before anything refers to the artifact', async () => {
  const { cwd, registry, ref } = await pushed();
  await runCli(cwd, ['attach', ref, 'model']);
  const writes = registry.asked
    .filter(({ method }) => method === 'PUT')
    .map(({ path }) => (path.includes('/manifests/') ? 'manifest' : 'blob'));
  expect(writes).toEqual(['blob', 'blob', 'blob', 'manifest', 'manifest']);
});

it('what others add to the tag of referrers meanwhile stays', async () => {
  const { cwd, registry, ref, digest } = await pushed({ referrers: false, etags: true });
  const tag = `acme/model:${digest.replace(':', '-')}`;
  const foreign = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: 1 };
  let isDone = false;
  registry.faults.answer = ({ method, url = '' }) => {
    if (method === 'PUT' && url.includes('/manifests/sha256-') && !isDone) {
      isDone = true;
      registry.manifests.set(tag, {
        type: 'application/vnd.oci.image.index.v1+json',
        bytes: Buffer.from(
          JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [foreign] }),
        ),
      });
    }
    return false;
  };
  // The first write has no index to compare with, the second finds that it was changed.
  await runCli(cwd, ['attach', ref, 'model']);
  isDone = false;
  await runCli(cwd, ['attach', ref, await documentIn(cwd)]);
  const index = JSON.parse(registry.manifests.get(tag)?.bytes.toString() ?? '');
  expect(index.manifests).toContainEqual(foreign);
  expect(index.manifests.length).toBe(2);
});

async function documentIn(cwd: string): Promise<string> {
  writeFileSync(join(cwd, 'doc.msbom.json'), JSON.stringify(manifestOf({ name: 'm', version: '1' }).build()));
  return 'doc.msbom.json';
}

describe('a verdict about an artifact', () => {
  it('is negative for another key, a changed layer, an added one and one that is gone', async () => {
    for (const [change, code] of [
      [{ ...FILES, 'config.json': '{"a":2}' }, 'file-changed'],
      [{ ...FILES, 'handler.py': 'import os' }, 'file-unsigned'],
      [{ 'config.json': FILES['config.json'] }, 'file-missing'],
    ] as const) {
      const { cwd, registry } = await pushed();
      const signature = readFileSync(join(cwd, 'model/model.sig'));
      pushModel(registry, 'acme/bad', '1', change as Readonly<Record<string, string>>);
      writeFileSync(join(cwd, 'given.sig'), signature);
      const { code: exit, verdict } = await verify(cwd, `oci://${registry.host}/acme/bad:1`, '--signature', 'given.sig');
      expect(exit).toBe(1);
      expect(verdict.reasons[0].code).toBe(code);
    }
    const { cwd, ref } = await pushed();
    await runCli(cwd, ['attach', ref, 'model']);
    const wrong = await runCli(cwd, ['verify', ref, '--public-key', 'other.pub']);
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain('not verified');
  });
  it('is negative when nothing refers to it, whatever is claimed of another', async () => {
    const { cwd, ref } = await pushed();
    const { code, verdict } = await verify(cwd, ref);
    expect(code).toBe(1);
    expect(verdict.reasons).toMatchObject([{ code: 'nothing-signed' }]);
  });
  it('does not count what a list shows and what refers to something else', async () => {
    const { cwd, registry, ref, digest } = await pushed({ referrers: false });
    await runCli(cwd, ['attach', ref, 'model']);
    const second = pushModel(registry, 'acme/model', '2.0', { ...FILES, extra: 'x' });
    const index = registry.manifests.get(`acme/model:${digest.replace(':', '-')}`);
    if (index !== undefined) registry.manifests.set(`acme/model:${second.replace(':', '-')}`, index);
    const { code, verdict } = await verify(cwd, `oci://${registry.host}/acme/model:2.0`);
    expect(code).toBe(1);
    expect(verdict.signatures).toEqual([]);
    expect(verdict.unread).toMatchObject([{ detail: 'it refers to something else' }, { detail: 'it refers to something else' }]);
  });
  it('does not count claims about another model, though somebody attached its signature', async () => {
    const { cwd, ref } = await pushed();
    await runCli(cwd, ['attach', ref, 'model']);
    const root = await signed(join(cwd, 'another'), { 'another.bin': 'x' }, other);
    await claimed(join(cwd, 'another'), tested(root), me);
    expect((await runCli(cwd, ['attach', ref, 'another'])).code).toBe(0);
    const { code, verdict } = await verify(cwd, ref);
    expect(code).toBe(0);
    expect(verdict.claims.map((each: { ok: boolean; reasons: { code: string }[] }) => [each.ok, each.reasons[0]?.code])).toEqual([
      [true, undefined],
      [false, 'claim-subject'],
    ]);
  });
  it('is not spoiled by what others attach', async () => {
    const { cwd, registry, ref, digest } = await pushed();
    await runCli(cwd, ['attach', ref, 'model']);
    const subject = {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest,
      size: registry.manifests.get('acme/model:1.0')?.bytes.byteLength,
    };
    const config = { mediaType: 'application/vnd.oci.empty.v1+json', ...registry.put('{}') };
    const type = 'application/vnd.dev.sigstore.bundle.v0.3+json';
    const add = (layers: readonly object[], artifactType = type) =>
      registry.putManifest('acme/model', `x${registry.manifests.size}`, {
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        artifactType,
        config,
        layers,
        subject,
      });
    add([{ mediaType: type, ...registry.put('{"no":"bundle"}') }]);
    add([{ mediaType: type, ...registry.put('[') }]);
    add([]);
    add([{ mediaType: type, digest: digestOf('gone'), size: 4 }]);
    add([{ mediaType: 'text/plain', ...registry.put('hello') }], 'text/plain');
    add([{ mediaType: type, digest: digestOf('huge'), size: 10 ** 12 }]);
    const { code, verdict } = await verify(cwd, ref);
    expect(code).toBe(0);
    expect(verdict.unread.length).toBe(5);
    expect(verdict.others).toMatchObject([{ artifactType: 'text/plain' }]);
  });
  it('of an image of containers is by claims about its digest', async () => {
    const { cwd, registry } = await pushed();
    const digest = registry.putManifest('acme/image', '1', {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...registry.put('{"os":"linux"}') },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...registry.put('no tar') }],
    });
    const ref = `oci://${registry.host}/acme/image:1`;
    const about = (sha256: string) => statement([{ name: 'image', digest: { sha256 } }], 'https://acme.example/looked-at/v1', { by: 'us' });
    writeFileSync(join(cwd, 'claim.jsonl'), `${(await signStatement(about(digest.slice(7)), keySigner({ key: me.key }))).bundle}\n`);
    expect((await verify(cwd, ref)).code).toBe(1);
    expect((await runCli(cwd, ['attach', ref, 'claim.jsonl'])).code).toBe(0);
    const { code, verdict } = await verify(cwd, ref);
    expect(code).toBe(0);
    expect(verdict).toMatchObject({ ok: true, covers: 'digest', signatures: [], claims: [{ ok: true }] });
    expect((await runCli(cwd, ['verify', ref, '--public-key', 'other.pub'])).code).toBe(1);
    // About something else: refused before anything is sent.
    writeFileSync(join(cwd, 'stray.jsonl'), `${(await signStatement(about('0'.repeat(64)), keySigner({ key: me.key }))).bundle}\n`);
    const before = registry.asked.length;
    const stray = await runCli(cwd, ['attach', ref, 'stray.jsonl']);
    expect(stray).toMatchObject({ code: 2, out: '' });
    expect(stray.err).toContain('ERR_SIGN_STATEMENT');
    expect(registry.asked.slice(before).filter(isWrite)).toEqual([]);
  });
  it('covers a directory that was pushed whole, with its signature in it', async () => {
    const { cwd, registry } = await pushed();
    const content = Object.fromEntries(
      ['model.safetensors', 'config.json', 'model.sig', 'claims.jsonl'].map((name) => [name, readFileSync(join(cwd, 'model', name))]),
    );
    pushModel(registry, 'acme/whole', '1', content);
    const { code, verdict } = await verify(cwd, `oci://${registry.host}/acme/whole:1`);
    expect(code).toBe(0);
    expect(verdict).toMatchObject({
      signatures: [{ from: 'model.sig', files: { verified: 2, unsigned: [], ignored: [{ path: 'claims.jsonl' }] } }],
      claims: [{ from: 'claims.jsonl:1', ok: true }],
    });
  });
  it('covers Docker layers, which have no names, by their digests', async () => {
    const { cwd, registry } = await pushed({}, { 'model.gguf': 'GGUF weights', LICENSE: 'MIT' });
    const layers = [
      { mediaType: 'application/vnd.docker.ai.gguf.v3', ...registry.put('GGUF weights') },
      { mediaType: 'application/vnd.docker.ai.license', ...registry.put('MIT') },
    ];
    const push = (tag: string, more: readonly object[]) =>
      registry.putManifest('ai/m', tag, {
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: { mediaType: 'application/vnd.docker.ai.model.config.v0.1+json', ...registry.put('{}') },
        layers: [...layers, ...more],
      });
    push('1', []);
    push('2', [{ mediaType: 'application/vnd.docker.ai.chat.template.jinja', ...registry.put('{{ evil }}') }]);
    await runCli(cwd, ['attach', `oci://${registry.host}/ai/m:1`, 'model']);
    expect((await verify(cwd, `oci://${registry.host}/ai/m:1`)).verdict).toMatchObject({
      ok: true,
      signatures: [{ files: { verified: 2 } }],
    });
    await runCli(cwd, ['attach', `oci://${registry.host}/ai/m:2`, 'model']);
    const { code, verdict } = await verify(cwd, `oci://${registry.host}/ai/m:2`);
    expect(code).toBe(1);
    expect(verdict.reasons).toMatchObject([{ code: 'file-unsigned', path: `layer ${digestOf('{{ evil }}')}` }]);
  });
  it.each([
    ['tar', (bytes: Buffer) => bytes],
    ['tar+gzip', (bytes: Buffer) => gzipSync(bytes)],
  ])('covers layers packed as %s, as KitOps makes them, by what is in them', async (packing, pack) => {
    const { cwd, registry } = await pushed({}, { 'a/weights.bin': 'x'.repeat(70_000), 'b.json': '{}', empty: '' });
    const kit = (tag: string, archive: Buffer) => kitOf(tag, pack(archive));
    const kitOf = (tag: string, layer: Buffer) =>
      registry.putManifest('acme/kit', tag, {
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: { mediaType: 'application/vnd.kitops.modelkit.config.v1+json', ...registry.put('{"manifestVersion":"1.0.0"}') },
        layers: [{ mediaType: `application/vnd.kitops.modelkit.model.v1.${packing}`, ...registry.put(layer) }],
      });
    const whole = [
      { path: 'a/', type: '5' },
      { path: './a/weights.bin', content: 'x'.repeat(70_000) },
      { path: 'b.json', content: '{}' },
    ];
    kit('1', tarOf(...whole, { path: 'short', pax: { path: 'empty' } }));
    kit('changed', tarOf(...whole.map((each) => (each.path === 'b.json' ? { ...each, content: '[]' } : each)), { path: 'empty' }));
    kit('linked', tarOf(...whole, { path: 'empty', type: '2' }));
    kit('out', tarOf(...whole, { path: 'empty' }, { path: '../evil.py', content: '1' }));
    kit('twice', tarOf(...whole, { path: 'empty' }, { path: 'b.json', content: '{}' }));
    // Nothing may lie behind what was packed; behind the end of an archive it means nothing.
    kitOf('behind', Buffer.concat([pack(tarOf(...whole, { path: 'empty' })), Buffer.alloc(4 * 1024 * 1024, 'x')]));
    const sum = tarOf(...whole, { path: 'empty' });
    sum.write('7', 103);
    kit('checksum', sum);
    kit('bomb', tarOf(...whole, { path: 'empty' }, { path: 'zeros', content: Buffer.alloc(24 * 1024 * 1024) }));
    kit('broken', tarOf(...whole, { path: 'empty' }).subarray(0, 3000));
    const expected: Readonly<Record<string, readonly string[]>> = {
      1: [],
      changed: ['file-changed'],
      linked: ['file-unreadable'],
      out: ['file-unsigned'],
      twice: ['file-unreadable'],
      behind: packing === 'tar' ? [] : ['file-unreadable', 'file-missing', 'file-missing', 'file-missing'],
      checksum: ['file-unreadable', 'file-missing', 'file-missing', 'file-missing'],
      bomb: packing === 'tar' ? ['file-unsigned'] : ['file-unreadable', 'file-missing', 'file-missing', 'file-missing'],
      broken: ['file-unreadable', 'file-missing', 'file-missing', 'file-missing'],
    };
    for (const [tag, codes] of Object.entries(expected)) {
      const ref = `oci://${registry.host}/acme/kit:${tag}`;
      const { code, verdict } = await verify(cwd, ref, '--signature', 'model/model.sig');
      expect(
        verdict.reasons.map((each: { code: string }) => each.code),
        tag,
      ).toEqual(codes);
      expect(code, tag).toBe(codes.length === 0 ? 0 : 1);
    }
  });
  it.each([
    ['blake2b', { hash: 'blake2b' }],
    ['blake3 in parts', { hash: 'blake3', shardSize: 8 }],
  ] as const)('covers files that were signed by %s, which have to be read', async (_name, options) => {
    const { cwd, registry } = await pushed();
    const signature = (
      await signDirectory(join(cwd, 'model'), {
        signer: keySigner({ key: me.key }),
        signatureFile: join(cwd, 'model/model.sig'),
        ...options,
      })
    ).bundle;
    writeFileSync(join(cwd, 'b.sig'), signature);
    expect((await verify(cwd, `oci://${registry.host}/acme/model:1.0`, '--signature', 'b.sig')).verdict.reasons).toEqual([]);
    pushModel(registry, 'acme/model', '2', { ...FILES, 'config.json': '{"a":2}' });
    expect((await verify(cwd, `oci://${registry.host}/acme/model:2`, '--signature', 'b.sig')).verdict.reasons).toMatchObject([
      { code: 'file-changed' },
    ]);
  });
  it('is by a policy and with ancestry, as of a directory', async () => {
    const { cwd, ref, root } = await pushed();
    const base = await signed(join(cwd, 'sources/base'), { 'base.bin': 'base' }, other);
    await claimed(join(cwd, 'model'), madeFrom(root, [['base-model', base]]), me);
    await runCli(cwd, ['attach', ref, 'model']);
    writeFileSync(
      join(cwd, 'policy.json'),
      JSON.stringify({
        policyVersion: '1.0',
        id: 'p',
        roles: { us: { anyOf: [{ publicKey: 'me.pub' }] }, them: { anyOf: [{ publicKey: 'other.pub' }] } },
        rules: [
          { id: 'signed', require: 'signature', by: ['us'] },
          { id: 'files', require: 'files', only: ['*.safetensors', '*.json'] },
          { id: 'base', require: 'edge', role: 'base-model', by: ['us'] },
          { id: 'base-signed', require: 'signature', on: ['base-model'], by: ['them'] },
          {
            id: 'tested',
            require: 'claim',
            type: 'https://in-toto.io/attestation/test-result/v0.1',
            by: ['us'],
            when: "predicate.result == 'PASSED'",
          },
        ],
      }),
    );
    const good = await runCli(cwd, ['verify', ref, '--policy', 'policy.json', '--roots', 'sources', '--format', 'json']);
    expect(good.code, good.out + good.err).toBe(0);
    expect(JSON.parse(good.out).lineage.root).toBe(`sha256:${root}`);
    const alone = await runCli(cwd, ['verify', ref, '--policy', 'policy.json', '--explain']);
    expect(alone.code).toBe(1);
    expect(alone.out).toContain('no base-model that is verified');
    const mermaid = await runCli(cwd, ['verify', ref, '--lineage', '--public-key', 'me.pub', '--roots', 'sources', '--format', 'mermaid']);
    expect(mermaid.code).toBe(1); // the base is signed by somebody else
    expect(mermaid.out).toContain('base-model');
  });
  it('as a summary is about the digest that a cluster knows', async () => {
    const { cwd, ref, digest } = await pushed();
    await runCli(cwd, ['attach', ref, 'model']);
    writeFileSync(join(cwd, 'key.pem'), other.key);
    await runCli(cwd, [
      'verify',
      ref,
      '--public-key',
      'me.pub',
      '--emit-vsa',
      'vsa.json',
      '--vsa-key',
      'key.pem',
      '--verifier',
      'https://verify.example',
      '--resource',
      'https://deploy.example/model',
    ]);
    const payload = JSON.parse(
      Buffer.from(JSON.parse(readFileSync(join(cwd, 'vsa.json'), 'utf8')).dsseEnvelope.payload, 'base64').toString(),
    );
    expect(payload.subject).toEqual([{ name: expect.stringMatching(/^oci:\/\//), digest: { sha256: digest.slice(7) } }]);
    expect(payload.predicate.verificationResult).toBe('PASSED');
  });
});

describe('attach', () => {
  it('refuses a signature of other files than those of the layers', async () => {
    const { cwd, registry } = await pushed();
    pushModel(registry, 'acme/other', '1', { ...FILES, 'config.json': 'other' });
    const { code, err } = await runCli(cwd, ['attach', `oci://${registry.host}/acme/other:1`, 'model']);
    expect(code).toBe(2);
    expect(err).toContain('ERR_SIGN_CONTENT');
    expect(registry.asked.filter(isWrite)).toEqual([]);
  });
  it('takes documents that are valid, by their media type', async () => {
    const { cwd, registry, ref } = await pushed();
    expect((await runCli(cwd, ['attach', ref, await documentIn(cwd)])).code).toBe(0);
    writeFileSync(join(cwd, 'bad.json'), '{"bom":{}}');
    expect((await runCli(cwd, ['attach', ref, 'bad.json'])).err).toContain('ERR_MANIFEST_INVALID');
    expect((await verify(cwd, ref)).verdict.others).toMatchObject([{ artifactType: 'application/vnd.msbom+json' }]);
    expect([...registry.manifests.values()].some(({ bytes }) => bytes.includes('"org.opencontainers.image.title":"doc.msbom.json"'))).toBe(
      true,
    );
  });
  it.each([
    ['acme/model:1', 'ERR_OCI_REFERENCE'],
    ['oci://localhost/acme/model', 'ERR_OCI_REFERENCE'],
    ['oci://localhost/Acme:1', 'ERR_OCI_REFERENCE'],
    ['oci://localhost/a@sha256:12', 'ERR_OCI_REFERENCE'],
    ['oci:nowhere:1', 'ERR_OCI_NOT_FOUND'],
  ])('refuses %s', async (ref, code) => {
    const { cwd } = await pushed();
    const { code: exit, err } = await runCli(cwd, ['attach', ref, 'model']);
    expect(exit).toBe(2);
    expect(err).toContain(code);
  });
});

describe('pull', () => {
  const read = (cwd: string, path: string): string => readFileSync(join(cwd, path), 'utf8');
  it('takes the evidence, and with --files a directory that verifies', async () => {
    const { cwd, ref } = await pushed();
    await runCli(cwd, ['attach', ref, 'model']);
    expect((await runCli(cwd, ['pull', ref, '-o', 'evidence'])).code).toBe(0);
    expect(readdirSync(join(cwd, 'evidence')).sort()).toEqual(['claims.jsonl', 'model.sig']);
    expect(read(cwd, 'evidence/claims.jsonl')).toBe(read(cwd, 'model/claims.jsonl'));
    const pulled = await runCli(cwd, ['pull', ref, '-o', 'out', '--files', '--public-key', 'me.pub', '--format', 'json']);
    expect(pulled.code).toBe(0);
    expect(JSON.parse(pulled.out).files).toHaveLength(4);
    expect((await runCli(cwd, ['verify', 'out', '--signature', 'out/model.sig', '--public-key', 'me.pub'])).code).toBe(0);
    expect(readdirSync(cwd).filter((name) => name.startsWith('.'))).toEqual([]);
  });
  it('writes nothing when the artifact does not verify', async () => {
    const { cwd, ref } = await pushed();
    await runCli(cwd, ['attach', ref, 'model']);
    const { code, out } = await runCli(cwd, ['pull', ref, '-o', 'out', '--files', '--public-key', 'other.pub']);
    expect(code).toBe(1);
    expect(out).toContain('nothing was written');
    expect(existsSync(join(cwd, 'out'))).toBe(false);
  });
  it('replaces nothing unasked, and writes nothing then', async () => {
    const { cwd, ref } = await pushed();
    await runCli(cwd, ['attach', ref, 'model']);
    mkdirSync(join(cwd, 'out'));
    writeFileSync(join(cwd, 'out/claims.jsonl'), 'mine');
    const refused = await runCli(cwd, ['pull', ref, '-o', 'out', '--files']);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.err).toContain('ERR_IO_EXISTS');
    expect(readdirSync(join(cwd, 'out'))).toEqual(['claims.jsonl']);
    expect(read(cwd, 'out/claims.jsonl')).toBe('mine');
    expect((await runCli(cwd, ['pull', ref, '-o', 'out', '--files', '--force'])).code).toBe(0);
    expect(read(cwd, 'out/config.json')).toBe(FILES['config.json']);
  });
  it('writes through no link', async () => {
    const { cwd, ref } = await pushed({}, { 'sub/a.json': '{}' });
    mkdirSync(join(cwd, 'out'));
    mkdirSync(join(cwd, 'elsewhere'));
    symlinkSync(join(cwd, 'elsewhere'), join(cwd, 'out/sub'));
    const { code, err } = await runCli(cwd, ['pull', ref, '-o', 'out', '--files', '--force']);
    expect(code).toBe(2);
    expect(err).toContain('ERR_IO_LINK');
    expect(readdirSync(join(cwd, 'elsewhere'))).toEqual([]);
  });
  it.each(['../evil', '/etc/evil', 'a/../../evil', 'a\u0000b', ''])('refuses a layer called %j', async (path) => {
    const { cwd, registry } = await pushed();
    pushModel(registry, 'acme/evil', '1', { [path]: 'x' });
    const { code } = await runCli(cwd, ['pull', `oci://${registry.host}/acme/evil:1`, '-o', 'deep/out', '--files']);
    expect(code).toBe(2);
    expect(existsSync(join(cwd, 'evil')) || existsSync(join(cwd, 'deep/evil'))).toBe(false);
  });
  it('does not choose between signatures', async () => {
    const { cwd, ref, root } = await pushed();
    await runCli(cwd, ['attach', ref, 'model']);
    const theirs = (
      await signDirectory(join(cwd, 'model'), { signer: keySigner({ key: other.key }), signatureFile: join(cwd, 'model/model.sig') })
    ).bundle;
    writeFileSync(join(cwd, 'theirs.sig'), theirs);
    await runCli(cwd, ['attach', ref, 'theirs.sig']);
    expect((await runCli(cwd, ['pull', ref, '-o', 'out'])).err).toContain('2 signatures');
    expect((await runCli(cwd, ['pull', ref, '-o', 'out', '--public-key', 'other.pub'])).code).toBe(0);
    expect(read(cwd, 'out/model.sig')).toBe(theirs);
    expect(root).toMatch(/^[0-9a-f]{64}$/);
  });
  it('gives documents names of its own', async () => {
    const { cwd, ref } = await pushed();
    await runCli(cwd, ['attach', ref, await documentIn(cwd)]);
    expect((await runCli(cwd, ['pull', ref, '-o', 'out', '--documents', 'docs'])).code).toBe(0);
    expect(readdirSync(join(cwd, 'docs'))).toEqual([expect.stringMatching(/^[0-9a-f]{12}\.msbom\.json$/)]);
    expect(existsSync(join(cwd, 'out'))).toBe(false);
  });
});

/** Whoever copies an artifact elsewhere need not sign it anew. */
it('evidence goes on to another registry and to an OCI layout with the same digest', async () => {
  const { cwd, registry, ref, digest } = await pushed();
  await runCli(cwd, ['attach', ref, 'model']);
  await runCli(cwd, ['pull', ref, '-o', 'evidence']);
  const layout = layoutOf(registry, 'acme/model:1.0', join(cwd, 'layout'));
  expect(layout).toBe(digest);
  expect((await verify(cwd, 'oci:layout:1.0')).code).toBe(1);
  expect((await runCli(cwd, ['attach', 'oci:layout:1.0', 'evidence'])).code).toBe(0);
  const { code, verdict } = await verify(cwd, `oci:layout@${digest}`);
  expect(code).toBe(0);
  expect(verdict).toMatchObject({ artifact: 'oci:layout', signatures: [{ ok: true }], claims: [{ ok: true }] });
  expect((await runCli(cwd, ['attach', 'oci:layout:1.0', 'evidence'])).out).toMatch(/^was there .*\nwas there/);
  expect((await runCli(cwd, ['pull', 'oci:layout:1.0', '-o', 'out', '--files', '--public-key', 'me.pub'])).code).toBe(0);
  expect(readFileSync(join(cwd, 'out/config.json'), 'utf8')).toBe(FILES['config.json']);
});

/** An artifact of a registry as an OCI layout; its digest. */
function layoutOf(registry: TestRegistry, key: string, directory: string): string {
  const { bytes, type } = registry.manifests.get(key) ?? { bytes: Buffer.alloc(0), type: '' };
  mkdirSync(join(directory, 'blobs/sha256'), { recursive: true });
  writeFileSync(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const digest = digestOf(bytes);
  for (const [each, content] of [...registry.blobs, [digest, bytes] as const])
    writeFileSync(join(directory, 'blobs', each.replace(':', '/')), content);
  const manifests = [
    { mediaType: type, digest, size: bytes.byteLength, annotations: { 'org.opencontainers.image.ref.name': key.split(':')[1] } },
  ];
  writeFileSync(join(directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  return digest;
}

describe('an OCI layout', () => {
  it('is not written through a link, and a changed blob is none', async () => {
    const { cwd, registry } = await pushed();
    layoutOf(registry, 'acme/model:1.0', join(cwd, 'layout'));
    writeFileSync(join(cwd, 'victim'), '{}');
    symlinkSync(join(cwd, 'victim'), join(cwd, 'layout/blobs/sha256/44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'));
    expect((await runCli(cwd, ['attach', 'oci:layout:1.0', 'model'])).err).toContain('ERR_IO_LINK');
    writeFileSync(join(cwd, 'layout/blobs', digestOf(FILES['config.json']).replace(':', '/')), '{"a":2}');
    const { code, err } = await runCli(cwd, ['pull', 'oci:layout:1.0', '-o', 'out', '--files']);
    expect(code).toBe(2);
    expect(err).toContain('ERR_OCI_CONTENT');
    expect(existsSync(join(cwd, 'out'))).toBe(false);
  });
});

it('a hand-off in a registry shows that a claim is gone', async () => {
  const { cwd, registry, ref, root, claim } = await pushed();
  const given = handoff({
    subject: [{ name: 'm', digest: { sha256: root } }],
    from: 'https://a.example',
    to: 'https://b.example',
    at: new Date('2026-01-01T00:00:00Z'),
    purpose: 'release',
    priorClaims: [claim],
  });
  const manifest = documentClaim([{ name: 'm', digest: { sha256: root } }], 'manifest', manifestOf({ name: 'm', version: '1' }).build());
  for (const each of [given, manifest])
    await appendClaim(join(cwd, 'model/claims.jsonl'), (await signStatement(each, keySigner({ key: me.key }))).bundle);
  await runCli(cwd, ['attach', ref, 'model']);
  expect((await verify(cwd, ref)).verdict.claims.map((each: { missing?: unknown }) => each.missing)).toContainEqual([]);
  const tested_ = [...registry.manifests].find(([, { bytes }]) => bytes.includes('test-result/v0.1"'));
  registry.manifests.delete(tested_?.[0] ?? '');
  expect((await verify(cwd, ref)).verdict.claims.map((each: { missing?: unknown }) => each.missing)).toContainEqual([claim]);
});

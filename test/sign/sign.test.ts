import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandSigner, keySigner, type SignOptions, signDirectory, verifyDirectory } from '../../src/sign/index.js';
import { makeCertificate, makeKey, pemOf } from '../support/certificates.js';
import { sha256 } from '../support/signatures.js';
import { temporaryDirectory } from '../support/temporary.js';

const { key, publicKey, object } = makeKey();
const signer = keySigner({ key });
const FILES = { 'm/a-b': '1\n', 'm/a/b': '2\n', 'm/.git/HEAD': 'x', 'm/.gitmodules': '', 'm/sub/.git/HEAD': 'y', 'm/.hidden': 'z' };

async function signed(files: Readonly<Record<string, string>>, options: Partial<SignOptions> = {}, place = 'm/model.sig') {
  const cwd = temporaryDirectory(files);
  const model = join(cwd, 'm');
  const signatureFile = join(cwd, place);
  const result = await signDirectory(model, { signer, signatureFile, ...options });
  writeFileSync(signatureFile, result.bundle);
  return { cwd, model, signatureFile, result };
}

const payloadOf = (bundle: string): string => {
  const { dsseEnvelope } = JSON.parse(bundle) as { dsseEnvelope: { payload: string } };
  return Buffer.from(dsseEnvelope.payload, 'base64').toString();
};
const trust = { publicKey };
const verify = (model: string, signatureFile: string, options: object = {}) => verifyDirectory(model, signatureFile, { trust, ...options });

describe('a signature', () => {
  it('is over all files, by names in code point order, with the root of the specification', async () => {
    const { result } = await signed({ 'm/a-b': '1\n', 'm/a/b': '2\n' });
    expect(result.root).toBe('bd222050252384e92856fccad34ff9842ed411f042ca3209bf9fc5e3bd447872');
    expect(payloadOf(result.bundle)).toBe(
      `{"_type":"https://in-toto.io/Statement/v1","predicate":{"resources":[{"algorithm":"sha256","digest":"${sha256('1\n')}","name":"a-b"},{"algorithm":"sha256","digest":"${sha256('2\n')}","name":"a/b"}],"serialization":{"allow_symlinks":false,"hash_type":"sha256","ignore_paths":[".git",".gitattributes",".github",".gitignore","claims.jsonl","model.sig"],"method":"files"}},"predicateType":"https://model_signing/signature/v1.0","subject":[{"digest":{"sha256":"bd222050252384e92856fccad34ff9842ed411f042ca3209bf9fc5e3bd447872"},"name":"m"}]}`,
    );
    expect(JSON.parse(result.bundle)).toMatchObject({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { publicKey: { hint: sha256(publicKey) }, tlogEntries: [] },
      dsseEnvelope: { payloadType: 'application/vnd.in-toto+json', signatures: [{ keyid: '' }] },
    });
  });
  it('leaves out what Git keeps at the top, and nothing else', async () => {
    const { model, signatureFile, result } = await signed(FILES);
    expect(result).toMatchObject({ files: 5, ignored: ['.git/HEAD'], name: 'm' });
    expect(await verify(model, signatureFile)).toMatchObject({
      ok: true,
      files: { signed: 5, verified: 5, ignored: [{ path: '.git', files: 1 }] },
    });
    writeFileSync(join(model, 'sub/.git/HEAD'), 'other');
    expect((await verify(model, signatureFile)).reasons).toMatchObject([{ code: 'file-changed', path: 'sub/.git/HEAD' }]);
  });
  it('is the same each time but for the signature itself, and may lie in the directory, which it is no part of', async () => {
    const { model, signatureFile, result } = await signed(FILES);
    const again = await signDirectory(model, { signer, signatureFile });
    expect(payloadOf(again.bundle)).toBe(payloadOf(result.bundle));
    expect(await verify(model, signatureFile)).toMatchObject({ ok: true });
  });
  it.each(['prime256v1', 'secp384r1', 'secp521r1'] as const)('by a key of %s is verified by its public part alone', async (curve) => {
    const pair = makeKey(curve);
    const { model, signatureFile } = await signed(FILES, { signer: keySigner({ key: pair.key }) });
    expect(await verifyDirectory(model, signatureFile, { trust: { publicKey: pair.publicKey } })).toMatchObject({ ok: true });
    expect(await verify(model, signatureFile)).toMatchObject({ ok: false });
  });
  it.each([
    ['blake2b', undefined],
    ['blake3', undefined],
    ['sha256', 3],
    ['blake3', 1],
  ] as const)('with %s in parts of %s is verified, and what is changed is found', async (hash, shardSize) => {
    const files = { 'm/x': '123456789', 'm/y:0:3': 'abcd', 'm/empty': '' };
    const { model, signatureFile, result } = await signed(files, { hash, ...(shardSize === undefined ? {} : { shardSize }) });
    expect(result.empty).toEqual(shardSize === undefined ? [] : ['empty']);
    expect(await verify(model, signatureFile)).toMatchObject({ ok: true });
    for (const content of ['12345678', '1234567890', '123456780', '']) {
      writeFileSync(join(model, 'x'), content);
      expect((await verify(model, signatureFile)).reasons, content).toMatchObject([
        { class: 'integrity', code: 'file-changed', path: 'x' },
      ]);
    }
  });
  it('of one file names it', async () => {
    const cwd = temporaryDirectory({ 'm.gguf': 'weights', other: 'x' });
    const [file, signatureFile] = [join(cwd, 'm.gguf'), join(cwd, 'm.gguf.sig')];
    const { bundle } = await signDirectory(file, { signer, signatureFile });
    writeFileSync(signatureFile, bundle);
    expect(JSON.parse(payloadOf(bundle))).toMatchObject({ subject: [{ name: 'm.gguf' }], predicate: { resources: [{ name: 'm.gguf' }] } });
    expect(await verify(file, signatureFile)).toMatchObject({ ok: true, files: { signed: 1, verified: 1, unsigned: [] } });
    writeFileSync(file, 'weighty');
    expect(await verify(file, signatureFile)).toMatchObject({ ok: false });
  });
  it('leaves out what is named, and records it', async () => {
    const { model, signatureFile, result } = await signed(FILES, { ignore: ['./sub/', 'a-b'] });
    expect(result.ignored).toEqual(['.git/HEAD', 'a-b', 'sub/.git/HEAD']);
    expect((await verify(model, signatureFile)).files?.ignored).toEqual([
      { path: '.git', files: 1 },
      { path: 'a-b', files: 1 },
      { path: 'sub', files: 1 },
    ]);
    for (const ignore of ['../x', '/etc', '', '.', 'a/../b']) {
      await expect(signed(FILES, { ignore: [ignore] }), ignore).rejects.toMatchObject({ code: 'ERR_SIGN_CONTENT' });
    }
  });
});

describe('what cannot be signed', () => {
  it('is a directory without files, or with ignored ones alone', async () => {
    await expect(signed({ 'm/.git/HEAD': 'x' })).rejects.toMatchObject({ code: 'ERR_SIGN_CONTENT' });
    const empty = temporaryDirectory();
    await expect(signDirectory(empty, { signer })).rejects.toMatchObject({ code: 'ERR_SIGN_CONTENT' });
    await expect(signDirectory(join(empty, 'none'), { signer })).rejects.toMatchObject({ code: 'ERR_IO_NOT_FOUND' });
    await expect(signed({ 'm/x': '' }, { shardSize: 8 })).rejects.toMatchObject({ code: 'ERR_SIGN_CONTENT' });
  });
  it('is a link, unless it leads to a file inside and that is asked for', async () => {
    const cwd = temporaryDirectory({ 'm/x': '1', outside: '2', 'm/d/y': '3' });
    const model = join(cwd, 'm');
    symlinkSync('x', join(model, 'inner'));
    await expect(signDirectory(model, { signer })).rejects.toMatchObject({ code: 'ERR_SIGN_CONTENT', file: 'inner' });
    const signatureFile = join(cwd, 's.sig');
    writeFileSync(signatureFile, (await signDirectory(model, { signer, allowSymlinks: true })).bundle);
    expect((await verify(model, signatureFile)).reasons).toMatchObject([{ code: 'link-refused', path: 'inner' }]);
    expect(await verify(model, signatureFile, { allowSymlinks: true })).toMatchObject({ ok: true, relaxed: ['allow-symlinks'] });
    symlinkSync('../outside', join(model, 'outer'));
    await expect(signDirectory(model, { signer, allowSymlinks: true })).rejects.toMatchObject({ code: 'ERR_IO_LINK', file: 'outer' });
    rmSync(join(model, 'outer'));
    symlinkSync('d', join(model, 'directory'));
    await expect(signDirectory(model, { signer, allowSymlinks: true })).rejects.toMatchObject({ code: 'ERR_IO_LINK', file: 'directory' });
  });
  it.skipIf(process.platform === 'win32')('is a name that is no UTF-8, and a pipe', async () => {
    const { model } = await signed({ 'm/x': '1' });
    execFileSync('mkfifo', [join(model, 'pipe')]);
    await expect(signDirectory(model, { signer })).rejects.toMatchObject({ code: 'ERR_IO_READ', file: 'pipe' });
    rmSync(join(model, 'pipe'));
    writeFileSync(Buffer.concat([Buffer.from(`${model}/`), Buffer.from([0xff])]), 'x');
    await expect(signDirectory(model, { signer })).rejects.toMatchObject({ code: 'ERR_IO_READ' });
  });
});

describe('a key', () => {
  it('that is encrypted needs its passphrase, and is never told of', async () => {
    const pem = object.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'correct horse' }).toString();
    expect(
      (await signDirectory(temporaryDirectory({ x: '1' }), { signer: keySigner({ key: pem, passphrase: 'correct horse' }) })).files,
    ).toBe(1);
    for (const passphrase of [undefined, 'wrong', '']) {
      const error = (() => {
        try {
          return keySigner({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) });
        } catch (thrown) {
          return thrown;
        }
      })() as Error & { readonly code: string };
      expect(error.code).toBe('ERR_SIGN_KEY');
      expect(error.message).toContain('passphrase');
      expect(error.cause).toBeUndefined();
    }
  });
  it.each([
    ['of another curve', makeKey('secp256k1').key],
    ['that is public', publicKey],
    ['that is damaged', key.replace('-----\nM', '-----\nA')],
    ['that is none', 'hello'],
  ])('%s does not sign', (_what, pem) => {
    expect(() => keySigner({ key: pem })).toThrowError(expect.objectContaining({ code: 'ERR_SIGN_KEY' }));
  });
  it('that is private, or none, is no public key', async () => {
    const { model, signatureFile } = await signed(FILES);
    for (const wrong of [key, 'hello', makeKey('secp256k1').publicKey])
      await expect(verifyDirectory(model, signatureFile, { trust: { publicKey: wrong } })).rejects.toMatchObject({ code: 'ERR_SIGN_KEY' });
  });
  it('signs for its own certificate alone', () => {
    const subject = [['commonName', 'x']] as const;
    const [mine, other] = [object, createPrivateKey(makeKey().key)].map((each) => pemOf(makeCertificate({ subject, key: each })));
    expect(keySigner({ key, certificate: mine ?? '' }).certificates).toHaveLength(1);
    expect(() => keySigner({ key, certificate: other ?? '' })).toThrowError(expect.objectContaining({ code: 'ERR_SIGN_CERTIFICATE' }));
    expect(() => keySigner({ key, chain: [mine ?? ''] })).toThrowError(expect.objectContaining({ code: 'ERR_SIGN_CERTIFICATE' }));
  });
});

describe('a command', () => {
  // What `openssl pkeyutl -sign` does.
  const program = (body: string) => ({ command: [process.execPath, '-e', body], cwd: '.', env: { ...process.env, KEY: key }, publicKey });
  const SIGN = `const chunks=[];process.stdin.on('data',(c)=>chunks.push(c)).on('end',()=>{const d=Buffer.concat(chunks);`;
  /** ECDSA over a digest, which Node does not offer: the digest is what the message of the test is known to have. */
  const hashless = (answer: string) => `${SIGN}${answer}})`;
  it('gets the digest, and its answer is used when it is a signature', async () => {
    const model = temporaryDirectory({ x: '1' });
    const seen: Buffer[] = [];
    const spy = {
      ...keySigner({ key }),
      sign: async (message: Uint8Array) => {
        seen.push(Buffer.from(message));
        return keySigner({ key }).sign(message);
      },
    };
    const { bundle } = await signDirectory(model, { signer: spy });
    const signature = (JSON.parse(bundle) as { dsseEnvelope: { signatures: { sig: string }[] } }).dsseEnvelope.signatures[0]?.sig ?? '';
    const [message = Buffer.alloc(0)] = seen;
    const digest = sha256(message);
    const check = `if(d.toString('hex')!=='${digest}')process.exit(3);`;
    for (const answer of [`process.stdout.write('${signature}\\n')`, `process.stdout.write(Buffer.from('${signature}','base64'))`])
      expect((await commandSigner(program(hashless(check + answer))).sign(message)).toString('base64')).toBe(signature);
    const other = Buffer.concat([message, Buffer.from(' ')]);
    await expect(commandSigner(program(hashless(`process.stdout.write('${signature}')`))).sign(other)).rejects.toMatchObject({
      code: 'ERR_SIGN_COMMAND',
    });
  });
  it.each([
    ['that fails', 'process.exit(1)'],
    ['that answers nothing', ''],
    ['that answers what is no signature', "process.stdout.write('MAA=')"],
    ['that answers without end', "setInterval(()=>process.stdout.write('x'.repeat(65536)),1)"],
    ['that is ended by a signal', "process.kill(process.pid,'SIGTERM')"],
  ])('%s signs nothing', async (_what, body) => {
    await expect(commandSigner(program(body)).sign(Buffer.from('x'))).rejects.toMatchObject({ code: 'ERR_SIGN_COMMAND' });
  });
  it('that takes too long, or is not there, signs nothing', async () => {
    const slow = commandSigner({ ...program('setTimeout(()=>{},60000)'), timeoutMs: 200 });
    await expect(slow.sign(Buffer.from('x'))).rejects.toMatchObject({ code: 'ERR_SIGN_COMMAND' });
    const none = commandSigner({ ...program(''), command: [join(temporaryDirectory(), 'none')] });
    await expect(none.sign(Buffer.from('x'))).rejects.toMatchObject({ code: 'ERR_SIGN_COMMAND' });
  });
});

describe('a change', () => {
  const cases: readonly (readonly [string, (model: string) => void, readonly object[]])[] = [
    ['of a byte', (m) => writeFileSync(join(m, 'a-b'), '2\n'), [{ class: 'integrity', code: 'file-changed', path: 'a-b' }]],
    ['that adds a file', (m) => writeFileSync(join(m, 'new'), ''), [{ class: 'integrity', code: 'file-unsigned', path: 'new' }]],
    ['that removes a file', (m) => rmSync(join(m, 'a-b')), [{ class: 'integrity', code: 'file-missing', path: 'a-b' }]],
    [
      'that renames a file',
      (m) => renameSync(join(m, 'a-b'), join(m, 'a-c')),
      [
        { code: 'file-missing', path: 'a-b' },
        { code: 'file-unsigned', path: 'a-c' },
      ],
    ],
    [
      'that swaps two files',
      (m) => {
        const [a, b] = [readFileSync(join(m, 'a-b')), readFileSync(join(m, 'a/b'))];
        writeFileSync(join(m, 'a-b'), b);
        writeFileSync(join(m, 'a/b'), a);
      },
      [
        { code: 'file-changed', path: 'a-b' },
        { code: 'file-changed', path: 'a/b' },
      ],
    ],
    [
      'that puts a directory where a file was',
      (m) => {
        rmSync(join(m, 'a-b'));
        mkdirSync(join(m, 'a-b'));
      },
      [{ code: 'file-missing', path: 'a-b' }],
    ],
    [
      'that puts a link to the same content where a file was',
      (m) => {
        renameSync(join(m, 'a-b'), join(m, '.git/a-b'));
        symlinkSync('.git/a-b', join(m, 'a-b'));
      },
      [{ class: 'policy', code: 'link-refused', path: 'a-b' }],
    ],
  ];
  it.each(cases)('%s is found', async (_what, change, reasons) => {
    const { model, signatureFile } = await signed(FILES);
    expect(await verify(model, signatureFile)).toMatchObject({ ok: true });
    change(model);
    const verdict = await verify(model, signatureFile);
    expect(verdict.ok).toBe(false);
    expect(verdict.reasons).toMatchObject(reasons);
    expect(verdict.reasons.every(({ next, detail }) => next.length > 0 && detail.length > 0)).toBe(true);
  });
});

describe('a file that nobody signed', () => {
  it('is let in when asked for, unless it can run or decides what is run', async () => {
    const { model, signatureFile } = await signed({ ...FILES, 'm/left/notes.txt': 'x' }, { ignore: ['left'] });
    writeFileSync(join(model, 'notes.txt'), 'x');
    const relaxed = { allowUnsigned: true };
    expect(await verify(model, signatureFile, relaxed)).toMatchObject({
      ok: true,
      files: { unsigned: ['notes.txt'] },
      relaxed: ['allow-unsigned'],
    });
    const loaders = {
      'modeling.py': '',
      'data.PKL': '',
      'x.so': '',
      'chat_template.jinja': '',
      'config.json': '{}',
      'left/handler.py': '',
      'no-extension': '#!/bin/sh\n',
      'elf.txt': '\x7fELF',
      '.git/hooks/x.py': '',
    };
    for (const [path, content] of Object.entries(loaders)) {
      mkdirSync(join(model, path, '..'), { recursive: true });
      writeFileSync(join(model, path), content, 'latin1');
    }
    const verdict = await verify(model, signatureFile, relaxed);
    expect(verdict.reasons.map(({ code, class: kind, path }) => [code, kind, path])).toEqual(
      Object.keys(loaders)
        .sort()
        .map((path) => ['loader-unsigned', 'policy', path]),
    );
    expect(await verify(model, signatureFile, { ...relaxed, allowLoader: () => true })).toMatchObject({ ok: true });
    const some = await verify(model, signatureFile, { ...relaxed, allowLoader: (path: string) => path !== 'x.so' });
    expect(some.reasons).toMatchObject([{ code: 'loader-unsigned', path: 'x.so' }]);
  });
  it('is not let in by the signer either, who chose what is left out', async () => {
    const { model, signatureFile } = await signed({ ...FILES, 'm/handler.py': '' }, { ignore: ['handler.py'] });
    expect((await verify(model, signatureFile)).reasons).toMatchObject([{ class: 'policy', code: 'loader-unsigned', path: 'handler.py' }]);
  });
  it('is a link where the signer saw a file, whatever the verifier follows', async () => {
    const { model, signatureFile } = await signed(FILES);
    renameSync(join(model, 'a-b'), join(model, '.git/a-b'));
    symlinkSync('.git/a-b', join(model, 'a-b'));
    expect((await verify(model, signatureFile, { allowSymlinks: true })).reasons).toMatchObject([{ code: 'link-refused', path: 'a-b' }]);
  });
  it('is a claim, which may come later', async () => {
    const { model, signatureFile } = await signed(FILES);
    writeFileSync(join(model, 'claims.jsonl'), '{}\n');
    expect(await verify(model, signatureFile)).toMatchObject({ ok: true });
  });
});

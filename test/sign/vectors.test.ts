/** Signatures that the reference implementation made, of all its forms; `scripts/interop/make-oms-vectors.py` wrote them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type VerifyOptions, verifyDirectory } from '../../src/sign/index.js';

const at = (name: string): string => fileURLToPath(new URL(`../fixtures/sign/${name}`, import.meta.url));
const text = (name: string): string => readFileSync(at(name), 'utf8');
const verify = (signature: string, options: VerifyOptions) => verifyDirectory(at('model'), at(`python-${signature}.sig`), options);
const byKey = (name: string) => ({ trust: { publicKey: text(`${name}.pub`) } });
const byRoot = (identities: readonly string[] | 'any') => ({ trust: { roots: [text('root.crt')], identities } });

describe('a signature by the reference', () => {
  it.each([
    ['p256', 'p256', 6],
    ['p384', 'p384', 6],
    ['p521', 'p521', 6],
    ['blake2b', 'p256', 6],
    ['blake3', 'p256', 6],
    // A signature in parts does not know of the empty file.
    ['shards', 'p256', 5],
  ])('in the form %s is verified', async (signature, key, files) => {
    const verdict = await verify(signature, byKey(key));
    expect(verdict.reasons).toEqual([]);
    expect(verdict).toMatchObject({ version: 1, ok: true, model: 'model', method: 'key', relaxed: [] });
    expect(verdict.files).toEqual({ signed: files, verified: files, unsigned: [], ignored: [{ path: 'left-out.txt', files: 1 }] });
    expect(verdict.notes.map(({ code, path }) => [code, path])).toEqual(signature === 'shards' ? [['empty-uncovered', 'empty']] : []);
    expect(verdict.signer?.curve).toBe(`P-${key.slice(1)}`);
  });
  it('has the root in its own order, and in that of the specification', async () => {
    // Its order is a/b, a-b; the one of the specification a-b, a/b.
    const { root } = await verify('p256', byKey('p256'));
    expect(root?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(root?.specification).toMatch(/^[0-9a-f]{64}$/);
    expect(root?.specification).not.toBe(root?.sha256);
  });
  it.each(['p384', 'p521', 'leaf'])('is not verified by the key %s of somebody else', async (key) => {
    const verdict = await verify('p256', byKey(key));
    expect(verdict).toMatchObject({ ok: false, reasons: [{ class: 'signature', code: 'hint-mismatch' }] });
    expect(verdict.files).toBeUndefined();
    expect(verdict.signer).toBeUndefined();
  });
  it('by a certificate is verified by root, identity and usage', async () => {
    for (const identity of ['release@example.com', 'CN=Release,O=Example']) {
      const verdict = await verify('certificate', byRoot([identity]));
      expect(verdict.reasons).toEqual([]);
      expect(verdict).toMatchObject({
        ok: true,
        method: 'certificate',
        signer: { curve: 'P-256', validUntil: '2099-01-01T00:00:00.000Z' },
      });
      expect(verdict.signer?.names).toEqual(['release@example.com', 'CN=Release,O=Example']);
    }
    expect(await verify('certificate', byRoot('any'))).toMatchObject({ ok: true, relaxed: ['any-identity'] });
  });
  it.each(['release@example.org', 'Release', 'CN=Release', 'O=Example,CN=Release', 'CN=Middle,O=Example', ''])(
    'by a certificate is not that of %j',
    async (identity) => {
      expect(await verify('certificate', byRoot([identity]))).toMatchObject({
        ok: false,
        reasons: [{ class: 'trust', code: 'identity-mismatch' }],
      });
    },
  );
  it('by a certificate is not verified before or after its time', async () => {
    const trust = { roots: [text('root.crt')], identities: ['release@example.com'] };
    const codes = async (time: string) =>
      (await verify('certificate', { trust: { ...trust, at: new Date(time) } })).reasons.map(({ code }) => code);
    expect(await codes('2020-01-01T00:00:00Z')).toEqual([]);
    expect(await codes('2099-01-01T00:00:00Z')).toEqual([]);
    expect(new Set(await codes('2019-12-31T23:59:59Z'))).toEqual(new Set(['certificate-not-yet-valid']));
    expect(new Set(await codes('2099-01-01T00:00:01Z'))).toEqual(new Set(['certificate-expired']));
  });
  it('of before 1.0 is verified when that is asked for', async () => {
    expect(await verify('legacy', byKey('p384'))).toMatchObject({ ok: false, reasons: [{ code: 'signature-invalid' }] });
    const verdict = await verify('legacy', { ...byKey('p384'), legacy: true, ignore: ['left-out.txt'] });
    expect(verdict).toMatchObject({ ok: true, relaxed: ['legacy', 'ignore left-out.txt'], files: { signed: 6, verified: 6 } });
    expect((await verify('legacy', { ...byKey('p384'), legacy: true })).reasons).toMatchObject([
      { code: 'file-unsigned', path: 'left-out.txt' },
    ]);
  });
  it('by a key is no answer to who holds a certificate, nor the other way', async () => {
    expect((await verify('p256', byRoot('any'))).reasons).toMatchObject([{ code: 'method-mismatch' }]);
    expect((await verify('certificate', byKey('leaf'))).reasons).toMatchObject([{ code: 'method-mismatch' }]);
  });
});

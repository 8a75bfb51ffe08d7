/**
 * Keys in a token (PKCS#11), which sign by `pkcs11-tool` of OpenSC behind `--signer-cmd`; the token is SoftHSM. `apt-get install softhsm2
 * opensc` brings both; where they are not, nothing is run.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeKey } from '../support/certificates.js';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

const LIBRARIES = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so'];
const library = process.env.MSBOM_SOFTHSM ?? LIBRARIES.find((path) => existsSync(path));
const isThere = library !== undefined && spawnSync('pkcs11-tool', ['--help']).error === undefined;
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1'] as const;
const PIN = '1234';

/** A token with one key of each curve, by the ids 10, 11 and 12, and their public keys beside it. */
function token(): { readonly cwd: string; readonly env: Readonly<Record<string, string>> } {
  const cwd = temporaryDirectory({ 'model/weights.bin': 'weights' });
  mkdirSync(join(cwd, 'tokens'));
  writeFileSync(join(cwd, 'softhsm2.conf'), `directories.tokendir = ${join(cwd, 'tokens')}\nobjectstore.backend = file\n`);
  const env = { PATH: process.env.PATH ?? '', SOFTHSM2_CONF: join(cwd, 'softhsm2.conf'), PIN };
  const softhsm = (...args: readonly string[]) => execFileSync('softhsm2-util', args, { cwd, env, stdio: 'pipe' });
  softhsm('--init-token', '--free', '--label', 'models', '--pin', PIN, '--so-pin', '5678');
  for (const [i, curve] of CURVES.entries()) {
    const { key, publicKey } = makeKey(curve);
    writeFileSync(join(cwd, 'key.pem'), key);
    writeFileSync(join(cwd, `${curve}.pub`), publicKey);
    softhsm('--import', 'key.pem', '--token', 'models', '--label', curve, '--id', `1${i}`, '--pin', PIN);
  }
  return { cwd, env };
}

describe.skipIf(!isThere)('a key in a token', () => {
  const { cwd, env } = isThere ? token() : { cwd: '', env: {} };
  const signs = (id: string) =>
    `pkcs11-tool --module '${library}' --token-label models --login --pin env:PIN --sign --mechanism ECDSA --signature-format openssl --id ${id}`;
  it.each(CURVES.map((curve, i) => [curve, `1${i}`]))('of the curve %s signs', async (curve, id) => {
    const argv = ['sign', 'model', '--signer-cmd', signs(id), '--public-key', `${curve}.pub`];
    expect(await runCli(cwd, argv, { env })).toMatchObject({ code: 0 });
    expect(await runCli(cwd, ['verify', 'model', '-s', 'model/model.sig', '--public-key', `${curve}.pub`])).toMatchObject({ code: 0 });
  });
  it('of another id signs nothing that is kept', async () => {
    const argv = ['sign', 'model', '-o', 'other.sig', '--signer-cmd', signs('11'), '--public-key', 'prime256v1.pub'];
    const { code, err } = await runCli(cwd, argv, { env });
    expect([code, existsSync(join(cwd, 'other.sig'))]).toEqual([2, false]);
    expect(err).toContain('ERR_SIGN_COMMAND');
    expect(err).not.toContain(PIN);
  });
});

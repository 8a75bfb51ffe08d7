/** The script that answers the protocol of the public conformance suite, run as that suite runs it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeCertificate, makeKey, pemOf } from '../support/certificates.js';
import { temporaryDirectory } from '../support/temporary.js';

const script = fileURLToPath(new URL('../../scripts/oms-conformance', import.meta.url));
if (!existsSync(new URL('../../dist/sign/index.js', import.meta.url))) throw new Error('dist is missing: run `npm run build` first');

const { key, publicKey, object } = makeKey('secp384r1');
const self = pemOf(makeCertificate({ subject: [['commonName', 'self']], key: object, keyUsage: 0x80, isAuthority: true }));
const cwd = temporaryDirectory({
  'm/signme-1': '1',
  'm/sub/signme-2': '2',
  'm/ignore-me': 'x',
  'm/.git/HEAD': 'x',
  'key.pem': key,
  'key.pub': publicKey,
  'other.pub': makeKey('secp384r1').publicKey,
  'self.pem': self,
});
const at = (path: string): string => join(cwd, path);
const run = (...args: readonly string[]) => spawnSync(script, args, { cwd: '/', encoding: 'utf8' }).status;
const MODEL = ['--model-path', at('m'), '--ignore-paths', at('m/ignore-me')];

describe.skipIf(process.platform === 'win32')('the conformance script', () => {
  it('signs and verifies by a key', () => {
    const verify = (...more: readonly string[]) => run('verify-model', '--method', 'key', '--bundle', at('k.sig'), ...more);
    expect(run('sign-model', '--method', 'key', '--private-key', at('key.pem'), '--output-bundle', at('k.sig'), ...MODEL)).toBe(0);
    expect(verify('--public-key', at('key.pub'), ...MODEL)).toBe(0);
    expect(verify('--public-key', at('other.pub'), ...MODEL)).toBe(1);
    expect(verify('--public-key', at('none.pub'), ...MODEL)).toBe(2);
    writeFileSync(at('m/extra.bin'), 'x');
    expect(verify('--public-key', at('key.pub'), ...MODEL)).toBe(1);
    expect(verify('--public-key', at('key.pub'), ...MODEL, '--ignore-unsigned-files')).toBe(0);
    writeFileSync(at('m/signme-1'), 'other');
    expect(verify('--public-key', at('key.pub'), ...MODEL, '--ignore-unsigned-files')).toBe(1);
  });
  it('signs and verifies by a certificate that is its own root', () => {
    const sign = ['sign-model', '--method', 'certificate', '--private-key', at('key.pem'), '--signing-cert', at('self.pem')];
    expect(run(...sign, '--cert-chain', at('self.pem'), '--output-bundle', at('c.sig'), ...MODEL)).toBe(0);
    const verify = ['verify-model', '--bundle', at('c.sig'), ...MODEL];
    expect(run(...verify, '--method', 'certificate', '--cert-chain', at('self.pem'))).toBe(0);
    expect(run(...verify, '--method', 'key', '--public-key', at('key.pub'))).toBe(1);
  });
  it('refuses what it cannot do', () => {
    mkdirSync(at('linked'));
    symlinkSync(at('m/signme-1'), at('linked/x'));
    for (const args of [
      [],
      ['other'],
      ['sign-model', '--method', 'sigstore', '--model-path', at('m'), '--output-bundle', at('s.sig')],
      ['verify-model', '--method', 'sigstore', '--model-path', at('m'), '--bundle', at('k.sig')],
      ['sign-model', '--method', 'key', '--private-key', at('key.pem'), '--output-bundle', at('s.sig'), '--model-path', at('linked')],
    ])
      expect(run(...args), args.join(' ')).toBe(2);
    expect(existsSync(at('s.sig'))).toBe(false);
  });
});

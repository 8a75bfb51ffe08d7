import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyStatement } from '../../src/sign/index.js';
import { makeCertificate, makeKey, pemOf } from '../support/certificates.js';
import { type CliOptions, runCli } from '../support/cli.js';
import { sha256 } from '../support/signatures.js';
import { temporaryDirectory } from '../support/temporary.js';

const pair = makeKey();
const encrypted = pair.object.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'pass phrase' }).toString();
const certificate = makeCertificate({
  subject: [['commonName', 'release']],
  key: pair.object,
  keyUsage: 0x80,
  usages: ['codeSigning'],
  names: [[0x81, 'release@example.com']],
});
const FILES = {
  'm/config.json': '{}',
  'm/w.bin': 'weights',
  'key.pem': pair.key,
  'key.pub': pair.publicKey,
  'encrypted.pem': encrypted,
  'pass.txt': 'pass phrase\nand more\n',
  'ca.pem': pemOf(certificate),
};
const place = () => temporaryDirectory(FILES);
const msbom = (cwd: string, line: string, options?: CliOptions) => runCli(cwd, line.split(' '), options);
const ROOT = /root sha256:[0-9a-f]{64}\n$/;

describe('sign and verify', () => {
  it('by a key', async () => {
    const cwd = place();
    const signed = await msbom(cwd, 'sign m --key key.pem');
    expect(signed).toMatchObject({ code: 0, out: '' });
    expect(signed.err).toMatch(/^signed {2}2 files, root sha256:[0-9a-f]{64}\n$/);
    const verified = await msbom(cwd, 'verify m --signature m/model.sig --public-key key.pub');
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(verified.out).toMatch(/^signer {2}the key [0-9a-f]{64}\nroot {2}sha256:[0-9a-f]{64}\nverified {2}2 of 2 signed files match\n$/);
    // Again, over the one that is there.
    expect(await msbom(cwd, 'sign m -k key.pem -q')).toEqual({ code: 0, out: '', err: '' });
    writeFileSync(join(cwd, 'm/w.bin'), 'other');
    const failed = await msbom(cwd, 'verify m --signature m/model.sig --public-key key.pub');
    expect(failed.code).toBe(1);
    expect(failed.out).toContain('file-changed  w.bin: signed was ');
    expect(failed.out).toContain('not verified  1 of 2 signed files match\n');
    const json = await msbom(cwd, 'verify m -s m/model.sig --public-key key.pub --format json');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({
      version: 1,
      ok: false,
      model: 'm',
      method: 'key',
      reasons: [{ class: 'integrity', code: 'file-changed', path: 'w.bin', next: 'Get the file again from the signer.' }],
    });
  });
  it('by a certificate, whose holder is named', async () => {
    const cwd = place();
    expect((await msbom(cwd, 'sign m --key key.pem --cert ca.pem -o out.sig')).code).toBe(0);
    expect(existsSync(join(cwd, 'm/model.sig'))).toBe(false);
    const verify = 'verify m --signature out.sig --cert-root ca.pem';
    expect((await msbom(cwd, `${verify} --identity release@example.com`)).out).toContain('signer  release@example.com, CN=release\n');
    expect((await msbom(cwd, `${verify} --identity somebody@example.com`)).code).toBe(1);
    const relaxed = await msbom(cwd, `${verify} --any-identity --any-usage --at 2030-01-01T00:00:00Z`);
    expect(relaxed.code).toBe(0);
    expect(relaxed.out).toContain('accepted by option  any-identity, any-usage, at 2030-01-01T00:00:00.000Z\n');
    expect((await msbom(cwd, `${verify} --any-identity --at 2019-01-01T00:00:00Z`)).out).toContain('certificate-not-yet-valid');
  });
  it('of a file lies beside it', async () => {
    const cwd = place();
    expect((await msbom(cwd, 'sign m/w.bin --key key.pem')).err).toMatch(ROOT);
    expect((await msbom(cwd, 'verify m/w.bin --signature m/w.bin.sig --public-key key.pub')).code).toBe(0);
  });
  it('to standard output', async () => {
    const cwd = place();
    const { out, code } = await msbom(cwd, 'sign m --key key.pem -o -');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toHaveProperty('dsseEnvelope');
    expect(existsSync(join(cwd, 'm/model.sig'))).toBe(false);
  });
  it('with what is left out, and files that nobody signed, told', async () => {
    const cwd = place();
    expect((await msbom(cwd, 'sign m --key key.pem --ignore w.bin')).err).toContain('not signed  w.bin\n');
    writeFileSync(join(cwd, 'm/notes.txt'), 'x');
    const verify = 'verify m --signature m/model.sig --public-key key.pub';
    const { out, code } = await msbom(cwd, `${verify} --allow-unsigned --allow-loader w.bin`);
    expect(code).toBe(0);
    expect(out).toContain('not signed  notes.txt\nleft out  w.bin (1)\naccepted by option  allow-unsigned, allow-loader\n');
    expect((await msbom(cwd, `${verify} --allow-unsigned`)).out).toContain(
      'loader-unsigned  w.bin: a pickle that is left out of the signature',
    );
    expect((await msbom(cwd, `${verify} --allow-loader w.bin`)).out).toContain('file-unsigned  notes.txt');
    expect((await msbom(cwd, `${verify} --allow-loader w.bin --ignore notes.txt`)).code).toBe(0);
  });
});

describe('a passphrase', () => {
  it.each([
    ['from a file', ' --passphrase-file pass.txt', {}],
    ['from the variable', '', { MSBOM_PASSPHRASE: 'pass phrase' }],
    ['from a variable that is named', ' --passphrase-env OTHER', { OTHER: 'pass phrase' }],
  ])('%s opens the key', async (_what, more, env) => {
    const cwd = place();
    expect((await msbom(cwd, `sign m --key encrypted.pem${more}`, { env })).code).toBe(0);
    expect((await msbom(cwd, 'verify m --signature m/model.sig --public-key key.pub')).code).toBe(0);
  });
  it('that is wrong or missing is said without it', async () => {
    const cwd = place();
    const wrong = await msbom(cwd, 'sign m --key encrypted.pem', { env: { MSBOM_PASSPHRASE: 'hunter2hunter2' } });
    expect(wrong).toEqual({
      code: 2,
      out: '',
      err: 'error: the passphrase is wrong, or the key is damaged [ERR_SIGN_KEY]\nhint: Use a key of the curve P-256, P-384 or P-521, in PEM.\n',
    });
    expect((await msbom(cwd, 'sign m --key encrypted.pem')).err).toContain('no passphrase was given');
    expect(existsSync(join(cwd, 'm/model.sig'))).toBe(false);
  });
});

describe('a command that signs', () => {
  it('is run without a shell, and what it says is checked', async () => {
    const cwd = place();
    const line = ['sign', 'm', '--public-key', 'key.pub', '--signer-cmd'];
    const failing = await runCli(cwd, [...line, `'${process.execPath}' -e "process.exit(3)"`]);
    expect(failing).toMatchObject({ code: 2, out: '' });
    expect(failing.err).toContain('ended with the code 3 [ERR_SIGN_COMMAND]');
    const shell = await runCli(cwd, [...line, 'true; touch made']);
    expect(shell.err).toContain('could not be started: ENOENT [ERR_SIGN_COMMAND]');
    expect(existsSync(join(cwd, 'made'))).toBe(false);
    for (const bad of ['', "a 'b", ' ']) expect((await runCli(cwd, [...line, bad])).err, bad).toContain('[ERR_CLI_USAGE]');
    expect((await msbom(cwd, 'sign m --signer-cmd true')).err).toContain('neither a public key nor a certificate was given [ERR_SIGN_KEY]');
  });
});

describe('many signed directories', () => {
  const tree = async () => {
    const cwd = temporaryDirectory({
      'all/one/x': '1',
      'all/deep/two/y': '2',
      'all/loose.txt': '',
      'key.pem': pair.key,
      'key.pub': pair.publicKey,
    });
    for (const name of ['all/one', 'all/deep/two']) expect((await msbom(cwd, `sign ${name} --key key.pem`)).code).toBe(0);
    return cwd;
  };
  const verify = 'verify all --recursive --public-key key.pub';
  it('are each verified', async () => {
    const cwd = await tree();
    expect(await msbom(cwd, verify)).toEqual({ code: 0, out: 'verified  deep/two\nverified  one\n', err: '' });
    const json = JSON.parse((await msbom(cwd, `${verify} --format json --allow-unsigned`)).out) as object;
    expect(json).toMatchObject({
      version: 1,
      ok: true,
      relaxed: ['allow-unsigned'],
      reasons: [],
      results: [
        { signature: 'deep/two/model.sig', directory: 'deep/two', ok: true, reasons: [] },
        { signature: 'one/model.sig', directory: 'one', ok: true, reasons: [] },
      ],
    });
  });
  it('are all told of when one fails, and nothing is no success', async () => {
    const cwd = await tree();
    writeFileSync(join(cwd, 'all/one/x'), '2');
    mkdirSync(join(cwd, 'all/three'));
    writeFileSync(join(cwd, 'all/three/model.sig'), '{}');
    const { code, out } = await msbom(cwd, verify);
    expect(code).toBe(1);
    expect(out).toContain('verified  deep/two\nnot verified  one\n  file-changed  x: ');
    expect(out).toContain('not verified  three\n  bundle-shape  /mediaType: ');
    expect(await msbom(cwd, `${verify} --signature-name other.sig`)).toMatchObject({ code: 1 });
    expect((await msbom(cwd, `${verify} --signature-name other.sig`)).out).toContain('nothing-signed  there is no other.sig');
  });
});

describe('a summary', () => {
  const more = '--emit-vsa vsa.json --vsa-key key.pem --verifier https://verify.example --resource oci://registry.example/m';
  it('is written of what was verified, and says how it went', async () => {
    const cwd = place();
    await msbom(cwd, 'sign m --key key.pem');
    const env = { SOURCE_DATE_EPOCH: '1767323045' };
    const verify = `verify m --signature m/model.sig --public-key key.pub ${more}`;
    const read = () => verifyStatement(readFileSync(join(cwd, 'vsa.json')), { trust: { publicKey: pair.publicKey } });
    expect((await msbom(cwd, verify, { env })).code).toBe(0);
    const passed = read();
    expect(passed).toMatchObject({
      ok: true,
      statement: {
        subject: [{ name: 'm' }],
        predicateType: 'https://slsa.dev/verification_summary/v1',
        predicate: {
          verifier: { id: 'https://verify.example' },
          timeVerified: '2026-01-02T03:04:05Z',
          resourceUri: 'oci://registry.example/m',
          policy: { uri: 'urn:msbom:policy:verify-options:1' },
          inputAttestations: [{ digest: { sha256: sha256(readFileSync(join(cwd, 'm/model.sig'))) } }],
          verificationResult: 'PASSED',
        },
      },
    });
    expect((await msbom(cwd, `${verify} --allow-unsigned`, { env })).code).toBe(0);
    // By other rules it is another policy.
    expect(read().statement?.predicate.policy).not.toEqual(passed.statement?.predicate.policy);
    writeFileSync(join(cwd, 'm/w.bin'), 'other');
    expect((await msbom(cwd, verify, { env })).code).toBe(1);
    expect(read().statement?.predicate).toMatchObject({ verificationResult: 'FAILED', verifiedLevels: ['FAILED'] });
  });
  it('is not written when nobody is proven to have signed', async () => {
    const cwd = place();
    await msbom(cwd, 'sign m --key key.pem');
    writeFileSync(join(cwd, 'other.pub'), makeKey().publicKey);
    const { code, err } = await msbom(cwd, `verify m --signature m/model.sig --public-key other.pub ${more}`);
    expect(code).toBe(1);
    expect(err).toContain('no summary was written');
    expect(existsSync(join(cwd, 'vsa.json'))).toBe(false);
  });
});

describe('a question that means nothing', () => {
  it.each([
    'verify m',
    'verify m --signature m/model.sig',
    'verify m --signature m/model.sig --public-key key.pub --manifest x.json',
    'verify m --signature m/model.sig --public-key key.pub --cert-root ca.pem',
    'verify m --signature m/model.sig --public-key key.pub --identity me',
    'verify m --signature m/model.sig --public-key key.pub --any-usage',
    'verify m --signature m/model.sig --public-key key.pub --strict',
    'verify m --signature m/model.sig --public-key key.pub --exclude x',
    'verify m --signature m/model.sig --cert-root ca.pem',
    'verify m --signature m/model.sig --cert-root ca.pem --identity me --any-identity',
    'verify m --signature m/model.sig --cert-root ca.pem --identity me --at yesterday',
    'verify m --signature m/model.sig --recursive --public-key key.pub',
    'verify m --recursive --public-key key.pub --signature-name a/b',
    'verify m --manifest x.json --allow-unsigned',
    'verify m --manifest x.json --identity me',
    'verify m --recursive --public-key key.pub --emit-vsa vsa.json',
    'verify m --signature m/model.sig --public-key key.pub --emit-vsa vsa.json --vsa-key key.pem',
    'verify m --signature m/model.sig --public-key key.pub --verifier https://verify.example',
    'sign m',
    'sign m --key key.pem --signer-cmd true',
    'sign m --key key.pem --shard-size 0',
    'sign m --key key.pem --hash md5',
  ])('%s', async (line) => {
    const cwd = place();
    const { code, out, err } = await msbom(cwd, line);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('[ERR_CLI_USAGE]');
  });
  it('a key or a signature that is not there', async () => {
    const cwd = place();
    expect(await msbom(cwd, 'verify m --signature none.sig --public-key key.pub')).toMatchObject({ code: 2, out: '' });
    expect(await msbom(cwd, 'verify m --signature none.sig --public-key none.pub')).toMatchObject({ code: 2, out: '' });
    expect((await msbom(cwd, 'sign none --key key.pem')).err).toContain('[ERR_IO_NOT_FOUND]');
  });
  it('a signature over a file of the model', async () => {
    const cwd = place();
    const { code, err } = await msbom(cwd, 'sign m --key key.pem -o m/w.bin');
    expect(code).toBe(2);
    expect(err).toContain('[ERR_OUTPUT_IS_INPUT]');
    expect(readFileSync(join(cwd, 'm/w.bin'), 'utf8')).toBe('weights');
  });
});

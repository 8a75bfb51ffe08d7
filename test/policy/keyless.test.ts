/** Roles that are identities of an authority: its certificates and logs are on loopback while it signs, and gone when it is verified. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPolicy } from '../../src/policy/index.js';
import { signDirectory } from '../../src/sign/index.js';
import { keylessSigner, keylessTrust } from '../../src/sign/keyless/index.js';
import { fitsNamePattern, whyNoNamePattern } from '../../src/sign/name-pattern.js';
import { runCli } from '../support/cli.js';
import { type Authority, openAuthority, tokenOf } from '../support/sigstore-authority.js';
import { temporaryDirectory } from '../support/temporary.js';

const ISSUER = 'https://accounts.example.com';
const NAME = 'release-7@models.example.com';
const cwd = temporaryDirectory();
let authority: Authority;
let other: Authority;

beforeAll(async () => {
  [authority, other] = await Promise.all([openAuthority(), openAuthority()]);
  const { signingConfig } = authority;
  const signer = await keylessSigner({ identityToken: tokenOf(NAME, ISSUER), signingConfig: JSON.stringify(signingConfig) });
  mkdirSync(join(cwd, 'model'));
  mkdirSync(join(cwd, 'policies'));
  writeFileSync(join(cwd, 'model/weights.bin'), 'weights');
  const signatureFile = join(cwd, 'model/model.sig');
  writeFileSync(signatureFile, (await signDirectory(join(cwd, 'model'), { signer, signatureFile })).bundle);
  writeFileSync(join(cwd, 'policies/root.json'), JSON.stringify(authority.trustedRoot));
  writeFileSync(join(cwd, 'policies/other.json'), JSON.stringify(other.trustedRoot));
  await Promise.all([authority.close(), other.close()]);
});
afterAll(() => Promise.allSettled([authority?.close(), other?.close()]));

const policyOf = (signers: readonly object[], trustedRoot = 'root.json') => ({
  policyVersion: '1.0',
  id: 'by-identity',
  roles: { creator: { anyOf: [{ trustedRoot, signers }] } },
  rules: [{ id: 'signed', require: 'signature', by: ['creator'] }],
});
const verify = async (policy: object) => {
  writeFileSync(join(cwd, 'policies/p.json'), JSON.stringify(policy));
  const { code, out } = await runCli(cwd, ['verify', 'model', '--policy', 'policies/p.json', '-f', 'json']);
  const { ok, lineage } = JSON.parse(out);
  return { code, ok, node: lineage.nodes[0] };
};

describe('a role of identities', () => {
  it.each([
    ['a whole name', { issuer: ISSUER, name: NAME }],
    ['a form', { issuer: ISSUER, pattern: 'release-*@models.example.com' }],
    ['a form of a part', { issuer: ISSUER, pattern: '*@models.example.com' }],
    ['several stars', { issuer: ISSUER, pattern: 'r*-*@models.example.com' }],
  ])('has signed by %s', async (_what, signer) => {
    const { code, ok, node } = await verify(policyOf([{ issuer: 'https://elsewhere.example', name: NAME }, signer]));
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(node).toMatchObject({ state: 'verified', parties: ['creator'], signer: { names: [NAME], issuer: ISSUER } });
  });
  it.each([
    ['another name', { issuer: ISSUER, name: 'release-8@models.example.com' }],
    ['the start of the name', { issuer: ISSUER, name: 'release-7@models' }],
    ['a name with a star, which is none here', { issuer: ISSUER, name: 'release-*@models.example.com' }],
    ['another issuer', { issuer: 'https://accounts.example.org', name: NAME }],
    ['an issuer with a star, which is none here', { issuer: 'https://*', name: NAME }],
    ['a form of another issuer', { issuer: 'https://accounts.example.org', pattern: '*@models.example.com' }],
    ['a form that ends sooner', { issuer: ISSUER, pattern: 'release-*@models.example' }],
    ['a form with more', { issuer: ISSUER, pattern: 'release-7*@models.example.com' }],
  ])('has not signed by %s', async (_what, signer) => {
    const { code, ok, node } = await verify(policyOf([signer]));
    expect({ code, ok }).toEqual({ code: 1, ok: false });
    expect(node).toMatchObject({ state: 'untrusted', parties: [], reasons: [{ code: 'identity-mismatch' }] });
  });
  it('has not signed by the name, of another authority', async () => {
    const { code, node } = await verify(policyOf([{ issuer: ISSUER, name: NAME }], 'other.json'));
    expect(code).toBe(1);
    expect(node).toMatchObject({
      state: 'untrusted',
      parties: [],
      reasons: [{ class: 'trust', code: expect.stringMatching(/^keyless-/) }],
    });
  });
  it('may have its authority within the policy, and roles of other kinds beside', async () => {
    const policy = policyOf([{ issuer: ISSUER, name: NAME }], JSON.stringify(authority.trustedRoot));
    const { code } = await verify({ ...policy, roles: { ...policy.roles, nobody: { anyOf: [] } } });
    expect(code).toBe(0);
  });
});

describe('a policy', () => {
  it.each([
    [[], '/roles/creator/anyOf/0'],
    [[{ issuer: ISSUER }], '/roles/creator/anyOf/0/signers/0'],
    [[{ name: NAME }], '/roles/creator/anyOf/0/signers/0'],
    [[{ issuer: '', name: NAME }], '/roles/creator/anyOf/0/signers/0/issuer'],
    [[{ issuer: ISSUER, name: NAME, pattern: 'a*@b' }], '/roles/creator/anyOf/0/signers/0'],
    [[{ issuer: ISSUER, pattern: NAME }], '/roles/creator/anyOf/0/signers/0/pattern'],
    [[{ issuer: ISSUER, pattern: '*' }], '/roles/creator/anyOf/0/signers/0/pattern'],
    [[{ issuer: ISSUER, pattern: '*@*' }], '/roles/creator/anyOf/0/signers/0/pattern'],
    [[{ issuer: ISSUER, pattern: 'a**@b' }], '/roles/creator/anyOf/0/signers/0/pattern'],
  ])('cannot have the signers %j', async (signers, pointer) => {
    const read = readPolicy(JSON.stringify(policyOf(signers)));
    await expect(read).rejects.toMatchObject({ code: 'ERR_POLICY_INVALID', pointer: expect.stringContaining(pointer) });
  });
  it('is refused in a program too, when a pattern is none', async () => {
    const trustedRoot = JSON.stringify(authority.trustedRoot);
    const made = keylessTrust({ trustedRoot, identities: [{ issuer: ISSUER, pattern: '*' }] });
    await expect(made).rejects.toMatchObject({ code: 'ERR_SIGN_KEYLESS' });
  });
});

describe('a pattern of names', () => {
  const WORKFLOW = 'https://github.com/acme/*/.github/workflows/release.yml@refs/tags/v*';
  it.each([
    ['https://github.com/acme/models/.github/workflows/release.yml@refs/tags/v1.0', true],
    ['https://github.com/acme/models/.github/workflows/release.yml@refs/tags/v', false],
    ['https://github.com/acme/models/.github/workflows/release.yml@refs/tags/v1/x', false],
    ['https://github.com/acme/a/b/.github/workflows/release.yml@refs/tags/v1', false],
    ['https://github.com/acme//.github/workflows/release.yml@refs/tags/v1', false],
    ['https://github.com/evil/models/.github/workflows/release.yml@refs/tags/v1', false],
    ['https://github.com/acme/models/.github/workflows/release.yml@refs/heads/v1', false],
    ['https://github.com/acme/models/.github/workflows/releaseXyml@refs/tags/v1', false],
    ['https://github.com.evil.example/acme/m/.github/workflows/release.yml@refs/tags/v1', false],
    ['x https://github.com/acme/models/.github/workflows/release.yml@refs/tags/v1', false],
    ['https://github.com/acme/models/.github/workflows/release.yml@refs/tags/v1\n', true],
  ])('%j: %s', (name, fits) => {
    expect(fitsNamePattern(name, WORKFLOW)).toBe(fits);
  });
  it('fits what a regular expression of the same meaning does', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.', '/', '@', '*'), maxLength: 12 });
    const names = fc.string({ unit: fc.constantFrom('a', 'b', '.', '/', '@'), maxLength: 14 });
    fc.assert(
      fc.property(letters, names, (pattern, name) => {
        fc.pre(whyNoNamePattern(pattern) === undefined);
        const source = pattern.replace(/[.]/g, '\\.').replaceAll('*', '[^/@]+');
        expect(fitsNamePattern(name, pattern)).toBe(new RegExp(`^${source}$`, 'su').test(name));
      }),
      { numRuns: 3000 },
    );
  });
  it('takes no longer for many stars', () => {
    expect(fitsNamePattern(`${'a'.repeat(100_000)}/b`, `${'*a'.repeat(20_000)}*c/b`)).toBe(false);
  });
});

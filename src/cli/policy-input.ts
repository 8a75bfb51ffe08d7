/** A policy and who its roles are, from options and files. */
import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { POLICY_IDS, type Policy, type RoleTrust, readPolicy, readyPolicy } from '../policy/index.js';
import type { Parties, Trust } from '../sign/index.js';
import { readInput } from '../verbs/input.js';
import type { Arguments } from './command.js';
import type { Session } from './io.js';

export interface GivenPolicy {
  readonly policy: Policy;
  readonly parties: Parties;
  /** SHA-256 of the policy as it was read. */
  readonly sha256: string;
}

/** @throws ERR_POLICY_INVALID, ERR_CLI_USAGE, ERR_IO_*, ERR_JSON_* */
export async function policyFrom(name: string, args: Arguments, io: Session): Promise<GivenPolicy> {
  const isReady = POLICY_IDS.includes(name) || !/[./\\]/.test(name);
  const bytes = isReady ? Buffer.from(JSON.stringify(readyPolicy(name))) : await readInput(name, io);
  const policy = isReady ? readyPolicy(name) : await readPolicy(bytes, name);
  const given = await rolesFrom(args, policy, io);
  const place = isReady ? io.cwd : dirname(resolve(io.cwd, name));
  const parties: Record<string, readonly Trust[]> = Object.create(null);
  for (const [role, { anyOf }] of Object.entries(policy.roles)) {
    const own = await Promise.all(anyOf.map((each) => trustOf(each, place, io)));
    parties[role] = [...own, ...(given.get(role) ?? [])];
  }
  return { policy, parties, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** PEM itself, or a file with it beside the policy. */
async function pemFrom(text: string, place: string, io: Session): Promise<string | Uint8Array> {
  return text.startsWith('-----BEGIN ') ? text : readInput(resolve(place, text), io);
}

async function trustOf(trust: RoleTrust, place: string, io: Session): Promise<Trust> {
  if ('publicKey' in trust) return { publicKey: await pemFrom(trust.publicKey, place, io) };
  if ('trustedRoot' in trust) {
    const isFile = !trust.trustedRoot.trimStart().startsWith('{');
    const trustedRoot = isFile ? await readInput(resolve(place, trust.trustedRoot), io) : trust.trustedRoot;
    const { keylessTrust } = await import('../sign/keyless/index.js');
    return keylessTrust({ trustedRoot, identities: trust.signers });
  }
  const roots = await Promise.all(trust.roots.map((each) => pemFrom(each, place, io)));
  return { roots, identities: trust.identities, anyUsage: trust.anyUsage === true };
}

/** `NAME=FILE` for a public key, `NAME=FILE,IDENTITY…` for a root certificate. */
async function rolesFrom(args: Arguments, policy: Policy, io: Session): Promise<ReadonlyMap<string, readonly Trust[]>> {
  const roles = new Map<string, Trust[]>();
  for (const text of args.texts('role')) {
    const at = text.indexOf('=');
    const name = text.slice(0, at);
    const [file = '', ...identities] = text.slice(at + 1).split(',');
    if (at <= 0 || file === '')
      throw new MsbomError('ERR_CLI_USAGE', `\`--role\` cannot be \`${text}\``, { hint: 'give it as NAME=FILE or NAME=FILE,IDENTITY' });
    if (!Object.hasOwn(policy.roles, name))
      throw new MsbomError('ERR_CLI_USAGE', `the policy has no role \`${name}\``, {
        hint: `it has ${Object.keys(policy.roles).join(', ')}`,
      });
    const pem = await readInput(file, io);
    const trust: Trust = identities.length === 0 ? { publicKey: pem } : { roots: [pem], identities };
    roles.set(name, [...(roles.get(name) ?? []), trust]);
  }
  return roles;
}

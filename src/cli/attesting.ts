/** Adding an attestation to a manifest: who says of which requirements that they are met, when, and on what that rests. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Profile } from '../comply/index.js';
import { MsbomError } from '../core/error.js';
import { isBlocking } from '../core/finding.js';
import { idFrom } from '../core/id.js';
import { uuidFrom } from '../core/uuid.js';
import { digestManifest } from '../manifest/digest.js';
import { stringifyManifest } from '../manifest/stringify.js';
import { ioError } from '../platform/io-error.js';
import type { Attestation, Manifest, Reference } from '../schema/index.js';
import { validateManifest } from '../validate/index.js';
import type { Arguments, Options } from './command.js';
import type { Session } from './io.js';
import { say, writeText } from './printer.js';
import { timestampFrom } from './values.js';

export const ATTEST_OPTIONS: Options = {
  attest: {
    type: 'string',
    value: 'ID',
    multiple: true,
    help: 'add an attestation of these requirements to the manifest, and write it to --attest-out',
  },
  'attest-out': { type: 'string', value: 'FILE', isOutput: true, help: 'the manifest with the attestation' },
  by: { type: 'string', value: 'PARTY', help: 'who attests: the id of a party in the manifest' },
  role: { type: 'string', value: 'ROLE', help: 'in which role' },
  date: { type: 'string', value: 'DATE', help: 'when, as 2026-01-31; default today' },
  claim: { type: 'string', value: 'TEXT', help: 'what is stated' },
  evidence: { type: 'string', value: 'FILE|URI', multiple: true, help: 'what it rests on; of a file the digest is recorded' },
};

const usage = (message: string, hint: string): MsbomError => new MsbomError('ERR_CLI_USAGE', message, { hint });

/** Is an attestation to be added? @throws ERR_CLI_USAGE when something is missing that it takes to hold somebody to it */
export function asksToAttest(args: Arguments, profiles: readonly Profile[], manifest: Manifest): boolean {
  const ids = idsFrom(args);
  if (ids.length === 0) return false;
  const known = new Set(profiles.flatMap(({ id, requirements }) => requirements.flatMap((each) => [each.id, `${id}/${each.id}`])));
  const strange = ids.find((id) => !known.has(id));
  if (strange !== undefined) throw usage(`no profile that is asked has the requirement \`${strange}\``, 'name its profile with --profile');
  for (const option of ['by', 'attest-out'])
    if (args.text(option) === undefined)
      throw usage(`--attest needs --${option}`, 'an attestation names who made it, and the manifest is written anew');
  if (!args.given('evidence')) throw usage('--attest needs --evidence', 'give a file or a URI on which it rests');
  const by = args.text('by') ?? '';
  if (!Object.hasOwn(manifest.parties ?? {}, by))
    throw usage(`the manifest has no party \`${by}\``, 'add it, for example with `msbom collect --overlay`');
  return true;
}

const idsFrom = (args: Arguments): readonly string[] => args.texts('attest').flatMap((each) => each.split(',').filter((id) => id !== ''));

/** The manifest with the attestation, written. It is another version of the document, with its own serial number. */
export async function attested(manifest: Manifest, args: Arguments, io: Session): Promise<Manifest> {
  const timestamp = timestampFrom(io);
  const references = await Promise.all(args.texts('evidence').map((each) => referenceTo(each, io)));
  const [claim, role] = [args.text('claim'), args.text('role')];
  const attestation: Attestation = {
    requirementIds: [...new Set(idsFrom(args))],
    ...(claim === undefined ? {} : { claim }),
    by: args.text('by') ?? '',
    ...(role === undefined ? {} : { role }),
    date: args.text('date') ?? timestamp.slice(0, 10),
    references,
  };
  const { signatures: _signatures, ...bom } = manifest.bom;
  const changed: Manifest = {
    ...manifest,
    bom: {
      ...bom,
      serialNumber: `urn:uuid:${uuidFrom(`${digestManifest(manifest)} ${JSON.stringify(attestation)}`)}`,
      version: 1,
      timestamp,
    },
    attestations: { ...manifest.attestations, [keyFor(attestation, manifest)]: attestation },
  };
  const refused = validateManifest(changed).findings.find(isBlocking);
  if (refused !== undefined)
    throw new MsbomError('ERR_CLI_USAGE', `the manifest would not be valid: ${refused.message}`, {
      pointer: refused.pointer,
      hint: refused.fix,
    });
  await writeText(args.text('attest-out') ?? '-', io, stringifyManifest(changed));
  if (manifest.bom.signatures !== undefined) say(args, io, 'the signatures of the document were left out: it is another document now');
  return changed;
}

/** An id that is not taken. */
function keyFor({ by, date }: Attestation, { attestations = {} }: Manifest): string {
  const base = idFrom(`${by}-${date}`);
  for (let i = 1; ; i++) {
    const key = i === 1 ? base : `${base}-${i}`;
    if (!Object.hasOwn(attestations, key)) return key;
  }
}

async function referenceTo(given: string, io: Session): Promise<Reference> {
  if (/^[A-Za-z][A-Za-z0-9+.-]+:[!-~]+$/.test(given)) return { uri: given };
  const path = resolve(io.cwd, given);
  await io.guard.reads(path);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw ioError(error, given, 'ERR_IO_READ');
  });
  const name = given.slice(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
  return { title: name, digest: { sha256: createHash('sha256').update(bytes).digest('hex') } };
}

/** The repository that a reference names, and the options of the verbs that ask one. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { helperAnswer, helperServer } from '../oci/credentials.js';
import {
  credentialsIn,
  type Found,
  openLayout,
  openRegistry,
  parseReference,
  type Reference,
  type RegistryReference,
  type Repository,
  type StoredManifest,
} from '../oci/index.js';
import { runUserCommand } from '../platform/user-command.js';
import { readInput } from '../verbs/input.js';
import type { Arguments } from './command.js';
import type { Session } from './io.js';
import { wordsOf } from './signing.js';

export interface OpenedArtifact {
  readonly reference: Reference;
  readonly repository: Repository;
  readonly artifact: StoredManifest;
}

/**
 * The artifact that a reference names, with the digest checked that the reference has.
 * @throws ERR_OCI_REFERENCE, ERR_OCI_NOT_FOUND, ERR_OCI_AUTH, ERR_OCI_REGISTRY, ERR_OCI_CONTENT, ERR_CLI_USAGE
 */
export async function openArtifact(text: string, args: Arguments, io: Session): Promise<OpenedArtifact> {
  const reference = parseReference(text);
  const repository = repositoryOf(reference, args, io);
  return { reference, repository, artifact: await repository.manifest(reference.digest ?? reference.tag ?? '') };
}

function repositoryOf(reference: Reference, args: Arguments, io: Session): Repository {
  if (reference.kind === 'registry') {
    return openRegistry({
      host: reference.host,
      repository: reference.repository,
      http: io.http ?? globalThis.fetch,
      plainHttp: args.flag('plain-http'),
      authHosts: args.texts('auth-host'),
      credentials: () => credentialsFrom(reference, args, io),
    });
  }
  const senseless = ['registry-config', 'credential-helper'].find((name) => args.text(name) !== undefined);
  if (senseless !== undefined || args.flag('plain-http') || args.texts('auth-host').length > 0)
    throw new MsbomError(
      'ERR_CLI_USAGE',
      `\`--${senseless ?? (args.flag('plain-http') ? 'plain-http' : 'auth-host')}\` means nothing with an OCI layout`,
      {
        hint: 'leave it out',
      },
    );
  return openLayout(resolve(io.cwd, reference.directory), reference.directory);
}

/** By the helper that was named, or as they stand in the configuration; asked for when the registry wants some. */
async function credentialsFrom({ host, repository }: RegistryReference, args: Arguments, io: Session): Promise<Found> {
  const helper = args.text('credential-helper');
  if (helper !== undefined) {
    const command = [...wordsOf(helper, '--credential-helper'), 'get'];
    const output = await runUserCommand({ command, cwd: io.cwd, env: io.env }, Buffer.from(`${helperServer(host)}\n`), {
      code: 'ERR_OCI_AUTH',
      name: 'the credential helper',
      hint: 'Log in with the tool that it belongs to, or leave it out to ask without credentials.',
    });
    return { credentials: helperAnswer(output) };
  }
  const named = args.text('registry-config');
  const file = named ?? defaultConfig(io);
  const bytes = await readInput(file, io).catch((error: unknown) => {
    if (named === undefined && MsbomError.is(error, 'ERR_IO_NOT_FOUND')) return undefined;
    throw error;
  });
  return bytes === undefined ? {} : credentialsIn(bytes, named ?? 'config.json', host, repository);
}

const defaultConfig = ({ env }: Session): string =>
  join(env.DOCKER_CONFIG || join(env.HOME || env.USERPROFILE || homedir(), '.docker'), 'config.json');

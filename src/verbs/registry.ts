/** The artifact that a reference names, in a registry or an OCI layout, and how a registry is asked. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import type { Http } from '../core/http.js';
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
import { readInput } from './input.js';
import type { VerbOptions } from './options.js';

/** How a registry is asked. Of an OCI layout nothing of it is used. */
export interface RegistryAccess {
  /** Configuration of Docker with credentials. Default `config.json` in `DOCKER_CONFIG` or `~/.docker`, where `env` is given. */
  readonly config?: string;
  /** Words of a program that tells the password by Docker's protocol. None is started without this option. */
  readonly credentialHelper?: readonly string[];
  /** Hosts besides the registry that may be asked for its tokens. */
  readonly authHosts?: readonly string[];
  /** Speak to it without encryption, as is done on this machine in any case. */
  readonly plainHttp?: boolean;
  /** Asks a server: `fetch` of the platform fits. Without it nothing reaches a network, and a registry cannot be asked. */
  readonly http?: Http;
  /** Variables for the helper, and that say where the configuration lies. Without it only a configuration that is named is read. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface OpenedArtifact {
  readonly repository: Repository;
  readonly artifact: StoredManifest;
}

/**
 * The artifact that a reference names, with the digest checked that the reference has.
 * @throws ERR_OCI_REFERENCE, ERR_OCI_NOT_FOUND, ERR_OCI_AUTH, ERR_OCI_REGISTRY, ERR_OCI_CONTENT, ERR_CLI_USAGE
 */
export async function openArtifact(text: string, access: RegistryAccess, options: VerbOptions): Promise<OpenedArtifact> {
  const reference = parseReference(text);
  const repository = repositoryOf(reference, access, options);
  return { repository, artifact: await repository.manifest(reference.digest ?? reference.tag ?? '') };
}

function repositoryOf(reference: Reference, access: RegistryAccess, options: VerbOptions): Repository {
  if (reference.kind === 'layout') return openLayout(resolve(options.cwd ?? '.', reference.directory), reference.directory);
  const { http, plainHttp = false, authHosts = [] } = access;
  if (http === undefined)
    throw new MsbomError('ERR_CLI_USAGE', 'a registry cannot be asked without the network', {
      hint: 'give `registry.http`, such as `fetch`',
    });
  const { host, repository } = reference;
  return openRegistry({ host, repository, http, plainHttp, authHosts, credentials: () => credentialsFrom(reference, access, options) });
}

/** By the helper that was named, or as they stand in the configuration; asked for when the registry wants some. */
async function credentialsFrom(
  { host, repository }: RegistryReference,
  { config, credentialHelper, env }: RegistryAccess,
  options: VerbOptions,
): Promise<Found> {
  if (credentialHelper !== undefined) {
    const command = [...credentialHelper, 'get'];
    const output = await runUserCommand({ command, cwd: options.cwd ?? '.', env: env ?? {} }, Buffer.from(`${helperServer(host)}\n`), {
      code: 'ERR_OCI_AUTH',
      name: 'the credential helper',
      hint: 'Log in with the tool that it belongs to, or leave it out to ask without credentials.',
    });
    return { credentials: helperAnswer(output) };
  }
  const file = config ?? (env === undefined ? undefined : defaultConfig(env));
  if (file === undefined) return {};
  const bytes = await readInput(file, options).catch((error: unknown) => {
    if (config === undefined && MsbomError.is(error, 'ERR_IO_NOT_FOUND')) return undefined;
    throw error;
  });
  return bytes === undefined ? {} : credentialsIn(bytes, config ?? 'config.json', host, repository);
}

const defaultConfig = (env: NonNullable<RegistryAccess['env']>): string =>
  join(env.DOCKER_CONFIG || join(env.HOME || env.USERPROFILE || homedir(), '.docker'), 'config.json');

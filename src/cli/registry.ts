/** How a registry is asked, by the options of the verbs that ask one. */
import { MsbomError } from '../core/error.js';
import { optional } from '../core/objects.js';
import type { RegistryAccess } from '../verbs/registry.js';
import type { Arguments } from './command.js';
import type { Session } from './io.js';
import { REGISTRY_OPTIONS } from './registry-options.js';
import { wordsOf } from './signing.js';

/** @throws ERR_CLI_USAGE for an option that means nothing with an OCI layout */
export function registryFrom(reference: string, args: Arguments, { env, http }: Session): RegistryAccess {
  const given = Object.keys(REGISTRY_OPTIONS).find((name) => args.given(name));
  if (given !== undefined && reference.startsWith('oci:') && !reference.startsWith('oci://'))
    throw new MsbomError('ERR_CLI_USAGE', `\`--${given}\` means nothing with an OCI layout`, { hint: 'leave it out' });
  const helper = args.text('credential-helper');
  return {
    env,
    http: http ?? globalThis.fetch,
    authHosts: args.texts('auth-host'),
    plainHttp: args.flag('plain-http'),
    ...optional('config', args.text('registry-config')),
    ...optional('credentialHelper', helper === undefined ? undefined : wordsOf(helper, '--credential-helper')),
  };
}

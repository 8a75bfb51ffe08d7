/** The options of the verbs that ask a registry, apart from the work. */
import type { Options } from './command.js';

export const REGISTRY_OPTIONS: Options = {
  'registry-config': {
    type: 'string',
    value: 'FILE',
    help: 'configuration of Docker with credentials; default config.json in DOCKER_CONFIG or ~/.docker',
  },
  'credential-helper': {
    type: 'string',
    value: 'COMMAND',
    help: 'program that tells the password, such as docker-credential-pass; none is started without this option',
  },
  'auth-host': { type: 'string', value: 'HOST', multiple: true, help: 'host besides the registry that may be asked for its tokens' },
  'plain-http': { type: 'boolean', help: 'speak to the registry without encryption, as is done on this machine in any case' },
};

/** Does a target lie in a registry or an OCI layout? */
export const isArtifact = (target: string | undefined): boolean => target?.startsWith('oci:') === true;

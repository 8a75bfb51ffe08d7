/**
 * Credentials for a registry, read as data from a configuration of Docker. Nothing is started for them: a helper that the configuration
 * names is told of, and no more.
 * Sources: https://github.com/docker/cli/blob/master/cli/config/types/authconfig.go,
 * https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md,
 * https://github.com/docker/docker-credential-helpers (protocol of `get`)
 */
import { MsbomError } from '../core/error.js';
import { parseJson } from '../core/json.js';
import { isObject, type JsonObject, own } from '../core/objects.js';

export type Credentials =
  | { readonly username: string; readonly password: string }
  /** A refresh token of OAuth 2. */
  | { readonly identityToken: string }
  /** A token that the registry takes as it is. */
  | { readonly registryToken: string };

const MAX_CONFIG_BYTES = 1024 * 1024;
const LIMITS = { maxDocumentBytes: MAX_CONFIG_BYTES, maxDepth: 10, maxValues: 50_000 };
/** Docker Hub is known by its old address. */
const HUB_HOSTS = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];
const HUB_KEY = 'index.docker.io';

/** The name that a registry has in a configuration. */
const keyOf = (host: string): string => (HUB_HOSTS.includes(host) ? HUB_KEY : host);

/** What the helper of Docker's protocol is asked about. */
export const helperServer = (host: string): string => (HUB_HOSTS.includes(host) ? `https://${HUB_KEY}/v1/` : host);

export interface Found {
  readonly credentials?: Credentials;
  /** Name of the helper that the configuration has for the host. */
  readonly helper?: string;
}

/**
 * What a configuration has for a repository: of the longest name that it is of, as `HOST` or `HOST/NAMESPACE`.
 * @throws ERR_OCI_AUTH for a configuration that cannot be read; what stands in it is in no message
 */
export function credentialsIn(config: Uint8Array, file: string, host: string, repository: string): Found {
  const value = configFrom(config, file);
  const auths = object(own(value, 'auths'));
  const places = [keyOf(host), ...(HUB_HOSTS.includes(host) ? HUB_HOSTS : [])];
  const names = places.flatMap((place) => {
    const parts = repository.split('/');
    return [...parts.keys()].map((i) => [place, ...parts.slice(0, parts.length - i)].join('/')).concat(place);
  });
  const entries = new Map(Object.entries(auths).map(([key, each]) => [normalized(key), object(each)]));
  const entry = names.map((name) => entries.get(name)).find((each) => each !== undefined && Object.keys(each).length > 0);
  const credentials = entry === undefined ? undefined : credentialsOf(entry, file);
  const helpers = object(own(value, 'credHelpers'));
  const helper = places.map((place) => own(helpers, place)).find((each) => typeof each === 'string') ?? own(value, 'credsStore');
  return { ...(credentials === undefined ? {} : { credentials }), ...(typeof helper === 'string' && helper !== '' ? { helper } : {}) };
}

function configFrom(config: Uint8Array, file: string): JsonObject {
  try {
    return object(parseJson(config, { file, limits: LIMITS, inexactIntegers: 'text' }));
  } catch (error) {
    // The message of the parser may show what stands there.
    if (!MsbomError.is(error)) throw error;
    throw new MsbomError('ERR_OCI_AUTH', `the configuration with credentials cannot be read (${error.code})`, { file, line: error.line });
  }
}

const object = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** `https://index.docker.io/v1/` as `index.docker.io`. */
function normalized(key: string): string {
  const bare = key.replace(/^https?:\/\//, '');
  return bare === key ? key : bare.replace(/\/(?:v[12]\/?)?$/, '');
}

function credentialsOf(entry: JsonObject, file: string): Credentials | undefined {
  const text = (name: string): string | undefined => {
    const value = own(entry, name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [identityToken, registryToken] = [text('identitytoken'), text('registrytoken')];
  if (registryToken !== undefined) return { registryToken };
  if (identityToken !== undefined) return { identityToken };
  const auth = text('auth');
  const decoded = auth === undefined ? undefined : Buffer.from(auth, 'base64').toString('utf8');
  const colon = decoded?.indexOf(':') ?? -1;
  if (decoded !== undefined && colon <= 0)
    throw new MsbomError('ERR_OCI_AUTH', 'the configuration has credentials in another form than Docker writes them', { file });
  const username = decoded?.slice(0, colon) ?? text('username');
  const password = decoded?.slice(colon + 1) ?? text('password');
  return username === undefined || password === undefined ? undefined : byName(username, password);
}

/** Docker marks a refresh token by the name of the user. */
export const byName = (username: string, password: string): Credentials =>
  username === '<token>' ? { identityToken: password } : { username, password };

/** What a helper answered to `get`. @throws ERR_OCI_AUTH */
export function helperAnswer(output: Uint8Array): Credentials {
  const value = configFrom(output, 'answer of the credential helper');
  const [username, secret] = [own(value, 'Username'), own(value, 'Secret')];
  if (typeof username !== 'string' || typeof secret !== 'string')
    throw new MsbomError('ERR_OCI_AUTH', 'the credential helper answers without a name and a secret');
  return byName(username, secret);
}

/**
 * Requests to one registry: credentials for it alone, redirects without them, and an end to every answer. What answers may be hostile.
 * Sources: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md,
 * https://distribution.github.io/distribution/spec/auth/token/ and /oauth/
 */
import { MsbomError } from '../core/error.js';
import type { Http, HttpAnswer, HttpRequest } from '../core/http.js';
import { parseJson } from '../core/json.js';
import { isList, isObject, own } from '../core/objects.js';
import { TOOL } from '../core/tool.js';
import { challengesIn } from './challenge.js';
import type { Credentials, Found } from './credentials.js';
import { isLoopback } from './reference.js';

export interface TransportOptions {
  /** Host and port of the registry. */
  readonly host: string;
  readonly repository: string;
  /** Asks a server; `fetch` of the platform fits. */
  readonly http: Http;
  /** Speak HTTP without TLS; on loopback that is done in any case. */
  readonly plainHttp?: boolean;
  /** Asked for when the registry wants credentials; none means anonymous. */
  readonly credentials?: () => Promise<Found>;
  /** Hosts, besides the registry itself, that tokens may be fetched from. */
  readonly authHosts?: readonly string[];
  /** Milliseconds without a byte. Default 60,000. */
  readonly timeoutMs?: number;
  /** Waits so many milliseconds before a registry that is busy is asked again; a test need not. */
  readonly wait?: (milliseconds: number) => Promise<void>;
}

export interface Call {
  readonly method: HttpRequest['method'];
  /** Path, or an address that the registry gave. */
  readonly address: string;
  readonly action: 'pull' | 'push';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** Bytes of the answer at most. */
  readonly maxBytes?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: HttpAnswer['headers'];
  /** Where it came from. */
  readonly url: URL;
  /** Every byte at once or none: to be taken or given up. @throws ERR_OCI_REGISTRY, ERR_LIMIT_BYTES */
  chunks(): AsyncGenerator<Uint8Array>;
  giveUp(): void;
}

export interface Transport {
  /** As it is shown. */
  readonly name: string;
  /** The registry's answer, whatever its status. @throws ERR_OCI_REGISTRY, ERR_OCI_AUTH, ERR_OCI_CONTENT */
  ask(call: Call): Promise<Answer>;
  /** The error of an answer that is none of those which are understood. */
  refusal(answer: Answer, what: string): Promise<MsbomError>;
}

const TIMEOUT_MS = 60_000;
/** A registry that gives less than that in a second is given up in the end. */
const BYTES_A_SECOND = 16 * 1024;
const MAX = { redirects: 5, tries: 3, token: 256 * 1024, message: 64 * 1024, wait: 60_000 };
/** Registries whose tokens come from another host. */
const AUTH_HOSTS: Readonly<Record<string, string>> = {
  'registry-1.docker.io': 'auth.docker.io',
  'registry.gitlab.com': 'gitlab.com',
};
/** What Docker Hub is called, and where it is. */
const HUB: Readonly<Record<string, string>> = { 'docker.io': 'registry-1.docker.io', 'index.docker.io': 'registry-1.docker.io' };

export function openTransport(options: TransportOptions): Transport {
  const { repository, http, authHosts = [], timeoutMs = TIMEOUT_MS, wait = pause } = options;
  const host = HUB[options.host] ?? options.host;
  const name = `oci://${options.host}/${repository}`;
  const isPlain = options.plainHttp === true || isLoopback(new URL(`https://${host}`).hostname);
  const origin = new URL(`${isPlain ? 'http' : 'https'}://${host}`);
  /** What the configuration has that is not used unasked. */
  let helper: string | undefined;
  /** By what is to be done. */
  const authorizations = new Map<Call['action'], string>();

  const failed = (what: string, cause?: unknown): MsbomError =>
    new MsbomError('ERR_OCI_REGISTRY', what, {
      file: name,
      hint: 'Check the host, the network and, for a registry without TLS, --plain-http.',
      ...(cause === undefined ? {} : { cause }),
    });

  /** Without TLS is only what the user asked to be so: the registry itself, and this machine. */
  function addressOf(text: string, base: URL): URL {
    const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
    if (url === undefined || url.username !== '' || url.password !== '') throw failed('the registry gives an address that is none');
    const mayBePlain = isPlain && (url.host === origin.host || isLoopback(url.hostname));
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && mayBePlain))
      throw failed(`the registry leads to ${url.protocol}//${url.host}, which is not encrypted`);
    return url;
  }

  /** One request, that ends. */
  async function once(url: URL, request: Omit<HttpRequest, 'redirect' | 'signal'>, maxBytes: number): Promise<Answer> {
    const stop = new AbortController();
    const started = Date.now();
    const allowed = timeoutMs + (maxBytes / BYTES_A_SECOND) * 1000;
    let timer: NodeJS.Timeout | undefined;
    const arm = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => stop.abort(), Math.max(1, Math.min(timeoutMs, started + allowed - Date.now())));
    };
    const told = (cause: unknown): MsbomError => {
      clearTimeout(timer);
      if (MsbomError.is(cause)) return cause;
      return stop.signal.aborted
        ? failed(`${url.host} takes too long to answer`)
        : failed(`${url.host} does not answer: ${causeOf(cause)}`, cause);
    };
    arm();
    const headers = { ...request.headers, 'user-agent': `${TOOL.name}/${TOOL.version}`, 'accept-encoding': 'identity' };
    const answer = await http(url.href, { ...request, headers, redirect: 'manual', signal: stop.signal }).catch((cause: unknown) => {
      throw told(cause);
    });
    const giveUp = (): void => {
      clearTimeout(timer);
      stop.abort();
    };
    const encoding = answer.headers.get('content-encoding');
    if (encoding !== null && encoding !== 'identity' && encoding !== '') {
      giveUp();
      throw failed(`${url.host} packs its answer (${encoding}), which was not asked for`);
    }
    return {
      status: answer.status,
      headers: answer.headers,
      url,
      giveUp,
      async *chunks() {
        const reader = answer.body?.getReader();
        let length = 0;
        try {
          for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
            length += part.value.byteLength;
            if (length > maxBytes) throw new MsbomError('ERR_LIMIT_BYTES', `${url.host} gives more than ${maxBytes} bytes`, { file: name });
            arm();
            yield part.value;
          }
        } catch (cause) {
          throw told(cause);
        } finally {
          giveUp();
        }
      },
    };
  }

  async function follow(call: Call, address: URL): Promise<Answer> {
    let url = address;
    let isOurs = url.origin === origin.origin;
    for (let hops = 0; ; hops++) {
      const authorization = isOurs ? authorizations.get(call.action) : undefined;
      const request = {
        method: call.method,
        headers: { ...call.headers, ...(authorization === undefined ? {} : { authorization }) },
        ...(call.body === undefined ? {} : { body: call.body }),
      };
      const answer = await once(url, request, call.maxBytes ?? MAX.message);
      const location = answer.headers.get('location');
      if (![301, 302, 303, 307, 308].includes(answer.status) || location === null) return answer;
      answer.giveUp();
      if (call.method !== 'GET' && call.method !== 'HEAD') throw failed('the registry redirects what is sent to it');
      if (hops >= MAX.redirects) throw failed(`the registry redirects more than ${MAX.redirects} times`);
      const next = addressOf(location, url);
      // Once elsewhere, credentials stay behind for good.
      isOurs &&= next.origin === origin.origin;
      url = next;
    }
  }

  async function patiently(call: Call, url: URL): Promise<Answer> {
    const isRepeatable = call.method === 'GET' || call.method === 'HEAD';
    for (let attempt = 1; ; attempt++) {
      const answer = await follow(call, url).catch((error: unknown) => {
        if (!isRepeatable || attempt >= MAX.tries || !MsbomError.is(error, 'ERR_OCI_REGISTRY') || error.cause === undefined) throw error;
        return undefined;
      });
      const isPassing = answer === undefined || answer.status === 429 || [502, 503, 504].includes(answer.status);
      if (answer !== undefined && (!isPassing || !isRepeatable || attempt >= MAX.tries)) return answer;
      answer?.giveUp();
      const asked = Number(answer?.headers.get('retry-after') ?? Number.NaN);
      await wait(Math.min(MAX.wait, Math.max(2 ** (attempt - 1) * 500, Number.isFinite(asked) ? asked * 1000 : 0)));
    }
  }

  async function authorize(header: string, action: Call['action']): Promise<void> {
    const challenges = challengesIn(header);
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    if (bearer === undefined && !challenges.some(({ scheme }) => scheme === 'basic'))
      throw denied('the registry wants credentials in a way that is not known');
    const { credentials: found, helper: named } = (await options.credentials?.()) ?? {};
    helper = named;
    if (found !== undefined && 'registryToken' in found) authorizations.set(action, `Bearer ${found.registryToken}`);
    else if (bearer === undefined) {
      if (found === undefined || !('username' in found))
        throw denied('the registry wants a name and a password, and there are none for it');
      authorizations.set(action, basic(found));
    } else authorizations.set(action, `Bearer ${await tokenFrom(bearer.parameters, found, action)}`);
  }

  const denied = (what: string, hint?: string): MsbomError =>
    new MsbomError('ERR_OCI_AUTH', what, {
      file: name,
      hint:
        hint ??
        (helper === undefined
          ? `Log in with \`docker login ${options.host}\`, or name the file with --registry-config.`
          : `Your configuration keeps the password with a helper, which is not started unasked: --credential-helper docker-credential-${helper}`),
    });

  /** A token for this repository and nothing else, whatever scope the registry names. */
  async function tokenFrom(
    parameters: ReadonlyMap<string, string>,
    found: Credentials | undefined,
    action: Call['action'],
  ): Promise<string> {
    const realm = parameters.get('realm') ?? '';
    const url = addressOf(realm, origin);
    if (url.host !== origin.host && url.host !== AUTH_HOSTS[host] && !authHosts.includes(url.host))
      throw denied(
        `the registry sends for its tokens to ${url.host}, which is another host`,
        `If that is right, say so with --auth-host ${url.host}.`,
      );
    const fields: Record<string, string> = { scope: `repository:${repository}:${action === 'push' ? 'pull,push' : 'pull'}` };
    const service = parameters.get('service');
    if (service !== undefined) fields.service = service;
    const isRefresh = found !== undefined && 'identityToken' in found;
    const more = isRefresh ? { grant_type: 'refresh_token', client_id: TOOL.name, refresh_token: found.identityToken } : {};
    const query = new URLSearchParams({ ...fields, ...more });
    if (!isRefresh) for (const [key, value] of query) url.searchParams.set(key, value);
    const answer = await once(
      url,
      {
        method: isRefresh ? 'POST' : 'GET',
        headers: {
          accept: 'application/json',
          ...(isRefresh ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
          ...(found !== undefined && 'username' in found ? { authorization: basic(found) } : {}),
        },
        ...(isRefresh ? { body: query.toString() } : {}),
      },
      MAX.token,
    );
    if (answer.status !== 200) {
      answer.giveUp();
      throw denied(`${url.host} gives no token for this repository (status ${answer.status})`);
    }
    const value = parseJson(await all(answer), {
      file: `token of ${url.host}`,
      limits: { maxDocumentBytes: MAX.token, maxDepth: 10, maxValues: 1000 },
      inexactIntegers: 'text',
    });
    const token = isObject(value) ? (own(value, 'token') ?? own(value, 'access_token')) : undefined;
    if (typeof token !== 'string' || !/^[!-~]+$/.test(token)) throw denied(`${url.host} answers without a token`);
    return token;
  }

  return {
    name,
    async ask(call) {
      const url = addressOf(call.address, origin);
      const answer = await patiently(call, url);
      if (answer.status !== 401 || answer.url.origin !== origin.origin) return answer;
      answer.giveUp();
      const header = answer.headers.get('www-authenticate') ?? '';
      await authorize(header, call.action);
      const again = await patiently(call, url);
      if (again.status !== 401) return again;
      again.giveUp();
      throw denied('the registry refuses the credentials that there are, or wants some');
    },
    async refusal(answer, what) {
      const said = await saidIn(answer);
      const why = said === undefined ? `status ${answer.status}` : `status ${answer.status}, ${said}`;
      if (answer.status === 401 || answer.status === 403) return denied(`the registry does not allow ${what} (${why})`);
      if (answer.status === 404) return new MsbomError('ERR_OCI_NOT_FOUND', `the registry does not have ${what} (${why})`, { file: name });
      return new MsbomError('ERR_OCI_REGISTRY', `the registry does not give ${what} (${why})`, { file: name });
    },
  };
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const basic = ({ username, password }: { readonly username: string; readonly password: string }): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** `fetch` hides what went wrong in the cause of its error. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
  return code ?? (cause instanceof Error ? cause.message : String(cause));
}

async function all(answer: Answer): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of answer.chunks()) parts.push(chunk);
  return Buffer.concat(parts);
}

/** The first error that the registry names, for people. */
async function saidIn(answer: Answer): Promise<string | undefined> {
  try {
    const value: unknown = JSON.parse(Buffer.from(await all(answer)).toString('utf8'));
    const errors = isObject(value) ? own(value, 'errors') : undefined;
    const [first] = isList(errors) ? errors : [];
    const [code, message] = isObject(first) ? [own(first, 'code'), own(first, 'message')] : [];
    return (
      [code, message]
        .filter((each): each is string => typeof each === 'string')
        .join(': ')
        .slice(0, 200) || undefined
    );
  } catch {
    return undefined; // no JSON, or too much of it
  }
}

/**
 * Advisories from osv.dev, through a function that the caller gives: nothing here reaches a network by itself.
 * Source: https://google.github.io/osv.dev/api/
 */
import { MsbomError } from '../core/error.js';
import type { Http, HttpAnswer, HttpRequest } from '../core/http.js';
import { parseJson } from '../core/json.js';
import { isObject, own } from '../core/objects.js';
import { type Advisory, readAdvisory } from './advisory.js';
import { ecosystemOf } from './ecosystems.js';
import type { Package } from './packages.js';
import { objectsOf, text } from './values.js';

export interface OnlineOptions {
  /** Asks a server; `fetch` of the platform fits. */
  readonly http: Http;
  /** Address of the service. */
  readonly service?: string;
  /** Waits so many milliseconds; a test need not. */
  readonly wait?: (milliseconds: number) => Promise<void>;
}

const SERVICE = 'https://api.osv.dev';
const BATCH = 1000;
const MAX = { bytes: 32 * 1024 * 1024, ids: 20_000, pages: 200, tries: 5, total: 1024 ** 3, record: 16 * 1024 * 1024 };
const TIMEOUT_MS = 60_000;
const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 60_000;
const LIMITS = { maxDocumentBytes: MAX.bytes, maxDepth: 30, maxValues: 4_000_000 };

interface Session {
  readonly options: Required<OnlineOptions>;
  bytes: number;
}

interface Query {
  readonly package: { readonly ecosystem: string; readonly name: string };
  readonly version: string;
  readonly page_token?: string;
}

/** Ecosystems that the service is asked about; products that are known by CPE alone are none. */
export const askedOnline = (packages: readonly Package[]): readonly string[] =>
  [...new Set(packages.map(({ ecosystem }) => ecosystem))].filter((each) => each !== 'CPE' && each !== 'conda' && each !== 'Hugging Face');

/**
 * The records that the service has on the packages, each once. Names and versions of the packages leave the machine, nothing else does.
 * @throws ERR_IO_READ when the service does not answer or not with what it should, ERR_LIMIT_BYTES, ERR_LIMIT_COUNT
 */
export async function advisoriesOnline(packages: readonly Package[], options: OnlineOptions): Promise<readonly Advisory[]> {
  const session: Session = { options: { service: SERVICE, wait: pause, ...options }, bytes: 0 };
  const asked = new Set(askedOnline(packages));
  const queries = packages
    .filter(({ ecosystem }) => asked.has(ecosystem))
    .map(({ ecosystem, release, name, version }): Query => {
      const of = ecosystemOf(ecosystem);
      return { package: { ecosystem: release === undefined ? ecosystem : `${ecosystem}:${release}`, name }, version: of.exact(version) };
    });
  const advisories: Advisory[] = [];
  for (const id of await idsOf(queries, session)) {
    const file = `${session.options.service}/v1/vulns/${encodeURIComponent(id)}`;
    const advisory = readAdvisory(await ask(file, { method: 'GET' }, session));
    if (advisory === undefined) throw new MsbomError('ERR_IO_READ', 'the answer is no record of the OSV schema', { file });
    advisories.push(advisory);
  }
  return advisories;
}

/** Ids of all pages of all answers. */
async function idsOf(queries: readonly Query[], session: Session): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const file = `${session.options.service}/v1/querybatch`;
  let waiting = queries;
  for (let pages = 0; waiting.length > 0; pages++) {
    if (pages >= MAX.pages) throw new MsbomError('ERR_LIMIT_COUNT', `the service gave more than ${MAX.pages} pages`, { file });
    const batch = waiting.slice(0, BATCH);
    const answer = await ask(file, { method: 'POST', body: JSON.stringify({ queries: batch }) }, session);
    const results = objectsOf(isObject(answer) ? own(answer, 'results') : undefined);
    if (results.length !== batch.length)
      throw new MsbomError('ERR_IO_READ', `the service gave ${results.length} answers to ${batch.length} questions`, { file });
    const more = results.flatMap((result, at): readonly Query[] => {
      for (const each of objectsOf(own(result, 'vulns'))) {
        const id = text(each, 'id');
        if (id !== undefined && /^[A-Za-z0-9._:-]{1,200}$/.test(id)) ids.add(id);
      }
      const [token, query] = [text(result, 'next_page_token'), batch[at]];
      return token === undefined || query === undefined ? [] : [{ ...query, page_token: token }];
    });
    if (ids.size > MAX.ids) throw new MsbomError('ERR_LIMIT_COUNT', `the service names more than ${MAX.ids} records`, { file });
    waiting = [...more, ...waiting.slice(BATCH)];
  }
  return ids;
}

/** Asks until there is an answer: a server that is busy or broken is asked again later, each time after twice as long. */
async function ask(file: string, { method, body }: Pick<HttpRequest, 'method' | 'body'>, session: Session): Promise<unknown> {
  const { http, wait } = session.options;
  const headers = { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  for (let attempt = 1; ; attempt++) {
    const answer = await http(file, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    }).catch((cause: unknown) => cause as Error);
    if (!(answer instanceof Error) && answer.status === 200)
      return parseJson(await bytesOf(answer, file, session), { file, limits: LIMITS, inexactIntegers: 'round' });
    const isPassing = answer instanceof Error || answer.status === 429 || answer.status >= 500;
    if (!isPassing || attempt >= MAX.tries) {
      const why =
        answer instanceof Error ? `the service does not answer: ${answer.message}` : `the service answers with the status ${answer.status}`;
      throw new MsbomError('ERR_IO_READ', why, {
        file,
        hint: 'give advisories that you have with --advisories',
        ...(answer instanceof Error ? { cause: answer } : {}),
      });
    }
    await wait(waitFor(answer, attempt));
  }
}

function waitFor(answer: HttpAnswer | Error, attempt: number): number {
  const asked = answer instanceof Error ? Number.NaN : Number(answer.headers.get('retry-after') ?? Number.NaN);
  const own_ = FIRST_WAIT_MS * 2 ** (attempt - 1);
  return Math.min(MAX_WAIT_MS, Number.isFinite(asked) && asked >= 0 ? Math.max(asked * 1000, own_) : own_);
}

async function bytesOf({ body }: HttpAnswer, file: string, session: Session): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    length += part.value.byteLength;
    session.bytes += part.value.byteLength;
    if (length > MAX.bytes || session.bytes > MAX.total) {
      await reader?.cancel();
      throw new MsbomError('ERR_LIMIT_BYTES', `the service gives more than ${length > MAX.bytes ? MAX.bytes : MAX.total} bytes`, { file });
    }
    parts.push(part.value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Credentials, tokens and redirects, and registries that mean harm. */
import { writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MsbomError } from '../../src/core/error.js';
import type { Http, HttpRequest } from '../../src/core/http.js';
import { challengesIn } from '../../src/oci/challenge.js';
import { credentialsIn, openRegistry, type TransportOptions } from '../../src/oci/index.js';
import { runCli } from '../support/cli.js';
import { person, signed } from '../support/custody.js';
import { digestOf, pushModel, type RegistryShape, serve, startRegistry } from '../support/oci-registry.js';
import { temporaryDirectory } from '../support/temporary.js';

const FILES = { 'model.safetensors': 'weights' };
const me = person();

async function pushed(shape: RegistryShape = {}) {
  const cwd = temporaryDirectory({ 'me.pub': me.publicKey });
  const registry = await startRegistry(shape);
  await signed(join(cwd, 'model'), FILES, me);
  const digest = pushModel(registry, 'acme/model', '1', FILES);
  const config = (auths: object, more: object = {}) =>
    writeFileSync(join(cwd, 'docker.json'), JSON.stringify({ auths: { [registry.host]: auths }, ...more }));
  const attach = (...more: readonly string[]) =>
    runCli(cwd, ['attach', `oci://${registry.host}/acme/model:1`, 'model', '--registry-config', 'docker.json', ...more]);
  config({});
  return { cwd, registry, digest, config, attach, ref: `oci://${registry.host}/acme/model:1` };
}

const b64 = (text: string): string => Buffer.from(text).toString('base64');
const secret = 'pa:ss word';

describe('credentials', () => {
  it('are given to a registry that wants a name and a password, and to none before it asks', async () => {
    const { registry, config, attach } = await pushed({ auth: { kind: 'basic', username: 'ann', password: secret } });
    const refused = await attach();
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('ERR_OCI_AUTH');
    config({ auth: b64(`ann:${secret}`) });
    registry.asked.length = 0;
    expect((await attach()).code).toBe(0);
    expect(registry.asked[0]?.authorization).toBeUndefined();
    config({ auth: b64('ann:wrong') });
    const wrong = await attach();
    expect(wrong.code).toBe(2);
    expect(wrong.err).not.toContain('wrong');
  });
  it('become a token for this repository, for reading and for writing', async () => {
    const { registry, config, attach, cwd, ref } = await pushed({ auth: { kind: 'bearer', username: 'ann', password: secret } });
    expect((await attach()).err).toContain('ERR_OCI_AUTH');
    config({ username: 'ann', password: secret });
    registry.asked.length = 0;
    expect(await attach()).toMatchObject({ code: 0 });
    const scopes = registry.asked
      .filter(({ path }) => path.startsWith('/token'))
      .map(({ path }) => new URLSearchParams(path.split('?')[1]).get('scope'));
    expect(scopes).toEqual(['repository:acme/model:pull', 'repository:acme/model:pull,push']);
    // The password goes to where tokens are, and nowhere else.
    expect(
      registry.asked.filter(({ authorization }) => authorization?.startsWith('Basic')).every(({ path }) => path.startsWith('/token')),
    ).toBe(true);
    expect((await runCli(cwd, ['verify', ref, '--public-key', 'me.pub', '--registry-config', 'docker.json'])).code).toBe(0);
  });
  it('are not needed where anybody gets a token', async () => {
    const { attach } = await pushed({ auth: { kind: 'bearer' } });
    expect((await attach()).code).toBe(0);
  });
  it('may be a refresh token, or a token of the registry', async () => {
    const { registry, config, attach } = await pushed({ auth: { kind: 'bearer', refreshToken: 'refresh-me' } });
    config({ identitytoken: 'refresh-me' });
    expect((await attach()).code).toBe(0);
    expect(registry.asked.some(({ path }) => path.includes('refresh-me'))).toBe(false);
    config({ registrytoken: 'no such token' });
    expect((await attach()).err).toContain('ERR_OCI_AUTH');
  });
  it('come from a helper only when it is named', async () => {
    const { cwd, config, attach } = await pushed({ auth: { kind: 'basic', username: 'ann', password: secret } });
    const started = join(cwd, 'started');
    writeFileSync(
      join(cwd, 'helper.mjs'),
      `import { readFileSync, writeFileSync } from 'node:fs';
writeFileSync(${JSON.stringify(started)}, process.argv[2] + ' ' + readFileSync(0, 'utf8'));
console.log(JSON.stringify({ ServerURL: 'x', Username: 'ann', Secret: ${JSON.stringify(secret)} }));`,
    );
    config({}, { credsStore: 'keychain' });
    const hinted = await attach();
    expect(hinted.code).toBe(2);
    expect(hinted.err).toContain('--credential-helper docker-credential-keychain');
    expect(await attach('--credential-helper', `${process.execPath} ${join(cwd, 'helper.mjs')}`)).toMatchObject({ code: 0 });
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(started, 'utf8')).toMatch(/^get 127\.0\.0\.1:\d+\n$/);
    const failing = await attach('--credential-helper', `${process.execPath} -e process.exit(3)`);
    expect(failing.err).toContain('ERR_OCI_AUTH');
  });
  it('of a configuration are those of the longest name that fits', () => {
    const config = {
      auths: {
        'registry.example': { auth: b64('host:1') },
        'registry.example/acme': { auth: b64('org:2') },
        'https://other.example/v2/': { auth: b64('scheme:3') },
        'https://index.docker.io/v1/': { auth: b64('hub:4') },
        'registry.example.evil': { auth: b64('evil:5') },
      },
      credHelpers: { 'helped.example': 'ecr-login' },
    };
    const user = (host: string, repository: string) => {
      const { credentials } = credentialsIn(Buffer.from(JSON.stringify(config)), 'c', host, repository);
      return credentials !== undefined && 'username' in credentials ? `${credentials.username}:${credentials.password}` : undefined;
    };
    expect(user('registry.example', 'acme/model')).toBe('org:2');
    expect(user('registry.example', 'acmeother/model')).toBe('host:1');
    expect(user('other.example', 'x')).toBe('scheme:3');
    expect(user('docker.io', 'library/x')).toBe('hub:4');
    expect(user('registry.example:5000', 'acme/model')).toBeUndefined();
    expect(user('sub.registry.example', 'acme/model')).toBeUndefined();
    expect(credentialsIn(Buffer.from(JSON.stringify(config)), 'c', 'helped.example', 'x')).toEqual({ helper: 'ecr-login' });
  });
  it('that cannot be read are told without a word of them', () => {
    const broken = `{"auths":{"h":{"auth":"${b64('ann:hidden')}" "x"}}}`;
    for (const text of [broken, JSON.stringify({ auths: { h: { auth: b64('no colon hidden') } } })]) {
      let told: unknown;
      try {
        credentialsIn(Buffer.from(text), 'config.json', 'h', 'x');
      } catch (error) {
        told = error;
      }
      expect(told).toMatchObject({ code: 'ERR_OCI_AUTH', file: 'config.json' });
      expect(String((told as Error).message)).not.toMatch(/hidden|YW5u/);
    }
  });
});

describe('a challenge', () => {
  it.each([
    [
      'Bearer realm="https://a/t",service="s, x",scope="r:n:pull"',
      [['bearer', { realm: 'https://a/t', service: 's, x', scope: 'r:n:pull' }]],
    ],
    [
      'Basic realm=r, Bearer realm="a\\"b"',
      [
        ['basic', { realm: 'r' }],
        ['bearer', { realm: 'a"b' }],
      ],
    ],
    ['bearer realm="1", realm="2"', [['bearer', { realm: '1' }]]],
    ['realm="x"', []],
    ['', []],
    ['Bearer realm="never ends', [['bearer', { realm: 'never ends' }]]],
    [`Bearer ${'a'.repeat(9000)}`, []],
    ['"""===', []],
  ])('%s', (header, expected) => {
    expect(challengesIn(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])).toEqual(expected);
  });
});

/** A registry on loopback whose every answer is made by the test. */
async function hostile(
  handle: (request: IncomingMessage, response: ServerResponse, host: string) => void,
  more: Partial<TransportOptions> = {},
) {
  let host = '';
  host = await serve((request, response) => handle(request, response, host));
  return openRegistry({ host, repository: 'acme/model', http: globalThis.fetch, timeoutMs: 500, wait: async () => {}, ...more });
}
const errorOf = async (work: Promise<unknown>): Promise<MsbomError> => {
  try {
    await work;
  } catch (error) {
    if (MsbomError.is(error)) return error;
    throw error;
  }
  throw new Error('there was no error');
};
const all = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
};
const blob = (content: string, size = content.length) => ({ mediaType: 'x/y', digest: digestOf(content), size });
const secretive = { credentials: async () => ({ credentials: { username: 'ann', password: secret } }) };

describe('redirects', () => {
  it('are followed without credentials', async () => {
    const seen: (string | undefined)[] = [];
    const store = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end('content');
    });
    const repository = await hostile((request, response) => {
      if (request.headers.authorization === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' });
        return void response.end();
      }
      response.writeHead(307, { location: `http://${store}/blob` });
      response.end();
    }, secretive);
    expect(await all(repository.blob(blob('content')))).toBe('content');
    expect(seen).toEqual([undefined]);
  });
  it('do not bring credentials back on the way home', async () => {
    const seen: (string | undefined)[] = [];
    let away = '';
    const repository = await hostile((request, response, host) => {
      seen.push(request.headers.authorization);
      if (request.url === '/home') return void response.end('content');
      if (request.headers.authorization === undefined) response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' });
      else response.writeHead(302, { location: `http://${away}/?home=${host}` });
      response.end();
    }, secretive);
    away = await serve((request, response) => {
      response.writeHead(302, { location: `http://${new URL(request.url ?? '', 'http://x').searchParams.get('home')}/home` });
      response.end();
    });
    expect(await all(repository.blob(blob('content')))).toBe('content');
    expect(seen.at(-1)).toBeUndefined();
  });
  it('of what is sent are not followed, and a place elsewhere gets no credentials', async () => {
    const seen: (string | undefined)[] = [];
    const store = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(201);
      response.end();
    });
    const answering = (location: string, status: number) =>
      hostile((request, response) => {
        if (request.headers.authorization === undefined) response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' });
        else if (request.method === 'HEAD') response.writeHead(404);
        else response.writeHead(status, { location });
        response.end();
      }, secretive);
    const content = new Uint8Array(Buffer.from('content'));
    await (await answering(`http://${store}/upload?a=b`, 202)).putBlob(content, digestOf(content));
    expect(seen).toEqual([undefined]);
    for (const [location, status] of [
      [`http://${store}/x`, 307],
      ['http://registry.example/x', 202],
    ] as const)
      expect((await errorOf((await answering(location, status)).putBlob(content, digestOf(content)))).code).toBe('ERR_OCI_REGISTRY');
    expect(seen).toHaveLength(1);
  });
  it('end', async () => {
    let hops = 0;
    const repository = await hostile((_request, response) => {
      response.writeHead(302, { location: `/${++hops}` });
      response.end();
    });
    expect(await errorOf(repository.manifest('1'))).toMatchObject({ code: 'ERR_OCI_REGISTRY' });
    expect(hops).toBe(6);
  });
  it.each(['http://registry.example/x', 'file:///etc/passwd', 'http://', 'https://ann:x@127.0.0.1/'])(
    'to %s are refused',
    async (location) => {
      const repository = await hostile((_request, response) => {
        response.writeHead(302, { location });
        response.end();
      });
      expect(await errorOf(repository.manifest('1'))).toMatchObject({ code: 'ERR_OCI_REGISTRY' });
    },
  );
});

describe('encryption', () => {
  /** Notes what would be asked. */
  const noting = () => {
    const asked: { address: string; authorization: string | undefined }[] = [];
    const http: Http = async (address: string, { headers }: HttpRequest) => {
      asked.push({ address, authorization: headers.authorization });
      return { status: 404, headers: new Headers(), body: null };
    };
    return { asked, http };
  };
  it.each([
    ['registry.example', false, 'https://registry.example/'],
    ['registry.example:5000', true, 'http://registry.example:5000/'],
    ['localhost:5000', false, 'http://localhost:5000/'],
    ['127.3.4.5', false, 'http://127.3.4.5/'],
    ['[::1]:5000', false, 'http://[::1]:5000/'],
    ['127.0.0.1.evil.example', false, 'https://127.0.0.1.evil.example/'],
    ['localhost.example', false, 'https://localhost.example/'],
    ['docker.io', false, 'https://registry-1.docker.io/'],
  ])('%s', async (host, plainHttp, expected) => {
    const { asked, http } = noting();
    await errorOf(openRegistry({ host, repository: 'a/b', http, plainHttp }).manifest('1'));
    expect(asked.map(({ address }) => address)).toEqual([`${expected}v2/a/b/manifests/1`]);
  });
});

describe('tokens', () => {
  const realm = async (value: string, more: Partial<TransportOptions> = {}) => {
    const asked: (string | undefined)[] = [];
    const elsewhere = await serve((request, response) => {
      asked.push(request.headers.authorization);
      response.end('{"token":"t"}');
    });
    const repository = await hostile(
      (request, response) => {
        if (request.headers.authorization === 'Bearer t') response.writeHead(404);
        else response.writeHead(401, { 'www-authenticate': `Bearer realm="${value.replace('ELSEWHERE', elsewhere)}"` });
        response.end();
      },
      { ...secretive, ...more, authHosts: (more.authHosts ?? []).map(() => elsewhere) },
    );
    return { error: await errorOf(repository.manifest('1')), asked };
  };
  it('are not fetched from another host, unless the user named it', async () => {
    const refused = await realm('http://ELSEWHERE/token');
    expect(refused.error).toMatchObject({ code: 'ERR_OCI_AUTH', hint: expect.stringContaining('--auth-host 127.0.0.1:') });
    expect(refused.asked).toEqual([]);
    const named = await realm('http://ELSEWHERE/token', { authHosts: ['it'] });
    expect(named.error.code).toBe('ERR_OCI_NOT_FOUND');
    expect(named.asked).toHaveLength(1);
  });
  it.each(['http://registry.example/t', 'https://ann@127.0.0.1/t', 'javascript:1', ''])('are not fetched from %j', async (value) => {
    expect((await realm(value)).error.code).toMatch(/^ERR_OCI_(AUTH|REGISTRY|NOT_FOUND)$/);
  });
  it.each([
    ['no JSON', 'x'],
    ['no token', '{}'],
    ['a token that would be a header of its own', JSON.stringify({ token: 'a\r\nx: y' })],
    ['too much', `{"token":"${'x'.repeat(300_000)}"}`],
  ])('are none when the answer is %s', async (_what, answer) => {
    const repository = await hostile((request, response, host) => {
      if (request.url?.startsWith('/token')) return void response.end(answer);
      response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token"` });
      response.end();
    });
    expect((await errorOf(repository.manifest('1'))).code).toMatch(/^ERR_(OCI_AUTH|LIMIT_BYTES|JSON_SYNTAX)$/);
  });
  it('are asked for once, though the registry refuses them for ever', async () => {
    let tokens = 0;
    const repository = await hostile((request, response, host) => {
      if (request.url?.startsWith('/token')) {
        tokens++;
        return void response.end('{"token":"t"}');
      }
      response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token"` });
      response.end();
    });
    expect((await errorOf(repository.manifest('1'))).code).toBe('ERR_OCI_AUTH');
    expect(tokens).toBe(1);
  });
});

describe('an answer', () => {
  it.each([
    ['with other bytes', 'contenT', {}, 'ERR_OCI_CONTENT'],
    ['with fewer bytes', 'cont', {}, 'ERR_OCI_CONTENT'],
    ['with more bytes', 'content and more', {}, 'ERR_LIMIT_BYTES'],
    ['that is packed', 'content', { 'content-encoding': 'gzip' }, 'ERR_OCI_REGISTRY'],
  ])('%s is no blob', async (_what, body, headers, code) => {
    const repository = await hostile((_request, response) => {
      response.writeHead(200, headers);
      response.end(body);
    });
    expect((await errorOf(all(repository.blob(blob('content'))))).code).toBe(code);
  });
  it('without an end is given up after as many bytes as it may have', async () => {
    let sent = 0;
    const repository = await hostile((_request, response) => {
      const write = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536;
      };
      response.on('drain', write);
      write();
    });
    expect((await errorOf(repository.manifest('1'))).code).toBe('ERR_LIMIT_BYTES');
    expect(sent).toBeLessThan(64 * 1024 * 1024);
    expect((await errorOf(all(repository.blob(blob('content'))))).code).toBe('ERR_LIMIT_BYTES');
  });
  it('that does not come, or stops coming, is given up', async () => {
    const silent = await hostile(() => {});
    expect(await errorOf(silent.manifest('1'))).toMatchObject({ code: 'ERR_OCI_REGISTRY', message: expect.stringContaining('too long') });
    const stalled = await hostile((_request, response) => void response.write('{'));
    expect(await errorOf(stalled.manifest('1'))).toMatchObject({ code: 'ERR_OCI_REGISTRY', message: expect.stringContaining('too long') });
  });
  it('that drips is given up too', async () => {
    const repository = await hostile((_request, response) => {
      const timer = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(timer));
    });
    expect((await errorOf(all(repository.blob(blob('x'.repeat(1000)))))).code).toBe('ERR_OCI_REGISTRY');
  });
  it('that breaks off goes on where it stopped', async () => {
    const content = 'x'.repeat(200_000) + 'y'.repeat(200_000);
    const ranges: (string | undefined)[] = [];
    const repository = await hostile((request, response) => {
      ranges.push(request.headers.range);
      const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0);
      if (from === 0) {
        response.writeHead(200, { 'content-length': content.length });
        return void response.write(content.slice(0, 150_000), () => response.destroy());
      }
      response.writeHead(206, { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` });
      response.end(content.slice(from));
    });
    expect(await all(repository.blob(blob(content)))).toBe(content);
    expect(ranges).toHaveLength(2);
  });
  it('of a registry that is busy is asked for again', async () => {
    let times = 0;
    const repository = await hostile((_request, response) => {
      response.writeHead(++times < 3 ? 503 : 200);
      response.end('content');
    });
    expect(await all(repository.blob(blob('content')))).toBe('content');
    expect(times).toBe(3);
  });
  it.each([
    ['of no JSON', '<html>', {}],
    ['of a list', '[]', {}],
    [
      'of another type than is said',
      JSON.stringify({ mediaType: 'application/vnd.oci.image.manifest.v1+json', config: blob('{}'), layers: [] }),
      { 'content-type': 'application/vnd.oci.image.index.v1+json' },
    ],
    [
      'that is two things',
      JSON.stringify({ mediaType: 'application/vnd.oci.image.manifest.v1+json', config: blob('{}'), layers: [], manifests: [] }),
      {},
    ],
    ['with a layer without a size', JSON.stringify({ config: blob('{}'), layers: [{ mediaType: 'x', digest: digestOf('x') }] }), {}],
    [
      'with a digest that is a path',
      JSON.stringify({ config: blob('{}'), layers: [{ mediaType: 'x', size: 1, digest: 'sha256:../../x' }] }),
      {},
    ],
    ['with the same member twice', '{"layers":[],"layers":[]}', {}],
    ['that is deep', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`, {}],
  ])('%s is no manifest', async (_what, body, headers) => {
    const repository = await hostile((_request, response) => {
      response.writeHead(200, headers);
      response.end(body);
    });
    expect((await errorOf(repository.manifest('1'))).code).toMatch(/^ERR_(OCI_CONTENT|JSON_|LIMIT_)/);
  });
  it('is no manifest of a digest that its bytes do not have', async () => {
    const body = JSON.stringify({ config: blob('{}'), layers: [] });
    const repository = await hostile((_request, response) => {
      response.writeHead(200, { 'docker-content-digest': digestOf('other') });
      response.end(body);
    });
    expect((await repository.manifest(digestOf(body))).descriptor.digest).toBe(digestOf(body));
    expect((await errorOf(repository.manifest(digestOf('other')))).code).toBe('ERR_OCI_CONTENT');
  });
  it('of referrers is one index after the other, with an end', async () => {
    let pages = 0;
    const repository = await hostile((_request, response) => {
      response.writeHead(200, {
        'content-type': 'application/vnd.oci.image.index.v1+json',
        link: `</v2/acme/model/referrers/x?n=${++pages}>; rel="next"`,
      });
      response.end(JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType: 'x', digest: digestOf(`${pages}`), size: 1 }] }));
    });
    expect((await errorOf(repository.referrers(digestOf('x')))).code).toBe('ERR_LIMIT_COUNT');
    expect(pages).toBe(100);
    const page = await hostile((_request, response) => void response.end('<html>login</html>'));
    expect((await errorOf(page.referrers(digestOf('x')))).code).toBe('ERR_OCI_CONTENT');
  });
  it('is told by what the registry says, and by no more', async () => {
    const repository = await hostile((_request, response) => {
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ errors: [{ code: 'DENIED', message: 'x'.repeat(10_000) }] }));
    });
    const error = await errorOf(repository.manifest('1'));
    expect(error.code).toBe('ERR_OCI_AUTH');
    expect(error.message.length).toBeLessThan(300);
    expect(error.message).toContain('DENIED');
  });
});

it('memory does not grow with a blob', async () => {
  const size = 256 * 1024 * 1024;
  const { createHash } = await import('node:crypto');
  const piece = Buffer.alloc(1024 * 1024, 7);
  const hash = createHash('sha256');
  for (let i = 0; i < size / piece.byteLength; i++) hash.update(piece);
  const repository = await hostile(
    (_request, response) => {
      let left = size / piece.byteLength;
      const write = (): void => {
        while (left > 0) {
          left--;
          if (!response.write(piece)) return;
        }
        response.end();
      };
      response.on('drain', write);
      write();
    },
    { timeoutMs: 30_000 },
  );
  let most = 0;
  let taken = 0;
  // Of this thread: the process has others, whose memory is not ours.
  const held = (): number => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  const before = held();
  for await (const chunk of repository.blob({ mediaType: 'x/y', digest: `sha256:${hash.digest('hex')}`, size })) {
    taken += chunk.byteLength;
    most = Math.max(most, held() - before);
  }
  expect(taken).toBe(size);
  expect(most).toBeLessThan(128 * 1024 * 1024);
}, 60_000);

import { describe, expect, it } from 'vitest';
import { advisoriesOnline, type HttpAnswer, type HttpRequest, packagesOf } from '../../src/audit/index.js';
import type { Manifest } from '../../src/schema/index.js';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

const purls = ['pkg:pypi/torch@1.13.0%2Bcu117', 'pkg:npm/left@1.0.0', 'pkg:huggingface/a/b@1'];
const manifest = {
  bom: { specVersion: '1.0', serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79', version: 1, timestamp: '2026-01-01T00:00:00Z' },
  model: { name: 'm' },
  components: Object.fromEntries(
    purls.map((value, i) => [`c${i}`, { type: 'library', name: `c${i}`, identifiers: [{ type: 'purl', value }] }]),
  ),
} as unknown as Manifest;
const { packages } = packagesOf(manifest);
const record = (id: string) => ({
  id,
  modified: '2026-01-10T00:00:00Z',
  affected: [
    {
      package: { ecosystem: 'PyPI', name: 'torch' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { last_affected: '1.13.0' }] }],
    },
  ],
});
const answer = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer => ({
  status,
  headers: { get: (name) => headers[name] ?? null },
  body: new Response(typeof value === 'string' ? value : JSON.stringify(value)).body,
});

/** A service that gives its answers in turn, and notes what it was asked. */
function service(...answers: readonly (HttpAnswer | Error)[]) {
  const asked: { address: string; body?: unknown }[] = [];
  const waits: number[] = [];
  const http = async (address: string, { body }: HttpRequest): Promise<HttpAnswer> => {
    asked.push({ address, ...(body === undefined ? {} : { body: JSON.parse(String(body)) }) });
    const next = answers[asked.length - 1];
    if (next === undefined || next instanceof Error) throw next ?? new Error('no answer');
    return next;
  };
  return { asked, waits, http, wait: async (ms: number) => void waits.push(ms) };
}

describe('osv.dev', () => {
  it('is asked in batches, page by page, and for each record once', async () => {
    const osv = service(
      answer(200, { results: [{ vulns: [{ id: 'A' }], next_page_token: 't' }, {}] }),
      answer(200, { results: [{ vulns: [{ id: 'A' }, { id: 'B' }, { id: '../x' }] }] }),
      answer(200, record('A')),
      answer(200, record('B')),
    );
    expect((await advisoriesOnline(packages, osv)).map(({ id }) => id)).toEqual(['A', 'B']);
    const torch = { package: { ecosystem: 'PyPI', name: 'torch' }, version: '1.13.0' };
    expect(osv.asked).toEqual([
      {
        address: 'https://api.osv.dev/v1/querybatch',
        body: { queries: [torch, { package: { ecosystem: 'npm', name: 'left' }, version: '1.0.0' }] },
      },
      { address: 'https://api.osv.dev/v1/querybatch', body: { queries: [{ ...torch, page_token: 't' }] } },
      { address: 'https://api.osv.dev/v1/vulns/A' },
      { address: 'https://api.osv.dev/v1/vulns/B' },
    ]);
  });
  it('is asked again when it is busy or broken, each time later, and given up in the end', async () => {
    const osv = service(answer(503, ''), answer(429, '', { 'retry-after': '7' }), new Error('reset'), answer(200, { results: [{}, {}] }));
    expect(await advisoriesOnline(packages, osv)).toEqual([]);
    expect(osv.waits).toEqual([1000, 7000, 4000]);
    await expect(advisoriesOnline(packages, service(...Array.from({ length: 9 }, () => answer(503, ''))))).rejects.toMatchObject({
      code: 'ERR_IO_READ',
      message: expect.stringContaining('503'),
    });
    const refusing = service(answer(400, ''), answer(200, { results: [{}, {}] }));
    await expect(advisoriesOnline(packages, refusing)).rejects.toMatchObject({ code: 'ERR_IO_READ' });
    expect(refusing.asked).toHaveLength(1);
  });
  it('must answer what it was asked, in bounds', async () => {
    await expect(advisoriesOnline(packages, service(answer(200, { results: [{}] })))).rejects.toMatchObject({ code: 'ERR_IO_READ' });
    await expect(advisoriesOnline(packages, service(answer(200, 'no json')))).rejects.toMatchObject({ code: 'ERR_JSON_SYNTAX' });
    await expect(
      advisoriesOnline(packages, service(answer(200, { results: [{ vulns: [{ id: 'A' }] }, {}] }), answer(200, { id: 'A' }))),
    ).rejects.toMatchObject({ code: 'ERR_IO_READ' });
    await expect(advisoriesOnline(packages, service(answer(200, ' '.repeat(33 * 1024 * 1024))))).rejects.toMatchObject({
      code: 'ERR_LIMIT_BYTES',
    });
    const endless = service(...Array.from({ length: 300 }, () => answer(200, { results: [{ next_page_token: 't' }] })));
    await expect(advisoriesOnline(packages.slice(0, 1), endless)).rejects.toMatchObject({ code: 'ERR_LIMIT_COUNT' });
  });
});

describe('msbom audit --online', () => {
  const env = { SOURCE_DATE_EPOCH: String(Date.parse('2026-01-20T00:00:00Z') / 1000) };
  const run = (osv: ReturnType<typeof service>, ...more: readonly string[]) =>
    runCli(
      temporaryDirectory({ 'm.json': JSON.stringify(manifest), 'a.json': JSON.stringify(record('A')) }),
      ['audit', 'm.json', ...more],
      { env, http: osv.http },
    );
  it('asks only when it is told to', { timeout: 120_000 }, async () => {
    const osv = service();
    expect(await run(osv, '-a', 'a.json')).toMatchObject({ code: 1 });
    expect(await run(osv)).toMatchObject({ code: 2, err: expect.stringContaining('--online') });
    expect(osv.asked).toEqual([]);
  });
  it('finds, and that nothing is known is an answer', async () => {
    const found = service(answer(200, { results: [{ vulns: [{ id: 'A' }] }, {}] }), answer(200, record('A')));
    expect(await run(found, '--online')).toMatchObject({ code: 1, out: expect.stringContaining('torch 1.13.0+cu117  A') });
    const none = await run(service(answer(200, { results: [{}, {}] })), '--online');
    expect(none.out).toContain('2 packages were looked up: no known vulnerability among those');
    expect(none.out).not.toContain('no advisories of PyPI were given');
  });
});

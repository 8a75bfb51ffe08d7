/** The verified lineage on a page: each part with its state, whoever wrote the answer. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { show } from '../../src/node.js';
import { verifiedSection } from '../../src/show/index.js';
import { runCli } from '../support/cli.js';
import { claimed, madeFrom, person, signed } from '../support/custody.js';
import { temporaryDirectory } from '../support/temporary.js';

const HOSTILE = '</style><script>alert(1)</script>\u001b[2J\u202e';
const hex = (n: number): string => n.toString(16).padStart(64, '0');
const node = (id: string, more: object = {}) => ({
  id,
  name: id,
  state: 'verified',
  roles: ['base-model'],
  parties: ['signer'],
  reasons: [],
  edges: [],
  ...more,
});
const answer = (...nodes: readonly object[]) => ({ version: 1, ok: false, lineage: { root: 'm', nodes, unreadable: [] } });

/** A model made from a signed base, one that was changed, one of another signer, and one that is nowhere. */
async function family(): Promise<string> {
  const [me, other] = [person(), person()];
  const cwd = temporaryDirectory({ 'me.pub': me.publicKey });
  mkdirSync(join(cwd, 'parts'));
  const base = await signed(join(cwd, 'parts/base'), { 'b.bin': 'base' }, me);
  const changed = await signed(join(cwd, 'parts/changed'), { 'c.bin': 'adapter' }, me);
  const foreign = await signed(join(cwd, 'parts/foreign'), { 'f.bin': 'data' }, other);
  writeFileSync(join(cwd, 'parts/changed/c.bin'), 'changed');
  const root = await signed(join(cwd, 'model'), { 'm.bin': 'model' }, me);
  const made = madeFrom(root, [
    ['base-model', base],
    ['adapter', changed],
    ['dataset', foreign],
    ['teacher', hex(1)],
  ]);
  await claimed(join(cwd, 'model'), made, me);
  await runCli(cwd, ['collect', 'model', '-o', 'm.msbom.json']);
  const verified = await runCli(cwd, ['verify', 'model', '--lineage', '--roots', 'parts', '--public-key', 'me.pub', '-f', 'json']);
  expect(verified.code).toBe(1);
  writeFileSync(join(cwd, 'verdict.json'), verified.out);
  return cwd;
}

describe('show --lineage', async () => {
  const cwd = await family();
  const shown = (format: string) => runCli(cwd, ['show', 'm.msbom.json', '--lineage', 'verdict.json', '-f', format]);
  it('says the state of each part in words, as HTML under the same strict policy', async () => {
    const { code, out } = await shown('html');
    expect(code).toBe(0);
    const [, section = ''] = out.split('<section id="verification" aria-labelledby="verification-title">');
    const [own = ''] = section.split('</section>');
    expect([...own.matchAll(/<strong class="mark">(\w+)<\/strong>/g)].map(([, state]) => state)).toEqual([
      'mismatch',
      'untrusted',
      'unresolved',
    ]);
    expect(own).toContain('<span class="relation">base-model</span> base-model <span class="relation">verified</span>');
    expect(own).toContain('not verified');
    expect(own).toContain('c.bin: ');
    expect(out).toContain("default-src 'none'");
    expect(out).not.toMatch(/ (?:style|on\w+)=/);
    expect(out).toContain('<a href="#verification">Verified lineage</a>');
  });
  it.each(['text', 'markdown', 'json'])('says it as %s too', async (format) => {
    const { code, out } = await shown(format);
    expect(code).toBe(0);
    for (const state of ['verified', 'mismatch', 'untrusted', 'unresolved']) expect(out).toContain(state);
    expect(out).toContain('Verified lineage');
  });
  it('is the same page in a program, and none without the answer', async () => {
    const { out } = await shown('html');
    const options = { cwd, lineage: 'verdict.json' };
    expect(await (await show('m.msbom.json', options)).render('html')).toBe(out);
    expect(await (await show('m.msbom.json', { cwd })).render('html')).not.toContain('verification');
  });
  it.each([
    [['show', 'm.msbom.json', '--lineage', 'm.msbom.json'], 'no verified lineage'],
    [['show', 'm.msbom.json', '--lineage', 'none.json'], 'none.json'],
    [['show', 'm.msbom.json', 'm.msbom.json', '--lineage', 'verdict.json'], 'one document'],
    [['show', 'm.msbom.json', '--lineage', 'verdict.json', '-f', 'dot'], '--lineage'],
  ])('%j is a usage error', async (argv, message) => {
    const { code, out, err } = await runCli(cwd, argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
  it('shows what the answer says as text, whatever it is', async () => {
    const hostile = answer(node('m', { name: HOSTILE, parties: [HOSTILE], reasons: [{ path: HOSTILE, detail: HOSTILE }] }));
    const { page, render } = await show('m.msbom.json', { cwd, lineage: hostile });
    expect(page.sections.map(({ id }) => id)).toContain('verification');
    const html = await render('html');
    expect(html).not.toContain('<script>alert');
    expect(html).not.toMatch(/[\u001b\u202e]/);
    expect(await render('text')).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('an answer', () => {
  it.each([
    ['nothing', null],
    ['another version', { ...answer(node('m')), version: 2 }],
    ['no verdict', { ...answer(node('m')), ok: 'true' }],
    ['no nodes', { version: 1, ok: true, lineage: { root: 'm' } }],
    ['no root', answer(node('x'))],
    ['a state that nobody knows', answer(node('m', { state: 'fine' }))],
    ['a state of every object', answer(node('m', { state: 'constructor' }))],
    ['a node without a name', answer(node('m', { name: 1 }))],
  ])('with %s is none', (_what, value) => {
    expect(verifiedSection(value)).toEqual({ fault: expect.any(String) });
  });
  it('of circles, and of very many ways to the same, is drawn once', () => {
    const wide = Array.from({ length: 60 }, (_, i) =>
      node(i === 0 ? 'm' : `n${i}`, {
        edges: [1, 2].map((step) => ({ role: 'adapter', to: i + step < 60 ? `n${i + step}` : 'm' })),
      }),
    );
    const read = verifiedSection(answer(...wide));
    expect('section' in read && JSON.stringify(read.section.tree).length).toBeLessThan(50_000);
  });
  it('of very many edges is cut too', () => {
    const edges = Array.from({ length: 3000 }, () => ({ role: 'adapter', to: 'm' }));
    const read = verifiedSection(answer(node('m', { edges }), node('n', { edges })));
    expect('section' in read && read.section.tree?.children.length).toBe(2000);
  });
  it('of a chain without an end is cut', () => {
    const chain = Array.from({ length: 20_000 }, (_, i) =>
      node(i === 0 ? 'm' : `n${i}`, { edges: [{ role: 'adapter', to: `n${i + 1}` }] }),
    );
    const read = verifiedSection(answer(...chain));
    expect('section' in read && read.section.table).toMatchObject({ rows: { length: 2000 }, more: 18_000 });
  });
  it('names what is nowhere in it unresolved', () => {
    const read = verifiedSection(answer(node('m', { edges: [{ role: 'dataset', to: 'gone' }] })));
    expect('section' in read && read.section.tree?.children).toEqual([
      { id: 'gone', name: 'gone', state: 'unresolved', relation: 'dataset', children: [] },
    ]);
  });
});

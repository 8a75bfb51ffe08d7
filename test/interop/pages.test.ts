/** The pages that msbom writes, in a browser: axe-core finds nothing, nothing overflows, and the keyboard is enough. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, CHROMIUM, openBrowser } from '../support/browser.js';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

const full = readFileSync(new URL('../corpus/full.msbom.json', import.meta.url), 'utf8');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PAGES = {
  show: ['show', 'full.json', '-o', 'show.html'],
  comply: ['comply', 'full.json', '-p', 'eu-aia-gpai,cisa-2026', '-o', 'comply.html'],
  diff: ['diff', 'full.json', 'other.json', '-f', 'html', '-o', 'diff.html'],
  paper: ['paper', 'annex-iv', 'full.json', '-o', 'paper.html'],
} as const;
type Name = keyof typeof PAGES;

describe.skipIf(CHROMIUM === undefined)(`pages${CHROMIUM === undefined ? ' (skipped: no Chromium here)' : ''}`, () => {
  let browser: Browser;
  let cwd: string;
  beforeAll(async () => {
    const other = JSON.parse(full);
    other.model.name = 'another name, which is as long as names of models happen to be: organisation/some-model-7b-instruct-v0.3-awq';
    other.model.licenses = [{ expression: 'MIT', kind: 'declared' }];
    cwd = temporaryDirectory({ 'full.json': full, 'other.json': JSON.stringify(other) });
    for (const argv of Object.values(PAGES)) {
      const { code, err } = await runCli(cwd, argv);
      expect({ argv, code: code < 2, err }).toEqual({ argv, code: true, err });
    }
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  async function show(name: Name, width: number, scheme: 'light' | 'dark') {
    const { page } = browser;
    await page.send('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: false });
    await page.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
    await page.open(join(cwd, `${name}.html`));
    return page;
  }

  const looks = (Object.keys(PAGES) as Name[]).flatMap((name) =>
    [360, 1440].flatMap((width) => (['light', 'dark'] as const).map((scheme) => [name, width, scheme] as const)),
  );
  it.each(looks)('%s at %i px in %s', async (name, width, scheme) => {
    const page = await show(name, width, scheme);
    await page.evaluate(axe);
    // All rules of WCAG 2.2 to AA, and what axe calls good practice.
    const found = await page.evaluate<{ id: string; nodes: { html: string; summary: string }[] }[]>(
      `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => ({ html: html.slice(0, 200), summary: failureSummary })) })))`,
    );
    const folder = process.env.MSBOM_PAGES;
    if (folder !== undefined) {
      const { data } = await page.send('Page.captureScreenshot', { format: 'png' });
      writeFileSync(join(folder, `${name}-${width}-${scheme}.png`), Buffer.from(data as string, 'base64'));
    }
    expect(found).toEqual([]);
    expect(await page.evaluate<number>('document.scrollingElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(await page.evaluate<string>('getComputedStyle(document.documentElement).colorScheme')).toContain('dark');
  });

  it('are searched with the keyboard alone', async () => {
    const page = await show('show', 1440, 'light');
    const press = async (key: string, text?: string) => {
      await page.send('Input.dispatchKeyEvent', {
        type: 'keyDown',
        key,
        code: key,
        ...(text === undefined ? { windowsVirtualKeyCode: 9 } : { text }),
      });
      await page.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key });
    };
    const rows = () =>
      page.evaluate<number>(`[...document.querySelectorAll('main [data-row]')].filter((each) => each.checkVisibility()).length`);
    const all = await rows();
    for (let i = 0; i < 60 && (await page.evaluate<string>('document.activeElement.localName')) !== 'input'; i++) await press('Tab');
    expect(await page.evaluate<string>('document.activeElement.localName')).toBe('input');
    for (const letter of 'licen') await press(letter, letter);
    const some = await rows();
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
    expect(await page.evaluate<string>(`document.querySelector('.search output').textContent`)).toBe(`${some} matches`);
  });
});

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/schema/index.js';
import { lineageAsDot, lineageAsMermaid, lineageTree, pageAsHtml, pageAsMarkdown, pageAsText, pageOf } from '../../src/show/index.js';

const full = JSON.parse(readFileSync(new URL('../corpus/full.msbom.json', import.meta.url), 'utf8')) as Manifest;

/** A small manifest with what a case adds. */
const manifest = (more: Partial<Manifest>): Manifest => ({
  $schema: 'urn:msbom:schema:1.0',
  bom: { specVersion: '1.0', version: 1, timestamp: '2026-11-30T09:00:00Z' } as Manifest['bom'],
  model: { name: 'm' },
  ...more,
});

const HOSTILE = '</style><script>alert(1)</script>\u001b[2J\u202e|*_[x](javascript:y)';

describe('the page of a manifest', () => {
  const page = pageOf(full);
  const factsOf = (id: string) =>
    Object.fromEntries((page.sections.find((each) => each.id === id)?.facts ?? []).map(({ label, value }) => [label, value]));
  it('names the model, and says of it what a person asks first', () => {
    expect([page.title, page.subtitle]).toEqual(['ticket-classifier 2.1.0', 'model']);
    expect(factsOf('summary')).toMatchObject({
      Licences: 'Apache-2.0, Example Responsible Use, MIT OR BSD-3-Clause',
      Producer: 'Acme',
      Parameters: '66,955,010',
      Languages: 'en, de',
    });
  });
  it('shows what sources disagree about, with both values', () => {
    const table = page.sections.find(({ id }) => id === 'contradictions')?.table;
    expect(table?.rows).toContainEqual(['/model/contextLength', '512', expect.stringContaining('config.json')]);
  });
  it('leaves sections without content out', () => {
    expect(pageOf(manifest({})).sections.map(({ id }) => id)).toEqual(['summary', 'document']);
  });
  it('is about a dataset where the document is', () => {
    const { bom } = manifest({});
    const { title, subtitle } = pageOf({
      ...manifest({ bom: { ...bom, subject: 'd' }, datasets: { d: { name: 'data' } } }),
      model: undefined,
    } as never);
    expect([title, subtitle]).toEqual(['data', 'dataset']);
  });
});

describe('the lineage', () => {
  const family = manifest({
    model: {
      name: 'child',
      composition: { style: { model: 'style', relation: 'adapter' } },
      lineage: { parents: { base: { model: 'base', relation: 'finetune' } } },
    },
    models: {
      base: { name: 'base', group: 'acme', version: '2', lineage: { parents: { m: { model: 'model', relation: 'merge' } } } },
      style: { name: 'sty"le' },
    },
  });
  it('is a tree of parts and parents, in which a circle ends', () => {
    expect(lineageTree(family)).toEqual({
      id: 'model',
      name: 'child',
      children: [
        { id: 'style', name: 'sty"le', relation: 'with adapter', children: [] },
        { id: 'base', name: 'acme/base 2', relation: 'finetune of', children: [] },
      ],
    });
  });
  it('is a graph for other programs, with their own escapes', () => {
    const tree = lineageTree(family);
    if (tree === undefined) throw new Error('there is a model');
    expect(lineageAsDot(tree)).toContain('"style" [label="sty\\"le"];\n');
    expect(lineageAsDot(tree)).toContain('"model" -> "base" [label="finetune of"];\n');
    expect(lineageAsMermaid(tree)).toContain('["sty#34;le"]');
  });
});

describe('text', () => {
  it('is one screen, and holds nothing that a terminal obeys', () => {
    const text = pageAsText(pageOf(full));
    expect(text).toContain('Context length');
    expect(pageAsText(pageOf(manifest({ model: { name: HOSTILE } })))).not.toMatch(/[\u001b\u202e]/);
  });
  it('counts the rows that it does not show', () => {
    const models = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`x${i}`, { name: `x${i}` }]));
    expect(pageAsText(pageOf(manifest({ models })))).toContain('… and 3 more rows');
  });
});

describe('Markdown', () => {
  it('begins with what the Hub reads of a card', () => {
    const [, front = ''] = pageAsMarkdown(pageOf(full), full).split('---\n');
    expect(load(front)).toEqual({
      language: ['en', 'de'],
      license: 'apache-2.0',
      library_name: 'transformers',
      pipeline_tag: 'text classification',
      tags: ['support', 'routing'],
      base_model: ['distilbert-base', 'generator'],
      datasets: ['support tickets'],
    });
  });
  it('takes no mark-up of the input', () => {
    const hostile = manifest({ model: { name: HOSTILE, tags: [HOSTILE] } });
    const text = pageAsMarkdown(pageOf(hostile), hostile);
    expect(text).not.toMatch(/[\u001b\u202e]/);
    expect(text).toContain('&lt;script\\>');
    expect(text).toContain('\\[x\\]\\(javascript:y\\)');
  });
});

describe('HTML', () => {
  const html = pageAsHtml(pageOf(full), full);
  it('lets a policy of hashes run its own script and style, and nothing else', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? '';
    for (const [tag, directive] of [
      ['style', 'style-src'],
      ['script', 'script-src'],
    ] as const) {
      const content = html.slice(html.indexOf(`<${tag}>`) + tag.length + 2, html.indexOf(`</${tag}>`));
      expect(policy).toContain(`${directive} 'sha256-${createHash('sha256').update(content).digest('base64')}'`);
    }
    expect(policy).toContain("default-src 'none'");
    expect(html).not.toMatch(/\b(?:src|href)="(?!#)/);
  });
  it('shows where a value came from, and that it is contradicted', () => {
    const row = html.slice(html.indexOf('<dt>Context length</dt>'));
    expect(row.slice(0, row.indexOf('</dd>'))).toMatch(/512 <strong class="mark">contradicted<\/strong>.*config\.json/);
  });
  it('takes no mark-up of the input', () => {
    const hostile = manifest({ model: { name: HOSTILE, description: HOSTILE } });
    const page = pageAsHtml(pageOf(hostile), hostile);
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page).not.toMatch(/[\u001b\u202e]/);
    expect(page).toContain('\\u{202e}');
  });
});

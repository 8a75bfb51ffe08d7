/** Templates are parsed, and never rendered. */
import { describe, expect, it } from 'vitest';
import { judgeTemplate } from '../../src/scan/template/index.js';
import { openReader } from '../../src/scan/template/parser.js';
import { utf8 } from '../support/builders.js';
import { scanBytes } from '../support/scan/scan.js';
import { CHAT_TEMPLATES, HOSTILE_TEMPLATES, ODD_TEMPLATES } from '../support/scan/templates.js';

const rulesOf = (template: string): readonly string[] => judgeTemplate(template, { isChat: true }).map(({ rule }) => rule);

describe('templates', () => {
  it.each(HOSTILE_TEMPLATES)('that reach for the interpreter are told: %s', (template) => {
    expect(rulesOf(template)).toContain('template-code');
  });
  it.each(HOSTILE_TEMPLATES)('are found among others: %s', (template) => {
    for (const chat of CHAT_TEMPLATES) expect(rulesOf(chat + template)).toContain('template-code');
  });
  it.each(ODD_TEMPLATES)('have %s: %s', (rule, template) => {
    expect([...new Set(rulesOf(template))]).toEqual([rule]);
  });
  it.each(CHAT_TEMPLATES)('of chats have nothing: %s', (template) => {
    expect(judgeTemplate(template, { isChat: true })).toEqual([]);
  });
  it('of chats are expressions throughout', () => {
    for (const text of [
      'a if b else c',
      'x is not none and y | string in [\'a\', "b"]',
      '{"a": [1, 2.5e3, -3]}["a"] ~ ((4 ** 2) // 3)',
      'a.b(c, d=1)[::-1]|e("x")',
      'not x not in y',
    ]) {
      const reader = openReader(text);
      expect(reader?.expression(), text).toBeDefined();
      expect(reader?.atEnd(), text).toBe(true);
    }
  });
  it('are found by their content, under any name', async () => {
    const hostile = `{% for message in messages %}{{ message.__class__ }}{% endfor %}`;
    for (const name of ['chat_template.jinja', 'README.md', 'a.txt', 'model.bin', 'a'])
      expect(await scanBytes(utf8(hostile), name)).toMatchObject({ verdict: 'malicious', status: 'complete' });
    expect(await scanBytes(utf8(CHAT_TEMPLATES[0] ?? ''), 'chat_template.jinja')).toMatchObject({ verdict: 'clean', formats: ['jinja'] });
  });
  it('of other programs are not judged like those of chats', async () => {
    expect(await scanBytes(utf8("<p>{% include 'a.html' %}{{ config.title }}</p>"), 'a.html')).toMatchObject({ verdict: 'clean' });
  });
  it('that nest deeply or go on for long are looked at in bounded time', () => {
    for (const template of [
      `{{ ${'('.repeat(50_000)} }}`,
      `{{ ${'not '.repeat(50_000)}x }}`,
      `{{ ${'-'.repeat(50_000)}x }}`,
      `{{ a${'.b'.repeat(50_000)}.__class__ }}`,
      `{{ a${'|e'.repeat(50_000)} }}`,
      '{{'.repeat(50_000),
      "{{ '".repeat(50_000),
      `{{ x${'**x'.repeat(50_000)} }}`,
      '{% raw %}'.repeat(20_000),
      `{{ ${"'a' ~ ".repeat(20_000)}'b' }}`,
    ])
      judgeTemplate(template, { isChat: true });
    expect(rulesOf(`{{ a${'.b'.repeat(50_000)}.__class__ }}`)).toContain('template-code');
  });
});

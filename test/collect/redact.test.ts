import { describe, expect, it } from 'vitest';
import type { Contribution } from '../../src/collect/contribution.js';
import { privateReason, withoutPrivate } from '../../src/collect/redact.js';
import { findSecrets } from '../../src/core/secrets/index.js';

const claim = (value: string): Contribution => ({
  kind: 'claim',
  pointer: '/model/description',
  value,
  rank: 7,
  from: { origin: 'declared', path: 'README.md', key: 'x', method: 'test' },
});
const kept = (value: string) => withoutPrivate([claim(value)], false).contributions.map((each) => 'value' in each && each.value);

describe('private texts', () => {
  it.each([
    '/fsx/alice/run',
    '/raid0/alice/run',
    '/dbfs/FileStore/x',
    '/data2/corpus',
    'C:/Users/alice/x',
    'out=C:\\Users\\alice',
    '~/x',
    'file:///home/alice',
  ])('%s is a place on a disk', (text) => {
    expect(privateReason(text)).toBe('an absolute path');
    expect(JSON.stringify(kept(text))).not.toMatch(/alice|corpus|FileStore/);
  });
  it.each([
    `AKIA${'A1'.repeat(8)}`,
    `glpat-${'a1'.repeat(10)}`,
    `xoxb-${'1234567890-'.repeat(3)}`,
    `AIza${'a'.repeat(35)}`,
    `npm_${'a1'.repeat(18)}`,
    `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(20)}`,
    'https://user:secret@example.org/x',
  ])('%s is a credential', (text) => {
    expect(findSecrets(text)).not.toEqual([]);
    expect(JSON.stringify(kept(`of ${text} it`))).not.toContain(text.slice(12));
  });
  it.each(['alice@example.org', `${'a'.repeat(80)}@example.org`, 'digit@example.org', 'xgit@example.org:x', 'git@example.org and more'])(
    '%s is an address',
    (text) => expect(privateReason(text)).toBe('an e-mail address'),
  );
});

it.each([
  'git@example.org:org/repo.git',
  'ssh://git@example.org/org/repo.git',
  'https://example.org/data/train/home/x',
  's3://bucket/data/x',
  'pkg:pypi/certifi@2026.10.19.post1',
  'a ratio of 1:/2, and and/or',
  '/usr/lib/python3',
  'Apache License, Version 2.0, see http://www.apache.org/licenses/',
])('%s is nobody’s secret', (text) => {
  expect(privateReason(text)).toBeUndefined();
  expect(kept(text)).toEqual([text]);
});

import { describe, expect, it } from 'vitest';
import { vocabulary } from '../../src/collect/collectors/vocabulary/index.js';
import { OF_THE_SUBJECT } from '../../src/collect/models/owners.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { utf8 } from '../support/builders.js';

const collect = async (path: string, content: string | Uint8Array) =>
  vocabulary.collect(
    { path, bytes: typeof content === 'string' ? utf8(content) : content },
    { owner: OF_THE_SUBJECT, paths: new Set(), limits: DEFAULT_LIMITS, includePrivate: false, read: async () => undefined },
  );
const metadataOf = async (path: string, content: string) =>
  (await collect(path, content)).contributions.flatMap((each) => (each.kind === 'file' ? [each.facts.metadata] : []));

describe('a vocabulary', () => {
  it.each([
    ['vocab.json', '{"<s>":0,"a":1,"Ġthe":2}', { tokens: '3' }],
    ['a/vocab.txt', '[PAD]\n[UNK]\nthe\n##s\n', { tokens: '4' }],
    ['vocab.txt', '[PAD]\r\nthe', { tokens: '2' }],
    ['merges.txt', '#version: 0.2\nĠ t\nh e\n', { merges: '2' }],
    ['cl100k_base.tiktoken', 'IQ== 0\nIg== 1\n', { tokens: '2' }],
  ])('in %s is counted', async (path, content, expected) => {
    expect(await metadataOf(path, content)).toEqual([expected]);
  });

  it.each([
    ['vocab.json', '{"version":"1.0","model":{}}'],
    ['vocab.json', '[1,2]'],
    ['merges.txt', 'notes on merges\nfor the next release'],
    ['x.tiktoken', 'no base 64'],
    ['x.tiktoken', ''],
  ])('is not made of other things named %s', async (path, content) => {
    expect(await collect(path, content)).toEqual({ contributions: [] });
  });

  it('may be broken', async () => {
    expect((await collect('vocab.json', '{"a":')).findings).toMatchObject([{ id: 'metadata-unreadable' }]);
    expect((await collect('vocab.txt', Uint8Array.of(0xff, 0xfe))).findings).toMatchObject([{ id: 'metadata-unreadable' }]);
    expect((await collect('vocab.json', '{"__proto__":1}')).findings).toMatchObject([{ id: 'metadata-unreadable' }]);
  });

  it('is taken by name', () => {
    expect(['vocab.json', 'a/merges.txt', 'x.tiktoken'].every((path) => vocabulary.matches(path))).toBe(true);
    expect(['my-vocab.json', 'vocab.jsonl', 'tiktoken'].some((path) => vocabulary.matches(path))).toBe(false);
  });
});

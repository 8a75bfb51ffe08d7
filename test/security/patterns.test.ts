import { describe, expect, it } from 'vitest';
import { patternsIn, proven, verdict } from '../../scripts/patterns.mjs';
import { validateText } from '../../src/validate/index.js';

/**
 * Files with patterns that the analyser does not prove, how many, and why they cost little all the same. A pattern that is new in one of
 * them, or anywhere else, must be proven.
 */
const PATH = 'it sees paths of files, which no system lets be longer than 4096 bytes';
const WORDS =
  'the analyser gives up on its alternatives, of which each begins with another word or a mark and repeats one kind of sign once';
const SHORT: Readonly<Record<string, readonly [count: number, why: string]>> = {
  'src/collect/artifacts.ts': [1, PATH],
  'src/collect/layout/blob-store.ts': [1, 'it sees media types of a manifest of at most a few kilobytes'],
  'src/collect/redact.ts': [1, 'it is fed pieces of bounded length'],
  'src/collect/roles.ts': [2, PATH],
  'src/collect/collectors/croissant/index.ts': [1, PATH],
  'src/collect/collectors/huggingface-trainer/index.ts': [1, WORDS],
  'src/collect/collectors/mlflow/store.ts': [1, PATH],
  'src/collect/collectors/python-requirements/index.ts': [1, PATH],
  'src/collect/collectors/trainer-card/index.ts': [1, 'its repetitions have an end'],
  'src/convert/cyclonedx/check.ts': [1, 'it sees messages of our own'],
  'src/convert/cyclonedx/schema.ts': [1, 'it sees no more than an address may have'],
  'src/probe/python/environment.ts': [1, PATH],
};
/** Patterns of credentials are made from the rules of gitleaks, and are fed pieces of 16,384 characters. */
const isOfPieces = (place: string): boolean => place.startsWith('src/core/secrets/');
/** Files that make patterns of parts, and of what. */
const COMPUTED: readonly string[] = [
  'src/comply/examples.ts',
  'src/convert/cyclonedx/xml/lexical.ts',
  'src/convert/json-schema.ts',
  'src/convert/spdx3/schema.ts',
  'src/core/glob.ts',
  'src/core/printable.ts',
  'src/core/secrets/names.ts',
  'src/core/secrets/rules.ts',
  'src/formats/xgboost/index.ts',
  'src/probe/git/tags.ts',
  'src/probe/os/index.ts',
];
/** What the engine cannot run on there is told with a code: see the last test. */
const ENDS_WITH_A_CODE: readonly string[] = ['src/schema/generated/validate.ts'];

const { patterns, computed } = patternsIn();
const known = proven();
const fileOf = (place: string): string => place.replace(/:\d+$/, '');

describe('regular expressions', () => {
  it('finds them all', () => {
    expect(patterns.size).toBeGreaterThan(800);
  });
  it('are proven linear, or short of what they are fed', () => {
    const open = [...patterns].filter(([pattern, place]) => !known.has(pattern) && !isOfPieces(place));
    const byFile = new Map<string, string[]>();
    for (const [pattern, place] of open) byFile.set(fileOf(place), [...(byFile.get(fileOf(place)) ?? []), pattern]);
    const more = [...byFile].filter(([file, found]) => found.length > (SHORT[file]?.[0] ?? 0));
    expect(more, 'mend them, or run `node scripts/patterns.mjs`').toEqual([]);
    expect(Object.keys(SHORT).filter((file) => byFile.get(file)?.length !== SHORT[file]?.[0])).toEqual([]);
  });
  it('are there as long as they are listed', () => {
    expect([...known].filter((pattern) => !patterns.has(pattern))).toEqual([]);
  });
  it('are made of parts only where we know of what', () => {
    expect([...new Set(computed.map((call) => call.split(' ')[0]))].sort()).toEqual(COMPUTED);
  });
  it.each([
    ['/(a+)+$/', /vulnerable exponential/],
    ['/\\s+$/', /vulnerable/],
    ['/^[a-z]+$/', /safe/],
  ])('are judged by an analyser that knows %s', async (pattern, said) => {
    expect(await verdict(pattern)).toMatch(said);
  });
  it('repeat no group so that the engine keeps a place for each turn of a long text', () => {
    // A group in a star or plus is what takes memory for each turn: fed with ten million signs, none may end with an error of the engine.
    const long = ['a', '0', ' ', '-', '/', '.', '\\n', '%20'].map((part) => part.repeat(10_000_000 / part.length));
    const ours = [...patterns.keys()].filter((pattern) => !ENDS_WITH_A_CODE.includes(fileOf(patterns.get(pattern) ?? '')));
    const grouped = ours.filter((pattern) => /\)[*+]|\)\{\d+,\}/.test(pattern));
    const failed = grouped.filter((pattern) => {
      const end = pattern.lastIndexOf('/');
      const made = new RegExp(pattern.slice(1, end), pattern.slice(end + 1));
      try {
        for (const text of long) made.test(text);
        return false;
      } catch {
        return true;
      }
    });
    expect(failed.map((pattern) => `${patterns.get(pattern)} ${pattern}`)).toEqual([]);
  }, 120_000);
  it('of the schema that the engine cannot run on a text are an error with code and place', () => {
    const document = { bom: { specVersion: '1.0', audiences: { [`/${'a/'.repeat(5_000_000)}`]: 'public' } }, model: { name: 'm' } };
    const outcome = validateText(JSON.stringify(document), { file: 'm.json' });
    expect(outcome.valid).toBe(false);
    expect(outcome.findings.map(({ message }) => message).join()).not.toMatch(/call stack/i);
  });
});

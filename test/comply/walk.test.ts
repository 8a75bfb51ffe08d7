/** The walk in docs/comply.md: its commands, its overlay and its figures. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseYaml } from '../../src/core/yaml.js';
import { safetensorsFile } from '../support/builders.js';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

const page = readFileSync(new URL('../../docs/comply.md', import.meta.url), 'utf8');
const walk = /### A walk\n([\s\S]*?)\n## /.exec(page)?.[1] ?? '';
const commands = [...walk.matchAll(/^msbom (.*)$/gm)].map(([, line = '']) => line.split(' '));
const figures = [...walk.matchAll(/answers `([^`]*)`/g)].map(([, figure = '']) => figure);
const overlay = /```yaml\n([\s\S]*?)\n```/.exec(walk)?.[1] ?? '';

const CARD = `---
license: apache-2.0
language: en
base_model: google-bert/bert-base-uncased
pipeline_tag: text-classification
datasets: [stanfordnlp/imdb]
---
# Reviews
Tells good reviews of films from bad ones.
`;

/** Pointers of the values that are not objects. */
const leaves = (value: unknown, at = ''): readonly string[] =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? [at]
    : Object.entries(value).flatMap(([key, member]) => leaves(member, `${at}/${key}`));

it('takes the G7 guideline from 12 to 34 of 50 met, as the page says', async () => {
  const cwd = temporaryDirectory({
    'model/model.safetensors': safetensorsFile({ 'classifier.weight': { dtype: 'F32', shape: [2, 768], data_offsets: [0, 6144] } }, 6144),
    'model/config.json': JSON.stringify({ model_type: 'bert', architectures: ['BertForSequenceClassification'], torch_dtype: 'float32' }),
    'model/README.md': CARD,
  });
  const run = (argv: readonly string[]) => runCli(cwd, [...argv], { env: { SOURCE_DATE_EPOCH: '1763888400' } });
  expect(commands.map(([verb]) => verb)).toEqual(['collect', 'comply', 'collect', 'comply']);
  const [collect = [], before = [], again = [], after = []] = commands;
  await run(collect);
  expect((await run(before)).out.trim().split('\n').at(-1)?.trim()).toBe(figures[0]);
  const asked = readFileSync(join(cwd, 'facts.yaml'), 'utf8');
  // What is filled in is what was asked for, or stands in what was.
  const parsed = parseYaml(overlay);
  for (const pointer of leaves('problem' in parsed ? undefined : parsed.value)) {
    const [, section = '', second = ''] = pointer.split('/');
    expect([pointer, asked.includes(`# "${section}":`) || asked.includes(`"${second}"`)]).toEqual([pointer, true]);
  }
  writeFileSync(join(cwd, 'facts.yaml'), overlay);
  await run(again);
  expect((await run(after)).out.trim().split('\n').at(-1)?.trim()).toBe(figures[1]);
  expect(figures).toEqual(['12 met, 1 met by declaration, 37 missing', '34 met, 16 missing']);
});

/** Papers as python-docx opens them, and results of `comply` as compliance-trestle, the OSCAL tools of its own community, reads them. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { comply, complyAsOscal } from '../../src/comply/index.js';
import { PAPER_KINDS, paperAsDocx, paperOf } from '../../src/paper/index.js';
import type { Manifest } from '../../src/schema/index.js';
import { allProfiles, fullAnswers } from '../support/complying.js';
import { temporaryDirectory } from '../support/temporary.js';
import { PYTHON } from './python.js';

const script = fileURLToPath(new URL('../../scripts/interop/papers.py', import.meta.url));
const read = (kind: string, path: string): Record<string, unknown> =>
  JSON.parse(execFileSync(PYTHON, [script, kind, path], { encoding: 'utf8', maxBuffer: 1e8 })) as Record<string, unknown>;

describe('papers', () => {
  it.each(PAPER_KINDS)('%s is opened by python-docx, with its headings, gaps and footnotes', async (kind) => {
    const { risk: _, ...partly } = fullAnswers();
    const paper = await paperOf(kind, partly as Manifest);
    const path = join(temporaryDirectory(), `${kind}.docx`);
    writeFileSync(path, await paperAsDocx(paper));
    const items = paper.sections.flatMap((section) => section.items);
    expect(read('docx', path)).toEqual({
      title: `${paper.title}: ${paper.subject}`,
      created: '2026-09-01T00:00:00+00:00',
      headings: paper.sections.flatMap((section) => [section.title, ...section.items.map(({ id, title }) => `${id}: ${title}`)]),
      highlighted: items.reduce((sum, { gaps }) => sum + gaps.length, 0),
      references: items.reduce((sum, { statements }) => sum + statements.length, 0),
      footnotes: paper.footnotes.length,
    });
  });
});

it('results of comply are read by compliance-trestle', async () => {
  const profiles = await allProfiles();
  const { usage: _, ...partly } = fullAnswers();
  const report = await comply(partly as Manifest, profiles);
  const path = join(temporaryDirectory(), 'results.json');
  writeFileSync(path, complyAsOscal(report, partly as Manifest));
  const applies = report.requirements.filter(({ status }) => status !== 'not-applicable').length;
  expect(read('oscal', path)).toEqual({ observations: 624, findings: applies });
});

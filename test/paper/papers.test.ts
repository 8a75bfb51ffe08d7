import { describe, expect, it } from 'vitest';
import { comply } from '../../src/comply/index.js';
import { resolvePointer } from '../../src/core/json-pointer.js';
import { PAPER_KINDS, type Paper, paperAsHtml, paperAsMarkdown, paperOf } from '../../src/paper/index.js';
import { formOf, profileOf } from '../../src/paper/paper.js';
import type { Manifest } from '../../src/schema/index.js';
import { allProfiles, completed, fullAnswers } from '../support/complying.js';

const profiles = await allProfiles();
const full = completed(fullAnswers(), profiles);
const papers = new Map<string, Paper>();
for (const kind of PAPER_KINDS) papers.set(kind, await paperOf(kind, full, 'internal'));
const paper = (kind: string): Paper => papers.get(kind) as Paper;
const itemsOf = ({ sections }: Paper) => sections.flatMap(({ items }) => items);
const statementsOf = (each: Paper) => itemsOf(each).flatMap(({ statements }) => statements);

/** Members by which a collection is chosen: they are in the title of the item. */
const CHOOSES = /\/(roles|role|sourceCategory|type|purpose|scope|predetermined|kind|personalData\/contains|requirementIds)$/;
const isNear = (a: string, b: string): boolean => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);

describe.each(PAPER_KINDS)('%s', (kind) => {
  it('has every item of its template, each once', async () => {
    const form = await formOf(kind);
    const ids = form.sections.flatMap(({ items }) => items.flatMap(({ asks }) => asks));
    expect(new Set(ids).size).toBe(ids.length);
    const own = form.profile;
    const whole = typeof own === 'string' ? profiles.find(({ id }) => id === own) : own;
    const asked = (whole?.requirements ?? []).map(({ id }) => id).filter((id) => form.prefix === undefined || id.startsWith(form.prefix));
    expect(asked.length).toBeGreaterThan(6);
    expect([...ids].sort()).toEqual([...asked].sort());
  });
  it('reads all that its requirements rest on', async () => {
    const form = await formOf(kind);
    const { requirements } = await comply(full, [await profileOf(form)]);
    const unread = requirements.flatMap(({ id, pointers }) => {
      const stated =
        kind === 'dora-register' ? statementsOf(paper(kind)) : (itemsOf(paper(kind)).find((each) => each.id === id)?.statements ?? []);
      return pointers
        .filter(
          (pointer) =>
            !CHOOSES.test(pointer) && pointer !== '/bom/coverage/datasets' && !stated.some((each) => isNear(each.pointer, pointer)),
        )
        .map((pointer) => `${id} ${pointer}`);
    });
    expect(unread).toEqual([]);
  });
  it('states what the manifest states, with a footnote for each value', () => {
    const { footnotes } = paper(kind);
    for (const { pointer, value, note } of statementsOf(paper(kind))) {
      const stated = resolvePointer(full, pointer);
      expect(stated, pointer).toBeDefined();
      if (typeof stated === 'string') expect(value).toContain(stated);
      else if (typeof stated === 'number') expect(value).toBe(String(stated));
      else if (typeof stated === 'boolean') expect(value).toBe(stated ? 'yes' : 'no');
      else for (const word of wordsIn(stated)) expect(value).toContain(word);
      expect(footnotes[note - 1]).toMatchObject({ number: note, pointer });
      expect(footnotes[note - 1]?.sources.length).toBeGreaterThan(0);
    }
    expect(new Set(footnotes.map(({ pointer }) => pointer)).size).toBe(footnotes.length);
  });
  it('marks all of an empty manifest as gaps, but for what does not apply and what the document says of itself', async () => {
    const { coverage: _, ...bom } = fullAnswers().bom;
    const empty = await paperOf(kind, { bom, model: { name: 'm' } } as Manifest, 'internal');
    const open = itemsOf(empty).filter(({ gaps }) => gaps.length === 0);
    for (const { status, statements, id } of open) {
      if (status === 'not-applicable') expect(statements).toEqual([]);
      else expect([id, ...statements.map(({ pointer }) => pointer.split('/')[1])]).toEqual([id, ...statements.map(() => 'bom')]);
    }
    expect(empty.counts.withGaps).toBeGreaterThanOrEqual(empty.counts.items - 3);
    const text = paperAsMarkdown(empty);
    expect(text.split('**Not known:**').length - 1).toBe(itemsOf(empty).reduce((sum, { gaps }) => sum + gaps.length, 0));
  });
  it('has a gap where one value is taken away', async () => {
    const { requirements } = await comply(full, [await profileOf(await formOf(kind))]);
    for (const { id, statements, status } of itemsOf(paper(kind))) {
      if (status !== 'met') continue;
      const changed = structuredClone(full) as unknown as Record<string, unknown>;
      const rests = requirements.find((each) => each.id === id)?.pointers ?? [];
      for (const pointer of [...statements.map((each) => each.pointer), ...rests]) remove(changed, pointer);
      const found = itemsOf(await paperOf(kind, changed as unknown as Manifest, 'internal').catch(() => paper(kind))).find(
        (each) => each.id === id,
      );
      // The document itself cannot be without its time and version, and without a name there is no model.
      if (statements.some(({ pointer }) => /^\/(bom|model\/name$)/.test(pointer))) continue;
      expect([id, (found?.gaps.length ?? 0) > 0 || found?.status === 'not-applicable']).toEqual([id, true]);
    }
  });
});

function* wordsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'number') yield String(value);
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* wordsIn(each);
}

function remove(value: Record<string, unknown>, pointer: string): void {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop() ?? '';
  const parent = keys.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], value);
  if (typeof parent === 'object' && parent !== null) delete (parent as Record<string, unknown>)[last];
}

describe('views', () => {
  it('leave out items and values that are for others', async () => {
    const form = (view: 'downstream' | 'authority') => paperOf('model-documentation-form', full, view);
    const [downstream, authority] = [await form('downstream'), await form('authority')];
    expect(itemsOf(authority)).toHaveLength(39);
    expect(itemsOf(downstream).map(({ id }) => id)).not.toContain('MDF-2.2');
    expect(itemsOf(downstream)).toHaveLength(39 - downstream.counts.forOthers);
    expect(downstream.counts.forOthers).toBe(16);
    const hidden = {
      ...full,
      usage: { ...full.usage, prohibited: ['medical advice'] },
      bom: { ...full.bom, audiences: { '/usage/prohibited': 'authority' } },
    } as Manifest;
    const card = await paperOf('model-card', hidden);
    expect(card.view).toBe('public');
    expect(card.counts.withheld).toBeGreaterThan(0);
    expect(JSON.stringify(card)).not.toContain('medical advice');
    expect(itemsOf(card).find(({ id }) => id === 'MC-2')?.gaps[0]?.pointer).toBe('/usage/prohibited/0');
    expect(
      itemsOf(card)
        .find(({ id }) => id === 'MC-2')
        ?.reasons.join(),
    ).toContain('withheld');
  });
});

describe('what is said', () => {
  it('names sources, tools and places, and who says something else', async () => {
    const manifest = {
      ...full,
      evidence: [
        { origin: 'observed', source: { path: 'config.json' }, method: 'read', values: { '/model/version': { key: 'rev' } } },
        { origin: 'declared', source: { uri: 'https://example.org/card' }, method: 'read', values: { '/model/version': { said: '0.9' } } },
      ],
    } as Manifest;
    const made = await paperOf('model-card', manifest);
    const note = made.footnotes.find(({ pointer }) => pointer === '/model/version');
    expect(note?.sources).toEqual([
      'observed, from config.json, (rev), read',
      'says something else: "0.9"; declared, from https://example.org/card, read',
    ]);
    expect(made.footnotes.find(({ pointer }) => pointer === '/model/types')?.sources).toEqual(['no evidence is recorded']);
  });
  it('marks readings that nobody has checked, in every form', async () => {
    expect(paperAsMarkdown(paper('model-card')).match(/unverified reading/g)).toHaveLength(9);
    expect(paperAsHtml(paper('model-card')).match(/unverified reading/g)).toHaveLength(9);
    expect(paperAsMarkdown(paper('eu-declaration'))).not.toContain('unverified reading');
  });
  it('declares nothing that nobody attested', async () => {
    const item = (made: Paper, id: string) => itemsOf(made).find((each) => each.id === id);
    expect(item(paper('eu-declaration'), 'AIA-V-4')).toMatchObject({ status: 'needs-review', statements: [] });
    const signed = {
      ...full,
      attestations: {
        ...full.attestations,
        director: {
          requirementIds: ['AIA-V-4'],
          claim: 'The system is in conformity with Regulation (EU) 2024/1689.',
          by: 'acme',
          role: 'managing director',
          date: '2026-08-01',
          references: [{ uri: 'https://example.org/declaration' }],
        },
      },
    } as Manifest;
    const found = item(await paperOf('eu-declaration', signed), 'AIA-V-4');
    expect(found).toMatchObject({ status: 'met', gaps: [] });
    expect(found?.statements[0]).toMatchObject({ entry: 'Attestation', label: 'Statement' });
    expect(JSON.stringify([...papers.values()])).not.toMatch(/compliant/i);
  });
  it('knows no other papers', async () => {
    await expect(paperOf('anex-iv', full)).rejects.toMatchObject({ code: 'ERR_CLI_USAGE', hint: expect.stringContaining('annex-iv') });
    await expect(paperOf('toString', full)).rejects.toMatchObject({ code: 'ERR_CLI_USAGE' });
  });
});

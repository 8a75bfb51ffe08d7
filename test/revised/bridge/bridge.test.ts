import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MsbomError } from '../../../src/core/error.js';
import { isBlocking } from '../../../src/core/finding.js';
import { resolvePointer } from '../../../src/core/json-pointer.js';
import { collectDirectory } from '../../../src/directory/collect.js';
import { collectDatasetDirectory } from '../../../src/directory/dataset.js';
import { fromDraft } from '../../../src/revised/bridge/from-draft.js';
import { toDraft } from '../../../src/revised/bridge/to-draft.js';
import { checkSchema } from '../../../src/revised/schema/check.js';
import type { Manifest } from '../../../src/revised/schema/index.js';
import { validateManifest } from '../../../src/revised/validate/index.js';
import { checkSchema as checkDraft } from '../../../src/schema/check.js';
import type { Manifest as Draft } from '../../../src/schema/index.js';
import { validateManifest as validateDraft } from '../../../src/validate/index.js';
import { arbitraryManifest } from '../../support/arbitrary-manifest.js';
import { arbitraryManifest as arbitraryRevised } from '../../support/revised/arbitrary-manifest.js';

type Json = { [key: string]: unknown };
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const read = (path: string): Draft => JSON.parse(readFileSync(path, 'utf8')) as Draft;
const CORPUS = 'test/corpus/1.0/valid';
const REVISED = 'test/corpus/revised/1.0/valid';
const FULL = read('test/fixtures/convert/full.msbom.json');

/**
 * What the way there and back changes, on both sides alike:
 * a party in place stands in `/parties` under an id; a thing without an id has one; the relation of a lineage stands at each ancestor
 * too; an edge without a kind is `dependsOn`, a list without items is complete; a split of no dataset is a slice; evidence of an item
 * of a list is evidence of the list, and evidence of a party in place is evidence of the party too.
 */
function stated(draft: Draft): Json {
  const copy = structuredClone(draft) as unknown as Json;
  const parties = new Map((copy.parties as Json[] | undefined)?.map(({ id, ...party }) => [id, party]));
  delete copy.parties;
  const visit = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return key !== 'id' && PARTY.has(key) && parties.has(value) ? parties.get(value) : value;
    if (Array.isArray(value)) return value.map((item) => visit(item, key));
    if (!isJson(value)) return value;
    const thing = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, visit(each, name)]));
    if (key === 'lineage') for (const ancestor of (thing.ancestors ?? []) as Json[]) ancestor.relation ??= thing.relation;
    if (key === 'dependencies') {
      if (thing.kind === 'dependsOn') delete thing.kind;
      if ((thing.dependsOn as unknown[]).length === 0) thing.completeness ??= 'complete';
    }
    if (key === 'metrics' && thing.dataset === undefined && thing.split !== undefined) {
      thing.slice = thing.split;
      delete thing.split;
    }
    if (key === 'evidence' && Array.isArray(thing.pointers)) evidence(thing, copy);
    return thing;
  };
  return visit(copy, '') as Json;
}

const PARTY = new Set(['producer', 'supplier', 'authors', 'issuer', 'signer', 'by', 'maintainer', 'party', 'provider', 'parent']);

function evidence(entry: Json, draft: Json): void {
  const cut = (pointer: string): string =>
    /\/(identifiers|licenses|metadataRefs)\/\d+$/.test(pointer) ? pointer.slice(0, pointer.lastIndexOf('/')) : pointer;
  const pointers = (entry.pointers as string[]).filter((pointer) => !pointer.startsWith('/parties/')).map(cut);
  entry.pointers = [...new Set(pointers)].sort();
  expect((entry.pointers as string[]).filter((pointer) => resolvePointer(draft, pointer) === undefined)).toEqual([]);
  if (!isJson(entry.keys)) return;
  entry.keys = Object.fromEntries(Object.entries(entry.keys).flatMap(([at, key]) => (at.startsWith('/parties/') ? [] : [[cut(at), key]])));
}

/** The second without ids where the first has none. */
function withoutNewIds(value: unknown, like: unknown): unknown {
  if (Array.isArray(value)) return value.map((item, i) => withoutNewIds(item, Array.isArray(like) ? like[i] : undefined));
  if (!isJson(value)) return value;
  const known = isJson(like) ? like : {};
  const kept = Object.entries(value).filter(([key]) => key !== 'id' || known.id !== undefined);
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutNewIds(each, known[key])]));
}

function goesThereAndBack(draft: Draft): void {
  const { manifest, lost } = fromDraft(draft);
  expect(validateManifest(manifest).findings.filter(isBlocking)).toEqual([]);
  expect(lost).toEqual([]);
  const back = toDraft(manifest);
  expect(back.lost).toEqual([]);
  expect(validateDraft(back.manifest).findings.filter(isBlocking)).toEqual([]);
  const before = stated(draft);
  expect(withoutNewIds(stated(back.manifest), before)).toEqual(before);
  // What is there once stays as it is.
  expect(fromDraft(back.manifest).manifest).toEqual(manifest);
}

describe('there and back', () => {
  it.each([...readdirSync(CORPUS)])('%s of the corpus', (file) => goesThereAndBack(read(`${CORPUS}/${file}`)));
  it('a manifest with something in every section', () => goesThereAndBack(FULL));
  const folders = readdirSync('test/fixtures/collect', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  it.each(folders.map(({ name }) => name))('what is collected of %s', async (name) => {
    const options = { name: 'example', now: '2026-01-01T00:00:00Z' };
    goesThereAndBack((await collectDirectory(`test/fixtures/collect/${name}`, options)).manifest);
    goesThereAndBack((await collectDatasetDirectory(`test/fixtures/collect/${name}`, options)).manifest);
  });
  it('of any manifest: valid by both schemas, and nothing changes any more', () => {
    fc.assert(
      fc.property(arbitraryManifest, (draft) => {
        const { manifest, lost } = fromDraft(draft);
        expect(checkSchema(manifest)).toEqual([]);
        const back = toDraft(manifest);
        expect(checkDraft(back.manifest)).toEqual([]);
        if (lost.length === 0) expect(fromDraft(back.manifest).manifest).toEqual(manifest);
      }),
      { numRuns: 40, seed: 20 },
    );
  }, 60_000);
});

const bom = FULL.bom;
const revised = (draft: Partial<Draft>): Manifest => fromDraft({ bom, model: { name: 'm' }, ...draft } as Draft).manifest;

describe('a draft becomes the revised form', () => {
  it('with an ancestor between two others as what came from the one above', () => {
    const ancestors = [
      { id: 'tuned', name: 'tuned', relation: 'quantize', parents: ['base'] },
      { id: 'base', name: 'base', relation: 'finetune', role: 'base', verification: 'digest-matched' },
    ] as const;
    const draft = {
      lineage: { relation: 'quantize', ancestors: [...ancestors] },
      evidence: [{ origin: 'declared', method: 'card', pointers: ['/lineage/ancestors/1'] }],
    };
    const { model, models, evidence } = revised(draft as unknown as Draft);
    expect(model?.lineage?.parents).toEqual({ tuned: { model: 'tuned', relation: 'quantize' } });
    const base = { model: 'base', relation: 'finetune', role: 'base', verification: 'digest-matched' };
    expect(models?.tuned?.lineage?.parents).toEqual({ base });
    expect(Object.keys(evidence?.[0]?.values ?? {}).sort()).toEqual(['/models/base', '/models/tuned/lineage/parents/base']);
  });
  it('with stages in order, and the data of each', () => {
    const stages = [{ name: 'SFT (round 2)', datasets: ['d'] }, { name: 'dpo' }];
    const { model } = revised({ training: { stages }, datasets: [{ id: 'd', name: 'D' }] });
    expect(model?.training?.stages).toEqual({
      'sft-round-2': { name: 'SFT (round 2)', uses: { d: { dataset: 'd' } } },
      dpo: { after: ['sft-round-2'] },
    });
  });
  it('with every one of several results of one metric', () => {
    const metrics = [
      { name: 'f1', value: 0.5, slice: 'de' },
      { name: 'f1', value: 0.6, slice: 'en' },
      { name: 'f1', value: 'n/a' },
    ];
    const { evaluations } = revised({ evaluations: [{ name: 'e', metrics }] });
    expect(evaluations?.e?.metrics).toEqual({
      f1: { value: 0.5, slice: 'de' },
      'f1 en': { name: 'f1', value: 0.6, slice: 'en' },
      'f1 2': { name: 'f1', text: 'n/a' },
    });
  });
  it('with what is withheld kept from the same readers, wherever it is now', () => {
    const { bom: document } = revised({
      bom: {
        ...bom,
        audiences: { '/lineage/ancestors/0': 'aiOffice' },
        declarations: [{ pointer: '/training/energy', status: 'notApplicable' }],
      },
      lineage: { relation: 'finetune', ancestors: [{ id: 'b', name: 'b' }] },
    });
    expect(document.audiences).toEqual({ '/models/b': 'ai-office', '/model/lineage/parents/b': 'ai-office' });
    expect(document.declarations).toEqual({ '/model/training/energy': { status: 'not-applicable' } });
  });
  it('with a use for each role of data that is also used otherwise', () => {
    const draft = {
      bom,
      parties: FULL.parties,
      model: { name: 'm' },
      datasets: [
        { id: 'd', name: 'D', roles: ['finetuning', 'testing'] },
        { id: 'e', name: 'E', roles: ['training'] },
      ],
      evaluations: [{ id: 't', name: 'T', datasets: ['d'] }],
      evidence: [{ origin: 'declared', method: 'card', pointers: ['/datasets/0/roles'] }],
    } as unknown as Draft;
    const { manifest } = fromDraft(draft);
    expect(manifest.model?.training).toEqual({ uses: { d: { dataset: 'd', role: 'finetuning' } } });
    expect(Object.keys(manifest.evidence?.[0]?.values ?? {})).toEqual(['/datasets/d/roles', '/model/training/uses/d']);
    goesThereAndBack(draft);
  });
  it('with a scan that found something as not clean, and one that was not done as unknown', () => {
    const tool = { name: 't' };
    const scans = (['findings', 'notInspected', 'clean'] as const).map((result) => ({ tool, result }));
    expect(revised({ security: { scans } }).security?.scans).toEqual([
      { tool, status: 'complete', verdict: 'suspicious' },
      { tool, status: 'not-inspected', verdict: 'unknown' },
      { tool, status: 'complete', verdict: 'clean' },
    ]);
  });
  it('and the digest of a base is over what the draft does not say', () => {
    const sha256 = 'ab'.repeat(32);
    const { models } = revised({ lineage: { ancestors: [{ id: 'b', name: 'b', digest: { sha256 } }] } });
    expect(models?.b?.digest).toEqual({ root: { sha256 }, method: 'unknown', complete: false });
  });
});

describe('the revised form becomes a draft', () => {
  const { manifest: full } = fromDraft(FULL);
  it('and tells what the draft has no place for', () => {
    const uses = { train: { dataset: 'tickets', split: 'train', epochs: 2 }, test: { dataset: 'tickets', split: 'test' } };
    const stages = { second: { after: ['first'], uses }, first: {} };
    const { manifest, lost } = toDraft({
      ...full,
      model: {
        ...full.model,
        name: 'm',
        access: 'gated',
        training: { stages },
        composition: { guard: { model: 'base', relation: 'companion' } },
      },
      models: { ...full.models, other: { name: 'other' } },
    } as Manifest);
    expect(manifest.training?.stages).toEqual([{ name: 'first' }, { name: 'second', datasets: ['tickets'] }]);
    expect(lost).toEqual(
      expect.arrayContaining([
        '/model/access',
        '/model/composition/guard',
        '/models/other',
        ...['train/split', 'train/epochs', 'test/split'].map((use) => `/model/training/stages/second/uses/${use}`),
      ]),
    );
  });
  it('without what a source said against a value', () => {
    const pointer = '/model/version';
    const { manifest, lost } = toDraft({
      ...full,
      evidence: [
        { origin: 'observed', method: 'a', values: { [pointer]: {}, '/artifacts': { members: ['*/size'] } } },
        { origin: 'declared', method: 'b', values: { [pointer]: { said: '3' } } },
      ],
    });
    expect(manifest.evidence).toEqual([{ origin: 'observed', method: 'a', pointers: [pointer, '/artifacts/0/size', '/artifacts/1/size'] }]);
    expect(lost).toEqual(['/evidence/1/values/~1model~1version/said']);
  });
  it('with words that the draft does not know as `other`, or without them', () => {
    const { manifest, lost } = toDraft({
      ...full,
      components: { a: { name: 'a', type: 'plugin' } },
      dependencies: { model: { edges: { 'depends-on': ['a'] } } },
      environments: { e: { purpose: ['serving'] }, f: { purpose: ['training'] } },
      evidence: [{ origin: 'observed', method: 'x', values: { '/environments/f/purpose': {}, '/environments/e': {} } }],
      documents: { d: { type: 'poem', uri: 'https://example.org' } },
    });
    expect(manifest.components).toEqual([{ id: 'a', name: 'a' }]);
    expect(manifest.environments).toEqual([{ id: 'f', purpose: ['training'] }]);
    expect(manifest.evidence?.[0]?.pointers).toEqual(['/environments/0/purpose']);
    expect(manifest.documents).toEqual([{ type: 'other', uri: 'https://example.org' }]);
    expect(lost.length).toBeGreaterThan(0);
  });
  it('with names that a plain object would lose', () => {
    const artifacts = Object.fromEntries([
      ['__proto__', { size: 1, digest: { sha256: '00'.repeat(32) } }],
      ['constructor', { size: 2, digest: { sha256: '11'.repeat(32) } }],
    ]);
    const { manifest } = toDraft({
      ...full,
      artifacts,
      evidence: [{ origin: 'observed', method: 'x', values: Object.fromEntries([['/artifacts/__proto__/size', {}]]) }],
    } as Manifest);
    expect(manifest.artifacts?.map(({ path }) => path)).toEqual(['__proto__', 'constructor']);
    expect(manifest.evidence?.[0]?.pointers).toEqual(['/artifacts/0/size']);
    expect(Object.keys(fromDraft(manifest).manifest.artifacts ?? {})).toEqual(['__proto__', 'constructor']);
  });
  it('valid by its schema, whatever it is', () => {
    fc.assert(
      fc.property(arbitraryRevised, (any) => {
        const subject = any.bom.subject ?? 'model';
        if (any.datasets?.[subject] === undefined && any.model === undefined) return;
        expect(checkDraft(toDraft(any).manifest)).toEqual([]);
      }),
      { numRuns: 40, seed: 21 },
    );
  }, 60_000);
  const valid = readdirSync(REVISED);
  it.each(valid)('%s of the corpus, valid by its rules too, and nothing else on the way back', (file) => {
    const document = JSON.parse(readFileSync(`${REVISED}/${file}`, 'utf8')) as Manifest;
    const subject = document.bom.subject ?? 'model';
    if (document.datasets?.[subject] === undefined && document.model === undefined) {
      expect(() => toDraft(document)).toThrow(MsbomError);
      return;
    }
    const { manifest, lost } = toDraft(document);
    expect(checkDraft(manifest)).toEqual([]);
    const back = fromDraft(manifest).manifest;
    if (lost.length === 0) expect({ ...back, evidence: undefined }).toEqual({ ...document, evidence: undefined });
  });
  it('but not when it describes an application', () => {
    const application = { bom: { ...full.bom, subject: 'app' }, components: { app: { name: 'app', type: 'application' } } } as Manifest;
    expect(() => toDraft(application)).toThrow(expect.objectContaining({ code: 'ERR_MANIFEST_VALUE', pointer: '/bom/subject' }));
  });
});

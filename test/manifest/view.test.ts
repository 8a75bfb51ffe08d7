import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MsbomError } from '../../src/core/error.js';
import { isBlocking } from '../../src/core/finding.js';
import { resolvePointer } from '../../src/core/json-pointer.js';
import { digestManifest } from '../../src/manifest/digest.js';
import { VIEWS, viewOf } from '../../src/manifest/view.js';
import { ESSENTIAL } from '../../src/manifest/view-losses.js';
import { type Manifest, REFERENCES } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';
import { manifest as base, bom } from './documents.js';

const runs = Number(process.env.MSBOM_RUNS ?? 80);
type Audiences = NonNullable<Manifest['bom']['audiences']>;
const tagged = (audiences: Audiences, manifest: Manifest = base): Manifest => ({ ...manifest, bom: { ...manifest.bom, audiences } });
const view = (audiences: Audiences, manifest: Manifest = base, name: (typeof VIEWS)[number] = 'public') =>
  viewOf(tagged(audiences, manifest), name);
const blocking = (manifest: Manifest) =>
  validateManifest(manifest).findings.filter((each) => isBlocking(each) || each.id === 'declaration-contradicted');

describe('a view', () => {
  it('is the manifest itself where all may be seen', () => {
    const manifest = tagged({ '/model/training': 'public', '/datasets/tickets': 'downstream' });
    expect(viewOf(manifest, 'internal').manifest).toBe(manifest);
    expect(viewOf(base, 'public').manifest).toBe(base);
  });
  it.each([
    ['public', 'downstream', false],
    ['downstream', 'downstream', true],
    ['downstream', 'authority', false],
    ['authority', 'downstream', true],
    ['authority', 'ai-office', true],
    ['authority', 'internal', false],
    ['internal', 'internal', true],
    ['authority', 'a word of somebody else', false],
  ] as const)('%s of a value for %s: seen is %s', (name, audience, isSeen) => {
    expect(view({ '/model/training': audience }, base, name).manifest.model?.training !== undefined).toBe(isSeen);
  });
  it('is a document of its own, and the same whenever it is made', () => {
    const whole = tagged({ '/model/training': 'internal' });
    const { manifest } = viewOf(whole, 'public');
    expect(manifest.bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(manifest.bom.derivedFrom).toEqual({ serialNumber: bom.serialNumber, version: 1, digest: { sha256: digestManifest(whole) } });
    expect(viewOf(whole, 'public').manifest).toEqual(manifest);
    const serials = new Set(VIEWS.map((name) => viewOf(tagged({ '/model/training': 'internal' }), name).manifest.bom.serialNumber));
    expect(serials.size).toBe(4);
  });
  it('says what was left out with all that names it, but not its id, and is valid', () => {
    const { manifest, withheld } = view({ '/datasets/tickets': 'authority', '/model/contextLength': 'internal' });
    expect([...withheld].sort()).toEqual([
      '/datasets/tickets',
      '/dependencies/model/edges/trained-on/0',
      '/model/contextLength',
      '/model/training/uses/data',
    ]);
    expect(Object.keys(manifest.bom.declarations ?? {}).sort()).toEqual([
      '/datasets',
      '/dependencies/model/edges/-',
      '/model/contextLength',
      '/model/training/uses',
    ]);
    expect(JSON.stringify(manifest)).not.toContain('tickets');
    expect(manifest.bom.coverage).toEqual({ datasets: 'partial' });
    expect(blocking(manifest)).toEqual([]);
  });
  it('counts entries of a map of which others are left', () => {
    const more = { ...base, components: { ...base.components, a: { name: 'a' }, b: { name: 'b' } } };
    const { manifest } = view({ '/components/a': 'internal', '/components/b': 'internal' }, more);
    expect(manifest.bom.declarations).toEqual({ '/components/-': { status: 'withheld', reason: 'not in the view public: 2 of the map' } });
  });
  it('keeps a part that may be seen of a whole that may not', () => {
    const { manifest } = view({ '/model/training': 'internal', '/model/training/hyperparameters': 'public' });
    expect(Object.keys(manifest.model?.training ?? {})).toEqual(['hyperparameters']);
  });
  it('has the same root where a file is left out, which does not follow from what is listed', () => {
    const { manifest } = view({ '/artifacts/config.json': 'internal' });
    expect(manifest.model?.digest).toEqual({ ...base.model?.digest, complete: false });
    expect(Object.keys(manifest.artifacts ?? {})).toEqual(['model.safetensors']);
    expect(blocking(manifest)).toEqual([]);
  });
  it('names a file that is left out nowhere, nor its digest', () => {
    const path = 'config.json';
    const digest = { sha256: '1a'.repeat(32) };
    const { manifest, withheld } = view(
      { [`/artifacts/${path}`]: 'internal' },
      {
        ...base,
        documents: { card: { type: 'card', path, digest }, other: { type: 'card', path } },
        security: { scans: [{ tool: { name: 'clamav' }, status: 'complete', verdict: 'clean', artifacts: [path, 'model.safetensors'] }] },
        risk: { management: { path, digest, title: 'risks of the file' } },
        evidence: [
          { origin: 'observed', method: 'files', source: { path }, values: { '/model/name': {}, '/artifacts/config.json': {} } },
          { origin: 'observed', method: 'files', values: { '/artifacts': { members: ['config.json/size', '*/digest'] } } },
        ],
      },
    );
    expect(JSON.stringify(manifest)).not.toContain(path);
    expect(JSON.stringify(manifest)).not.toContain(digest.sha256);
    expect(manifest.documents).toEqual({ other: { type: 'card' } });
    expect(manifest.security?.scans?.[0]?.artifacts).toEqual(['model.safetensors']);
    expect(withheld).toEqual(expect.arrayContaining(['/documents/card', '/security/scans/0/artifacts/0', '/risk/management']));
    expect(manifest.evidence?.map(({ source, values }) => [source, values])).toEqual([
      [undefined, { '/model/name': {} }],
      [undefined, { '/artifacts': { members: ['*/digest'] } }],
    ]);
    expect(blocking(manifest)).toEqual([]);
  });
  it('leaves out signatures, content of other standards, and audiences of what is gone', () => {
    const whole: Manifest = { ...base, bom: { ...bom, signatures: [{ method: 'jws' }] }, foreign: { cyclonedx: { a: 'secret' } } };
    const { manifest } = view({ '/model/training': 'internal', '/model/name': 'public' }, whole);
    expect([manifest.bom.signatures, manifest.foreign, manifest.bom.audiences]).toEqual([
      undefined,
      undefined,
      { '/model/name': 'public' },
    ]);
  });
  it('withholds the roles of a dataset that sum up uses of which some are withheld', () => {
    const uses = { data: { dataset: 'tickets', role: 'training' } };
    const whole: Manifest = {
      ...base,
      model: { name: 'm', training: { uses } },
      datasets: { tickets: { name: 'support tickets', roles: ['testing', 'training'] } },
      evaluations: { e: { name: 'e', uses: { data: { dataset: 'tickets', role: 'testing' } } } },
    };
    const { manifest } = view({ '/model/training': 'internal' }, whole);
    expect([manifest.datasets?.tickets?.roles, manifest.evaluations]).toEqual([undefined, whole.evaluations]);
    expect(blocking(manifest)).toEqual([]);
  });
  it('takes back that what it says of itself is unknown', () => {
    const declarations = {
      '/bom/derivedFrom': { status: 'unknown' as const },
      '/bom/coverage': { status: 'unknown' as const },
      '/risk': { status: 'unknown' as const },
    };
    const { manifest } = view({ '/datasets/tickets': 'internal' }, { ...base, bom: { ...bom, declarations } });
    expect(Object.keys(manifest.bom.declarations ?? {})).toEqual(expect.arrayContaining(['/risk', '/datasets']));
    expect(blocking(manifest)).toEqual([]);
  });
  it('takes an audience inside a list for one of the list', () => {
    expect(view({ '/model/tags/0': 'internal', '/model/tags': 'public' }).manifest.model?.tags).toBeUndefined();
  });
  it('says of no node that all its edges are listed when one is gone', () => {
    const whole = { ...base, dependencies: { model: { ...base.dependencies?.model, completeness: 'complete' as const } } };
    expect(view({ '/components/torch': 'internal' }, whole).manifest.dependencies?.model).toEqual({
      edges: { 'trained-on': ['tickets'] },
      completeness: 'partial',
    });
  });
  it.each([[{ '/model/name': 'internal' }], [{ '/model': 'internal' }], [{ '': 'internal' }]] as const)(
    'is refused where it is no manifest: %j',
    (audiences) => {
      expect(() => view(audiences as Audiences)).toThrow(expect.objectContaining({ code: 'ERR_MANIFEST_INVALID' }));
    },
  );
  it('of any manifest is valid, and shows nothing of what was withheld', () => {
    let made = 0;
    fc.assert(
      fc.property(arbitraryManifest, fc.constantFrom(...VIEWS), (manifest, name) => {
        let result: ReturnType<typeof viewOf>;
        try {
          result = viewOf(manifest, name);
        } catch (error) {
          if (MsbomError.is(error, 'ERR_MANIFEST_INVALID')) return;
          throw error;
        }
        const { manifest: seen, withheld } = result;
        if (withheld.length === 0) return;
        made++;
        expect(blocking(seen)).toEqual([]);
        for (const pointer of withheld) {
          const inList = pointer.split('/').some((_, i, all) => Array.isArray(resolvePointer(manifest, all.slice(0, i).join('/'))));
          if (!inList) expect(resolvePointer(seen, pointer)).toBeUndefined();
        }
        const texts = withheld.flatMap((pointer) => textsOf(resolvePointer(manifest, pointer)));
        const visible = new Set(textsOf(without(manifest, new Set(withheld))));
        const shown = new Set(textsOf({ ...seen, bom: undefined }));
        for (const text of texts) if (!visible.has(text)) expect(shown.has(text), text).toBe(false);
      }),
      { numRuns: runs, endOnFailure: true },
    );
    expect(made).toBeGreaterThan(runs / 20);
  });
});

it('knows every name without which its holder breaks the schema', () => {
  const schema = JSON.parse(readFileSync(new URL('../../schema/1.0/msbom.schema.json', import.meta.url), 'utf8')) as {
    $defs: Record<string, { required?: string[] }>;
  };
  const required = Object.keys(REFERENCES).filter((member) => {
    const [type = '', name = ''] = member.split('.');
    return schema.$defs[type]?.required?.includes(name);
  });
  expect([...ESSENTIAL].sort()).toEqual(required.sort());
});

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.length >= 8 ? [value] : [];
  return typeof value !== 'object' || value === null ? [] : Object.values(value).flatMap(textsOf);
}

/** The value without places, as plainly as it can be done. */
function without(value: unknown, places: ReadonlySet<string>, pointer = ''): unknown {
  if (places.has(pointer)) return undefined;
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([key, member]) =>
    without(member, places, `${pointer}/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`),
  );
}

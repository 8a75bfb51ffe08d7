import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MsbomError } from '../../src/core/error.js';
import { isBlocking } from '../../src/core/finding.js';
import { resolvePointer, toPointer } from '../../src/core/json-pointer.js';
import { parseManifest } from '../../src/manifest/parse.js';
import { type VIEWS, viewOf } from '../../src/manifest/view.js';
import type { Evidence, Manifest } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';

const runs = Number(process.env.MSBOM_RUNS ?? 60);
const base = parseManifest(readFileSync(new URL('../../docs/rules/base.json', import.meta.url), 'utf8'));
type Audiences = NonNullable<Manifest['bom']['audiences']>;
const tagged = (audiences: Audiences, manifest: Manifest = base): Manifest => ({ ...manifest, bom: { ...manifest.bom, audiences } });
const view = (audiences: Audiences, name: (typeof VIEWS)[number] = 'public') => viewOf(tagged(audiences), name);
const blocking = (manifest: Manifest) =>
  validateManifest(manifest).findings.filter((each) => isBlocking(each) || each.id === 'declaration-contradicted');

describe('a view', () => {
  it('is the manifest itself where all may be seen', () => {
    const manifest = tagged({ '/training': 'public', '/datasets/0': 'downstream' });
    expect(viewOf(manifest, 'internal').manifest).toBe(manifest);
    expect(viewOf(base, 'public').manifest).toBe(base);
  });

  it.each([
    ['public', 'downstream', false],
    ['downstream', 'downstream', true],
    ['downstream', 'authority', false],
    ['authority', 'downstream', true],
    ['authority', 'aiOffice', true],
    ['authority', 'internal', false],
    ['internal', 'internal', true],
  ] as const)('%s of a value for %s: seen is %s', (name, audience, isSeen) => {
    expect(view({ '/training': audience }, name).manifest.training !== undefined).toBe(isSeen);
  });

  it('says what was left out, and is valid', () => {
    const { manifest, withheld } = view({ '/training/code': 'internal', '/datasets/0': 'authority' });
    expect(withheld).toEqual(['/datasets/0', '/datasets/1/derivedFrom/0', '/training/code', '/dependencies/0/dependsOn/1']);
    expect(manifest.training?.code).toBeUndefined();
    expect(manifest.datasets).toHaveLength((base.datasets?.length ?? 0) - 1);
    const told = (manifest.bom.declarations ?? []).filter(({ status }) => status === 'withheld').map(({ pointer }) => pointer);
    expect(told).toEqual(['/datasets/-', '/datasets/0/derivedFrom', '/training/code', '/dependencies/0/dependsOn/-']);
    expect(JSON.stringify(manifest)).not.toContain('tickets 2025');
    expect(blocking(manifest)).toEqual([]);
  });

  it('keeps a part that may be seen of a whole that may not', () => {
    const { manifest } = view({ '/training': 'internal', '/training/run': 'public' });
    expect(Object.keys(manifest.training ?? {})).toEqual(base.training?.run === undefined ? [] : ['run']);
  });

  it('takes digests over all files, evidence and references along', () => {
    const { manifest } = view({ '/artifacts/0': 'internal' });
    expect(manifest.artifacts).toEqual(base.artifacts?.slice(1));
    expect(manifest.model?.rootDigest).toBeUndefined();
    expect(manifest.bom.coverage?.artifacts).toBe('partial');
    expect(manifest.evidence?.[0]?.pointers).toEqual(['/artifacts/0/tensors', '/model/parameterCount']);
    expect(blocking(manifest)).toEqual([]);
  });

  it('keeps what is stated about what is missing, and where it is in lists that lost items', () => {
    const declarations = [
      { pointer: '/datasets/0/license', status: 'withheld' },
      { pointer: '/datasets/1/consent', status: 'unknown' },
      { pointer: '/bom/authors', status: 'unknown' },
    ] as const;
    const stated = { ...base, bom: { ...base.bom, declarations: [...declarations] } };
    const { manifest } = viewOf(tagged({ '/datasets/0': 'internal' }, stated), 'public');
    const told = manifest.bom.declarations?.filter(({ status, reason }) => status === 'unknown' || reason === undefined);
    expect(told).toEqual([
      { pointer: '/datasets/0/consent', status: 'unknown' },
      { pointer: '/bom/authors', status: 'unknown' },
    ]);
  });

  it('tells of empty values and of values with an audience for parts that they do not have', () => {
    const training = { ...base.training, hyperparameters: {} };
    const audiences = {
      '/training/hyperparameters': 'internal',
      '/training/hyperparameters/seed': 'public',
      '/model/version': 'internal',
      '/model/version/major': 'public',
    } as const;
    const { manifest, withheld } = viewOf(tagged(audiences, { ...base, training }), 'public');
    expect(withheld).toEqual(['/model/version', '/training/hyperparameters']);
    expect([manifest.model?.version, manifest.training?.hyperparameters]).toEqual([undefined, undefined]);
    expect(manifest.bom.audiences).toBeUndefined();
  });

  describe('of evidence about evidence', () => {
    const [first] = base.evidence ?? [];
    const entry = (...pointers: string[]): Evidence => {
      if (first === undefined) throw new Error('the manifest has no evidence');
      const { keys: _, ...rest } = first;
      return { ...rest, pointers };
    };
    const viewed = (evidence: readonly Evidence[], audiences: Audiences) =>
      viewOf(tagged({ '/training/code': 'internal', ...audiences }, { ...base, evidence: [...evidence] }), 'public');

    it('leaves out what is about entries that are gone, and entries about those', () => {
      const { manifest } = viewed([entry('/evidence/1'), entry('/evidence/2/pointers'), entry('/training/code'), entry('/evidence')], {});
      expect(manifest.evidence).toEqual([entry('/evidence')]);
    });

    it('says where entries are now that had others before them', () => {
      const last = { ...entry('/model/name'), keys: { '/model/name': 'name' } };
      const about = { ...entry('/evidence/2/keys/~1model~1name'), keys: { '/evidence/2/keys/~1model~1name': 'name' } };
      const { manifest } = viewed([entry('/training/code'), about, last], {
        '/evidence/1/keys/~1evidence~12~1keys~1~01model~01name': 'public',
        '/evidence/2': 'public',
        '/evidence/0': 'downstream',
      });
      expect(manifest.evidence).toEqual([
        { ...entry('/evidence/1/keys/~1model~1name'), keys: { '/evidence/1/keys/~1model~1name': 'name' } },
        last,
      ]);
      expect(manifest.bom.audiences).toEqual({
        '/evidence/0/keys/~1evidence~11~1keys~1~01model~01name': 'public',
        '/evidence/1': 'public',
      });
      expect(blocking(manifest)).toEqual([]);
    });

    it.each([
      ['entries', (i: number) => entry(`/evidence/${i + 1}`)],
      ['keys', (i: number) => ({ ...entry(`/evidence/${i + 1}/keys`, '/model/name'), keys: { [`/evidence/${i + 1}/keys`]: 'next' } })],
    ])('is quick where each speaks of the %s of the next', (_, about) => {
      const start = performance.now();
      const last = { ...entry('/training/code', '/model/name'), keys: { '/training/code': 'code' } };
      const chain = Array.from({ length: 1999 }, (_, i) => about(i));
      const { manifest } = viewed([...chain, last], { '/evidence/1999': 'internal' });
      expect(manifest.evidence?.flatMap(({ pointers }) => pointers).filter((pointer) => pointer !== '/model/name') ?? []).toEqual([]);
      expect(performance.now() - start).toBeLessThan(2000);
    });

    it('withholds what is for others also when it speaks of nothing', () => {
      const { manifest, withheld } = viewOf(
        tagged({ '/evidence/0': 'internal' }, { ...base, evidence: [entry('/nothing'), entry('/model/name')] }),
        'public',
      );
      expect(withheld).toEqual(['/evidence/0']);
      expect(manifest.evidence).toEqual([entry('/model/name')]);
    });

    it('leaves out entries of which all pointers are for others or speak of what is', () => {
      const one = { ...entry('/model/name', '/training/code'), keys: { '/model/name': 'name' } };
      const two = entry('/evidence/0', '/model/name');
      const withheld = viewed([one, two], { '/evidence/0/pointers/0': 'internal' });
      expect(withheld.withheld).toEqual(['/training/code', '/evidence/0/pointers/0']);
      expect(withheld.manifest.evidence).toEqual([entry('/model/name')]);
      expect(withheld.manifest.bom.declarations?.map(({ pointer }) => pointer)).toContain('/evidence/-');
      expect(blocking(withheld.manifest)).toEqual([]);
      expect(viewed([one], { '/evidence/0/pointers/0': 'internal' }).manifest.evidence).toBeUndefined();
    });

    it('withholds parts of entries that speak of nothing', () => {
      const evidence = [{ ...entry('/nothing'), source: { path: 'a' } }, entry('/model/name')];
      const { manifest, withheld } = viewOf(tagged({ '/evidence/0/source/path': 'internal' }, { ...base, evidence }), 'public');
      expect(withheld).toEqual(['/evidence/0/source/path']);
      expect(manifest.evidence).toEqual([entry('/model/name')]);
    });

    it('leaves out keys of pointers that are for others', () => {
      const both = { ...entry('/model/name', '/model/version'), keys: { '/model/name': 'name', '/model/version': 'version' } };
      const { manifest } = viewed([both], { '/evidence/0/pointers/0': 'internal' });
      expect(manifest.evidence).toEqual([{ ...entry('/model/version'), keys: { '/model/version': 'version' } }]);
    });

    it('leaves out sources that are files which are withheld, and what is said about them', () => {
      const path = base.artifacts?.[0]?.path ?? '';
      const source = { ...entry('/model/name'), source: { path } };
      const { manifest } = viewed([source, entry('/evidence/0/source/path')], {
        '/artifacts/0': 'internal',
        '/evidence/0/source': 'public',
      });
      expect(manifest.evidence?.map(({ pointers, source }) => [pointers, source])).toEqual([[['/model/name'], undefined]]);
      expect(manifest.bom.audiences).toBeUndefined();
    });
  });

  it('takes no key of evidence along that belongs to no pointer of its entry', () => {
    const [first] = base.evidence ?? [];
    if (first === undefined) throw new Error('the manifest has no evidence');
    const entry = { ...first, pointers: ['/model/name'], keys: { '/model/version': 'version' } };
    const audiences = { '/training/code': 'internal' } as const;
    const { manifest } = viewOf(tagged(audiences, { ...base, evidence: [entry] }), 'public');
    expect(manifest.evidence?.map(({ pointers, keys }) => [pointers, keys])).toEqual([[['/model/name'], undefined]]);
  });

  it('leaves out signatures and content of other standards, which may hold what is withheld', () => {
    const whole: Manifest = {
      ...base,
      bom: { ...base.bom, signatures: [{ method: 'jws' }], audiences: { '/training': 'internal' } },
      foreign: { cyclonedx: { version: '1.6' } },
    };
    const { manifest } = viewOf(whole, 'public');
    expect(manifest.bom.signatures).toBeUndefined();
    expect(manifest.foreign).toBeUndefined();
  });

  describe('without a file', () => {
    const [, file] = base.artifacts ?? [];
    if (file === undefined) throw new Error('the manifest has no files');
    const { path, digest } = file;
    const without = (more: Partial<Manifest>) => viewOf(tagged({ '/artifacts/1': 'internal' }, { ...base, ...more }), 'public');

    it('names it nowhere', () => {
      const { manifest, withheld } = without({
        model: { name: 'm', licenses: [{ name: 'x', path }] },
        documents: [{ type: 'license', path }],
        security: { scans: [{ tool: { name: 'clamav' }, target: path, result: 'clean' }], threatModel: { path } },
        risk: { management: { path, digest, title: 'risks of the file' } },
      });
      expect(JSON.stringify(manifest)).not.toContain(path);
      expect(JSON.stringify(manifest)).not.toContain(digest.sha256);
      expect(manifest.model?.licenses).toEqual([{ name: 'x' }]);
      expect(manifest.documents).toEqual([{ type: 'license' }]);
      expect(manifest.security).toEqual({ scans: [{ tool: { name: 'clamav' }, result: 'clean' }] });
      expect(manifest.risk).toBeUndefined();
      expect(withheld).toEqual(
        expect.arrayContaining(['/model/licenses/0/path', '/security/scans/0/target', '/security/threatModel/path', '/risk/management']),
      );
      expect(blocking(manifest)).toEqual([]);
    });

    it('keeps files of others that have the same path', () => {
      const ancestors = (base.lineage?.ancestors ?? []).map((each) => ({ ...each, artifacts: [{ path }] }));
      const { manifest } = without({ lineage: { ...base.lineage, relation: 'adapter', ancestors } });
      expect(manifest.lineage?.ancestors).toEqual(ancestors);
    });

    it.each([[{ path }], [{ name: path }], [{ uri: 'https://example.org/file', digest }]])('has no evidence from %j', (source) => {
      const { manifest } = without({ evidence: [{ origin: 'observed', method: 'by hand', pointers: ['/model/name'], source }] });
      expect(manifest.evidence).toEqual([{ origin: 'observed', method: 'by hand', pointers: ['/model/name'] }]);
    });
  });

  describe('without some files of a list', () => {
    const files = base.artifacts ?? [];
    const digest = base.model?.rootDigest;
    const digested = (audiences: Audiences) =>
      viewOf(
        tagged(audiences, {
          ...base,
          adapters: [{ id: 'lora', artifacts: files.map(({ path }) => path), ...(digest === undefined ? {} : { digest }) }],
          datasets: (base.datasets ?? []).map((each) => ({
            ...each,
            files,
            size: { bytes: 10 ** 9, dataPoints: 3 },
            ...(digest === undefined ? {} : { digest }),
          })),
        }),
        'public',
      ).manifest;

    it.each([['/artifacts/0'], ['/adapters/0/artifacts/1'], ['/adapters/0/artifacts']])(
      'has no digest of an adapter without %s',
      (place) => {
        const { adapters } = digested({ [place]: 'internal' });
        expect(adapters?.map(({ id, digest }) => [id, digest])).toEqual([['lora', undefined]]);
      },
    );

    it.each([['/datasets/1/files/0'], ['/datasets/1/files']])('has neither digest nor bytes of a dataset without %s', (place) => {
      const manifest = digested({ [place]: 'internal' });
      expect(manifest.datasets?.map(({ digest, size }) => [digest, size])).toEqual([
        [digest, { bytes: 10 ** 9, dataPoints: 3 }],
        [undefined, { dataPoints: 3 }],
      ]);
      expect(manifest.adapters?.[0]?.digest).toEqual(digest);
      expect(blocking(manifest)).toEqual([]);
    });
  });

  describe('of lists that are stated to be complete', () => {
    const coverage = { artifacts: 'complete', datasets: 'complete', completeness: 'complete', note: 'all' } as const;
    const covered = (audiences: Audiences, bom: Partial<Manifest['bom']>) =>
      viewOf(tagged(audiences, { ...base, bom: { ...base.bom, ...bom } }), 'public').manifest;

    it.each([
      ['/artifacts/0', { artifacts: 'partial' }, { artifacts: 'partial' }],
      ['/artifacts/1/tensors', { artifacts: 'partial' }, undefined],
      ['/datasets/0', { datasets: 'partial' }, { datasets: 'partial' }],
      ['/datasets', { datasets: 'partial' }, { datasets: 'partial' }],
      ['/datasets/0/timeframe', { datasets: 'partial' }, undefined],
      ['/components/0', { completeness: 'partial' }, { completeness: 'partial' }],
      ['/components/0/version', { completeness: 'partial' }, undefined],
      ['/training/code', {}, undefined],
    ])('says so no more without %s', (place, changed, said) => {
      const manifest = covered({ [place]: 'internal' }, { coverage });
      expect(manifest.bom.coverage).toEqual({ ...coverage, ...changed });
      expect(covered({ [place]: 'internal' }, {}).bom.coverage).toEqual(said);
      expect(blocking(manifest)).toEqual([]);
    });

    it.each([['/bom/coverage'], ['/bom/coverage/artifacts']])('says nothing at all where %s is for others', (place) => {
      const manifest = covered({ '/artifacts/0': 'internal', [place]: 'internal' }, { coverage });
      expect(manifest.bom.coverage?.artifacts).toBeUndefined();
      expect(manifest.bom.declarations?.map(({ pointer }) => pointer)).toContain(place);
      expect(blocking(manifest)).toEqual([]);
    });

    it('contradicts no declaration', () => {
      const declarations = [{ pointer: '/bom/coverage/artifacts', status: 'unknown' } as const];
      const manifest = covered({ '/artifacts/0': 'internal' }, { declarations });
      expect(manifest.bom.declarations).toContainEqual(declarations[0]);
      expect(blocking(manifest)).toEqual([]);
    });

    it('does not say that all edges are listed', () => {
      const { manifest } = view({ '/datasets/0': 'internal' });
      expect(manifest.dependencies).toEqual([{ ref: 'model', dependsOn: ['base', 'torch'], completeness: 'partial' }]);
      expect(view({ '/datasets/1': 'internal' }).manifest.dependencies).toEqual(base.dependencies);
    });
  });

  it.each([
    [{ '/dependencies/0/dependsOn/1': 'internal', '/lineage': 'internal', '/components': 'internal' }],
    [{ '/dependencies/0/dependsOn': 'internal' }],
  ] as const)('has no edges without targets: %j', (audiences) => {
    const { manifest, withheld } = view(audiences);
    expect(withheld).toContain('/dependencies/0');
    expect(manifest.dependencies).toBeUndefined();
    expect(blocking(manifest)).toEqual([]);
  });

  describe('of places that are withheld as a whole', () => {
    const told = (audiences: Audiences, manifest: Manifest) => {
      const { withheld, manifest: seen } = viewOf(tagged(audiences, manifest), 'public');
      expect(blocking(seen)).toEqual([]);
      const declarations = (seen.bom.declarations ?? []).filter(({ status }) => status === 'withheld');
      return {
        withheld,
        seen,
        declared: declarations.map(({ pointer, reason }) => [pointer, reason?.replace('not in the view public', '')]),
      };
    };
    const { dependencies: _, evaluations: __, ...alone } = base;
    const three = { ...alone, datasets: [...(base.datasets ?? []), { name: 'open data' }] };

    it('lists each once, also when it uses another', () => {
      const { withheld, declared } = told({ '/datasets/0': 'internal', '/datasets/1': 'internal' }, three);
      expect(withheld).toEqual(['/datasets/0', '/datasets/1']);
      expect(declared).toEqual([['/datasets/-', ': 2 of the list']]);
    });

    it('lists each once, also when its parts have audiences', () => {
      const audiences = { '/datasets/1': 'internal', '/datasets/1/name': 'downstream', '/datasets/1/nothing': 'public' } as const;
      expect(told(audiences, three).withheld).toEqual(['/datasets/1']);
      expect(told({ '/datasets/1': 'internal', '/datasets/1/name': 'public', '/datasets/0': 'internal' }, three).withheld).toEqual([
        '/datasets/0',
        '/datasets/1/id',
        '/datasets/1/roles',
        '/datasets/1/derivedFrom',
      ]);
    });

    it('does not name pointers in maps of pointers', () => {
      const [evidence] = base.evidence ?? [];
      if (evidence === undefined) throw new Error('the manifest has no evidence');
      const keys = { '/model/parameterCount': 'header', '/artifacts/1/tensors': 'header' };
      const audiences = {
        '/evidence/0/keys/~1model~1parameterCount': 'internal',
        '/bom/audiences/~1training~1hyperparameters~1lora_r': 'internal',
        '/training/hyperparameters/lora_r': 'public',
        '/training/methods': 'public',
      } as const;
      expect(told(audiences, { ...base, evidence: [{ ...evidence, keys }] }).declared).toEqual([
        ['/bom/audiences/-', ': 1 of the map'],
        ['/evidence/0/keys/-', ': 1 of the map'],
      ]);
      expect(told({ '/evidence/0/keys/~1model~1parameterCount': 'internal' }, base).declared).toEqual([['/evidence/0/keys', '']]);
    });

    it('names members of objects that have numbers for names', () => {
      const manifest = { ...base, training: { ...base.training, hyperparameters: { 0: 1, '-': 2, seed: 3 } } };
      expect(told({ '/training/hyperparameters/0': 'internal', '/training/hyperparameters/-': 'internal' }, manifest).declared).toEqual([
        ['/training/hyperparameters/0', ''],
        ['/training/hyperparameters/-', ''],
      ]);
    });

    it('counts declarations', () => {
      const { seen, declared } = told({ '/bom/declarations': 'internal' }, base);
      expect(declared).toEqual([['/bom/declarations/-', ': 1 of the list']]);
      expect(seen.bom.declarations).toHaveLength(1);
    });
  });

  it('refuses to leave out what a manifest must have', () => {
    expect(() => view({ '/model': 'internal' })).toThrow(/must have is for others/);
    expect(() => view({ '': 'internal' })).toThrow(/must have is for others/);
  });

  it.each([
    [{ '/artifacts/1/size': 'internal' }, '/artifacts/1'],
    [{ '/artifacts/0': 'internal', '/artifacts/1/size': 'internal' }, '/artifacts/1'],
    [
      { '/datasets/0': 'internal', '/datasets/1/licenses/0': 'internal', '/datasets/1/licenses/1/name': 'internal' },
      '/datasets/1/licenses/1',
    ],
  ] as const)('says where in the manifest it lacks something: %j', (audiences, pointer) => {
    const licenses = [{ name: 'own' }, { name: 'other', note: 'for research' }];
    const datasets = (base.datasets ?? []).map((each) => ({ ...each, licenses }));
    expect(() => viewOf(tagged(audiences, { ...base, datasets }), 'public')).toThrow(expect.objectContaining({ pointer }));
  });

  let made = 0;
  it('never shows a text that is for others, and never leaves pointers or ids behind', () => {
    fc.assert(
      fc.property(arbitraryManifest, fc.infiniteStream(fc.nat()), (manifest, random) => {
        const next = (): number => random.next().value ?? 0;
        const places = pointersOf(manifest).filter(
          (pointer) => !/^\/(bom|bom\/(serialNumber|version|timestamp)|model|model\/name)$/.test(pointer),
        );
        const chosen = Object.fromEntries(
          places
            .filter((place) => next() % 4 ** place.split('/').length < 6)
            .map((pointer) => [pointer, next() % 3 === 0 ? ('public' as const) : ('internal' as const)]),
        );
        let result: ReturnType<typeof viewOf>;
        try {
          result = viewOf(tagged(chosen, manifest), 'public');
        } catch (error) {
          // What a manifest must have is for others.
          expect(MsbomError.is(error, 'ERR_MANIFEST_INVALID')).toBe(true);
          return;
        }
        made++;
        const { manifest: seen, withheld } = result;
        const bad = (each: Manifest) =>
          validateManifest(each)
            .findings.filter(({ id }) => LEFT_BEHIND.has(id))
            .map(({ message }) => message);
        const before = new Set(bad(manifest));
        expect(bad(seen).filter((message) => !before.has(message))).toEqual([]);
        expect(pointersOf(seen).length).toBeLessThanOrEqual(pointersOf(tagged(chosen, manifest)).length + 8 * withheld.length);
        const others = withheld.flatMap((pointer) => textsOf(resolvePointer(manifest, pointer)));
        const shown = new Set(textsOf({ ...seen, bom: undefined }));
        const visible = new Set(textsOf(without(manifest, new Set(withheld))));
        for (const text of others) if (!visible.has(text)) expect(shown.has(text), text).toBe(false);
      }),
      { numRuns: runs },
    );
    expect(made).toBeGreaterThan(runs / 20);
  });
});

/** Findings that tell of things that a view has left behind. */
const LEFT_BEHIND = new Set(['reference-unresolved', 'evidence-pointer', 'declaration-contradicted']);

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.length >= 8 ? [value] : [];
  return typeof value !== 'object' || value === null ? [] : Object.values(value).flatMap(textsOf);
}

/** The value without places, as plainly as it can be done. */
function without(value: unknown, places: ReadonlySet<string>, pointer = ''): unknown {
  if (places.has(pointer)) return undefined;
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([key, member]) => without(member, places, pointer + toPointer([key])));
}

function pointersOf(value: unknown, path: readonly (string | number)[] = []): string[] {
  const own = path.length === 0 ? [] : [toPointer(path)];
  if (typeof value !== 'object' || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([key, member]) => pointersOf(member, [...path, key]))];
}

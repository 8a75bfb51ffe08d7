import { describe, expect, it } from 'vitest';
import { type Answer, comply, type Predicate, type Profile, type Requirement } from '../../src/comply/index.js';
import type { Manifest } from '../../src/schema/index.js';
import { fullAnswers } from '../support/complying.js';

const bom = { specVersion: '1.0', subject: 'model' };
const document = (rest: object, more: object = {}): Manifest => ({ bom: { ...bom, ...more }, ...rest }) as Manifest;

/** Not written as a member: values with one called so look like promises. */
const THEN = 'then';

const requirement = (predicate: Predicate, more: Partial<Requirement> = {}): Requirement => ({
  id: 'R-1',
  title: 'r',
  requirement: 'R.',
  level: 'MUST',
  judged: 'auto',
  reading: 'own',
  predicate,
  ...more,
});

async function ask(
  manifest: Manifest,
  predicate: Predicate,
  more: Partial<Requirement> & { readonly unknown?: Profile['unknown'] } = {},
): Promise<Answer> {
  const { unknown = 'refused', ...rest } = more;
  const { requirements } = await comply(manifest, [{ id: 'p', title: 'p', unknown, requirements: [requirement(predicate, rest)] }]);
  return requirements[0] as Answer;
}
const status = async (...args: Parameters<typeof ask>) => (await ask(...args)).status;

describe('present', () => {
  const at = (path: string): Predicate => ({ op: 'present', path });
  it('takes 0 and false for values, and what is empty for none', async () => {
    const m = document({ model: { name: 'm', contextLength: 0, remoteCode: false, tags: [], description: '' } });
    expect(await status(m, at('/model/contextLength'))).toBe('met');
    expect(await status(m, at('/model/remoteCode'))).toBe('met');
    expect(await ask(m, at('/model/tags'))).toMatchObject({ status: 'missing', gaps: [{ pointer: '/model/tags', what: 'is empty' }] });
    expect(await ask(m, at('/model/version'))).toMatchObject({
      status: 'missing',
      gaps: [{ pointer: '/model/version', what: 'is absent' }],
    });
  });
  it('goes on in the thing that an id names, by the table of the specification', async () => {
    const m = document({
      model: { name: 'acme', producer: 'acme' },
      parties: { acme: { name: 'Acme', contact: { email: 'a@example.org' } } },
    });
    expect(await ask(m, at('/model/producer/contact/email'))).toMatchObject({ status: 'met', pointers: ['/parties/acme/contact/email'] });
    expect(await ask(m, at('/model/producer/country'))).toMatchObject({ gaps: [{ pointer: '/parties/acme/country' }] });
    // A name that happens to be an id names nothing.
    expect(await ask(m, at('/model/name/contact/email'))).toMatchObject({
      status: 'missing',
      gaps: [{ pointer: '/model/name/contact/email' }],
    });
  });
  it('knows the subject by the name of model', async () => {
    const m = document({ model: { name: 'm' }, evaluations: { e: { name: 'e', model: 'model' } } });
    expect(await ask(m, at('/evaluations/e/model/name'))).toMatchObject({ status: 'met', pointers: ['/model/name'] });
  });
  it('does not follow what is of the prototype', async () => {
    const m = document({ model: { name: 'm', producer: '__proto__' }, parties: {} });
    expect(await status(m, at('/model/constructor'))).toBe('missing');
    expect(await status(m, at('/model/producer/name'))).toBe('missing');
    expect(await status(m, at('/toString'))).toBe('missing');
  });
  it('takes NOASSERTION for nothing that was said', async () => {
    const m = document({ model: { name: 'm', licenses: [{ expression: 'NOASSERTION' }] } });
    expect(await status(m, at('/model/licenses'))).toBe('missing');
    expect(await status(m, at('/model/licenses/0'))).toBe('missing');
    expect(await status(m, at('/model/licenses'), { unknown: 'accepted' })).toBe('met-by-declaration');
    expect(await status(document({ model: { name: 'm', version: 'NOASSERTION' } }), at('/model/version'))).toBe('missing');
  });
});

describe('every, some and none', () => {
  const m = document({
    datasets: { a: { name: 'A', roles: ['pretraining', 'testing'] }, b: { name: 'B', roles: ['testing'] }, c: { name: 'C' } },
  });
  const named: readonly Predicate[] = [{ op: 'present', path: '/name' }];
  const versioned: readonly Predicate[] = [{ op: 'present', path: '/version' }];
  const which = (op: 'every' | 'some' | 'none', of: readonly Predicate[], roles?: readonly string[]) =>
    ask(m, { op, path: '/datasets', [THEN]: of, ...(roles === undefined ? {} : { where: { '/roles': roles } }) });
  it('asks all items, or those that have one of the values', async () => {
    expect((await which('every', named)).status).toBe('met');
    expect(await which('every', versioned, ['testing'])).toMatchObject({
      status: 'missing',
      gaps: [{ pointer: '/datasets/a/version' }, { pointer: '/datasets/b/version' }],
    });
    expect((await which('some', versioned)).status).toBe('missing');
    expect(await which('some', named, ['pretraining'])).toMatchObject({
      status: 'met',
      pointers: ['/datasets/a', '/datasets/a/roles', '/datasets/a/name'],
    });
    expect(await which('none', [], ['pretraining'])).toMatchObject({ status: 'failed', gaps: [{ pointer: '/datasets/a' }] });
    expect((await which('none', [], ['calibration'])).status).toBe('met');
    expect((await which('none', versioned, ['testing'])).status).toBe('met');
  });
  it('wants as many items as asked for: all of none is not met by itself', async () => {
    expect(await which('every', [], ['calibration'])).toMatchObject({
      status: 'missing',
      gaps: [{ what: 'has no entry with roles calibration' }],
    });
    expect(await status(m, { op: 'every', path: '/datasets', min: 4 })).toBe('missing');
    expect(await status(m, { op: 'every', path: '/models', min: 0 })).toBe('met');
  });
  it('knows keys, and takes an id in a list for the thing', async () => {
    const keys = document({ artifacts: { 'a/w.bin': { role: 'weights' } } });
    expect(await status(keys, { op: 'every', path: '/artifacts', [THEN]: [{ op: 'matches', path: '#', pattern: 'bin$' } as const] })).toBe(
      'met',
    );
    const authors = document({ parties: { x: { name: 'X' } } }, { authors: ['x', 'y'] });
    expect(await ask(authors, { op: 'every', path: '/bom/authors', [THEN]: named })).toMatchObject({
      status: 'missing',
      gaps: [{ pointer: '/bom/authors/1/name' }],
    });
  });
});

describe('values', () => {
  const m = document(
    { governance: { retention: { years: 9 } }, model: { name: 'm', timestamp: '2026-05-02T00:00:00Z' } },
    { distribution: { access: 'public' } },
  );
  it('tells what is wrong from what is missing', async () => {
    expect(await ask(m, { op: 'min', path: '/governance/retention/years', value: 10 })).toMatchObject({
      status: 'failed',
      gaps: [{ pointer: '/governance/retention/years', what: 'is 9, at least 10 is asked for' }],
    });
    expect(await status(m, { op: 'min', path: '/governance/retention/years', value: 9 })).toBe('met');
    expect(await status(m, { op: 'min', path: '/governance/retention/custodian', value: 9 })).toBe('missing');
    expect(await ask(m, { op: 'in', path: '/bom/distribution/access', values: ['customers', 'internal'] })).toMatchObject({
      status: 'failed',
      gaps: [{ what: 'is public, not customers or internal' }],
    });
    expect(await status(m, { op: 'notIn', path: '/bom/distribution/access', values: ['public'] })).toBe('failed');
    expect(await status(m, { op: 'notIn', path: '/bom/distribution/terms', values: ['x'] })).toBe('missing');
    expect(await status(m, { op: 'matches', path: '/model/name', pattern: '^n' })).toBe('failed');
  });
  it('combines: a no decides, and an alternative that could be added is missing rather than failed', async () => {
    const wrong: Predicate = { op: 'in', path: '/bom/distribution/access', values: ['x'] };
    const absent: Predicate = { op: 'present', path: '/bom/uri' };
    const there: Predicate = { op: 'present', path: '/model/name' };
    expect(await status(m, { op: 'and', of: [wrong, absent] })).toBe('failed');
    expect(await status(m, { op: 'or', of: [wrong, absent] })).toBe('missing');
    expect(await status(m, { op: 'or', of: [wrong, wrong] })).toBe('failed');
    expect(await status(m, { op: 'or', of: [absent, there] })).toBe('met');
    expect(await status(m, { op: 'not', of: [absent] })).toBe('met');
    expect(await ask(m, { op: 'not', of: [there] })).toMatchObject({ status: 'failed', gaps: [{ pointer: '/model/name' }] });
  });
  it('compares days', async () => {
    const tests = document({
      model: { name: 'm', timestamp: '2026-05-02T23:00:00Z' },
      robustnessTests: { a: { date: '2026-05-02' }, b: { date: '2026-05-01' } },
    });
    const notOlder = (quantifier?: 'some'): Predicate => ({
      op: 'notBefore',
      path: '/robustnessTests/*/date',
      reference: '/model/timestamp',
      ...(quantifier === undefined ? {} : { quantifier }),
    });
    expect(await status(tests, notOlder('some'))).toBe('met');
    expect(await ask(tests, notOlder())).toMatchObject({
      status: 'failed',
      gaps: [{ pointer: '/robustnessTests/b/date', what: 'is 2026-05-01, before 2026-05-02' }],
    });
    expect(await status(m, notOlder())).toBe('missing');
  });
});

describe('conditions and declarations', () => {
  const uri: Predicate = { op: 'present', path: '/bom/uri' };
  const declared = (status: string, reason?: string) =>
    document({}, { declarations: { '/bom/uri': { status, ...(reason === undefined ? {} : { reason }) } } });
  it('does not ask when the condition is false, and says which', async () => {
    expect(await ask(document({}), uri, { when: { op: 'present', path: '/services' } })).toMatchObject({
      status: 'not-applicable',
      reasons: ['it is asked only if `/services` is there'],
    });
    expect(await status(document({}), uri, { when: { op: 'present', path: '/bom/specVersion' } })).toBe('missing');
  });
  it('takes an unknown only where the profile does', async () => {
    expect(await ask(declared('unknown', 'lost'), uri, { unknown: 'accepted' })).toMatchObject({
      status: 'met-by-declaration',
      reasons: ['/bom/uri is declared unknown: lost'],
    });
    expect(await ask(declared('withheld'), uri)).toMatchObject({
      status: 'missing',
      reasons: ['/bom/uri is declared withheld', 'this profile does not take that for an answer'],
    });
  });
  it('takes what does not apply only with a reason', async () => {
    expect(await status(declared('not-applicable', 'nobody gets it'), uri)).toBe('not-applicable');
    expect(await status(declared('not-applicable'), uri, { unknown: 'accepted' })).toBe('missing');
  });
  it('takes no declaration of the whole document', async () => {
    expect(await status(document({}, { declarations: { '': { status: 'unknown' } } }), uri, { unknown: 'accepted' })).toBe('missing');
  });
  it('lets a declaration speak for what is below it, but not for what is wrong', async () => {
    const m = document(
      { model: { name: 'm' } },
      { declarations: { '/model/training': { status: 'unknown' }, '/model/name': { status: 'unknown' } } },
    );
    expect(await status(m, { op: 'present', path: '/model/training/methods/0' }, { unknown: 'accepted' })).toBe('met-by-declaration');
    expect(await status(m, { op: 'in', path: '/model/name', values: ['n'] }, { unknown: 'accepted' })).toBe('failed');
  });
});

describe('people', () => {
  const named = { requirementIds: ['R-1'], by: 'acme', date: '2026-01-01', references: [{ uri: 'https://example.org/r' }] };
  const parties = { acme: { name: 'Acme' } };
  const attested: Predicate = { op: 'attested' };
  it('decide what no document can show', async () => {
    expect(await status(document({}), attested, { judged: 'manual' })).toBe('needs-review');
    expect(await ask(document({ parties, attestations: { a: named } }), attested, { judged: 'manual' })).toMatchObject({
      status: 'met',
      by: 'attested',
    });
    expect(
      await status(document({ parties, attestations: { a: { ...named, requirementIds: ['p/R-1'] } } }), attested, { judged: 'manual' }),
    ).toBe('met');
    expect(
      await status(document({ parties, attestations: { a: { ...named, requirementIds: ['R-10'] } } }), attested, { judged: 'manual' }),
    ).toBe('needs-review');
  });
  it.each(['by', 'date', 'references'])('cannot be held to an attestation without %s', async (member) => {
    const { [member]: _, ...rest } = named as Record<string, unknown>;
    expect(await ask(document({ parties, attestations: { a: rest } }), attested)).toMatchObject({
      status: 'missing',
      gaps: [{ pointer: `/attestations/a/${member}` }],
    });
  });
  it('have to judge what is there', async () => {
    const there: Predicate = { op: 'present', path: '/bom/specVersion' };
    expect(await status(document({}), there, { judged: 'manual' })).toBe('needs-review');
    expect(await status(document({ attestations: { a: named } }), there, { judged: 'manual' })).toBe('met');
    expect(await status(document({ attestations: { a: named } }), { op: 'present', path: '/bom/uri' }, { judged: 'manual' })).toBe(
      'missing',
    );
  });
});

describe('what vouches for values', () => {
  const evidence = (entry: object) => [{ origin: 'declared', values: { '/model/name': {} }, ...entry }];
  const name: Predicate = { op: 'present', path: '/model/name' };
  const of = (entries: unknown) => document({ model: { name: 'm', version: '1' }, evidence: entries });
  it('is a source, a person, or nothing', async () => {
    expect((await ask(of(evidence({ source: { path: 'README.md' } })), name)).by).toBe('evidenced');
    expect((await ask(of(evidence({ by: 'acme' })), name)).by).toBe('attested');
    expect((await ask(of(evidence({ by: 'acme', origin: 'observed' })), name)).by).toBe('evidenced');
    expect((await ask(of([...evidence({ by: 'acme' }), ...evidence({ source: { path: 'README.md' } })]), name)).by).toBe('evidenced');
    expect(await ask(of([]), name)).not.toHaveProperty('by');
    const both: Predicate = { op: 'and', of: [name, { op: 'present', path: '/model/version' }] };
    expect(await ask(of(evidence({ source: { path: 'README.md' } })), both)).not.toHaveProperty('by');
    const weakest = [...evidence({ by: 'acme' }), { origin: 'observed', values: { '/model/version': {} } }];
    expect((await ask(of(weakest), both)).by).toBe('attested');
  });
  it('is told apart from who says otherwise', async () => {
    const m = of([...evidence({}), { origin: 'declared', values: { '/model/name': { said: 'n' } } }]);
    expect(await ask(m, name)).toMatchObject({ status: 'met', by: 'evidenced', disputed: ['/model/name'] });
  });
  it('is best what was recomputed, and what the files refute has failed', async () => {
    const profile: Profile = {
      id: 'p',
      title: 'p',
      unknown: 'refused',
      requirements: [requirement({ op: 'present', path: '/artifacts/w/digest' })],
    };
    const m = document({ artifacts: { w: { digest: { sha256: 'aa', sha512: 'bb' } } } });
    const on = async (found: Readonly<Record<string, boolean>>) => {
      const recomputed = new Map(Object.entries(found).map(([pointer, same]) => [pointer, { same, found: 'cc' }]));
      return (await comply(m, [profile], { recomputed })).requirements[0];
    };
    expect(await on({ '/artifacts/w/digest/sha256': true, '/artifacts/w/digest/sha512': true })).toMatchObject({
      status: 'met',
      by: 'recomputed',
    });
    expect(await on({ '/artifacts/w': true })).toMatchObject({ by: 'recomputed' });
    expect(await on({ '/artifacts/w/digest/sha512': false })).toMatchObject({
      status: 'failed',
      gaps: [{ pointer: '/artifacts/w/digest/sha512', what: 'is not what the files say: cc' }],
    });
    expect(await on({ '/artifacts/x': false })).not.toHaveProperty('by');
  });
});

describe('the document as a whole', () => {
  const full = fullAnswers();
  it('has a signature that was verified, was refused, or was not looked at', async () => {
    const profile: Profile = {
      id: 'p',
      title: 'p',
      unknown: 'refused',
      requirements: [requirement({ op: 'signatureValid', path: '/bom/signatures' })],
    };
    const with_ = async (m: Manifest, ok?: boolean) =>
      (await comply(m, [profile], ok === undefined ? {} : { signature: { ok, detail: 'd' } })).requirements[0]?.status;
    expect(await with_(full)).toBe('not-examined');
    expect(await with_(full, true)).toBe('met');
    expect(await with_(full, false)).toBe('failed');
    expect(await with_(document({}), true)).toBe('missing');
  });
  it('has whatever it names', async () => {
    expect(await status(full, { op: 'refsResolve' })).toBe('met');
    expect(await ask({ ...full, model: { ...full.model, producer: 'nobody' } } as Manifest, { op: 'refsResolve' })).toMatchObject({
      status: 'failed',
      gaps: [{ pointer: '/model/producer' }],
    });
    expect(
      await status({ ...document({ model: { name: 'm' } }), bom: { ...full.bom, authors: undefined } } as unknown as Manifest, {
        op: 'refsResolve',
      }),
    ).toBe('missing');
  });
  it('says why something is absent, and whom to ask for what is withheld', async () => {
    const all: Predicate = { op: 'allAbsentDeclared', scope: 'coreLevel=MUST' };
    const { description: _, ...model } = full.model ?? { name: '' };
    const lacking = (declaration?: object): Manifest =>
      ({
        ...full,
        model,
        bom: { ...full.bom, declarations: declaration === undefined ? {} : { '/model/description': declaration } },
      }) as Manifest;
    expect(await ask(lacking(), all)).toMatchObject({ status: 'missing', gaps: [{ pointer: '/model/description' }] });
    expect(await status(lacking({ status: 'unknown' }), all)).toBe('met');
    expect(await ask(lacking({ status: 'withheld' }), all)).toMatchObject({
      gaps: [{ pointer: '/bom/declarations/~1model~1description/contact' }],
    });
    expect(await status(lacking({ status: 'withheld', contact: { email: 'a@example.org' } }), all)).toBe('met');
  });
  it('can be exported, and leaves out for the public what is not for it', async () => {
    expect(await status(full, { op: 'exportValid', formats: ['spdx>=2.3'] })).toBe('met');
    const excludes: Predicate = { op: 'exportExcludes', path: '/security/vulnerabilities' };
    expect(await ask(full, excludes)).toMatchObject({ status: 'failed', gaps: [{ pointer: '/security/vulnerabilities' }] });
    const tagged = { ...full, bom: { ...full.bom, audiences: { '/security/vulnerabilities': 'authority' } } } as Manifest;
    expect(await status(tagged, excludes)).toBe('met');
    const { vulnerabilities: _v, ...security } = full.security ?? {};
    expect(await status({ ...full, security } as Manifest, excludes)).toBe('met');
  });
});

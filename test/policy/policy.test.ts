import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lineage, LineageNode, NodeRole } from '../../src/lineage/index.js';
import { compileCondition, judgeByPolicy, POLICY_IDS, type Policy, type Rule, readPolicy, readyPolicy } from '../../src/policy/index.js';
import { documentClaim, handoff, type PartyClaim, type Statement, testResult, withMissing } from '../../src/sign/index.js';
import { madeFrom } from '../support/custody.js';

const now = new Date('2026-02-01T00:00:00Z');
const id = (n: number): string => `sha256:${String(n).repeat(64).slice(0, 64)}`;
const hex = (n: number): string => id(n).slice('sha256:'.length);
const schema = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../schema/policy-1.0/msbom-policy.schema.json', import.meta.url)), 'utf8'),
);

let count = 0;
const claim = (statement: Statement, parties: readonly string[] = ['creator'], ok = true): PartyClaim => ({
  line: ++count,
  id: `sha256:${count.toString(16).padStart(64, '0')}`,
  ok,
  parties,
  statement,
  reasons: [],
});
const about = (n: number) => [{ digest: { sha256: hex(n) } }];
const tested = (result: 'PASSED' | 'FAILED' = 'PASSED', finished = new Date('2026-01-20T00:00:00Z')) =>
  testResult({ subject: about(1), result, configuration: [{ uri: 'https://eval.example' }], finished });

const node = (
  n: number,
  role: NodeRole,
  claims: readonly PartyClaim[] = [],
  parties: readonly string[] = ['creator'],
  isIntact = true,
): LineageNode => ({
  id: id(n),
  name: `node-${n}`,
  roles: [role],
  state: isIntact ? 'verified' : 'mismatch',
  isIntact,
  parties,
  signed: ['model.safetensors', 'config.json'],
  files: { signed: 2, verified: 2, unsigned: [], ignored: [{ path: '.git', files: 3 }] },
  reasons: [],
  claims,
  edges: [],
});
const lineage = (...nodes: readonly LineageNode[]): Lineage => ({
  root: id(1),
  nodes: new Map(nodes.map((each) => [each.id, each])),
  unreadable: [],
});
const policy = (...rules: readonly Rule[]): Policy => ({
  policyVersion: '1.0',
  id: 'test',
  roles: { creator: { anyOf: [] }, builder: { anyOf: [] } },
  rules,
});
const judge = async (rules: readonly Rule[], of: Lineage) => judgeByPolicy(policy(...rules), of, { now });
const passes = async (rule: Rule, of: Lineage) => (await judge([rule], of)).ok;

describe('a rule', () => {
  it('about the signature asks for one by somebody who is named', async () => {
    const rule: Rule = { id: 's', require: 'signature', by: ['creator'] };
    expect(await passes(rule, lineage(node(1, 'root')))).toBe(true);
    expect(await passes(rule, lineage(node(1, 'root', [], ['builder'])))).toBe(false);
    expect(await passes(rule, lineage(node(1, 'root', [], ['creator'], false)))).toBe(false);
  });
  it.each([
    ['a claim that is there', tested(), ['creator'], {}, true],
    ['a claim by somebody else', tested(), ['builder'], {}, false],
    ['a claim that is young enough', tested(), ['creator'], { maxAgeDays: 12 }, true],
    ['a claim that is too old', tested(), ['creator'], { maxAgeDays: 11 }, false],
    ['a claim of the future', tested('PASSED', new Date('2026-02-02T00:00:00Z')), ['creator'], { maxAgeDays: 11 }, false],
    [
      'a claim without a time',
      testResult({ subject: about(1), result: 'PASSED', configuration: [{ uri: 'https://x' }] }),
      ['creator'],
      { maxAgeDays: 9999 },
      false,
    ],
    [
      'a condition that holds',
      tested(),
      ['creator'],
      { when: "predicate.result == 'PASSED' && 'creator' in signers && ageDays < 13.0" },
      true,
    ],
    ['a condition that does not hold', tested('FAILED'), ['creator'], { when: "predicate.result == 'PASSED'" }, false],
    ['a condition about what is not there', tested(), ['creator'], { when: 'predicate.score > 3' }, false],
  ])('about claims: %s', async (_what, made, parties, more, expected) => {
    const rule: Rule = { id: 'c', require: 'claim', type: 'https://in-toto.io/attestation/test-result/v0.1', by: ['creator'], ...more };
    expect(await passes(rule, lineage(node(1, 'root', [claim(made, parties)])))).toBe(expected);
    expect(await passes(rule, lineage(node(1, 'root', [claim(made, parties, false)])))).toBe(false);
  });
  it('takes the earliest of the times that a test states', async () => {
    const configuration = ['2026-01-31T00:00:00Z', '2025-01-01T00:00:00Z', '2026-01-30T00:00:00Z'].map((finishedOn) => ({
      uri: 'https://eval.example',
      annotations: { finishedOn },
    }));
    const made = testResult({ subject: about(1), result: 'PASSED', configuration });
    const rule: Rule = { id: 'c', require: 'claim', type: made.predicateType, by: ['creator'], maxAgeDays: 30 };
    expect(await passes(rule, lineage(node(1, 'root', [claim(made)])))).toBe(false);
    expect(await passes({ ...rule, maxAgeDays: 400 }, lineage(node(1, 'root', [claim(made)])))).toBe(true);
  });
  it('about edges asks that all that one claim states is verified and meets its own rules', async () => {
    const edge: Rule = { id: 'e', require: 'edge', role: 'base-model', by: ['builder'] };
    const made = claim(
      madeFrom(hex(1), [
        ['base-model', hex(2)],
        ['dataset', hex(3)],
      ]),
      ['builder'],
    );
    expect(await passes(edge, lineage(node(1, 'root', [made]), node(2, 'base-model')))).toBe(true);
    expect(await passes(edge, lineage(node(1, 'root', [made])))).toBe(false);
    expect(await passes(edge, lineage(node(1, 'root', [made]), node(2, 'base-model', [], [], false)))).toBe(false);
    expect(await passes({ ...edge, by: ['creator'] }, lineage(node(1, 'root', [made]), node(2, 'base-model')))).toBe(false);
    expect(await passes({ ...edge, min: 2 }, lineage(node(1, 'root', [made]), node(2, 'base-model')))).toBe(false);
    expect(await passes({ ...edge, role: 'teacher', min: 0 }, lineage(node(1, 'root', [made])))).toBe(true);
    expect(await passes({ ...edge, role: 'teacher', min: 0 }, lineage(node(1, 'root')))).toBe(false);
    const own: Rule = { id: 'own', require: 'signature', on: ['base-model'], by: ['builder'] };
    const { ok, answers } = await judge([edge, own], lineage(node(1, 'root', [made]), node(2, 'base-model')));
    expect(ok).toBe(false);
    expect(answers.map(({ rule, ok: isMet, role }) => [rule, isMet, role])).toEqual([
      ['own', false, 'base-model'],
      ['e', false, 'root'],
    ]);
  });
  it('about files allows those of its globs, and no holes but its own', async () => {
    const files: Rule = { id: 'f', require: 'files', only: ['*.safetensors', 'config.json'] };
    expect(await passes(files, lineage(node(1, 'root')))).toBe(true);
    expect(await passes({ ...files, only: ['*.safetensors'] }, lineage(node(1, 'root')))).toBe(false);
    const holed = { ...node(1, 'root'), files: { signed: 2, verified: 2, unsigned: [], ignored: [{ path: 'notes', files: 1 }] } };
    expect(await passes(files, lineage(holed))).toBe(false);
    expect(await passes({ ...files, ignored: ['notes'] }, lineage(holed))).toBe(true);
  });
  const manifest = (more: object) => claim(documentClaim(about(1), 'manifest', { bom: { timestamp: '2026-01-01T00:00:00Z' }, ...more }));
  it('about licences asks that all are allowed', async () => {
    const rule: Rule = { id: 'l', require: 'license', anyOf: ['MIT', 'Apache-2.0'], by: ['creator'] };
    const of = (...licenses: readonly object[]) => lineage(node(1, 'root', [manifest({ model: { licenses } })]));
    expect(await passes(rule, of({ expression: 'MIT' }, { expression: 'Apache-2.0' }))).toBe(true);
    expect(await passes(rule, of({ expression: 'MIT' }, { expression: 'GPL-3.0-only' }))).toBe(false);
    expect(await passes(rule, of({ name: 'MIT' }))).toBe(false);
    expect(await passes(rule, of())).toBe(false);
    expect(await passes(rule, lineage(node(1, 'root', [manifest({})])))).toBe(false);
  });
  it('about scans accepts none that is not complete and clean', async () => {
    const rule: Rule = { id: 'x', require: 'scan', by: ['creator'], maxAgeDays: 30 };
    const of = (...scans: readonly object[]) => lineage(node(1, 'root', [manifest({ security: { scans } })]));
    const clean = { status: 'complete', verdict: 'clean', date: '2026-01-20T00:00:00Z' };
    expect(await passes(rule, of(clean))).toBe(true);
    for (const bad of [
      { status: 'incomplete' },
      { status: 'not-inspected' },
      { verdict: 'unknown' },
      { verdict: 'malicious' },
      { date: '2025-01-01T00:00:00Z' },
    ])
      expect(await passes(rule, of(clean, { ...clean, ...bad })), JSON.stringify(bad)).toBe(false);
    expect(await passes(rule, of())).toBe(false);
  });
  it('about hand-offs asks that nothing that it names is gone', async () => {
    const rule: Rule = { id: 'h', require: 'handoff', by: ['creator'], to: 'urn:b' };
    const first = claim(tested());
    const given = claim(
      handoff({ subject: about(1), from: 'urn:a', to: 'urn:b', at: now, purpose: 'deploy', priorClaims: [first.id ?? ''] }),
    );
    const of = (...claims: readonly PartyClaim[]) =>
      lineage(
        node(
          1,
          'root',
          claims.map((each) => withMissing(each, claims)),
        ),
      );
    expect(await passes(rule, of(first, given))).toBe(true);
    expect(await passes(rule, of(given))).toBe(false);
    expect(await passes(rule, of({ ...first, ok: false }, given))).toBe(false);
    expect(await passes({ ...rule, to: 'urn:c' }, of(first, given))).toBe(false);
  });
});

describe('a policy', () => {
  it('without a rule lets nothing pass, and neither does one of roles of nobody', async () => {
    expect((await judge([], lineage(node(1, 'root')))).ok).toBe(false);
    for (const name of POLICY_IDS) {
      const { ok, answers } = await judgeByPolicy(readyPolicy(name), lineage(node(1, 'root', [], [])), { now });
      expect([ok, answers.some(({ next }) => next !== undefined)]).toEqual([false, true]);
    }
  });
  it.each(POLICY_IDS)('%s is one', async (name) => {
    expect(await readPolicy(JSON.stringify(readyPolicy(name)))).toEqual(readyPolicy(name));
  });
  it('is read as its schema has it', async () => {
    const ajv = new Ajv2020.default({ strict: false });
    const isValid = ajv.compile(schema);
    const rule = { id: 'a', require: 'signature', by: ['creator'] };
    const good = { policyVersion: '1.0', id: 'x', roles: { creator: { anyOf: [] } }, rules: [rule] };
    const bad = [
      {},
      { ...good, policyVersion: '2.0' },
      { ...good, more: 1 },
      { ...good, roles: {} },
      { ...good, rules: [{ ...rule, require: 'magic' }] },
      { ...good, rules: [{ ...rule, by: [] }] },
      { ...good, rules: [{ ...rule, role: 'dataset' }] },
      { ...good, rules: [{ ...rule, on: ['parent'] }] },
      { ...good, roles: { creator: { anyOf: [{ roots: ['x'] }] } } },
      { ...good, limits: { depth: 0 } },
    ];
    expect(isValid(good)).toBe(true);
    await expect(readPolicy(JSON.stringify(good))).resolves.toEqual(good);
    for (const each of bad) {
      expect(isValid(each), JSON.stringify(each)).toBe(false);
      await expect(readPolicy(JSON.stringify(each)), JSON.stringify(each)).rejects.toMatchObject({ code: 'ERR_POLICY_INVALID' });
    }
  });
  it.each([
    ['a role that is not there', { by: ['nobody'] }, '/rules/0/by'],
    ['a pattern', { when: "predicate.a.matches('(a+)+$')" }, '/rules/0/when'],
    ['a loop in a loop', { when: 'predicate.a.all(x, predicate.b.exists(y, y == x))' }, '/rules/0/when'],
    ['a name that is not known', { when: 'claims.size() == 0' }, '/rules/0/when'],
    ['a condition that is no condition', { when: "'yes'" }, '/rules/0/when'],
    ['a deep condition', { when: `${'('.repeat(900)}true${')'.repeat(900)}` }, '/rules/0/when'],
    ['many signs', { when: `${'!'.repeat(1990)}true` }, '/rules/0/when'],
    ['a long condition', { when: `true${' || true'.repeat(240)}` }, '/rules/0/when'],
  ])('with %s is refused', async (_what, more, pointer) => {
    const rule = { id: 'a', require: 'claim', type: 'urn:x', by: ['creator'], ...more };
    const text = JSON.stringify({ policyVersion: '1.0', id: 'x', roles: { creator: { anyOf: [] } }, rules: [rule] });
    await expect(readPolicy(text)).rejects.toMatchObject({ code: 'ERR_POLICY_INVALID', pointer });
  });
  it('of two megabytes is read or refused at once', async () => {
    const when = `predicate.a == 1${' && predicate.b == 2'.repeat(60)}`;
    const rules = Array.from({ length: 1000 }, (_, i) => ({
      id: `r${i}`,
      require: 'claim',
      type: 'urn:x',
      by: ['creator'],
      when,
      description: 'x'.repeat(500),
    }));
    const text = JSON.stringify({ policyVersion: '1.0', id: 'x', roles: { creator: { anyOf: [] } }, rules });
    expect(text.length).toBeGreaterThan(1_800_000);
    expect((await readPolicy(text)).rules).toHaveLength(1000);
    await expect(readPolicy(`${'['.repeat(1_000_000)}`)).rejects.toMatchObject({ code: 'ERR_LIMIT_DEPTH' });
  }, 60_000);
  it('has no rule twice, at none of its boundaries', async () => {
    const rule = { id: 'a', require: 'signature', by: ['creator'] };
    const text = (rules: readonly object[], more: readonly object[]) =>
      JSON.stringify({
        policyVersion: '1.0',
        id: 'x',
        roles: { creator: { anyOf: [] } },
        rules,
        boundaries: { b: { rules: more }, c: { rules: more } },
      });
    await expect(readPolicy(text([rule], [{ ...rule, id: 'b' }]))).resolves.toBeDefined();
    await expect(readPolicy(text([rule, rule], []))).rejects.toMatchObject({ pointer: '/rules/1/id' });
    await expect(readPolicy(text([rule], [rule]))).rejects.toMatchObject({ pointer: '/boundaries/b/rules/0/id' });
  });
  it('has its boundaries by name', async () => {
    const two: Policy = {
      ...policy({ id: 's', require: 'signature', by: ['creator'] }),
      boundaries: { intake: { rules: [] }, production: { rules: [{ id: 'l', require: 'license', anyOf: ['MIT'], by: ['creator'] }] } },
    };
    const of = lineage(node(1, 'root'));
    expect((await judgeByPolicy(two, of, { now, boundary: 'intake' })).ok).toBe(true);
    expect((await judgeByPolicy(two, of, { now, boundary: 'production' })).ok).toBe(false);
    await expect(judgeByPolicy(two, of, { now })).rejects.toMatchObject({ code: 'ERR_POLICY_INVALID' });
    await expect(judgeByPolicy(two, of, { now, boundary: 'prodution' })).rejects.toMatchObject({ hint: 'Did you mean production?' });
  });
});

it('a condition looks at no claim of very many values', async () => {
  const compiled = await compileCondition('predicate.list.all(x, x == x)');
  if ('fault' in compiled) return expect.unreachable();
  const facts = (length: number) => ({ predicate: { list: Array.from({ length }, (_, i) => i) }, signers: [], ageDays: 0 });
  expect(compiled.condition(facts(5000))).toEqual({ holds: true });
  expect(compiled.condition(facts(20_000))).toMatchObject({ holds: false, fault: expect.stringContaining('values') });
});

describe('whatever claim is taken away', () => {
  const parties = fc.subarray(['creator', 'builder', 'other']);
  const statementArb = (n: number) =>
    fc.oneof(
      fc.subarray([2, 3, 4]).map((inputs) =>
        madeFrom(
          hex(n),
          inputs.filter((each) => each > n).map((each) => [each === 3 ? 'dataset' : 'base-model', hex(each)] as const),
        ),
      ),
      fc.constantFrom(tested(), tested('FAILED')),
      fc.constantFrom('MIT', 'GPL-3.0-only').map((expression) =>
        documentClaim(about(n), 'manifest', {
          bom: { timestamp: '2026-01-01T00:00:00Z' },
          model: { licenses: [{ expression }] },
          security: { scans: [{ status: 'complete', verdict: expression === 'MIT' ? 'clean' : 'unknown', date: '2026-01-20T00:00:00Z' }] },
        }),
      ),
    );
  const claimArb = (n: number) => fc.tuple(statementArb(n), parties).map(([made, by]) => claim(made, by, by.length > 0));
  const nodeArb = (n: number, role: NodeRole) =>
    fc
      .tuple(fc.array(claimArb(n), { maxLength: 5 }), parties, fc.boolean())
      .map(([claims, by, isIntact]) => node(n, role, claims, by, isIntact && by.length > 0));
  const by = fc.subarray(['creator', 'builder'], { minLength: 1 });
  const on = fc.constantFrom<'*' | readonly NodeRole[]>('*', ['root'], ['base-model'], ['dataset']);
  const ruleArb: fc.Arbitrary<Rule> = fc.oneof(
    fc.record({ require: fc.constant('signature' as const), id: fc.constant('s'), by, on }),
    fc.record({
      require: fc.constant('edge' as const),
      id: fc.constant('e'),
      by,
      on,
      role: fc.constantFrom('base-model' as const, 'dataset' as const),
      min: fc.integer({ min: 0, max: 2 }),
    }),
    fc.record({
      require: fc.constant('claim' as const),
      id: fc.constant('c'),
      by,
      on,
      type: fc.constant('https://in-toto.io/attestation/test-result/v0.1'),
      when: fc.constantFrom("predicate.result == 'PASSED'", "predicate.result != 'PASSED'", 'ageDays < 5.0'),
    }),
    fc.record({ require: fc.constant('license' as const), id: fc.constant('l'), by, on, anyOf: fc.constant(['MIT']) }),
    fc.record({ require: fc.constant('scan' as const), id: fc.constant('x'), by, on }),
    fc.record({ require: fc.constant('handoff' as const), id: fc.constant('h'), by, on }),
  );
  const withHandoff = (nodes: readonly LineageNode[]) =>
    nodes.map((each) => {
      const names = each.claims.flatMap(({ id: name }) => name ?? []);
      const given = claim(
        handoff({
          subject: [{ digest: { sha256: each.id.slice(7) } }],
          from: 'urn:a',
          to: 'urn:b',
          at: now,
          purpose: 'deploy',
          priorClaims: names,
        }),
      );
      return { ...each, claims: [...each.claims, given] };
    });
  const complete = (nodes: readonly LineageNode[]) =>
    nodes.map((each) => ({ ...each, claims: each.claims.map((one) => withMissing(one, each.claims)) }));
  it('the verdict is the same or stricter', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(nodeArb(1, 'root'), nodeArb(2, 'base-model'), nodeArb(3, 'dataset'), nodeArb(4, 'base-model')),
        fc.array(ruleArb, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        async (bare, rules, pick) => {
          const nodes = withHandoff(bare);
          const all = nodes.flatMap((each, i) => each.claims.map((_, j) => [i, j] as const));
          const [which, gone] = all[pick % all.length] ?? [0, 0];
          const fewer = nodes.map((each, i) => (i === which ? { ...each, claims: each.claims.filter((_, j) => j !== gone) } : each));
          const [before, after] = [await judge(rules, lineage(...complete(nodes))), await judge(rules, lineage(...complete(fewer)))];
          if (after.ok) expect(before.ok).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  }, 60_000);
});

it('the examples are policies', async () => {
  const examples = fileURLToPath(new URL('../../examples/custody', import.meta.url));
  const files = readdirSync(examples).filter((name) => name.endsWith('.json'));
  expect(files).toEqual(['policy.json']);
  for (const name of files) await expect(readPolicy(readFileSync(join(examples, name)))).resolves.toBeDefined();
});

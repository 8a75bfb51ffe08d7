import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AuditOptions, audit, readAdvisory, readVex, toCsafVex, toCycloneDXVex, toOpenVex } from '../../src/audit/index.js';
import type { Manifest } from '../../src/schema/index.js';
import { keySigner, signStatement, statement } from '../../src/sign/index.js';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

const PURL = 'pkg:pypi/torch@1.13.0';
const manifest = {
  bom: { specVersion: '1.0', serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79', version: 1, timestamp: '2026-01-01T00:00:00Z' },
  model: { name: 'm' },
  components: { torch: { type: 'library', name: 'torch', version: '1.13.0', identifiers: [{ type: 'purl', value: PURL }] } },
} as unknown as Manifest;
const record = {
  id: 'CVE-1',
  modified: '2026-01-10T00:00:00Z',
  affected: [{ package: { ecosystem: 'PyPI', name: 'torch' }, versions: ['1.13.0'] }],
};
const advisories = [readAdvisory(record)].flatMap((each) => each ?? []);
const TIME = '2026-02-01T00:00:00Z';

const openvex = (more: object = {}) => ({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'urn:x',
  author: 'Ada',
  timestamp: TIME,
  version: 1,
  statements: [
    {
      vulnerability: { name: 'CVE-1' },
      products: [{ '@id': PURL }],
      status: 'not_affected',
      justification: 'vulnerable_code_not_present',
      ...more,
    },
  ],
});
const cyclonedx = (analysis: object, more: object = {}) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { timestamp: TIME, authors: [{ name: 'Ada' }] },
  components: [
    { type: 'application', name: 'a', 'bom-ref': 'a', components: [{ type: 'library', name: 'torch', 'bom-ref': 't', purl: PURL }] },
  ],
  vulnerabilities: [{ id: 'CVE-1', affects: [{ ref: 't' }], analysis, ...more }],
});
const csaf = (status: string, more: object = {}) => ({
  document: { category: 'csaf_vex', publisher: { name: 'Ada' }, tracking: { id: 'X-1', current_release_date: TIME } },
  product_tree: {
    branches: [
      {
        category: 'vendor',
        name: 'v',
        branches: [
          {
            category: 'product_version',
            name: '1.13.0',
            product: { product_id: 'P', name: 'torch', product_identification_helper: { purl: PURL } },
          },
        ],
      },
    ],
    relationships: [
      {
        category: 'default_component_of',
        product_reference: 'P',
        relates_to_product_reference: 'Q',
        full_product_name: { product_id: 'Q:P', name: 'torch in Q' },
      },
    ],
  },
  vulnerabilities: [{ cve: 'CVE-1', product_status: { [status]: ['Q:P'] }, ...more }],
});
const spdx = (more: object = {}) => ({
  '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
  '@graph': [
    { type: 'software_Package', spdxId: 'urn:p', software_packageUrl: PURL },
    { type: 'Person', spdxId: 'urn:ada', name: 'Ada' },
    {
      type: 'security_Vulnerability',
      spdxId: 'urn:v',
      name: 'weakness',
      externalIdentifier: [{ type: 'ExternalIdentifier', externalIdentifierType: 'cve', identifier: 'CVE-1' }],
    },
    {
      type: 'security_VexNotAffectedVulnAssessmentRelationship',
      spdxId: 'urn:r',
      from: 'urn:v',
      to: ['urn:p'],
      suppliedBy: 'urn:ada',
      security_publishedTime: TIME,
      security_justificationType: 'vulnerableCodeNotInExecutePath',
      ...more,
    },
  ],
});

const judged = (document: unknown, options: AuditOptions = {}) => {
  const { findings, suppressed } = audit(manifest, advisories, { vex: readVex(document, 'v.json') ?? [], ...options });
  return { open: findings.length, out: suppressed.length, vex: [...findings, ...suppressed][0]?.vex };
};

describe('statements of each standard', () => {
  const told = { author: 'Ada', timestamp: TIME, document: 'v.json', status: 'not_affected' };
  it.each([
    ['OpenVEX', openvex(), 'vulnerable_code_not_present'],
    ['CycloneDX', cyclonedx({ state: 'not_affected', justification: 'code_not_reachable' }), 'vulnerable_code_not_in_execute_path'],
    [
      'CSAF by flag',
      csaf('known_not_affected', { flags: [{ label: 'component_not_present', product_ids: ['Q:P'] }] }),
      'component_not_present',
    ],
    [
      'CSAF by impact',
      csaf('known_not_affected', { threats: [{ category: 'impact', details: 'not built in', product_ids: ['Q:P'] }] }),
      'not built in',
    ],
    [
      'OpenVEX on a part of this',
      openvex({ products: [{ '@id': manifest.bom.serialNumber, subcomponents: [{ '@id': PURL }] }] }),
      'vulnerable_code_not_present',
    ],
    ['SPDX 3', spdx(), 'vulnerable_code_not_in_execute_path'],
  ])('take out what is not affected: %s', (_, document, justification) => {
    expect(judged(document)).toMatchObject({ open: 0, out: 1, vex: { ...told, justification } });
  });
  it.each([
    ['OpenVEX without reason', openvex({ justification: undefined })],
    ['OpenVEX that affects', openvex({ status: 'affected' })],
    ['OpenVEX on another package', openvex({ products: [{ '@id': 'pkg:pypi/torchvision@1.13.0' }] })],
    ['OpenVEX on a build of its own', openvex({ products: [{ '@id': 'pkg:pypi/torch@1.13.0%2Bpatched' }] })],
    ['OpenVEX on a part of another product', openvex({ products: [{ '@id': 'pkg:oci/app@sha256:1', subcomponents: [{ '@id': PURL }] }] })],
    ['OpenVEX on a part of a product only', openvex({ products: [{ '@id': PURL, subcomponents: [{ '@id': 'pkg:pypi/other@1' }] }] })],
    ['CycloneDX without reason', cyclonedx({ state: 'not_affected' })],
    ['CycloneDX in triage', cyclonedx({ state: 'in_triage' })],
    [
      'CycloneDX on other versions',
      cyclonedx({ state: 'resolved' }, { affects: [{ ref: 't', versions: [{ version: '1.12.0', status: 'affected' }] }] }),
    ],
    ['CSAF without reason', csaf('known_not_affected')],
    ['CSAF that affects', csaf('known_affected')],
    ['SPDX 3 without reason', spdx({ security_justificationType: undefined })],
    ['SPDX 3 of another vulnerability', spdx({ from: 'urn:p' })],
  ])('leave the rest: %s', (_, document) => {
    expect(judged(document)).toMatchObject({ open: 1, out: 0 });
  });
  it('say what their words lose', () => {
    expect(judged(cyclonedx({ state: 'false_positive', justification: 'requires_dependency' })).vex).toMatchObject({
      status: 'not_affected',
      justification: 'vulnerable_code_not_in_execute_path',
      said: 'false_positive, requires_dependency',
    });
    const { suppressed } = audit(manifest, advisories, { vex: readVex(openvex({ justification: 'component_not_present' }), 'v') ?? [] });
    const { document, losses } = toCycloneDXVex(suppressed, {
      author: 'a',
      timestamp: TIME,
      id: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
    });
    expect(document).toMatchObject({ vulnerabilities: [{ analysis: { state: 'not_affected', justification: 'code_not_present' } }] });
    expect(losses).toContain('CVE-1: `component_not_present` became `code_not_present`');
  });
  it('come back from what was written of them', () => {
    const { suppressed } = audit(manifest, advisories, { vex: readVex(openvex(), 'v') ?? [] });
    const options = { author: 'Ada', timestamp: TIME, id: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79' };
    for (const write of [toOpenVex, toCycloneDXVex, toCsafVex])
      expect(judged(write(suppressed, options).document)).toMatchObject({
        out: 1,
        vex: { ...told, justification: 'vulnerable_code_not_present' },
      });
  });
});

describe('a statement', () => {
  it('ends', () => {
    const now = '2026-02-20T00:00:00Z';
    expect(judged(openvex(), { now, maxAgeDays: 30 })).toMatchObject({ out: 1, vex: { until: '2026-03-03T00:00:00Z' } });
    expect(judged(openvex(), { now, maxAgeDays: 19 })).toMatchObject({ open: 1, vex: { disregarded: 'expired' } });
    expect(judged({ ...openvex(), timestamp: undefined }, { now, maxAgeDays: 30 })).toMatchObject({
      open: 1,
      vex: { disregarded: 'undated' },
    });
    const until = (value: string) => cyclonedx({ state: 'resolved' }, { properties: [{ name: 'msbom:vex:until', value }] });
    expect(judged(until('2026-02-21T00:00:00Z'), { now })).toMatchObject({ out: 1 });
    expect(judged(until('2026-02-20T00:00:00Z'), { now })).toMatchObject({ open: 1, vex: { disregarded: 'expired' } });
    expect(judged(until('some day'), { now })).toMatchObject({ open: 1, vex: { disregarded: 'undated' } });
    expect(judged(spdx({ security_withdrawnTime: '2026-02-10T00:00:00Z' }), { now })).toMatchObject({
      open: 1,
      vex: { disregarded: 'expired' },
    });
  });
  it('gives way to a later one, and of one time to the one that takes nothing out', () => {
    const [early] = readVex(openvex(), 'early') ?? [];
    const [late] = readVex(openvex({ status: 'affected', timestamp: '2026-02-01T01:00:00+00:00' }), 'late') ?? [];
    const [same] = readVex(openvex({ status: 'affected' }), 'same') ?? [];
    for (const other of [late, same])
      for (const vex of [
        [early, other],
        [other, early],
      ])
        expect(audit(manifest, advisories, { vex: vex.flatMap((each) => each ?? []) }).findings).toHaveLength(1);
  });
});

describe('signed VEX', () => {
  const env = { SOURCE_DATE_EPOCH: '1768867200' };
  it('alone takes out what is asked to be signed', { timeout: 240_000 }, async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const made = statement([{ name: 'm', digest: { sha256: 'a'.repeat(64) } }], 'https://openvex.dev/ns/v0.2.0', openvex());
    const { bundle } = await signStatement(made, keySigner({ key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }));
    const cwd = temporaryDirectory({
      'm.json': JSON.stringify(manifest),
      'a.json': JSON.stringify(record),
      'plain.json': JSON.stringify(openvex()),
      'signed.json': bundle,
      'k.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      'k.pub': pem,
      'other.pub': other,
    });
    const run = (...more: readonly string[]) => runCli(cwd, ['audit', 'm.json', '-a', 'a.json', ...more], { env });
    expect(await run('--vex', 'plain.json')).toMatchObject({ code: 0 });
    expect(await run('--vex', 'plain.json', '--require-signed-vex', '--public-key', 'k.pub')).toMatchObject({
      code: 1,
      out: expect.stringContaining('nobody who is trusted signed it'),
    });
    expect(await run('--vex', 'signed.json', '--require-signed-vex', '--public-key', 'k.pub')).toMatchObject({
      code: 0,
      out: expect.stringContaining(', signed by the key '),
    });
    expect(await run('--vex', 'signed.json', '--require-signed-vex', '--public-key', 'other.pub')).toMatchObject({
      code: 2,
      err: expect.stringContaining('ERR_SIGN_CONTENT'),
    });
    expect(await run('--vex', 'signed.json')).toMatchObject({ code: 2, err: expect.stringContaining('nobody is trusted') });
    expect(await run('--vex', 'plain.json', '--require-signed-vex')).toMatchObject({ code: 2 });
    expect(await run('--public-key', 'k.pub')).toMatchObject({ code: 2, err: expect.stringContaining('none was given') });
    // Signed as a file, by a signature beside it.
    expect(await runCli(cwd, ['sign', 'plain.json', '--key', 'k.pem', '-o', 'plain.json.sig'], { env })).toMatchObject({ code: 0 });
    expect(await run('--vex', 'plain.json', '--require-signed-vex', '--public-key', 'k.pub')).toMatchObject({ code: 0 });
    writeFileSync(join(cwd, 'plain.json'), readFileSync(join(cwd, 'plain.json'), 'utf8').replace('Ada', 'Eve'));
    expect(await run('--vex', 'plain.json', '--require-signed-vex', '--public-key', 'k.pub')).toMatchObject({
      code: 2,
      err: expect.stringContaining('ERR_SIGN_CONTENT'),
    });
  });
});

it('reads hostile documents in little time', () => {
  let deep: object = { category: 'vendor', name: 'v' };
  for (let i = 0; i < 5000; i++) deep = { category: 'vendor', name: 'v', branches: [deep] };
  expect(
    readVex(
      {
        document: { category: 'csaf_vex' },
        product_tree: deep,
        vulnerabilities: [{ cve: 'CVE-1', product_status: { fixed: ['__proto__', 'constructor'] } }],
      },
      'x',
    ),
  ).toEqual([]);
  const many = Array.from({ length: 10_000 }, (_, i) => ({
    vulnerability: { name: `CVE-${i}`, aliases: ['__proto__'] },
    products: [{ '@id': PURL }],
    status: 'fixed',
  }));
  expect(judged({ '@context': 'https://openvex.dev/ns', statements: many })).toMatchObject({ out: 1 });
  expect(readVex({ bomFormat: 'CycloneDX', components: 5, vulnerabilities: [1, { id: 5 }, { id: 'x', analysis: [] }] }, 'x')).toEqual([]);
  expect(readVex({ '@context': 'https://spdx.org/rdf/3.0.1/x', '@graph': [{ type: '__proto__', from: '__proto__' }] }, 'x')).toEqual([]);
});

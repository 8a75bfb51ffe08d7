import { describe, expect, it } from 'vitest';
import { type Answer, comply, complyAsCycloneDX, complyAsOscal, readProfile } from '../../src/comply/index.js';
import { validateCycloneDX } from '../../src/convert/index.js';
import type { Manifest } from '../../src/schema/index.js';
import { allProfiles, completed, fullAnswers } from '../support/complying.js';

const profiles = (await allProfiles()).filter(({ id }) =>
  ['model-card', 'eu-aia-downstream', 'iso-supply-chain', 'eu-aia-high-risk'].includes(id),
);
const full = completed(fullAnswers(), profiles);
const { usage: _usage, changes: _changes, ...partly } = fullAnswers();
const report = await comply(partly, profiles);
const answered = (status: Answer['status']) =>
  report.requirements.filter((each) => each.status === status).map(({ profile, id }) => `${profile}/${id}`);

interface Bom {
  readonly declarations: {
    readonly attestations: readonly {
      readonly map: readonly {
        requirement: string;
        claims?: string[];
        counterClaims?: string[];
        conformance: { score?: number; rationale: string };
      }[];
    }[];
    readonly claims: readonly { 'bom-ref': string; target: string; evidence?: string[]; counterEvidence?: string[] }[];
    readonly evidence: readonly { 'bom-ref': string; data: { name: string }[] }[];
  };
  readonly definitions: {
    readonly standards: readonly { requirements: { 'bom-ref': string; properties: { name: string; value: string }[] }[] }[];
  };
}

describe('as CycloneDX', () => {
  const text = complyAsCycloneDX(report, partly);
  const bom = JSON.parse(text) as Bom;
  const map = bom.declarations.attestations.flatMap((each) => each.map);
  it('is valid by the official library, also with what anybody could write', async () => {
    expect((await validateCycloneDX(text, '1.6')).filter(({ severity }) => severity === 'high')).toEqual([]);
    const evil = '</x>\u202e"\n';
    const profile = await readProfile(
      JSON.stringify({
        id: 'x',
        title: evil,
        url: 'https://example.org/a',
        requirements: [{ id: evil, title: evil, requirement: evil, level: 'MAY', predicate: { op: 'present', path: '/model/x y' } }],
      }).replaceAll(/"id":"<\/x>[^,]*,/g, '"id":"X-1",'),
    );
    const other = complyAsCycloneDX(await comply(full, [profile]), { ...full, model: { ...full.model, name: evil } } as Manifest);
    expect((await validateCycloneDX(other, '1.6')).filter(({ severity }) => severity === 'high')).toEqual([]);
    expect(other).not.toContain('\u202e');
  });
  it('claims what is met, and claims the contrary of what is not', () => {
    expect(map).toHaveLength(report.requirements.length);
    const claimed = map.filter(({ claims }) => claims !== undefined).map(({ requirement }) => requirement.replace('requirement:', ''));
    const denied = map
      .filter(({ counterClaims }) => counterClaims !== undefined)
      .map(({ requirement }) => requirement.replace('requirement:', ''));
    expect(claimed).toEqual(answered('met'));
    expect(claimed.length).toBeGreaterThan(50);
    expect(denied).toEqual([...answered('missing'), ...answered('failed')].sort((a, b) => denied.indexOf(a) - denied.indexOf(b)));
    expect(denied).toContain('model-card/MC-2');
    for (const { requirement, claims, conformance } of map)
      if (answered('needs-review').includes(requirement.replace('requirement:', '')))
        expect([claims, conformance.score, conformance.rationale.startsWith('needs review')]).toEqual([undefined, undefined, true]);
  });
  it('names nothing that is not there', () => {
    const { claims, evidence } = bom.declarations;
    const names = new Set([
      'subject',
      ...claims.map((each) => each['bom-ref']),
      ...evidence.map((each) => each['bom-ref']),
      ...bom.definitions.standards.flatMap(({ requirements }) => requirements.map((each) => each['bom-ref'])),
    ]);
    const named = [
      ...map.flatMap(({ requirement, claims: own = [], counterClaims = [] }) => [requirement, ...own, ...counterClaims]),
      ...claims.flatMap(({ target, evidence: own = [], counterEvidence = [] }) => [target, ...own, ...counterEvidence]),
    ];
    expect(named.filter((name) => !names.has(name))).toEqual([]);
    expect(evidence.find((each) => each['bom-ref'] === 'evidence:model-card/MC-8')?.data).toEqual([{ name: '/risk/ethics' }]);
  });
  it('affirms nothing and marks what nobody has checked', () => {
    expect(text).not.toContain('"affirmation"');
    expect(text).not.toMatch(/compliant/i);
    expect(text.match(/"unverified reading"/g)).toHaveLength(15);
  });
});

describe('as OSCAL', () => {
  interface Results {
    readonly 'assessment-results': {
      readonly metadata: { remarks: string };
      readonly results: readonly {
        observations: { uuid: string; props: { name: string; value: string }[]; 'relevant-evidence'?: { description: string }[] }[];
        findings: {
          target: { 'target-id': string; status: { state: string; reason: string } };
          'related-observations': { 'observation-uuid': string }[];
        }[];
      }[];
    };
  }
  const text = complyAsOscal(report, partly);
  const { 'assessment-results': made } = JSON.parse(text) as Results;
  it('observes every requirement and finds for each that applies', () => {
    const observations = made.results.flatMap((each) => each.observations);
    const findings = made.results.flatMap((each) => each.findings);
    expect(observations).toHaveLength(report.requirements.length);
    expect(answered('not-applicable')).not.toEqual([]);
    expect(findings).toHaveLength(report.requirements.length - answered('not-applicable').length);
    const count = (state: string, reason: string) =>
      findings.filter(({ target: { status } }) => status.state === state && status.reason === reason).length;
    expect(count('satisfied', 'pass')).toBe(answered('met').length);
    expect(count('not-satisfied', 'fail')).toBe(answered('missing').length + answered('failed').length);
    expect(count('not-satisfied', 'other')).toBe(answered('needs-review').length + answered('not-examined').length);
    const known = new Set(observations.map(({ uuid }) => uuid));
    for (const each of findings) expect(known.has(each['related-observations'][0]?.['observation-uuid'] ?? '')).toBe(true);
  });
  it('has names and identifiers as OSCAL takes them, the same each time', () => {
    expect(complyAsOscal(report, partly)).toBe(text);
    const uuids = [...text.matchAll(/"uuid": "([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(new Set(uuids).size).toBe(uuids.length);
    for (const uuid of uuids) expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    for (const [, id = ''] of text.matchAll(/"(?:target-id|control-id)": "([^"]+)"/g)) expect(id).toMatch(/^[\p{L}_][\p{L}\p{N}._-]*$/u);
    expect(text).toContain('"target-id": "AIA-13-3_b__ii_"');
    expect(text).toContain('"control-id": "_5962-EXP"');
    expect(made.metadata.remarks).toContain('Not examined: the files of the model');
  });
});

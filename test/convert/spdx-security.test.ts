import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { baseScore, severityOf } from '../../src/convert/spdx/cvss.js';
import { fromSPDX, toSPDX } from '../../src/convert/spdx/index.js';
import { lintSPDX } from '../../src/convert/spdx/lint.js';
import { readSource } from '../../src/convert/spdx/source.js';
import { parseManifest } from '../../src/manifest/parse.js';
import { meetsOfficialSchema, shaclFindings } from '../support/spdx-checks.js';

const base = parseManifest(readFileSync(new URL('../../docs/rules/base.json', import.meta.url), 'utf8'));

describe('the base score of CVSS 3', () => {
  // Scores that FIRST gives for the examples of its specification.
  it.each<[string, number, string]>([
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8, 'critical'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1, 'medium'],
    ['CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 6.4, 'medium'],
    ['CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N', 3.1, 'low'],
    ['CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H', 8.8, 'high'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10, 'critical'],
    ['CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N', 0, 'none'],
  ])('%s is %d', (vector, score, severity) => {
    expect(baseScore(vector)).toBe(score);
    expect(severityOf(score)).toBe(severity);
  });
  it.each(['', 'CVSS:2.0/AV:N', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P', 'CVSS:4.0/AV:N/AC:L', '9.8', 'constructor'])(
    '%j has none',
    (vector) => expect(baseScore(vector)).toBeUndefined(),
  );
});

describe('vulnerabilities', () => {
  const score = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
  const manifest = {
    ...base,
    security: {
      vulnerabilities: [
        { id: 'CVE-2026-0001', affects: ['model'], status: 'affected', fix: 'Update.', score, severity: 'high' },
        { id: 'CVE-2026-0002', affects: ['model'], status: 'not_affected' },
        { id: 'CVE-2026-0003', score },
      ],
    },
  } as typeof base;
  const { document } = toSPDX(manifest, { residual: false });
  it('have a score by the security profile where it is known what they are about', async () => {
    expect(meetsOfficialSchema(document)).toBe(true);
    expect(await shaclFindings(document)).toEqual([]);
    expect(readSource(document).ofType('security_CvssV3VulnAssessmentRelationship')).toMatchObject([
      { relationshipType: 'hasAssessmentFor', security_score: '9.8', security_severity: 'critical', security_vectorString: score },
    ]);
    expect(fromSPDX(document).manifest.security?.vulnerabilities).toEqual(manifest.security?.vulnerabilities);
  });
  it('that are said not to matter need a reason by the words of the profile', () => {
    expect(lintSPDX(document, { strict: true }).map(({ message }) => message)).toContain(
      'the security_VexNotAffectedVulnAssessmentRelationship says neither why nor what stands against it',
    );
  });
  it('take an edited vector', () => {
    const edited = JSON.parse(
      JSON.stringify(document).replace(`"security_vectorString":"${score}"`, '"security_vectorString":"CVSS:3.1/X"'),
    );
    expect(fromSPDX(edited).manifest.security?.vulnerabilities?.[0]).toMatchObject({ score: 'CVSS:3.1/X', severity: 'high' });
  });
});

describe('what the mapping puts into relationships and profiles', () => {
  const { dependencies: _dependencies, ...rest } = base;
  const { document } = toSPDX({
    ...rest,
    distribution: { channels: [{ kind: 'registry', uri: 'https://example.org/registry/m' }] },
    training: { ...base.training, run: { status: 'completed' }, hyperparameters: { lr: 0.1 } },
    datasets: [{ id: 'seen', name: 'Seen' }],
    evaluations: [{ name: 'Suite', datasets: ['seen'] }],
  } as unknown as typeof base);
  const source = readSource(document);
  const U = 'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#';
  it('a place to get the model, also when that is a registry', () => {
    expect(source.get(`${U}model`)).toMatchObject({ software_downloadLocation: 'https://example.org/registry/m' });
    expect(fromSPDX(document).manifest.distribution).toEqual({ channels: [{ kind: 'registry', uri: 'https://example.org/registry/m' }] });
  });
  it('settings of the run, configurations of the model, datasets that it was evaluated on', () => {
    expect(source.ofType('build_Build')).toMatchObject([{ build_parameter: [{ key: 'lr', value: '0.1' }] }]);
    expect(source.from(`${U}file%3Aadapter_config.json`, 'configures')).toMatchObject([{ to: [`${U}model`] }]);
    expect(source.from(`${U}model`, 'testedOn')).toMatchObject([{ to: [`${U}seen`] }]);
  });
  it('settings of a run of another producer where the model states none', () => {
    const foreign = {
      '@context': document['@context'],
      '@graph': [
        { type: 'CreationInfo', '@id': '_:c', specVersion: '3.0.1', created: '2026-01-31T09:00:00Z', createdBy: ['urn:x:a'] },
        { type: 'Organization', spdxId: 'urn:x:a', creationInfo: '_:c', name: 'A' },
        { type: 'ai_AIPackage', spdxId: 'urn:x:m', creationInfo: '_:c', name: 'm' },
        {
          type: 'build_Build',
          spdxId: 'urn:x:b',
          creationInfo: '_:c',
          build_buildType: 'https://example.org/train',
          build_parameter: [{ type: 'DictionaryEntry', key: 'lr', value: '0.2' }],
        },
        { type: 'Relationship', spdxId: 'urn:x:r', creationInfo: '_:c', from: 'urn:x:b', relationshipType: 'hasOutput', to: ['urn:x:m'] },
      ],
    };
    expect(fromSPDX(foreign).manifest.training).toEqual({ hyperparameters: { lr: 0.2 } });
  });
});

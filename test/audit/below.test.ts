import { describe, expect, it } from 'vitest';
import { audit, readAdvisories } from '../../src/audit/index.js';
import type { Manifest } from '../../src/schema/index.js';

const bom = {
  specVersion: '1.0',
  serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
  version: 1,
  timestamp: '2026-01-01T00:00:00Z',
};
const manifest = {
  bom,
  model: { name: 'm', training: { environment: 'cluster' } },
  models: { base: { name: 'b', training: { stages: { one: { environment: 'cluster' } } } } },
  environments: {
    cluster: {
      purpose: ['training'],
      os: { kernel: '6.1.0-18-amd64' },
      accelerators: [{ vendor: 'NVIDIA', driverVersion: '535.104.05', toolkit: { name: 'CUDA', version: '12.1' } }],
    },
    serving: { purpose: ['inference'], runtime: { container: { image: 'ghcr.io/x/ollama:v0.1.33' } } },
  },
  components: { cudnn: { type: 'library', name: 'cuDNN', version: '8.9.2', environment: 'cluster' } },
} as unknown as Manifest;

const nvd = (...cves: readonly object[]) => readAdvisories({ format: 'NVD_CVE', vulnerabilities: cves.map((cve) => ({ cve })) }).advisories;
const cve = (id: string, criteria: string, more: object = {}, configuration: object = {}) => ({
  id,
  lastModified: '2026-01-01T00:00:00.000',
  vulnStatus: 'Analyzed',
  descriptions: [
    { lang: 'es', value: 'no' },
    { lang: 'en', value: 'a flaw' },
  ],
  metrics: { cvssMetricV31: [{ type: 'Primary', cvssData: { vectorString: 'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H' } }] },
  configurations: [{ nodes: [{ operator: 'OR', cpeMatch: [{ vulnerable: true, criteria, ...more }] }], ...configuration }],
});
const DRIVER = 'cpe:2.3:a:nvidia:gpu_display_driver:*:*:*:*:*:linux:*:*';

describe('what stands below the libraries', () => {
  it('is found by ranges of the NVD, with the environments and models on it', () => {
    const { findings, unevaluated } = audit(
      manifest,
      nvd(
        cve('CVE-1', DRIVER, { versionStartIncluding: '535', versionEndExcluding: '535.161.07' }),
        cve('CVE-2', DRIVER, { versionEndExcluding: '535.104.05' }),
        cve('CVE-3', 'cpe:2.3:a:nvidia:cuda_toolkit:*:*:*:*:*:*:*:*', { versionEndIncluding: '12.1' }),
        cve('CVE-4', 'cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*', { versionStartExcluding: '6.1', versionEndExcluding: '6.2' }),
        cve('CVE-5', 'cpe:2.3:a:nvidia:cudnn:8.9.2:*:*:*:*:*:*:*'),
        cve('CVE-6', 'cpe:2.3:a:ollama:ollama:*:*:*:*:*:*:*:*', { versionEndExcluding: '0.1.34' }),
        { ...cve('CVE-7', DRIVER), vulnStatus: 'Rejected' },
      ),
    );
    expect(findings.map(({ id, fix, package: of }) => [id, of.name, fix, of.environments, of.models]).sort()).toEqual([
      ['CVE-1', 'nvidia:gpu_display_driver', '535.161.07', ['cluster'], ['model', 'base']],
      ['CVE-3', 'nvidia:cuda_toolkit', undefined, ['cluster'], ['model', 'base']],
      ['CVE-5', 'nvidia:cudnn', undefined, ['cluster'], ['model', 'base']],
      ['CVE-6', 'ollama:ollama', '0.1.34', ['serving'], ['model']],
    ]);
    expect(unevaluated).toEqual([]);
  });
  it('says what has to be there as well', () => {
    const together = cve('CVE-1', DRIVER, {}, { operator: 'AND' });
    together.configurations[0]?.nodes.push({
      operator: 'OR',
      cpeMatch: [{ vulnerable: false, criteria: 'cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*' }],
    });
    expect(audit(manifest, nvd(together)).findings.map(({ condition }) => condition)).toEqual(['only together with microsoft:windows']);
  });
  it('is found in advisories of vendors, by identifiers, names and ranges', () => {
    const csaf = (branch: object, status: object) => ({
      document: {
        category: 'csaf_security_advisory',
        tracking: { id: 'V-1', current_release_date: '2026-01-01T00:00:00Z' },
        aggregate_severity: { text: 'Important' },
      },
      product_tree: {
        branches: [
          { category: 'vendor', name: 'NVIDIA', branches: [{ category: 'product_name', name: 'CUDA Toolkit', branches: [branch] }] },
        ],
      },
      vulnerabilities: [{ cve: 'CVE-9', product_status: status }],
    });
    const range = (name: string) => ({ category: 'product_version_range', name, product: { product_id: 'P', name: 'x' } });
    const of = (document: unknown) =>
      audit(manifest, readAdvisories(document).advisories).findings.map(({ id, severity, fix, related }) => [id, severity, fix, related]);
    expect(of(csaf(range('vers:generic/>=12.0|<12.2'), { known_affected: ['P'] }))).toEqual([['CVE-9', 'high', '12.2', ['V-1']]]);
    expect(of(csaf(range('vers:generic/<12.1'), { known_affected: ['P'] }))).toEqual([]);
    expect(
      of(csaf({ category: 'product_version', name: '12.1', product: { product_id: 'P', name: 'x' } }, { known_affected: ['P'] })),
    ).toHaveLength(1);
    // Only what fixes it is told: nothing is known of any other version.
    const fixed = csaf({ category: 'product_version', name: '12.2', product: { product_id: 'P', name: 'x' } }, { fixed: ['P'] });
    expect(audit(manifest, readAdvisories(fixed).advisories)).toMatchObject({
      findings: [],
      unevaluated: expect.arrayContaining([expect.objectContaining({ advisory: 'CVE-9' })]),
    });
  });
  it('is not evaluated without advisories on products', () => {
    expect(audit(manifest, []).unevaluated.map(({ what }) => what)).toContain('nvidia:gpu_display_driver 535.104.05');
  });
});

describe('packages of distributions', () => {
  const on = (purl: string, records: readonly [ecosystem: string, fixed: string][], name = 'openssl') => {
    const m = {
      bom,
      model: { name: 'm' },
      components: { c: { type: 'library', name, identifiers: [{ type: 'purl', value: purl }] } },
    } as unknown as Manifest;
    const record = {
      id: 'A',
      affected: records.map(([ecosystem, fixed]) => ({
        package: { ecosystem, name: 'openssl' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
      })),
    };
    const { findings, unevaluated } = audit(m, readAdvisories(record).advisories);
    return findings.length > 0 ? 'affected' : unevaluated.length > 0 ? (unevaluated[0]?.why ?? '') : 'unaffected';
  };
  const DEBIAN: readonly [string, string][] = [
    ['Debian:11', '1.1-2'],
    ['Debian:12', '3.0-2'],
  ];
  it('are those of their release, by their source', () => {
    expect(on('pkg:deb/debian/libssl3@3.0-1?distro=debian-12&upstream=openssl', DEBIAN)).toBe('affected');
    expect(on('pkg:deb/debian/openssl@1.1-2?distro=bullseye', DEBIAN)).toBe('unaffected');
    expect(on('pkg:deb/debian/openssl@1.1-1', DEBIAN)).toBe('affected');
    expect(on('pkg:deb/debian/openssl@3.0-2', DEBIAN)).toBe('unaffected');
    expect(on('pkg:deb/debian/openssl@2.0-1', DEBIAN)).toContain('depends on the release');
  });
  it('have epochs', () => {
    expect(on('pkg:rpm/almalinux/openssl@3.0-1?epoch=1&distro=almalinux-9.3', [['AlmaLinux:9', '1:3.0-2']])).toBe('affected');
    expect(on('pkg:rpm/almalinux/openssl@3.0-1?epoch=2&distro=almalinux-9.3', [['AlmaLinux:9', '1:3.0-2']])).toBe('unaffected');
    expect(on('pkg:rpm/almalinux/openssl@3.0-1?distro=almalinux-8', [['AlmaLinux:9', '1:3.0-2']])).toBe('unaffected');
  });
});

it('keeps several vulnerabilities of one update apart', () => {
  const m = {
    bom,
    model: { name: 'm' },
    components: { c: { type: 'library', name: 'p', identifiers: [{ type: 'purl', value: 'pkg:pypi/p@1' }] } },
  } as unknown as Manifest;
  const on = (id: string, more: object) => ({ id, affected: [{ package: { ecosystem: 'PyPI', name: 'p' }, versions: ['1'] }], ...more });
  const { advisories } = readAdvisories([
    on('DSA-1', { upstream: ['CVE-1', 'CVE-2'] }),
    on('CVE-1', {}),
    on('CVE-2', {}),
    on('USN-1', { upstream: ['CVE-1'] }),
  ]);
  expect(audit(m, advisories).findings.map(({ ids, related }) => [ids, related])).toEqual([
    [['CVE-1', 'USN-1'], undefined],
    [['CVE-2'], undefined],
    [['DSA-1'], ['CVE-1', 'CVE-2']],
  ]);
});

/** Findings as VEX documents, to be judged and signed by a person. */
import { TOOL } from '../../core/tool.js';
import type { AuditFinding } from '../audit.js';
import { purlOf } from '../purl.js';
import { methodOf } from '../severity.js';
import { member } from '../values.js';
import { UNTIL_PROPERTY } from './cyclonedx.js';
import { cycloneDXJustificationFor, justificationOf, stateFor, type VexStatus } from './words.js';

export interface VexOptions {
  /** Who says it. */
  readonly author: string;
  /** RFC 3339. */
  readonly timestamp: string;
  /** IRI of the document. */
  readonly id: string;
}

export interface WrittenVex {
  readonly document: object;
  /** What the standard has no word for, in words. */
  readonly losses: readonly string[];
}

/** The address of a package: its package URL, or its CPE where it has no other name. */
function addressOf({ package: of }: AuditFinding): string {
  const purl = purlOf(of);
  if (purl !== undefined) return purl;
  const fields = [...of.name.split(':'), of.version].map(escapedCpe);
  return `cpe:2.3:a:${fields.join(':')}:*:*:*:*:*:*:*`;
}

const escapedCpe = (field: string): string => [...field].map((sign) => (/[A-Za-z0-9._-]/.test(sign) ? sign : `\\${sign}`)).join('');

/** What a finding is said to be: what somebody said, else that it is looked into, until a person says more. */
const statusFor = ({ vex }: AuditFinding): VexStatus => vex?.status ?? 'under_investigation';
const notesFor = ({ reachability }: AuditFinding): string => `${reachability.status}: ${reachability.reason}`;
const othersOf = ({ id, ids }: AuditFinding): readonly string[] => ids.filter((each) => each !== id);
const actionFor = ({ fix }: AuditFinding): string => (fix === undefined ? 'no fixed version is known' : `update to ${fix}`);

const aboutUntil = (findings: readonly AuditFinding[], standard: string): readonly string[] =>
  findings.flatMap(({ id, vex }) =>
    vex?.until === undefined ? [] : [`${id}: ${standard} has no word for until when a statement holds (${vex.until})`],
  );

/** Source: https://github.com/openvex/spec, 0.2.0 */
export const toOpenVex = (findings: readonly AuditFinding[], { author, timestamp, id }: VexOptions): WrittenVex => ({
  document: {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': id,
    author,
    timestamp,
    version: 1,
    tooling: `${TOOL.name} ${TOOL.version}`,
    statements: findings.map((finding) => {
      const status = statusFor(finding);
      const word = justificationOf(finding.vex?.justification);
      const isHarmless = status === 'not_affected';
      return {
        vulnerability: { name: finding.id, aliases: othersOf(finding) },
        ...member('timestamp', finding.vex?.timestamp),
        ...member('supplier', finding.vex?.author),
        products: [productFor(addressOf(finding))],
        status,
        ...(isHarmless && word !== undefined ? { justification: word } : {}),
        ...(isHarmless && word === undefined ? { impact_statement: finding.vex?.justification } : {}),
        ...(status === 'affected' ? { action_statement: actionFor(finding) } : {}),
        status_notes: notesFor(finding),
      };
    }),
  },
  losses: [
    ...aboutUntil(findings, 'OpenVEX'),
    ...findings.flatMap(({ id: of, vex }) =>
      vex?.said === undefined ? [] : [`${of}: \`${vex.said}\` became \`${vex.justification ?? vex.status}\``],
    ),
  ],
});

const productFor = (address: string): object =>
  address.startsWith('cpe:') ? { '@id': address, identifiers: { cpe23: address } } : { '@id': address };

/** Source: CycloneDX 1.6, `vulnerabilities` */
export const toCycloneDXVex = (findings: readonly AuditFinding[], { author, timestamp, id }: VexOptions): WrittenVex => ({
  document: {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: id,
    version: 1,
    metadata: {
      timestamp,
      authors: [{ name: author }],
      tools: { components: [{ type: 'application', name: TOOL.name, version: TOOL.version }] },
    },
    components: [...new Map(findings.map((each) => [addressOf(each), each]))].map(([address, { package: of }]) => ({
      type: 'library',
      'bom-ref': address,
      name: of.name,
      version: of.version,
      ...(address.startsWith('cpe:') ? { cpe: address } : { purl: address }),
    })),
    vulnerabilities: findings.map(cycloneDXEntry),
  },
  losses: findings.flatMap(({ id: of, vex }) => {
    const word = justificationOf(vex?.justification);
    const written = word === undefined ? undefined : cycloneDXJustificationFor(word);
    const told = vex?.author === undefined ? [] : [`${of}: that ${vex.author} says it, CycloneDX has no word for in one analysis`];
    return [...told, ...(written === undefined || written.exact ? [] : [`${of}: \`${word}\` became \`${written.word}\``])];
  }),
});

function cycloneDXEntry(finding: AuditFinding): object {
  const { vex, severity, vector, summary, fix, package: of } = finding;
  const word = justificationOf(vex?.justification);
  const status = statusFor(finding);
  return {
    'bom-ref': `${finding.id} ${addressOf(finding)}`,
    id: finding.id,
    references: othersOf(finding).map((each) => ({ id: each, source: { name: each.split('-', 1)[0] } })),
    ...(severity === 'unknown' ? {} : { ratings: [{ severity, ...(vector === undefined ? {} : { vector, method: methodOf(vector) }) }] }),
    ...(summary === undefined ? {} : { description: summary }),
    ...(fix === undefined ? {} : { recommendation: `update ${of.name} to ${fix}` }),
    affects: [{ ref: addressOf(finding) }],
    analysis: {
      state: stateFor(status),
      ...(word === undefined || status !== 'not_affected' ? {} : { justification: cycloneDXJustificationFor(word).word }),
      detail: word === undefined ? (vex?.justification ?? notesFor(finding)) : notesFor(finding),
      ...member('lastUpdated', vex?.timestamp),
    },
    ...(vex?.until === undefined ? {} : { properties: [{ name: UNTIL_PROPERTY, value: vex.until }] }),
  };
}

const CSAF_STATUS: Readonly<Record<VexStatus, string>> = {
  not_affected: 'known_not_affected',
  affected: 'known_affected',
  fixed: 'fixed',
  under_investigation: 'under_investigation',
};

/** Source: https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html, profile 5: VEX. It is a draft: nobody released it. */
export function toCsafVex(findings: readonly AuditFinding[], { author, timestamp, id }: VexOptions): WrittenVex {
  const addresses = [...new Map(findings.map((each) => [addressOf(each), each.package]))];
  const numbers = new Map(addresses.map(([address], i) => [address, `P${i + 1}`]));
  return {
    document: {
      document: {
        category: 'csaf_vex',
        csaf_version: '2.0',
        title: 'Known vulnerabilities, to be judged',
        publisher: { category: 'user', name: author, namespace: id },
        tracking: {
          id: id.replace('urn:uuid:', 'msbom-'),
          status: 'draft',
          version: '1',
          initial_release_date: timestamp,
          current_release_date: timestamp,
          revision_history: [{ date: timestamp, number: '1', summary: 'written from an audit' }],
          generator: { engine: { name: TOOL.name, version: TOOL.version } },
        },
      },
      product_tree: {
        full_product_names: addresses.map(([address, { name, version }]) => ({
          product_id: numbers.get(address),
          name: `${name} ${version}`,
          product_identification_helper: address.startsWith('cpe:') ? { cpe: address } : { purl: address },
        })),
      },
      vulnerabilities: findings.map((finding) => csafEntry(finding, numbers.get(addressOf(finding)) ?? '')),
    },
    losses: [
      ...aboutUntil(findings, 'CSAF'),
      ...findings.flatMap(({ id: of, vex }) =>
        vex?.author === undefined ? [] : [`${of}: that ${vex.author} says it, CSAF has no word for in one vulnerability`],
      ),
    ],
  };
}

function csafEntry(finding: AuditFinding, product: string): object {
  const status = statusFor(finding);
  const word = justificationOf(finding.vex?.justification);
  const [cve, others] = [finding.ids.find((each) => each.startsWith('CVE-')), finding.ids.filter((each) => !each.startsWith('CVE-'))];
  const isHarmless = status === 'not_affected';
  return {
    ...(cve === undefined ? {} : { cve }),
    ...(others.length === 0 ? {} : { ids: others.map((each) => ({ system_name: each.split('-', 1)[0], text: each })) }),
    notes: [
      { category: 'description', text: finding.summary ?? finding.id },
      { category: 'details', text: notesFor(finding) },
    ],
    product_status: { [CSAF_STATUS[status]]: [product] },
    ...(isHarmless && word !== undefined ? { flags: [{ label: word, product_ids: [product] }] } : {}),
    ...(isHarmless && word === undefined
      ? { threats: [{ category: 'impact', details: finding.vex?.justification ?? '', product_ids: [product] }] }
      : {}),
    ...(status === 'affected'
      ? {
          remediations: [
            { category: finding.fix === undefined ? 'none_available' : 'vendor_fix', details: actionFor(finding), product_ids: [product] },
          ],
        }
      : {}),
  };
}

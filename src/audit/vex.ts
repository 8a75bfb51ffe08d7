/** VEX: what somebody says of whether a vulnerability matters here. OpenVEX 0.2.0 read and written, CycloneDX written. */
import { PackageURL } from 'packageurl-js';
import { isList, isObject, type JsonObject, own } from '../core/objects.js';
import { TOOL } from '../core/tool.js';
import type { AuditFinding } from './audit.js';
import { ecosystemOf, OF_PURL } from './ecosystems.js';

export type OpenVexStatus = 'not_affected' | 'affected' | 'fixed' | 'under_investigation';

export interface VexStatement {
  readonly vulnerability: string;
  readonly products: readonly { readonly ecosystem: string; readonly name: string; readonly version?: string }[];
  readonly status: OpenVexStatus;
  readonly justification?: string;
  readonly author?: string;
  readonly timestamp?: string;
  /** Name of the document. */
  readonly document: string;
}

const STATUSES: readonly OpenVexStatus[] = ['not_affected', 'affected', 'fixed', 'under_investigation'];
/** Statements of one document at most. */
const MAX_STATEMENTS = 100_000;

const text = (value: JsonObject, key: string): string | undefined => {
  const found = own(value, key);
  return typeof found === 'string' && found !== '' ? found.slice(0, 2000) : undefined;
};

/**
 * Statements of an OpenVEX document; undefined when it is none. One that says `not_affected` without justification and without impact
 * statement breaks the specification and is left out. Source: https://github.com/openvex/spec
 */
export function readOpenVex(value: unknown, file: string): readonly VexStatement[] | undefined {
  if (!isObject(value) || !String(own(value, '@context')).startsWith('https://openvex.dev/ns')) return undefined;
  const statements = own(value, 'statements');
  const [author, time] = [text(value, 'author'), text(value, 'timestamp')];
  return (isList(statements) ? statements : []).slice(0, MAX_STATEMENTS).flatMap((each): VexStatement[] => {
    if (!isObject(each)) return [];
    const named = own(each, 'vulnerability');
    const vulnerability = typeof named === 'string' ? named : isObject(named) ? text(named, 'name') : undefined;
    const status = STATUSES.find((one) => one === own(each, 'status'));
    const justification = text(each, 'justification') ?? text(each, 'impact_statement');
    if (vulnerability === undefined || status === undefined || (status === 'not_affected' && justification === undefined)) return [];
    const timestamp = text(each, 'timestamp') ?? time;
    const products = own(each, 'products');
    return [
      {
        vulnerability,
        products: (isList(products) ? products : []).flatMap(productsOf),
        status,
        ...(justification === undefined ? {} : { justification }),
        ...(author === undefined ? {} : { author }),
        ...(timestamp === undefined ? {} : { timestamp }),
        document: file,
      },
    ];
  });
}

function productsOf(value: unknown): VexStatement['products'] {
  const ids = typeof value === 'string' ? [value] : isObject(value) ? [text(value, '@id'), ...identifiersOf(value)] : [];
  const inner = isObject(value) ? own(value, 'subcomponents') : undefined;
  return [...ids.flatMap((id) => (id === undefined ? [] : productOf(id))), ...(isList(inner) ? inner.flatMap(productsOf) : [])];
}

function identifiersOf(value: JsonObject): readonly (string | undefined)[] {
  const found = own(value, 'identifiers');
  return isObject(found) ? [text(found, 'purl')] : [];
}

function productOf(id: string): VexStatement['products'] {
  if (!id.startsWith('pkg:')) return [];
  try {
    const { type, namespace, name, version } = PackageURL.fromString(id);
    const ecosystem = Object.hasOwn(OF_PURL, type) ? OF_PURL[type] : undefined;
    if (ecosystem === undefined) return [];
    const whole = namespace ? `${namespace}${ecosystem === 'Maven' ? ':' : '/'}${name}` : name;
    return [{ ecosystem, name: ecosystemOf(ecosystem).name(whole), ...(version ? { version } : {}) }];
  } catch {
    return [];
  }
}

const purlOf = ({ package: { ecosystem, name, version } }: AuditFinding): string => {
  const type = Object.entries(OF_PURL).find(([, each]) => each === ecosystem)?.[0] ?? 'generic';
  const parts = name.split(ecosystem === 'Maven' ? ':' : '/');
  const last = parts.pop() ?? name;
  return new PackageURL(
    type,
    parts.length > 0 ? parts.join('/') : undefined,
    ecosystemOf(ecosystem).name(last),
    version,
    undefined,
    undefined,
  ).toString();
};

/** What a finding is said to be: what somebody said, else that it is looked into, until a person says more. */
const statusOf = ({ vex }: AuditFinding): OpenVexStatus => vex?.status ?? 'under_investigation';

export interface VexOptions {
  readonly author: string;
  /** RFC 3339. */
  readonly timestamp: string;
  /** IRI of the document. */
  readonly id: string;
}

/** Findings as an OpenVEX document, to be signed by whoever judges them. */
export const toOpenVex = (findings: readonly AuditFinding[], { author, timestamp, id }: VexOptions): object => ({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': id,
  author,
  timestamp,
  version: 1,
  tooling: `${TOOL.name} ${TOOL.version}`,
  statements: findings.map((finding) => ({
    vulnerability: { name: finding.id, aliases: finding.ids.filter((each) => each !== finding.id) },
    products: [{ '@id': purlOf(finding) }],
    status: statusOf(finding),
    ...(finding.vex?.status === 'not_affected' ? { impact_statement: finding.vex.justification } : {}),
    ...(finding.vex?.status === 'affected'
      ? { action_statement: finding.fix === undefined ? 'no fix is known' : `update to ${finding.fix}` }
      : {}),
    status_notes: `${finding.reachability.status}: ${finding.reachability.reason}`,
  })),
});

/** States of CycloneDX for those of OpenVEX. Source: CycloneDX 1.6, `impactAnalysisState`. */
const STATES: Readonly<Record<OpenVexStatus, string>> = {
  not_affected: 'not_affected',
  affected: 'exploitable',
  fixed: 'resolved',
  under_investigation: 'in_triage',
};

/** Findings as a CycloneDX 1.6 VEX document. */
export const toCycloneDXVex = (findings: readonly AuditFinding[], { timestamp, id }: VexOptions): object => ({
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: id,
  version: 1,
  metadata: { timestamp, tools: { components: [{ type: 'application', name: TOOL.name, version: TOOL.version }] } },
  components: [...new Map(findings.map((each) => [purlOf(each), each])).entries()].map(
    ([
      purl,
      {
        package: { name, version },
      },
    ]) => ({
      type: 'library',
      'bom-ref': purl,
      name,
      version,
      purl,
    }),
  ),
  vulnerabilities: findings.map((finding) => ({
    'bom-ref': `${finding.id} ${purlOf(finding)}`,
    id: finding.id,
    references: finding.ids.filter((each) => each !== finding.id).map((each) => ({ id: each, source: { name: each.split('-')[0] } })),
    ...(finding.severity === 'unknown'
      ? {}
      : {
          ratings: [
            {
              severity: finding.severity,
              ...(finding.vector === undefined
                ? {}
                : { vector: finding.vector, method: finding.vector.startsWith('CVSS:3.1') ? 'CVSSv31' : 'CVSSv3' }),
            },
          ],
        }),
    ...(finding.summary === undefined ? {} : { description: finding.summary }),
    ...(finding.fix === undefined ? {} : { recommendation: `update ${finding.package.name} to ${finding.fix}` }),
    affects: [{ ref: purlOf(finding) }],
    analysis: {
      state: STATES[statusOf(finding)],
      detail: finding.vex?.justification ?? `${finding.reachability.status}: ${finding.reachability.reason}`,
    },
  })),
});

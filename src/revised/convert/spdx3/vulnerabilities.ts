/** Vulnerabilities and their assessments in the words of OpenVEX. */

import { nonEmptyList, objectsOf, pick, textOf, textsOf, unique, uriOf } from '../../../convert/cyclonedx/json.js';
import type { Edge, Source } from '../../../convert/spdx/source.js';
import type { JsonValue } from '../../../core/canonical-json.js';
import { idFrom } from '../../../core/id.js';
import { own } from '../../../core/objects.js';
import type { Vulnerability } from '../../schema/index.js';
import type { Json } from '../mapping/block.js';
import { branchAt, flatten, treeOf, unflatten } from '../mapping/properties.js';
import type { Writing } from './write.js';

/** States as classes of assessments and their relationships. */
const ASSESSMENTS: Readonly<Record<string, readonly [type: string, relationship: string]>> = {
  not_affected: ['security_VexNotAffectedVulnAssessmentRelationship', 'doesNotAffect'],
  affected: ['security_VexAffectedVulnAssessmentRelationship', 'affects'],
  exploitable: ['security_VexAffectedVulnAssessmentRelationship', 'affects'],
  fixed: ['security_VexFixedVulnAssessmentRelationship', 'fixedIn'],
  under_investigation: ['security_VexUnderInvestigationVulnAssessmentRelationship', 'underInvestigationFor'],
};
const STATES = new Map(
  Object.entries(ASSESSMENTS)
    .map(([state, [, relationship]]) => [relationship, state])
    .reverse() as [string, string][],
);
const AT = 'msbom:vulnerability';

export function writeVulnerabilities({ manifest, graph, iri }: Writing): void {
  for (const [key, each] of Object.entries(manifest.security?.vulnerabilities ?? {})) {
    const { id, source, affects = [], description } = each;
    const { id: _id, source: _source, description: _description, affects: _affects, ...rest } = each;
    const element = graph.add('security_Vulnerability', graph.own('vulnerability', key), {
      members: pick({
        name: id,
        description,
        externalIdentifier: [
          { type: 'ExternalIdentifier', externalIdentifierType: /^CVE-\d{4}-\d+$/.test(id) ? 'cve' : 'securityOther', identifier: id },
        ],
        externalRef: source === undefined ? undefined : [{ type: 'ExternalRef', externalRefType: 'securityAdvisory', locator: [source] }],
      }),
      properties: flatten('Vulnerability', rest as unknown as Json, AT),
    });
    assess({ graph, iri }, each, element, key, affects.map(iri));
  }
}

/** An assessment where SPDX can say it; else a mere association. SPDX asks what to do about an affected thing: a fix that nobody states is not made up. */
function assess(
  { graph }: Pick<Writing, 'graph' | 'iri'>,
  { status, justification, fix }: Vulnerability,
  element: string,
  key: string,
  concerned: readonly string[],
): void {
  if (concerned.length === 0) return;
  const assessment = status === undefined ? undefined : own(ASSESSMENTS, status);
  if (assessment === undefined || (assessment[1] === 'affects' && fix === undefined)) {
    for (const id of concerned) graph.relate(id, 'hasAssociatedVulnerability', [element]);
    return;
  }
  graph.add(assessment[0], graph.own('assessment', key), {
    members: pick({
      from: element,
      relationshipType: assessment[1],
      to: concerned,
      security_actionStatement: assessment[1] === 'affects' ? fix : undefined,
      security_impactStatement: assessment[1] === 'doesNotAffect' ? justification : undefined,
    }),
    properties: [],
  });
}

/** The weaknesses of a document that have an id, by key. */
export function readVulnerabilities(source: Source, idOf: (iri: unknown) => string | undefined): Json {
  const found: Record<string, JsonValue> = Object.create(null);
  const { assessments, associations } = relations(source);
  for (const node of source.ofType('security_Vulnerability')) {
    const iri = String(node.spdxId);
    const id = objectsOf(node.externalIdentifier).flatMap((each) => textOf(each.identifier) ?? [])[0] ?? textOf(node.name);
    if (id === undefined) continue;
    const assessment = assessments.get(iri);
    const associated = associations.get(iri) ?? [];
    const link = objectsOf(node.externalRef).find(({ externalRefType }) => externalRefType === 'securityAdvisory');
    const own = unflatten('Vulnerability', branchAt(treeOf(source.properties(node)), 'vulnerability'));
    const base = ownKey(iri) ?? idFrom(id);
    let key = base;
    for (let i = 2; Object.hasOwn(found, key); i++) key = `${base}-${i}`;
    const status = assessment === undefined ? undefined : STATES.get(assessment.type);
    found[key] = {
      ...pick({
        status,
        fix: textOf(assessment?.node.security_actionStatement),
        justification: textOf(assessment?.node.security_impactStatement),
      }),
      ...own,
      id,
      ...pick({
        description: textOf(node.description),
        source: uriOf(textsOf(link?.locator)[0]),
        affects: nonEmptyList(unique([...(assessment?.to ?? []), ...associated].flatMap((each) => idOf(each) ?? []))),
      }),
    } as Json;
  }
  return found;
}

/** The first assessment of each vulnerability, and the things that are merely associated with it: looked up once for all of them. */
function relations({ edges }: Source): {
  readonly assessments: ReadonlyMap<string, Edge>;
  readonly associations: ReadonlyMap<string, readonly string[]>;
} {
  const assessments = new Map<string, Edge>();
  const associations = new Map<string, string[]>();
  for (const edge of edges) {
    if (STATES.has(edge.type) && !assessments.has(edge.from)) assessments.set(edge.from, edge);
    if (edge.type !== 'hasAssociatedVulnerability') continue;
    for (const to of new Set(edge.to)) {
      const known = associations.get(to);
      if (known === undefined) associations.set(to, [edge.from]);
      else known.push(edge.from);
    }
  }
  return { assessments, associations };
}

const OWN_KEY = '#msbom:vulnerability:';

/** The key in an id of our own; undefined for an id of others. */
function ownKey(iri: string): string | undefined {
  const at = iri.indexOf(OWN_KEY);
  if (at < 0) return undefined;
  try {
    return decodeURIComponent(iri.slice(at + OWN_KEY.length)) || undefined;
  } catch {
    return undefined; // percent signs that encode nothing: somebody else's
  }
}

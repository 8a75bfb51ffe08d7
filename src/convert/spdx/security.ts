/** Vulnerabilities and their assessments in the words of OpenVEX. */
import { appendTo } from '../../core/append.js';
import { DAY, decimal, type Fields, LINK, oneOf } from './codecs.js';
import { type Reading, targets, type Writing } from './context.js';
import { baseScore, severityOf } from './cvss.js';
import { isObject, type Json, pick, readFields, writeFields } from './fields.js';
import { joinParts, members } from './graph.js';
import { decodeName } from './ids.js';
import type { Vulnerability } from './shapes.js';
import { listOf } from './source.js';
import { ASSESSMENTS } from './words.js';

const SEVERITY = oneOf('none', 'low', 'medium', 'high', 'critical');

const FIELDS: Fields = [
  ['id', 'name'],
  ['description', 'description'],
  ['date', 'security_modifiedTime', DAY],
  ['status', 'msbom:vulnerability:status', oneOf('not_affected', 'affected', 'exploitable', 'fixed', 'under_investigation')],
  ['severity', 'msbom:vulnerability:severity', SEVERITY],
  ['score', 'msbom:vulnerability:score'],
  ['justification', 'msbom:vulnerability:justification'],
  ['fix', 'msbom:vulnerability:fix'],
];

/** Justifications of OpenVEX that SPDX has a word for. */
const JUSTIFICATIONS: ReadonlyMap<string, string> = new Map([
  ['component_not_present', 'componentNotPresent'],
  ['vulnerable_code_not_present', 'vulnerableCodeNotPresent'],
  ['vulnerable_code_not_in_execute_path', 'vulnerableCodeNotInExecutePath'],
  ['vulnerable_code_cannot_be_controlled_by_adversary', 'vulnerableCodeCannotBeControlledByAdversary'],
  ['inline_mitigations_already_exist', 'inlineMitigationsAlreadyExist'],
]);

export function writeVulnerabilities(writing: Writing): void {
  writing.manifest.security?.vulnerabilities?.forEach((vulnerability, index) => {
    const { graph } = writing;
    const { id, source } = vulnerability;
    const link = LINK.write(source);
    const concerned = targets(writing, vulnerability.affects);
    const score = baseScore(vulnerability.score ?? '');
    const isScored = score !== undefined && concerned.length > 0;
    const element = graph.add(
      'security_Vulnerability',
      graph.own('vulnerability', String(index)),
      joinParts(
        writeFields(FIELDS, isScored ? { ...vulnerability, score: undefined } : vulnerability),
        members({
          externalIdentifier: [
            { type: 'ExternalIdentifier', externalIdentifierType: /^CVE-\d{4}-\d+$/.test(id) ? 'cve' : 'securityOther', identifier: id },
          ],
          externalRef: link === undefined ? [] : [{ type: 'ExternalRef', externalRefType: 'securityAdvisory', locator: [link] }],
        }),
      ),
    );
    assess(writing, vulnerability, element, concerned, index);
    if (isScored)
      graph.add(
        'security_CvssV3VulnAssessmentRelationship',
        graph.own('cvss', String(index)),
        members({
          from: element,
          relationshipType: SCORED,
          to: concerned,
          security_score: decimal(score),
          security_severity: severityOf(score),
          security_vectorString: vulnerability.score,
        }),
      );
  });
}

const SCORED = 'hasAssessmentFor';

/** An assessment where something is known to be concerned and SPDX can say it; else a mere association. */
function assess(
  { graph }: Writing,
  { status, justification, fix }: Vulnerability,
  element: string,
  concerned: readonly string[],
  index: number,
): void {
  if (concerned.length === 0) return;
  const assessment = status === undefined ? undefined : ASSESSMENTS[status];
  // SPDX asks what to do about an affected thing; a fix that nobody states is not made up.
  if (assessment === undefined || (assessment[1] === 'affects' && fix === undefined)) {
    for (const id of concerned) graph.relate(id, 'hasAssociatedVulnerability', [element]);
    return;
  }
  const word = JUSTIFICATIONS.get(justification ?? '');
  graph.add(
    assessment[0],
    graph.own('assessment', String(index)),
    members({
      from: element,
      relationshipType: assessment[1],
      to: concerned,
      security_actionStatement: assessment[1] === 'affects' ? fix : undefined,
      security_justificationType: assessment[1] === 'doesNotAffect' ? word : undefined,
      security_impactStatement: assessment[1] === 'doesNotAffect' && word === undefined ? justification : undefined,
    }),
  );
}

const STATES = new Map(
  Object.entries(ASSESSMENTS)
    .map(([state, [, relationship]]): [string, string] => [relationship, state])
    .reverse(),
);
const WORDS = new Map([...JUSTIFICATIONS].map(([word, name]) => [name, word]));

export function readVulnerabilities(
  reading: Reading,
  nodes: readonly Json[],
  idOf: (iri: string) => string | undefined,
): readonly Vulnerability[] {
  const { source } = reading;
  const byVulnerability = new Map<string, Json[]>();
  for (const edge of source.edges)
    if (STATES.has(edge.type) || edge.type === SCORED) appendTo(byVulnerability, edge.from, { ...edge.node, to: edge.to });
  const associated = new Map<string, string[]>();
  for (const { type, from, to } of source.edges)
    if (type === 'hasAssociatedVulnerability') for (const target of to) appendTo(associated, target, from);
  return nodes.flatMap((node) => {
    const iri = String(node.spdxId);
    if (decodeName(iri, reading.base) !== undefined) reading.names.set(iri, decodeName(iri, reading.base) ?? '');
    const assessments = byVulnerability.get(iri) ?? [];
    const fields = {
      ...scored(assessments),
      ...judged(assessments.find(({ relationshipType: type }) => type !== SCORED)),
      ...readFields(FIELDS, node, source.properties(node)),
    };
    const id = cveOf(node) ?? fields.id;
    if (typeof id !== 'string') return [];
    const link = listOf(node.externalRef).find((ref) => isObject(ref) && ref.externalRefType === 'securityAdvisory');
    const concerned = [...assessments.flatMap(({ to }) => listOf(to).map(String)), ...(associated.get(iri) ?? [])];
    return [
      {
        ...fields,
        id,
        ...pick({
          source: isObject(link) ? (LINK.read(listOf(link.locator)[0]) as string | undefined) : undefined,
          affects: [...new Set(concerned.flatMap((target) => idOf(target) ?? []))],
        }),
      } as Vulnerability, // the tables' paths are those of a vulnerability
    ];
  });
}

/** The newest version of CVSS, where there are several. */
function scored(assessments: readonly Json[]): Json {
  const found = assessments.filter(({ type, security_vectorString: vector }) => /_CvssV\d/.test(String(type)) && isText(vector)).at(-1);
  return pick({ score: found?.security_vectorString, severity: SEVERITY.read(found?.security_severity) });
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

function judged(assessment: Json | undefined): Json {
  if (assessment === undefined) return {};
  const text = (value: unknown): string | undefined => (isText(value) ? value : undefined);
  return pick({
    status: STATES.get(String(assessment.relationshipType)),
    justification: WORDS.get(String(assessment.security_justificationType)) ?? text(assessment.security_impactStatement),
    fix: text(assessment.security_actionStatement),
  });
}

function cveOf(node: Json): string | undefined {
  const found = listOf(node.externalIdentifier).find((each) => isObject(each) && each.externalIdentifierType === 'cve');
  return isObject(found) && typeof found.identifier === 'string' && found.identifier !== '' ? found.identifier : undefined;
}

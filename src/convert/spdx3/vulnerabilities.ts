/** Vulnerabilities and their assessments in the words of OpenVEX. */

import type { JsonValue } from '../../core/canonical-json.js';
import { freeKey } from '../../core/objects.js';
import { nonEmptyList, objectOf, objectsOf, pick, textOf, textsOf, unique, uriOf, wordOf } from '../cyclonedx/json.js';
import type { Block, Json } from '../mapping/block.js';
import { decimalText } from '../mapping/codecs.js';
import { type Kind, ownOf, readKind, writeKind } from '../mapping/kind.js';
import { flatten } from '../mapping/properties.js';
import { type Target, without } from '../mapping/row.js';
import { keyOfWeakness, VULNERABILITY } from '../mapping/vulnerability.js';
import { baseScore, severityOf } from './cvss.js';
import type { Edge, Source } from './source.js';
import { fromWord, type Table, toWord } from './words.js';
import type { Writing } from './write.js';

const TARGET: Target = { standard: 'spdx3' };
const SCORED = 'hasAssessmentFor';
const SEVERITIES = ['none', 'low', 'medium', 'high', 'critical'] as const;

/** States as relationships; the first word of ours is read back. */
const STATES: Table = [
  ['not_affected', 'doesNotAffect'],
  ['affected', 'affects'],
  ['exploitable', 'affects'],
  ['fixed', 'fixedIn'],
  ['under_investigation', 'underInvestigationFor'],
];
/** Classes of the relationships. */
const CLASSES: Table = [
  ['doesNotAffect', 'security_VexNotAffectedVulnAssessmentRelationship'],
  ['affects', 'security_VexAffectedVulnAssessmentRelationship'],
  ['fixedIn', 'security_VexFixedVulnAssessmentRelationship'],
  ['underInvestigationFor', 'security_VexUnderInvestigationVulnAssessmentRelationship'],
];
/** Justifications of OpenVEX that SPDX has a word for. */
const JUSTIFICATIONS: Table = [
  ['component_not_present', 'componentNotPresent'],
  ['vulnerable_code_not_present', 'vulnerableCodeNotPresent'],
  ['vulnerable_code_not_in_execute_path', 'vulnerableCodeNotInExecutePath'],
  ['vulnerable_code_cannot_be_controlled_by_adversary', 'vulnerableCodeCannotBeControlledByAdversary'],
  ['inline_mitigations_already_exist', 'inlineMitigationsAlreadyExist'],
];

/**
 * The status as the members of an assessment. SPDX asks what to do about an affected thing: a fix that nobody states is not made up,
 * and there is no assessment then.
 */
const ASSESSMENT: Block<undefined> = {
  at: ['status', 'justification', 'fix'],
  places: ['@assessment'],
  write({ affects, status, justification, fix }) {
    const relationshipType = toWord(STATES, status);
    if (affects === undefined || relationshipType === undefined || (relationshipType === 'affects' && fix === undefined)) return {};
    const isHarmless = relationshipType === 'doesNotAffect';
    const word = isHarmless ? toWord(JUSTIFICATIONS, justification) : undefined;
    const assessment = pick({
      relationshipType,
      security_actionStatement: relationshipType === 'affects' ? fix : undefined,
      security_justificationType: word,
      security_impactStatement: isHarmless && word === undefined ? justification : undefined,
      security_statusNotes: isHarmless ? undefined : justification,
    });
    return { '@assessment': assessment as Json };
  },
  read(object) {
    const found = objectOf(object['@assessment']);
    return pick({
      status: fromWord(STATES, found.relationshipType),
      justification:
        fromWord(JUSTIFICATIONS, found.security_justificationType) ??
        textOf(found.security_impactStatement) ??
        textOf(found.security_statusNotes),
      fix: textOf(found.security_actionStatement),
    });
  },
};

/** A vector with the score and the word that follow from it. */
const SCORE: Block<undefined> = {
  at: ['severity', 'score'],
  places: ['@score'],
  write({ affects, score }) {
    const number = affects === undefined ? undefined : baseScore(textOf(score) ?? '');
    if (number === undefined) return {};
    return {
      '@score': { security_score: decimalText(number), security_severity: severityOf(number), security_vectorString: String(score) },
    };
  },
  read(object) {
    const { security_vectorString: vector, security_severity: severity } = objectOf(object['@score']);
    return pick({ severity: wordOf(severity, SEVERITIES), score: textOf(vector) });
  },
};
const WEAKNESS: Kind<undefined> = { type: 'Vulnerability', at: 'msbom:vulnerability', rows: VULNERABILITY, blocks: [ASSESSMENT, SCORE] };

const LINK = 'securityAdvisory';

export function writeVulnerabilities({ manifest, graph, iri }: Writing): void {
  for (const [key, each] of Object.entries(manifest.security?.vulnerabilities ?? {})) {
    const { id, source, affects = [] } = each;
    const weakness = each as unknown as Json; // plain JSON
    const { rows, members, rest } = writeKind(WEAKNESS, weakness, TARGET, undefined);
    const externalIdentifierType = /^CVE-\d{4}-\d+$/.test(id) ? 'cve' : 'securityOther';
    const element = graph.add(
      'security_Vulnerability',
      graph.own('vulnerability', key),
      {
        name: id,
        ...rows.members,
        externalIdentifier: [{ type: 'ExternalIdentifier', externalIdentifierType, identifier: id }],
        externalRef: source === undefined ? [] : [{ type: 'ExternalRef', externalRefType: LINK, locator: [source] }],
      },
      flatten(
        WEAKNESS.type,
        ['id', 'source', 'affects'].reduce((left, at) => without(left, [at]), rest),
        WEAKNESS.at,
      ),
    );
    const to = affects.map(iri);
    const assessment = objectOf(members['@assessment']);
    const type = toWord(CLASSES, assessment.relationshipType);
    if (type === undefined) for (const concerned of to) graph.relate(concerned, 'hasAssociatedVulnerability', [element]);
    else graph.add(type, graph.own('assessment', key), { from: element, to, ...assessment });
    if (members['@score'] !== undefined)
      graph.add('security_CvssV3VulnAssessmentRelationship', graph.own('score', key), {
        from: element,
        to,
        relationshipType: SCORED,
        ...objectOf(members['@score']),
      });
  }
}

/** The weaknesses of a document that have an id, by key. */
export function readVulnerabilities(source: Source, idOf: (iri: unknown) => string | undefined): Json {
  const found: Record<string, JsonValue> = Object.create(null);
  const known = relations(source);
  for (const node of source.ofType('security_Vulnerability')) {
    const iri = String(node.spdxId);
    const id = objectsOf(node.externalIdentifier).flatMap((each) => textOf(each.identifier) ?? [])[0] ?? textOf(node.name);
    if (id === undefined) continue;
    const { assessment, score, associated = [] } = known.get(iri) ?? {};
    const link = objectsOf(node.externalRef).find(({ externalRefType }) => externalRefType === LINK);
    const properties = source.properties(node);
    const affects = nonEmptyList(unique([...(assessment?.to ?? score?.to ?? []), ...associated].flatMap((each) => idOf(each) ?? [])));
    const own = { ...ownOf(WEAKNESS, properties), ...pick({ affects }) };
    const object = { ...node, '@assessment': assessment?.node ?? {}, '@score': score?.node ?? {} } as Json; // JSON of a document
    const thing = readKind(WEAKNESS, { members: stated(object), properties, own }, TARGET, undefined);
    const base = ownKey(iri) ?? keyOfWeakness(id);
    found[freeKey(found, base)] = {
      ...thing,
      id,
      ...pick({ source: uriOf(textsOf(link?.locator)[0]) }),
    };
  }
  return found;
}

/** Only the members that our own assessments have, so that they can be compared. */
function stated(object: Json): Json {
  const of = (place: string, names: readonly string[]): JsonValue =>
    Object.fromEntries(Object.entries(objectOf(object[place])).filter(([name]) => names.includes(name))) as JsonValue; // JSON of a document
  const assessment = of('@assessment', MEMBERS_OF_ASSESSMENT);
  const score = of('@score', MEMBERS_OF_SCORE);
  return pick({
    ...object,
    '@assessment': Object.keys(objectOf(assessment)).length === 0 ? undefined : assessment,
    '@score': Object.keys(objectOf(score)).length === 0 ? undefined : score,
  }) as Json; // `pick` leaves undefined out
}
const MEMBERS_OF_ASSESSMENT = [
  'relationshipType',
  'security_actionStatement',
  'security_justificationType',
  'security_impactStatement',
  'security_statusNotes',
];
const MEMBERS_OF_SCORE = ['security_score', 'security_severity', 'security_vectorString'];

interface Relations {
  assessment?: Edge;
  score?: Edge;
  associated?: string[];
}

/** The first assessment and score of each vulnerability, and the things that are merely associated with it: looked up once for all of them. */
function relations({ edges }: Source): ReadonlyMap<string, Relations> {
  const found = new Map<string, Relations>();
  const at = (iri: string): Relations => {
    const known = found.get(iri) ?? {};
    found.set(iri, known);
    return known;
  };
  for (const edge of edges) {
    if (fromWord(STATES, edge.type) !== undefined) at(edge.from).assessment ??= edge;
    if (edge.type === SCORED && textOf(edge.node.security_vectorString) !== undefined) at(edge.from).score ??= edge;
    if (edge.type !== 'hasAssociatedVulnerability') continue;
    for (const to of new Set(edge.to)) (at(to).associated ??= []).push(edge.from);
  }
  return found;
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

/** A report as declarations of CycloneDX 1.6: which requirements of which standards are claimed, and on what the claims rest. */
import { type Printable, printableJson } from '../../core/printable.js';
import { TOOL } from '../../core/tool.js';
import { uuidFrom } from '../../core/uuid.js';
import type { Manifest } from '../../schema/index.js';
import type { ProfileHead, Report } from '../comply.js';
import type { Answer, Status } from '../judge.js';
import { gapsOf, statusOf, UNVERIFIED } from './words.js';

const MAX_GAPS = 20;
const SUBJECT = 'subject';
const ASSESSOR = 'assessor';
const idOf = ({ profile, id }: Pick<Answer, 'profile' | 'id'>): string => `requirement:${profile}/${id}`;

/** Of other statuses the number says nothing: they are told in words. */
const SCORES: Partial<Readonly<Record<Status, 0 | 1>>> = { met: 1, missing: 0, failed: 0 };

/**
 * `declarations` and `definitions.standards`, without an affirmation: nobody has signed it. What is met is a claim with the pointers it
 * rests on as evidence; what is missing or wrong is a counter-claim.
 *
 * Source: https://cyclonedx.org/docs/1.6/json/#declarations
 */
export function complyAsCycloneDX(report: Report, manifest: Manifest): Printable {
  const claims = report.requirements.filter(({ status }) => SCORES[status] !== undefined);
  const content = {
    metadata: {
      timestamp: manifest.bom.timestamp,
      tools: { components: [{ type: 'application', name: TOOL.name, version: TOOL.version }] },
      component: subjectOf(manifest),
      properties: report.notExamined.map((value) => ({ name: 'msbom:comply:notExamined', value })),
    },
    declarations: {
      assessors: [{ 'bom-ref': ASSESSOR, organization: { name: `${TOOL.name} ${TOOL.version}, a program` } }],
      attestations: report.profiles.map((head) => attestation(head, report)),
      claims: claims.map(claim),
      evidence: claims.filter(({ pointers }) => pointers.length > 0).map(evidence),
    },
    definitions: { standards: report.profiles.map((head) => standard(head, report)) },
  };
  return printableJson({
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidFrom(JSON.stringify([manifest.bom.serialNumber, manifest.bom.version, content]))}`,
    version: 1,
    ...content,
  });
}

function subjectOf({ model, bom }: Manifest): object {
  if (model === undefined) return { type: 'data', 'bom-ref': SUBJECT, name: bom.subject ?? bom.serialNumber };
  return {
    type: 'machine-learning-model',
    'bom-ref': SUBJECT,
    ...(model.group === undefined ? {} : { group: model.group }),
    name: model.name,
    ...(model.version === undefined ? {} : { version: model.version }),
  };
}

const attestation = ({ id, title }: ProfileHead, { requirements }: Report): object => ({
  summary: `Which elements of ${title} the document has. It says nothing of whether an instrument applies or is kept.`,
  assessor: ASSESSOR,
  map: requirements.filter(({ profile }) => profile === id).map(mapping),
});

function mapping(answer: Answer): object {
  const score = SCORES[answer.status];
  const rationale = [statusOf(answer), ...gapsOf(answer, MAX_GAPS), ...answer.reasons].join('; ');
  return {
    requirement: idOf(answer),
    ...(score === 1 ? { claims: [claimOf(answer)] } : score === 0 ? { counterClaims: [claimOf(answer)] } : {}),
    conformance: { ...(score === undefined ? {} : { score }), rationale },
  };
}

const claimOf = ({ profile, id }: Answer): string => `claim:${profile}/${id}`;
const evidenceOf = ({ profile, id }: Answer): string => `evidence:${profile}/${id}`;

function claim(answer: Answer): object {
  const { title, status, pointers } = answer;
  const isMet = status === 'met';
  return {
    'bom-ref': claimOf(answer),
    target: SUBJECT,
    predicate: isMet ? `The document has: ${title}` : `The document lacks: ${title}`,
    reasoning: isMet ? statusOf(answer) : [statusOf(answer), ...gapsOf(answer, MAX_GAPS)].join('; '),
    ...(pointers.length === 0 ? {} : { [isMet ? 'evidence' : 'counterEvidence']: [evidenceOf(answer)] }),
  };
}

const evidence = (answer: Answer): object => ({
  'bom-ref': evidenceOf(answer),
  description: 'Places of the document, as JSON Pointers of the manifest',
  data: answer.pointers.map((name) => ({ name })),
});

function standard(head: ProfileHead, { requirements }: Report): object {
  const { id, title, version, issuer, status, url } = head;
  return {
    'bom-ref': `standard:${id}`,
    name: title,
    ...(version === undefined ? {} : { version }),
    ...(status === undefined ? {} : { description: status }),
    ...(issuer === undefined ? {} : { owner: issuer }),
    requirements: requirements.filter(({ profile }) => profile === id).map(requirementOf),
    ...(url === undefined ? {} : { externalReferences: [{ type: 'website', url }] }),
  };
}

const requirementOf = (answer: Answer): object => {
  const { id, title, requirement, citation, level, reading, audience } = answer;
  return {
    'bom-ref': idOf(answer),
    identifier: id,
    title,
    text: requirement,
    ...(citation === undefined ? {} : { descriptions: [citation] }),
    properties: [
      { name: 'msbom:comply:level', value: level },
      { name: 'msbom:comply:reading', value: reading === 'memory' ? UNVERIFIED : reading },
      ...(audience === undefined ? [] : [{ name: 'msbom:comply:audience', value: audience }]),
    ],
  };
};

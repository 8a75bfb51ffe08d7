/** Standards that are applied, and what somebody attests of the requirements of profiles. From 1.6. */
import type { Attestation, Governance, Manifest, Party } from '../../schema/index.js';
import type { Context } from './context.js';
import { addressOfPath, type Json, nonEmpty, nonEmptyList, objectOf, objectsOf, pick, textOf, textsOf, unique, uriOf } from './json.js';
import type { Extra } from './library.js';
import { entity, readEntity } from './parties.js';

const REQUIREMENTS = 'msbom:requirements';
const requirementRef = (id: string): string => `msbom:requirement:${id}`;

export function writeDefinitions({ governance, attestations = [] }: Manifest): Extra | undefined {
  const standards: Extra[] = (governance?.standards ?? []).map(({ id, title }, i) =>
    pick({ 'bom-ref': `standard:${i}`, name: id, description: title }),
  );
  const requirements = unique(attestations.flatMap(({ requirementIds }) => requirementIds));
  if (requirements.length > 0)
    standards.push({
      'bom-ref': REQUIREMENTS,
      name: 'requirements of compliance profiles',
      requirements: requirements.map((id) => ({ 'bom-ref': requirementRef(id), identifier: id })),
    });
  return standards.length > 0 ? { standards } : undefined;
}

type Standard = NonNullable<Governance['standards']>[number];

export const readStandards = (definitions: unknown): Standard[] | undefined =>
  nonEmptyList(
    objectsOf(objectOf(definitions).standards).flatMap((value): Standard[] => {
      const id = textOf(value.name);
      return id === undefined || value['bom-ref'] === REQUIREMENTS ? [] : [{ id, ...pick({ title: textOf(value.description) }) }];
    }),
  );

export function writeDeclarations({ attestations = [] }: Manifest, { party, subject }: Context): Extra | undefined {
  if (attestations.length === 0) return undefined;
  const stated = attestations.map((attestation, i) => statement(attestation, i, party(attestation.by), subject));
  return pick({
    assessors: stated.flatMap(({ assessor }) => assessor ?? []),
    attestations: unique(stated.map(({ attestation }) => attestation)),
    claims: stated.flatMap(({ claim }) => claim ?? []),
    evidence: stated.flatMap(({ evidence }) => evidence),
  });
}

interface Statement {
  readonly assessor?: Extra;
  readonly attestation: Extra;
  readonly claim?: Extra;
  readonly evidence: readonly Extra[];
}

function statement(
  { requirementIds, claim, evidence = [] }: Attestation,
  index: number,
  by: Party | undefined,
  subject: string,
): Statement {
  const proofs = evidence.map(({ title, uri, path }, i) => {
    const url = uri ?? (path === undefined ? undefined : addressOfPath(path));
    return pick({
      'bom-ref': `msbom:evidence:${index}:${i}`,
      description: title,
      data: url === undefined ? undefined : [{ contents: { url } }],
    });
  });
  const claimRef = claim === undefined ? undefined : `msbom:claim:${index}`;
  const assessor = by === undefined ? undefined : { 'bom-ref': `msbom:assessor:${index}`, organization: entity(by) };
  return {
    ...pick({ assessor }),
    attestation: pick({
      summary: claim,
      assessor: assessor?.['bom-ref'],
      map: requirementIds.map((id) => pick({ requirement: requirementRef(id), claims: claimRef === undefined ? undefined : [claimRef] })),
    }),
    ...pick({
      claim:
        claimRef === undefined
          ? undefined
          : pick({ 'bom-ref': claimRef, target: subject, predicate: claim, evidence: proofs.map((proof) => proof['bom-ref']) }),
    }),
    evidence: proofs,
  };
}

export function readDeclarations(declarations: unknown, definitions: unknown): Attestation[] | undefined {
  const { attestations, assessors, claims, evidence } = objectOf(declarations);
  const byRef = (list: unknown): ReadonlyMap<unknown, Json> => new Map(objectsOf(list).map((value) => [value['bom-ref'], value]));
  const index = {
    assessors: byRef(assessors),
    claims: byRef(claims),
    evidence: byRef(evidence),
    requirements: byRef(objectsOf(objectOf(definitions).standards).flatMap(({ requirements }) => objectsOf(requirements))),
  };
  return nonEmptyList(objectsOf(attestations).flatMap((value) => readAttestation(value, index) ?? []));
}

type Index = Readonly<Record<'assessors' | 'claims' | 'evidence' | 'requirements', ReadonlyMap<unknown, Json>>>;

function readAttestation(value: Json, index: Index): Attestation | undefined {
  const map = objectsOf(value.map);
  const requirementIds = map.flatMap(({ requirement }) => textOf(index.requirements.get(requirement)?.identifier) ?? []);
  if (requirementIds.length === 0) return undefined;
  const claims = unique(map.flatMap((each) => textsOf(each.claims))).flatMap((ref): Json[] => {
    const claim = index.claims.get(ref);
    return claim === undefined ? [] : [claim];
  });
  const evidence = claims.flatMap((claim) => textsOf(claim.evidence)).flatMap((ref) => readProof(index.evidence.get(ref)) ?? []);
  return {
    requirementIds,
    ...pick({
      claim: textOf(value.summary) ?? textOf(claims[0]?.predicate),
      by: readEntity(index.assessors.get(value.assessor)?.organization),
      evidence,
    }),
  };
}

function readProof(proof: Json | undefined): { title?: string; uri?: string } | undefined {
  const [data] = objectsOf(proof?.data);
  return nonEmpty(pick({ title: textOf(proof?.description), uri: uriOf(objectOf(data?.contents).url) }));
}

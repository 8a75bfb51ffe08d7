/** The document that answers every requirement, and what is made of it. */
import { readFileSync } from 'node:fs';
import { builtInProfile, PROFILE_IDS, type Profile } from '../../src/comply/index.js';
import type { Manifest } from '../../src/schema/index.js';

const text = readFileSync(new URL('../fixtures/comply/full.msbom.json', import.meta.url), 'utf8');

/** A manifest that says something for every requirement, but attests nothing. */
export const fullAnswers = (): Manifest => JSON.parse(text) as Manifest;

export const allProfiles = (): Promise<readonly Profile[]> => Promise.all(PROFILE_IDS.map(builtInProfile));

/** The same with what people add: an attestation of each requirement that a person decides, and who may see the vulnerabilities. */
export function completed(manifest: Manifest, profiles: readonly Profile[]): Manifest {
  const manual = profiles.flatMap(({ requirements }) =>
    requirements.filter(({ judged, predicate }) => judged === 'manual' || predicate.op === 'attested'),
  );
  const attested = Object.fromEntries(
    manual.map(({ id }, i) => [
      `review-${i}`,
      {
        requirementIds: [id],
        claim: 'reviewed',
        by: 'acme',
        role: 'auditor',
        date: '2026-08-01',
        references: [{ uri: 'https://example.org/review' }],
      },
    ]),
  );
  return {
    ...manifest,
    bom: { ...manifest.bom, audiences: { ...manifest.bom.audiences, '/security/vulnerabilities': 'downstream' } },
    attestations: { ...manifest.attestations, ...attested },
  };
}

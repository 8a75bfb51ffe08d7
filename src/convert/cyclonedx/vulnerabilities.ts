/** Known weaknesses and their status: OpenVEX words in the manifest, CycloneDX's in the document. */
import type { Security } from '../../schema/index.js';
import type { Ids } from './context.js';
import { type Json, nonEmptyList, objectOf, objectsOf, pick, textOf, unique, uriOf, wordOf } from './json.js';
import type { Extra } from './library.js';

type Vulnerability = NonNullable<Security['vulnerabilities']>[number];

const STATES: Readonly<Record<NonNullable<Vulnerability['status']>, string>> = {
  not_affected: 'not_affected',
  affected: 'exploitable',
  exploitable: 'exploitable',
  fixed: 'resolved',
  under_investigation: 'in_triage',
};
const STATUSES: Readonly<Record<string, NonNullable<Vulnerability['status']>>> = {
  not_affected: 'not_affected',
  false_positive: 'not_affected',
  exploitable: 'exploitable',
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
  in_triage: 'under_investigation',
};
const SEVERITIES = ['none', 'low', 'medium', 'high', 'critical'] as const;
/** Methods by the beginning of their vectors. */
const METHODS: readonly (readonly [start: string, method: string])[] = [
  ['CVSS:4.0/', 'CVSSv4'],
  ['CVSS:3.1/', 'CVSSv31'],
  ['CVSS:3.0/', 'CVSSv3'],
];
const DATE = 'msbom:vulnerability:date';

/** `refOf` is the bom-ref of whatever an id names. */
export function writeVulnerability(weakness: Vulnerability, refOf: (id: string) => string | undefined): Extra {
  const { source, affects = [], status, justification, severity, score, date } = weakness;
  const method = METHODS.find(([start]) => score?.startsWith(start))?.[1];
  return pick({
    id: weakness.id,
    source: source === undefined ? undefined : { url: source },
    ratings: severity === undefined && score === undefined ? undefined : [pick({ severity, method, vector: score })],
    description: weakness.description,
    recommendation: weakness.fix,
    analysis:
      status === undefined && justification === undefined ? undefined : pick({ state: status && STATES[status], detail: justification }),
    affects: unique(
      affects.flatMap((id) => {
        const ref = refOf(id);
        return ref === undefined ? [] : [{ ref }];
      }),
    ),
    properties: date === undefined ? undefined : [{ name: DATE, value: date }],
  });
}

/** The weaknesses of a document that have an id. */
export const readVulnerabilities = (list: unknown, ids: Ids): Vulnerability[] =>
  objectsOf(list).flatMap((each) => readVulnerability(each, ids) ?? []);

function readVulnerability(value: Json, ids: Ids): Vulnerability | undefined {
  const id = textOf(value.id);
  if (id === undefined) return undefined;
  const [rating] = objectsOf(value.ratings);
  const { state, detail } = objectOf(value.analysis);
  const date = objectsOf(value.properties).find(({ name }) => name === DATE)?.value;
  return {
    id,
    ...pick({
      source: uriOf(objectOf(value.source).url),
      affects: nonEmptyList(objectsOf(value.affects).flatMap(({ ref }) => ids.idOf(ref) ?? [])),
      status: typeof state === 'string' && Object.hasOwn(STATUSES, state) ? STATUSES[state] : undefined,
      justification: textOf(detail),
      severity: wordOf(rating?.severity, SEVERITIES),
      score: textOf(rating?.vector),
      description: textOf(value.description),
      fix: textOf(value.recommendation),
      date: textOf(date),
    }),
  };
}

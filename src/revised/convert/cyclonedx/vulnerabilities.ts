/** Known weaknesses and their status: OpenVEX words in the manifest, CycloneDX's in the document. */

import { nonEmptyList, objectOf, objectsOf, pick, textOf, unique, uriOf, wordOf } from '../../../convert/cyclonedx/json.js';
import type { JsonValue } from '../../../core/canonical-json.js';
import { idFrom } from '../../../core/id.js';
import type { Manifest, Vulnerability } from '../../schema/index.js';
import type { Json } from '../mapping/block.js';

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
const KEY = 'msbom:vulnerability:key';
const ARTIFACT = 'msbom:vulnerability:artifact';

export function writeVulnerabilities({ security }: Manifest, ref: (id: string) => string): readonly object[] | undefined {
  return nonEmptyList(Object.entries(security?.vulnerabilities ?? {}).map(([key, each]) => writeVulnerability(key, each, ref)));
}

function writeVulnerability(key: string, weakness: Vulnerability, ref: (id: string) => string): object {
  const { id, source, affects = [], status, justification, severity, score, date, artifacts = [] } = weakness;
  const method = METHODS.find(([start]) => score?.startsWith(start))?.[1];
  const properties = [
    ...(key === idFrom(id) ? [] : [{ name: KEY, value: key }]),
    ...(date === undefined ? [] : [{ name: DATE, value: date }]),
    ...artifacts.map((path) => ({ name: ARTIFACT, value: path })),
  ];
  return pick({
    id,
    source: source === undefined ? undefined : { url: source },
    ratings: severity === undefined && score === undefined ? undefined : [pick({ severity, method, vector: score })],
    description: weakness.description,
    recommendation: weakness.fix,
    analysis:
      status === undefined && justification === undefined ? undefined : pick({ state: status && STATES[status], detail: justification }),
    affects: unique(affects.map((each) => ({ ref: ref(each) }))),
    properties: nonEmptyList(properties),
  });
}

/** The weaknesses of a document that have an id. */
export function readVulnerabilities(list: unknown, idOf: (ref: unknown) => string | undefined): Json {
  const found: Record<string, JsonValue> = Object.create(null);
  for (const value of objectsOf(list)) {
    const id = textOf(value.id);
    if (id === undefined) continue;
    const texts = (name: string): readonly string[] =>
      objectsOf(value.properties).flatMap((each) => (each.name === name ? (textOf(each.value) ?? []) : []));
    const [rating] = objectsOf(value.ratings);
    const { state, detail } = objectOf(value.analysis);
    const base = texts(KEY)[0] ?? idFrom(id);
    let key = base;
    for (let i = 2; Object.hasOwn(found, key); i++) key = `${base}-${i}`;
    found[key] = {
      id,
      ...pick({
        source: uriOf(objectOf(value.source).url),
        affects: nonEmptyList(unique(objectsOf(value.affects).flatMap(({ ref }) => idOf(ref) ?? []))),
        status: typeof state === 'string' && Object.hasOwn(STATUSES, state) ? STATUSES[state] : undefined,
        justification: textOf(detail),
        severity: wordOf(rating?.severity, SEVERITIES),
        score: textOf(rating?.vector),
        description: textOf(value.description),
        fix: textOf(value.recommendation),
        date: texts(DATE)[0],
        artifacts: nonEmptyList(texts(ARTIFACT)),
      }),
    };
  }
  return found;
}

/** Known weaknesses and their status: OpenVEX words in the manifest, CycloneDX's in the document. */

import type { JsonValue } from '../../core/canonical-json.js';
import { freeKey } from '../../core/objects.js';
import type { Manifest } from '../../schema/index.js';
import type { Block, Json } from '../mapping/block.js';
import { type Kind, ownOf, readKind, writeKind } from '../mapping/kind.js';
import { WEAKNESS_KEY } from '../mapping/names.js';
import { flatten } from '../mapping/properties.js';
import { type Target, without } from '../mapping/row.js';
import { keyOfWeakness, VULNERABILITY } from '../mapping/vulnerability.js';
import { valuesOf } from './blocks.js';
import { nonEmptyList, objectOf, objectsOf, pick, textOf, textsOf, unique, wordOf } from './json.js';

const SEVERITIES = ['none', 'low', 'medium', 'high', 'critical'] as const;
/** Methods by the beginning of their vectors. */
const METHODS: readonly (readonly [start: string, method: string])[] = [
  ['CVSS:4.0/', 'CVSSv4'],
  ['CVSS:3.1/', 'CVSSv31'],
  ['CVSS:3.0/', 'CVSSv3'],
];
const TARGET: Target = { standard: 'cyclonedx' };

const RATING: Block<undefined> = {
  at: ['severity', 'score'],
  places: ['ratings'],
  write({ severity, score }) {
    const method = METHODS.find(([start]) => textOf(score)?.startsWith(start))?.[1];
    return severity === undefined && score === undefined ? {} : { ratings: [pick({ severity, method, vector: score }) as Json] };
  },
  read({ ratings }) {
    const [rating] = objectsOf(ratings);
    return pick({ severity: wordOf(rating?.severity, SEVERITIES), score: textOf(rating?.vector) });
  },
};

const KIND: Kind<undefined> = { type: 'Vulnerability', at: 'msbom:vulnerability', rows: VULNERABILITY, blocks: [RATING] };

export function writeVulnerabilities({ security }: Manifest, ref: (id: string) => string): readonly object[] | undefined {
  return nonEmptyList(
    Object.entries(security?.vulnerabilities ?? {}).map(([key, each]) => writeVulnerability(key, each as unknown as Json, ref)), // plain JSON
  );
}

function writeVulnerability(key: string, weakness: Json, ref: (id: string) => string): object {
  const id = String(weakness.id);
  const { rows, members, rest } = writeKind(KIND, weakness, TARGET, undefined);
  const { source, description, recommendation, analysis } = rows.members;
  const said = without(without(rest, ['id']), ['affects']);
  const own = [...(key === keyOfWeakness(id) ? [] : [[WEAKNESS_KEY, key] as const]), ...flatten(KIND.type, said, KIND.at)];
  return pick({
    id,
    source,
    ratings: members.ratings,
    description,
    recommendation,
    analysis,
    affects: unique(textsOf(weakness.affects).map((each) => ({ ref: ref(each) }))),
    properties: own.map(([name, value]) => ({ name, value })),
  });
}

/** The weaknesses of a document that have an id. */
export function readVulnerabilities(list: unknown, idOf: (ref: unknown) => string | undefined): Json {
  const found: Record<string, JsonValue> = Object.create(null);
  for (const value of objectsOf(list)) {
    const id = textOf(value.id);
    if (id === undefined) continue;
    const properties = valuesOf(value.properties);
    const members = { ...value, source: objectOf(value.source), analysis: objectOf(value.analysis) } as Json; // JSON of a document
    const base = properties.get(WEAKNESS_KEY)?.[0] ?? keyOfWeakness(id);
    found[freeKey(found, base)] = {
      ...readKind(KIND, { members, properties, own: ownOf(KIND, properties) }, TARGET, undefined),
      id,
      ...pick({ affects: nonEmptyList(unique(objectsOf(value.affects).flatMap(({ ref }) => idOf(ref) ?? []))) }),
    };
  }
  return found;
}

/** The graph of dependencies that the manifest states. What follows from other sections is written there. */
import { withoutCircles } from '../circles.js';
import { type Reading, targets, type Writing } from './context.js';
import { pick } from './fields.js';
import { decodeName, OWN } from './ids.js';
import type { Dependency } from './shapes.js';
import type { Edge } from './source.js';
import { COMPLETENESS } from './words.js';

type Kind = NonNullable<Dependency['kind']>;

const TYPES: Readonly<Record<Kind, string>> = {
  dependsOn: 'dependsOn',
  trainedOn: 'trainedOn',
  testedOn: 'testedOn',
  derivedFrom: 'descendantOf',
  contains: 'contains',
  loads: 'other',
};
const KINDS = new Map(Object.entries(TYPES).map(([kind, type]): [string, Kind] => [type, kind as Kind])); // the keys of the table

/** Marks relationships that stand for entries of the manifest's own list. */
const LABEL = 'dependency';
/** SPDX's word for "on nothing". */
const NONE = 'NoneElement';

export function writeDependencies(writing: Writing): void {
  const { graph, manifest } = writing;
  for (const { ref, dependsOn, kind = 'dependsOn', completeness } of manifest.dependencies ?? []) {
    const [from] = targets(writing, [ref]);
    const to = dependsOn.length === 0 ? [NONE] : targets(writing, dependsOn);
    if (from === undefined) continue;
    graph.relate(from, TYPES[kind], to, {
      label: LABEL,
      completeness: completeness === undefined ? undefined : COMPLETENESS.to.get(completeness),
      comment: kind === 'loads' ? 'loads' : undefined,
    });
  }
}

export function readDependencies(reading: Reading, idOf: (iri: string) => string | undefined): readonly Dependency[] {
  const stated = reading.source.edges.flatMap((edge): readonly Dependency[] => {
    const kind = KINDS.get(edge.type);
    const ref = idOf(edge.from);
    if (kind === undefined || ref === undefined || !isStated(reading, edge, kind)) return [];
    const none = edge.to.length === 1 && edge.to[0] === NONE;
    const dependsOn = none ? [] : edge.to.flatMap((target) => idOf(target) ?? []);
    if (!none && dependsOn.length === 0) return [];
    const completeness = COMPLETENESS.from.get(String(edge.node.completeness)) as Dependency['completeness']; // the table's keys
    return [{ ref, dependsOn: [...new Set(dependsOn)], ...pick({ kind: kind === 'dependsOn' ? undefined : kind, completeness }) }];
  });
  // Edges that close a circle stay behind.
  return withoutCircles(stated);
}

/** An entry of the list; of other producers every edge that no other section tells. */
function isStated({ base, root }: Reading, { id, from, type, node }: Edge, kind: Kind): boolean {
  const own = decodeName(id, base);
  if (own?.startsWith(OWN)) return own.endsWith(`:${LABEL}`);
  if (kind === 'loads') return node.comment === 'loads';
  return type === 'dependsOn' || from !== root?.spdxId;
}

/** Joins documents and parts of them: by id and key, the first wins, and nothing that the second says is lost without a word. */
import { canonicalize, type JsonValue } from '../core/canonical-json.js';
import type { Finding } from '../core/finding.js';
import { pointerStep, resolvePointer } from '../core/json-pointer.js';
import { agree, bare, isList, isObject, type JsonObject, own, sameJson } from '../core/objects.js';
import { type Evidence, type EvidenceSource, isOrdered, type Manifest, type TypeName } from '../schema/index.js';
import { apart } from './apart.js';
import { digestManifest } from './digest.js';
import { collectEvidence, groupEvidence, narrowedEvidence, type ValueEvidence } from './evidence.js';
import { matchIds, purlText } from './match.js';
import type { ManifestPart } from './part.js';
import { type Names, renameIds } from './references.js';
import { shapeIn, typeOf } from './shape.js';

export interface MergeOptions {
  /** The second document as evidence names it. By default its address, else its serial number, with its digest. */
  readonly source?: EvidenceSource;
}

export interface MergeResult {
  readonly manifest: Manifest;
  /** Where the two disagree, and which ids of the second have another name now. */
  readonly findings: readonly Finding[];
  /** New ids of the second's things. */
  readonly names: Names;
}

/** A place where the two disagree: the first one's value was kept. */
interface Conflict {
  readonly pointer: string;
  readonly member: string;
  readonly kept: JsonValue;
  readonly other: JsonValue;
}

/**
 * Joins a second manifest, or a part of one, into a first. Things are the same by what they are (`matchIds`), maps are joined by key,
 * lists that are sets are united. Where both say something else the first one's value stays, the other stands in the evidence as what
 * its source `said`, and a finding tells. Evaluations and robustness tests are one only when they say the same. Evidence goes on
 * saying of each value what its source said of it, and no more. Ids of the second that mean something else in the first get new names.
 */
export function mergeManifests(first: Manifest, second: ManifestPart, options: MergeOptions = {}): MergeResult {
  const names = matchIds(first, second);
  const source = options.source ?? (second.bom === undefined ? undefined : sourceOf(second as Manifest)); // with `bom` it is one
  const findings: Finding[] = renamedFindings(first, names);
  let manifest = first;
  for (const part of renameIds(second, names)) manifest = mergePart(manifest, part, source, findings);
  return { manifest, findings, names };
}

/** A document as evidence names it. */
export function sourceOf(document: Manifest): EvidenceSource {
  return { uri: document.bom.uri ?? document.bom.serialNumber, digest: { sha256: digestManifest(document) } };
}

/** A part whose ids mean what they mean in the first. */
function mergePart(first: Manifest, part: ManifestPart, source: EvidenceSource | undefined, findings: Finding[]): Manifest {
  const { evidence: mine = [], ...before } = first;
  const { evidence: theirs = [], $schema: _, bom, ...given } = apart(first, part);
  const others = { ...(bom === undefined ? {} : { bom: additionsOf(bom) }), ...given };
  const conflicts: Conflict[] = [];
  // Both parts have the schema's types; joining members keeps them.
  const merged = mergeMembers(
    before as unknown as JsonObject,
    others as unknown as JsonObject,
    'Manifest',
    '',
    conflicts,
  ) as unknown as Manifest;
  const told = narrowedEvidence(theirs, others, merged, new Set(conflicts.map(({ pointer }) => pointer)));
  const evidence = groupEvidence([
    ...narrowedEvidence(mine, before, merged),
    ...told,
    ...collectEvidence(evidenceOfRest(conflicts, told, theirs.length === 0 ? added(before, others, '') : [], source)),
  ]);
  findings.push(...conflicts.map(conflictFinding));
  return ordered({ ...withoutOvertaken(first, merged), ...(evidence.length > 0 ? { evidence } : {}) });
}

/** Of the second document's own data only what is about its content adds to the first's. */
function additionsOf({ authors, tools, declarations, audiences }: Manifest['bom']): Partial<Manifest['bom']> {
  return {
    ...(authors && { authors }),
    ...(tools && { tools }),
    ...(declarations && { declarations }),
    ...(audiences && { audiences }),
  };
}

/** What is said of a value as unknown is overtaken when the value is there now. */
function withoutOvertaken(before: Manifest, merged: Manifest): Manifest {
  const { declarations, ...bom } = merged.bom;
  if (declarations === undefined) return merged;
  const isOvertaken = (pointer: string): boolean =>
    pointer !== '' && resolvePointer(before, pointer) === undefined && resolvePointer(merged, pointer) !== undefined;
  const isOvertakenBy = (pointer: string): boolean =>
    own(before.bom.declarations, pointer) === undefined && resolvePointer(before, pointer) !== undefined;
  const left = Object.entries(declarations).filter(
    ([pointer, { status }]) => status !== 'unknown' || !(isOvertaken(pointer) || isOvertakenBy(pointer)),
  );
  return { ...merged, bom: { ...bom, ...(left.length > 0 ? { declarations: bare(left) } : {}) } };
}

/** Evidence last but for what stands behind it in the specification. */
function ordered({ foreign, extensions, ...rest }: Manifest): Manifest {
  return { ...rest, ...(foreign && { foreign }), ...(extensions && { extensions }) };
}

/** Values whose members belong together: joined when they agree in all that both have, else one of the two. */
const WHOLE: ReadonlySet<string> = new Set<TypeName>([
  'ConfidenceInterval',
  'DigestSet',
  'DocumentReference',
  'ParentReference',
  'PartReference',
  'Period',
  'Scan',
  'Shard',
  'Signature',
  'Snapshot',
  'StoragePointer',
  'Tool',
  'Toolkit',
  'TreeDigest',
  'VersionReference',
]);

function mergeValues(first: JsonValue, second: JsonValue, place: Place, conflicts: Conflict[]): JsonValue {
  const { shape, member, pointer } = place;
  if (sameJson(first, second)) return first;
  if (isList(first) && isList(second) && !place.isFree) {
    const united = isSet(member) ? unite(first, second, member) : undefined;
    if (united !== undefined) return united;
  } else if (isObject(first) && isObject(second) && !place.isFree && !(WHOLE.has(shape) && !agree(first, second))) {
    return mergeMembers(first, second, shape, pointer, conflicts, member);
  }
  conflicts.push({ pointer, member, kept: first, other: second });
  return first;
}

interface Place {
  readonly shape: string;
  /** `Type.member`. */
  readonly member: string;
  readonly pointer: string;
  /** Is it a member of a free-form object? Then its own members have no meaning of their own. */
  readonly isFree: boolean;
}

const isSet = (member: string): boolean => {
  const [type = '', name = ''] = member.split('.');
  return typeOf(type) !== undefined && !isOrdered(type as TypeName, name); // a type, by the first test
};

/** The first object itself when the second adds nothing. */
function mergeMembers(
  first: JsonObject,
  second: JsonObject,
  shape: string,
  pointer: string,
  conflicts: Conflict[],
  within = '',
): JsonObject {
  const isType = typeOf(shape) !== undefined;
  const changed = new Map<string, JsonValue>();
  for (const [key, theirs] of Object.entries(second)) {
    const mine = own(first, key);
    const place = {
      shape: shapeIn(shape, key),
      member: isType ? `${shape}.${key}` : within,
      pointer: pointer + pointerStep(key),
      isFree: shape === '*',
    };
    const value = mine === undefined ? theirs : mergeValues(mine, theirs, place, conflicts);
    if (value !== mine) changed.set(key, value);
  }
  return changed.size === 0 ? first : bare([...Object.entries(first), ...changed]);
}

/** All items of two sets, the first one's before the second's; undefined when the two cannot both hold. */
function unite(first: readonly JsonValue[], second: readonly JsonValue[], member: string): readonly JsonValue[] | undefined {
  const spelled = member.endsWith('.identifiers') ? spelledIdentifier : canonicalize;
  const there = new Set(first.map(spelled));
  const news = second.filter((item) => !there.has(spelled(item)));
  if (!member.endsWith('.licenses')) return [...first, ...news];
  const theirs = new Set(second.map(canonicalize));
  // Two accounts of one kind of licence are one too many, unless one of them is the whole.
  const kinds = new Set(first.filter((item) => !theirs.has(canonicalize(item))).map(kindOfLicense));
  return news.some((item) => kinds.has(kindOfLicense(item))) ? undefined : [...first, ...news];
}

const kindOfLicense = (license: JsonValue): string =>
  isObject(license) ? canonicalize([license.kind ?? null, license.scope ?? null]) : '';

/** An identifier as text: a purl as the specification spells it. */
function spelledIdentifier(identifier: JsonValue): string {
  const { type, value } = isObject(identifier) ? identifier : {};
  return type === 'purl' && typeof value === 'string' ? purlText(value, true) : canonicalize(identifier);
}

/** Evidence for what the second says and has none for: its values that were not kept, and, when it has no evidence at all, those that were added. */
function evidenceOfRest(
  conflicts: readonly Conflict[],
  told: readonly Evidence[],
  news: Iterable<string>,
  source: EvidenceSource | undefined,
): ValueEvidence[] {
  const head = { origin: 'declared' as const, method: 'merge', ...(source === undefined ? {} : { source }) };
  const spelled = (pointer: string, said: JsonValue): string => canonicalize([pointer, said]);
  const said = new Set(
    told.flatMap(({ values }) =>
      Object.entries(values).flatMap(([pointer, value]) => (value.said === undefined ? [] : [spelled(pointer, value.said)])),
    ),
  );
  const isUntold = ({ pointer, other }: Conflict): boolean => !pointer.startsWith('/bom/') && !said.has(spelled(pointer, other));
  return [
    ...(source === undefined ? [] : [...news].map((pointer) => ({ ...head, pointer }))),
    ...conflicts.filter(isUntold).map(({ pointer, other }) => ({ ...head, pointer, said: other })),
  ];
}

/** Pointers of what the second adds to the first, each as far up as nothing else is there. */
function* added(first: unknown, second: unknown, pointer: string): Generator<string> {
  if (/^\/(bom|foreign)$/.test(pointer)) return;
  if (first === undefined) yield pointer;
  else if (isObject(first) && isObject(second))
    for (const [key, value] of Object.entries(second)) yield* added(own(first, key), value, pointer + pointerStep(key));
}

/** What makes a thing another one, or changes what may be done with it. */
const WEIGHTY = /\.(dataset|digest|licenses|model|relation|root|scratch|value|version)$/;

function conflictFinding({ pointer, member, kept, other }: Conflict): Finding {
  return {
    id: 'merge-conflict',
    severity: WEIGHTY.test(member) ? 'medium' : 'low',
    pointer,
    message: `two sources disagree: ${excerpt(kept)} was kept, ${excerpt(other)} stands in the evidence as what the other said`,
    fix: 'Decide which is right and correct the other source.',
  };
}

function excerpt(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Ids of the second that meant something else in the first. */
function renamedFindings(first: Manifest, names: Names): Finding[] {
  return [...names].flatMap(([collection, map]) =>
    [...map].flatMap(([from, to]): Finding[] =>
      Object.hasOwn(first[collection] ?? {}, to)
        ? []
        : [
            {
              id: 'merge-renamed',
              severity: 'info',
              pointer: `/${collection}${pointerStep(to)}`,
              message: `\`${from}\` of the second document is \`${to}\` here, since \`${from}\` is something else`,
              fix: 'Nothing, unless the two are the same: then give both the same name, version or identifier.',
            },
          ],
    ),
  );
}

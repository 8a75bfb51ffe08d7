/** Joins the document of a piece of software into the manifest of a model: nothing of it is lost, and the two are tied. */
import { MsbomError } from '../core/error.js';
import type { Finding } from '../core/finding.js';
import { uniqueId } from '../core/id.js';
import { pointerStep } from '../core/json-pointer.js';
import { bare, isObject, own } from '../core/objects.js';
import type { CollectionName, Component, DependencyNode, Manifest, Model } from '../schema/index.js';
import { referencesIn } from '../schema/index.js';
import { collectEvidence, groupEvidence, movedEvidence, narrowedEvidence } from './evidence.js';
import { purlsOf } from './match.js';
import { type MergeOptions, mergeManifests, sourceOf } from './merge.js';
import type { ManifestPart } from './part.js';
import { renameIds } from './references.js';

export interface JoinOptions extends MergeOptions {
  /** Id, in the joined document, of the thing that it is about from now on: by default that of the first. */
  readonly subject?: string;
}

export interface JoinResult {
  readonly manifest: Manifest;
  /** Where the two disagree, and what was left out. */
  readonly findings: readonly Finding[];
}

/**
 * The software, services, models, data and advisories of `other` become part of `first`, with their graph. What `other` is about stays
 * what it is: an application becomes a component with its own edges, in whose composition the model stands; another model one of
 * `models`. Files, and what speaks of the subject of `other` as a whole, are left out and told. Circles of the graph are legal and stay
 * (the rule `dependency-cycle` tells of them).
 *
 * @throws ERR_MANIFEST_VALUE when `options.subject` is no component or dataset of the joined document
 */
export function joinManifests(first: Manifest, other: Manifest, options: JoinOptions = {}): JoinResult {
  const source = options.source ?? sourceOf(other);
  const { part, subject, findings } = partOf(first, other);
  const merged = mergeManifests(first, part, { source });
  const id = subject === undefined ? undefined : (merged.names.get(subject.collection)?.get(subject.id) ?? subject.id);
  const tied = id === undefined || subject?.collection !== 'components' ? merged.manifest : tie(merged.manifest, id);
  const manifest = options.subject === undefined ? tied : withSubject(tied, options.subject);
  return { manifest, findings: [...merged.findings, ...findings] };
}

/** Members of a document that speak of things with ids, and come along; `model` is the first one's by now. */
const TAKEN = ['parties', 'model', 'models', 'datasets', 'components', 'services', 'environments', 'dependencies', 'documents'] as const;

interface Part {
  readonly part: ManifestPart;
  /** What the other document is about, where it is now; nothing when it is the subject of the first. */
  readonly subject?: { readonly collection: CollectionName; readonly id: string };
  readonly findings: readonly Finding[];
}

function partOf(first: Manifest, given: Manifest): Part {
  const { model } = given;
  const isOurs = model !== undefined && first.model !== undefined && isSameModel(model, first.model);
  const other = model === undefined ? withOurs(given, first.model) : isOurs ? given : withModelAside(given, model);
  const subject = subjectOf(other);
  const taken = TAKEN.flatMap((member) => (other[member] === undefined ? [] : [[member, other[member]] as const]));
  const vulnerabilities = other.security?.vulnerabilities;
  const evidence = other.evidence;
  const left = Object.keys(other).filter(
    (member) => !([...TAKEN, 'bom', '$schema', 'evidence'] as string[]).includes(member) && !isOnlyAdvisories(member, other),
  );
  // Members of the other document, whole.
  const part = bare<unknown>([
    ...taken,
    ...(vulnerabilities === undefined ? [] : [['security', { vulnerabilities }] as const]),
    ...(evidence === undefined ? [] : [['evidence', evidence] as const]),
  ]) as ManifestPart;
  const { part: whole, count } = withoutLoose(part, first);
  return {
    part: whole,
    ...(subject === undefined ? {} : { subject }),
    findings: [
      ...(left.length === 0 ? [] : [omission(left.join(', '))]),
      ...(count === 0 ? [] : [omission(`${count} names of files and other things that were left out`)]),
    ],
  };
}

const isOnlyAdvisories = (member: string, { security = {} }: Manifest): boolean =>
  member === 'security' && Object.keys(security).every((key) => key === 'vulnerabilities');

function isSameModel(theirs: Model, mine: Model): boolean {
  const [a, b] = [purlsOf(theirs), purlsOf(mine)];
  if (a.length > 0 && b.length > 0) return a.some((purl) => b.includes(purl));
  return theirs.name === mine.name && (theirs.group ?? '') === (mine.group ?? '') && (theirs.version ?? '') === (mine.version ?? '');
}

/** The document with the model that is ours, if it is one of its models, as the subject. */
function withOurs(other: Manifest, mine: Model | undefined): Manifest {
  const [id] = Object.entries(other.models ?? {}).find(([, model]) => mine !== undefined && isSameModel(model, mine)) ?? [];
  if (id === undefined) return other;
  const [renamed = other] = renameIds(other, new Map([['models', new Map([[id, 'model']])]])) as readonly Manifest[];
  const { model, ...models } = renamed.models ?? {};
  const { models: _, ...rest } = renamed;
  return {
    ...rest,
    ...(model && { model }),
    ...(Object.keys(models).length > 0 && { models: bare(Object.entries(models)) }),
    ...(rest.evidence && { evidence: movedEvidence(rest.evidence, new Map([['/models/model', '/model']])) }),
  };
}

/** The document with its model among the others, under an id of its own. */
function withModelAside(given: Manifest, model: Model): Manifest {
  const taken = new Set([
    'model',
    ...['models', 'datasets', 'components', 'services'].flatMap((each) => Object.keys(own(given as never, each) ?? {})),
  ]);
  const id = uniqueId('subject', taken);
  const [renamed = given] = renameIds(given, new Map([['models', new Map([['model', id]])]])) as readonly Manifest[];
  const { model: _, ...rest } = renamed;
  const moved = new Map([['/model', `/models/${id}`]]);
  return {
    ...rest,
    models: bare([...Object.entries(rest.models ?? {}), [id, (renamed.model ?? model) as Model]]),
    ...(rest.evidence && { evidence: movedEvidence(rest.evidence, moved) }),
  };
}

function subjectOf(other: Manifest): Part['subject'] {
  const id = other.bom.subject;
  const collection =
    id === undefined ? undefined : (['components', 'datasets'] as const).find((each) => own(other[each] as never, id) !== undefined);
  return id === undefined || collection === undefined ? undefined : { collection, id };
}

/** Without the names of things that are in neither of the two: files of the other document, stages of its training and the like. */
function withoutLoose(part: ManifestPart, first: Manifest): { readonly part: ManifestPart; readonly count: number } {
  // The walk reads what is there.
  const loose = new Set(
    referencesIn(part as Manifest)
      .filter(({ value, row }) => {
        const isSubject = row.subject === true && value === 'model' && first.model !== undefined;
        return row.beside === undefined && !isSubject && !row.in.some((collection) => own(part[collection] as never, value) !== undefined);
      })
      .map(({ pointer }) => pointer),
  );
  // Of the evidence only the values are names that are looked for here.
  const cut = [...loose].filter((pointer) => !pointer.startsWith('/evidence/'));
  return { part: dropped(part, '', loose) as ManifestPart, count: cut.length };
}

/** The value without some places; what has nothing left in it goes too. */
function dropped(value: unknown, pointer: string, places: ReadonlySet<string>): unknown {
  if (places.size === 0) return value;
  if (places.has(pointer)) return undefined;
  if (Array.isArray(value)) {
    const left = value.map((item, i) => dropped(item, `${pointer}/${i}`, places)).filter((item) => item !== undefined);
    return left.length === 0 && value.length > 0 ? undefined : left;
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value).flatMap(([key, member]): [string, unknown][] => {
    const left = dropped(member, pointer + pointerStep(key), places);
    return left === undefined ? [] : [[key, left]];
  });
  return members.length === 0 && Object.keys(value).length > 0 ? undefined : bare(members);
}

/** The model in the composition of the application, unless it stands there or an edge leads to it. */
function tie(manifest: Manifest, id: string): Manifest {
  const application = own(manifest.components, id);
  if (application === undefined || manifest.model === undefined) return manifest;
  const { composition } = application;
  const isTied =
    Object.values(composition ?? {}).some(({ model }) => model === 'model') ||
    Object.values(own(manifest.dependencies as { [id: string]: DependencyNode } | undefined, id)?.edges ?? {}).some((ids) =>
      ids.includes('model'),
    );
  if (isTied) return manifest;
  const place = uniqueId('model', new Set(Object.keys(composition ?? {})));
  const whole: Component = {
    ...application,
    composition: bare([...Object.entries(composition ?? {}), [place, { model: 'model', relation: 'part' }]]),
  };
  const evidence = collectEvidence([
    { origin: 'supplied', method: 'merge', pointer: `/components${pointerStep(id)}/composition${pointerStep(place)}` },
  ]);
  const tied = { ...manifest, components: bare([...Object.entries(manifest.components ?? {}), [id, whole] as const]) };
  return { ...tied, evidence: groupEvidence([...narrowedEvidence(manifest.evidence ?? [], manifest, tied), ...evidence]) };
}

/**
 * The document about another of its things: the model that it was about is one of `models` then.
 *
 * @throws ERR_MANIFEST_VALUE when the document has no such component or dataset
 */
export function withSubject(manifest: Manifest, id: string): Manifest {
  const current = manifest.bom.subject ?? 'model';
  if (id === current) return manifest;
  const isThing = (['components', 'datasets'] as const).some((each) => own(manifest[each] as never, id) !== undefined);
  if (!isThing)
    throw new MsbomError('ERR_MANIFEST_VALUE', `the document has no component or dataset \`${id}\``, {
      hint: 'Name an id of `components` or `datasets`.',
    });
  const { model } = manifest;
  const other = model === undefined ? manifest : withModelAside(manifest, model);
  return { ...other, bom: { ...other.bom, subject: id } };
}

const omission = (what: string): Finding => ({
  id: 'merge-left-out',
  severity: 'info',
  message: `left out of the other document: ${what}`,
  fix: 'Keep the other document beside the manifest.',
});

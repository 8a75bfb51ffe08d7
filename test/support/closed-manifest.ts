/** Makes a document that meets the schema one that also makes sense: what it names is there, once and without circles. */
import { pointerStep, resolvePointer } from '../../src/core/json-pointer.js';
import { bare, isObject } from '../../src/core/objects.js';
import { treeDigest } from '../../src/core/tree-digest.js';
import { isOrdered, type Manifest, REFERENCES, SHAPES, THINGS, type TypeName } from '../../src/schema/index.js';

// biome-ignore lint/suspicious/noExplicitAny: the documents are made from the schema and changed in place of any type
type Any = any;
type Shapes = Readonly<Record<string, Readonly<Record<string, string>>>>;

const shapes = SHAPES as Shapes;

/** The least that stands for a thing of a collection. */
const LEAST: Readonly<Record<string, object>> = {
  parties: { name: 'someone' },
  models: { name: 'another model' },
  datasets: { name: 'some data' },
  components: { name: 'some software' },
  services: { name: 'some service' },
  environments: { purpose: ['training'] },
  artifacts: { size: 1, digest: { sha256: 'a1b2c3d4e5f60798'.repeat(4).slice(0, 63).concat('1') } },
};

interface Run {
  readonly document: Any;
  readonly hasModel: boolean;
  turn: number;
}

/** @param subject `model`, or the collection of which the first is the subject */
export function closed(manifest: Manifest, subject: 'model' | 'datasets' | 'components'): Manifest {
  const document: Any = bare(Object.entries(manifest));
  if (subject !== 'model') delete document.model;
  uniqueThings(document);
  const run: Run = { document, hasModel: subject === 'model', turn: 0 };
  for (const collection of Object.keys(LEAST)) ensure(document, collection);
  document.bom = bare(Object.entries(document.bom).filter(([key]) => key !== 'subject'));
  if (subject !== 'model') document.bom.subject = Object.keys(document[subject])[0];
  for (const [key, value] of Object.entries(document))
    document[key] = close(value, shapes.Manifest?.[key] ?? '*', `Manifest.${key}`, [key], run);
  const { otherSubjects, ...bom } = document.bom;
  const others = otherSubjects?.filter((id: string) => id !== (bom.subject ?? 'model'));
  document.bom = bare(Object.entries({ ...bom, ...(others?.length > 0 ? { otherSubjects: others } : {}) }));
  return withRoles(rooted(bare(Object.entries(document).filter(([, value]) => value !== undefined))));
}

/** Ids are unique over what edges may name. */
function uniqueThings(document: Any): void {
  const met = new Set(['model']);
  for (const collection of THINGS) {
    if (document[collection] === undefined) continue;
    const entries = Object.entries(document[collection]).filter(([id]) => !met.has(id));
    for (const [id] of entries) met.add(id);
    if (entries.length > 0) document[collection] = bare(entries);
    else delete document[collection];
  }
}

function ensure(document: Any, collection: string): void {
  if (document[collection] !== undefined && Object.keys(document[collection]).length > 0) return;
  document[collection] = bare([[`least-${collection}`, LEAST[collection]]]);
}

function close(value: Any, shape: string, member: string, path: readonly string[], run: Run): Any {
  if (typeof value === 'string') return REFERENCES[member] === undefined ? value : target(member, path, run);
  if (Array.isArray(value)) {
    const items = value
      .map((item, i) => close(item, shape.slice(2), member, [...path, String(i)], run))
      .filter((item) => item !== undefined);
    const [type = '', name = ''] = member.split('.');
    const left = isOrdered(type as TypeName, name) ? items : [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
    return left.length > 0 ? left : undefined;
  }
  if (!isObject(value) || shape === '*') return value;
  const type = shapes[shape];
  const keys = member === 'Manifest.dependencies' && type === undefined ? renamedKeys(value, run) : Object.entries(value);
  const members = keys.flatMap(([key, each]): [string, unknown][] => {
    const inner = type === undefined ? shape.slice(2) : (type[key] ?? '*');
    const left = close(each, inner, type === undefined ? member : `${shape}.${key}`, [...path, key], run);
    return left === undefined ? [] : [[key, left]];
  });
  return sensible(bare(members) as Any, shape);
}

const renamedKeys = (map: object, run: Run): [string, unknown][] => [
  ...new Map(Object.values(map).map((node) => [target('Manifest.dependencies', ['dependencies'], run) ?? '', node])).entries(),
];

/** Something that may be named there; of models, datasets, parties and stages only later ones than the one that names. */
function target(member: string, path: readonly string[], run: Run): string | undefined {
  const row = REFERENCES[member];
  if (row === undefined) return undefined;
  if (row.beside === 'stages') {
    const at = path.lastIndexOf('stages');
    const stages = Object.keys(
      resolvePointer(
        run.document,
        path
          .slice(0, at + 1)
          .map(pointerStep)
          .join(''),
      ) as object,
    );
    return pick(stages.slice(0, stages.indexOf(path[at + 1] ?? '')), run);
  }
  const isOrderly = /^(ParentReference|PartReference|Synthetic|Dataset|DatasetUse|Party)\./.test(member);
  const [holder = '', id = ''] = path;
  const all = row.in.flatMap((collection): string[] => {
    const keys = Object.keys(run.document[collection] ?? {});
    return isOrderly && holder === collection ? keys.slice(keys.indexOf(id) + 1) : keys;
  });
  const isSubjectAllowed = row.subject === true && run.hasModel && !(isOrderly && (holder === 'model' || holder === 'models'));
  return pick([...all, ...(isSubjectAllowed ? ['model'] : [])], run);
}

const pick = (ids: readonly string[], run: Run): string | undefined => (ids.length === 0 ? undefined : ids[run.turn++ % ids.length]);

/** What an object cannot do without, and what it cannot have together; undefined when nothing sensible is left. */
function sensible(value: Any, shape: string): Any {
  const isTyped = shapes[shape] !== undefined;
  if (MUST[shape]?.some((key) => value[key] === undefined)) return undefined;
  if ((isTyped || shape.startsWith('{}')) && !MAY_BE_EMPTY.has(shape) && Object.keys(value).length === 0) return undefined;
  return bare(
    Object.entries({ ...value, ...(Object.hasOwn(SENSE, shape) ? SENSE[shape]?.(value) : {}) }).filter(([, each]) => each !== undefined),
  );
}

function without(value: Any, ...names: readonly string[]): Any {
  const left = Object.entries(value ?? {}).filter(([key]) => !names.includes(key));
  return left.length === 0 ? undefined : bare(left);
}
/** Of which it may be known only that they are there. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['DatasetConfig', 'DatasetField', 'ListedFile', 'Split', 'Stage']);

const inOrder = ({ start, end }: Any): object =>
  start !== undefined && end !== undefined && end < start ? { start: end, end: start } : {};
const NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const digestOfSize = (size: number): string => (size === 0 ? NOTHING : size.toString(16).padStart(64, 'a1b2c3d4e5f60798'));

/** By type, what must be otherwise for the parts of an object to agree. */
const SENSE: Readonly<Record<string, (value: Any) => object>> = {
  Artifact: ({ size, digest }) => ({ digest: { sha256: digestOfSize(size), ...(digest.crc32c && { crc32c: digest.crc32c }) } }),
  Bom: ({ revisions }) => ({ revisions: revisions?.map((each: Any, i: number) => (i === 0 ? each : without(each, 'date'))) }),
  Contract: inOrder,
  Dataset: ({ sources, original, size, files, artifacts, splits, configs, dates, previousVersions }) => ({
    original: sources === undefined ? original : undefined,
    size: (files ?? artifacts ?? splits ?? configs) ? without(size, 'bytes', 'dataPoints', 'tokens') : size,
    previousVersions: dates === undefined ? previousVersions : previousVersions?.map((each: Any) => without(each, 'date')),
  }),
  License: ({ expression, name, url }) => ((expression ?? name ?? url) ? {} : { name: 'named' }),
  Lineage: ({ parents, scratch }) => ({ scratch: parents === undefined ? scratch : undefined }),
  DatasetDates: ({ issued, previous }) => ({ previous: issued === undefined ? previous : undefined }),
  ParameterCount: ({ total, active, trainable }) =>
    total === undefined ? {} : { active: active && Math.min(active, total), trainable: trainable && Math.min(trainable, total) },
  Period: inOrder,
  Run: inOrder,
  Scan: ({ status, verdict }) => (verdict === 'clean' ? { findings: 0, ...(status === 'complete' ? {} : { verdict: 'unknown' }) } : {}),
  Shard: ({ index, total }) => ({ index: Math.min(index, total) }),
  Stage: inOrder,
  TensorSummary: ({ dtypes }) =>
    dtypes === undefined ? {} : { parameters: Object.values(dtypes as Record<string, number>).reduce((a, b) => a + b) },
  Timeframe: inOrder,
  TreeDigest: ({ method, root }) => ({
    root: {
      ...root,
      sha256: root.sha256 ?? digestOfSize(1),
      ...(method === 'git' ? { gitCommit: '0123456789abcdef0123456789abcdef01234567' } : {}),
    },
  }),
};

/** Members that name something, without which their holder says nothing. */
const MUST: Readonly<Record<string, readonly string[]>> = {
  DatasetUse: ['dataset'],
  Evidence: ['values'],
  ParentReference: ['model'],
  PartReference: ['model'],
};

/** A complete root of the subject follows from the files; of other things it is not said that it is complete. */
function rooted(document: Any): Manifest {
  const files = Object.entries<Any>(document.artifacts).map(([path, { digest }]) => ({ path, digest }));
  const trees: Any[] = [document.model, ...['models', 'datasets'].flatMap((each) => Object.values(document[each] ?? {}))];
  for (const thing of trees) {
    if (thing?.digest === undefined) continue;
    const root = thing === document.model && thing.digest.method === 'oms-v1' ? treeDigest(files, { ignored: [] })?.root : undefined;
    const { ignored: _, ...digest } = thing.digest;
    thing.digest = bare(Object.entries({ ...digest, ...(root === undefined ? { complete: false } : { root, complete: true }) }));
  }
  return document as Manifest;
}

/** The roles of a dataset are those that the subject uses it in. */
function withRoles(manifest: Manifest): Manifest {
  const { model, evaluations, robustnessTests } = manifest;
  const tests = [...Object.values(evaluations ?? {}), ...Object.values(robustnessTests ?? {})].filter(
    ({ model: of = 'model' }) => of === 'model',
  );
  const holders: Any[] = [model?.training ?? {}, ...Object.values(model?.training?.stages ?? {}), ...tests];
  const uses = holders.flatMap(({ uses = {}, metrics, results }) => [
    ...Object.values<Any>(uses),
    ...Object.values<Any>(metrics ?? results ?? {}).flatMap(({ use }) => use ?? []),
  ]);
  for (const [id, dataset] of Object.entries<Any>(manifest.datasets ?? {})) {
    const own = uses.filter((use) => use.dataset === id);
    const stated = new Set(own.flatMap(({ role }) => role ?? []));
    if (dataset.roles === undefined || own.length === 0) continue;
    if (stated.size > 0) dataset.roles = [...stated];
    else delete dataset.roles;
  }
  return manifest;
}

/** Pointers of values that evidence may point at: none in `bom`, none inside a list or what is free-form. */
export function pointersOf(manifest: Manifest): readonly string[] {
  const found: string[] = [];
  const visit = (value: unknown, shape: string, pointer: string): void => {
    if (pointer !== '') found.push(pointer);
    if (!isObject(value) || shape === '*') return;
    for (const [key, member] of Object.entries(value)) {
      if (pointer === '' && ['$schema', 'bom', 'evidence', 'foreign'].includes(key)) continue;
      visit(member, shape.startsWith('{}') ? shape.slice(2) : (shapes[shape]?.[key] ?? '*'), pointer + pointerStep(key));
    }
  };
  visit(manifest, 'Manifest', '');
  return found;
}

/** Members that an object of the document could have and has not. */
function absentFrom(manifest: Manifest): readonly string[] {
  return Object.entries(manifest).flatMap(([key, value]) =>
    Object.keys(shapes[shapes.Manifest?.[key] ?? ''] ?? {})
      .filter((member) => !Object.hasOwn(value as object, member))
      .map((member) => `/${key}/${member}`),
  );
}

/** Where the schema was given `/N` as a pointer, the N-th place: of a value for evidence and audiences, of none for declarations. */
export function pointed(manifest: Manifest): Manifest {
  const [there, absent] = [pointersOf(manifest), absentFrom(manifest)];
  const rekeyed = <T>(map: { readonly [key: string]: T } | undefined, places: readonly string[], change: (value: T, at: string) => T) => {
    const entries = Object.entries(map ?? {}).map(([key, value]): [string, T] => {
      const at = places[Number(key.slice(1)) % places.length] ?? '/model';
      return [at, change(value, at)];
    });
    return entries.length === 0 ? undefined : bare(entries);
  };
  const same = <T>(value: T): T => value;
  const bom = {
    ...manifest.bom,
    declarations: rekeyed(manifest.bom.declarations, absent, same),
    audiences: rekeyed(manifest.bom.audiences, there, same),
  };
  const sections = [...new Set(there.map((each) => each.split('/').slice(0, 2).join('/')))];
  const evidence = [
    { origin: 'supplied', method: 'by hand', values: bare(sections.map((each) => [each, {}])) },
    ...(manifest.evidence ?? []).map((entry) => ({
      ...entry,
      values: rekeyed<Any>(entry.values, there, ({ members, said, ...value }, at) => {
        const is = resolvePointer(manifest, at);
        const inner = isObject(is) && there.some((each) => each.startsWith(`${at}/`)) ? Object.keys(is) : [];
        return {
          ...value,
          ...(members === undefined || inner.length === 0 || (said !== undefined && said !== null)
            ? {}
            : { members: [pointerStep(inner[0] ?? '').slice(1)] }),
          ...(said === undefined || said === null ? {} : { said: otherThan(is) }),
        };
      }),
    })),
  ];
  const isThere = ([, value]: [string, unknown]): boolean => value !== undefined;
  // Made from the schema and checked against it by the tests.
  return bare(Object.entries({ ...manifest, bom: bare(Object.entries(bom).filter(isThere)), evidence })) as unknown as Manifest;
}

function otherThan(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return `${value}?`;
  return Array.isArray(value) && value.length > 1 ? value.slice(1) : 'something else';
}

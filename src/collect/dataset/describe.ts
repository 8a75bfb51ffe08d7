/** A directory of data → one item of `/datasets`, with its files, their digests and what the metadata says, each with evidence. */
import { rootDigest } from '../../core/digest.js';
import { type Finding, sortFindings } from '../../core/finding.js';
import { idFrom } from '../../core/id.js';
import { pointerStep } from '../../core/json-pointer.js';
import { DEFAULT_LIMITS, type Limits } from '../../core/limits.js';
import { isObject } from '../../core/objects.js';
import type { SourceEntry, SourceTree } from '../../core/source-tree.js';
import { collectEvidence, mapPointers, movedPointer } from '../../manifest/evidence.js';
import { type Artifact, type Dataset, type Evidence, type ListedFile, type Party, SHAPES } from '../../schema/index.js';
import { artifactsFrom, byPath, type DescribedFile } from '../artifacts.js';
import { assemble, valueEvidence } from '../assemble.js';
import { type Claim, type Contribution, type Origin, RANKS } from '../contribution.js';
import type { FileDigest } from '../describe.js';
import { leftOut, listFiles } from '../document.js';
import { type Json, withPartyIds } from '../places.js';
import { checkPublished } from '../published-digests.js';
import { withoutPrivate, withoutPrivateNames, withoutPrivateWords } from '../redact.js';
import { checkStatements, incompleteSets } from './check.js';
import { upstreamItems } from './collector.js';
import { contentValues } from './content.js';
import { type DatasetLocation, locationContributions } from './location.js';
import { type DatasetFacts, readDataset, type SourcedStatement } from './read.js';
import { datasetRole } from './roles.js';
import { ITEM, settled } from './settle.js';

export interface DescribeDatasetOptions {
  /** Computes the digests of all files; rejects when one cannot be read. */
  readonly digestFiles: (entries: readonly SourceEntry[]) => Promise<readonly FileDigest[]>;
  readonly limits?: Limits;
  /** Keep e-mail addresses and paths that stand in the metadata. */
  readonly includePrivate?: boolean;
  /** Default what the metadata says, at last the name of the directory. */
  readonly name?: string;
  readonly version?: string;
  /** Id in the document; default made from the name. */
  readonly id?: string;
  /** What the dataset was used for. */
  readonly roles?: readonly string[];
  readonly location?: DatasetLocation | undefined;
  readonly exclude?: (path: string) => boolean;
  /** Is a metadata source read? Default: all are. */
  readonly sources?: (id: string) => boolean;
}

export interface DescribedDataset {
  /** Id of the dataset. */
  readonly id: string;
  /** The dataset, and those it came from. */
  readonly datasets: { readonly [id: string]: Dataset };
  /** Parties that they name. */
  readonly parties: { readonly [id: string]: Party };
  /** Its files, by path, with all that is known of each. */
  readonly artifacts: { readonly [path: string]: Artifact };
  /** Its files are listed in `/artifacts` there, as those of the subject are. */
  readonly evidence: readonly Evidence[];
  readonly findings: readonly Finding[];
}

/** @throws ERR_COLLECT_INCOMPLETE with one finding for each file that cannot be read, ERR_LIMIT_COUNT, ERR_IO_* */
export async function describeDataset(tree: SourceTree, options: DescribeDatasetOptions): Promise<DescribedDataset> {
  const { limits = DEFAULT_LIMITS, includePrivate = false, sources = () => true } = options;
  const listed = withoutPrivateNames(await listFiles(tree, limits, options.exclude));
  const { entries } = listed;
  const [digests, facts] = await Promise.all([
    options.digestFiles(entries),
    readDataset(tree, entries, { limits, includePrivate, sources }),
  ]);
  const notes = withoutPrivate([...facts.notes, ...entries.map(({ path }) => roleNote(path))], includePrivate);
  const { files, evidence: fileEvidence } = artifactsFrom(digests, notes.contributions);
  const checked = await checkFiles(tree, entries, digests, files, facts);
  const hashes = new Map(digests.map(({ path, digest }) => [path, digest.sha256]));
  const said = withoutPrivate(
    [
      ...identity(tree.name, options),
      ...facts.statements.filter(({ ofWhole }) => ofWhole).flatMap((each) => contributionsOf(each, hashes)),
      ...tableClaims(facts, files),
      ...fileClaims(files),
      checked.provenance,
    ],
    includePrivate,
  );
  const { sections, evidence, findings, parties } = assemble(settled(said.contributions));
  // A name that was nothing but private is gone.
  const { id: named, ...item }: Json = { name: 'unnamed', ...(sections[ITEM.slice(1)] as Json | undefined) };
  const id = typeof named === 'string' ? named : idFrom(String(item.name));
  const issued = withPartyIds('datasets', item, parties);
  const upstream = upstreamOf(facts.statements, { id, name: String(item.name) }, includePrivate);
  const home = `/datasets${pointerStep(id)}`;
  const moved = new Map([ITEM, `${ITEM}/id`].map((at) => [at, home]));
  const inPlace = (pointer: string): string => movedPointer(pointer, moved);
  return {
    id,
    // Built from places of the specification; the tests validate the result.
    datasets: Object.fromEntries([
      [id, { ...item, ...digestOf(item, files), ...derived(upstream) }],
      ...upstream.map(({ id: source, dataset }) => [source, dataset]),
    ]) as unknown as DescribedDataset['datasets'],
    parties: parties.all as unknown as DescribedDataset['parties'],
    artifacts: byPath(files),
    evidence: collectEvidence([
      ...evidence.flatMap((each) => [
        { ...each, pointer: inPlace(each.pointer) },
        ...issued.flatMap(([at, party]) => (each.pointer === ITEM + at ? [{ ...each, pointer: `/parties/${party}` }] : [])),
      ]),
      ...fileEvidence,
      ...upstream.map(({ id: source, from }) => valueEvidence(`/datasets${pointerStep(source)}`, from)),
      ...upstream.slice(0, 1).map(({ from }) => valueEvidence(`${home}/sources`, from)),
    ]),
    findings: sortFindings(
      [...listed.findings, ...facts.findings, ...checked.findings, ...notes.findings, ...said.findings, ...findings]
        .map((finding) => (finding.pointer === undefined ? finding : { ...finding, pointer: inPlace(finding.pointer) }))
        .map(withoutPrivateWords),
    ),
  };
}

/** The dataset as part of a document about something else: its files are listed in itself, with what such a listing has. */
export function asPart(described: DescribedDataset): DescribedDataset {
  const { id, datasets, artifacts, evidence, findings } = described;
  const files = Object.entries(artifacts).map(([path, file]) => [path, listedFile(file)] as const);
  if (files.length === 0) return described;
  const dataset = { ...(datasets[id] as Dataset), files: Object.fromEntries(files) }; // it has it under its id
  const home = `/datasets${pointerStep(id)}/files`;
  const moved = new Map([['/artifacts', home]]);
  const lost = Object.entries(artifacts).flatMap(([path, file]) =>
    Object.keys(file).flatMap((member) => (isListed(member) ? [] : [leftOut(`${home}${pointerStep(path)}/${member}`)])),
  );
  return {
    ...described,
    datasets: { ...datasets, [id]: dataset },
    evidence: mapPointers(evidence, (pointer) => movedPointer(pointer, moved)),
    findings: sortFindings([...findings, ...lost]),
  };
}

const isListed = (member: string): boolean => Object.hasOwn(SHAPES.ListedFile, member);
const listedFile = (file: Artifact): ListedFile => Object.fromEntries(Object.entries(file).filter(([member]) => isListed(member)));

interface CheckedFiles {
  readonly provenance: Claim;
  readonly findings: readonly Finding[];
}

/** The files against what the metadata, and the store that they lie in, state of them. */
async function checkFiles(
  tree: SourceTree,
  entries: readonly SourceEntry[],
  digests: readonly FileDigest[],
  artifacts: readonly DescribedFile[],
  { statements }: DatasetFacts,
): Promise<CheckedFiles> {
  const data = artifacts.filter(({ role }) => role === 'data' || role === 'archive').map(({ path }) => path);
  const pointers = new Map(artifacts.flatMap(({ path, pointer }) => (pointer === undefined ? [] : [[path, pointer] as const])));
  const published = await checkPublished(tree, entries, digests);
  const check = await checkStatements({ tree, statements, files: digests, pointers, data });
  const findings = [...check.findings, ...incompleteSets(artifacts), ...published];
  const matched = new Set([...check.matched, ...publishedFiles(entries, published)]);
  return { findings, provenance: provenance(statements, data, matched, findings) };
}

/** Files whose digest the store that they lie in states, and states rightly. */
const publishedFiles = (entries: readonly SourceEntry[], findings: readonly Finding[]): readonly string[] => {
  const wrong = new Set(findings.map(({ file }) => file));
  return entries.filter(({ path, claimed }) => claimed !== undefined && !wrong.has(path)).map(({ path }) => path);
};

const roleNote = (path: string): Contribution => ({
  kind: 'file',
  path,
  facts: { role: datasetRole(path) },
  from: { origin: 'inferred', name: 'file name', method: 'role of a dataset file by its name' },
});

const claim = (pointer: string, value: Claim['value'], rank: number, from: Origin): Claim => ({
  kind: 'claim',
  pointer: ITEM + pointer,
  value,
  rank,
  from,
});

function identity(directory: string, { name, version, id, roles, location }: DescribeDatasetOptions): readonly Contribution[] {
  const supplied: Origin = { origin: 'supplied', name: 'caller', method: 'option' };
  return [
    ...(id === undefined ? [] : [claim('/id', id, RANKS.option, supplied)]),
    ...(name === undefined || name === '' ? [] : [claim('/name', name, RANKS.option, supplied)]),
    ...(version === undefined || version === '' ? [] : [claim('/version', version, RANKS.option, supplied)]),
    ...(roles === undefined || roles.length === 0 ? [] : [claim('/roles', [...new Set(roles)], RANKS.option, supplied)]),
    ...(location === undefined ? [] : locationContributions(location)),
    claim('/name', directory === '' ? 'unnamed' : directory, RANKS.directory, {
      origin: 'inferred',
      name: 'directory name',
      method: 'name of the directory',
    }),
  ];
}

/** What one metadata file says, and that it exists. */
function contributionsOf({ source, path, statement }: SourcedStatement, hashes: ReadonlyMap<string, string>): readonly Contribution[] {
  const from = (key: string, origin: Origin['origin'] = 'declared'): Origin => ({ origin, path, key, method: source.method });
  const sha256 = hashes.get(path);
  const reference = { path, mediaType: source.mediaType, ...(sha256 === undefined ? {} : { digest: { sha256 } }) };
  const items = statement.items ?? [];
  const says = statement.values.length > 0 || items.length > 0;
  return [
    ...statement.values.map(({ pointer, value, key, origin }) => claim(pointer, value, source.rank, from(key, origin))),
    ...(says
      ? [
          {
            kind: 'addition',
            list: `${ITEM}/metadataRefs`,
            item: reference,
            from: { origin: 'observed', path, method: 'metadata file' },
          } as const,
        ]
      : []),
    ...items.map(({ list, item, key }): Contribution => ({ kind: 'addition', list: `${ITEM}/${list}`, item, from: from(key) })),
  ];
}

/** Bytes and digest of what was listed. */
function fileClaims(files: readonly DescribedFile[]): readonly Claim[] {
  const [only] = files;
  if (only === undefined) return [];
  const bytes = files.reduce((sum, file) => sum + (file.pointer?.size ?? file.size), 0);
  const sha256 = files.length === 1 ? only.digest.sha256 : rootDigest(files);
  const method = files.length === 1 ? 'hash of the only file' : 'OpenSSF Model Signing root digest over the files';
  return [
    ...(Number.isSafeInteger(bytes)
      ? [claim('/size/bytes', bytes, RANKS.weights, { origin: 'observed', name: 'files', method: 'sum over the files' })]
      : []),
    ...(sha256 === undefined ? [] : [claim('/digest/root', { sha256 }, RANKS.weights, { origin: 'observed', name: 'files', method })]),
  ];
}

/** How the digest was computed, where there is one: over all files, or of the only one. */
const digestOf = ({ digest }: Json, files: readonly DescribedFile[]): Json =>
  isObject(digest) ? { digest: { ...digest, method: files.length === 1 ? 'file' : 'oms-v1', complete: true } } : {};

/**
 * Rows, where the files leave no doubt: all data are tables of one format with the same columns, no file is there twice, and
 * none is a cache of the library.
 */
function tableClaims({ tables }: DatasetFacts, files: readonly DescribedFile[]): readonly Claim[] {
  const data = files.filter(({ role }) => role === 'data');
  const read = data.map(({ path }) => tables.get(path));
  const known = read.filter((table) => table !== undefined);
  const [first] = known;
  const shapes = new Set(known.map(({ format, columns }) => JSON.stringify([format, columns.map(({ name, type }) => [name, type])])));
  const digests = new Set(data.map(({ digest }) => digest.sha256));
  const isCache = data.some(({ path }) => /(^|\/)(cache|tmp)[^/]*\.arrow$/.test(path));
  if (first === undefined || known.length !== read.length || shapes.size !== 1 || digests.size !== data.length || isCache) return [];
  const rows = known.reduce((sum, table) => sum + table.rows, 0);
  const from: Origin = {
    origin: 'observed',
    name: 'files',
    key: 'rows',
    method: `sum over the ${first.format} metadata of all data files`,
  };
  return [
    ...(Number.isSafeInteger(rows) ? [claim('/size/dataPoints', rows, RANKS.weights, from)] : []),
    ...contentValues('schema', first.columns).map(({ pointer, value, key, origin }) =>
      claim(pointer, value, RANKS.weights, { ...from, key, method: `${first.format} schema`, origin: origin ?? 'observed' }),
    ),
  ];
}

/** `verified` only when the digest of every data file was recomputed, each is a published one, and nothing contradicts. */
function provenance(
  statements: readonly SourcedStatement[],
  data: readonly string[],
  matched: ReadonlySet<string>,
  findings: readonly Finding[],
): Claim {
  const broken = findings.some(({ id }) => id !== 'dataset-file-unlisted');
  const verified = data.length > 0 && !broken && data.every((path) => matched.has(path));
  const isDeclared = statements.some(({ ofWhole, statement }) => ofWhole && statement.values.length > 0);
  const status = verified ? 'verified' : isDeclared ? 'declared' : 'unknown';
  const methods = {
    verified: 'digests of all data files recomputed and found in the published metadata',
    declared: 'metadata speaks of the dataset; not every digest was published',
    unknown: 'no metadata speaks of the dataset',
  };
  return claim('/provenanceStatus', status, RANKS.weights, {
    origin: verified ? 'observed' : 'inferred',
    name: 'files',
    method: methods[status],
  });
}

interface UpstreamDataset {
  readonly id: string;
  readonly dataset: Json;
  readonly from: Origin;
}

function upstreamOf(
  statements: readonly SourcedStatement[],
  own: { readonly id: string; readonly name: string },
  includePrivate: boolean,
): readonly UpstreamDataset[] {
  const found = new Map<string, UpstreamDataset>();
  for (const { source, path, statement, ofWhole } of statements) {
    if (!ofWhole) continue;
    const items = upstreamItems(statement, own.name, { origin: 'declared', path, method: source.method });
    for (const each of withoutPrivate(items, includePrivate).contributions) {
      if (each.kind !== 'addition') continue;
      const { id: named, ...dataset } = each.item;
      const id = String(named);
      if (id !== own.id && !found.has(id)) found.set(id, { id, dataset, from: each.from });
    }
  }
  return [...found.values()];
}

const derived = (upstream: readonly UpstreamDataset[]): Json =>
  upstream.length === 0 ? {} : { sources: Object.fromEntries(upstream.map(({ id }) => [id, { dataset: id }])) };

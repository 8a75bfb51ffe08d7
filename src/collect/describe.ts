/** A directory of files → what they say of one model: every fact with its evidence. */
import type { DigestedFile } from '../core/digest.js';
import { type Finding, sortFindings } from '../core/finding.js';
import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';
import type { SourceEntry, SourceTree } from '../core/source-tree.js';
import { TOOL } from '../core/tool.js';
import { collectEvidence } from '../manifest/evidence.js';
import {
  type Declaration,
  type DigestSet,
  type Manifest,
  type Model,
  type ParentReference,
  type Party,
  SCHEMA_ID,
  SPEC_VERSION,
} from '../schema/index.js';
import { artifactsFrom, byPath } from './artifacts.js';
import { assemble } from './assemble.js';
import { companionNotes } from './companions.js';
import { type Contribution, directoryOf } from './contribution.js';
import { derivedSerialNumber, listFiles, timestampOf } from './document.js';
import { type HubLocation, hubIdentifier, type IdentityOptions, identityClaims } from './identity.js';
import { type ModelTree, resolveLayout } from './layout/index.js';
import { readMetadata } from './metadata.js';
import { finishModels } from './model.js';
import { NOT_HERE, withoutWeights } from './models/absent.js';
import { type FoundModels, findModels, pipelineDirectories, SUBJECT } from './models/find.js';
import { leftovers } from './models/leftovers.js';
import { libraryConfigs } from './models/library-config.js';
import { ownersOf } from './models/owners.js';
import { selectModel } from './models/select.js';
import { saidByWeights, settleModels } from './models/settle.js';
import { isCommit } from './public-uri.js';
import { checkPublished } from './published-digests.js';
import { withoutPrivate, withoutPrivateNames, withoutPrivateWords } from './redact.js';
import { isWorthReading, readWeights, type WeightFile, type WeightOptions } from './weights.js';

/** Digest and size of a file, as computed while reading it once. */
export interface FileDigest extends DigestedFile {
  readonly size: number;
  readonly digest: DigestSet & { readonly sha256: string };
}

export interface DescribeOptions extends IdentityOptions {
  /**
   * Computes the digests of files; rejects when one cannot be read. Whoever has a file in hand may show its first 4096 bytes
   * (or all that it has) to `look`: files that hold nothing of interest are then not opened again.
   */
  readonly digestFiles: (
    entries: readonly SourceEntry[],
    look?: (path: string, head: Uint8Array) => void,
  ) => Promise<readonly FileDigest[]>;
  /** Time of the document. */
  readonly now: Date | string;
  /** Default: derived from name, version, time and files, so that the same input gives the same document. */
  readonly serialNumber?: string;
  /** When in the life cycle, and from what; default the files of a finished model. */
  readonly context?: NonNullable<Manifest['bom']['generationContext']>;
  /** Who makes the document. */
  readonly authors?: readonly Party[];
  readonly limits?: Limits;
  /** Keep paths, e-mail addresses and the like. Credentials are left out in any case. */
  readonly includePrivate?: boolean;
  /** Where in the Hugging Face cache the directory lies, from `hubLocation`. */
  readonly location?: HubLocation | undefined;
  /** What is known from elsewhere: probes of the machine, a recorded run. */
  readonly also?: readonly Contribution[];
  /** Does what a metadata file says count? What is known from elsewhere may leave no room for it; default all does. */
  readonly keep?: (contribution: Contribution) => boolean;
  /** Name of the directory that the model is called after when nothing else speaks; default that of the tree. */
  readonly directoryName?: string | undefined;
  /** Which metadata sources to read, by id; default all. */
  readonly sources?: (id: string) => boolean;
  /** Are weights to be here? Without any, the document says so and a finding tells it. Default true. */
  readonly expectsWeights?: boolean;
  /** Which model, where the directory holds several or is a cache or a store. */
  readonly select?: string | undefined;
  /** Paths to leave out, besides those that OpenSSF Model Signing leaves out. */
  readonly exclude?: (path: string) => boolean;
}

/** What files and machine say, before the caller does. */
export interface Described {
  readonly manifest: Manifest;
  /** How the model came from every model that it came from, where files say so; they may name none. */
  readonly relation?: ParentReference['relation'] | undefined;
  /** What is odd about the files: conflicts, missing shards, headers that cannot be read. */
  readonly findings: readonly Finding[];
}

/**
 * Describes a directory.
 *
 * @throws ERR_COLLECT_INCOMPLETE with one finding for each file that cannot be part of it; ERR_LIMIT_COUNT
 */
export async function describe(tree: SourceTree, options: DescribeOptions): Promise<Described> {
  const { limits = DEFAULT_LIMITS, includePrivate = false } = options;
  const listed = withoutPrivateNames(await listFiles(tree, limits, options.exclude));
  const layout = await resolveLayout(tree, listed.entries, limits, options.select);
  const { tree: files, location = options.location } = layout;
  const { entries, digests, weights, models, owners } = await readModels(layout, options);
  const sizes = new Map(entries.map(({ path, size }) => [path, size]));
  const paths = new Set(sizes.keys());
  const published = await checkPublished(files, entries, digests);
  const isChanged = published.some(({ severity }) => severity === 'high');
  const metadata = await readMetadata(files, entries, {
    limits,
    includePrivate,
    owner: owners,
    ...(options.sources === undefined ? {} : { sources: options.sources }),
  });
  const companions = companionNotes(weights, sizes);
  const { said, learnt } = apart(options.also ?? []);
  const redacted = withoutPrivate(
    [
      ...said,
      ...identityClaims(options, options.directoryName ?? files.name, location),
      ...(location === undefined ? [] : [hubPurlOf(location)]),
      ...(layout.contributions ?? []).filter((each) => !isChanged || !isCommitVersion(each)),
      // What another file says of a companion comes before what its own bytes do not say.
      ...companions.contributions,
      ...weights.flatMap((file) => saidByWeights(file, models)),
      ...metadata.contributions.filter(options.keep ?? (() => true)),
      ...learnt,
    ],
    includePrivate,
    metadata.credentials,
  );
  const settled = settleModels(redacted.contributions, { name: files.name, models, owners, weights, paths });
  const { sections, evidence, findings, ...joined } = assemble(settled.contributions, {
    taken: [SUBJECT, ...models.others.map(({ id }) => id)],
    ...(options.authors === undefined ? {} : { authors: options.authors }),
  });
  const listing = artifactsFrom(digests, settled.contributions);
  const model = finishModels(sections, listing.files, { models, owners, weights, ...settled });
  const { bom: saidOfDocument, ...modelSections } = model.sections;
  const all = [
    ...findings,
    ...listed.findings,
    ...(layout.findings ?? []),
    ...published,
    ...leftovers(paths),
    ...settled.findings,
    ...redacted.findings,
    ...weights.flatMap((file) => file.findings),
    ...metadata.findings,
    ...companions.findings,
    ...model.findings,
  ];
  const absent = options.expectsWeights === false ? [] : withoutWeights(models, listing.files, all);
  const isWhole = listed.findings.length === 0 && ![...all, ...absent].some(({ id }) => NOT_HERE.has(id));
  const manifest = {
    $schema: SCHEMA_ID,
    bom: {
      ...documentData(options, { authors: joined.authors, model: model.sections.model as unknown as Model, isWhole, absent }),
      ...(saidOfDocument as Partial<Manifest['bom']> | undefined),
    },
    ...modelSections,
    ...(model.files.length > 0 ? { artifacts: byPath(model.files) } : {}),
    evidence: collectEvidence([...evidence, ...listing.evidence, ...model.evidence]),
  } as unknown as Manifest; // built from places of the specification; the tests validate the result
  return {
    manifest,
    relation: joined.relation as Described['relation'],
    findings: sortFindings([...all, ...absent].map(withoutPrivateWords)),
  };
}

/** Digests, headers and the models that they make; of several the one that is asked for, with its files alone. */
async function readModels(layout: ModelTree, options: DescribeOptions) {
  const { tree: files, entries } = layout;
  const { limits = DEFAULT_LIMITS } = options;
  const sizes = new Map(entries.map(({ path, size }) => [path, size]));
  const config = libraryConfigs(files, sizes, limits);
  const packedBits = async (path: string): Promise<number | undefined> => (await config(directoryOf(path)))?.bits;
  const { digests, weights } = await readFiles(files, entries, options, { limits, packedBits });
  const paths = new Set(sizes.keys());
  const isLibraryConfig = async (path: string): Promise<boolean> => (await config(directoryOf(path)))?.isOfOneModel === true;
  const models = await findModels({ weights, paths, isLibraryConfig });
  const owners = ownersOf(models, pipelineDirectories(paths));
  if (options.select === undefined || layout.isStore === true) return { entries, digests, weights, models, owners };
  const { model, isOwn } = selectModel(models, owners, options.select, files.name);
  const kept = entries.filter(({ path }) => isOwn(path));
  const one: FoundModels = { subject: { ...model, id: SUBJECT }, others: [] };
  return {
    entries: kept,
    digests: digests.filter(({ path }) => isOwn(path)),
    weights: weights.filter(({ path }) => isOwn(path)),
    models: one,
    owners: ownersOf(one, pipelineDirectories(new Set(kept.map(({ path }) => path)))),
  };
}

/** A commit is the version of the bytes that were published under it, and of no others. */
const isCommitVersion = (each: Contribution): boolean => each.kind === 'claim' && each.pointer === '/model/version' && isCommit(each.value);

/** What the caller says stands before everything else; what else is known from elsewhere stands last. */
function apart(also: readonly Contribution[]): { readonly said: readonly Contribution[]; readonly learnt: readonly Contribution[] } {
  const isSaid = (each: Contribution): boolean => each.kind !== 'sum' && each.from.origin === 'supplied';
  return { said: also.filter(isSaid), learnt: also.filter((each) => !isSaid(each)) };
}

/** Files up to this size are hashed first, and their beginnings say which of them to open again for their headers. */
const SMALL_BYTES = 1024 * 1024;

/** Digests and headers. Headers are read while other threads hash the big files. */
async function readFiles(
  tree: SourceTree,
  entries: readonly SourceEntry[],
  { digestFiles }: DescribeOptions,
  weightOptions: WeightOptions,
): Promise<{ readonly digests: readonly FileDigest[]; readonly weights: readonly WeightFile[] }> {
  const plain = new Set<string>();
  const look = (path: string, head: Uint8Array): void => {
    if (!isWorthReading(path, head)) plain.add(path);
  };
  const small = await digestFiles(
    entries.filter(({ size }) => size <= SMALL_BYTES),
    look,
  );
  const read = async (): Promise<readonly WeightFile[]> => {
    const files: WeightFile[] = [];
    for (const { path } of entries) {
      const file = plain.has(path) ? undefined : await readWeights(tree, path, weightOptions);
      if (file !== undefined) files.push(file);
    }
    return files;
  };
  const [big, weights] = await Promise.all([digestFiles(entries.filter(({ size }) => size > SMALL_BYTES)), read()]);
  const byPath = new Map([...small, ...big].map((file) => [file.path, file]));
  return { digests: entries.flatMap(({ path }) => byPath.get(path) ?? []), weights };
}

function hubPurlOf(location: HubLocation): Contribution {
  return {
    kind: 'addition',
    list: '/model/identifiers',
    item: { type: 'purl', value: hubIdentifier(location) },
    from: { origin: 'inferred', name: 'directory layout', method: 'Hugging Face cache layout' },
  };
}

interface DocumentFacts {
  /** Ids of parties. */
  readonly authors: readonly string[];
  readonly model: Model;
  /** Are all files here that the model has? */
  readonly isWhole: boolean;
  /** What was found in place of weights. */
  readonly absent: readonly Finding[];
}

function documentData(options: DescribeOptions, { authors, model, isWhole, absent }: DocumentFacts): Manifest['bom'] {
  const timestamp = timestampOf(options.now);
  const unknown = (reason: string): Declaration => ({ status: 'unknown', reason });
  const declarations = {
    ...(authors.length > 0 ? {} : { '/bom/authors': unknown('no author was given when the files were collected') }),
    ...Object.fromEntries(absent.map(({ message }) => ['/model/parameterCount', unknown(message)])),
  };
  return {
    specVersion: SPEC_VERSION,
    serialNumber:
      options.serialNumber ?? derivedSerialNumber([model.name, model.version ?? '', timestamp, model.digest?.root.sha256 ?? '']),
    version: 1,
    timestamp,
    ...(authors.length > 0 ? { authors: [...authors] } : {}),
    tools: [{ ...TOOL }],
    generationContext: options.context ?? { phase: 'post-build', basis: 'files of the model directory' },
    coverage: { depth: 'none', completeness: 'unknown', datasets: 'unknown', artifacts: isWhole ? 'complete' : 'partial' },
    ...(Object.keys(declarations).length > 0 ? { declarations } : {}),
  };
}

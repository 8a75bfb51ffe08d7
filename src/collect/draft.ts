/** A directory of files → what they say of one model, in the form that the collectors speak: every fact with its evidence. */
import type { JsonValue } from '../core/canonical-json.js';
import type { DigestedFile } from '../core/digest.js';
import { type Finding, sortFindings } from '../core/finding.js';
import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';
import type { SourceEntry, SourceTree } from '../core/source-tree.js';
import { TOOL } from '../core/tool.js';
import { groupEvidence } from '../draft/manifest/evidence.js';
import { type DigestSet, type Manifest, type PartyRef, SCHEMA_ID, SPEC_VERSION } from '../draft/schema/index.js';
import type { Party } from '../schema/index.js';
import { artifactsFrom } from './artifacts.js';
import { assemble } from './assemble.js';
import { companionNotes } from './companions.js';
import type { Contribution } from './contribution.js';
import { derivedSerialNumber, listFiles, ordered, timestampOf } from './document.js';
import { type HubLocation, hubIdentifier, type IdentityOptions, identityClaims, ownNames, withoutBorrowedNames } from './identity.js';
import { resolveLayout } from './layout/index.js';
import { settleLineage } from './lineage.js';
import { readMetadata, readWhole } from './metadata.js';
import { finishModel } from './model.js';
import { isCommit } from './public-uri.js';
import { checkPublished } from './published-digests.js';
import { withoutPrivate, withoutPrivateNames, withoutPrivateWords } from './redact.js';
import { bitsOf } from './sources/huggingface-config/index.js';
import { fromJson } from './sources/kernel/json-file.js';
import { filesBeside, headerContributions } from './speakers.js';
import { asObject } from './values.js';
import { isWorthReading, readWeights, type WeightFile, type WeightOptions } from './weights.js';

/** Digest and size of a file, as computed while reading it once. */
export interface FileDigest extends DigestedFile {
  readonly size: number;
  readonly digest: DigestSet & { readonly sha256: string };
}

export interface DraftOptions extends IdentityOptions {
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
  /** Which model, where the directory is a cache or a store of several. */
  readonly select?: string | undefined;
  /** Paths to leave out, besides those that OpenSSF Model Signing leaves out. */
  readonly exclude?: (path: string) => boolean;
}

export interface CollectedDraft {
  readonly manifest: Manifest;
  /** What is odd about the files: conflicts, missing shards, headers that cannot be read. */
  readonly findings: readonly Finding[];
}

/**
 * Describes a directory.
 *
 * @throws ERR_COLLECT_INCOMPLETE with one finding for each file that cannot be part of it; ERR_LIMIT_COUNT
 */
export async function collectDraft(tree: SourceTree, options: DraftOptions): Promise<CollectedDraft> {
  const { limits = DEFAULT_LIMITS, includePrivate = false } = options;
  const listed = withoutPrivateNames(await listFiles(tree, limits, options.exclude));
  const layout = await resolveLayout(tree, listed.entries, limits, options.select);
  const { tree: files, entries, location = options.location } = layout;
  const sizes = new Map(entries.map(({ path, size }) => [path, size]));
  const weightOptions = { limits, packedBits: await packedBits(files, entries, limits) };
  const { digests, weights } = await readFiles(files, entries, options, weightOptions);
  const published = await checkPublished(files, entries, digests);
  const isChanged = published.some(({ severity }) => severity === 'high');
  const metadata = await readMetadata(files, entries, {
    limits,
    includePrivate,
    ...(options.sources === undefined ? {} : { sources: options.sources }),
  });
  const companions = companionNotes(weights, sizes);
  const beside = filesBeside(weights, new Set(sizes.keys()));
  const { said, learnt } = apart(options.also ?? []);
  const redacted = withoutPrivate(
    [
      ...said,
      ...identityClaims(options, options.directoryName ?? files.name, location),
      ...(location === undefined ? [] : [hubPurlOf(location)]),
      ...(layout.contributions ?? []).filter((each) => !isChanged || !isCommitVersion(each)),
      // What another file says of a companion comes before what its own bytes do not say.
      ...companions.contributions,
      ...headerContributions(weights, beside),
      ...metadata.contributions.filter(options.keep ?? (() => true)),
      ...learnt,
    ],
    includePrivate,
    metadata.credentials,
  );
  const found = withoutBorrowedNames(redacted.contributions);
  const lineage = settleLineage({ contributions: found, weights, paths: new Set(sizes.keys()), ...ownNames(found) });
  const { contributions } = lineage;
  const { sections, evidence, findings } = assemble(contributions);
  const artifacts = artifactsFrom(digests, contributions);
  const model = finishModel(sections, artifacts.artifacts, { weights, beside }, contributions);
  const { bom: saidOfDocument, ...modelSections } = model.sections;
  const manifest: Manifest = {
    $schema: SCHEMA_ID,
    // Both are built from pointers of the schema; the tests validate the result.
    bom: {
      ...documentData(options, model.subject, model.sections, listed.findings.length === 0),
      ...(saidOfDocument as Partial<Manifest['bom']> | undefined),
    },
    ...(modelSections as Omit<Manifest, 'bom'>),
    ...(model.artifacts.length > 0 ? { artifacts: [...model.artifacts] } : {}),
    evidence: groupEvidence([...evidence, ...artifacts.evidence, ...model.evidence]),
  };
  const all = [
    ...findings,
    ...listed.findings,
    ...(layout.findings ?? []),
    ...published,
    ...lineage.findings,
    ...redacted.findings,
    ...weights.flatMap((file) => file.findings),
    ...metadata.findings,
    ...companions.findings,
    ...model.findings,
  ];
  return { manifest: ordered(manifest), findings: sortFindings(all.map(withoutPrivateWords)) };
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
  { digestFiles }: DraftOptions,
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

/** A bigger one is no configuration; its collector says so. */
const MAX_CONFIG_BYTES = 64 * 1024 * 1024;

/** Bits of packed weights by `quantization_config` of config.json; what is wrong with the file is said by its collector. */
async function packedBits(tree: SourceTree, entries: readonly SourceEntry[], limits: Limits): Promise<number | undefined> {
  const config = entries.find(({ path, size }) => path === 'config.json' && size <= MAX_CONFIG_BYTES);
  if (config === undefined) return undefined;
  const file = await readWhole(tree, config.path);
  let bits: number | undefined;
  fromJson(file, limits, (value) => {
    bits = bitsOf(asObject(value.quantization_config));
    return { contributions: [] };
  });
  return bits;
}

function hubPurlOf(location: HubLocation): Contribution {
  return {
    kind: 'addition',
    list: '/model/identifiers',
    item: { type: 'purl', value: hubIdentifier(location) },
    from: { origin: 'inferred', name: 'directory layout', method: 'Hugging Face cache layout' },
  };
}

function documentData(
  options: DraftOptions,
  subject: 'adapter' | undefined,
  sections: { readonly [key: string]: JsonValue },
  isWhole: boolean,
): Manifest['bom'] {
  const timestamp = timestampOf(options.now);
  const authors = options.authors ?? [];
  // Claims above, and the digest over the files.
  const model = sections.model as { readonly name?: string; readonly version?: string; readonly rootDigest?: DigestSet } | undefined;
  return {
    specVersion: SPEC_VERSION,
    ...(subject === undefined ? {} : { subject }),
    serialNumber:
      options.serialNumber ?? derivedSerialNumber([model?.name ?? '', model?.version ?? '', timestamp, model?.rootDigest?.sha256 ?? '']),
    version: 1,
    timestamp,
    ...(authors.length > 0 ? { authors: [...(authors as readonly PartyRef[])] } : {}),
    tools: [{ ...TOOL }],
    generationContext: options.context ?? { phase: 'post-build', evidence: 'files of the model directory' },
    coverage: { depth: 'none', completeness: 'unknown', datasets: 'unknown', artifacts: isWhole ? 'complete' : 'partial' },
    ...(authors.length > 0 || (sections.bom as { readonly authors?: unknown } | undefined)?.authors !== undefined
      ? {}
      : { declarations: [{ pointer: '/bom/authors', status: 'unknown', reason: 'no author was given when the files were collected' }] }),
  };
}

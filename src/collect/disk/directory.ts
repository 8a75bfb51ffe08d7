import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ManifestDraft } from '../../build/builder.js';
import type { Finding } from '../../core/finding.js';
import { sortFindings } from '../../core/finding.js';
import type { Host } from '../../core/host.js';
import { DEFAULT_LIMITS } from '../../core/limits.js';
import { withoutEvidence } from '../../manifest/evidence.js';
import { type DiskTree, openTree } from '../../platform/files.js';
import type { FileGuard } from '../../platform/guard.js';
import { openHost } from '../../platform/host.js';
import { probeHost } from '../../probe/index.js';
import type { Environment, Manifest, Model } from '../../schema/index.js';
import type { Contribution } from '../contribution.js';
import { withDataset } from '../dataset/index.js';
import { type Described, describe } from '../describe.js';
import { finished } from '../finished.js';
import { type CollectOptions, type CollectResult, hubLocation } from '../index.js';
import { checkoutIdentity } from './checkout.js';
import { openDataset } from './dataset.js';
import { type DirectoryOptions, digester } from './hashing.js';
import { describeInput } from './inputs.js';
import { type Sifted, sifted } from './left-out.js';

/** What to learn of the machine besides the files. */
export interface MachineOptions {
  /** Groups or ids of probes to run. */
  readonly probes: readonly string[];
  /** Ids of probes not to run. */
  readonly without?: readonly string[];
  /** Default: the running machine. */
  readonly host?: Host;
  /** What the machine is used for. Unless somebody says it, nothing that is found there took part in anything: purpose `unknown`, no scope. */
  readonly purpose?: readonly Environment['purpose'][number][];
  /** Python interpreter or prefix to look into. */
  readonly python?: string;
  /** Recompute the digests that installed Python packages state for their files. */
  readonly verifyRecord?: boolean;
}

export interface CollectDirectoryOptions
  extends DirectoryOptions,
    Omit<CollectOptions, 'digestFiles' | 'now' | 'location' | 'limits' | 'exclude'> {
  /** Time of the document; default the present. */
  readonly now?: Date | string;
  readonly machine?: MachineOptions;
  /** The files, relative to the directory; default all that lie in it. */
  readonly files?: Iterable<string>;
  /** Files, directories or globs that the model was trained on: hashed and described as datasets. */
  readonly datasets?: readonly string[];
  /** Directory that `datasets` are relative to; default the current one. */
  readonly cwd?: string;
  /** Do name and version come from the repository that the directory is a checkout of? Default true. */
  readonly checkout?: boolean;
}

/**
 * Describes the model in a directory, or that is one file.
 * @throws ERR_IO_*, ERR_COLLECT_INCOMPLETE with a finding for each file that cannot be read, ERR_COLLECT_SELECT
 */
export async function collectDirectory(directory: string, options: CollectDirectoryOptions = {}): Promise<CollectResult> {
  const { described, told } = await describeSifted(directory, options);
  const { manifest, findings } = finished(described, options);
  return { manifest: told(manifest), findings };
}

/** A directory as a tree, or one file as a tree that holds nothing else. */
async function openModel(path: string, files: CollectDirectoryOptions['files'], guard: FileGuard | undefined): Promise<DiskTree> {
  if ((await stat(path).catch(() => undefined))?.isFile() === true) return openDataset(path, guard);
  const tree = await openTree(path, { files, guard });
  await guard?.describes(tree.root);
  return tree;
}

/** The same, before the caller speaks. */
export async function describeDirectory(directory: string, options: CollectDirectoryOptions = {}): Promise<Described> {
  return (await describeSifted(directory, options)).described;
}

async function describeSifted(
  directory: string,
  options: CollectDirectoryOptions,
): Promise<Pick<Sifted, 'told'> & { readonly described: Described }> {
  const { files, guard } = options;
  const { tree, findings, told } = sifted(await openModel(directory, files, guard), options.exclude);
  const checkout =
    options.checkout === false ? { contributions: [], findings: [] } : await checkoutIdentity(tree.root, options.limits ?? DEFAULT_LIMITS);
  const machine = await probeMachine(options, directory);
  const collected = await describe(tree, {
    ...options,
    now: options.now ?? new Date(),
    location: hubLocation(tree.root),
    also: [...(options.also ?? []), ...checkout.contributions, ...machine.contributions],
    digestFiles: digester(options),
  });
  const { onProgress: _, ...quiet } = options;
  const data = await Promise.all(
    (options.datasets ?? []).map((path) => describeInput(path, resolve(options.cwd ?? '.'), ['training'], quiet)),
  );
  const described = {
    ...collected,
    manifest: data.reduce((joined, { described }) => withDataset(joined, described), collected.manifest),
    findings: sortFindings([
      ...collected.findings,
      ...findings(),
      ...checkout.findings,
      ...machine.findings,
      ...data.flatMap(({ described }) => described.findings),
    ]),
  };
  return { described, told };
}

/** What the machine says, as contributions. No program of the described directory is started. */
export async function probeMachine(
  { machine, limits = DEFAULT_LIMITS, includePrivate = false }: Pick<CollectDirectoryOptions, 'machine' | 'limits' | 'includePrivate'>,
  directory?: string,
): Promise<{
  readonly contributions: readonly Contribution[];
  readonly findings: readonly Finding[];
}> {
  if (machine === undefined || machine.probes.length === 0) return { contributions: [], findings: [] };
  const context = {
    environment: 'machine',
    purpose: machine.purpose ?? ['unknown'],
    limits,
    includePrivate,
    ...(machine.python === undefined ? {} : { python: machine.python }),
    ...(machine.verifyRecord === undefined ? {} : { verifyRecord: machine.verifyRecord }),
  };
  const probed = await probeHost(
    machine.host ?? openHost(directory === undefined ? {} : { described: [directory] }),
    machine.probes,
    context,
    machine.without,
  );
  return machine.purpose === undefined ? { ...probed, contributions: probed.contributions.map(withoutScope) } : probed;
}

/** What is installed on a machine of which nobody said what it is for was used for nothing that is known. */
function withoutScope(each: Contribution): Contribution {
  if (each.kind !== 'addition' || each.list !== '/components') return each;
  const { scope: _, ...item } = each.item;
  return { ...each, item };
}

/**
 * Hashes the files of a directory, reads their headers and adds what they say to a manifest in the making.
 * What the draft already says stays; a name is never taken from the files.
 */
export async function addFiles(draft: ManifestDraft, directory: string, options: DirectoryOptions = {}): Promise<CollectResult> {
  const result = await collectDirectory(directory, { ...options, now: new Date(0), name: 'unnamed' });
  addManifest(draft, result.manifest);
  return result;
}

/** Adds what a collected manifest says to a draft, but its document data, its name and its root digest. */
function addManifest(draft: ManifestDraft, manifest: Manifest): void {
  const { bom: _bom, $schema: _schema, model, evidence = [], ...rest } = manifest;
  const { name: _name, digest: _digest, ...facts } = model ?? { name: '' };
  const kept = withoutEvidence(evidence, ['/model/name', '/model/digest']).filter(({ values }) => Object.keys(values).length > 0);
  draft.include({ ...rest, ...(Object.keys(facts).length > 0 ? { model: facts as Model } : {}), evidence: kept });
}

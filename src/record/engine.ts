/** A run between its beginning and its end: what is captured before, beside and after it, and the record that is left. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import type { Contribution } from '../collect/contribution.js';
import { type CollectOptions, type CollectResult, collect, withDataset } from '../collect/index.js';
import { type Finding, sortFindings } from '../core/finding.js';
import type { Host } from '../core/host.js';
import { DEFAULT_LIMITS } from '../core/limits.js';
import { memoryTree } from '../core/source-tree.js';
import { collectDirectory, probeMachine } from '../directory/collect.js';
import type { DirectoryOptions } from '../directory/hashing.js';
import { describeInput, type Input, inputFindings } from '../directory/inputs.js';
import { stringifyManifest } from '../manifest/stringify.js';
import { openHost } from '../node/host.js';
import { snapshot } from '../node/snapshot.js';
import { writeFileAtomic } from '../node/write.js';
import type { Dataset, Manifest } from '../schema/index.js';
import { blockingFindings, refuseInvalid, unwritable } from './check.js';
import { ownFiles, provenanceFile, recordFile, withProvenance } from './files.js';
import { type RunState, type RunStatus, runFacts } from './run-facts.js';
import { selectedVariables } from './variables.js';
import { outputPath, type Written, writtenFiles } from './written.js';

export interface RecordOptions
  extends Omit<DirectoryOptions, 'onProgress'>,
    Pick<CollectOptions, 'name' | 'group' | 'version' | 'authors' | 'includePrivate' | 'sources'> {
  /** Directory of the run; default the current one. */
  readonly cwd?: string;
  /** Files, directories or globs that the run reads: hashed before it, described as datasets. */
  readonly inputs?: readonly string[];
  /** Files or directories that the run writes. Default: whatever is new or changed in the directory of the run. */
  readonly outputs?: readonly string[];
  /** Where the record goes; default `<name>.msbom.json` in the directory of the run. */
  readonly file?: string;
  /** Groups or ids of probes; default env, git, hardware and os. */
  readonly probes?: readonly string[];
  readonly without?: readonly string[];
  /** Python interpreter or prefix that the run uses, where it cannot be told from the command. */
  readonly python?: string;
  readonly host?: Host;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What else the caller knows. */
  readonly also?: readonly Contribution[];
  /** Time now; tests give their own. */
  readonly clock?: () => Date;
}

type Roles = NonNullable<Dataset['roles']>;
type Document = Omit<CollectOptions, 'digestFiles' | 'now'>;

/** What a run left behind. */
export interface RunRecord {
  readonly manifest: Manifest;
  /** Path of the manifest. */
  readonly file: string;
  /** Path of the provenance statement; a run that did not complete has none. */
  readonly provenance?: string;
  /** Does the manifest keep to the specification? The findings say what does not. */
  readonly valid: boolean;
  readonly findings: readonly Finding[];
}

/** How a run ended. */
export interface RunEnd extends Pick<RunState, 'exitCode' | 'signal'> {
  readonly status: Exclude<RunStatus, 'running'>;
}

export interface OpenRun {
  /** Adds an input while the run goes on: hashed now. */
  input(path: string, roles: Roles): Promise<void>;
  /** Names a file or directory that the run writes. */
  /** @throws ERR_CLI_USAGE when it is outside the directory of the run */
  output(path: string): void;
  add(contributions: readonly Contribution[]): void;
  finish(end: RunEnd): Promise<RunRecord>;
}

export const DEFAULT_PROBES = ['env', 'git', 'hardware', 'os'] as const;

/**
 * Begins a record: hashes the inputs, reads the state of the repository, and writes a first record that says that the run
 * goes on. What is killed leaves that behind.
 * @throws ERR_IO_*, ERR_LIMIT_*, ERR_CLI_USAGE for an output outside, ERR_MANIFEST_INVALID for what the caller says
 */
export async function beginRun(options: RecordOptions, told: Pick<RunState, 'command' | 'entrypoint'> = {}): Promise<OpenRun> {
  const { limits = DEFAULT_LIMITS, clock = () => new Date(), probes = DEFAULT_PROBES, env = process.env, also = [] } = options;
  const cwd = resolve(options.cwd ?? '.');
  const outputs = new Set((options.outputs ?? []).map((output) => outputPath(output, cwd)));
  const file = await recordFile(options.file, options.name ?? basename(cwd), cwd);
  const inputs: Promise<Input>[] = [];
  const addInput = async (path: string, roles: Roles): Promise<void> => {
    const described = describeInput(path, cwd, roles, { ...options, limits });
    inputs.push(described);
    await described;
  };
  for (const input of options.inputs ?? []) await addInput(input, ['training']);
  const before = outputs.size > 0 ? undefined : await snapshot(cwd, limits.maxFiles);
  const host = options.host ?? openHost({ cwd, env });
  const machine = (names: readonly string[]) => probeMachine({ ...options, limits, machine: machineOptions({ ...options, host }, names) });
  // The run's own files would make the repository dirty.
  const git = probes.includes('git') ? await machine(['git']) : { contributions: [], findings: [] };
  const added: Contribution[] = [];
  const refused: Finding[] = [];
  const start: RunState = { id: randomUUID(), start: clock(), status: 'running', variables: selectedVariables(env), ...told };
  const known = (state: RunState): readonly Contribution[] => [...also, ...runFacts(state, 'machine'), ...git.contributions];
  const document = (state: RunState): Document => ({
    directoryName: basename(cwd),
    ...documentOptions(options),
    context: { phase: 'build', evidence: 'a run recorded while it went on', command: 'msbom record' },
    serialNumber: `urn:uuid:${state.id}`,
    limits,
  });
  /** A record without files: before there are any, or when they cannot be described. */
  const withoutFiles = async (state: RunState, data: readonly Input[]): Promise<Manifest> =>
    withInputs((await emptyRecord({ ...document(state), also: known(state) }, state.end ?? state.start)).manifest, data);
  const first = await withoutFiles(start, await Promise.all(inputs));
  if (also.length > 0) await refuseInvalid(first);
  const write = (manifest: Manifest, sync = true): Promise<void> => writeFileAtomic(file, stringifyManifest(manifest), { sync });
  await write(first, false);
  await rm(provenanceFile(file), { force: true }); // that of an earlier run says nothing of this one
  // Beside the run: what waits for us to return starts first.
  const rest = immediate().then(() => machine(probes.filter((name) => name !== 'git')));
  rest.catch(() => undefined); // awaited in finish; until then nobody listens
  const describeRun = async (state: RunState, data: readonly Input[]): Promise<RunRecord> => {
    const written = await writtenFiles(cwd, { outputs, before, own: ownFiles(file, cwd), maxFiles: limits.maxFiles });
    const found = await rest;
    const facts = [...known(state), ...added, ...found.contributions];
    const result = await describeOutputs(written, { ...document(state), also: facts }, options, state);
    const manifest = withInputs(result.manifest, data);
    const closed = state.status === 'completed' ? await withProvenance(manifest, state.id, file) : { manifest };
    await write(closed.manifest);
    const invalid = await blockingFindings(closed.manifest);
    const findings = [
      ...result.findings,
      ...git.findings,
      ...found.findings,
      ...(await Promise.all(data.map(inputFindings))).flat(),
      ...written.findings,
      ...(written.files.size === 0 && written.findings.length === 0 ? [nothingWritten] : []),
      ...refused,
      ...invalid,
    ];
    return { ...closed, file, valid: invalid.length === 0, findings: sortFindings(findings) };
  };
  return {
    input: addInput,
    output: (path) => void outputs.add(outputPath(path, cwd)),
    add(contributions) {
      for (const each of contributions) {
        const problem = unwritable(each);
        if (problem === undefined) added.push(each);
        else refused.push(problem);
      }
    },
    async finish(end) {
      const state: RunState = { ...start, ...end, end: clock() };
      // One that failed has told its caller, who went on without it.
      const data = (await Promise.allSettled(inputs)).flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      try {
        return await describeRun(state, data);
      } catch (error) {
        // How the run ended is known all the same.
        await write(await withoutFiles({ ...state, undescribed: 'the files that the run wrote could not be described' }, data)).catch(
          () => {},
        );
        throw error;
      }
    },
  };
}

const withInputs = (manifest: Manifest, inputs: readonly Input[]): Manifest =>
  inputs.reduce((joined, { described }) => withDataset(joined, described, { serialNumber: joined.bom.serialNumber }), manifest);

function machineOptions({ host, python, without }: RecordOptions, probes: readonly string[]) {
  return {
    probes,
    ...(host === undefined ? {} : { host }),
    ...(python === undefined ? {} : { python }),
    ...(without === undefined ? {} : { without }),
  };
}

function documentOptions({ name, group, version, authors, includePrivate, sources }: RecordOptions): Partial<Document> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(group === undefined ? {} : { group }),
    ...(version === undefined ? {} : { version }),
    ...(authors === undefined ? {} : { authors }),
    ...(includePrivate === undefined ? {} : { includePrivate }),
    ...(sources === undefined ? {} : { sources }),
  };
}

/** A record of a run that has no files, or none yet. */
function emptyRecord(options: Document, now: Date): Promise<CollectResult> {
  return collect(memoryTree('.', {}), { ...options, now, digestFiles: async () => [] });
}

async function describeOutputs(
  { root, files }: Written,
  document: Document,
  options: RecordOptions,
  state: RunState,
): Promise<{ readonly manifest: Manifest; readonly findings: readonly Finding[] }> {
  const now = state.end ?? state.start;
  if (files.size === 0) return emptyRecord(document, now);
  return collectDirectory(root, {
    ...document,
    ...(options.sha512 === undefined ? {} : { sha512: options.sha512 }),
    ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
    now,
    exclude: (path) => !files.has(path) || options.exclude?.(path) === true,
    checkout: false, // the commit of the code is no version of what it made
  });
}

const nothingWritten: Finding = {
  id: 'nothing-written',
  severity: 'medium',
  message: 'the run wrote no file in its directory, so the record names no weights',
  fix: 'Name what the run writes with --output-path.',
};

/** A run between its beginning and its end: what is captured before, beside and after it, and the record that is left. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Claim } from '../collect/claim.js';
import type { Contribution } from '../collect/contribution.js';
import type { Described } from '../collect/describe.js';
import type { DirectoryOptions } from '../collect/disk/hashing.js';
import { finished } from '../collect/finished.js';
import type { CollectOptions } from '../collect/index.js';
import { type Finding, sortFindings } from '../core/finding.js';
import type { Host } from '../core/host.js';
import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';
import { stringifyManifest } from '../manifest/stringify.js';
import { type FileGuard, openGuard } from '../platform/guard.js';
import { openHost } from '../platform/host.js';
import { writeFileAtomic } from '../platform/write.js';
import type { Manifest } from '../schema/index.js';
import { blockingFindings, refuseInvalid, unwritable } from './check.js';
import { withChanges } from './code.js';
import { ownFiles, patchFile, provenanceFile, recordFile, withProvenance } from './files.js';
import { dirHashesOf, findingsOf, type GivenInput, givenInput, type RunInput, readInput, withInputs } from './inputs.js';
import { type MachineRequest, NOTHING, type Probed, probeEnvironments, probeRepository, probeRest } from './machine.js';
import { describeOutputs, document, emptyRecord } from './outputs.js';
import { entrypointAt, notKnown, type RunState, type RunStatus, runFacts } from './run-facts.js';
import { BUILD_TYPE } from './statement.js';
import type { Observer, Surroundings } from './surroundings.js';
import type { Traced } from './trace/index.js';
import { filesUsed } from './trace/used.js';
import { selectedVariables } from './variables.js';
import { type Before, outputPath, stateBefore, writtenFiles } from './written.js';

export interface RecordOptions
  extends Omit<DirectoryOptions, 'onProgress'>,
    Pick<CollectOptions, 'name' | 'group' | 'version' | 'authors' | 'includePrivate' | 'sources'> {
  /** Directory of the run; default the current one. */
  readonly cwd?: string;
  /** Files, directories or globs that the run reads, `PATH` or `PATH=ROLE`: hashed before it. Without a role a model is a base, all else training data. */
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
  /** Let Python processes tell which files they import and read: a start-up file is put in front of Python's path. Of commands only. */
  readonly trace?: boolean;
  /** File for the uncommitted changes, as a patch; nothing is written where there are none. */
  readonly keepPatch?: string;
  readonly host?: Host;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What else the caller knows, from `suppliedPart` and `suppliedValue`. */
  readonly supplied?: readonly Claim[];
  /** Time now; tests give their own. */
  readonly clock?: () => Date;
}

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
  input(given: GivenInput): Promise<void>;
  /** Names a file or directory that the run writes. @throws ERR_CLI_USAGE when it is outside the directory of the run */
  output(path: string): void;
  add(claims: readonly Claim[]): void;
  finish(end: RunEnd): Promise<RunRecord>;
}

/** A run that goes on: what was captured before it, and what is added meanwhile. */
interface Recording {
  readonly options: RecordOptions & { readonly guard: FileGuard };
  readonly limits: Limits;
  readonly cwd: string;
  /** Where the record goes. */
  readonly file: string;
  readonly start: RunState;
  readonly outputs: Set<string>;
  /** Each is hashed by the time it is awaited; nobody else may await one that a script adds. */
  readonly inputs: Promise<RunInput>[];
  /** State of what the run writes to, before it. */
  readonly before: Before;
  readonly git: Probed;
  readonly added: Claim[];
  readonly refused: Finding[];
  /** Sees which environments are used; without one the variables and the search path tell it. */
  readonly observer: Observer | undefined;
  readonly traced: Told['traced'];
}

/** What is known before a run of how it is started. */
export interface Told extends Pick<RunState, 'command' | 'entrypoint'> {
  readonly observer?: Observer;
  /** What the processes tell of themselves. */
  readonly traced?: () => Promise<Traced>;
}

/** What was learnt while the run went on. */
interface Learnt {
  readonly machine: Probed;
  /** Of the environments, with what was known of them then. */
  readonly environments?: { readonly probed: Probed; readonly of: Surroundings };
}

/**
 * Begins a record: hashes the inputs, reads the state of the repository, and writes a first record that says that the run
 * goes on. What is killed leaves that behind.
 * @throws ERR_IO_*, ERR_LIMIT_*, ERR_CLI_USAGE for an output outside, ERR_MANIFEST_INVALID for what the caller says
 */
export async function beginRun(options: RecordOptions, told: Told = {}): Promise<OpenRun> {
  const recording = await capture(options, told);
  const { inputs, outputs, added, refused, start, file, cwd } = recording;
  const first = await withoutFiles(recording, start, await Promise.all(inputs));
  if ((options.supplied ?? []).length > 0) await refuseInvalid(first);
  await writeFileAtomic(file, stringifyManifest(first), { sync: false, guard: recording.options.guard });
  await rm(provenanceFile(file), { force: true }); // that of an earlier run says nothing of this one
  await recording.options.guard.wrote(provenanceFile(file)); // what comes next may get its inode
  const over = new AbortController();
  const machine = beside(recording, over.signal);
  machine.catch(() => undefined); // awaited in finish; until then nobody listens
  return {
    input: (given) => addInput(recording, given),
    output: (path) => void outputs.add(outputPath(path, cwd)),
    add(claims) {
      for (const each of claims) {
        const problem = unwritable(each);
        if (problem === undefined) added.push(each);
        else refused.push(problem);
      }
    },
    finish(end) {
      over.abort();
      return finish(recording, { ...start, ...end, end: (options.clock ?? now)() }, machine);
    },
  };
}

/** A program that starts needs the whole machine for a moment. */
const START_MS = 150;

/**
 * What is learnt while the run goes on. The first record is then written again with it, so that what is killed later leaves
 * that behind too.
 */
async function beside(recording: Recording, over: AbortSignal): Promise<Learnt> {
  const { observer } = recording;
  await delay(START_MS, undefined, { signal: over, ref: false }).catch(() => undefined); // the run is over
  const machine = await probeRest(requestOf(recording), observer === undefined);
  if (over.aborted) return { machine };
  const left = (...probed: readonly Probed[]): Promise<void> =>
    writeAgain(
      recording,
      probed.flatMap(({ contributions }) => contributions),
    ).catch(() => undefined); // the last record tells what is wrong
  await left(machine);
  if (observer === undefined) return { machine };
  const of = await observer.soon(over);
  if (over.aborted) return { machine };
  const probed = await probeEnvironments(requestOf(recording), of);
  if (!over.aborted) await left(machine, probed);
  return { machine, environments: { probed, of } };
}

/** The environments as they are at the end; one that is gone, or that nothing ran in since, as it was found before. */
async function environmentsOf(recording: Recording, { environments }: Learnt, now: Surroundings): Promise<Probed> {
  const placesOf = ({ used }: Surroundings): string => used.map(({ environment }) => environment).join('\0');
  const known = environments !== undefined && placesOf(environments.of) === placesOf(now) ? environments : undefined;
  if (known?.of.count === now.count && now.roots.files === undefined) return known.probed;
  const probed = await probeEnvironments(requestOf(recording), now);
  return known !== undefined && probed.contributions.length === 0 ? known.probed : probed;
}

const requestOf = ({ options, limits, cwd }: Pick<Recording, 'options' | 'limits' | 'cwd'>): MachineRequest => {
  const { probes, without, python, host, env, includePrivate } = options;
  return {
    limits,
    cwd,
    ...(probes === undefined ? {} : { probes }),
    ...(without === undefined ? {} : { without }),
    ...(python === undefined ? {} : { python }),
    ...(host === undefined ? {} : { host }),
    ...(env === undefined ? {} : { env }),
    ...(includePrivate === undefined ? {} : { includePrivate }),
  };
};

/** A record that is valid stays rather than one that is not. */
async function writeAgain(recording: Recording, contributions: readonly Contribution[]): Promise<void> {
  const manifest = await withoutFiles(recording, recording.start, await settled(recording.inputs), contributions);
  if ((await blockingFindings(manifest)).length > 0) return;
  await writeFileAtomic(recording.file, stringifyManifest(manifest), { sync: false, guard: recording.options.guard });
}

const now = (): Date => new Date();

/** What has to be known before the run starts: it may change all of it. */
async function capture(options: RecordOptions, { observer, traced, ...told }: Told): Promise<Recording> {
  const { limits = DEFAULT_LIMITS, clock = now, env = process.env } = options;
  const cwd = resolve(options.cwd ?? '.');
  const start = clock();
  const outputs = new Set((options.outputs ?? []).map((output) => outputPath(output, cwd)));
  const file = await recordFile(options.file, options.name ?? basename(cwd), cwd);
  const guard = options.guard ?? openGuard();
  await guard.describes(cwd);
  await guard.writes(file);
  await guard.writes(provenanceFile(file), BUILD_TYPE);
  const keep = options.keepPatch === undefined ? undefined : await patchFile(options.keepPatch, cwd, guard);
  const place = {
    options: { ...options, guard, host: options.host ?? openHost({ cwd, env }) },
    limits,
    cwd,
    file,
    outputs,
    observer,
    traced,
    inputs: [] as Promise<RunInput>[],
  };
  // Nothing here writes, so that all of it may be read at the same time. The run's own files would make the repository dirty.
  const [git, before] = await Promise.all([
    probeRepository(requestOf(place)).then((probed) => withChanges(probed, place.options.host, keep)),
    stateBefore(cwd, outputs, limits.maxFiles, start),
    addInputs(place, options.inputs ?? []),
  ]);
  return {
    ...place,
    before,
    git,
    added: [],
    refused: [],
    start: { id: randomUUID(), start, status: 'running', variables: selectedVariables(env), ...told },
  };
}

/** One after the other: each is hashed on all cores. */
async function addInputs(place: Parameters<typeof addInput>[0], inputs: readonly string[]): Promise<void> {
  for (const input of inputs) await addInput(place, givenInput(input, place.cwd));
}

async function addInput(
  { options, limits, cwd, inputs }: Pick<Recording, 'options' | 'limits' | 'cwd' | 'inputs'>,
  given: GivenInput,
): Promise<void> {
  const described = readInput(given, cwd, { ...options, limits });
  inputs.push(described);
  await described;
}

/** One that failed has told its caller, who went on without it. */
const settled = async (inputs: readonly Promise<RunInput>[]): Promise<readonly RunInput[]> =>
  (await Promise.allSettled(inputs)).flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));

/** Facts of the run itself. */
const known = ({ git }: Recording, state: RunState): readonly Contribution[] => [...runFacts(state, 'machine'), ...git.contributions];

/** With what the caller said so far. */
const said = ({ options, added }: Recording, described: Described, state: RunState) =>
  finished(described, {
    supplied: [...(options.supplied ?? []), ...added, ...notKnown(state)],
    serialNumber: described.manifest.bom.serialNumber,
    ...(options.includePrivate === undefined ? {} : { includePrivate: options.includePrivate }),
  });

/** A record without files: before there are any, or when they cannot be described. */
async function withoutFiles(
  recording: Recording,
  state: RunState,
  data: readonly RunInput[],
  machine: readonly Contribution[] = [],
): Promise<Manifest> {
  const also = [...known(recording, state), ...machine];
  const described = await emptyRecord({ ...document(recording, state), also }, state.end ?? state.start);
  return said(recording, withInputs(described, data, recording.cwd), state).manifest;
}

async function finish(recording: Recording, state: RunState, learning: Promise<Learnt>): Promise<RunRecord> {
  const data = await settled(recording.inputs);
  try {
    const seen = await recording.observer?.end();
    const learnt = await learning;
    const environments = seen === undefined ? NOTHING : await environmentsOf(recording, learnt, seen);
    const machine = [learnt.machine, environments, { contributions: [], findings: seen?.findings ?? [] }];
    return await describeRun(recording, await asSeen(recording, state, seen), data, {
      contributions: machine.flatMap(({ contributions }) => contributions),
      findings: machine.flatMap(({ findings }) => findings),
    });
  } catch (error) {
    // How the run ended is known all the same.
    const undescribed = 'the files that the run wrote could not be described';
    await withoutFiles(recording, { ...state, undescribed }, data)
      .then((manifest) => writeFileAtomic(recording.file, stringifyManifest(manifest), { guard: recording.options.guard }))
      .catch(() => undefined);
    throw error;
  }
}

/** What the processes tell of the run: the file that was run where the command names none, the variables that they had. */
async function asSeen({ cwd }: Recording, state: RunState, seen: Surroundings | undefined): Promise<RunState> {
  const { script, used = [] } = seen ?? {};
  const variables = used.map((each) => selectedVariables(each.variables));
  const entrypoint = state.entrypoint ?? (script === undefined ? undefined : await entrypointAt(script, cwd, state.start));
  return {
    ...state,
    ...(entrypoint === undefined ? {} : { entrypoint }),
    variables: Object.assign({}, state.variables, ...variables),
    isEnvironmentKnown: seen === undefined || used.length > 0,
  };
}

async function describeRun(recording: Recording, state: RunState, data: readonly RunInput[], machine: Probed): Promise<RunRecord> {
  const { options, limits, cwd, file, outputs, before, git, refused } = recording;
  const written = await writtenFiles(cwd, { outputs, before, own: ownFiles(file, cwd, options.keepPatch), maxFiles: limits.maxFiles });
  const used = await filesUsed(await recording.traced?.(), { ...recording, limits, written, given: data, state });
  const also = [...known(recording, state), ...machine.contributions, ...used.contributions];
  const outputsOf = await describeOutputs(written, { ...document(recording, state), also }, options, state);
  const { manifest, findings: odd } = said(recording, withInputs(outputsOf, [...data, ...used.inputs], cwd), state);
  const closed =
    state.status === 'completed'
      ? await withProvenance(manifest, state.id, file, { guard: options.guard, hashes: dirHashesOf(data) })
      : { manifest };
  const [invalid] = await Promise.all([
    blockingFindings(closed.manifest),
    writeFileAtomic(file, stringifyManifest(closed.manifest), { guard: options.guard }),
  ]);
  const findings = [
    ...odd,
    ...git.findings,
    ...machine.findings,
    ...(await Promise.all([...data, ...used.inputs].map(findingsOf))).flat(),
    ...used.findings,
    ...written.findings,
    ...(written.files.size === 0 && written.findings.length === 0 ? [nothingWritten] : []),
    ...refused,
    ...invalid,
  ];
  return { ...closed, file, valid: invalid.length === 0, findings: sortFindings(findings) };
}

const nothingWritten: Finding = {
  id: 'nothing-written',
  severity: 'medium',
  message: 'the run wrote no file in its directory, so the record names no weights',
  fix: 'Name what the run writes with --output-path.',
};

/** A run between its beginning and its end: what is captured before, beside and after it, and the record that is left. */
import { randomUUID } from 'node:crypto';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Contribution } from '../collect/contribution.js';
import { type CollectOptions, collect, withDataset } from '../collect/index.js';
import { sha256Text } from '../core/digest.js';
import { MsbomError } from '../core/error.js';
import { type Finding, sortFindings } from '../core/finding.js';
import type { Host } from '../core/host.js';
import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';
import { memoryTree } from '../core/source-tree.js';
import { collectDirectory, probeMachine } from '../directory/collect.js';
import type { DirectoryOptions } from '../directory/hashing.js';
import { describeInput, type Input, inputFindings } from '../directory/inputs.js';
import { stringifyManifest } from '../manifest/stringify.js';
import { changedFiles, type Snapshot, snapshot } from '../node/snapshot.js';
import { writeFileAtomic } from '../node/write.js';
import type { Dataset, Manifest } from '../schema/index.js';
import { type RunState, type RunStatus, runFacts } from './run-facts.js';
import { PROVENANCE_TYPE, provenanceStatement } from './statement.js';
import { selectedVariables } from './variables.js';

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

type Document = Omit<CollectOptions, 'digestFiles' | 'now'>;

/** What a run left behind. */
export interface RunRecord {
  readonly manifest: Manifest;
  /** Path of the manifest. */
  readonly file: string;
  /** Path of the provenance statement; a run that did not complete has none. */
  readonly provenance?: string;
  readonly findings: readonly Finding[];
}

/** How a run ended. */
export interface RunEnd extends Pick<RunState, 'exitCode' | 'signal'> {
  readonly status: Exclude<RunStatus, 'running'>;
}

export interface OpenRun {
  /** Adds an input while the run goes on: hashed now. */
  input(path: string, roles: NonNullable<Dataset['roles']>): Promise<void>;
  /** Names a file or directory that the run writes. */
  output(path: string): void;
  add(contributions: readonly Contribution[]): void;
  finish(end: RunEnd): Promise<RunRecord>;
}

export const DEFAULT_PROBES = ['env', 'git', 'hardware', 'os'] as const;

/**
 * Begins a record: hashes the inputs, reads the state of the repository, and writes a first record that says that the run
 * goes on. What is killed leaves that behind.
 * @throws ERR_IO_*, ERR_LIMIT_*
 */
export async function beginRun(options: RecordOptions, told: Pick<RunState, 'command' | 'entrypoint'> = {}): Promise<OpenRun> {
  const { limits = DEFAULT_LIMITS, clock = () => new Date(), probes = DEFAULT_PROBES, env = process.env } = options;
  const cwd = resolve(options.cwd ?? '.');
  const file = resolve(cwd, options.file ?? `${options.name ?? basename(cwd)}.msbom.json`);
  const inputs: Input[] = [];
  for (const input of options.inputs ?? []) inputs.push(await describeInput(input, cwd, ['training'], { ...options, limits }));
  const outputs = new Set(options.outputs ?? []);
  const before = outputs.size > 0 ? undefined : await snapshot(cwd, limits.maxFiles);
  const machine = (names: readonly string[]) => probeMachine({ ...options, limits, machine: machineOptions(options, names) });
  // The run's own files would make the repository dirty.
  const git = probes.includes('git') ? await machine(['git']) : { contributions: [], findings: [] };
  const rest = machine(probes.filter((name) => name !== 'git'));
  rest.catch(() => undefined); // awaited in finish; until then nobody listens
  const added: Contribution[] = [];
  const start: RunState = { id: randomUUID(), start: clock(), status: 'running', variables: selectedVariables(env), ...told };
  const known = (state: RunState): readonly Contribution[] => [
    ...(options.also ?? []),
    ...runFacts(state, 'machine'),
    ...git.contributions,
    ...added,
  ];
  const document = (state: RunState): Document => ({
    directoryName: basename(cwd),
    ...documentOptions(options),
    context: { phase: 'build', evidence: 'a run recorded while it went on', command: 'msbom record' },
    serialNumber: `urn:uuid:${state.id}`,
    limits,
  });
  const withInputs = (manifest: Manifest): Manifest =>
    inputs.reduce((joined, { described }) => withDataset(joined, described, { serialNumber: joined.bom.serialNumber }), manifest);
  await writeFileAtomic(file, stringifyManifest(withInputs(await emptyRecord({ ...document(start), also: known(start) }, start.start))), {
    sync: false,
  });
  return {
    async input(path, roles) {
      inputs.push(await describeInput(path, cwd, roles, { ...options, limits }));
    },
    output: (path) => void outputs.add(path),
    add: (contributions) => void added.push(...contributions),
    async finish(end) {
      const state: RunState = { ...start, ...end, end: clock() };
      const written = await writtenFiles(cwd, outputs, before, limits);
      const found = await rest;
      const facts = [...known(state), ...found.contributions];
      const result = await describeOutputs(written, file, { ...document(state), also: facts }, options, state);
      const changed = (await Promise.all(inputs.map(inputFindings))).flat();
      const findings = [
        ...result.findings,
        ...git.findings,
        ...found.findings,
        ...changed,
        ...(written.files.size === 0 ? [nothingWritten] : []),
      ];
      const manifest = withInputs(result.manifest);
      const closed = end.status === 'completed' ? await withProvenance(manifest, state, file) : { manifest };
      await writeFileAtomic(file, stringifyManifest(closed.manifest));
      return { ...closed, file, findings: sortFindings(findings) };
    },
  };
}

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

/** The first record, before there is any output. */
async function emptyRecord(options: Document, now: Date): Promise<Manifest> {
  const result = await collect(memoryTree('.', {}), { ...options, now, digestFiles: async () => [] });
  return result.manifest;
}

interface Written {
  /** Directory that the paths are relative to. */
  readonly root: string;
  readonly files: ReadonlySet<string>;
}

/** The files that the run wrote, relative to the deepest directory that holds them all. */
async function writtenFiles(cwd: string, outputs: ReadonlySet<string>, before: Snapshot | undefined, limits: Limits): Promise<Written> {
  if (before !== undefined && outputs.size === 0) {
    const after = await snapshot(cwd, limits.maxFiles);
    return commonRoot(
      cwd,
      [...changedFiles(before, after)].filter((path) => !/\.msbom\.json$|\.provenance\.json$/.test(path)),
    );
  }
  const files: string[] = [];
  for (const output of outputs) {
    const path = relative(cwd, resolve(cwd, output)).split(sep).join('/');
    if (path.startsWith('..'))
      throw new MsbomError('ERR_CLI_USAGE', `the output \`${output}\` is outside the directory of the run`, {
        hint: 'run the command in a directory that holds its outputs',
      });
    const under = await snapshot(join(cwd, path), limits.maxFiles);
    files.push(...(under.size > 0 ? [...under.keys()].map((each) => (path === '' ? each : `${path}/${each}`)) : [path]));
  }
  const present = await snapshotFiles(cwd, files);
  return commonRoot(cwd, present);
}

/** Those of the paths that are files. */
async function snapshotFiles(cwd: string, paths: readonly string[]): Promise<readonly string[]> {
  const directories = new Set(paths.map((path) => dirname(path)));
  const found = new Set<string>();
  for (const directory of directories) {
    const prefix = directory === '.' ? '' : `${directory}/`;
    for (const path of (await snapshot(join(cwd, directory), Number.MAX_SAFE_INTEGER)).keys()) found.add(prefix + path);
  }
  return paths.filter((path) => found.has(path));
}

function commonRoot(cwd: string, paths: readonly string[]): Written {
  const [first = '', ...rest] = paths;
  let shared = first.split('/').slice(0, -1);
  for (const path of rest) {
    const parts = path.split('/').slice(0, -1);
    const end = shared.findIndex((part, i) => parts[i] !== part);
    shared = end < 0 ? shared : shared.slice(0, end);
  }
  const prefix = shared.length === 0 ? '' : `${shared.join('/')}/`;
  return { root: join(cwd, prefix), files: new Set(paths.map((path) => path.slice(prefix.length))) };
}

async function describeOutputs(
  { root, files }: Written,
  file: string,
  document: Document,
  options: RecordOptions,
  state: RunState,
): Promise<{ readonly manifest: Manifest; readonly findings: readonly Finding[] }> {
  const now = state.end ?? state.start;
  if (files.size === 0) return { manifest: await emptyRecord(document, now), findings: [] };
  const own = relative(root, file).split(sep).join('/');
  return collectDirectory(root, {
    ...document,
    ...(options.sha512 === undefined ? {} : { sha512: options.sha512 }),
    ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
    now,
    exclude: (path) => path === own || !files.has(path) || options.exclude?.(path) === true,
  });
}

const nothingWritten: Finding = {
  id: 'nothing-written',
  severity: 'medium',
  message: 'the run wrote no file in its directory, so the record names no weights',
  fix: 'Name what the run writes with --output-path.',
};

async function withProvenance(
  manifest: Manifest,
  state: RunState,
  file: string,
): Promise<{ readonly manifest: Manifest; readonly provenance?: string }> {
  if (manifest.artifacts === undefined) return { manifest };
  const text = `${JSON.stringify(provenanceStatement(manifest, state.id), null, 2)}\n`;
  const path = `${file.replace(/(\.msbom)?\.json$/, '')}.provenance.json`;
  await writeFileAtomic(path, text, { sync: false });
  const digest = { sha256: sha256Text(text) };
  const reference = { title: basename(path), mediaType: 'application/vnd.in-toto+json', digest };
  return {
    provenance: path,
    manifest: {
      ...manifest,
      training: { ...manifest.training, run: { ...manifest.training?.run, provenance: reference } },
      provenance: [
        { predicateType: PROVENANCE_TYPE, subjects: manifest.artifacts.map(({ digest: own }) => ({ ...own })), digest, verified: false },
      ],
      evidence: [
        ...(manifest.evidence ?? []),
        {
          origin: 'observed',
          source: { name: 'msbom record' },
          method: 'msbom record',
          pointers: ['/training/run/provenance', '/provenance/0'],
        },
      ],
    },
  };
}

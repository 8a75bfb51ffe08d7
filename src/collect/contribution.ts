import type { ByteSource } from '../core/byte-source.js';
import type { JsonValue } from '../core/canonical-json.js';
import type { Finding } from '../core/finding.js';
import type { Limits } from '../core/limits.js';
import type { Evidence } from '../schema/index.js';
import type { Nearness, Owners } from './models/owners.js';

/** Where a value was read. */
export interface Origin {
  readonly origin: Evidence['origin'];
  /** File of the model, when it came from one. */
  readonly path?: string;
  /** Other source: an option, the directory's name. */
  readonly name?: string;
  /** The source's own key. */
  readonly key?: string;
  readonly method: string;
}

/** Says what a single value is. Among claims for one pointer the lowest rank wins; the others must agree or are reported. */
export interface Claim {
  readonly kind: 'claim';
  readonly pointer: string;
  readonly value: JsonValue;
  /** From `RANKS`. */
  readonly rank: number;
  /** The value is no less than this, as a tokenizer knows of the rows of an embedding: a larger one is no contradiction. */
  readonly isLeast?: true;
  /** Among equal ranks the source nearest to the weights wins; default beside them. */
  readonly nearness?: Nearness;
  /** File whose model it is about, where that is another than the one that says it. */
  readonly about?: string;
  readonly from: Origin;
}

/** Adds a thing to a list; things of the same identity are joined, what came first wins. */
export interface Addition {
  readonly kind: 'addition';
  /** Pointer of the list. */
  readonly list: string;
  readonly item: { readonly [key: string]: JsonValue };
  /** Pointer inside the item to what `from` speaks of; default the whole item. */
  readonly at?: string;
  /** What the source says at `at` instead of what the item has there, where that was settled before: kept as a dissent. */
  readonly said?: JsonValue;
  readonly from: Origin;
  /** How near to the weights the source lies; default beside them. */
  readonly nearness?: Nearness;
  /** As for a claim. */
  readonly about?: string;
  /** The source may as well speak of the model itself: it counts only where nothing better speaks. */
  readonly hint?: true;
}

/** Adds to what is said of one file. */
export interface FileNote {
  readonly kind: 'file';
  readonly path: string;
  /** Members of an artifact. */
  readonly facts: { readonly [key: string]: JsonValue };
  readonly from: Origin;
}

/** Says which files are one set of weights, and what their tensors must add up to. */
export interface Sum {
  readonly kind: 'sum';
  /** File that says so. */
  readonly path: string;
  readonly files: readonly string[];
  /** Bytes of tensor data, where the file says it. */
  readonly bytes?: number;
}

export type Contribution = Claim | Addition | FileNote | Sum;

/** How much each kind of source is trusted for a value, most first. */
export const RANKS = {
  /** Given by the caller. */
  option: 0,
  /** Captured by msbom itself while the run went on. */
  recorded: 1,
  /** The directory layout of a cache or store, which names repository and commit. */
  layout: 2,
  /** Read from the weights themselves. */
  weights: 3,
  /** The library's configuration that ships with the weights. */
  config: 4,
  /** What the training program wrote down of its own run: trainer state, checkpoints, tracker files. */
  run: 5,
  /** The version control system. */
  vcs: 6,
  /** The model card. */
  card: 7,
  /** The package that the model was supplied in: package.json, the metadata of a wheel, pyproject.toml. */
  package: 7.3,
  /** How its authors want it to be named: CITATION.cff. */
  citation: 7.4,
  /** The name of the repository that the directory is a checkout of. */
  repository: 7.6,
  /** A free-text field inside a weight file. */
  embedded: 8,
  /** What was asked for before the run: a recipe, a pipeline file. */
  recipe: 9,
  /** The name of the directory. */
  directory: 20,
} as const;

/** A small metadata file that a collector reads whole. */
export interface MetadataFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What collectors may know of the rest of the directory. */
export interface CollectContext {
  /** Paths of all files. */
  readonly paths: ReadonlySet<string>;
  readonly limits: Limits;
  /** Keep user names, host names and the like; the default is to leave them out. */
  readonly includePrivate: boolean;
  /** Which model a file speaks of, and how near to its weights it lies. */
  readonly owner: Owners;
  /** Another file of the directory, whole; undefined when it is not there or has more than 64 MiB. */
  read(path: string): Promise<MetadataFile | undefined>;
  /** What files are, against what is said of them; missing where they are not looked into. */
  readonly probe?: FileProbe;
}

/** Looks into files of the directory, of any size. */
export interface FileProbe {
  /** Bytes of a file; undefined when it is not there. */
  size(path: string): number | undefined;
  /** MD5 of a file, which old tools state; undefined when it is not there or has more than 256 MiB. */
  md5(path: string): Promise<string | undefined>;
  /** Names of the tensors in a weight file; undefined when it is not there or its header cannot be read. */
  tensors(path: string): Promise<ReadonlySet<string> | undefined>;
}

export interface Collected {
  readonly contributions: readonly Contribution[];
  readonly findings?: readonly Finding[];
  /** Entries for packages that came when there were as many as one file may name; default 0. */
  readonly beyond?: number | undefined;
}

/** Packages that one metadata file may name. The largest lock files of real projects name some ten thousand. */
export const MAX_FILE_PACKAGES = 25_000;

/** Reads one kind of metadata file. */
export interface Collector {
  /** Id, folder and heading in docs/collectors.md. */
  readonly id: string;
  /** What it reads, as the documentation says it. */
  readonly files: string;
  matches(path: string): boolean;
  /** @throws nothing for what the file holds: what is wrong with it is a finding */
  collect(file: MetadataFile, context: CollectContext): Collected | Promise<Collected>;
}

/** Reads parts of one kind of file that may be too big to hold, such as the footer of a Parquet file. */
export interface SourceCollector extends Omit<Collector, 'collect'> {
  /** @throws ERR_IO_* only */
  collectSource(source: ByteSource, context: CollectContext): Promise<Collected>;
}

/** Last segment of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
/** Everything before the last segment, with the `/`; empty at the root. */
export const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

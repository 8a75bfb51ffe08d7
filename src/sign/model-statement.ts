/** What a signature says of a model: the files, their digests, how they were listed. Source: OpenSSF Model Signing v1.0, section 5. */
import { canonicalize, type JsonValue } from '../core/canonical-json.js';
import type { Limits } from '../core/limits.js';
import { isList, isObject, type JsonObject, own } from '../core/objects.js';
import { compareCodePoints } from '../core/source-tree.js';
import { jsonOf } from './bundle.js';
import { normalized, parseShard, rootOf, type Shard, shardName, whyUnsafe } from './names.js';
import { Refusal } from './reasons.js';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const MODEL_PREDICATE = 'https://model_signing/signature/v1.0';
/** Of releases before 1.0 of the reference: every file is a subject. */
const LEGACY_PREDICATE = 'https://model_signing/Digests/v0.1';

/** Hashes of files, and their hexadecimal digits. */
export const MODEL_HASHES = { sha256: 64, blake2b: 128, blake3: 64 } as const;
export type ModelHash = keyof typeof MODEL_HASHES;

/** Names that the same hash goes by elsewhere. */
const HASH_NAMES: Readonly<Record<string, ModelHash>> = { sha256: 'sha256', blake2b: 'blake2b', blake2: 'blake2b', blake3: 'blake3' };

/** A file, or a part of one, and its digest in lower-case hexadecimal. */
export interface Resource {
  readonly path: string;
  readonly digest: string;
  /** Missing for a whole file. */
  readonly shard?: Shard;
}

export interface ModelStatement {
  readonly name: string;
  /** SHA-256 over the digests in the recorded order. */
  readonly root: string;
  /** In the recorded order. */
  readonly resources: readonly Resource[];
  readonly hash: ModelHash;
  readonly allowSymlinks: boolean;
  readonly ignored: readonly string[];
  /** Bytes of a part; missing where files are whole. */
  readonly shardSize?: number;
}

/** A statement as bytes: canonical JSON (RFC 8785), resources in code point order of their names. Same input, same bytes. */
export function writeModelStatement({ name, resources, hash, allowSymlinks, ignored, shardSize }: Omit<ModelStatement, 'root'>): {
  readonly payload: Buffer;
  readonly root: string;
} {
  const listed = resources
    .map(({ path, digest, shard }) => ({ name: shard === undefined ? path : shardName(shard), digest, algorithm: hash }))
    .sort((a, b) => compareCodePoints(a.name, b.name));
  const root = rootOf(listed.map(({ digest }) => digest));
  const statement = {
    _type: STATEMENT_TYPE,
    subject: [{ name, digest: { sha256: root } }],
    predicateType: MODEL_PREDICATE,
    predicate: {
      resources: listed,
      serialization: {
        method: shardSize === undefined ? 'files' : 'shards',
        hash_type: hash,
        allow_symlinks: allowSymlinks,
        ...(shardSize === undefined ? {} : { shard_size: shardSize }),
        ignore_paths: ignored,
      },
    },
  };
  return { payload: Buffer.from(canonicalize(statement)), root };
}

/** @throws Refusal for another statement, an unsafe or repeated name, parts that do not fit, a subject that is not that of the files */
export function readModelStatement(
  payload: Uint8Array,
  options: { readonly legacy?: boolean; readonly limits?: Limits } = {},
): ModelStatement {
  const statement = object(jsonOf(payload, 'the statement', options.limits), '');
  const type = own(statement, '_type');
  const predicateType = own(statement, 'predicateType');
  if (predicateType === LEGACY_PREDICATE) return readLegacy(statement, options.legacy === true);
  if (type !== STATEMENT_TYPE) throw shape('/_type');
  if (typeof predicateType !== 'string') throw shape('/predicateType');
  if (predicateType !== MODEL_PREDICATE)
    throw new Refusal('predicate-type', `the statement is of the type ${predicateType}`, '/predicateType');
  const predicate = object(own(statement, 'predicate'), '/predicate');
  const { name, root } = subjectOf(own(statement, 'subject'));
  const serialization = serializationOf(own(predicate, 'serialization'));
  const resources = resourcesOf(own(predicate, 'resources'), serialization);
  if (serialization.shardSize !== undefined) requireWholeFiles(resources, serialization.shardSize);
  requireRoot(resources, root);
  return { name, root, resources, ...serialization };
}

function requireRoot(resources: readonly Resource[], root: string): void {
  const computed = rootOf(resources.map(({ digest }) => digest));
  if (computed !== root)
    throw new Refusal('root-mismatch', `the subject is ${root}, the files make ${computed}`, '/subject/0/digest/sha256');
}

function subjectOf(value: JsonValue | undefined): { readonly name: string; readonly root: string } {
  if (!isList(value) || value.length !== 1) throw shape('/subject');
  const subject = object(value[0], '/subject/0');
  const name = own(subject, 'name');
  const root = own(object(own(subject, 'digest'), '/subject/0/digest'), 'sha256');
  if (typeof name !== 'string') throw shape('/subject/0/name');
  if (typeof root !== 'string' || !isHex(root, 64)) throw shape('/subject/0/digest/sha256');
  return { name, root };
}

type Serialization = Pick<ModelStatement, 'hash' | 'allowSymlinks' | 'ignored' | 'shardSize'>;

function serializationOf(value: JsonValue | undefined): Serialization {
  const at = '/predicate/serialization';
  const said = object(value, at);
  const method = own(said, 'method');
  const hash = hashNamed(own(said, 'hash_type'));
  const allowSymlinks = own(said, 'allow_symlinks');
  const ignored = own(said, 'ignore_paths') ?? [];
  const shardSize = own(said, 'shard_size');
  if (method !== 'files' && method !== 'shards') throw shape(`${at}/method`);
  if (hash === undefined) throw shape(`${at}/hash_type`);
  if (typeof allowSymlinks !== 'boolean') throw shape(`${at}/allow_symlinks`);
  if (!isList(ignored) || !ignored.every((each) => typeof each === 'string')) throw shape(`${at}/ignore_paths`);
  // JSON has one kind of numbers: 1000000000.0 is whole.
  const isSize = typeof shardSize === 'number' && Number.isSafeInteger(shardSize) && shardSize > 0;
  if (method === 'shards' ? !isSize : shardSize !== undefined) throw shape(`${at}/shard_size`);
  return { hash, allowSymlinks, ignored: ignored.map(normalized), ...(isSize ? { shardSize } : {}) };
}

/** `sha256`, `sha256-sharded-1000000` as Python writes it. */
function hashNamed(value: JsonValue | undefined): ModelHash | undefined {
  if (typeof value !== 'string') return undefined;
  const [name = ''] = value.split('-sharded-');
  return Object.hasOwn(HASH_NAMES, name) ? HASH_NAMES[name] : undefined;
}

function resourcesOf(value: JsonValue | undefined, { hash, shardSize }: Serialization): readonly Resource[] {
  const at = '/predicate/resources';
  if (!isList(value) || value.length === 0) throw shape(at);
  const seen = new Set<string>();
  return value.map((each, i) => {
    const said = object(each, `${at}/${i}`);
    const name = own(said, 'name');
    const digest = own(said, 'digest');
    if (typeof name !== 'string') throw shape(`${at}/${i}/name`);
    if (typeof digest !== 'string' || !isHex(digest, MODEL_HASHES[hash])) throw shape(`${at}/${i}/digest`);
    if (hashNamed(own(said, 'algorithm')) !== hash) throw shape(`${at}/${i}/algorithm`);
    if (seen.has(name)) throw new Refusal('resource-duplicate', `${name} stands twice`, `${at}/${i}/name`);
    seen.add(name);
    const shard = shardSize === undefined ? undefined : parseShard(name);
    if (shardSize !== undefined && shard === undefined)
      throw new Refusal('resource-shard', `${name} names no part of a file`, `${at}/${i}/name`);
    const path = shard?.path ?? name;
    // A model of one file goes by `.` in the reference.
    const why = path === '.' && (value.length === 1 || shard !== undefined) ? undefined : whyUnsafe(path);
    if (why !== undefined) throw new Refusal('resource-path', `${name}: ${why}`, `${at}/${i}/name`);
    return { path, digest, ...(shard === undefined ? {} : { shard }) };
  });
}

/** Parts of each file, from its first byte, one behind the other, all but the last of the same size. */
function requireWholeFiles(resources: readonly Resource[], shardSize: number): void {
  const files = new Map<string, Shard[]>();
  for (const { path, shard } of resources) {
    if (shard === undefined) continue;
    const shards = files.get(path);
    if (shards === undefined) files.set(path, [shard]);
    else shards.push(shard);
  }
  for (const [path, shards] of files) {
    let at = 0;
    shards.sort((a, b) => a.start - b.start);
    for (const [i, { start, end }] of shards.entries()) {
      const isLast = i === shards.length - 1;
      if (start !== at || end - start > shardSize || (!isLast && end - start !== shardSize))
        throw new Refusal('resource-shard', `the parts of ${path} do not follow each other from its first byte`);
      at = end;
    }
  }
}

/** No subject has a digest over all, so that nothing says which files belong together but the signature itself. */
function readLegacy(statement: JsonObject, isAccepted: boolean): ModelStatement {
  if (!isAccepted)
    throw new Refusal('predicate-legacy', 'the signature is of a release before 1.0 of the reference, whose form is no longer accepted');
  const subjects = own(statement, 'subject');
  if (!isList(subjects)) throw shape('/subject');
  const listed = subjects.map((each, i) => {
    const said = object(each, `/subject/${i}`);
    return {
      name: own(said, 'name') ?? null,
      digest: own(object(own(said, 'digest'), `/subject/${i}/digest`), 'sha256') ?? null,
      algorithm: 'sha256',
    };
  });
  const serialization: Serialization = { hash: 'sha256', allowSymlinks: false, ignored: [] };
  const resources = resourcesOf(listed, serialization);
  return { name: '', root: rootOf(resources.map(({ digest }) => digest)), resources, ...serialization };
}

const isHex = (text: string, digits: number): boolean => text.length === digits && /^[0-9a-f]*$/.test(text);

const shape = (at: string): Refusal => new Refusal('statement-shape', 'it is missing or has another form', at);

function object(value: JsonValue | undefined, at: string): JsonObject {
  if (!isObject(value)) throw shape(at);
  return value;
}

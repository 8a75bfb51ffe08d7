/** Weight files: what their headers say, as facts of the file and claims about the model. */
import type { JsonValue } from '../core/canonical-json.js';
import { MsbomError } from '../core/error.js';
import { type ModelFacts, summarize, type TensorInfo } from '../core/facts.js';
import type { Finding } from '../core/finding.js';
import type { Limits } from '../core/limits.js';
import type { SourceTree } from '../core/source-tree.js';
import { detectFormat, type FormatReader, mayBeFormat, parameterCounter, READERS } from '../formats/index.js';
import type { Contribution } from './contribution.js';
import { close } from './read.js';
import { BINARY_ROLES, isPathFile, leftoverOf, mayHoldWeights, roleByName } from './roles.js';
import { modelClaims } from './weight-claims.js';

type Item = { readonly [key: string]: JsonValue };

/** What reading one file gave. */
export interface WeightFile {
  readonly path: string;
  readonly facts?: ModelFacts;
  readonly contributions: readonly Contribution[];
  readonly findings: readonly Finding[];
}

export interface WeightOptions {
  readonly limits: Limits;
  /** Bits of one packed weight, where the configuration beside a file says so. */
  readonly packedBits?: (path: string) => Promise<number | undefined>;
}

/** Formats that a file of an ending may have: one, but for endings that changed hands (`.keras` was HDF5 once). */
const ENDINGS: ReadonlyMap<string, readonly FormatReader[]> = READERS.reduce((endings, reader) => {
  for (const ending of reader.extensions) if (ending !== '.json') endings.set(ending, [...(endings.get(ending) ?? []), reader]);
  return endings;
}, new Map<string, readonly FormatReader[]>());

/** Is there anything to read in a file that begins so? Most files of a large directory need not be opened twice. */
export function isWorthReading(path: string, head: Uint8Array): boolean {
  const of = leftoverOf(path)?.of;
  return (
    BINARY_ROLES.has(roleByName(path)) ||
    (of !== undefined && mayHoldWeights(of)) ||
    expectedReaders(path).length > 0 ||
    mayBeFormat(head, path) ||
    startsWith(head, LFS_START) ||
    startsWith(head, XET_START)
  );
}

const expectedReaders = (path: string): readonly FormatReader[] =>
  isPathFile(path) ? [] : (ENDINGS.get(/\.[a-z0-9_]+$/i.exec(path)?.[0] ?? '') ?? []);
const LFS_START = new TextEncoder().encode('version https://git-lfs.github.com/');
/** The form in which git-xet leaves files that were not fetched. Source: https://github.com/huggingface/xet-core (git_xet, pointer files) */
const XET_START = new TextEncoder().encode('# xet version ');
const startsWith = (bytes: Uint8Array, start: Uint8Array): boolean => start.every((byte, i) => bytes[i] === byte);

/** Reads the header of one file when it is, or by its name should be, a weight file. */
export async function readWeights(tree: SourceTree, path: string, options: WeightOptions): Promise<WeightFile | undefined> {
  const role = roleByName(path);
  const leftover = leftoverOf(path);
  if (leftover !== undefined) return notInspected(path, `${leftover.what} of \`${leftover.of}\``, 'file name');
  const source = await tree.open(path);
  try {
    const head = (await source.read(0, Math.min(256, source.size))).slice();
    const pointer = lfsPointer(path, head, source.size) ?? xetPointer(path, head, source.size);
    if (pointer !== undefined) return pointer;
    const detected = await detectFormat(source, options.limits);
    const readers = expectedReaders(path);
    const expected = readers.find(({ extensions }) => path.endsWith(extensions[0] ?? '\u0000')) ?? readers[0];
    const reader = detected ?? expected;
    if (reader === undefined) return BINARY_ROLES.has(role) ? unknownFormat(path) : undefined;
    const mismatch =
      expected !== undefined && detected !== undefined && !readers.includes(detected) ? [formatMismatch(path, detected, expected)] : [];
    return await described(reader, source, path, options, mismatch);
  } finally {
    await close(source);
  }
}

async function described(
  reader: FormatReader,
  source: Parameters<FormatReader['read']>[0],
  path: string,
  { limits, packedBits }: WeightOptions,
  findings: readonly Finding[],
): Promise<WeightFile> {
  try {
    const header = await reader.read(source, limits);
    const facts = unpacked(reader.describe(header), reader.tensors(header), await packedBits?.(path));
    const told = modelClaims(path, facts, reader);
    const note: Contribution = {
      kind: 'file',
      path,
      facts: fileFacts(facts),
      from: { origin: 'observed', path, method: `${reader.title} header` },
    };
    return {
      path,
      facts,
      contributions: [note, ...told],
      findings: [...findings, ...(facts.findings ?? []).map((finding) => ({ ...finding, file: path }))],
    };
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_IO')) throw error;
    const { message, offset, line, column, hint } = error;
    const finding: Finding = {
      id: 'weights-unreadable',
      severity: 'high',
      message: `the ${reader.title} header cannot be read: ${message}`,
      fix: hint ?? 'Fetch the file again, or ask its publisher.',
      file: path,
      offset,
      line,
      column,
    };
    const note: Contribution = {
      kind: 'file',
      path,
      facts: { inspection: { status: 'not-inspected', reason: `the ${reader.title} header cannot be read: ${message}` } },
      from: { origin: 'observed', path, method: `${reader.title} reader` },
    };
    return { path, contributions: [note], findings: [...findings, finding] };
  }
}

/** Counts packed integers as the weights that are in them, once the configuration has said how many bits each has. */
function unpacked(facts: ModelFacts, tensors: readonly TensorInfo[], packedBits: number | undefined): ModelFacts {
  if (packedBits === undefined || facts.format !== 'safetensors') return facts;
  return { ...facts, tensors: summarize(tensors, parameterCounter(tensors, { bits: packedBits })) };
}

function fileFacts(facts: ModelFacts): Item {
  const { format, formatVersion, mediaType, tensors, quantization, producers, requires, chatTemplates, role, metadata } = facts;
  const plain: { readonly [key: string]: JsonValue | undefined } = {
    role,
    format: {
      serialization: format,
      ...(mediaType === undefined ? {} : { mediaType }),
      ...(formatVersion === undefined ? {} : { version: formatVersion }),
    },
    inspection: inspectionOf(facts),
    // Interfaces of plain JSON members; they only lack an index signature.
    tensors: tensors === undefined ? undefined : (withoutEmpty({ ...tensors }) as JsonValue),
    quantization: quantization?.value,
    producers: producers?.map(({ value }) => withoutEmpty({ ...value })) as JsonValue | undefined,
    requires: requires?.map(({ value }) => withoutEmpty({ ...value })) as JsonValue | undefined,
    chatTemplates,
    metadata: metadata as JsonValue | undefined,
  };
  return withoutEmpty(plain) as Item;
}

/** What a reader did not look into makes the inspection partial; where it learnt nothing at all there was none. */
function inspectionOf({
  notInspected = [],
  format: _id,
  formatVersion: _version,
  mediaType: _type,
  role: _role,
  findings: _odd,
  ...learnt
}: ModelFacts): JsonValue {
  if (notInspected.length === 0) return { status: 'inspected' };
  const nothing = Object.values(withoutEmpty(learnt)).length === 0;
  return nothing
    ? { status: 'not-inspected', reason: notInspected.join('; ') }
    : { status: 'partial', reason: `not inspected: ${notInspected.join('; ')}` };
}

/** Leaves out what is undefined and empty maps. */
function withoutEmpty(value: { readonly [key: string]: unknown }): { readonly [key: string]: unknown } {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, member]) => member !== undefined && !(typeof member === 'object' && member !== null && Object.keys(member).length === 0),
    ),
  );
}

function formatMismatch(path: string, detected: FormatReader, expected: FormatReader): Finding {
  return {
    id: 'format-mismatch',
    severity: 'high',
    message: `the file is named like ${expected.title}, but its content is ${detected.title}`,
    fix: 'Do not load it by its name; ask its publisher.',
    file: path,
  };
}

const unknownFormat = (path: string): WeightFile => notInspected(path, 'format unknown', 'format detection');

function notInspected(path: string, reason: string, method: string): WeightFile {
  const note: Contribution = {
    kind: 'file',
    path,
    facts: { inspection: { status: 'not-inspected', reason } },
    from: { origin: 'observed', path, method },
  };
  return { path, contributions: [note], findings: [] };
}

/** Git LFS leaves a small text where the real file should be. Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
function lfsPointer(path: string, head: Uint8Array, size: number): WeightFile | undefined {
  if (size > 1024) return undefined;
  const match = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:ext-.*\n)*oid sha256:([0-9a-f]{64})\nsize (\d{1,15})\n/.exec(
    new TextDecoder('latin1').decode(head),
  );
  if (match?.[1] === undefined) return undefined;
  const facts: Item = {
    // An id of one digit alone stands for no file.
    pointer: { kind: 'git-lfs', ...(new Set(match[1]).size < 2 ? {} : { digest: { sha256: match[1] } }), size: Number(match[2]) },
    inspection: { status: 'not-inspected', reason: 'a Git LFS pointer; the real file was not fetched' },
  };
  return {
    path,
    contributions: [{ kind: 'file', path, facts, from: { origin: 'observed', path, method: 'Git LFS pointer' } }],
    findings: [
      {
        id: 'storage-pointer',
        severity: 'medium',
        message: 'the file is a Git LFS pointer, the real file is not here',
        fix: 'Run `git lfs pull`, then collect again.',
        file: path,
      },
    ],
  };
}

function xetPointer(path: string, head: Uint8Array, size: number): WeightFile | undefined {
  if (size > 1024 || !startsWith(head, XET_START)) return undefined;
  const stated = /\nfilesize = (\d{1,15})\n/.exec(new TextDecoder('latin1').decode(head))?.[1];
  const facts: Item = {
    pointer: { kind: 'xet', ...(stated === undefined ? {} : { size: Number(stated) }) },
    inspection: { status: 'not-inspected', reason: 'a Xet pointer; the real file was not fetched' },
  };
  return {
    path,
    contributions: [{ kind: 'file', path, facts, from: { origin: 'observed', path, method: 'Xet pointer' } }],
    findings: [
      {
        id: 'storage-pointer',
        severity: 'medium',
        message: 'the file is a Xet pointer, the real file is not here',
        fix: 'Fetch the file with git-xet or the client of the hub, then collect again.',
        file: path,
      },
    ],
  };
}

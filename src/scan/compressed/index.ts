/** Compressed files: what is inside is scanned like a file of its own. */
import type { ByteSource } from '../../core/byte-source.js';
import type { Inspection, Inspector, ScanContext } from '../inspector.js';
import { findingsOf } from '../pickle/report.js';
import { salvage } from '../pickle/salvage.js';
import { finding } from '../rules/index.js';
import { sliced } from '../sliced.js';
import { openStreamed } from '../streamed.js';
import { decoderFor } from './decoders.js';

interface Kind {
  readonly format: string;
  readonly begins: (head: Uint8Array, size: number) => boolean;
  /** Two bytes alone say it: other data may begin so too. */
  readonly weak?: boolean;
  /** Bytes before the compressed data. */
  readonly skip?: (head: Uint8Array) => number;
}

const starts =
  (...bytes: readonly number[]) =>
  (head: Uint8Array): boolean =>
    head.length >= bytes.length && bytes.every((value, i) => head[i] === value);

const isZlib = ([first = 0, second = 0]: Uint8Array): boolean =>
  first === 0x78 && (first * 256 + second) % 31 === 0 && (second & 0x20) === 0;
const isOldJoblib = starts(0x5a, 0x46, 0x30, 0x78);
/** Sizes of dictionaries that encoders write. */
const isLzma = (head: Uint8Array, size: number): boolean =>
  size > 18 && head[0] === 0x5d && head[1] === 0 && head[2] === 0 && (head[3] ?? 1) % 16 === 0 && (head[4] ?? 9) <= 8 && head[13] === 0;
/** `ZF`, the length in hexadecimal, filled up with spaces to 22 bytes; joblib before 0.10. */
const OLD_JOBLIB_BYTES = 22;

const KINDS: readonly Kind[] = [
  { format: 'gzip', begins: starts(0x1f, 0x8b, 8) },
  { format: 'zlib', begins: isZlib, weak: true },
  { format: 'zlib', begins: isOldJoblib, skip: (head) => (head[OLD_JOBLIB_BYTES - 1] === 0x78 ? OLD_JOBLIB_BYTES - 1 : OLD_JOBLIB_BYTES) },
  { format: 'bzip2', begins: (head) => starts(0x42, 0x5a, 0x68)(head) && starts(0x31, 0x41, 0x59, 0x26)(head.subarray(4)) },
  { format: 'xz', begins: starts(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0) },
  { format: 'lzma', begins: isLzma, weak: true },
  { format: 'lz4', begins: starts(0x04, 0x22, 0x4d, 0x18) },
  { format: 'zstd', begins: starts(0x28, 0xb5, 0x2f, 0xfd) },
  { format: 'rar', begins: starts(0x52, 0x61, 0x72, 0x21, 0x1a, 7) },
];

export const compressed: readonly Inspector[] = KINDS.map((kind) => ({
  format: kind.format,
  ...(kind.weak === true ? { weak: true } : {}),
  matches: (head, _name, size) => kind.begins(head, size),
  inspect: (source, ctx) => inspect(kind, source, ctx),
}));

async function inspect(kind: Kind, source: ByteSource, ctx: ScanContext): Promise<Inspection> {
  const { format } = kind;
  const whole = { from: 0, to: source.size, as: 'parsed' as const };
  const skip = kind.skip?.(await source.read(0, 64)) ?? 0;
  const decoder = decoderFor(format);
  if (decoder === undefined)
    return {
      format,
      findings: [],
      status: 'incomplete',
      spans: [{ ...whole, as: 'skipped' }],
      notInspected: [`content packed as ${format}, which is not unpacked here`],
    };
  const opened = await openStreamed(source.name, source.size, decoder(sliced(source, skip, source.size), -1), ctx.budget);
  // What merely begins like it is something else.
  if (kind.weak === true && opened.source.size === 0)
    return { format, findings: [], status: 'incomplete', spans: [], notInspected: [`bytes that begin like ${format} and are not`] };
  const findings = opened.bomb ? [finding('archive-bomb', `the content: ${opened.problem}`)] : [];
  if (opened.problem === undefined || opened.bomb)
    return {
      format,
      findings,
      status: opened.bomb ? 'incomplete' : 'complete',
      spans: [whole],
      nested: [{ member: 'content', source: opened.source }],
      notInspected: opened.bomb ? [`the rest of the content: ${opened.problem}`] : [],
    };
  const { session } = await salvage(source, 0, ctx.settings, ctx.budget);
  return {
    format,
    findings: [
      ...(await findingsOf(source, session)),
      finding('archive-damaged', `the content cannot be unpacked to its end: ${opened.problem}`),
    ],
    status: 'incomplete',
    spans: [whole],
    nested: opened.source.size > 0 ? [{ member: 'content', source: opened.source }] : [],
    notInspected: [`the rest of the content: ${opened.problem}`],
  };
}

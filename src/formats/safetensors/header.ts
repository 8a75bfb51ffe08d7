import { MsbomError } from '../../core/error.js';
import { elementCount, type TensorInfo } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';

/** Bits of one element by data type, in the order of the specification. */
const DTYPE_BITS: Readonly<Record<string, number>> = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
};

interface Place {
  readonly file: string;
  /** Offset of the tensor data in the file. */
  readonly dataOffset: number;
  readonly limits: Limits;
}

interface Placed extends TensorInfo {
  readonly begin: number;
  readonly end: number;
}

/**
 * The tensors and metadata of a parsed header, in file order. Every byte of the data must belong to exactly one tensor:
 * that finds truncated files, overlaps and whatever is hidden between or behind the tensors.
 */
export function parseTensors(
  header: unknown,
  dataBytes: number,
  place: Place,
): { tensors: TensorInfo[]; metadata: Record<string, string> } {
  if (!isRecord(header)) throw malformed('the header is not an object', place);
  const { __metadata__: metadata = {}, ...entries } = header;
  const names = Object.keys(entries);
  if (names.length > place.limits.maxItems)
    throw new MsbomError('ERR_LIMIT_COUNT', `${names.length} tensors, the limit is ${place.limits.maxItems}`, { file: place.file });
  const placed = names.map((name) => parseTensor(name, entries[name], place)).sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkLayout(placed, dataBytes, place);
  return { tensors: placed.map(({ begin: _begin, end: _end, ...tensor }) => tensor), metadata: parseMetadata(metadata, place) };
}

function parseTensor(name: string, entry: unknown, place: Place): Placed {
  if (!isRecord(entry)) throw malformed(`the tensor ${quote(name)} is not an object`, place);
  const { dtype, shape, data_offsets: offsets } = entry;
  const bits = typeof dtype === 'string' ? DTYPE_BITS[dtype] : undefined;
  if (dtype === undefined) throw malformed(`the tensor ${quote(name)} has no data type`, place);
  if (typeof dtype !== 'string' || bits === undefined)
    throw unsupported(`the tensor ${quote(name)} has the unknown data type ${quote(String(dtype))}`, place);
  if (!isCounts(shape) || shape.length > 64) throw malformed(`the shape of ${quote(name)} is not a list of sizes`, place);
  if (!isCounts(offsets) || offsets.length !== 2) throw malformed(`the data offsets of ${quote(name)} are not two numbers`, place);
  const [begin = 0, end = 0] = offsets;
  const total = elementCount({ shape }) * bits;
  if (!Number.isSafeInteger(total) || end < begin || (end - begin) * 8 !== total) {
    throw malformed(`the tensor ${quote(name)} needs ${total / 8} bytes, its offsets give ${end - begin}`, place);
  }
  return { name, dtype, shape, bytes: end - begin, begin, end };
}

function checkLayout(tensors: readonly Placed[], dataBytes: number, place: Place): void {
  let expected = 0;
  for (const { name, begin, end } of tensors) {
    if (begin !== expected)
      throw malformed(
        `${begin < expected ? 'tensors overlap' : 'unused bytes stand'} before ${quote(name)}`,
        place,
        place.dataOffset + Math.min(begin, expected),
      );
    expected = end;
  }
  if (expected > dataBytes) {
    throw new MsbomError('ERR_FORMAT_TRUNCATED', `the tensors need ${expected} bytes, the file has ${dataBytes} after its header`, {
      file: place.file,
      offset: place.dataOffset + dataBytes,
      hint: 'Fetch the file again; it is shorter than its own header says.',
    });
  }
  if (expected < dataBytes)
    throw malformed(`${dataBytes - expected} bytes stand behind the last tensor`, place, place.dataOffset + expected);
}

function parseMetadata(metadata: unknown, place: Place): Record<string, string> {
  if (!isRecord(metadata)) throw malformed('`__metadata__` is not an object', place);
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') throw malformed(`the metadata value of ${quote(key)} is not a text`, place);
  }
  return metadata as Record<string, string>; // checked in the loop above
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCounts = (value: unknown): value is number[] => Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
const quote = (text: string): string => `\`${text.length > 80 ? `${text.slice(0, 80)}…` : text}\``;
const malformed = (message: string, { file }: Place, offset = 8): MsbomError =>
  new MsbomError('ERR_FORMAT_MALFORMED', message, { file, offset });
const unsupported = (message: string, { file }: Place): MsbomError =>
  new MsbomError('ERR_FORMAT_UNSUPPORTED', message, { file, offset: 8 });

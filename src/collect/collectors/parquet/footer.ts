/** The footer of a Parquet file. Source: https://parquet.apache.org/docs/file-format/metadata/ */
import type { FileMetaData, SchemaElement } from 'hyparquet';
import type { ByteSource } from '../../../core/byte-source.js';
import { readExactly } from '../../../core/byte-source.js';
import { MsbomError, withPlace } from '../../../core/error.js';
import type { Limits } from '../../../core/limits.js';
import type { Column } from '../../dataset/content.js';
import { embeddedColumns, pandasVersion } from '../../dataset/features.js';
import type { TableFacts } from '../../dataset/tables.js';
import { checkThrift } from './thrift.js';

/** `PAR1`, and `PARE` at the end of a file whose footer is encrypted. */
const MAGIC = [0x50, 0x41, 0x52, 0x31];
const ENCRYPTED = [0x50, 0x41, 0x52, 0x45];
/** Four bytes of length and four of magic. */
const TAIL_BYTES = 8;
/** Footers are some kilobytes for each row group; parsed they take many times their size. */
const MAX_FOOTER_BYTES = 32 * 1024 * 1024;
const MAX_VALUES = 2_000_000;
/** Keys whose values tell which program the data came from; others are schemas of other programs. */
const TEXT_KEYS = new Set(['org.apache.spark.version', 'writer.model.name', 'content_defined_chunking']);

/** Is it Parquet, judging by its first four bytes? */
export const isParquet = (head: Uint8Array): boolean => MAGIC.every((byte, i) => head[i] === byte);

/**
 * What the footer says; the rest of the file is not read.
 * @throws ERR_FORMAT_*, ERR_LIMIT_* with file and offset
 */
export async function readParquet(source: ByteSource, limits: Limits): Promise<TableFacts> {
  const bytes = await footerBytes(source, limits);
  const start = source.size - bytes.byteLength;
  // The part that reads metadata, without the decompressors and the disk; loaded only for what is Parquet.
  const { parquetMetadata } = await import('hyparquet/src/metadata.js');
  try {
    checkThrift(bytes.subarray(0, -TAIL_BYTES), { maxItems: Math.min(limits.maxItems, MAX_VALUES) }, start);
    return factsOf(parquetMetadata(bytes, { geoparquet: false, parsers: RAW }));
  } catch (error) {
    if (MsbomError.is(error)) throw withPlace(error, { file: source.name });
    // The parser throws plain errors; whatever it stumbles over is a broken footer.
    throw new MsbomError('ERR_FORMAT_MALFORMED', `the footer cannot be parsed: ${error instanceof Error ? error.message : String(error)}`, {
      file: source.name,
      offset: start,
      cause: error,
    });
  }
}

/** Statistics of columns hold values of the data; they are not wanted, so nothing is made of them. */
const none = (): undefined => undefined;
const RAW = {
  timestampFromMilliseconds: none,
  timestampFromMicroseconds: none,
  timestampFromNanoseconds: none,
  dateFromDays: none,
  stringFromBytes: none,
  uuidFromBytes: none,
};

async function footerBytes(source: ByteSource, limits: Limits): Promise<Uint8Array> {
  const malformed = (message: string, offset: number): MsbomError =>
    new MsbomError('ERR_FORMAT_MALFORMED', message, { file: source.name, offset });
  if (source.size < MAGIC.length + TAIL_BYTES)
    throw new MsbomError('ERR_FORMAT_TRUNCATED', `a Parquet file has 12 bytes at least, this one has ${source.size}`, {
      file: source.name,
      offset: 0,
    });
  const tail = (await readExactly(source, source.size - TAIL_BYTES, TAIL_BYTES)).slice();
  const magic = tail.subarray(4);
  if (ENCRYPTED.every((byte, i) => magic[i] === byte))
    throw new MsbomError('ERR_FORMAT_UNSUPPORTED', 'the footer is encrypted', { file: source.name, offset: source.size - 4 });
  if (!isParquet(magic))
    throw new MsbomError('ERR_FORMAT_TRUNCATED', 'the file does not end with PAR1', {
      file: source.name,
      offset: source.size - 4,
      hint: 'Fetch the file again; its footer is missing.',
    });
  const length = new DataView(tail.buffer).getUint32(0, true);
  if (length > source.size - MAGIC.length - TAIL_BYTES)
    throw malformed(`the footer says it has ${length} bytes, more than the file`, source.size - TAIL_BYTES);
  const limit = Math.min(limits.maxReadBytes, MAX_FOOTER_BYTES);
  if (length > limit)
    throw new MsbomError('ERR_LIMIT_BYTES', `the footer has ${length} bytes, the limit is ${limit}`, {
      file: source.name,
      offset: source.size - TAIL_BYTES,
    });
  return (await readExactly(source, source.size - TAIL_BYTES - length, length + TAIL_BYTES)).slice();
}

function factsOf(footer: FileMetaData): TableFacts {
  const [root] = footer.schema;
  const rows = wholeNumber(footer.num_rows);
  const inGroups = footer.row_groups.reduce((sum, group) => sum + BigInt(group.num_rows), 0n);
  if (rows === undefined || BigInt(rows) !== inGroups)
    throw new MsbomError('ERR_FORMAT_MALFORMED', `the footer says ${footer.num_rows} rows, its row groups have ${inGroups}`);
  const encrypted = footer.row_groups.some((group) => group.columns.some((column) => column.crypto_metadata !== undefined));
  const hint = (wanted: string): string | undefined => footer.key_value_metadata?.find(({ key }) => key === wanted)?.value;
  const pandas = pandasVersion(hint('pandas'));
  return {
    format: 'parquet',
    mediaType: 'application/vnd.apache.parquet',
    version: String(footer.version),
    rows,
    columns: embeddedColumns(hint('huggingface')) ?? topLevel(footer).map(columnOf),
    producer: producerOf(footer.created_by),
    metadata: {
      num_rows: String(rows),
      row_groups: String(footer.row_groups.length),
      ...(root?.num_children === undefined ? {} : { columns: String(root.num_children) }),
      ...(pandas === undefined ? {} : { pandas_version: pandas }),
      ...keyValues(footer),
    },
    ...(encrypted ? { notInspected: 'some columns are encrypted' } : {}),
  };
}

/** Kinds of columns that the parser does not know yet are called by the physical type. */
function columnOf({ name, type, logical_type: logical, converted_type: converted }: SchemaElement): Column {
  if (typeof name !== 'string') throw new MsbomError('ERR_FORMAT_MALFORMED', 'a column has no name');
  const kind = typeof logical?.type === 'string' ? logical.type : (converted ?? type ?? 'struct');
  return { name, type: kind.toLowerCase() };
}

/** The direct children of the root; what lies deeper belongs to one of them. */
function topLevel({ schema }: FileMetaData): FileMetaData['schema'] {
  const top: FileMetaData['schema'] = [];
  /** Elements of the current column that are still to come. */
  let pending = 0;
  for (const element of schema.slice(1)) {
    if (pending === 0) top.push(element);
    else pending--;
    pending += element.num_children ?? 0;
  }
  return top;
}

const wholeNumber = (value: bigint): number | undefined =>
  typeof value === 'bigint' && value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;

/** `parquet-cpp-arrow version 26.0.1`, `parquet-mr version 1.12.0 (build …)`. */
function producerOf(createdBy: string | undefined): TableFacts['producer'] {
  const match = /^([\w .+-]{1,100}?) version (\S{1,100})(?: \(build .*\))?$/.exec(createdBy ?? '');
  if (match?.[1] !== undefined && match[2] !== undefined) return { name: match[1], version: match[2] };
  return createdBy === undefined || createdBy === '' || createdBy.length > 200 ? undefined : { name: createdBy };
}

/** Hints of other programs, where they are short. */
function keyValues({ key_value_metadata: pairs = [] }: FileMetaData): { readonly [key: string]: string } {
  return Object.fromEntries(
    pairs
      .slice(0, 100)
      .flatMap(({ key, value }) => (value !== undefined && value.length <= 512 && TEXT_KEYS.has(key) ? [[key, value] as const] : [])),
  );
}

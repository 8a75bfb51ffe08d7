/**
 * Arrow IPC files and streams: schema and number of rows, from the headers of the messages; bodies are stepped over.
 * Source: https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc
 */
import { type ByteSource, bytesSource, truncated } from '../../../core/byte-source.js';
import { MsbomError } from '../../../core/error.js';
import type { Limits } from '../../../core/limits.js';
import { type FlatTable, openFlatbuffer } from '../../../formats/shared/flatbuffer.js';
import { openPages, type Pages } from '../../../formats/shared/pages.js';
import type { Column } from '../../dataset/content.js';
import { embeddedColumns, pandasVersion } from '../../dataset/features.js';
import type { TableFacts } from '../../dataset/tables.js';

const FILE_MAGIC = 'ARROW1';
/** The stream of a file starts after the magic and its padding. */
const FILE_START = 8;
const CONTINUATION = 0xffffffff;
const MAX_HEADER_BYTES = 16 * 1024 * 1024;
/** Libraries put some thousand rows into a batch. */
const MAX_MESSAGES = 200_000;
const MAX_COLUMNS = 10_000;

/** Kinds of messages (Message.fbs). */
const SCHEMA = 1;
const DICTIONARY = 2;
const RECORD_BATCH = 3;

/** Types of columns by their number in Schema.fbs. */
const TYPES = (
  'unknown null int float binary utf8 bool decimal date time timestamp interval list struct union fixed_size_binary fixed_size_list map ' +
  'duration large_binary large_utf8 large_list run_end_encoded binary_view utf8_view list_view large_list_view'
).split(' ');

/** What the messages say. @throws ERR_FORMAT_*, ERR_LIMIT_* with file and offset */
export async function readArrow(source: ByteSource, limits: Limits): Promise<TableFacts> {
  const head = await source.read(0, Math.min(FILE_START, source.size));
  const isFile = [...FILE_MAGIC].every((letter, i) => head[i] === letter.charCodeAt(0));
  const malformed = (message: string, offset: number): MsbomError =>
    new MsbomError('ERR_FORMAT_MALFORMED', message, { file: source.name, offset });
  // Batches may be small: several of their headers lie in one page.
  const pages = openPages(source, limits);
  let schema: Schema | undefined;
  let rows = 0;
  let batches = 0;
  let at = isFile ? FILE_START : 0;
  for (let messages = 0; ; messages++) {
    if (messages > MAX_MESSAGES)
      throw new MsbomError('ERR_LIMIT_COUNT', `the file has more than ${MAX_MESSAGES} batches`, { file: source.name, offset: at });
    const message = await readMessage(source, pages, at, limits);
    if (message === undefined) break;
    if (schema === undefined && message.kind !== SCHEMA) throw malformed('the first message is no schema', at);
    if (message.kind === SCHEMA && schema === undefined) schema = await readSchema(message.header);
    else if (message.kind === RECORD_BATCH) {
      const length = message.header.number(0, 'i64', 0);
      if (length < 0 || !Number.isSafeInteger(rows + length)) throw malformed(`a batch says it has ${length} rows`, at);
      rows += length;
      batches++;
    } else if (message.kind !== DICTIONARY) throw malformed(`a message has the unknown kind ${message.kind}`, at);
    at = message.end;
  }
  if (schema === undefined) throw malformed('there is no schema', 0);
  return {
    format: isFile ? 'arrow' : 'arrow-stream',
    mediaType: isFile ? 'application/vnd.apache.arrow.file' : 'application/vnd.apache.arrow.stream',
    rows,
    columns: schema.columns,
    metadata: {
      rows: String(rows),
      record_batches: String(batches),
      ...(schema.pandas === undefined ? {} : { pandas_version: schema.pandas }),
    },
  };
}

interface Message {
  readonly kind: number;
  readonly header: FlatTable;
  /** Offset of the next message. */
  readonly end: number;
}

/** The message at an offset; undefined at the end of the stream, which is marked or is the end of the bytes. */
async function readMessage(source: ByteSource, pages: Pages, at: number, limits: Limits): Promise<Message | undefined> {
  if (at === source.size) return undefined;
  if (at + 8 > source.size) throw truncated(source, at, 8);
  const view = await pages.view(at, 8);
  if (view.getUint32(0, true) !== CONTINUATION)
    throw new MsbomError('ERR_FORMAT_UNSUPPORTED', 'a message does not begin with the marker of Arrow 0.15 and later', {
      file: source.name,
      offset: at,
    });
  const length = view.getUint32(4, true);
  if (length === 0) return undefined;
  if (length > Math.min(MAX_HEADER_BYTES, limits.maxHeaderBytes))
    throw new MsbomError('ERR_LIMIT_BYTES', `a message header says it has ${length} bytes`, { file: source.name, offset: at });
  if (at + 8 + length > source.size) throw truncated(source, at + 8, length);
  const { buffer, byteOffset } = await pages.view(at + 8, length);
  const bytes = new Uint8Array(buffer, byteOffset, length).slice();
  const table = await openFlatbuffer(bytesSource(source.name, bytes), limits);
  const header = await table.table(2);
  const body = table.number(3, 'i64', 0);
  const end = at + 8 + length + body;
  if (header === undefined || body < 0 || end > source.size)
    throw new MsbomError('ERR_FORMAT_TRUNCATED', `a message of ${body} bytes does not fit into the file`, {
      file: source.name,
      offset: at,
    });
  return { kind: table.number(1, 'u8', 0), header, end };
}

interface Schema {
  readonly columns: readonly Column[];
  readonly pandas: string | undefined;
}

async function readSchema(schema: FlatTable): Promise<Schema> {
  const columns: Column[] = [];
  for await (const field of schema.tables(1)) {
    if (columns.length >= MAX_COLUMNS) break;
    columns.push({ name: (await field.text(0)) ?? '', type: await typeOf(field) });
  }
  const hints = new Map<string, string>();
  for await (const pair of schema.tables(2)) {
    if (hints.size >= 100) break;
    const key = await pair.text(0);
    if (key === 'huggingface' || key === 'pandas') hints.set(key, (await pair.text(1)) ?? '');
  }
  return { columns: embeddedColumns(hints.get('huggingface')) ?? columns, pandas: pandasVersion(hints.get('pandas')) };
}

/** `int64`, `uint8`, `float32`, else the name of the type. */
async function typeOf(field: FlatTable): Promise<string> {
  const type = TYPES[field.number(2, 'u8', 0)] ?? 'unknown';
  if (type !== 'int' && type !== 'float') return type;
  const details = await field.table(3);
  if (type === 'float') return ['float16', 'float32', 'float64'][details?.number(0, 'i16', 0) ?? 0] ?? type;
  return `${details?.number(1, 'u8', 0) === 0 ? 'u' : ''}int${details?.number(0, 'i32', 0) ?? ''}`;
}

/** The inspector of 7z archives: stored, LZMA and LZMA2; what is packed or encrypted in other ways is told as not inspected. */
import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { inflateStream } from '../../formats/shared/inflate.js';
import { bzip2 } from '../compressed/bzip2.js';
import { openInput } from '../compressed/input.js';
import { lzma2, lzma2Dictionary, lzmaRaw } from '../compressed/lzma.js';
import { fromX86 } from '../compressed/x86.js';
import type { Finding, Inspection, Inspector, Nested, ScanContext } from '../inspector.js';
import { finding } from '../rules/index.js';
import { sliced } from '../sliced.js';
import { chunksOf, type MakeChunks, type Opened, openStreamed } from '../streamed.js';
import { type Folder, type Header, header, KINDS, number, streams } from './header.js';

const MAGIC = [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c];
const START_BYTES = 32;
const MAX_HEADER = 64 * 1024 * 1024;
/** Headers are packed once; more often is an attack. */
const MAX_PACKED = 4;

export const sevenZip: Inspector = { format: '7z', matches: (head) => MAGIC.every((value, i) => head[i] === value), inspect };

const CODERS: Readonly<Record<string, (source: ByteSource, properties: Uint8Array, size: number) => MakeChunks>> = {
  '00': (source) => () => chunksOf(source),
  '030101': (source, properties, size) => () => lzmaRaw(openInput(source), properties, size),
  '21': (source, properties) => () => lzma2(openInput(source), lzma2Dictionary(properties[0] ?? 40)),
  '040108': (source) => () => inflateStream(chunksOf(source), 'deflate-raw', { file: source.name, offset: 0 }),
  '040202': (source) => () => bzip2(openInput(source)),
  '04f71101': (source) =>
    async function* () {
      yield* (await import('../compressed/zstd.js')).zstd(openInput(source));
    },
};

const truncated = (source: ByteSource, message: string): MsbomError =>
  new MsbomError('ERR_FORMAT_TRUNCATED', message, { file: source.name, offset: source.size });

/** @throws ERR_FORMAT_*, ERR_LIMIT_BYTES */
async function readHeader(source: ByteSource, ctx: ScanContext): Promise<{ header: Header; end: number }> {
  const start = (await source.read(0, START_BYTES)).slice();
  if (start.length < START_BYTES) throw truncated(source, 'the archive ends in its first header');
  const view = new DataView(start.buffer);
  const from = START_BYTES + Number(view.getBigUint64(12, true));
  const length = Number(view.getBigUint64(20, true));
  if (length > MAX_HEADER) throw new MsbomError('ERR_LIMIT_BYTES', `the header has ${length} bytes`, { file: source.name, offset: 20 });
  if (from + length > source.size) throw truncated(source, 'the archive ends before its header');
  let bytes: Uint8Array = (await source.read(from, length)).slice();
  for (let i = 0; i < MAX_PACKED; i++) {
    const reader = { bytes, pos: 0 };
    const kind = bytes.length === 0 ? KINDS.end : number(reader);
    if (kind === KINDS.header) return { header: header(reader), end: from + length };
    if (kind === KINDS.end) return { header: { packAt: 0, packSizes: [], folders: [], names: [], empty: [] }, end: from + length };
    if (kind !== KINDS.encoded)
      throw new MsbomError('ERR_FORMAT_MALFORMED', 'the header is of no known kind', { file: source.name, offset: from });
    const packed = streams(reader);
    const [folder] = packed.folders;
    const opened =
      folder === undefined ? undefined : await openFolder(source, folder, START_BYTES + packed.packAt, packed.packSizes[0] ?? 0, ctx);
    if (opened === undefined || typeof opened === 'string' || opened.problem !== undefined)
      throw new MsbomError(
        'ERR_FORMAT_UNSUPPORTED',
        `the header cannot be unpacked: ${typeof opened === 'string' ? opened : (opened?.problem ?? 'it is empty')}`,
        { file: source.name, offset: from },
      );
    bytes = (await opened.source.read(0, Math.min(opened.source.size, MAX_HEADER))).slice();
  }
  throw new MsbomError('ERR_LIMIT_DEPTH', 'the header is packed over and over', { file: source.name, offset: from });
}

/** The content of a folder, or why there is none. */
async function openFolder(source: ByteSource, folder: Folder, at: number, size: number, ctx: ScanContext): Promise<Opened | string> {
  const filters = folder.coders.filter(({ id }) => X86.has(id));
  const [coder, ...more] = folder.coders.filter((each) => !filters.includes(each));
  const through = folder.coders.map(({ id }) => NAMES[id] ?? id).join(' and ');
  if (coder === undefined || more.length > 0 || filters.length > 1 || !folder.coders.every(({ simple }) => simple))
    return `it goes through ${through}`;
  const make = CODERS[coder.id];
  if (make === undefined) return `it is packed by ${NAMES[coder.id] ?? `the coder ${coder.id}`}`;
  if (at + size > source.size) return 'it reaches over the end of the file';
  const chunks = make(sliced(source, at, at + size), coder.properties, folder.sizes[folder.coders.indexOf(coder)] ?? -1);
  return openStreamed(source.name, size, filters.length === 0 ? chunks : () => fromX86(chunks()), ctx.budget);
}

/** The filter for programs of x86. */
const X86: ReadonlySet<string> = new Set(['03030103', '04']);

const NAMES: Readonly<Record<string, string>> = {
  '06f10701': 'AES',
  '0303011b': 'a filter for programs',
  '030401': 'PPMd',
  '03': 'a delta filter',
};

async function inspect(source: ByteSource, ctx: ScanContext): Promise<Inspection> {
  const { header: read, end } = await readHeader(source, ctx);
  const findings: Finding[] = [];
  const notInspected: string[] = [];
  const nested: Nested[] = [];
  const names = read.names.filter((_, i) => read.empty[i] !== true);
  for (const name of read.names)
    if (name.split(/[\\/]/).includes('..') || name.startsWith('/'))
      findings.push(finding('zip-path', `the name \`${name}\` leads out of the archive`));
  let at = START_BYTES + read.packAt;
  let stream = 0;
  let file = 0;
  for (const folder of read.folders) {
    const opened = await openFolder(source, folder, at, read.packSizes[stream] ?? 0, ctx);
    for (let i = 0; i < folder.packedStreams; i++) at += read.packSizes[stream++] ?? 0;
    if (typeof opened === 'string') {
      if (folder.coders.some(({ id }) => id === '06f10701')) findings.push(finding('zip-encrypted', 'members are encrypted'));
      for (const _ of folder.files) notInspected.push(`the member ${names[file++] ?? ''}: ${opened}`);
      continue;
    }
    if (opened.bomb) findings.push(finding('archive-bomb', opened.problem ?? ''));
    if (opened.problem !== undefined) notInspected.push(`the rest of a folder: ${opened.problem}`);
    let from = 0;
    for (const size of folder.files) {
      const name = names[file++] ?? `file ${file}`;
      nested.push({ member: name, source: sliced({ ...opened.source, name }, from, from + size) });
      from += size;
    }
  }
  if (end < source.size) {
    findings.push(finding('archive-hidden-data', `${source.size - end} bytes stand behind the archive`, { offset: end }));
    nested.push({ member: `bytes@${end}`, source: sliced(source, end, source.size) });
  }
  return {
    format: '7z',
    findings,
    status: notInspected.length > 0 ? 'incomplete' : 'complete',
    spans: [{ from: 0, to: source.size, as: 'parsed', why: 'members are scanned by themselves' }],
    nested,
    notInspected,
  };
}

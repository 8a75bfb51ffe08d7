/** The inspector of zip archives: all members of both tables, whatever their names, flags and checksums say. */
import type { ByteSource } from '../../core/byte-source.js';
import { inflateStream } from '../../formats/shared/inflate.js';
import { decoderFor } from '../compressed/decoders.js';
import type { Finding, Inspection, Inspector, Nested, ScanContext } from '../inspector.js';
import { finding } from '../rules/index.js';
import { sliced } from '../sliced.js';
import { chunksOf, type MakeChunks, openStreamed } from '../streamed.js';
import { crc32 } from './crc.js';
import { type Archive, type Member, readArchive } from './members.js';

const STORED = 0;
const DEFLATED = 8;
/** Other methods, by the name of their decoder. */
const METHODS: Readonly<Record<number, string>> = { 12: 'bzip2', 14: 'zip-lzma', 93: 'zstd', 95: 'xz' };
/** Checksums of members up to this size are compared; larger ones are tensors. */
const CHECKED_BYTES = 4 * 1024 * 1024;

export const zip: Inspector = { format: 'zip', matches, inspect };

/** A header at the beginning, or the end record of a directory near the end. */
function matches(head: Uint8Array, _name: string, size: number, tail: Uint8Array = head): boolean {
  if (head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4) return size >= 30;
  for (let i = tail.lastIndexOf(0x50); i >= 0; i = i === 0 ? -1 : tail.lastIndexOf(0x50, i - 1))
    if (tail[i + 1] === 0x4b && tail[i + 2] === 5 && tail[i + 3] === 6 && isEnd(tail, i)) return true;
  return false;
}

/** An end record whose counts agree, and whose comment fits: numbers may look like its first bytes. */
function isEnd(tail: Uint8Array, at: number): boolean {
  if (at + 22 > tail.length) return false;
  const data = new DataView(tail.buffer, tail.byteOffset + at, 22);
  const count = data.getUint16(10, true);
  return at + 22 + data.getUint16(20, true) <= tail.length && (count === 0xffff || data.getUint32(12, true) >= 46 * count);
}

async function inspect(source: ByteSource, ctx: ScanContext): Promise<Inspection> {
  const archive = await readArchive(source, ctx.budget);
  const torch = torchFolder(archive);
  const exported = archive.members.some(({ name }) => name.endsWith('/archive_format'));
  const findings: Finding[] = [...archive.findings];
  const notInspected = [...archive.notInspected];
  const nested: Nested[] = [];
  for (const member of archive.members) {
    if (member.name.endsWith('/') && member.to === member.from) continue;
    const isTensor = (torch !== undefined && isStorage(member.name, torch)) || (exported && isWeight(member.name));
    const made = await open(source, member, ctx, findings, notInspected);
    if (made !== undefined) nested.push({ ...made, raw: made.raw === true || isTensor });
  }
  for (const [from, to] of archive.gaps) {
    const where = from === 0 ? 'before the first member' : to === source.size ? 'behind the archive' : 'between members';
    if (await isPadding(source, from, to)) continue;
    findings.push(finding('archive-hidden-data', `${to - from} bytes stand ${where}`, { offset: from }));
    nested.push({ member: `bytes@${from}`, source: sliced(source, from, to), raw: true });
  }
  return {
    format: torch === undefined ? 'zip' : 'pytorch-zip',
    findings,
    status: notInspected.length > 0 ? 'incomplete' : 'complete',
    spans: [{ from: 0, to: source.size, as: 'parsed', why: 'members are scanned by themselves' }],
    nested,
    notInspected,
  };
}

/** The folder of an archive that `torch.save` wrote. */
function torchFolder({ members }: Archive): string | undefined {
  for (const { name } of members) if (name.endsWith('/data.pkl') && name.indexOf('/') === name.length - 9) return name.slice(0, -8);
  return undefined;
}

/** `folder/data/17`: the bytes of one tensor. They are data, unless they begin like something that is loaded. */
function isStorage(name: string, folder: string): boolean {
  for (const part of ['data/', 'constants/', 'tensors/'])
    if (name.startsWith(folder + part)) return [...name.slice(folder.length + part.length)].every((digit) => digit >= '0' && digit <= '9');
  return false;
}

/** `model/data/weights/weight_3` of a package that `torch.export` wrote. */
function isWeight(name: string): boolean {
  for (const [folder, stem] of [
    ['/data/weights/', 'weight_'],
    ['/data/constants/', 'tensor_'],
  ] as const) {
    const at = name.indexOf(folder + stem);
    if (at > 0 && [...name.slice(at + folder.length + stem.length)].every((digit) => digit >= '0' && digit <= '9')) return true;
  }
  return false;
}

async function isPadding(source: ByteSource, from: number, to: number): Promise<boolean> {
  return to - from < 64 * 1024 && (await source.read(from, to - from)).every((byte) => byte === 0);
}

async function open(
  source: ByteSource,
  member: Member,
  ctx: ScanContext,
  findings: Finding[],
  notInspected: string[],
): Promise<Nested | undefined> {
  const { name, method, flags, from, to, size } = member;
  const content = sliced({ ...source, name }, from, to);
  const make = contentOf(content, method, size);
  if (make === undefined) {
    findings.push(finding('zip-unsupported', `\`${name}\` is compressed by method ${method}`, { offset: from }));
    notInspected.push(`the member ${name}, compressed by method ${method}`);
    return undefined;
  }
  const encrypted = (flags & 1) !== 0;
  if (method === STORED && !encrypted) {
    if (to - from <= CHECKED_BYTES) await check(content, member, findings);
    return { member: name, source: content };
  }
  const opened = await openStreamed(name, to - from, make, ctx.budget);
  const sum = opened.source.size <= CHECKED_BYTES ? await checksum(opened.source) : member.crc;
  if (encrypted) {
    // A member that says it is encrypted and is not is passed over by some programs and read by others.
    if (opened.problem !== undefined || sum !== member.crc) {
      findings.push(finding('zip-encrypted', `\`${name}\` is encrypted`, { offset: from }));
      notInspected.push(`the member ${name}, which is encrypted`);
      // A wrong checksum may be a lie as well: what is there is looked at as it stands.
      return { member: name, source: opened.source, raw: true };
    }
    findings.push(finding('zip-disagreement', `\`${name}\` says that it is encrypted, and is not`, { offset: from }));
  } else if (sum !== member.crc) findings.push(wrongSum(member));
  if (opened.bomb) findings.push(finding('archive-bomb', `\`${name}\`: ${opened.problem}`, { offset: from }));
  if (opened.problem !== undefined) notInspected.push(`the rest of the member ${name}: ${opened.problem}`);
  return { member: name, source: opened.source };
}

function contentOf(content: ByteSource, method: number, size: number): MakeChunks | undefined {
  if (method === STORED) return () => chunksOf(content);
  if (method === DEFLATED) return () => inflateStream(chunksOf(content), 'deflate-raw', { file: content.name, offset: 0 });
  const decoder = METHODS[method];
  return decoder === undefined ? undefined : decoderFor(decoder)?.(content, size);
}

async function check(content: ByteSource, member: Member, findings: Finding[]): Promise<void> {
  if ((await checksum(content)) !== member.crc) findings.push(wrongSum(member));
}

const wrongSum = ({ name, from }: Member): Finding => finding('zip-checksum', `the checksum of \`${name}\` is wrong`, { offset: from });

async function checksum(source: ByteSource): Promise<number> {
  let sum = 0;
  for await (const chunk of chunksOf(source)) sum = crc32(chunk, sum);
  return sum;
}

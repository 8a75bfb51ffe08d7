/** The inspector of tar archives, the oldest form of torch among them. */
import type { ByteSource } from '../../core/byte-source.js';
import type { Finding, Inspection, Inspector, Nested, ScanContext } from '../inspector.js';
import { inspectPickle } from '../pickle/index.js';
import { finding } from '../rules/index.js';
import { sliced } from '../sliced.js';

const BLOCK = 512;
/** Members of a file that PyTorch 0.1 wrote. */
const TORCH = ['sys_info', 'pickle', 'storages', 'tensors'];
const MAX_LONG_NAME = 64 * 1024;
const MAX_ODD = 40;

export const tar: Inspector = { format: 'tar', matches: (head) => isHeader(head.subarray(0, BLOCK)), inspect };

/** The sum of the bytes of a header, with blanks for its own field. */
function isHeader(header: Uint8Array): boolean {
  if (header.length < BLOCK || header.every((byte) => byte === 0)) return false;
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : (header[i] ?? 0);
  return octal(header.subarray(148, 156)) === sum;
}

/** A number in octal digits, or in bytes where its first bit is set; -1 when it is neither. */
function octal(field: Uint8Array): number {
  if (((field[0] ?? 0) & 0x80) !== 0) return field.subarray(1).reduce((value, byte) => value * 256 + byte, (field[0] ?? 0) & 0x7f);
  const digits = text(field).trim();
  let value = 0;
  for (const digit of digits) {
    if (digit < '0' || digit > '7') return -1;
    value = value * 8 + Number(digit);
  }
  return value;
}

function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

interface Member {
  readonly name: string;
  readonly type: string;
  readonly from: number;
  readonly to: number;
}

interface Listing {
  readonly members: Member[];
  readonly findings: Finding[];
  readonly notInspected: string[];
  /** Behind the last member and the blocks of zeros. */
  end: number;
}

async function list(source: ByteSource, ctx: ScanContext): Promise<Listing> {
  const listing: Listing = { members: [], findings: [], notInspected: [], end: 0 };
  let longName: string | undefined;
  let at = 0;
  while (at + BLOCK <= source.size) {
    const header = (await source.read(at, BLOCK)).slice();
    if (!isHeader(header)) break;
    if (!ctx.budget.take('members', 1)) {
      listing.notInspected.push('members beyond the limit');
      break;
    }
    const size = octal(header.subarray(124, 136));
    const type = String.fromCharCode(header[156] ?? 0);
    const prefix = text(header.subarray(257, 262)) === 'ustar' ? text(header.subarray(345, 500)) : '';
    const own = text(header.subarray(0, 100));
    const name: string = longName ?? (prefix === '' ? own : `${prefix}/${own}`);
    const from = at + BLOCK;
    const to = from + Math.max(0, size);
    if (size < 0 || to > source.size) {
      listing.notInspected.push(`the member ${name}, which reaches over the end of the file`);
      if (size < 0) break;
    }
    longName = undefined;
    if (type === 'L' || type === 'x' || type === 'X') longName = await nameIn(source, from, to, type);
    else {
      check(listing, name, type, at);
      listing.members.push({ name, type, from, to: Math.min(to, source.size) });
    }
    at = Math.min(source.size, from + Math.ceil(Math.max(0, size) / BLOCK) * BLOCK);
  }
  listing.end = at;
  return listing;
}

/** A name in a block of its own: of GNU, or the record `path` of pax. */
async function nameIn(source: ByteSource, from: number, to: number, type: string): Promise<string | undefined> {
  const content = text(await source.read(from, Math.min(to - from, MAX_LONG_NAME)));
  if (type === 'L') return content;
  for (const line of content.split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0 && line.slice(0, equals).endsWith(' path')) return line.slice(equals + 1);
  }
  return undefined;
}

function check(listing: Listing, name: string, type: string, offset: number): void {
  if (listing.findings.length >= MAX_ODD) return;
  if (name.split(/[\\/]/).includes('..') || name.startsWith('/'))
    listing.findings.push(finding('zip-path', `the name \`${name}\` leads out of the archive`, { offset }));
  if (type >= '1' && type <= '6' && type !== '5')
    listing.findings.push(finding('archive-link', `\`${name}\` is a link or a device`, { offset }));
}

async function inspect(source: ByteSource, ctx: ScanContext): Promise<Inspection> {
  const { members, findings, notInspected, end } = await list(source, ctx);
  const names = new Set(members.map(({ name }) => name));
  const torch = TORCH.every((name) => names.has(name));
  const nested: Nested[] = [];
  const facts: Record<string, unknown> = {};
  for (const { name, from, to } of members) {
    if (to === from) continue;
    const content = sliced({ ...source, name }, from, to);
    if (!torch || !TORCH.includes(name)) {
      nested.push({ member: name, source: content });
      continue;
    }
    // Its pickles name tensors by plain keys, and raw bytes stand between them.
    const inner = await inspectPickle(
      content,
      { ...ctx, member: name, depth: ctx.depth + 1 },
      { plainIds: true, rawBetween: name !== 'pickle' },
    );
    findings.push(...inner.findings.map((found) => ({ ...found, member: found.member === undefined ? name : `${name}!${found.member}` })));
    notInspected.push(...(inner.notInspected ?? []).map((gap) => `${name}: ${gap}`));
    nested.push(...(inner.nested ?? []).map((each) => ({ ...each, member: `${name}!${each.member}` })));
    Object.assign(facts, inner.facts);
  }
  await lookBehind(source, end, findings, nested);
  return {
    format: torch ? 'pytorch-tar' : 'tar',
    findings,
    status: notInspected.length > 0 ? 'incomplete' : 'complete',
    spans: [{ from: 0, to: source.size, as: 'parsed', why: 'members are scanned by themselves' }],
    nested,
    notInspected,
    facts,
  };
}

const READ = 1024 * 1024;

/** Archives end in zeros; anything else behind them is looked at by itself. */
async function lookBehind(source: ByteSource, end: number, findings: Finding[], nested: Nested[]): Promise<void> {
  for (let at = end; at < source.size; at += READ) {
    const bytes = await source.read(at, READ);
    const other = bytes.findIndex((byte) => byte !== 0);
    if (other < 0) continue;
    findings.push(finding('archive-hidden-data', `${source.size - at - other} bytes stand behind the archive`, { offset: at + other }));
    nested.push({ member: `bytes@${at + other}`, source: sliced(source, at + other, source.size) });
    return;
  }
}

/** One file, all that is inside of it, and every format that its bytes can be. */
import { type ByteSource, bytesSource, readExactly } from '../core/byte-source.js';
import { MsbomError } from '../core/error.js';
import { type Budget, openBudget } from './budget.js';
import { mismatch } from './expected.js';
import type { Finding, Inspection, Inspector, Nested, ScanContext } from './inspector.js';
import { INSPECTORS } from './inspectors.js';
import { findingsOf } from './pickle/report.js';
import { salvage } from './pickle/salvage.js';
import { importsNames } from './pickle/sniff.js';
import { plainFormat } from './plain.js';
import { finding } from './rules/index.js';
import { DEFAULT_SETTINGS, type ScanSettings } from './settings.js';
import { type Status, sortScanFindings, unaccounted, type Verdict, verdictOf, worseStatus } from './verdict.js';

/** What is said about one file. */
export interface FileScan {
  readonly path: string;
  readonly status: Status;
  readonly verdict: Verdict;
  /** Every format that matched, at the top. */
  readonly formats: readonly string[];
  readonly findings: readonly Finding[];
  /** Findings beyond the limit. */
  readonly more: number;
  /** What was not looked at, and why; empty when the status is `complete`. */
  readonly notInspected: readonly string[];
  /** Streams that were inspected: the file and all inside of it. */
  readonly streams: number;
  /** Facts of pickles and others, by member; `''` is the file. */
  readonly facts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const HEAD_BYTES = 64 * 1024;
const TAIL_BYTES = 128 * 1024;
const MAX_GAPS = 100;
const MAX_FACTS = 1000;

interface Work {
  readonly inspectors: readonly Inspector[];
  readonly path: string;
  readonly settings: ScanSettings;
  readonly budget: Budget;
  readonly findings: Finding[];
  readonly gaps: string[];
  readonly facts: Record<string, Readonly<Record<string, unknown>>>;
  status: Status;
  more: number;
  streams: number;
}

/** Scans one file. Never runs, imports, unpacks to disk or fetches anything. @throws ERR_IO_* */
export async function scanSource(
  path: string,
  source: ByteSource,
  settings: ScanSettings = DEFAULT_SETTINGS,
  inspectors: readonly Inspector[] = INSPECTORS,
): Promise<FileScan> {
  const work: Work = {
    inspectors,
    path,
    settings,
    budget: openBudget(settings),
    findings: [],
    gaps: [],
    facts: {},
    status: 'complete',
    more: 0,
    streams: 0,
  };
  const formats = await scanStream(work, source, '', 0, false);
  if (work.budget.spent.size > 0) {
    incomplete(work, '', `more than the limits allow: ${[...work.budget.spent].join(', ')}`);
    add(work, '', finding('scan-limit', `the file asks for more than the limits allow: ${[...work.budget.spent].join(', ')}`));
  }
  const { findings, notInspected } = await withoutCredentials(sortScanFindings(work.findings), work.gaps);
  return {
    path,
    status: work.status,
    verdict: verdictOf(findings, work.status),
    formats,
    findings,
    more: work.more,
    notInspected,
    streams: work.streams,
    facts: work.facts,
  };
}

/** What was seen is shown without the credentials that stand in it. Their rules are loaded when there is something to show. */
async function withoutCredentials(
  findings: readonly Finding[],
  gaps: readonly string[],
): Promise<Pick<FileScan, 'findings' | 'notInspected'>> {
  if (findings.length === 0 && gaps.length === 0) return { findings, notInspected: gaps };
  const { dataWithoutSecrets, withoutSecrets } = await import('../core/secrets/index.js');
  return {
    findings: findings.map((found) => ({
      ...found,
      message: withoutSecrets(found.message),
      ...(found.member === undefined ? {} : { member: withoutSecrets(found.member) }),
      ...(found.seen === undefined ? {} : { seen: dataWithoutSecrets(found.seen) }),
    })),
    notInspected: gaps.map(withoutSecrets),
  };
}

function add(work: Work, member: string, found: Finding): void {
  // Beyond the limit only what is worse than all that was kept before is of interest.
  if (work.findings.length >= work.settings.limits.findings && found.verdict !== 'malicious') work.more++;
  else if (work.findings.length >= 2 * work.settings.limits.findings) work.more++;
  else {
    const path = joinMember(member, found.member);
    work.findings.push(path === '' ? found : { ...found, member: path });
  }
}

const joinMember = (outer: string, inner = ''): string => (outer === '' ? inner : inner === '' ? outer : `${outer}!${inner}`);

function incomplete(work: Work, member: string, why: string, status: Status = 'incomplete'): void {
  work.status = worseStatus(work.status, status);
  if (work.gaps.length < MAX_GAPS) work.gaps.push(member === '' ? why : `${member}: ${why}`);
}

async function scanStream(
  work: Work,
  given: ByteSource,
  member: string,
  depth: number,
  raw: boolean,
  within?: string,
): Promise<readonly string[]> {
  const { settings, budget } = work;
  if (depth > settings.limits.depth + 1) {
    incomplete(work, member, `deeper than ${settings.limits.depth} levels`);
    add(work, member, finding('scan-limit', `archives are nested deeper than ${settings.limits.depth} levels`));
    return [];
  }
  work.streams++;
  const name = lastName(member === '' ? work.path : member);
  const head = (await readExactly(given, 0, Math.min(HEAD_BYTES, given.size))).slice();
  // A small file is read once, however many inspectors look at it.
  const source = given.size <= HEAD_BYTES ? bytesSource(given.name, head) : given;
  const tailAt = Math.max(0, source.size - TAIL_BYTES);
  const tail = source.size <= HEAD_BYTES ? head : raw ? new Uint8Array(0) : (await source.read(tailAt, TAIL_BYTES)).slice();
  const matching = work.inspectors.filter((inspector) => matches(inspector, head, name, source.size, tail, raw));
  const formats: string[] = [];
  const spans: Inspection['spans'] = [];
  const context: ScanContext = {
    path: work.path,
    depth,
    budget,
    settings,
    ...(member === '' ? {} : { member }),
    ...(within === undefined ? {} : { within }),
  };
  // A zip archive is also found by its end: one that lies whole in a file of another format is looked at, and is no fault of it.
  const inner = matching.length > 1 && head[0] !== 0x50 ? matching.find(({ format }) => format === 'zip') : undefined;
  let whole = true;
  const covered: (readonly [from: number, to: number])[] = [];
  for (const inspector of inner === undefined ? matching : [...matching.filter((each) => each !== inner), inner]) {
    if (inspector === inner && whole && isCovered(tail, source.size, covered)) continue;
    const outcome = await inspect(work, inspector, source, context, member);
    for (const { covers } of outcome.nested ?? []) if (covers !== undefined) covered.push(covers);
    const inspection: Inspection = inspector === inner && whole ? membersOnly(outcome) : outcome;
    whole &&= inspection.status === 'complete' && inspection.nested?.some((nested) => nested.member.startsWith('rest@')) !== true;
    if (inspector === inner && whole) {
      await take(work, inspection, member, depth);
      continue;
    }
    if (inspector.weak === true && inspection.spans.length === 0) continue;
    if (isZipByChance(inspection, matching, head)) continue;
    // What other formats are made of says nothing of the bytes that they leave out.
    if (inspector.soft !== true || formats.length === 0) {
      formats.push(inspection.format);
      spans.push(...inspection.spans);
    }
    await take(work, inspection, member, depth);
    if (inspection.search === true) await search(work, source, member);
    // In a file that cannot be read in order nobody knows where the numbers lie.
    const carries = inspection.carries ?? (inspection.search === true ? [[0, source.size] as const] : undefined);
    if (carries !== undefined)
      await carried(work, source, { ...inspection, carries: [...carries] }, { member, depth, isZip: inner !== undefined });
  }
  if (formats.length === 0) return await unmatched(work, member, head, source, raw);
  account(work, member, spans, source.size);
  compare(work, member, name, formats);
  return formats;
}

/**
 * The signature of a zip archive reads as a persistent id, up to the first line end, and what stands behind that as opcodes. No
 * loader takes an archive for a pickle: torch asks for the signature, and without torch a persistent id ends the loading. Only what is
 * known to be dangerous counts; the members are scanned by themselves.
 */
const isZipByChance = ({ format, findings }: Inspection, matching: readonly Inspector[], head: Uint8Array): boolean =>
  format === 'pickle' &&
  ZIP_SIGNATURE.every((byte, i) => head[i] === byte) &&
  findings.every(({ rule }) => !rule.startsWith('pickle-denied')) &&
  matching.some((other) => other.format === 'zip');
const ZIP_SIGNATURE = [0x50, 0x4b, 3, 4];

/** Does the end of the archive lie in what is scanned by itself already? */
function isCovered(tail: Uint8Array, size: number, covered: readonly (readonly [from: number, to: number])[]): boolean {
  let at = tail.length - ZIP_END.length;
  while (at >= 0 && !ZIP_END.every((byte, i) => tail[at + i] === byte)) at--;
  const end = size - tail.length + at;
  return at >= 0 && covered.some(([from, to]) => from <= end && end < to);
}
const ZIP_END = [0x50, 0x4b, 5, 6];

const membersOnly = (inspection: Inspection): Inspection => ({
  ...inspection,
  findings: [],
  status: 'complete',
  notInspected: [],
  nested: (inspection.nested ?? []).filter(({ member }) => !member.startsWith('bytes@')),
});

/** Data of a container is only taken for what begins so clearly that no numbers do. */
function matches(inspector: Inspector, head: Uint8Array, name: string, size: number, tail: Uint8Array, raw: boolean): boolean {
  if (size === 0) return false;
  if (!raw) return inspector.matches(head, name, size, tail);
  if (inspector.weak === true) return false;
  return inspector.format === 'pickle' ? importsNames(head, head.length >= size) : inspector.matches(head, name, size, head);
}

async function unmatched(work: Work, member: string, head: Uint8Array, source: ByteSource, raw: boolean): Promise<readonly string[]> {
  if (raw || source.size === 0) return [];
  const plain = plainFormat(head, source.size <= head.length);
  if (plain !== undefined) return [plain];
  incomplete(work, member, `${source.size} bytes in a format that no inspector knows`);
  await search(work, source, member);
  return [];
}

/** Bytes that nobody can read in order are searched for calls that are known to be dangerous. */
async function search(work: Work, source: ByteSource, member: string): Promise<void> {
  const { session } = await salvage(source, 0, work.settings, work.budget);
  for (const found of await findingsOf(source, session)) add(work, member, found);
}

/** What a format carries among its own bytes is scanned like files of their own. */
async function carried(
  work: Work,
  source: ByteSource,
  { format, carries = [] }: Inspection,
  { member, depth, isZip }: { readonly member: string; readonly depth: number; readonly isZip: boolean },
): Promise<void> {
  const { carriedIn } = await import('./carried/index.js');
  const { findings, nested, whole } = await carriedIn(source, carries, work.budget, isZip);
  const known = new Set(work.findings.map(({ rule, message }) => `${rule} ${message}`));
  for (const found of findings) if (!known.has(`${found.rule} ${found.message}`)) add(work, member, found);
  if (!whole) incomplete(work, member, 'texts and numbers that may hold other files, more than the limit');
  for (const each of nested) await scanNested(work, each, member, depth, format);
}

async function inspect(work: Work, inspector: Inspector, source: ByteSource, context: ScanContext, member: string): Promise<Inspection> {
  try {
    return await inspector.inspect(source, context);
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_IO')) throw error;
    const limit = error.code.startsWith('ERR_LIMIT');
    await search(work, source, member);
    const place = error.offset === undefined ? {} : { offset: error.offset };
    const found = finding(limit ? 'scan-limit' : 'archive-damaged', `cannot be read as ${inspector.format}: ${error.message}`, place);
    work.status = worseStatus(work.status, limit ? 'incomplete' : 'error');
    return {
      format: inspector.format,
      findings: [found],
      status: 'incomplete',
      spans: [{ from: 0, to: source.size, as: 'skipped', why: error.message }],
      notInspected: [`cannot be read as ${inspector.format}: ${error.message}`],
    };
  }
}

async function take(work: Work, inspection: Inspection, member: string, depth: number): Promise<void> {
  for (const found of inspection.findings) add(work, member, found);
  if (inspection.status !== 'complete')
    for (const gap of inspection.notInspected?.length ? inspection.notInspected : [`${inspection.format} was not read to its end`])
      incomplete(work, member, gap, inspection.status);
  if (inspection.facts !== undefined && Object.keys(work.facts).length < MAX_FACTS)
    work.facts[member] = { ...work.facts[member], ...inspection.facts };
  for (const nested of inspection.nested ?? []) await scanNested(work, nested, member, depth, inspection.format);
}

async function scanNested(work: Work, nested: Nested, member: string, depth: number, within: string): Promise<void> {
  const path = joinMember(member, nested.member);
  if (!work.budget.take('members', 1) || !work.budget.inTime()) return incomplete(work, path, 'beyond the limits');
  try {
    const source = nested.open === undefined ? nested.source : await nested.open();
    await scanStream(work, source, path, depth + 1, nested.raw === true, within);
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_IO')) throw error;
    const limit = error.code.startsWith('ERR_LIMIT');
    add(work, path, finding(limit ? 'archive-bomb' : 'archive-damaged', error.message));
    incomplete(work, path, error.message);
  }
}

/** Complete means that all bytes are accounted for. */
function account(work: Work, member: string, spans: Inspection['spans'], size: number): void {
  const [gap] = unaccounted(spans, size);
  if (gap !== undefined) incomplete(work, member, `bytes ${gap[0]} to ${gap[1]} are not accounted for`);
}

/** Containers, and what lies in them when it is read in another way. */
const CONTAINERS: ReadonlySet<string> = new Set(['zip', 'pytorch-zip']);

function compare(work: Work, member: string, name: string, formats: readonly string[]): void {
  const other = mismatch(name, formats);
  if (other !== undefined)
    add(
      work,
      member,
      finding('format-mismatch', `the name \`${name}\` promises another format, the content is ${other}`, { seen: { formats } }),
    );
  if (
    formats.length > 1 &&
    formats.some((format) => CONTAINERS.has(format)) &&
    formats.some((format) => format === 'pickle' || format === 'pytorch-legacy')
  )
    add(work, member, finding('format-polyglot', `the bytes are valid as ${formats.join(' and as ')}`, { seen: { formats } }));
}

const lastName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('!')) + 1);

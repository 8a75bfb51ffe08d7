/** Files of R: one object (`.rds`), or a workspace (`.RData`, `.rda`). */
import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import type { Finding, Inspection, ScanContext } from '../inspector.js';
import { finding } from '../rules/index.js';
import { sliced } from '../sliced.js';
import { emptyContent, type RCall, type RContent, readR } from './reader.js';
import { openBinary, openText, type RStream } from './stream.js';

const nothing: Inspection = { format: 'r', findings: [], status: 'complete', spans: [] };

/** Without a span where it is something else. @throws ERR_IO_* */
export async function inspect(source: ByteSource, ctx: ScanContext): Promise<Inspection> {
  const head = String.fromCharCode(...(await source.read(0, Math.min(8, source.size))));
  const isWorkspace = head.startsWith('RD');
  const stream = streamOf(source, head.slice(isWorkspace ? 5 : 0), isWorkspace ? 5 : 0, ctx);
  const content = emptyContent();
  let begun = false;
  try {
    if (stream === undefined || !(await readHeader(stream))) return nothing;
    begun = true;
    await readR(stream, ctx.budget, isWorkspace, content);
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_IO')) throw error;
    if (!begun) return nothing;
    const place = error.offset === undefined ? {} : { offset: error.offset };
    return {
      format: 'r',
      findings: [...judge(content), finding('format-broken', error.message, place)],
      status: 'incomplete',
      spans: [{ from: 0, to: source.size, as: 'skipped', why: error.message }],
      notInspected: [`an object of R that cannot be read: ${error.message}`],
      search: true,
      facts: factsOf(content),
    };
  }
  const end = stream.position();
  const isWhole = await isBlank(source, end);
  return {
    format: 'r',
    findings: [...judge(content), ...(isWhole ? [] : [finding('format-trailing-data', 'bytes stand behind the object', { offset: end })])],
    status: 'complete',
    spans: [{ from: 0, to: source.size, as: 'parsed' }],
    ...(isWhole ? {} : { nested: [{ member: `rest@${end}`, source: sliced(source, end, source.size) }] }),
    facts: factsOf(content),
  };
}

function streamOf(source: ByteSource, start: string, at: number, { settings }: ScanContext): RStream | undefined {
  const most = settings.limits.readBytes;
  if (start.startsWith('X\n')) return openBinary(source, at + 2, false, most);
  if (start.startsWith('B\n')) return openBinary(source, at + 2, true, most);
  return start.startsWith('A\n') ? openText(source, at + 2, most) : undefined;
}

const OLDEST = 2;
const NEWEST = 3;
const LONGEST_ENCODING = 64;

/** The version of the format, of R that wrote it, and of R that can read it; since 3 the encoding. */
async function readHeader(stream: RStream): Promise<boolean> {
  const version = await stream.int();
  const wrote = await stream.int();
  const reads = await stream.int();
  if (version < OLDEST || version > NEWEST || wrote < 0x10000 || wrote > 0xffffff || reads < 0x10000 || reads > 0xffffff) return false;
  if (version < NEWEST) return true;
  const length = await stream.int();
  if (length < 0 || length > LONGEST_ENCODING) throw stream.fail('an encoding of so many letters');
  await stream.text(length, length);
  return true;
}

/** Lines end behind the last value of a text. */
const isBlank = async (source: ByteSource, end: number): Promise<boolean> =>
  source.size - end <= 2 && (await source.read(end, source.size - end)).every((byte) => byte === 10 || byte === 13);

const factsOf = ({ packages, closures, pointers }: RContent): Record<string, unknown> => ({
  packages: [...packages].sort(),
  functions: closures,
  ...(pointers > 0 ? { pointers } : {}),
});

function judge(content: RContent): readonly Finding[] {
  const { promises, calls, hooks, closures, computed, parses, evaluates, persistent } = content;
  const findings: Finding[] = [];
  for (const { at, code } of promises.slice(0, 20))
    findings.push(
      finding('r-promise', `a promise stands where a value does: reading the object runs \`${code.slice(0, 100) || 'its code'}\``, {
        offset: at,
      }),
    );
  for (const [does, list] of byHarm(calls)) {
    const [first] = list;
    if (first === undefined) continue;
    const names = [...new Set(list.map(({ name }) => name))];
    const isPromised = list.some((each) => each.isPromised);
    findings.push(
      finding(
        'r-code',
        `${isPromised ? 'a promise' : 'code'} ${does} with ${names.map((name) => `\`${name}\``).join(', ')}`.slice(0, 400),
        {
          offset: first.at,
          severity: first.harm.severity,
          verdict: first.harm.verdict,
          seen: { calls: names },
        },
      ),
    );
  }
  if (hooks.length > 0)
    findings.push(
      finding('r-code', `R runs ${hooks.map((name) => `\`${name}\``).join(', ')} by itself when it starts with this workspace`),
    );
  if (computed.length > 0)
    findings.push(
      finding('r-code', `\`${[...new Set(computed)].join('`, `')}\` is given the name of a function that is put together`, {
        severity: 'medium',
      }),
    );
  if (parses && evaluates) findings.push(finding('r-code', 'code is made of texts, and run', { severity: 'medium' }));
  if (persistent > 0) findings.push(finding('r-code', `${persistent} objects are made by the program that reads the file`, NOTE));
  if (findings.length === 0 && closures > 0) findings.push(finding('r-code', `holds ${closures} functions`, NOTE));
  return findings;
}

const NOTE = { severity: 'info', verdict: 'note' } as const;

function byHarm(calls: readonly RCall[]): ReadonlyMap<string, readonly RCall[]> {
  const found = new Map<string, RCall[]>();
  for (const call of calls) found.set(call.harm.does, [...(found.get(call.harm.does) ?? []), call]);
  return found;
}

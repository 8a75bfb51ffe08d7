/** The inspector of pickles: plain ones, the old form of torch, and joblib without compression. */
import type { ByteSource } from '../../core/byte-source.js';
import type { Finding, Inspection, Inspector, Nested, ScanContext } from '../inspector.js';
import { finding } from '../rules/index.js';
import { sliced } from '../sliced.js';
import { payloadOf } from './constants.js';
import { codeNames } from './marshal.js';
import { findingsOf, importFacts, weightsOnly } from './report.js';
import { looksLikePickle } from './sniff.js';
import { readStreams, type Streams } from './streams.js';

export const pickle: Inspector = {
  format: 'pickle',
  matches: (head, _name, size) => looksLikePickle(head, head.length >= size),
  inspect: (source, ctx) => inspectPickle(source, ctx, {}),
};

export interface PickleShape {
  /** Persistent ids are plain keys. */
  readonly plainIds?: boolean;
  /** Raw bytes of numbers stand between and behind the pickles. */
  readonly rawBetween?: boolean;
}

/** @throws ERR_IO_* */
export async function inspectPickle(source: ByteSource, ctx: ScanContext, options: PickleShape): Promise<Inspection> {
  const { settings, budget } = ctx;
  const streams = await readStreams(source, { settings, budget, ...options });
  const findings: Finding[] = [];
  for (const session of streams.sessions) findings.push(...(await findingsOf(source, session)));
  const nested: Nested[] = [];
  await lookIntoConstants(source, ctx, streams, findings, nested);
  if (streams.rest !== undefined) await lookAtRest(source, streams.rest, streams, findings, nested);
  const [session] = streams.sessions;
  const gaps = [...streams.gaps];
  if (session?.manyCandidates === true) gaps.push('constants that may hold other files, more than the limit');
  if (streams.limited) gaps.push('what the limits leave out');
  return {
    format: streams.legacy ? 'pytorch-legacy' : 'pickle',
    findings: unique(findings),
    status: gaps.length > 0 ? 'incomplete' : 'complete',
    spans: streams.spans,
    nested,
    notInspected: gaps,
    facts:
      session === undefined
        ? {}
        : {
            pickles: streams.pickles,
            imports: importFacts(session),
            weightsOnly: weightsOnly(session, streams.opcodes, gaps.length === 0),
          },
  };
}

/** A salvaged finding may repeat one that was read in order. */
function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, offset, message }) => {
    const key = `${rule} ${offset} ${message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

async function lookIntoConstants(
  source: ByteSource,
  ctx: ScanContext,
  streams: Streams,
  findings: Finding[],
  nested: Nested[],
): Promise<void> {
  for (const { candidates, reached } of streams.sessions) {
    for (const candidate of candidates) {
      const payload = await payloadOf(source, candidate, ctx.budget);
      if (payload === undefined) continue;
      const how = payload.layers.length === 0 ? '' : `, as ${payload.layers.join(' in ')}`;
      const place = { offset: candidate.at, seen: { layers: payload.layers, loaded: reached.has(candidate.at) } };
      if (payload.what === 'code') {
        const names = await codeNames(payload.source);
        if (names.length > 0)
          findings.push(
            finding('pickle-code', `a constant holds compiled code${how}, with the names ${names.join(', ')}`, {
              ...place,
              seen: { names },
            }),
          );
      } else if (payload.what === 'executable')
        findings.push(finding('pickle-executable', `a constant begins like a program${how}`, place));
      else {
        findings.push(finding('pickle-nested', `a constant of ${candidate.length} bytes holds a ${payload.what}${how}`, place));
        nested.push({
          member: `constant@${candidate.at}`,
          source: payload.source,
          covers: [candidate.at, candidate.at + candidate.length],
        });
      }
    }
  }
}

const MAX_ZEROS = 1024 * 1024;

/** What stands behind the last pickle: nothing, padding, or a file of its own. */
async function lookAtRest(
  source: ByteSource,
  { from, to }: { from: number; to: number },
  streams: Streams,
  findings: Finding[],
  nested: Nested[],
): Promise<void> {
  const bytes = await source.read(from, Math.min(to - from, MAX_ZEROS));
  if (to - from <= MAX_ZEROS && bytes.every((byte) => byte === 0 || byte === 0x0a || byte === 0x20)) {
    streams.spans.push({ from, to, as: 'data', why: 'padding' });
    return;
  }
  streams.spans.push({ from, to, as: 'skipped', why: 'scanned as a file of its own' });
  findings.push(finding('pickle-trailing-data', `${to - from} bytes stand behind the last pickle`, { offset: from }));
  nested.push({ member: `rest@${from}`, source: sliced(source, from, to) });
}

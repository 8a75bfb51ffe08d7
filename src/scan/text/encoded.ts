/** Pickles and archives that stand in a text, however they are spelled: values of JSON and YAML, data URLs, lines of settings. */
import { bytesSource } from '../../core/byte-source.js';
import type { Budget } from '../budget.js';
import type { Finding, Inspection, Nested } from '../inspector.js';
import { type Candidate, candidateOf, ENCODED, payloadOf } from '../pickle/constants.js';
import { importsNames } from '../pickle/sniff.js';
import { finding } from '../rules/index.js';
import { eachSpelled } from './decoded.js';

/** The shortest call of a function by a pickle, in base64. */
const SHORTEST = 24;
/** Lines of a folded value are at least so long, but for the last one. */
const FOLDED = 56;
const MAX_CANDIDATES = 20_000;
const MAX_FOUND = 50;

const LETTERS = new Uint8Array(128);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_') LETTERS[letter.charCodeAt(0)] = 1;

/** The end of the letters that begin here. */
function lettersEnd(content: string, from: number): number {
  let end = from;
  while (LETTERS[content.charCodeAt(end)] === 1) end++;
  return end;
}

interface Run {
  readonly at: number;
  readonly text: string;
  readonly end: number;
}

/** Letters of base64 from here on, over escapes of JSON and the ends of folded lines. */
function runAt(content: string, at: number): Run {
  const parts: string[] = [];
  let from = at;
  for (;;) {
    let end = lettersEnd(content, from);
    parts.push(content.slice(from, end));
    if (content.startsWith('\\/', end)) from = end + 1;
    else if (content.startsWith('\\n', end)) from = end + 2;
    else {
      const next = end - from >= FOLDED ? nextLine(content, end) : undefined;
      if (next === undefined) {
        while (content.charAt(end) === '=') end++;
        return { at, text: parts.join(''), end };
      }
      from = next;
    }
  }
}

/** Where the letters of the next line begin; undefined when the line does not end here. */
function nextLine(content: string, end: number): number | undefined {
  let at = end;
  if (content[at] === '\r') at++;
  if (content[at] !== '\n') return undefined;
  at++;
  while (content[at] === ' ' || content[at] === '\t') at++;
  return LETTERS[content.charCodeAt(at)] === 1 ? at : undefined;
}

export interface Encoded {
  readonly findings: Finding[];
  readonly nested: Nested[];
  /** Not all that could hold something was looked at. */
  isCut: boolean;
}

export const nothingEncoded = (): Encoded => ({ findings: [], nested: [], isCut: false });

/** The status of who looked for it. */
export const endedOf = ({ isCut }: Encoded): Pick<Inspection, 'status' | 'notInspected'> =>
  isCut ? { status: 'incomplete', notInspected: ['texts that may hold other files, more than the limit'] } : { status: 'complete' };

/** Containers that are scanned; others are data of their own kind, such as pictures. */
const SCANNED: ReadonlySet<string> = new Set(['zip', '7z', 'bzip2', 'xz']);

/** Adds what is found, which is scanned like a file of its own. */
export async function encodedIn(content: string, budget: Budget, found: Encoded): Promise<void> {
  const work = { left: MAX_CANDIDATES };
  await inLetters(content, budget, found, work);
  await eachSpelled(content, async ({ bytes, layer, at, end }) => {
    if (isSpent(work, budget, found)) return true;
    return take(bytes, { kind: 'bytes', at: 0, length: bytes.length }, [layer], { at, length: end - at }, budget, found);
  });
}

/** The same for bytes that a text holds as they are. */
export async function bytesIn(bytes: Uint8Array, budget: Budget, found: Encoded): Promise<void> {
  await take(bytes, { kind: 'bytes', at: 0, length: bytes.length }, ['letters'], { at: 0, length: bytes.length }, budget, found);
}

function isSpent(work: { left: number }, budget: Budget, found: Encoded): boolean {
  found.isCut ||= --work.left < 0 || found.nested.length >= MAX_FOUND || budget.left('decodedBytes') === 0 || !budget.inTime();
  return found.isCut;
}

/** Whether it is something that is scanned. */
async function take(
  bytes: Uint8Array,
  candidate: Candidate,
  outer: readonly string[],
  { at, length }: { readonly at: number; readonly length: number },
  budget: Budget,
  found: Encoded,
): Promise<boolean> {
  if (budget.left('decodedBytes') < candidate.length) found.isCut = true;
  const payload = await payloadOf(bytesSource('text', bytes), candidate, budget);
  if (payload === undefined) return false;
  const { source, what } = payload;
  const layers = [...outer, ...payload.layers];
  if (layers.length === 0) return false;
  const isPickle = what === 'pickle' && importsNames((await source.read(0, 64 * 1024)).slice(), source.size <= 64 * 1024);
  if (!isPickle && !SCANNED.has(what)) return false;
  found.findings.push(
    finding('pickle-nested', `a text of ${length} characters holds a ${what}, as ${layers.join(' in ')}`, { offset: at, seen: { layers } }),
  );
  found.nested.push({
    member: `encoded@${at}${found.nested.some(({ member }) => member === `encoded@${at}`) ? `.${found.nested.length}` : ''}`,
    source,
  });
  return true;
}

async function inLetters(content: string, budget: Budget, found: Encoded, work: { left: number }): Promise<void> {
  const encoder = new TextEncoder();
  for (let at = 0; at < content.length; ) {
    const end = lettersEnd(content, at);
    // Most are words: only an escape can make more of them.
    if (end - at < SHORTEST && (end === at || content[end] !== '\\')) {
      at = end + 1;
      continue;
    }
    if (!ENCODED.has(content.slice(at, at + 2))) {
      at = end;
      continue;
    }
    const run = runAt(content, at);
    at = Math.max(run.end, at + 1);
    if (run.text.length < SHORTEST) continue;
    const candidate = candidateOf('text', 0, run.text.length, encoder.encode(run.text.slice(0, 64)));
    if (candidate === undefined) continue;
    if (isSpent(work, budget, found)) return;
    await take(encoder.encode(run.text), candidate, [], { at: run.at, length: run.text.length }, budget, found);
  }
}

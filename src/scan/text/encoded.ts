/** Pickles and archives that stand in a text, in base64 or hexadecimal: values of JSON and YAML, data URLs, lines of settings. */
import { bytesSource } from '../../core/byte-source.js';
import type { Budget } from '../budget.js';
import type { Finding, Nested } from '../inspector.js';
import { candidateOf, ENCODED, payloadOf } from '../pickle/constants.js';
import { importsNames } from '../pickle/sniff.js';
import { finding } from '../rules/index.js';

/** The shortest call of a function by a pickle, in base64. */
const SHORTEST = 24;
/** Lines of a folded value are at least so long, but for the last one. */
const FOLDED = 56;
const MAX_CANDIDATES = 1000;
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

/** What is found is scanned like a file of its own. */
export async function encodedIn(content: string, budget: Budget): Promise<{ findings: Finding[]; nested: Nested[] }> {
  const found: { findings: Finding[]; nested: Nested[] } = { findings: [], nested: [] };
  const encoder = new TextEncoder();
  let candidates = 0;
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
    if (++candidates > MAX_CANDIDATES || found.nested.length >= MAX_FOUND || !budget.inTime()) break;
    const payload = await payloadOf(bytesSource('text', encoder.encode(run.text)), candidate, budget);
    if (payload === undefined || payload.layers.length === 0) continue;
    const { source, what, layers } = payload;
    const isPickle = what === 'pickle' && importsNames((await source.read(0, 64 * 1024)).slice(), source.size <= 64 * 1024);
    if (!isPickle && what !== 'zip') continue;
    found.findings.push(
      finding('pickle-nested', `a text of ${run.text.length} characters holds a ${what}, as ${layers.join(' in ')}`, {
        offset: run.at,
        seen: { layers },
      }),
    );
    found.nested.push({ member: `encoded@${run.at}`, source });
  }
  return found;
}

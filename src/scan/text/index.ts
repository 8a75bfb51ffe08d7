/**
 * Texts: what their content says they are, and what loading them as that would do. A text is also what other formats are made
 * of, so that its format is only told when no other inspector knows the bytes.
 */
import type { ByteSource } from '../../core/byte-source.js';
import type { Finding, Inspection, Nested, ScanContext } from '../inspector.js';
import { isPythonName, judgePython, looksLikePython } from '../python/index.js';
import { hasTags, judgeTemplate } from '../template/index.js';
import { judgeGraphText } from '../tensorflow/index.js';
import { bytesIn, type Encoded, encodedIn, endedOf, nothingEncoded } from './encoded.js';
import { isTooMuch, judgeJson, parseTolerant, TOO_MANY } from './json.js';
import { judgeScript, looksLikeScript } from './script.js';
import { judgeXml, looksLikeXml } from './xml.js';
import { judgeYaml } from './yaml.js';

/** Texts up to this size are parsed in any case. */
const PARSED_BYTES = 4 * 1024 * 1024;
/** Larger ones only when one of the words stands in them that can make them do anything; up to this size. */
const MAX_BYTES = 128 * 1024 * 1024;
const BLOCK_BYTES = 4 * 1024 * 1024;
const OVERLAP = 2048;
const WORDS = [
  ...['_target_', 'class_name', '__loader__', 'python/', '<!ENTITY', 'chat_template', 'auto_map'],
  ...[
    '_component_',
    'class_path',
    '"py/',
    'loader_module',
    'parent_library',
    'subprocess',
    'os.system',
    'os.popen',
    'posix.',
    'builtins.',
    'importlib',
  ],
] as const;
/** Escapes of JSON that can hide a word: of letters and marks. */
const ESCAPES = ['\\u002', '\\u003', '\\u004', '\\u005', '\\u006', '\\u007'] as const;
/** Letters up to U+00FF, some of them escaped, as which pickles and archives begin. */
const LETTERS = ['\u0080\\u00', 'PK\\u0003', '\\u001f\u008b', 'x\u009c', 'x\u00da', 'x\\u0001', 'BZh'] as const;
const MAX_TAG = 2048;

/** Without any span where the bytes are no text. @throws ERR_IO_* */
export async function inspect(source: ByteSource, ctx: ScanContext): Promise<Inspection> {
  const gap = (why: string, spans: Inspection['spans']): Inspection => ({
    format: 'text',
    findings: [],
    status: 'incomplete',
    spans,
    notInspected: [why],
  });
  const encoded = nothingEncoded();
  const skimmed = source.size > PARSED_BYTES ? await skim(source, ctx, encoded) : 'words';
  if (skimmed === 'no text') return { ...gap('', []), status: 'complete', notInspected: [] };
  const whole: Inspection['spans'] = [{ from: 0, to: source.size, as: 'parsed' }];
  if (skimmed === 'plain') return { format: 'text', findings: encoded.findings, nested: encoded.nested, spans: whole, ...endedOf(encoded) };
  if (skimmed === 'too much' || source.size > MAX_BYTES)
    return gap(`a text of ${source.size} bytes`, [{ ...whole[0], as: 'skipped' } as Inspection['spans'][0]]);
  const decoded = decode(await source.read(0, source.size));
  if (decoded === undefined) return { ...gap('', []), status: 'complete', notInspected: [] };
  const { format, findings, nested, joined = [], bytes = [], facts } = judgeText(decoded, nameOf(ctx), source.name, ctx.within);
  if (source.size <= PARSED_BYTES) await encodedIn(decoded, ctx.budget, encoded);
  for (const text of joined) await encodedIn(text, ctx.budget, encoded);
  for (const each of bytes) await bytesIn(each, ctx.budget, encoded);
  return {
    format,
    findings: [...findings, ...encoded.findings],
    spans: whole,
    ...endedOf(encoded),
    nested: [...nested, ...encoded.nested],
    ...(facts === undefined ? {} : { facts }),
  };
}

const nameOf = ({ member = '', path }: ScanContext): string => (member === '' ? path : member).toLowerCase();

/** A large text is looked through block by block. */
async function skim(source: ByteSource, ctx: ScanContext, encoded: Encoded): Promise<'plain' | 'words' | 'no text' | 'too much'> {
  let before = '';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let found = isPythonName(nameOf(ctx));
  for (let at = 0; at < source.size; at += BLOCK_BYTES) {
    if (!ctx.budget.take('readBytes', BLOCK_BYTES) || !ctx.budget.inTime()) return 'too much';
    const block = await source.read(at, Math.min(BLOCK_BYTES, source.size - at));
    if (hasControls(block)) return 'no text';
    let piece: string;
    try {
      piece = before + decoder.decode(block, { stream: at + BLOCK_BYTES < source.size });
    } catch {
      return 'no text';
    }
    if (at === 0) found ||= isCode(piece.trimStart(), nameOf(ctx));
    await encodedIn(piece, ctx.budget, encoded);
    found ||=
      [...WORDS, ...ESCAPES, ...LETTERS].some((word) => piece.includes(word)) || hasTag(piece, '{{', '}}') || hasTag(piece, '{%', '%}');
    before = piece.slice(-OVERLAP);
  }
  return found ? 'words' : 'plain';
}

const isCode = (start: string, name: string): boolean => looksLikeScript(start, name) || looksLikePython(start, name);

/** A tag from its opening to its end. In a vocabulary the two are words of their own, with quotes between them. */
function hasTag(text: string, open: string, close: string): boolean {
  for (let at = text.indexOf(open); at >= 0; at = text.indexOf(open, at + 1)) {
    for (let i = at + 2; i < Math.min(text.length, at + MAX_TAG); i++) {
      if (text.startsWith(close, i)) return true;
      if (text[i] === '\\') i++;
      else if (text[i] === '"') break;
    }
  }
  return false;
}

function hasControls(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c) return true;
  return false;
}

function decode(bytes: Uint8Array): string | undefined {
  if (hasControls(bytes)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

interface Judged {
  readonly format: string;
  readonly findings: readonly Finding[];
  readonly nested: readonly Nested[];
  /** Texts that stood in pieces. */
  readonly joined?: readonly string[];
  /** Bytes that stood as letters. */
  readonly bytes?: readonly Uint8Array[];
  readonly facts?: Record<string, unknown> | undefined;
}

/** What a text is, by its content; a name can only add what to look for. */
export function judgeText(content: string, name: string, source: string, within?: string): Judged {
  const none: Judged = { format: 'text', findings: [], nested: [] };
  const start = content.trimStart();
  // What Python is asked to run is Python, whatever else the text can be.
  if (isPythonName(name)) {
    const isTorchScript = name.includes('code/__torch__') || (within === 'pytorch-zip' && name.includes('/code/'));
    const { findings, facts } = judgePython(content, { isTorchScript });
    return { ...none, format: 'python', findings: [...findings, ...(looksLikeScript(start, name) ? judgeScript(content) : [])], facts };
  }
  if (start.startsWith('{') || start.startsWith('[')) {
    if (isTooMuch(content)) return { ...none, format: 'json', findings: [TOO_MANY] };
    const value = parseTolerant(content);
    if (value !== undefined) return { format: 'json', ...judgeJson(value, source) };
  }
  if (looksLikeScript(start, name)) return { ...none, format: 'script', findings: judgeScript(content) };
  if (looksLikePython(start, name)) {
    const { findings, facts } = judgePython(content, { isTorchScript: false });
    return { ...none, format: 'python', findings, facts };
  }
  if (looksLikeXml(start)) return { ...none, format: 'xml', findings: judgeXml(content) };
  const graph = content.includes('node') ? judgeGraphText(content) : [];
  const yaml = judgeYaml(content, name);
  const isTemplate = ['.jinja', '.jinja2', '.j2'].some((ending) => name.endsWith(ending)) || name.includes('chat_template');
  const findings = hasTags(content) ? judgeTemplate(content, { isChat: isTemplate || isMostlyTemplate(start) }) : [];
  const format = yaml.isYaml ? 'yaml' : isTemplate || isMostlyTemplate(start) ? 'jinja' : 'text';
  return { ...none, format, findings: [...yaml.findings, ...graph, ...findings] };
}

/** Templates of chats begin with a tag, and speak of messages. */
const isMostlyTemplate = (start: string): boolean => (start.startsWith('{{') || start.startsWith('{%')) && start.includes('message');

/** YAML: tags that make Python objects, and `_target_`. The text is searched, and no object is made. */
import type { Finding } from '../inspector.js';
import { judgeName } from '../pickle/names.js';
import { finding } from '../rules/index.js';
import { unescaped } from '../template/lexer.js';
import { harmOf, judgeNamed, judgeTarget, NAMING_KEYS } from './target.js';

const MAX_FINDINGS = 50;
/** What PyYAML writes for plain values. Source: https://pyyaml.org/wiki/PyYAMLDocumentation#yaml-tags-and-python-types */
const PLAIN_TAGS: ReadonlySet<string> = new Set('none bool bytes str unicode int long float complex list tuple dict'.split(' '));
/** Names that experiments write into their settings, and which only hold values. */
const HOLDERS: ReadonlySet<string> = new Set([
  'argparse.Namespace',
  'pathlib.PosixPath',
  'pathlib.WindowsPath',
  'pathlib.Path',
  'types.SimpleNamespace',
  'collections.OrderedDict',
  'collections.defaultdict',
]);

export interface YamlJudgement {
  readonly isYaml: boolean;
  readonly findings: readonly Finding[];
}

export function judgeYaml(content: string, name: string): YamlJudgement {
  const named = name.endsWith('.yaml') || name.endsWith('.yml');
  const isYaml = named || looksLikeYaml(content);
  const findings: Finding[] = [];
  // In double quotes any letter can be written by its code.
  const plain = isYaml && content.includes('\\') ? unescaped(content) : content;
  for (const text of plain === content ? [content] : [content, plain]) {
    judgeTags(text, findings);
    if (isYaml) judgeTargets(text, findings);
  }
  const seen = new Set<string>();
  return { isYaml, findings: findings.filter(({ message }) => !seen.has(message) && seen.add(message) !== undefined) };
}

/** The first line of content is a key with a value, a list, or the mark of a document. */
function looksLikeYaml(content: string): boolean {
  for (const line of content.slice(0, 4096).split('\n')) {
    const bare = line.trim();
    if (bare === '' || bare.startsWith('#') || bare.startsWith('%')) continue;
    if (bare.startsWith('!') || bare.startsWith('- ')) return true;
    if (bare === '---') return !content.slice(content.indexOf('---') + 3).includes('\n---\n');
    const colon = bare.indexOf(':');
    return colon > 0 && colon < 80 && !bare.slice(0, colon).includes(' ') && (colon === bare.length - 1 || bare[colon + 1] === ' ');
  }
  return false;
}

/** What tags of Python begin with once they are written out; the second as PyYAML had it first. */
const PYTHON = ['tag:yaml.org,2002:python/', '!python/'] as const;
const MAX_TAGS = 200_000;

function judgeTags(content: string, findings: Finding[]): void {
  const handles = handlesOf(content);
  let count = 0;
  for (let at = content.indexOf('!'); at >= 0 && findings.length < MAX_FINDINGS && count < MAX_TAGS; at = content.indexOf('!', at + 1)) {
    if (!isTagPlace(content, at)) continue;
    count++;
    const written = tagAt(content, at);
    const tag = writtenOut(written, handles);
    const prefix = PYTHON.find((each) => tag.toLowerCase().startsWith(each));
    if (prefix !== undefined) judgeTag(tag.slice(prefix.length), at, findings);
    at += Math.max(0, written.length - 1);
  }
}

/** The tag itself, up to a blank; in flows up to their marks as well. */
function tagAt(content: string, at: number): string {
  if (content[at + 1] !== '<') return `!${wordAt(content, at + 1)}`;
  const end = content.indexOf('>', at);
  return content.slice(at, Math.min(end < 0 ? content.length : end + 1, at + 300));
}

/** With its handle written out, and letters that are written by their codes. */
function writtenOut(tag: string, handles: ReadonlyMap<string, string>): string {
  if (tag.startsWith('!<')) return uncoded(tag.slice(2, tag.endsWith('>') ? -1 : undefined));
  const end = tag.indexOf('!', 1);
  const handle = end < 0 ? '!' : tag.slice(0, end + 1);
  return uncoded(`${handles.get(handle) ?? handle}${tag.slice(handle.length)}`);
}

function uncoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Short forms: `!!`, and what a document gives itself, such as `%TAG !p! tag:yaml.org,2002:python/`. */
function handlesOf(content: string): ReadonlyMap<string, string> {
  const handles = new Map([['!!', 'tag:yaml.org,2002:']]);
  if (!content.includes('%TAG')) return handles;
  for (const line of content.split('\n', 10_000)) {
    if (!line.startsWith('%TAG')) continue;
    const [, handle = '', prefix = ''] = line.split(' ').filter((part) => part.trim() !== '');
    if (handle !== '' && handles.size < 100) handles.set(handle, prefix.trim());
  }
  return handles;
}

/** Tags stand where a value begins; elsewhere they are only spoken of. */
function isTagPlace(content: string, at: number): boolean {
  let i = at - 1;
  while (i >= 0 && (content[i] === ' ' || content[i] === '\t')) i--;
  // Anchors stand before or behind tags.
  while (i >= 0 && content[i] !== '\n' && content[i] !== ' ' && content[i] !== '&' && isWord(content.charAt(i))) i--;
  return i < 0 || '\n:-[{,&?\r'.includes(content.charAt(i));
}

const isWord = (c: string): boolean => (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c === '_';

function wordAt(content: string, from: number): string {
  let end = from;
  while (end < content.length && end - from < 300 && !' \n\r\t,]}>"\''.includes(content.charAt(end))) end++;
  return content.slice(from, end);
}

/** `object/apply:os.system`, `name:os.system`, `module:os`, `tuple`. */
function judgeTag(tag: string, offset: number, findings: Finding[]): void {
  const colon = tag.indexOf(':');
  const kind = colon < 0 ? tag : tag.slice(0, colon);
  const name = colon < 0 ? '' : tag.slice(colon + 1);
  if (PLAIN_TAGS.has(kind) || HOLDERS.has(name)) return;
  if (!kind.startsWith('object') && kind !== 'name' && kind !== 'module') return;
  const does = name === '' ? undefined : harmOf(kind === 'module' ? `${name}.x` : name);
  const dot = name.lastIndexOf('.');
  const { grade } = judgeName(dot < 0 ? 'builtins' : name.slice(0, dot), name.slice(dot + 1), new Set());
  if (does === undefined && grade === 'allowed') return;
  const more = { offset, seen: { import: name } };
  findings.push(
    does === undefined
      ? finding('yaml-python-tag', `the tag \`${tag.slice(0, 200)}\` makes an object of Python`, {
          ...more,
          severity: 'medium',
          verdict: 'suspicious',
        })
      : finding('yaml-python-tag', `the tag \`${tag.slice(0, 200)}\` names what ${does}`, more),
  );
}

function judgeTargets(content: string, findings: Finding[]): void {
  for (const { at, value } of valuesOf(content, '_target_', findings)) judgeTarget(value, findings, at);
  for (const key of NAMING_KEYS) for (const { at, value } of valuesOf(content, key, findings)) judgeNamed(key, value, findings, at);
}

/** The values that stand behind a key, until there are findings enough. */
function* valuesOf(content: string, key: string, findings: readonly Finding[]): Generator<{ readonly at: number; readonly value: string }> {
  for (let at = content.indexOf(key); at >= 0 && findings.length < MAX_FINDINGS; at = content.indexOf(key, at + key.length)) {
    if (at > 0 && (isWord(content.charAt(at - 1)) || content[at - 1] === '/')) continue;
    let i = at + key.length;
    if (content[i] === '"' || content[i] === "'") i++;
    while (isBlank(content.charAt(i))) i++;
    if (content[i] !== ':') continue;
    const value = valueAt(content, i + 1);
    yield { at, value: value.startsWith('*') ? anchored(content, value.slice(1)) : value };
  }
}

const isBlank = (c: string): boolean => c === ' ' || c === '\t' || c === '\n' || c === '\r';

/** The word of a value, behind its tag, its anchor and the mark of a folded text. */
function valueAt(content: string, from: number): string {
  let i = from;
  for (let parts = 0; parts < 6; parts++) {
    while (isBlank(content.charAt(i))) i++;
    const c = content.charAt(i);
    if (c !== '!' && c !== '&' && c !== '>' && c !== '|') break;
    while (i < content.length && !isBlank(content.charAt(i))) i++;
  }
  while (content[i] === '"' || content[i] === "'") i++;
  return wordAt(content, i);
}

/** What an alias stands for. */
function anchored(content: string, name: string): string {
  for (let at = content.indexOf(`&${name}`); at >= 0; at = content.indexOf(`&${name}`, at + 1))
    if (isBlank(content.charAt(at + 1 + name.length))) return valueAt(content, at + 1 + name.length);
  return '';
}

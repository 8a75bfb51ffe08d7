/** YAML: tags that make Python objects, and `_target_`. The text is searched, and no object is made. */
import type { Finding } from '../inspector.js';
import { judgeName } from '../pickle/names.js';
import { finding } from '../rules/index.js';
import { unescaped } from '../template/lexer.js';
import { harmOf, judgeTarget } from './target.js';

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

const PREFIXES = ['!!python/', '!python/', 'tag:yaml.org,2002:python/', 'tag:yaml.org,2002:python%2f', '!!python%2f'] as const;

function judgeTags(content: string, findings: Finding[]): void {
  const lower = content.toLowerCase();
  for (const prefix of [...PREFIXES, ...handles(content)]) {
    for (let at = lower.indexOf(prefix); at >= 0 && findings.length < MAX_FINDINGS; at = lower.indexOf(prefix, at + prefix.length)) {
      if (isTagPlace(content, at)) judgeTag(wordAt(content, at + prefix.length), at, findings);
    }
  }
}

/** Short forms that a document gives itself: `%TAG !p! tag:yaml.org,2002:python/`. */
function handles(content: string): readonly string[] {
  return content
    .split('\n', 200)
    .filter((line) => line.startsWith('%TAG') && line.toLowerCase().includes('yaml.org,2002:'))
    .flatMap((line) => {
      const [, handle = '', prefix = ''] = line.split(' ').filter((part) => part !== '');
      return handle.length < 2 ? [] : [`${handle}${prefix.toLowerCase().includes('python/') ? '' : 'python/'}`.toLowerCase()];
    });
}

/** Tags stand where a value begins; elsewhere they are only spoken of. */
function isTagPlace(content: string, at: number): boolean {
  let i = at - 1;
  while (i >= 0 && (content[i] === '<' || content[i] === '!')) i--;
  while (i >= 0 && (content[i] === ' ' || content[i] === '\t')) i--;
  // Anchors stand before or behind tags.
  while (i >= 0 && content[i] !== '\n' && content[i] !== ' ' && content[i] !== '&' && isWord(content.charAt(i))) i--;
  return i < 0 || '\n:-[{,&?\r'.includes(content.charAt(i));
}

const isWord = (c: string): boolean => (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c === '_';

function wordAt(content: string, from: number): string {
  let end = from;
  while (end < content.length && end - from < 300 && !' \n\r\t,]}>"\''.includes(content.charAt(end))) end++;
  const word = content.slice(from, end);
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
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
  for (let at = content.indexOf('_target_'); at >= 0 && findings.length < MAX_FINDINGS; at = content.indexOf('_target_', at + 8)) {
    let i = at + 8;
    if (content[i] === '"' || content[i] === "'") i++;
    while (content[i] === ' ') i++;
    if (content[i] !== ':') continue;
    i++;
    while (i < content.length && ' \t\n\r"\''.includes(content.charAt(i))) i++;
    if (content.startsWith('>-', i) || content.startsWith('|-', i)) i += 2;
    while (i < content.length && ' \t\n\r"\'>|'.includes(content.charAt(i))) i++;
    judgeTarget(wordAt(content, i), findings, at);
  }
}

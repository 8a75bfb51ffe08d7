/** Lines of a requirements file. Source: https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
import { parseRequirement, type Requirement } from '../../python-package/requirement.js';
import { linesOf } from '../shared/lines.js';

export interface RequirementLine {
  readonly requirement: Requirement;
  /** `sha256:<hex>`. */
  readonly hashes: readonly string[];
  /** As it is written, without options. */
  readonly text: string;
}

export interface Include {
  readonly target: string;
  /** Does it only narrow what others ask for? */
  readonly constraint: boolean;
}

/** What one line says: a requirement, a file to read too, or something without a name (a path, an address). */
export type Line = RequirementLine | Include | 'unnamed';

const MAX_LINE = 1024 * 1024;

/** What the lines say, one after another. Options that say where and how to look say nothing here. */
export function* requirementLines(text: string): Generator<Line> {
  for (const line of logicalLines(text)) {
    const said = read(line);
    if (said !== undefined) yield said;
  }
}

/** A backslash at the end joins lines; then comments go. */
function* logicalLines(text: string): Generator<string> {
  let parts: string[] = [];
  let length = 0;
  for (const line of linesOf(text)) {
    const isComment = /^\s*#/.test(line);
    if (line.endsWith('\\') && !isComment && length < MAX_LINE) {
      parts.push(line.slice(0, -1));
      length += line.length;
      continue;
    }
    // A comment line ends what was joined before it.
    const whole = [...parts, isComment ? '' : line].join(' ');
    parts = [];
    length = 0;
    const bare = whole.replace(/(^|\s)#.*$/s, '').trim();
    if (bare !== '') yield bare;
  }
  if (parts.length > 0) yield parts.join(' ').trim();
}

const INCLUDE = /^(?:-r\s*|--requirement[\s=]+|(-c\s*|--constraint[\s=]+))(.+)$/s;
const EDITABLE = /^(?:-e\s*|--editable[\s=]+)(.+)$/s;

function read(line: string): Line | undefined {
  const include = INCLUDE.exec(line);
  if (include !== null) return { target: unquoted(include[2] ?? ''), constraint: include[1] !== undefined };
  const editable = EDITABLE.exec(line)?.[1]?.trim();
  // Indexes may be private.
  if (editable === undefined && line.startsWith('-')) return undefined;
  const { text, hashes } = withoutOptions(editable ?? line);
  const requirement = parseRequirement(text) ?? fromEgg(text);
  if (requirement !== undefined) return { requirement, hashes, text };
  // The project itself.
  return text === '.' || /^\.\[[\w,. -]*\]$/.test(text) ? undefined : 'unnamed';
}

const unquoted = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, '$2');

/** `name==1 --hash=sha256:… --config-settings=…`. */
function withoutOptions(line: string): { readonly text: string; readonly hashes: readonly string[] } {
  const [text = '', ...options] = line.replace(/\s+/g, ' ').split(/ (?=--[a-z])/);
  const hashes = options.flatMap((option) => /^--hash[=\s]\s*(\S+)/.exec(option)?.[1] ?? []);
  return { text: text.trim(), hashes };
}

/** `git+https://…#egg=name`, the form before `name @ address`. */
function fromEgg(text: string): Requirement | undefined {
  const [, name] = /[#&]egg=([A-Za-z0-9][A-Za-z0-9._-]{0,200})/.exec(text) ?? [];
  const [url = ''] = text.split(/\s/, 1);
  return name === undefined || !/^[a-z][a-z0-9+.-]*:/i.test(url) ? undefined : parseRequirement(`${name} @ ${url}`);
}

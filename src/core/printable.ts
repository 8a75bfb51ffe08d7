/**
 * Text that may go to a terminal or into the log of a CI: it holds nothing that a terminal obeys or hides, and nothing that a
 * CI takes for a command. What files, documents and arguments say is escaped; line breaks are put by the renderer alone.
 */

declare const PRINTABLE: unique symbol;

/** Text that was made by one of the functions below. A text of anybody else is none, which the compiler checks. */
export type Printable = string & { readonly [PRINTABLE]: true };

/**
 * Code points that are not seen as what they are: controls (C0, DEL, C1), formats (marks of direction, zero width, tags), halves
 * of surrogate pairs, private use, separators of lines, blanks other than the space, and what is ignored by default, such as
 * variation selectors and fillers. Source: https://www.unicode.org/reports/tr44/
 */
const UNSEEN = String.raw`\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000`;

/**
 * What a CI looks for anywhere in a line: `##[` (GitHub Actions, Azure Pipelines), `##vso[` (Azure Pipelines), `##teamcity[`,
 * and `section_start:` (GitLab). Sources: actions/runner `ActionCommand.cs`, microsoft/azure-pipelines-agent `Command.cs`,
 * jetbrains.com/help/teamcity "Service Messages", docs.gitlab.com "CI/CD job logs".
 */
const COMMAND = String.raw`#(?=#\w*\[)|s(?=ection_(?:start|end):)`;
/** What a CI looks for at the start of a line, after blanks: `::` (GitHub Actions), `---`, `+++`, `~~~`, `^^^` (Buildkite). */
const COMMAND_AT_START = /^ *(?=::|##|---|\+\+\+|~~~|\^\^\^)/;

/** A backslash that would be read as the beginning of an escape is doubled, so that no two texts are shown alike. */
const BACKSLASH = String.raw`\\(?=[\\nrt${UNSEEN}]|x[\da-f]{2}|u\{)`;

const ESCAPED = new RegExp(`[${UNSEEN}]|${COMMAND}|${BACKSLASH}`, 'gu');
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');

/** `\x1b`, `\u{202e}`. */
function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return SHORT[character] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 1)}}`);
}

/** A text of anybody as a part of one line: `a\x1bb`. */
export const escaped = (text: string): string => text.replace(ESCAPED, escapeOf);

/**
 * Parts of one line, each escaped; together they are no command either.
 * @returns as many parts as were given
 */
export function escapedParts(parts: readonly string[]): readonly string[] {
  let shown = parts.map(escaped);
  // Two parts that are harmless may be a command side by side.
  if (new RegExp(COMMAND).test(shown.join(''))) shown = shown.map((part) => part.replace(/[#:]/g, escapeOf));
  const blanks = COMMAND_AT_START.exec(shown.join(''))?.[0].length;
  if (blanks === undefined) return shown;
  let before = 0;
  return shown.map((part) => {
    const at = blanks - before;
    before += part.length;
    return at >= 0 && at < part.length ? part.slice(0, at) + escapeOf(part.charAt(at)) + part.slice(at + 1) : part;
  });
}

/** The program's own words: never what a file, a document, an argument or the system says. */
export const ownText = (text: string): Printable => text as Printable;

/** A line or several, each escaped as a whole and ended. */
export const printableLines = (lines: readonly string[]): Printable =>
  ownText(lines.map((line) => `${escapedParts([line]).join('')}\n`).join(''));

const IN_DOCUMENT = new RegExp(`(?![\\n\\t])[${UNSEEN}]|${COMMAND}`, 'gu');
/** Each UTF-16 unit as JSON escapes it. */
const inJson = (text: string): string => [...Array(text.length).keys()].map((i) => `\\u${hex(text.charCodeAt(i), 4)}`).join('');
const inXml = (text: string): string => `&#x${hex(text.codePointAt(0) ?? 0, 1)};`;

/** In front of a line of a document: the first of the signs that a CI looks for there. */
const SIGN = /^( *)([:#+~^-])(?=[:#+~^-])/gm;

/**
 * A document that says the same and can be shown: in JSON and XML what is not seen, and what a CI takes for a command, stands as
 * an escape of the language. A text in neither, such as SPDX tag-value, has no escapes of its own and gets those of messages.
 */
export function printableDocument(text: string): Printable {
  if (/^\s*[{["]/.test(text)) return ownText(text.replace(IN_DOCUMENT, inJson));
  const shown = /^\s*</.test(text) ? inXml : escapeOf;
  return ownText(text.replace(IN_DOCUMENT, shown).replace(SIGN, (_, blanks: string, sign: string) => blanks + shown(sign)));
}

/** A value as JSON that can be shown, with two spaces of indentation and a line break at the end. */
export const printableJson = (value: unknown): Printable => printableDocument(`${JSON.stringify(value, null, 2)}\n`);

// The rules of gitleaks (gitleaks/gitleaks.toml, version 8.30.1 as published) as regular expressions of JavaScript that have no flags.
import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';

/** Rules about whole files and programs, or that take commits and numbers for credentials: `src/core/secrets` has the wider or narrower ones. */
const LEFT_OUT = new Set([
  'curl-auth-header',
  'curl-auth-user',
  'discord-client-id',
  'generic-api-key',
  'hashicorp-tf-password',
  'kubernetes-secret-yaml',
  'nuget-config-password',
  'private-key',
  'sourcegraph-access-token',
  'vault-service-token', // `s.` and 24 letters or digits is also an attribute of Python
]);
/** What gitleaks lets stand before a name: it is not part of what is found, and costs time. */
const BEFORE = /\[\\w\.-\]\{0,50\}\?/g;
/** What gitleaks wants behind a credential. In an address or a list other things stand there. */
const BEHIND = /\(\?:\[\\x60'"\\s;\]\|\\\\\[nr\]\|\$(?:\|\\b)?\)/g;

export function secretRules(root) {
  const { rules } = parse(readFileSync(`${root}scripts/generate/gitleaks/gitleaks.toml`, 'utf8'));
  const rows = rules
    .filter(({ id, regex, keywords }) => !LEFT_OUT.has(id) && regex !== undefined && keywords?.length > 0)
    .map(({ id, regex, keywords, entropy, secretGroup }) => {
      const source = translated(regex.replace(BEFORE, '').replace(BEHIND, '(?![\\w-])'));
      new RegExp(source);
      const words = keywords.map((word) => word.toLowerCase());
      return `  [${[id, words.join('|'), source].map((each) => JSON.stringify(each)).join(', ')}, ${entropy ?? 0}, ${secretGroup ?? 0}],\n`;
    });
  return `// Written by scripts/generate.mjs from gitleaks.toml of gitleaks 8.30.1. Do not edit.
/** Id, words of which a text holds one (small letters, a bar between), pattern, least entropy in bits for each character, group of the credential (0: the first that is set). */
export const GITLEAKS: readonly (readonly [id: string, words: string, pattern: string, entropy: number, group: number])[] = [
${rows.join('')}];
`;
}

/** From the syntax of RE2: flags inside become classes with both cases, names of groups go. */
function translated(pattern) {
  let out = '';
  const outer = [];
  let anyCase = false;
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const rest = pattern.slice(i);
    const [flags] = /^\(\?(-?[a-z]+)(?=[:)])/.exec(rest) ?? [];
    if (inClass) {
      const [whole] = /^\[:alnum:\]|^\\x[0-9a-f]{2}|^\\[\s\S]|^[A-Za-z0-9]-[A-Za-z0-9]|^[\s\S]/i.exec(rest);
      out += whole === '[:alnum:]' ? 'A-Za-z0-9' : anyCase && !whole.startsWith('\\') ? bothCases(whole) : whole;
      i += whole.length - 1;
      inClass = whole !== ']';
    } else if (flags !== undefined) {
      const isGroup = rest[flags.length] === ':';
      if (isGroup) outer.push(anyCase);
      if (/i/.test(flags)) anyCase = !flags.includes('-');
      if (isGroup) out += '(?:';
      i += flags.length;
      if (flags.includes('s') && rest.startsWith('(?s:.)')) {
        out += '[\\s\\S]';
        i++;
      }
    } else if (rest.startsWith('(')) {
      outer.push(anyCase);
      const [name] = /^\(\?P<\w+>/.exec(rest) ?? [];
      out += '(';
      if (name !== undefined) i += name.length - 1;
    } else if (rest.startsWith(')')) {
      anyCase = outer.pop() ?? false;
      out += ')';
    } else if (rest.startsWith('\\z')) {
      out += '$';
      i++;
    } else if (rest.startsWith('\\b(') || (rest.startsWith('\\b') && out === '')) {
      out += '(?<![A-Za-z0-9])';
      i++;
    } else if (rest.startsWith('\\')) {
      const [whole] = /^\\x[0-9a-f]{2}|^\\[\s\S]/i.exec(rest);
      out += whole;
      i += whole.length - 1;
    } else {
      inClass = rest.startsWith('[');
      out += anyCase && /[a-z]/i.test(rest[0]) ? `[${bothCases(rest[0])}]` : rest[0];
    }
  }
  return out;
}

const bothCases = (part) => (/[a-z]/i.test(part) ? `${part.toLowerCase()}${part.toUpperCase()}` : part);

// The command line's own help → pages for `man`, one for the program and one for each verb.
import { readFileSync } from 'node:fs';

/** @param {Map<string, string>} pages the help of each verb, and of the program under '' */
export function manPages(root, pages) {
  const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const verbs = [...pages.keys()].filter((verb) => verb !== '');
  const summaries = new Map([...pages.get('').matchAll(/^ {2}(\w+) +(\S.*)$/gm)].map(([, verb, summary]) => [verb, summary]));
  const title = (name) =>
    `.\\" Written by scripts/generate.mjs from the command itself. Do not edit.\n.TH ${name.toUpperCase()} 1 "" "msbom ${version}" "msbom"\n`;
  const see = (names) => `.SH SEE ALSO\n${names.map((name) => `.BR ${dashed(name)} (1)`).join(',\n')}\n`;
  const main =
    `${title('msbom')}.SH NAME\nmsbom \\- say what a machine\\-learning model is made of, and check it\n.SH SYNOPSIS\n.B msbom\n.I VERB\n[OPTIONS] [ARGUMENTS]\n.SH DESCRIPTION\nEach verb has a page of its own, and \\fBmsbom\\fR \\fIVERB\\fR \\fB\\-\\-help\\fR.\n.SH VERBS\n` +
    verbs.map((verb) => `.TP\n.BR msbom\\-${verb} (1)\n${roff(summaries.get(verb) ?? '')}\n`).join('') +
    '.SH EXIT STATUS\n.TP\n0\nclean\n.TP\n1\na negative answer about the input\n.TP\n2\nthe question could not be answered\n' +
    '.SH ENVIRONMENT\nEach option has a variable: \\fBMSBOM_FAIL_ON\\fR is \\fB\\-\\-fail\\-on\\fR. \\fBSOURCE_DATE_EPOCH\\fR is the time of documents, \\fBNO_COLOR\\fR and \\fBFORCE_COLOR\\fR say whether there are colours.\n';
  return {
    'man/msbom.1': main,
    ...Object.fromEntries(
      verbs.map((verb) => [
        `man/msbom-${verb}.1`,
        title(`msbom-${verb}`) + verbPage(verb, summaries.get(verb) ?? '', pages.get(verb)) + see(['msbom']),
      ]),
    ),
  };
}

function verbPage(verb, summary, text) {
  const [head, options = '', examples = '', exits = ''] = text.split(/^(?:options|examples|exit codes):$/m);
  const [usage = '', ...description] = head.trim().split('\n\n');
  const rows = [...options.matchAll(/^ {2}(?: {4})?(-.*?) {2,}(\S.*)$/gm)].map(
    ([, flags, help]) => `.TP\n.B ${roff(flags)}\n${roff(help)}\n`,
  );
  const lines = [...examples.matchAll(/^ {2}(\S.*)\n {6}(.*)$/gm)].map(([, line, meaning]) => `.TP\n.B ${roff(line)}\n${roff(meaning)}\n`);
  const codes = [...exits.matchAll(/^ {2}(\d) {2}(.*)$/gm)].map(([, code, meaning]) => `.TP\n${code}\n${roff(meaning)}\n`);
  return [
    `.SH NAME\nmsbom\\-${verb} \\- ${roff(summary)}\n`,
    `.SH SYNOPSIS\n${roff(usage.replace(/^usage: /, ''))}\n`,
    `.SH DESCRIPTION\n${description.map(roff).join('\n.PP\n')}\n`,
    `.SH OPTIONS\n${rows.join('')}`,
    `.SH EXAMPLES\n${lines.join('')}`,
    `.SH EXIT STATUS\n${codes.join('')}`,
  ].join('');
}

const dashed = (name) => name.replaceAll('-', '\\-');

/** Text in roff: no sign of its own, no line that begins with a command. Source: groff_man(7). */
const roff = (text) =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('"', '\\(dq')
    .replace(/\\&\\\(aq/g, '\\(aq')
    .replace(/[^\0-\x7f]/gu, (sign) => `\\[u${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`);

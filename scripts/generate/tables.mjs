// The tables of references, keys, ordered lists and words, written into the text of the specification.

const START = '<!-- tables -->';
const END = '<!-- end of tables -->';
const code = (text) => `\`${text}\``;

/** The text with its tables anew. */
export function withTables(text, { REFERENCES, KEYS, ORDERED, WORDS }) {
  const target = ({ in: collections, subject, beside }) =>
    [
      ...collections.map((name) => code(`/${name}`)),
      ...(subject ? [code('model')] : []),
      ...(beside ? [`the nearest ${code(beside)}`] : []),
    ].join(', ');
  const references = Object.entries(REFERENCES).map(([member, row]) => `| ${code(member)} | ${target(row)} |`);
  const membersOf = (kind) => Object.keys(KEYS).filter((member) => KEYS[member] === kind);
  const meaning = {
    id: 'an id (3.1)',
    name: 'the name in the words of its source, any text of 1 to 256 characters',
    path: 'a path (5.3)',
    pointer: 'a JSON Pointer into the document',
    thing: 'the id of something described elsewhere',
  };
  const keys = Object.entries(meaning).map(([kind, said]) => `| ${said} | ${membersOf(kind).map(code).join(', ')} |`);
  const words = Object.entries(WORDS).map(([member, list]) => `| ${code(member)} | ${list.map(code).join(', ')} |`);
  const tables = [
    '### Table of references\nBy `Type.member`; a list names by each item, a map by each value, `Manifest.dependencies` by its keys.\n',
    '| member | names |\n|---|---|',
    ...references,
    '\n### Table of keys\n',
    '| key | of the maps |\n|---|---|',
    ...keys,
    `\n### Ordered lists\n${[...ORDERED].sort().map(code).join(', ')}. Every other list is a set.\n`,
    '### Registered words\n',
    '| member | words |\n|---|---|',
    ...words,
  ].join('\n');
  const [before, rest = ''] = text.split(START);
  const after = rest.includes(END) ? rest.split(END)[1] : rest;
  return `${before}${START}\n${tables}\n${END}${after}`;
}

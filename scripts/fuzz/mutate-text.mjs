// Ways to break a text so that a parser may spend more than its length: nesting, repetition, self-reference, names twice, long
// tokens, line ends of other systems, marks of byte order, halves of pairs, and pieces of other texts.

/** What opens, and what closes it. */
const NESTS = [
  ['[', ']'],
  ['{"a":', '}'],
  ['{a: ', '}'],
  ['- ', ''],
  ['? ', ''],
  ['<a>', '</a>'],
  ['(', ')'],
  ['a.', ''],
  ['[[', ']]'],
  ['&a [*a,', ']'],
  ['> ', ''],
];
const ODD = [
  '\r',
  '\r\n',
  '\u2028',
  '\u0085',
  '\ufeff',
  '\0',
  '\ud800',
  '\t',
  '\\',
  '"',
  "'",
  '`',
  '---\n',
  '...\n',
  '#',
  ': ',
  '&a ',
  '*a ',
  '!!python/object:a.b ',
  '<<: ',
  '|9\n',
  '>-\n',
  '%TAG ! !\n',
  '<![CDATA[',
  '<!--',
  '&amp;',
  '<!DOCTYPE a [<!ENTITY a "&a;&a;">]>',
  '__proto__',
  '1e999',
  '-r requirements.txt\n',
  '```\n',
  '\\\n',
];

const MUTATIONS = [
  (text, random) => text.slice(0, random(text.length + 1)),
  (text, random, { most }) => {
    const [open, close] = NESTS[random(NESTS.length)];
    const depth = 1 + random(Math.max(1, Math.floor(most / (open.length + close.length + 1))));
    return put(text, random, open.repeat(depth) + (random(2) === 0 ? '' : `x${close.repeat(depth)}`));
  },
  (text, random, { most }) => {
    const from = random(text.length);
    const part = text.slice(from, from + 1 + random(64));
    return put(text, random, part.repeat(1 + random(Math.max(1, Math.floor(most / (part.length + 1))))));
  },
  // Each line many times: keys stand twice, packages by the thousand.
  (text, random, { most }) => {
    const lines = text.split('\n');
    const at = random(lines.length);
    const copies = Array.from({ length: 1 + random(Math.min(5000, Math.ceil(most / (lines[at].length + 1)))) }, (_, i) =>
      random(2) === 0 ? lines[at] : lines[at].replace(/[a-z0-9]+/i, `$&${i}`),
    );
    return [...lines.slice(0, at), ...copies, ...lines.slice(at)].join('\n');
  },
  (text, random) => put(text, random, ODD[random(ODD.length)].repeat(1 + random(random(8) === 0 ? 20_000 : 3))),
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replaceAll('\n', '\r'),
  (text, random) => text.replace(/\d+/g, (digits) => (random(4) === 0 ? '9'.repeat(1 + random(400)) : digits)),
  (text, random, { most }) => text.replace(/[a-z]{3,}/i, (word) => word.repeat(1 + random(Math.max(1, Math.floor(most / word.length))))),
  (text, random, { other }) => {
    const more = other();
    const from = random(more.length);
    return put(text, random, new TextDecoder().decode(more.subarray(from, from + random(4096))));
  },
];

function put(text, random, part) {
  const at = random(text.length + 1);
  return text.slice(0, at) + part + text.slice(at + (random(2) === 0 ? 0 : random(64)));
}

/** One to three of them, in the encoding that the file has, or for one in thirty another one. */
export function mutateText(bytes, random, context) {
  let text = new TextDecoder().decode(bytes);
  for (let n = 1 + random(3); n > 0; n--) text = MUTATIONS[random(MUTATIONS.length)](text, random, context).slice(0, context.most);
  if (random(30) === 0) return Buffer.from(text, 'utf16le');
  return Buffer.from(text).subarray(0, context.most);
}

#!/usr/bin/env node
// Makes the files of something new, which compile and fail their tests until they say something:
// `npm run new -- rule NAME`, `npm run new -- collector NAME`, `npm run new -- profile NAME`. `--root DIR` works in a copy.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const KINDS = { rule, collector, profile };
const { values, positionals } = parseArgs({
  options: { root: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) } },
  allowPositionals: true,
});
const [kind, id] = positionals;
const { root } = values;
if (!Object.hasOwn(KINDS, kind ?? '') || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id ?? '')) {
  console.error(`usage: npm run new -- ${Object.keys(KINDS).join('|')} NAME, with a name such as license-missing`);
  process.exit(2);
}
const name = id.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const made = KINDS[kind]();
const taken = Object.keys(made.files).find((path) => existsSync(join(root, path)));
if (taken !== undefined) {
  console.error(`${taken} exists already`);
  process.exit(1);
}
for (const [path, text] of Object.entries(made.files)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
if (made.index !== undefined)
  writeFileSync(join(root, made.index.path), indexed(readFileSync(join(root, made.index.path), 'utf8'), made.index.from));
console.log([...Object.keys(made.files), ...(made.index === undefined ? [] : [made.index.path])].join('\n'));
console.log(`\nnext: ${made.next}`);

/** The sorted index with one import and one entry more. */
function indexed(text, from) {
  const line = `import { ${name} } from '${from}';`;
  const lines = text.split('\n');
  const own = lines.flatMap((each, i) => (/^import \{ \w+ \} from '\.\//.test(each) ? [i] : []));
  const at = own.find((i) => lines[i].slice(lines[i].indexOf("'")) > line.slice(line.indexOf("'"))) ?? own.at(-1) + 1;
  lines.splice(at, 0, line);
  // The list has the same order as the imports.
  const next = /^import \{ (\w+) \}/.exec(lines[at + 1] ?? '')?.[1];
  const entry = lines.findIndex(
    (each, i) => i > at + 1 && (next === undefined ? /^\];?|^\] as/.test(each) : new RegExp(`^  ${next},$`).test(each)),
  );
  lines.splice(entry, 0, `  ${name},`);
  return lines.join('\n');
}

function rule() {
  const title = 'TITLE: what is wrong, in one sentence';
  const fix = 'FIX: what to do about it.';
  return {
    files: {
      [`src/validate/rules/${id}.ts`]: `import { defineRule } from '../rule.js';

export const ${name} = defineRule({
  meta: {
    id: '${id}',
    clause: '1.1',
    severity: 'low',
    title: '${title}',
    fix: '${fix}',
  },
  check(manifest, report) {
    if (manifest.model?.name === '${id}') report('/model/name', 'MESSAGE: what is wrong here');
  },
});
`,
      [`docs/rules/${id}.md`]: `# ${id}

${title}. Severity low: it is advice. Clause [1.1](../spec/1.0.md).

## Why

WHY: what goes wrong for whom.

## What to do

${fix}

## Examples

Each block is a JSON merge patch (RFC 7396) on [base.json](base.json); the tests apply it and run the rule.

\`\`\`json invalid
{"model": {"name": "${id}"}}
\`\`\`

\`\`\`json valid
{"model": {"name": "other"}}
\`\`\`
`,
    },
    index: { path: 'src/validate/rules/index.ts', from: `./${id}.js` },
    next: 'say what is in capitals, then run `node scripts/corpus.mjs` and `npx vitest run test/validate test/conventions.test.ts`',
  };
}

function collector() {
  return {
    files: {
      [`src/collect/collectors/${id}/index.ts`]: `/** WHAT writes it. Source: URL of its documentation */
import { baseName, type Collector, RANKS } from '../../contribution.js';
import { asText } from '../../values.js';
import { fromJson } from '../shared/json-file.js';
import { claim } from '../shared/run-file.js';

export const ${name}: Collector = {
  id: '${id}',
  files: '\`${id}.json\`',
  matches: (path) => baseName(path) === '${id}.json',
  collect: (file, { limits }) =>
    fromJson(file, limits, ({ description }) => {
      const from = { origin: 'declared', path: file.path, method: '${id}' } as const;
      return { contributions: claim('/model/description', asText(description), RANKS.run, from) };
    }),
};
`,
      [`docs/collectors/${id}.md`]: `# ${id}
\`${id}.json\`, wherever it is.

| key | place in the manifest |
|---|---|
| \`description\` | \`/model/description\` |
`,
      [`test/collect/${id}.test.ts`]: `import { expect, it } from 'vitest';
import { collectDirectory } from '../../src/node.js';
import { temporaryDirectory } from '../support/temporary.js';

it('${id}', async () => {
  const directory = temporaryDirectory({ '${id}.json': '{"description":"said"}' });
  const { manifest } = await collectDirectory(directory, { now: new Date(0) });
  expect(manifest.model).toMatchObject({ description: 'said' });
});
`,
    },
    index: { path: 'src/collect/collectors/index.ts', from: `./${id}/index.js` },
    next: `say what is in capitals, then run \`npx vitest run test/collect/${id}.test.ts test/conventions.test.ts\`; docs/sources.md lists it after \`npm run generate\``,
  };
}

function profile() {
  return {
    files: {
      [`${id}.json`]: `${JSON.stringify(
        {
          $schema: 'urn:msbom:profile-schema:1.0',
          id,
          title: 'TITLE of the instrument',
          force: 'guideline',
          status: 'STATUS, such as in force since a day',
          appliesTo: 'WHOM it binds',
          unknown: 'refused',
          readAt: new Date().toISOString().slice(0, 7),
          requirements: [
            {
              id: 'R1',
              title: 'TITLE of the requirement',
              requirement: 'WHAT is asked for, in one sentence.',
              level: 'MUST',
              judged: 'auto',
              reading: 'secondary',
              predicate: { op: 'present', path: '/model/licenses' },
            },
          ],
        },
        null,
        2,
      )}\n`,
    },
    next: `say what is in capitals (docs/comply.md says how), then run \`msbom comply m.msbom.json -p ./${id}.json\`; one that is to be built in goes to src/comply/profiles`,
  };
}

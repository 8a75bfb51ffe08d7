#!/usr/bin/env node
// Writes everything that follows from the schema: types, compiled validator, reference page.
// `--check` writes nothing and fails when a file is not what it would write.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { cliPages } from './generate/cli-pages.mjs';
import { xmlRules } from './generate/cyclonedx-rules.mjs';
import { xmlTable } from './generate/cyclonedx-xml.mjs';
import { cycloneDXSchemas } from './generate/foreign-schemas.mjs';
import { lists } from './generate/lists.mjs';
import { schemaToReference } from './generate/reference.mjs';
import { registeredWords, schemaToForms, schemaToSections, schemaToShapes, schemaToWords, typed } from './generate/revised.mjs';
import { secretRules } from './generate/secret-rules.mjs';
import { spdx2Schema, spdxClasses } from './generate/spdx.mjs';
import { withTables } from './generate/tables.mjs';
import { compileTypes, schemaToTypes } from './generate/types.mjs';
import { schemaToValidator } from './generate/validator.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const VERBS = ['init', 'collect', 'record', 'inspect', 'scan', 'validate', 'convert', 'merge', 'diff', 'verify', 'explain', 'schema'];
/** The schemas of CycloneDX, which the official library comes with. */
const official = `${root}node_modules/@cyclonedx/cyclonedx-library/res/schema`;
const schema = JSON.parse(readFileSync(`${root}schema/1.0/msbom.schema.json`, 'utf8'));

const revisedPath = 'schema/revised/msbom.schema.json';
const revised = JSON.parse(readFileSync(root + revisedPath, 'utf8'));

const outputs = {
  'src/revised/schema/generated/types.ts': await compileTypes(typed(revised), revisedPath, '../../../core/canonical-json.js'),
  'src/revised/schema/generated/sections.ts': schemaToSections(revised),
  'src/revised/schema/generated/shapes.ts': schemaToShapes(revised),
  'src/revised/schema/generated/forms.ts': schemaToForms(revised),
  'src/revised/schema/generated/words.ts': schemaToWords(revised),
  'src/revised/schema/generated/validate.ts': await schemaToValidator(revised, revisedPath),
  'src/schema/generated/types.ts': await schemaToTypes(schema),
  'src/schema/generated/sections.ts': sections(schema),
  'src/schema/generated/validate.ts': await schemaToValidator(schema),
  'src/core/secrets/generated/gitleaks.ts': secretRules(root),
  'src/convert/spdx/generated/classes.ts': spdxClasses(
    JSON.parse(readFileSync(`${root}test/support/spdx/spdx-schema-v3.0.1.json`, 'utf8')),
  ),
  'src/convert/spdx/generated/schema-2.3.ts': spdx2Schema(root),
  'docs/spec/1.0-reference.md': schemaToReference(schema),
  'docs/spec/revised/1.0-reference.md': schemaToReference(revised, revisedPath),
  'docs/spec/revised/1.0.md': withTables(readFileSync(`${root}docs/spec/revised/1.0.md`, 'utf8'), {
    ...(await tables(`${root}src/revised/schema/references.ts`)),
    WORDS: registeredWords(revised),
  }),
  ...cycloneDXSchemas(root),
  'src/convert/cyclonedx/xml/generated/shapes.ts': xmlTable(official, '1.7'),
  'src/convert/cyclonedx/xml/generated/rules.ts': xmlRules(official, ['1.4', '1.5', '1.6', '1.7']),
  // The pages of the verbs and the lists come from the built program, which is not there on the first run.
  ...(existsSync(`${root}dist/cli/main.js`) ? { ...cliPages(root, VERBS), ...(await lists(root)) } : {}),
};

const check = process.argv.includes('--check');
let stale = 0;
for (const [path, text] of Object.entries(outputs)) {
  if (!check) writeFileSync(root + path, text);
  else if (read(root + path) !== text) {
    stale++;
    console.error(`${path} is stale: run \`npm run generate\``);
  }
}
process.exitCode = stale > 0 ? 1 : 0;

function sections(schema) {
  const names = Object.keys(schema.properties).map((name) => `  '${name}',\n`);
  const quoted = (words) => words.map((word) => `  '${word}',\n`).join('');
  const texts = textMembers(schema).map((name) => `  '${name}',\n`);
  return `// Written by scripts/generate.mjs from schema/1.0/msbom.schema.json. Do not edit.\n/** Members of a manifest in the order of the specification. */\nexport const SECTIONS = [\n${names.join('')}] as const;\n\n/** Members that are texts wherever the specification has them, but in the document's own data. */\nexport const TEXT_MEMBERS = [\n${texts.join('')}] as const;\n\n/** Kinds of components, in the words of CycloneDX. */\nexport const COMPONENT_TYPES = [\n${quoted(schema.$defs.component.properties.type.enum)}] as const;\n`;
}

/** Names of members that are never anything but text. */
function textMembers(schema) {
  const kinds = new Map();
  const visit = (node, name) => {
    if (typeof node !== 'object' || node === null) return;
    if (node.$ref?.startsWith('#/$defs/') && name !== undefined) return note(name, schema.$defs[node.$ref.slice('#/$defs/'.length)]);
    if (name !== undefined) note(name, node);
    for (const [key, member] of Object.entries(node.properties ?? {})) visit(member, key);
    for (const part of [node.items, node.additionalProperties, ...(node.oneOf ?? []), ...(node.anyOf ?? []), ...(node.allOf ?? [])])
      visit(part);
  };
  const note = (name, { type, enum: words, const: word }) => {
    const text = type === 'string' || words?.every((each) => typeof each === 'string') || typeof word === 'string';
    kinds.set(name, (kinds.get(name) ?? true) && text === true);
  };
  for (const [key, section] of Object.entries(schema.properties)) if (key !== 'bom') visit(section, key);
  for (const definition of Object.values(schema.$defs)) visit(definition);
  return [...kinds]
    .filter(([, text]) => text)
    .map(([name]) => name)
    .sort();
}

/** The tables of a module of TypeScript that imports nothing but types. */
async function tables(path) {
  const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'ts', format: 'esm' });
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

#!/usr/bin/env node
// Writes everything that follows from the schema: types, compiled validator, reference page.
// `--check` writes nothing and fails when a file is not what it would write.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { cliPages, helps } from './generate/cli-pages.mjs';
import { xmlRules } from './generate/cyclonedx-rules.mjs';
import { xmlTable } from './generate/cyclonedx-xml.mjs';
import { cycloneDXSchemas } from './generate/foreign-schemas.mjs';
import { fullManifest } from './generate/full-manifest.mjs';
import { lists } from './generate/lists.mjs';
import { manPages } from './generate/man-pages.mjs';
import { mappingPage, mappingTables, propertiesPage } from './generate/mapping.mjs';
import { profilePages } from './generate/profile-pages.mjs';
import { schemaToReference } from './generate/reference.mjs';
import { secretRules } from './generate/secret-rules.mjs';
import { spdx2Schema, spdxClasses } from './generate/spdx.mjs';
import { withTables } from './generate/tables.mjs';
import { registeredWords, schemaToForms, schemaToSections, schemaToShapes, schemaToWords, typed } from './generate/tables-of-schema.mjs';
import { compileTypes } from './generate/types.mjs';
import { schemaToValidator } from './generate/validator.mjs';
import { verbsPage } from './generate/verbs-page.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const VERBS = [
  'init',
  'collect',
  'record',
  'inspect',
  'show',
  'scan',
  'validate',
  'comply',
  'paper',
  'audit',
  'convert',
  'merge',
  'diff',
  'sign',
  'attest',
  'attach',
  'pull',
  'verify',
  'completion',
  'explain',
  'schema',
];
/** The schemas of CycloneDX, which the official library comes with. */
const official = `${root}node_modules/@cyclonedx/cyclonedx-library/res/schema`;
const schemaPath = 'schema/1.0/msbom.schema.json';
const schema = JSON.parse(readFileSync(root + schemaPath, 'utf8'));
const profileSchemaPath = 'schema/profile-1.0/msbom-profile.schema.json';

const policySchemaPath = 'schema/policy-1.0/msbom-policy.schema.json';

const fullText = fullManifest(schema);
const mapping = await mappingTables(root);

const pages = existsSync(`${root}dist/cli/main.js`) ? helps(root, VERBS) : undefined;

const outputs = {
  'src/schema/generated/types.ts': await compileTypes(typed(schema), schemaPath, '../../core/canonical-json.js'),
  'src/schema/generated/sections.ts': schemaToSections(schema),
  'src/schema/generated/shapes.ts': schemaToShapes(schema),
  'src/schema/generated/forms.ts': schemaToForms(schema),
  'src/schema/generated/words.ts': schemaToWords(schema),
  'src/schema/generated/validate.ts': await schemaToValidator(schema, schemaPath),
  'src/comply/generated/validate-profile.ts': await schemaToValidator(
    JSON.parse(readFileSync(root + profileSchemaPath, 'utf8')),
    profileSchemaPath,
  ),
  'src/policy/generated/validate-policy.ts': await schemaToValidator(
    JSON.parse(readFileSync(root + policySchemaPath, 'utf8')),
    policySchemaPath,
  ),
  'test/corpus/full.msbom.json': fullText,
  'docs/mapping.md': mappingPage(schema, mapping),
  'docs/properties.md': propertiesPage(schema, JSON.parse(fullText), mapping),
  'src/core/secrets/generated/gitleaks.ts': secretRules(root),
  'src/convert/spdx3/generated/classes.ts': spdxClasses(
    JSON.parse(readFileSync(`${root}test/support/spdx/spdx-schema-v3.0.1.json`, 'utf8')),
  ),
  'src/convert/spdx2/generated/schema-2.3.ts': spdx2Schema(root),
  'docs/spec/1.0-reference.md': schemaToReference(schema, schemaPath),
  'docs/spec/1.0.md': withTables(readFileSync(`${root}docs/spec/1.0.md`, 'utf8'), {
    ...(await tables(`${root}src/schema/references.ts`)),
    WORDS: registeredWords(schema),
  }),
  ...cycloneDXSchemas(root),
  'src/convert/cyclonedx/xml/generated/shapes.ts': xmlTable(official, '1.7'),
  'src/convert/cyclonedx/xml/generated/rules.ts': xmlRules(official, ['1.4', '1.5', '1.6', '1.7']),
  // The pages of the verbs and the lists come from the built program, which is not there on the first run.
  ...(pages !== undefined
    ? {
        ...cliPages(pages),
        ...manPages(root, pages),
        'docs/verbs.md': verbsPage(root, VERBS),
        ...(await lists(root)),
        ...(await profilePages(root)),
      }
    : {}),
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

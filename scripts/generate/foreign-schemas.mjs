// Brings the official JSON schemas of other standards into the program: the same rules, without the words for readers.
import { readFileSync } from 'node:fs';

const PROSE = new Set([
  'description',
  'title',
  'examples',
  'meta:enum',
  '$comment',
  'default',
  'deprecated',
  '$schema',
  '$id',
  'additionalItems',
]);
const NAMED = new Set(['properties', 'definitions', '$defs']);
const VALUES = new Set(['enum', 'const', 'required']);

/** Leaves out prose; names of members are not touched. */
function rules(node, names = false) {
  if (Array.isArray(node)) return node.map((item) => rules(item));
  if (typeof node !== 'object' || node === null) return node;
  const members = Object.entries(node).filter(([key]) => names || !PROSE.has(key));
  return Object.fromEntries(
    members.map(([key, value]) => [key, !names && VALUES.has(key) ? value : rules(value, !names && NAMED.has(key))]),
  );
}

/** A module that holds one or more schemas. `schemas`: name of the export -> path. */
export function schemaModule(source, schemas) {
  const constants = Object.entries(schemas).map(([name, path]) => {
    const text = JSON.stringify(rules(JSON.parse(readFileSync(path, 'utf8'))));
    return `export const ${name} = JSON.parse(${JSON.stringify(text)}) as Schema;\n`;
  });
  const banner = `// Written by scripts/generate.mjs from ${source}. Do not edit.\n`;
  return `${banner}import type { Schema } from '../../json-schema.js';\n\n${constants.join('')}`;
}

const directory = (root) => `${root}node_modules/@cyclonedx/cyclonedx-library/res/schema`;

/** The modules of CycloneDX, by path. */
export function cycloneDXSchemas(root) {
  const path = (name) => `${directory(root)}/${name}.SNAPSHOT.schema.json`;
  const versions = ['1.4', '1.5', '1.6', '1.7'].map((version) => [
    `src/convert/cyclonedx/generated/schema-${version}.ts`,
    schemaModule(`the JSON schema of CycloneDX ${version}, Apache-2.0`, { schema: path(`bom-${version}`) }),
  ]);
  const shared = { licenses: path('spdx'), signatures: path('jsf-0.82'), cryptography: path('cryptography-defs') };
  return {
    ...Object.fromEntries(versions),
    'src/convert/cyclonedx/generated/schema-shared.ts': schemaModule(
      'the JSON schemas that those of CycloneDX refer to, Apache-2.0',
      shared,
    ),
  };
}

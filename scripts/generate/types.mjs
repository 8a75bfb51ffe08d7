// JSON Schema → TypeScript types.
import { compile } from 'json-schema-to-typescript';

export async function schemaToTypes(schema) {
  return compileTypes(prepare(schema), 'schema/1.0/msbom.schema.json', '../../core/canonical-json.js');
}

/** Types of a schema; `json` is the module that says what a JSON value is. */
export function compileTypes(schema, from, json) {
  return compile(schema, 'Manifest', {
    bannerComment: `// Written by scripts/generate.mjs from ${from}. Do not edit.\nimport type { JsonValue } from '${json}';\n`,
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: false,
    declareExternallyReferenced: true,
    format: true,
    style: { singleQuote: true, printWidth: 140 },
  });
}

const MAPS = new Set(['properties', '$defs']);
const OPAQUE = new Set(['enum', 'const', 'required']);
const FREE_FORM = { title: 'Foreign', keys: ['cyclonedx', 'spdx'] };

/** The type generator drops what stands beside a `$ref` and knows no conditions: say both in words it knows. */
function prepare(node) {
  if (Array.isArray(node)) return node.map(prepare);
  if (typeof node !== 'object' || node === null) return node;
  if (node.title === 'HyperparameterValue') return { title: node.title, description: node.description, tsType: 'JsonValue' };
  const { if: _if, then: _then, else: _else, $schema, $id, ...rest } = node;
  if (rest.anyOf?.every((branch) => Object.keys(branch).join() === 'required')) delete rest.anyOf;
  const copy = {};
  for (const [key, value] of Object.entries(rest)) {
    copy[key] = MAPS.has(key) ? mapValues(value, prepare) : OPAQUE.has(key) ? value : prepare(value);
  }
  if (node.title === FREE_FORM.title) {
    for (const key of FREE_FORM.keys)
      copy.properties[key] = { description: node.properties[key].description, tsType: '{ [k: string]: JsonValue }' };
  }
  if (node.title === 'Extensions') copy.additionalProperties = { tsType: 'JsonValue' };
  if (typeof copy.$ref === 'string' && copy.description !== undefined) {
    const { $ref, ...others } = copy;
    return { ...others, allOf: [{ $ref }] };
  }
  return copy;
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

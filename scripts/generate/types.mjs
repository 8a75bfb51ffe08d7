// JSON Schema → TypeScript types.
import { compile } from 'json-schema-to-typescript';

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

// JSON Schema → one self-contained validator module, so that nothing is compiled when the program starts.
import Ajv2020 from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';
import { build } from 'esbuild';
import { contents, packageOf } from '../notices.mjs';
import { schemaForValidator } from './validator-schema.mjs';

const banner = (from) => `// Written by scripts/generate.mjs from ${from}. Do not edit.\n// @ts-nocheck: generated\n/* eslint-disable */\n`;

/** Says whose code is in it, for THIRD-PARTY-NOTICES: ajv wrote what is not of a file. */
const contained = (metafile) => {
  const names = contents(metafile).flatMap((path) => packageOf(path)?.name ?? []);
  return `// Contains code of ${[...new Set(['ajv', ...names])].sort().join(', ')}.\n`;
};

export async function schemaToValidator(schema, from) {
  const ajv = new Ajv2020.default({
    code: { source: true, esm: true, lines: true, optimize: 2 },
    inlineRefs: false,
    messages: false,
    allErrors: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    strictTypes: false,
  });
  addFormats.default(ajv, ['uri', 'date-time', 'date', 'email']);
  if (JSON.stringify(schema).includes('"unevaluated')) throw new Error('ajv must keep account of what other keywords looked at');
  ajv.opts.unevaluated = false;
  const code = withUsedSchemas(standaloneCode.default(ajv, ajv.compile(schemaForValidator(schema))));
  // The standalone module still asks for ajv's run-time parts with require(): bring them in.
  const bundled = await build({
    stdin: { contents: code, resolveDir: process.cwd(), loader: 'js' },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    write: false,
    metafile: true,
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: true,
    charset: 'utf8',
    target: 'es2022',
  });
  return banner(from) + contained(bundled.metafile) + slim(bundled.outputFiles[0].text);
}

/**
 * The code holds every definition as data, of which it reads only names of properties, words of an enum and types: the rest is
 * left out.
 */
function withUsedSchemas(code) {
  return code.replace(/^const (schema\d+) = (\{.*\});$/gm, (_, name, json) => {
    const used = {};
    for (const [use] of code.matchAll(new RegExp(`\\b${name}(\\.[\\w$]+|\\["[^"]+"\\])+`, 'g'))) {
      const path = [...use.matchAll(/\.([\w$]+)|\["([^"]+)"\]/g)].map(([, plain, quoted]) => plain ?? quoted);
      keepUsed(used, JSON.parse(json), path);
    }
    return `const ${name} = ${JSON.stringify(used)};`;
  });
}

function keepUsed(used, schema, path) {
  const [key, ...rest] = path;
  if (rest.length > 0) {
    used[key] = typeof used[key] === 'object' ? used[key] : {};
    keepUsed(used[key], schema[key], rest);
  } else if (key === 'properties') {
    used[key] = { ...Object.fromEntries(Object.keys(schema[key]).map((name) => [name, 0])), ...used[key] };
  } else used[key] = schema[key];
}

/** What ajv passes along for keywords that the schema does not use, and the same lines for every error, said once. */
const SLIMMING = [
  [/,parentData:[\w$.[\]"]+,parentDataProperty:(?:"[^"]*"|[\w$]+),rootData:[\w$]+,dynamicAnchors:[\w$]+(?=\})/g, ''],
  [/,parentData:[\w$]+,parentDataProperty:[\w$]+,rootData:[\w$]+=[\w$]+,dynamicAnchors:[\w$]+=\{\}\}=\{\}/g, '}={}'],
  [
    /let ([\w$]+)=\{instancePath:([^{}]*?),schemaPath:("(?:[^"\\]|\\.)*"),keyword:("[^"]*"),params:(\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\})\};([\w$]+)===null\?\6=\[\1\]:\6\.push\(\1\),/g,
    '$6=$$E($6,$2,$3,$4,$5),',
  ],
  [/"(#\/[^"]*)"(?=,"[\w ]+",\{)/g, (_, path) => `"${branchesOf(path)}"`],
  [/([\w$]+)=\1===null\?([\w$.]+)\.errors:\1\.concat\(\2\.errors\)/g, '$1=$$J($1,$2.errors)'],
];

/** Of the place of a keyword, only the choices and conditions around it are asked for. */
function branchesOf(path) {
  return `#${(path.match(/\/(anyOf|then|else)(?=\/)/g) ?? []).map((branch) => `${branch}/`).join('')}`;
}

/**
 * Errors are gathered in one list, up to a number that is far more than anybody reads: ajv copies the list for every
 * reference, which a hostile document makes quadratic.
 */
const HELPERS = `const $MAX=10000;
function $E(errors,instancePath,schemaPath,keyword,params){const error={instancePath,schemaPath,keyword,params};if(errors===null)return[error];if(errors.length<$MAX)errors.push(error);return errors}
function $J(errors,more){if(errors===null)return more;for(const error of more)if(errors.length<$MAX)errors.push(error);return errors}
`;

function slim(code) {
  const slimmed = SLIMMING.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), code);
  const left = slimmed.match(/\.{0,60}parentData.{0,60}/);
  if (left !== null) throw new Error(`the validator's code has a form that slimming does not know: ${left[0]}`);
  if (slimmed.includes('.concat('))
    throw new Error(`the validator still copies lists of errors: ${slimmed.match(/.{60}\.concat\(.{30}/)[0]}`);
  return HELPERS + slimmed;
}

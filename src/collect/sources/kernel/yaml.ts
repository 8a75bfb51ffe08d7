import { type Document, isMap, isScalar, parseDocument, visit } from 'yaml';
import type { JsonValue } from '../../../core/canonical-json.js';

export type Yaml = { readonly value: JsonValue } | { readonly problem: string; readonly offset: number };

/** YAML where every scalar stays the text that was written: `1.10` is no number and `no` is Norway. */
export const parseYaml = (text: string): Yaml => parse(text, 'failsafe');

/**
 * YAML where what was written without quotes is a number, a boolean or null by the core schema of YAML 1.2: for sources that
 * read their own files so. Numbers that a double cannot hold stay texts, objects of Python are left out.
 */
export const parseTypedYaml = (text: string): Yaml => parse(text, 'core');

function parse(text: string, schema: 'failsafe' | 'core'): Yaml {
  try {
    // The library compares each key with all others of its map, which takes minutes for a large one: see `duplicateKey`.
    const document = parseDocument(text, { schema, uniqueKeys: false, prettyErrors: false, strict: true, logLevel: 'error' });
    const [error] = document.errors;
    if (error !== undefined) return { problem: error.message.split('\n')[0] ?? 'not YAML', offset: error.pos[0] };
    const duplicate = duplicateKey(document);
    if (duplicate !== undefined) return { problem: 'Map keys must be unique', offset: duplicate };
    if (schema === 'core') keepTexts(document);
    // Both schemas know texts, numbers, booleans, null, lists and maps only.
    return { value: document.toJS({ maxAliasCount: 100 }) as JsonValue };
  } catch (cause) {
    return { problem: cause instanceof Error ? (cause.message.split('\n')[0] ?? 'not YAML') : 'not YAML', offset: 0 };
  }
}

/** Offset of the first key that stands twice in one map. */
function duplicateKey(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) offset = key.range?.[0] ?? 0;
        if (offset !== undefined) return visit.BREAK;
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return offset;
}

function keepTexts(document: Document): void {
  visit(document, {
    Pair: (_, { value }) =>
      (isScalar(value) || isMap(value) || isSequence(value)) && PYTHON_OBJECT.test(value.tag ?? '') ? visit.REMOVE : undefined,
    Scalar(_, scalar) {
      if (typeof scalar.value === 'number' && !isExact(scalar.value, scalar.source)) scalar.value = scalar.source ?? null;
    },
  });
}

/** Tags of PyYAML for what plain data cannot hold. */
const PYTHON_OBJECT = /^tag:yaml\.org,2002:python\/(object|name|module|complex|bytes)/;

const isSequence = (node: unknown): node is { readonly tag?: string } => typeof node === 'object' && node !== null && 'items' in node;

const isExact = (value: number, source = ''): boolean =>
  Number.isFinite(value) && (!/^[+-]?(\d+|0x[\da-f]+|0o[0-7]+)$/i.test(source) || Number.isSafeInteger(value));

import { parseDocument } from 'yaml';
import type { JsonValue } from '../core/canonical-json.js';

/** YAML where every scalar stays the text that was written: `1.10` is no number and `no` is Norway. */
export function parseYaml(text: string): { readonly value: JsonValue } | { readonly problem: string; readonly offset: number } {
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: true, prettyErrors: false, strict: true });
  const [error] = document.errors;
  if (error !== undefined) return { problem: error.message.split('\n')[0] ?? 'not YAML', offset: error.pos[0] };
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as JsonValue }; // the failsafe schema knows texts, lists and maps only
  } catch (cause) {
    return { problem: cause instanceof Error ? cause.message : 'not YAML', offset: 0 };
  }
}

/** Careful access to values that anybody may have written. */

export type Loose = { readonly [key: string]: unknown };

export function asObject(value: unknown): Loose | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : undefined;
}

/** Names and values of an object, one after another: a list of them would take as much again as the object. */
export function* membersOf(value: Loose | undefined): Generator<readonly [name: string, value: unknown]> {
  for (const name in value) if (Object.hasOwn(value, name)) yield [name, value[name]];
}

/** A text that says something: not empty, not `null`. */
export function asText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' || text === 'null' || text === '~' ? undefined : text;
}

/** A text that names something: what Python and YAML write for nothing is no name, though it may be an answer. */
export function asName(value: unknown): string | undefined {
  const text = asText(value);
  return text === undefined || ['null', 'none'].includes(text.toLowerCase()) ? undefined : text;
}

const each = (value: unknown, read: (item: unknown) => string | undefined): readonly string[] =>
  (Array.isArray(value) ? value : [value]).map(read).filter((text) => text !== undefined);

/** A name, or a list of them. */
export function asNames(value: unknown): readonly string[] {
  return each(value, asName);
}

/** A text, or a list of them. */
export function asTexts(value: unknown): readonly string[] {
  return each(value, asText);
}

export function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** `org/name` of the Hugging Face Hub, or a plain name; not a path on somebody's disk. */
export function isRepositoryName(text: string): boolean {
  return /^[\w.-]+(\/[\w.-]+)?$/.test(text) && !/^\.{1,2}(\/|$)/.test(text);
}

/** purl of a repository on the Hugging Face Hub. */
export function hubPurl(repository: string, revision?: string): string {
  return `pkg:huggingface/${repository.split('/').map(encodeURIComponent).join('/')}${revision === undefined ? '' : `@${revision.toLowerCase()}`}`;
}

/** A digest of a thing as a whole, of which the source does not say how it was computed. */
export const digestOfUnknownMethod = <T>(root: T) => ({ root, method: 'unknown', complete: false });

/** A model's name without its organisation and what people write differently: `org/Llama-2` and `llama2` are one. */
export function plainName(name: string): string {
  return name
    .slice(name.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, '');
}

/** The entry of a table under a word of a document; `constructor` and the like are no entries. */
export const entryOf = <T>(table: Readonly<Record<string, T>>, word: string): T | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;

/** A text that UTF-8 can hold: half of a surrogate pair becomes U+FFFD. */
export const wellFormed = (text: string): string => text.toWellFormed();

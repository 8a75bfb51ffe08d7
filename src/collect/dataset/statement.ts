/** What one metadata file says of a dataset, whatever the dataset is part of. */
import type { JsonValue } from '../../core/canonical-json.js';
import type { Digests } from '../../core/digest.js';
import type { Finding } from '../../core/finding.js';
import type { Limits } from '../../core/limits.js';
import { fromJson } from '../collectors/shared/json-file.js';
import type { CollectContext, MetadataFile } from '../contribution.js';
import { asText, type Loose, wellFormed } from '../values.js';

/** A value at its place in the item of `/datasets`, such as `/languages`. */
export interface StatedValue {
  readonly pointer: string;
  readonly value: JsonValue;
  /** The source's own key. */
  readonly key: string;
  /** `inferred` where a rule, not the writer, chose the place or the word. */
  readonly origin?: 'declared' | 'inferred';
}

/** An item of one of the lists of a dataset. */
export interface StatedItem {
  readonly list: 'identifiers' | 'metadataRefs';
  readonly item: { readonly [key: string]: string };
  readonly key: string;
}

/** A file that the metadata speaks of. */
export interface StatedFile {
  /** Relative to the root of the tree. */
  readonly path: string;
  readonly digest?: Digests | undefined;
  /** Bytes. */
  readonly size?: number | undefined;
  readonly key: string;
  /** Must it be in the directory? What was only downloaded to make the data need not. */
  readonly required: boolean;
}

/** A pattern of files that belong to the dataset: `*` and `?` stay in a directory, `**` does not. */
export interface StatedPattern {
  readonly glob: string;
  readonly key: string;
}

/** Another dataset that this one came from. */
export interface Upstream {
  readonly name: string;
  readonly uri?: string | undefined;
  readonly version?: string | undefined;
  readonly key: string;
}

export interface DatasetStatement {
  readonly values: readonly StatedValue[];
  readonly items?: readonly StatedItem[];
  readonly files?: readonly StatedFile[];
  readonly patterns?: readonly StatedPattern[];
  /** The files are only some of those that the dataset has. */
  readonly partial?: true;
  readonly upstream?: readonly Upstream[];
  /** Small values of the metadata file itself, under its own keys. */
  readonly metadata?: { readonly [key: string]: string };
  readonly findings?: readonly Finding[];
}

/** What a source may know besides the directory. */
export interface DatasetContext extends CollectContext {
  /** Is the directory a dataset, or a model with a dataset's metadata in it? */
  readonly subject: 'model' | 'dataset';
}

/** Reads one kind of dataset metadata. */
export interface DatasetSource {
  /** Id, folder, page in docs/collectors. */
  readonly id: string;
  /** What it reads, as the documentation says it. */
  readonly files: string;
  readonly method: string;
  /** From `RANKS`. */
  readonly rank: number;
  /** Media type of the metadata. */
  readonly mediaType: string;
  matches(path: string): boolean;
  /** Undefined when the content is something else. @throws nothing for what the file holds */
  read(file: MetadataFile, context: DatasetContext): DatasetStatement | undefined;
}

/** Longer prose is cut: a manifest is no place for a book. */
const MAX_PROSE = 20_000;

/** Prose as a manifest holds it. */
export const prose = (text: string): string => wellFormed(text.length > MAX_PROSE ? `${text.slice(0, MAX_PROSE - 1)}…` : text);

/** A value where there is one; nothing for undefined, empty texts and empty lists. */
export function stated(pointer: string, key: string, value: JsonValue | undefined): StatedValue[] {
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return [];
  return [{ pointer, key, value: typeof value === 'string' ? prose(value) : value }];
}

/** The same, for a value that a rule chose. */
export const inferred = (pointer: string, key: string, value: JsonValue | undefined): StatedValue[] =>
  stated(pointer, key, value).map((each) => ({ ...each, origin: 'inferred' as const }));

/** How the dataset is to be cited, as a reference with nothing to link to. */
export function citation(key: string, text: string | undefined): StatedItem[] {
  return text === undefined ? [] : [{ list: 'metadataRefs', key, item: { title: prose(text), note: 'citation' } }];
}

export const identifier = (key: string, item: StatedItem['item']): StatedItem => ({ list: 'identifiers', key, item });

/** The value that a statement has for a place. */
export function statedText({ values }: DatasetStatement, pointer: string): string | undefined {
  return asText(values.find((each) => each.pointer === pointer)?.value);
}

/** A JSON object as a statement; what cannot be read is a finding. */
export function fromJsonObject(
  file: MetadataFile,
  limits: Limits,
  read: (value: Loose) => DatasetStatement | undefined,
): DatasetStatement | undefined {
  let statement: DatasetStatement | undefined;
  const { findings = [] } = fromJson(file, limits, (value) => {
    statement = read(value);
    return { contributions: [] };
  });
  return findings.length > 0 ? { values: [], findings } : statement;
}

/** Does the file mention a word, as ASCII? Keeps big JSON files of other kinds from being parsed. */
export function mentions({ bytes }: MetadataFile, word: string): boolean {
  const codes = [...word].map((letter) => letter.charCodeAt(0));
  const [first = 0] = codes;
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (codes.every((code, i) => bytes[at + i] === code)) return true;
  }
  return false;
}

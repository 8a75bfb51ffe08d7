/** What a paper is, as data: sections with items, each with what a profile asks for and the places of a manifest that it reads. */
import type { Profile } from '../comply/index.js';
import type { View } from '../manifest/view.js';

/** A value that an item states: what it is called, and its place. Paths go on through ids of things, as those of predicates do. */
export interface Field {
  readonly label: string;
  /** From the document, or in `each` from the entry; `#` is the key of the entry. */
  readonly path: string;
  /** What the template calls the cell. */
  readonly code?: string;
}

/** Entries of a collection, each with the same fields. */
export interface Each {
  /** A list or a map of the document; `*` stands for each entry of an outer one. */
  readonly path: string;
  /** Member of the entry → words of which it has one; all entries where it is missing. */
  readonly where?: { readonly [path: string]: readonly (string | boolean)[] };
  /** What an entry is called: the first of these places that has a value. */
  readonly name: readonly string[];
  readonly fields: readonly Field[];
}

export interface FormItem {
  /** Ids of the requirements that it answers: the title, the words and the citation are those of the first. */
  readonly asks: readonly string[];
  readonly fields?: readonly Field[];
  readonly each?: readonly Each[];
}

export interface FormSection {
  readonly title: string;
  readonly items: readonly FormItem[];
}

export interface Form {
  readonly kind: string;
  readonly title: string;
  /** The instrument, and where its text stands. */
  readonly about: string;
  /** Id of a built-in profile, or requirements of the paper's own. */
  readonly profile: string | Profile;
  /** Of a profile that asks for more: ids that begin so are of this paper. */
  readonly prefix?: string;
  /** Who reads it, where nobody says otherwise. */
  readonly view: View;
  readonly sections: readonly FormSection[];
}

/** `label|path|code` as fields: a form is read as a table. */
export const fields = (...rows: readonly string[]): readonly Field[] =>
  rows.map((row) => {
    const [label = '', path = '', code] = row.split('|');
    return { label, path, ...(code === undefined ? {} : { code }) };
  });

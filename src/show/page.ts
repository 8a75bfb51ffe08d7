/** What a person wants to see of a manifest, as data: sections of facts, tables and trees, each value with the place it stands at. */

/** A value as text, and where it stands in the manifest. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  /** JSON Pointer of the value; its evidence is found by it. */
  readonly pointer?: string;
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows that were left out of `rows`. */
  readonly more?: number;
}

/** A node of the lineage: a model, how the one above it relates to it, and what it came from or is put together from. */
export interface TreeNode {
  /** Id of the model in the manifest. */
  readonly id: string;
  readonly name: string;
  /** How the model above came from this one, or contains it. */
  readonly relation?: string;
  /** What a verification found: `verified`, or else what is wrong. */
  readonly state?: string;
  readonly children: readonly TreeNode[];
}

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly facts?: readonly Fact[];
  readonly table?: Table;
  readonly tree?: TreeNode;
  /** Sentences. */
  readonly notes?: readonly string[];
}

export interface Page {
  readonly title: string;
  /** What the document is about, in a few words. */
  readonly subtitle: string;
  /** Only sections that hold something. */
  readonly sections: readonly Section[];
}

import type { Finding } from '../../core/finding.js';
import type { SourceEntry } from '../../core/source-tree.js';
import type { Contribution } from '../contribution.js';
import type { HubLocation } from '../identity.js';

/** A file of the model, and where in the tree it lies. */
export interface PlacedEntry extends SourceEntry {
  /** Path in the tree; `path` is the one in the manifest. */
  readonly at: string;
}

/** How a directory is arranged: which of its files are the model, and what the arrangement says of them. */
export interface Layout {
  readonly entries: readonly PlacedEntry[];
  /** Repository and commit, where the layout names them. */
  readonly location?: HubLocation | undefined;
  /** Name of the model's directory, for the last guess at a name. */
  readonly name?: string | undefined;
  /** The layout picked one of several models by itself. */
  readonly isStore?: boolean;
  readonly contributions?: readonly Contribution[];
  readonly findings?: readonly Finding[];
}

/** Reads a small file of the tree by its path there. */
export type ReadFile = (path: string) => Promise<Uint8Array | undefined>;

export interface LayoutInput {
  /** Name of the directory. */
  readonly name: string;
  readonly entries: readonly SourceEntry[];
  readonly read: ReadFile;
  /** Which of several models, in the layout's own words. */
  readonly select?: string | undefined;
}

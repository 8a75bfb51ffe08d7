import type { Manifest } from '../schema/index.js';

/** A manifest or a piece of one. */
export type ManifestPart = Partial<Manifest>;

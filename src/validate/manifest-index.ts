import { pointerStep } from '../core/json-pointer.js';
import { FREE_FORM, holdsId } from '../manifest/references.js';
import type { DigestSet, Identifier, License, Manifest } from '../schema/index.js';

/** A value and where it stands. */
export interface At<T> {
  readonly pointer: string;
  readonly value: T;
}

/** What many rules look for, found in one walk over the manifest. */
export interface ManifestIndex {
  /** Definitions of ids. */
  readonly ids: readonly At<string>[];
  /** Every place that refers to an id. */
  readonly references: readonly At<string>[];
  readonly identifiers: readonly At<Identifier>[];
  readonly licenses: readonly At<License>[];
  readonly digests: readonly At<DigestSet>[];
  /** Every text. Walked anew each time: a manifest may have millions, and their pointers are longer than they. */
  readonly texts: Iterable<At<string>>;
}

interface Growing {
  readonly ids: At<string>[];
  readonly references: At<string>[];
  readonly identifiers: At<Identifier>[];
  readonly licenses: At<License>[];
  readonly digests: At<DigestSet>[];
}

const DIGESTS = new Set(['digest', 'rootDigest', 'sourceDigest']);

/** Walks a manifest that meets the schema. */
export function indexManifest(manifest: Manifest): ManifestIndex {
  const index: Growing = { ids: [], references: [], identifiers: [], licenses: [], digests: [] };
  walk(manifest, '', '', '', false, index);
  return { ...index, texts: { [Symbol.iterator]: () => textsIn(manifest, '') } };
}

function* textsIn(value: unknown, pointer: string): Generator<At<string>> {
  if (typeof value === 'string') yield { pointer, value };
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value)) {
      const at = `${pointer}${pointerStep(name)}`;
      // Most members are texts: a generator for each would cost more than the text.
      if (typeof member === 'string') yield { pointer: at, value: member };
      else yield* textsIn(member, at);
    }
}

function walk(value: unknown, pointer: string, key: string, parent: string, opaque: boolean, index: Growing): void {
  if (typeof value === 'string') {
    if (opaque || !holdsId(key, parent)) return;
    if (key === 'id') index.ids.push({ pointer, value });
    else index.references.push({ pointer, value });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i];
      if (!opaque && key === 'identifiers') index.identifiers.push({ pointer: `${pointer}/${i}`, value: item as Identifier }); // by the schema
      if (!opaque && key === 'licenses') index.licenses.push({ pointer: `${pointer}/${i}`, value: item as License }); // by the schema
      walk(item, `${pointer}/${i}`, key, parent, opaque, index);
    }
    return;
  }
  if (!opaque && DIGESTS.has(key)) index.digests.push({ pointer, value: value as DigestSet }); // by the schema
  for (const name in value) {
    const member: unknown = (value as Record<string, unknown>)[name];
    walk(member, pointer + pointerStep(name), name, key, opaque || FREE_FORM.has(name), index);
  }
}

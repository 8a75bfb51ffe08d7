/** What a document of another producer says that the manifest has no member for: kept in `foreign`, and written out again. */

import type { JsonValue } from '../core/canonical-json.js';
import { MsbomError } from '../core/error.js';
import type { Finding } from '../core/finding.js';
import { parseJson } from '../core/json.js';
import { DEFAULT_LIMITS } from '../core/limits.js';
import { setNewerAside } from '../manifest/parse.js';
import { checkSchema } from '../schema/check.js';
import type { Manifest } from '../schema/index.js';
import { damaged, overridden, type unpackPatch } from './carried.js';
import { isObject } from './cyclonedx/json.js';
import { applyPatch, type Difference, diff, type Orders, type Patch, parsePatch } from './patch.js';

export type ForeignStandard = 'cyclonedx' | 'spdx';

/** A manifest without the foreign content of a standard, and that. */
export function withoutForeign(
  manifest: Manifest,
  standard: ForeignStandard,
): { readonly rest: Manifest; readonly kept: JsonValue | undefined } {
  const { foreign, ...rest } = manifest;
  const kept = foreign?.[standard] as JsonValue | undefined; // plain JSON
  if (foreign === undefined || kept === undefined) return { rest: manifest, kept: undefined };
  const { [standard]: _kept, ...others } = foreign;
  return { rest: Object.keys(others).length > 0 ? { ...rest, foreign: others } : rest, kept };
}

export function withForeign(manifest: Manifest, standard: ForeignStandard, content: JsonValue | undefined): Manifest {
  return content === undefined ? manifest : ({ ...manifest, foreign: { ...manifest.foreign, [standard]: content } } as Manifest); // plain JSON
}

// --- the patch that is carried, over all of a manifest with its foreign content

const boxed = (manifest: Manifest): JsonValue => ({ ...manifest, foreign: manifest.foreign ?? {} }) as unknown as JsonValue; // plain JSON

function unboxed(value: JsonValue): Manifest {
  const { foreign, ...rest } = value as unknown as Manifest; // the schema has the last word
  return foreign !== undefined && Object.keys(foreign).length === 0 ? rest : (value as unknown as Manifest);
}

/** From what is read to the manifest; both have their foreign content, if only an empty one. */
export const patchBetween = (read: Manifest, manifest: Manifest): Patch => diff(boxed(read), boxed(manifest));

/**
 * What is read with the patch that was carried. Foreign content is known only when the rest is: `foreignOf` tells what a document
 * has over a manifest. Where that has been edited since, it wins as a whole.
 */
function restore(
  read: Manifest,
  patch: Patch,
  standard: ForeignStandard,
  foreignOf: (manifest: Manifest) => JsonValue | undefined,
): { readonly manifest: Manifest; readonly findings: readonly Finding[] } {
  const isOwn = ({ path }: { readonly path: string }): boolean =>
    path === `/foreign/${standard}` || path.startsWith(`/foreign/${standard}/`);
  const first = applyPatch(
    boxed(read),
    patch.filter((each) => !isOwn(each)),
  );
  const rest = unboxed(first.value);
  const whole = boxed(withForeign(rest, standard, foreignOf(rest)));
  const second = applyPatch(whole, patch.filter(isOwn));
  const isFit = second.dropped.length === 0;
  return {
    manifest: unboxed(isFit ? second.value : whole),
    findings: [...first.dropped, ...(isFit ? [] : [`/foreign/${standard}`])].map(overridden),
  };
}

/** The manifest of what is read and of what was carried, if that is whole; `named` adds what no document says of itself. */
export function withCarried(
  standard: ForeignStandard,
  read: Manifest,
  { patch, findings }: ReturnType<typeof unpackPatch>,
  foreignOf: (manifest: Manifest) => JsonValue | undefined,
  named = (manifest: Manifest): Manifest => manifest,
): { readonly manifest: Manifest; readonly findings: readonly Finding[] } {
  const restored = patch === undefined ? undefined : restore(read, patch, standard, foreignOf);
  if (restored !== undefined && isManifest(restored.manifest))
    return { manifest: named(restored.manifest), findings: [...findings, ...restored.findings] };
  const broken = restored === undefined ? [] : damaged('the native part and the patch make no valid manifest together').findings;
  const manifest = named(read);
  return { manifest: withForeign(manifest, standard, foreignOf(manifest)), findings: [...findings, ...broken] };
}

/** Does it meet the schema, as far as this program knows its version? */
const isManifest = (manifest: Manifest): boolean => setNewerAside(checkSchema(manifest), manifest.bom.specVersion).broken.length === 0;

// --- the difference as it stands in a manifest

/** What is left of the nesting that readers take, below the member that holds it. */
const MAX_DEPTH = DEFAULT_LIMITS.maxDepth - 20;
const LIMITS = { ...DEFAULT_LIMITS, maxDepth: DEFAULT_LIMITS.maxDepth + 40 };

/** Members of foreign content; a patch that nests too deep for a manifest is a text. */
export function packDifference({ patch, orders }: Difference): { readonly [member: string]: JsonValue } {
  const plain = patch as unknown as JsonValue; // plain JSON
  return {
    ...(patch.length === 0 ? {} : { patch: isDeeper(plain, MAX_DEPTH) ? JSON.stringify(plain) : plain }),
    ...(Object.keys(orders).length === 0 ? {} : { orders: orders as unknown as JsonValue }),
  };
}

/** Undefined for what is no difference. */
export function unpackDifference({
  patch: packed,
  orders = {},
}: {
  readonly patch?: unknown;
  readonly orders?: unknown;
}): Difference | undefined {
  const patch = packed === undefined ? [] : parsePatch(typeof packed === 'string' ? parsed(packed) : packed);
  const isOrders =
    isObject(orders) && Object.values(orders).every((names) => Array.isArray(names) && names.every((name) => typeof name === 'string'));
  return patch === undefined || !isOrders ? undefined : { patch, orders: orders as Orders };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text, { limits: LIMITS, inexactIntegers: 'round' });
  } catch (error) {
    if (MsbomError.is(error)) return undefined;
    throw error;
  }
}

/** Level by level, so that the nesting costs nothing; ends as soon as it is known. */
function isDeeper(value: unknown, limit: number): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth < limit; depth++) {
    const next: unknown[] = [];
    for (const each of level)
      for (const member of Object.values(each as object)) if (typeof member === 'object' && member !== null) next.push(member);
    if (next.length === 0) return false;
    level = next;
  }
  return true;
}

/** Names of things that have others in a document: texts by id. */
export const namesIn = (value: unknown): Readonly<Record<string, string>> | undefined =>
  isObject(value) && Object.values(value).every((name) => typeof name === 'string')
    ? (value as Readonly<Record<string, string>>)
    : undefined;

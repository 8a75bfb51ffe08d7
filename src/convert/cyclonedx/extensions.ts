/**
 * What a CycloneDX XML document holds of other namespaces. JSON has no place for it; the manifest keeps it as
 * `foreign.cyclonedx.xml`, and it is written into XML again where the thing that it belongs to is still the same.
 */

import type { JsonValue } from '../../core/canonical-json.js';
import { sha256Text } from '../../core/digest.js';
import type { Finding } from '../../core/finding.js';
import { resolvePointer } from '../../core/json-pointer.js';
import type { Manifest } from '../../schema/index.js';
import { withForeign, withoutForeign } from '../foreign.js';
import { lossAt } from '../losses.js';
import { inOrder } from '../order.js';
import { takeCarried } from './carrier.js';
import { isObject, type Json } from './json.js';
import type { Extension } from './xml/extensions.js';

/** An extension with the digest of the item of a list that it stands in: with another item, it would say something else. */
type Kept = Extension & { readonly item?: string };

/** The manifest of a document with what only its XML form held. */
export function keepExtensions(manifest: Manifest, document: Json, version: string, extensions: readonly Extension[]): Manifest {
  if (extensions.length === 0) return manifest;
  const digestAt = itemDigests(document);
  const xml = extensions.map((extension) => {
    const item = digestAt(extension.at);
    return { ...extension, ...(item === undefined ? {} : { item }) };
  });
  const content = { version, ...(manifest.foreign?.cyclonedx as Json | undefined), xml };
  return withForeign(manifest, 'cyclonedx', content as unknown as JsonValue); // plain JSON
}

/** A manifest without what only XML can hold, and that. */
export function takeExtensions(manifest: Manifest): { readonly manifest: Manifest; readonly extensions: readonly Kept[] } {
  const { rest, kept } = withoutForeign(manifest, 'cyclonedx');
  if (!isObject(kept) || !Array.isArray(kept.xml)) return { manifest, extensions: [] };
  const { xml, ...content } = kept;
  // With the version alone, there is nothing else that the manifest has no member for.
  const isMore = Object.keys(content).some((key) => key !== 'version');
  return {
    manifest: isMore ? withForeign(rest, 'cyclonedx', content as JsonValue) : rest,
    extensions: (xml as readonly unknown[]).filter(isKept),
  };
}

function isKept(value: unknown): value is Kept {
  if (!isObject(value) || typeof value.at !== 'string') return false;
  return typeof value.xml === 'string' || [value.name, value.namespace, value.value].every((each) => typeof each === 'string');
}

/** Splits what may be written into a document from what belonged to things that it has no more. */
export function fittingExtensions(
  document: Json,
  extensions: readonly Kept[],
): { readonly fitting: readonly Extension[]; readonly lost: readonly Finding[] } {
  const digestAt = extensions.length === 0 ? () => undefined : itemDigests(document);
  const isFitting = ({ at, item }: Kept): boolean => resolvePointer(document, at) !== undefined && digestAt(at) === item;
  return { fitting: extensions.filter(isFitting), lost: extensions.filter((each) => !isFitting(each)).map(({ at }) => lostAt(at)) };
}

/** What JSON cannot say of the XML document that a manifest came from. */
export function extensionLosses(manifest: Manifest, isCarried: boolean): readonly Finding[] {
  const places = new Set(takeExtensions(manifest).extensions.map(({ at }) => at));
  return [...places].map((at) => {
    const where = at === '' ? 'its root' : at;
    const message = `CycloneDX JSON has no place for what the XML document that the manifest came from held of another namespace at ${where}`;
    return lossAt('/foreign/cyclonedx/xml', message, isCarried, 'Convert to CycloneDX XML.');
  });
}

const lostAt = (at: string): Finding =>
  leftOutAt(at, 'the manifest says something else there by now', 'Check that the document says what you mean.');

/** Of what the XML schema of a version has no place for. */
export const refusedAt = (at: string, version: string): Finding =>
  leftOutAt(at, `the XML schema of ${version} allows nothing of the kind there`, 'Convert to the version of that document.');

const leftOutAt = (at: string, why: string, fix: string): Finding => ({
  id: 'foreign-overridden',
  severity: 'low',
  message: `what the XML document that the manifest came from held of another namespace at ${at === '' ? 'its root' : at} was left out: ${why}`,
  fix,
  pointer: '/foreign/cyclonedx/xml',
});

/** Digests of the innermost items of lists that pointers lead through; what is carried for the manifest is no part of them. */
function itemDigests(document: Json): (pointer: string) => string | undefined {
  const { document: own } = takeCarried(document);
  const known = new Map<string, string>();
  return (pointer) => {
    const [item] = /^.*\/\d+(?=\/|$)/.exec(pointer) ?? [];
    if (item === undefined) return undefined;
    const digest = known.get(item) ?? sha256Text(JSON.stringify(inOrder(resolvePointer(own, item) ?? null)));
    known.set(item, digest);
    return digest;
  };
}

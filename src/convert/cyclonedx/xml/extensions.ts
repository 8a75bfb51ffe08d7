/**
 * What a CycloneDX XML document holds of other namespaces. JSON has no place for it; the manifest keeps it as
 * `foreign.cyclonedx.xml`, and it is written into XML again where the thing that it belongs to is still the same.
 */

import type { JsonValue } from '../../../core/canonical-json.js';
import { sha256Text } from '../../../core/digest.js';
import type { Finding } from '../../../core/finding.js';
import { resolvePointer } from '../../../core/json-pointer.js';
import type { Manifest } from '../../../schema/index.js';
import { stableText } from '../../edits.js';
import { lossAt } from '../../losses.js';
import { takeCarried } from '../carrier.js';
import { isObject, type Json } from '../json.js';

/** An element or an attribute, and the value of JSON in whose element it stands. */
export type Extension = ExtensionElement | ExtensionAttribute;
interface ExtensionElement {
  readonly at: string;
  /** It declares every prefix that it uses. */
  readonly xml: string;
}
interface ExtensionAttribute {
  readonly at: string;
  /** With its prefix. */
  readonly name: string;
  readonly namespace: string;
  readonly value: string;
}

/** An extension with the digest of the item of a list that it stands in: with another item, it would say something else. */
type Kept = Extension & { readonly item?: string };

/** Names and other words; those with a colon may begin with a prefix. */
const WORD = /[^\s<>/="'!?&;]+/g;
const WITHOUT_PREFIX = /<[^\s<>/=:"'!?&;]+[\s/>]/;

/** The source of an element, with the declarations that it takes from around it. `own` are the prefixes that it declares itself. */
export function standingAlone(source: string, own: ReadonlySet<string>, resolve: (prefix: string) => unknown): string {
  const used = new Set<string>();
  for (const [word] of source.matchAll(WORD)) for (const prefix of word.split(':').slice(0, -1)) used.add(prefix);
  used.delete('');
  if (WITHOUT_PREFIX.test(source)) used.add('');
  const missing = [...used].filter((prefix) => !own.has(prefix) && prefix !== 'xml' && prefix !== 'xmlns').sort();
  const declarations = missing.flatMap((prefix) => {
    const uri = resolve(prefix) ?? (prefix === '' ? '' : undefined);
    return typeof uri === 'string' ? [` xmlns${prefix === '' ? '' : `:${prefix}`}="${attributeText(uri)}"`] : [];
  });
  return source.replace(/^<[^\s/>]+/, (start) => start + declarations.join(''));
}

const attributeText = (text: string): string => text.replace(/[&<>"\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The manifest of a document with what only its XML form held. */
export function keepExtensions(manifest: Manifest, document: Json, version: string, extensions: readonly Extension[]): Manifest {
  if (extensions.length === 0) return manifest;
  const digestAt = itemDigests(document);
  const xml = extensions.map((extension) => {
    const item = digestAt(extension.at);
    return { ...extension, ...(item === undefined ? {} : { item }) };
  });
  return { ...manifest, foreign: { ...manifest.foreign, cyclonedx: { version, ...manifest.foreign?.cyclonedx, xml } } };
}

/** A manifest without what only XML can hold, and that. */
export function takeExtensions(manifest: Manifest): { readonly manifest: Manifest; readonly extensions: readonly Kept[] } {
  const { cyclonedx, ...others } = manifest.foreign ?? {};
  if (!Array.isArray(cyclonedx?.xml)) return { manifest, extensions: [] };
  const { xml, ...content } = cyclonedx as Json;
  const { foreign: _foreign, ...rest } = manifest;
  // With the version alone, there is nothing else that the manifest has no member for.
  const kept = Object.keys(content).some((key) => key !== 'version') ? { ...others, cyclonedx: content } : others;
  const bare = Object.keys(kept).length === 0 ? rest : { ...rest, foreign: kept };
  return { manifest: bare as Manifest, extensions: (xml as readonly unknown[]).filter(isKept) }; // a part of a manifest
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

/** Digests of the innermost items of lists that pointers lead through; what was carried for the manifest is no part of them. */
function itemDigests(document: Json): (pointer: string) => string | undefined {
  const { document: own } = takeCarried(document);
  const known = new Map<string, string>();
  return (pointer) => {
    const [item] = /^.*\/\d+(?=\/|$)/.exec(pointer) ?? [];
    if (item === undefined) return undefined;
    const digest = known.get(item) ?? sha256Text(stableText((resolvePointer(own, item) ?? null) as JsonValue)); // plain JSON
    known.set(item, digest);
    return digest;
  };
}

/** Where the element of a value begins and ends in a text. */
export interface ElementSpan {
  /** Of the `>` or `/>` of its first tag. */
  readonly open: number;
  /** Of its last tag; the same as `open` when it has but one. */
  readonly close: number;
}

/** A text with extensions in the elements that `spans` has for their places. */
export function insertExtensions(text: string, extensions: readonly Extension[], spans: ReadonlyMap<string, ElementSpan>): string {
  const places = new Map<string, Extension[]>();
  for (const extension of extensions) {
    const here = places.get(extension.at);
    if (here === undefined) places.set(extension.at, [extension]);
    else here.push(extension);
  }
  const pieces: (readonly [at: number, end: number, piece: string])[] = [];
  for (const [at, here] of places) {
    const span = spans.get(at);
    if (span === undefined) continue;
    const attributes = attributesText(here.filter((each) => 'name' in each));
    const elements = here.flatMap((each) => ('xml' in each ? [each.xml] : [])).join('');
    if (span.close > span.open) pieces.push([span.open, span.open, attributes], [span.close, span.close, elements]);
    else if (elements === '') pieces.push([span.open, span.open, attributes]);
    else pieces.push([span.open, span.open + 2, `${attributes}>${elements}</${nameBefore(text, span.open)}>`]);
  }
  let end = 0;
  const parts = pieces
    .sort((a, b) => a[0] - b[0])
    .flatMap(([at, next, piece]) => {
      const before = text.slice(end, at);
      end = next;
      return [before, piece];
    });
  return parts.join('') + text.slice(end);
}

const nameBefore = (text: string, at: number): string => /^<([^\s/>]+)/.exec(text.slice(text.lastIndexOf('<', at)))?.[1] ?? '';

function attributesText(attributes: readonly ExtensionAttribute[]): string {
  const declared = new Map(
    attributes.flatMap(({ name, namespace }) => {
      const prefix = name.slice(0, name.indexOf(':'));
      return prefix === 'xml' ? [] : [[prefix, namespace] as const];
    }),
  );
  const declarations = [...declared].map(([prefix, namespace]) => ` xmlns:${prefix}="${attributeText(namespace)}"`);
  return [...declarations, ...attributes.map(({ name, value }) => ` ${name}="${attributeText(value)}"`)].join('');
}

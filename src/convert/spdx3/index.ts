/**
 * Manifests as SPDX 3.0.1 and back. What SPDX has members for is said natively, the rest in properties of the same names as in
 * CycloneDX; what neither says rides along where that is asked for, in properties of the document.
 * Source: https://spdx.github.io/spdx-spec/v3.0.1/
 */

import type { JsonValue } from '../../core/canonical-json.js';
import type { Finding } from '../../core/finding.js';
import { digestManifest } from '../../manifest/digest.js';
import type { Manifest } from '../../schema/index.js';
import { encodeAddresses } from '../addresses.js';
import { isCarried, packPatch, unpackPatch } from '../carried.js';
import { isObject, type Json, objectsOf, textOf } from '../cyclonedx/json.js';
import { patchBetween, withCarried, withForeign, withoutForeign } from '../foreign.js';
import { conversionLosses, overruled } from '../losses.js';
import type { Property } from '../mapping/properties.js';
import type { Conversion, WriteOptions } from '../options.js';
import { inOrder } from '../order.js';
import { fittingManifest } from '../prune.js';
import { applyForeign, findForeign, isForeign } from './foreign.js';
import { extensionOf, idOf } from './graph.js';
import { baseOf } from './ids.js';
import { readNative } from './read.js';
import { indexNodes, listOf, readSource, type Source } from './source.js';
import { CONTEXT } from './words.js';
import { type Layout, writeNative } from './write.js';

/** An SPDX 3.0.1 document as plain JSON. */
export type SPDXDocument = Readonly<Record<string, unknown>>;

export interface SPDXReading {
  /** Meets the schema. What the manifest has no member for stands in `foreign.spdx`. */
  readonly manifest: Manifest;
  readonly findings: readonly Finding[];
}

// --- writing

/** Converts a valid manifest. Same manifest, same document. */
export function toSPDX(
  manifest: Manifest,
  { lossless = false, reference = true, measure = true }: WriteOptions = {},
): Conversion<SPDXDocument> {
  const { rest, kept } = withoutForeign(inOrder(manifest), 'spdx');
  const { nodes: own, findings } = elementsOf(rest);
  // A document of another producer has the addresses that it had.
  const { nodes, dropped } = applyForeign(own, baseOf(rest), kept);
  const source = indexNodes(new Map(nodes.map((node) => [idOf(node), node])));
  // What came from a document is that document again: it was not made from the manifest.
  const referred = reference && !isForeign(kept) ? addReference(nodes, manifest) : nodes;
  if (!measure && !lossless) return { document: { '@context': CONTEXT, '@graph': referred }, losses: findings };
  const { manifest: read, layout } = readPlain(encoded(source).source);
  const patch = patchBetween(withForeign(read, 'spdx', foreignOf(rest, source, layout)), withForeign(rest, 'spdx', kept));
  const whole = lossless ? addCarried(referred, packPatch(patch)) : referred;
  return {
    document: { '@context': CONTEXT, '@graph': whole },
    losses: [...conversionLosses(patch, 'SPDX 3.0.1', lossless), ...dropped.map((pointer) => overruled(pointer, 'SPDX')), ...findings],
  };
}

/** The elements of a manifest without what another producer said beyond it, and the findings of that. */
export function elementsOf(manifest: Manifest): { readonly nodes: readonly Json[]; readonly findings: readonly Finding[] } {
  const { document, findings } = encodeAddresses(
    writeNative(withoutForeign(inOrder(manifest), 'spdx').rest).nodes() as readonly Json[],
    'spdx',
  );
  return { nodes: document, findings };
}

/** The text of a document as it is written to files. */
export function stringifySPDX(document: SPDXDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

// --- reading

/**
 * Reads a document of any producer. What has no home in a manifest is kept in `foreign.spdx` and written out again.
 *
 * @throws ERR_CONVERT_INPUT for what is no SPDX 3 document, ERR_LIMIT_DEPTH
 */
export function fromSPDX(document: unknown): SPDXReading {
  const { source, carried } = takeCarried(readSource(document));
  const { source: addressed, findings: addresses } = encoded(source);
  const { manifest: read, layout } = readPlain(addressed);
  const foreign = (manifest: Manifest): JsonValue | undefined => foreignOf(manifest, source, layout);
  const { manifest, findings } = withCarried('spdx', read, unpackPatch(carried), foreign);
  return { manifest, findings: [...addresses, ...findings] };
}

/** What a document says natively, less what a manifest cannot hold. */
export function readPlain(source: Source): { readonly manifest: Manifest; readonly layout: Layout } {
  const { manifest, layout } = readNative(source);
  return { manifest: fittingManifest(manifest), layout };
}

const foreignOf = (manifest: Manifest, source: Source, layout: Layout): JsonValue | undefined =>
  findForeign(elementsOf(manifest).nodes, baseOf(manifest), source, layout);

// --- the manifest that a document was made from, and what is carried

/** What the reference to the manifest is told by; SPDX has digests of elements, and none of what references lead to. */
const MANIFEST = /^MSBOM manifest, sha256:[0-9a-f]{64}$/;

const isHome = (nodes: readonly Json[]): Json | undefined =>
  nodes.find(({ type }) => type === 'SpdxDocument') ?? nodes.find(({ spdxId }) => spdxId !== undefined);

function changeHome(nodes: readonly Json[], change: (home: Json) => Json): readonly Json[] {
  const home = isHome(nodes);
  return nodes.map((node) => (node === home ? change(node) : node));
}

const addReference = (nodes: readonly Json[], manifest: Manifest): readonly Json[] =>
  changeHome(nodes, (home) => {
    const { uri, serialNumber } = manifest.bom;
    const reference = {
      type: 'ExternalRef',
      externalRefType: 'other',
      locator: [uri ?? serialNumber],
      comment: `MSBOM manifest, sha256:${digestManifest(manifest)}`,
    };
    return { ...home, externalRef: [...objectsOf(home.externalRef), reference] };
  });

const addCarried = (nodes: readonly Json[], carried: readonly Property[]): readonly Json[] =>
  carried.length === 0
    ? nodes
    : changeHome(nodes, (home) => ({ ...home, extension: [...listOf(home.extension), ...extensionOf(carried)] }));

interface Bare {
  readonly source: Source;
  readonly carried: readonly Property[];
}

/** The document as it says things natively, wherever others have moved what it carries. */
function takeCarried(whole: Source): Bare {
  const carried: Property[] = [];
  const nodes = [...whole.nodes.values()];
  const bare = nodes.map((node) => strip(node, whole, carried));
  return { source: withNodes(whole, nodes, bare), carried };
}

/** The document with addresses that are some. */
function encoded(whole: Source): { readonly source: Source; readonly findings: readonly Finding[] } {
  const nodes = [...whole.nodes.values()];
  const { document, findings } = encodeAddresses(nodes, 'spdx');
  return { source: withNodes(whole, nodes, document), findings };
}

const withNodes = (source: Source, before: readonly Json[], after: readonly Json[]): Source =>
  after.every((node, i) => node === before[i]) ? source : indexNodes(new Map(after.map((node) => [idOf(node), node])));

function strip(node: Json, source: Source, carried: Property[]): Json {
  let bare = node;
  if (Array.isArray(node.externalRef)) {
    const others = node.externalRef.filter((each) => !(isObject(each) && MANIFEST.test(textOf(each.comment) ?? '')));
    if (others.length < node.externalRef.length) bare = withList(bare, 'externalRef', others);
  }
  const own = node.extension === undefined ? [] : [...source.properties(node)].filter(([name]) => isCarried(name));
  if (own.length === 0) return bare;
  for (const [name, values] of own) for (const value of values) carried.push([name, value]);
  const extensions = listOf(bare.extension).flatMap((extension) => {
    if (!isObject(extension) || !Array.isArray(extension.extension_cdxProperty)) return [extension];
    const kept = extension.extension_cdxProperty.filter((entry: unknown) => !isObject(entry) || !isCarried(entry.extension_cdxPropName));
    return kept.length === 0 ? [] : [{ ...extension, extension_cdxProperty: kept }];
  });
  return withList(bare, 'extension', extensions);
}

function withList(node: Json, member: string, list: readonly unknown[]): Json {
  const { [member]: _list, ...rest } = node;
  return list.length === 0 ? rest : { ...node, [member]: list };
}

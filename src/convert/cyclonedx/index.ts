/**
 * CycloneDX in both directions. What CycloneDX has members for is said natively, the rest in named properties; what neither says
 * rides along where that is asked for, and what the manifest has no member for is kept in `foreign.cyclonedx`.
 * Sources: https://cyclonedx.org/docs/1.6/json/ and the official guide to ML-BOMs.
 */

import type { JsonValue } from '../../core/canonical-json.js';
import { MsbomError } from '../../core/error.js';
import type { Finding } from '../../core/finding.js';
import { sameJson } from '../../core/objects.js';
import { uuidFrom } from '../../core/uuid.js';
import type { Manifest } from '../../schema/index.js';
import { encodeAddresses } from '../addresses.js';
import { packPatch, unpackPatch } from '../carried.js';
import { namesIn, packDifference, patchBetween, unpackDifference, withCarried, withForeign, withoutForeign } from '../foreign.js';
import { thingOf } from '../graph.js';
import { conversionLosses, foreignLosses, overruled } from '../losses.js';
import type { CycloneDXVersion } from '../mapping/row.js';
import type { Conversion, WriteOptions } from '../options.js';
import { inOrder } from '../order.js';
import { applyDifference, changedPlaces, type Difference, diff, diffNamed } from '../patch.js';
import { fittingManifest } from '../prune.js';
import { addCarried, addReference, takeCarried } from './carrier.js';
import { addCitations, type Places } from './citations.js';
import { isObject, type Json, objectOf, plain, wordOf } from './json.js';
import type { Identity } from './metadata.js';
import { readNative } from './read.js';
import { readAs } from './schema.js';
import { serialize } from './serialize.js';
import { type Layout, writeNative } from './write.js';

export type { CycloneDXVersion } from '../mapping/row.js';
export { takeCarried } from './carrier.js';

/** A CycloneDX document as plain JSON. */
export type CycloneDXDocument = Readonly<Record<string, unknown>>;

export const CYCLONEDX_VERSIONS: readonly CycloneDXVersion[] = ['1.5', '1.6', '1.7'];
/** Versions that are read; 1.2 and 1.3 as 1.4. */
export const READ_VERSIONS = ['1.4', '1.5', '1.6', '1.7'] as const;
export type ReadVersion = (typeof READ_VERSIONS)[number];

/** The version that a document of a version is compared with: 1.4 is read and not written. */
export const writtenVersion = (version: ReadVersion): CycloneDXVersion => (version === '1.4' ? '1.5' : version);

export interface CycloneDXOptions extends WriteOptions {
  /** Default 1.6, which most consumers read. */
  readonly version?: CycloneDXVersion;
  /** Write again what a document of another producer said that the manifest has no member for. Default true. */
  readonly foreign?: boolean;
  /**
   * Takes out of a document what its version does not allow; undefined when it cannot be done. Content of a newer version is
   * written only with it.
   */
  readonly prune?: (document: CycloneDXDocument) => CycloneDXDocument | undefined;
  /** What becomes of the document in the form in which it will be read. Default JSON, in which it stays as it is. */
  readonly form?: (document: CycloneDXDocument) => CycloneDXDocument;
}

// --- writing

/** Converts a valid manifest. Same manifest, same document: nothing in it is random or of the present moment. */
export function toCycloneDX(manifest: Manifest, options: CycloneDXOptions = {}): Conversion<CycloneDXDocument> {
  const { version = '1.6', lossless = false, reference = true, form = (each) => each } = options;
  const { rest, kept } = withoutForeign(inOrder(manifest), 'cyclonedx');
  const stated = options.foreign === false ? undefined : parseForeign(kept);
  // Content of an older version can stand in a newer one; the other way round, it has to be fitted in.
  const foreign = stated !== undefined && isNewer(stated, version) && options.prune === undefined ? undefined : stated;
  const places: Places = new Map();
  const whole =
    asItCame(rest, foreign, version) ?? fitForeign(write(rest, version, foreign?.layout, places), foreign, version, options.prune);
  const { document: addressed, findings } = encodeAddresses(form(whole.document), 'cyclonedx');
  const target = `CycloneDX ${version}`;
  // What came from a document is that document again: it was not made from the manifest.
  const referred = reference && foreign === undefined ? addReference(addressed, manifest) : addressed;
  const names = foreign?.layout.names ?? {};
  const document = version === '1.7' ? addCitations(referred, rest, places, (id) => names[id] || id) : referred;
  if (options.measure === false && !lossless) return { document, losses: findings };
  const patch = patchBetween(readBack(rest, lossless ? asRead(addressed) : addressed, version), withForeign(rest, 'cyclonedx', kept));
  const isOfForeign =
    stated === undefined ? () => false : ({ path }: { readonly path: string }): boolean => path.startsWith('/foreign/cyclonedx');
  return {
    document: lossless ? addCarried(document, packPatch(patch)) : document,
    losses: [
      ...conversionLosses(
        patch.filter((each) => !isOfForeign(each)),
        target,
        lossless,
      ),
      ...foreignLosses(foreign === stated ? whole.refused : [''], target, lossless),
      ...whole.overruled.map((pointer) => overruled(pointer, 'CycloneDX')),
      ...findings,
    ],
  };
}

/** The native document, as the official library serialises it. */
const write = (manifest: Manifest, version: CycloneDXVersion, layout: Layout = {}, places?: Places): Json =>
  withoutRefs(plain(serialize(writeNative(manifest, version, layout, places), version)), layout);

/** The document as it is again when what it carries has been taken out of it: an empty list of properties is gone then. */
const asRead = (document: Json): Json => takeCarried(addCarried(document, packPatch([{ op: 'remove', path: '' }]))).document;

/** What a reader finds in a document that was written from a manifest; what a reader of a patch does not know is constant. */
function readBack(rest: Manifest, document: Json, version: CycloneDXVersion): Manifest {
  const { manifest, layout } = readPlain(document, version, () => CONSTANT_IDENTITY);
  return withForeign(manifest, 'cyclonedx', foreignOf(rest, document, version, layout));
}

/** Things that had no bom-ref get none, where nothing refers to them. */
function withoutRefs(document: Json, { names = {} }: Layout): Json {
  const unnamed = new Set(Object.keys(names).filter((id) => names[id] === ''));
  if (unnamed.size === 0) return document;
  const used = new Set<unknown>();
  const collect = (value: unknown, key: string): void => {
    if (typeof value === 'string' && key !== 'bom-ref') used.add(value);
    else if (Array.isArray(value)) for (const each of value) collect(each, key);
    else if (isObject(value))
      for (const [member, each] of Object.entries(value)) collect(each, member === 'name' || member === 'version' ? 'bom-ref' : member);
  };
  collect(document, '');
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (!isObject(value)) return value;
    const members = Object.entries(value).map(([key, each]) => [key, strip(each)] as const);
    const ref = value['bom-ref'];
    return Object.fromEntries(
      typeof ref === 'string' && unnamed.has(ref) && !used.has(ref) ? members.filter(([key]) => key !== 'bom-ref') : members,
    );
  };
  return strip(document) as Json; // an object still
}

/** The text of a document as it is written to files. */
export function stringifyCycloneDX(document: CycloneDXDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

// --- what documents of others have beyond the manifest

interface Foreign {
  /** Of the document. */
  readonly version: ReadVersion;
  readonly layout: Layout;
  /** From what the manifest would be written as to the document. */
  readonly difference: Difference;
}

/** Members that follow from the version, and are no content. */
const withoutVersion = ({ specVersion: _specVersion, ...content }: Json): JsonValue => content as JsonValue; // plain JSON

/** What a document has over the native form of a manifest; undefined when that is all of it. */
function foreignOf(manifest: Manifest, document: Json, version: ReadVersion, layout: Layout): JsonValue | undefined {
  const known = layoutIn(manifest, layout);
  const difference = diffNamed(withoutVersion(write(inOrder(manifest), writtenVersion(version), known)), withoutVersion(document));
  const packed = packDifference(difference);
  if (Object.keys(packed).length === 0 && known.names === undefined) return undefined;
  return { version, ...(known as { readonly [member: string]: JsonValue }), ...packed };
}

/** A layout with the names of things that are there. */
function layoutIn(manifest: Manifest, { names = {} }: Layout): Layout {
  const own = Object.entries(names).filter(([id]) => id === 'model' || thingOf(manifest, id) !== undefined);
  return own.length === 0 ? {} : { names: Object.fromEntries(own.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** What stands in a manifest; undefined for content that this converter has not made. */
function parseForeign(value: unknown): Foreign | undefined {
  if (!isObject(value)) return undefined;
  const version = wordOf(value.version, READ_VERSIONS);
  const names = namesIn(value.names);
  const difference = unpackDifference(value);
  if (version === undefined || difference === undefined) return undefined;
  return { version, layout: names === undefined ? {} : { names }, difference };
}

const isNewer = (foreign: Foreign, version: CycloneDXVersion): boolean =>
  Number(writtenVersion(foreign.version).slice(2)) > Number(version.slice(2));

interface Whole {
  readonly document: Json;
  /** Places where the manifest says something else by now. */
  readonly overruled: readonly string[];
  /** Places that the version has no member for. */
  readonly refused: readonly string[];
}

/** The native document with what another producer said beyond the manifest, as far as the version allows it. */
function fitForeign(native: Json, foreign: Foreign | undefined, version: CycloneDXVersion, prune: CycloneDXOptions['prune']): Whole {
  if (foreign === undefined) return { document: native, overruled: [], refused: [] };
  const { value, dropped: all } = applyDifference(withoutVersion(native), foreign.difference);
  const { $schema, ...content } = objectOf(value);
  const isSame = foreign.version === version;
  const dropped = isSame ? all : all.filter((pointer) => pointer !== '/$schema');
  const schema = $schema === undefined || !isSame ? {} : { $schema };
  const document: Json = { ...schema, bomFormat: content.bomFormat, specVersion: version, ...content };
  const fitted = prune?.(document) ?? document;
  const removed = fitted === document ? [] : changedPlaces(diff(document as JsonValue, fitted as JsonValue)); // plain JSON
  // Natively, an older version says less than the one that the content was compared with.
  return isNewer(foreign, version)
    ? { document: fitted, overruled: [], refused: [...dropped, ...removed] }
    : { document: fitted, overruled: dropped, refused: removed };
}

/**
 * What came from a document of an older version, and has not been edited since, is that document in the newer one: the members of
 * the older version stay, whatever the newer has in their place.
 */
function asItCame(rest: Manifest, foreign: Foreign | undefined, version: CycloneDXVersion): Whole | undefined {
  if (foreign === undefined || writtenVersion(foreign.version) === version || isNewer(foreign, version)) return undefined;
  const whole = fitForeign(write(rest, writtenVersion(foreign.version), foreign.layout), foreign, version, undefined);
  if (whole.overruled.length > 0 || whole.refused.length > 0) return undefined;
  const { manifest } = readPlain(whole.document, version, () => rest.bom);
  return sameJson(manifest, rest) ? whole : undefined;
}

// --- reading

export interface FromCycloneDXOptions {
  /** Name for messages. */
  readonly file?: string | undefined;
  /** Time of a document that states none, RFC 3339 in UTC. Default now. */
  readonly timestamp?: string | undefined;
}

export interface FromCycloneDX {
  /** Meets the schema. What the manifest has no member for stands in `foreign.cyclonedx`. */
  readonly manifest: Manifest;
  readonly version: ReadVersion;
  readonly findings: readonly Finding[];
}

/** Is a JSON value a CycloneDX document, of whatever version? */
export const isCycloneDX = (value: unknown): boolean => isObject(value) && value.bomFormat === 'CycloneDX';

/** Stands in for what a document does not say of itself while a patch is applied to it. */
const CONSTANT_IDENTITY: Identity = { serialNumber: 'urn:uuid:00000000-0000-8000-8000-000000000000', timestamp: '1970-01-01T00:00:00Z' };

/**
 * Converts a document that meets the schema of its version. Nothing of it is lost: `toCycloneDX` of the manifest, with
 * the same version, is the same document.
 *
 * @throws ERR_CONVERT_INPUT for what is no CycloneDX document of 1.2 to 1.7
 */
export function fromCycloneDX(value: unknown, options: FromCycloneDXOptions = {}): FromCycloneDX {
  const version = versionOf(value, options.file);
  const { document: bare, carried: properties } = takeCarried(objectOf(value));
  const { document, findings: addresses } = encodeAddresses(bare, 'cyclonedx');
  const carried = unpackPatch(properties);
  const own = identityOf(document, options);
  const { manifest: read, layout } = readPlain(document, version, carried.patch === undefined ? own : () => CONSTANT_IDENTITY);
  const foreign = (manifest: Manifest): JsonValue | undefined => foreignOf(manifest, document, version, layout);
  const { manifest, findings } = withCarried('cyclonedx', read, carried, foreign, (each) => named(each, own));
  return { manifest, version, findings: [...addresses, ...findings] };
}

function versionOf(value: unknown, file: string | undefined): ReadVersion {
  const { specVersion } = objectOf(value);
  const version = wordOf(readAs(specVersion), READ_VERSIONS);
  if (isCycloneDX(value) && version !== undefined) return version;
  throw new MsbomError(
    'ERR_CONVERT_INPUT',
    isCycloneDX(value) ? `CycloneDX ${JSON.stringify(specVersion)} is not read` : 'the document is not CycloneDX',
    { file, hint: `Versions ${READ_VERSIONS.join(', ')} are read.` },
  );
}

/** A document without a serial number gets one that follows from its content; one without a time, that of the conversion. */
function identityOf(document: Json, { timestamp = new Date().toISOString() }: FromCycloneDXOptions): () => Identity {
  return () => ({ serialNumber: `urn:uuid:${uuidFrom(JSON.stringify(inOrder(document)))}`, timestamp });
}

/** What a document says natively, less what a manifest cannot hold. */
function readPlain(
  document: Json,
  version: ReadVersion,
  identify: () => Identity,
): { readonly manifest: Manifest; readonly layout: Layout } {
  const { manifest, layout } = readNative(document, writtenVersion(version), identify);
  return { manifest: fittingManifest(manifest), layout };
}

/** No manifest keeps the names that stand in for unknown ones while a patch is applied. */
function named(manifest: Manifest, own: () => Identity): Manifest {
  const { serialNumber, timestamp } = manifest.bom;
  const isNamed = serialNumber !== CONSTANT_IDENTITY.serialNumber;
  const isDated = timestamp !== CONSTANT_IDENTITY.timestamp;
  if (isNamed && isDated) return manifest;
  const identity = own();
  return {
    ...manifest,
    bom: {
      ...manifest.bom,
      ...(isNamed ? {} : { serialNumber: identity.serialNumber }),
      ...(isDated ? {} : { timestamp: identity.timestamp }),
    },
  };
}

/**
 * CycloneDX in both directions. Reading and writing are exact inverses: what CycloneDX has no member for is carried in
 * a residual, and what the manifest has no member for in `foreign.cyclonedx`.
 * Sources: https://cyclonedx.org/docs/1.6/json/ and the official guide to ML-BOMs.
 */
import type { JsonValue } from '../../core/canonical-json.js';
import type { Finding } from '../../core/finding.js';
import type { Manifest } from '../../schema/index.js';
import { diff, editedPlaces } from '../edits.js';
import { conversionLosses, foreignLosses } from '../losses.js';
import { makeResidual, packResidual, type Residual } from '../residual.js';
import { addCarried, CONSTANT_IDENTITY, withoutEmptyHome } from './carrier.js';
import { followItems } from './citations.js';
import { applyForeign, editForeign, type Foreign, foreignOf, packForeign, parseForeign, writtenVersion } from './foreign.js';
import type { Json } from './json.js';
import type { CycloneDXVersion } from './library.js';
import { type Identity, readNative } from './read.js';
import { type Layout, writeLazily, writeNative } from './write.js';

export type { CycloneDXVersion } from './library.js';

/** A CycloneDX document as plain JSON. */
export type CycloneDXDocument = Readonly<Record<string, unknown>>;

export const CYCLONEDX_VERSIONS: readonly CycloneDXVersion[] = ['1.5', '1.6', '1.7'];

export interface CycloneDXOptions {
  /** Default 1.6, which most consumers read. */
  readonly version?: CycloneDXVersion;
  /** Carry what CycloneDX cannot say, so that nothing is lost. Default true. */
  readonly residual?: boolean;
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

export interface Conversion<D> {
  readonly document: D;
  /**
   * What the target cannot say natively: `conversion-residual` for what the document carries beside its native part,
   * `conversion-loss` for what it has lost.
   */
  readonly losses: readonly Finding[];
}

/** Converts a valid manifest. Same manifest, same document: nothing in it is random or of the present moment. */
export function toCycloneDX(manifest: Manifest, options: CycloneDXOptions = {}): Conversion<CycloneDXDocument> {
  const { version = '1.6', residual: isCarried = true, form = (each) => each } = options;
  const { rest, kept } = withoutForeign(manifest);
  const stated = options.foreign === false ? undefined : parseForeign(kept);
  // Content of an older version can stand in a newer one; the other way round, it has to be fitted in.
  const foreign = stated !== undefined && isNewer(stated, version) && options.prune === undefined ? undefined : stated;
  const native = writeNative(rest, version, foreign?.layout);
  const { document: whole, overruled, refused } = withForeign(native, foreign, version, options.prune);
  const document = form(whole);
  const hasForeign = foreign !== undefined || document !== whole;
  const residual = residualOf(rest, kept, document, version, hasForeign);
  const target = `CycloneDX ${version}`;
  const losses = [
    ...conversionLosses(residual?.edits, target, isCarried),
    ...foreignLosses(foreign === stated ? refused : [''], target, isCarried),
    ...overruled.map(overruling),
  ];
  if (residual === undefined || !isCarried) return { document, losses };
  return { document: addCarried(document, packResidual(residual)), losses };
}

interface Whole {
  readonly document: Json;
  /** Places where the manifest says something else by now. */
  readonly overruled: readonly string[];
  /** Places that the version has no member for. */
  readonly refused: readonly string[];
}

/** The native document with what another producer said beyond the manifest, as far as the version allows it. */
function withForeign(native: Json, foreign: Foreign | undefined, version: CycloneDXVersion, prune: CycloneDXOptions['prune']): Whole {
  if (foreign === undefined) return { document: native, overruled: [], refused: [] };
  const { document: edited, dropped } = applyForeign(native, foreign, version);
  const document = followItems(edited, native);
  const fitted = prune?.(document) ?? document;
  const removed = fitted === document ? [] : placesBetween(document, fitted);
  // Natively, an older version says less than the one that the content was compared with.
  return isNewer(foreign, version)
    ? { document: fitted, overruled: [], refused: [...dropped, ...removed] }
    : { document: fitted, overruled: dropped, refused: removed };
}

const placesBetween = (before: Json, after: Json): readonly string[] =>
  editedPlaces(diff(before as JsonValue, after as JsonValue)).map(({ pointer }) => pointer); // plain JSON

/** The text of a document as it is written to files. */
export function stringifyCycloneDX(document: CycloneDXDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

interface Split {
  readonly rest: Manifest;
  /** `foreign.cyclonedx`, whoever has made it. */
  readonly kept: JsonValue | undefined;
}

function withoutForeign(manifest: Manifest): Split {
  const { foreign, ...rest } = manifest;
  if (foreign?.cyclonedx === undefined) return { rest: manifest, kept: undefined };
  const { cyclonedx, ...others } = foreign;
  return { rest: Object.keys(others).length > 0 ? { ...rest, foreign: others } : rest, kept: cyclonedx };
}

const isNewer = (foreign: Foreign, version: CycloneDXVersion): boolean =>
  Number(writtenVersion(foreign.version).slice(2)) > Number(version.slice(2));

/** What reading the document would not give back. */
function residualOf(
  rest: Manifest,
  kept: JsonValue | undefined,
  document: Json,
  version: CycloneDXVersion,
  hasForeign: boolean,
): Residual | undefined {
  const { serialNumber, timestamp } = rest.bom;
  const own = { serialNumber, timestamp };
  const residual = compare(rest, kept, document, version, hasForeign, own);
  if (residual === undefined) return undefined;
  // Who reads a residual knows neither, until it is applied.
  const carrier = withoutEmptyHome(document);
  const isNamed = document.serialNumber !== undefined && (document.metadata as Json | undefined)?.timestamp !== undefined;
  return carrier === document && isNamed ? residual : compare(rest, kept, carrier, version, hasForeign, CONSTANT_IDENTITY);
}

function compare(
  rest: Manifest,
  kept: JsonValue | undefined,
  document: Json,
  version: CycloneDXVersion,
  hasForeign: boolean,
  identity: Identity,
): Residual | undefined {
  const { manifest, layout } = readNative(document, () => identity);
  const names = namesIn(rest, layout);
  const isPlain = !hasForeign && Object.keys(names).length === 0;
  const found = isPlain ? undefined : foreignOf(writeLazily(rest, version, names), document, version, names);
  const read = found === undefined ? undefined : packForeign(found);
  // Manifests are plain JSON.
  return makeResidual(manifest as unknown as JsonValue, rest as unknown as JsonValue, editForeign(read, kept));
}

/** A layout with the names of things that are there. */
export function namesIn(manifest: Manifest, layout: Layout): Layout {
  const { names, ...others } = layout;
  if (names === undefined) return layout;
  const ids = idsOf(manifest);
  const all = Object.keys(names);
  const own = all.filter((id) => ids.has(id));
  if (own.length === all.length) return layout;
  return own.length === 0 ? others : { ...others, names: Object.fromEntries(own.map((id) => [id, names[id] ?? id])) };
}

function idsOf(manifest: Manifest): ReadonlySet<string> {
  const { artifacts, datasets, lineage, components, environments, adapters, services } = manifest;
  const ids = new Set(['model']);
  const add = (list: readonly { readonly id?: string }[] = []): void => {
    for (const { id } of list) if (id !== undefined) ids.add(id);
  };
  for (const list of [artifacts, datasets, lineage?.ancestors, components, environments, adapters, services]) add(list);
  for (const { files } of datasets ?? []) add(files);
  return ids;
}

function overruling(pointer: string): Finding {
  return {
    id: 'foreign-overridden',
    severity: 'low',
    message: `the manifest says something else by now than the CycloneDX document that it came from, whose content for ${pointer === '' ? 'the whole document' : pointer} was left out`,
    fix: 'Check that the document says what you mean.',
  };
}

/**
 * CycloneDX in both directions. Reading and writing are exact inverses: what CycloneDX has no member for is carried in
 * a residual, and what the manifest has no member for in `foreign.cyclonedx`.
 * Sources: https://cyclonedx.org/docs/1.6/json/ and the official guide to ML-BOMs.
 */
import type { JsonValue } from '../../core/canonical-json.js';
import type { Finding } from '../../core/finding.js';
import type { Manifest } from '../../schema/index.js';
import { stableText } from '../edits.js';
import { makeResidual, packResidual, type Residual } from '../residual.js';
import { addCarried, CONSTANT_IDENTITY, withoutEmptyHome } from './carrier.js';
import { applyForeign, type Foreign, foreignOf, packForeign, parseForeign, writtenVersion } from './foreign.js';
import type { Json } from './json.js';
import type { CycloneDXVersion } from './library.js';
import { conversionLosses } from './losses.js';
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
  const foreign = options.foreign === false ? undefined : usable(kept, version);
  const native = writeNative(rest, version, foreign?.layout);
  const { document: whole, dropped } = foreign === undefined ? { document: native, dropped: [] } : applyForeign(native, foreign, version);
  const document = form(whole);
  const hasForeign = foreign !== undefined || document !== whole;
  const residual = residualOf(rest, kept, document, version, hasForeign);
  const losses = [...conversionLosses(residual?.edits, `CycloneDX ${version}`, isCarried), ...dropped.map(overruled)];
  if (residual === undefined || !isCarried) return { document, losses };
  return { document: addCarried(document, packResidual(residual)), losses };
}

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

/** Content of an older version can stand in a newer one, not the other way round. */
function usable(kept: JsonValue | undefined, version: CycloneDXVersion): Foreign | undefined {
  const foreign = parseForeign(kept);
  return foreign !== undefined && Number(writtenVersion(foreign.version).slice(2)) <= Number(version.slice(2)) ? foreign : undefined;
}

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
  const isSame = read === undefined || kept === undefined ? read === kept : stableText(read) === stableText(kept);
  // Manifests are plain JSON.
  return makeResidual(manifest as unknown as JsonValue, rest as unknown as JsonValue, isSame ? undefined : (kept ?? null));
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

function overruled(pointer: string): Finding {
  return {
    id: 'foreign-overridden',
    severity: 'low',
    message: `the manifest says something else by now than the CycloneDX document that it came from, whose content for ${pointer === '' ? 'the whole document' : pointer} was left out`,
    fix: 'Check that the document says what you mean.',
  };
}

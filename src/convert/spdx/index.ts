/**
 * Manifests as SPDX 3.0.1 and back. What SPDX can say is said natively; the rest rides in properties of the model's
 * element, so that reading gives back exactly what was written.
 * Source: https://spdx.github.io/spdx-spec/v3.0.1/
 */
import type { JsonValue } from '../../core/canonical-json.js';
import { canonicalize } from '../../core/canonical-json.js';
import type { Finding } from '../../core/finding.js';
import type { Manifest } from '../../schema/index.js';
import { type Edit, stableText } from '../edits.js';
import { conversionLosses } from '../losses.js';
import { applyResidual, type CarriedProperty, isResidualProperty, makeResidual, packResidual, unpackResidual } from '../residual.js';
import { isObject, type Json } from './fields.js';
import { applyForeign, asForeign, findForeign } from './foreign.js';
import { idOf } from './graph.js';
import { findRoot, type Native, type NativeReading, readNative, writeNative } from './native.js';
import { indexNodes, listOf, readSource, type Source } from './source.js';
import { CONTEXT } from './words.js';

/** An SPDX 3.0.1 document as plain JSON. */
export type SPDXDocument = Readonly<Record<string, unknown>>;

export interface SPDXOptions {
  /** Carry what SPDX cannot say, so that nothing is lost. Default true. */
  readonly residual?: boolean;
}

export interface SPDXConversion {
  readonly document: SPDXDocument;
  /** What SPDX has no place for, one finding for each value or group of values. */
  readonly losses: readonly Finding[];
}

export interface SPDXReading {
  /** What the document says. It meets the schema when the document is valid; `validateManifest` tells. */
  readonly manifest: Manifest;
  readonly findings: readonly Finding[];
}

/** Converts a valid manifest. Same manifest, same document. */
export function toSPDX(manifest: Manifest, { residual: carries = true }: SPDXOptions = {}): SPDXConversion {
  canonicalize(manifest);
  const { own, foreign } = withoutForeign(manifest);
  const plain = writeNative(own);
  const native = applyForeign(plain, asForeign(foreign));
  const source = indexNodes(new Map(native.nodes.map((node) => [idOf(node), node])));
  const reading = readNative(source);
  const said = reading.manifest as JsonValue; // plain data
  const found = foreign === undefined ? undefined : findForeign(plain, source, reading);
  const kept = stableText((found ?? null) as JsonValue) === stableText((foreign ?? null) as JsonValue) ? undefined : (foreign as JsonValue);
  const residual = makeResidual(said, own as unknown as JsonValue, kept); // plain data
  const nodes = carries ? carry(native, packResidual(residual)) : native.nodes;
  return { document: { '@context': CONTEXT, '@graph': nodes }, losses: lossesOf(residual?.edits, carries) };
}

/** The text of a document as it is written to files. */
export function stringifySPDX(document: SPDXDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * Reads a document of any producer. What has no home in a manifest is kept in `foreign.spdx` and written out again.
 *
 * @throws ERR_CONVERT_INPUT for what is no SPDX 3 document, ERR_LIMIT_DEPTH
 */
export function fromSPDX(document: unknown): SPDXReading {
  const whole = readSource(document);
  const rootId = String(findRoot(whole).root?.spdxId ?? '');
  const { residual, findings } = unpackResidual(carried(whole, rootId));
  const source = withoutResidual(whole, rootId);
  const reading = readNative(source);
  const { value, findings: overridden } = applyResidual(reading.manifest as JsonValue, residual); // plain data
  const manifest = value as unknown as Manifest; // by the tables; validateManifest checks it
  const foreign = residual?.foreign ?? (findForeign(writeNative(manifest), source, reading) as JsonValue | undefined);
  return {
    manifest:
      foreign === undefined ? manifest : { ...manifest, foreign: { ...manifest.foreign, spdx: foreign as { [key: string]: JsonValue } } },
    findings: [...findings, ...overridden, ...aboutNoModel(reading, source)],
  };
}

/** Whether the manifest names its schema is no loss. */
const lossesOf = (edits: Edit | undefined, carries: boolean): readonly Finding[] =>
  conversionLosses(edits, 'SPDX 3.0.1', carries).filter(({ pointer }) => pointer !== '/$schema');

/** A manifest must have a model: of a document about something else it takes the package that the document is about. */
function aboutNoModel({ root }: NativeReading, source: Source): readonly Finding[] {
  const type = String(source.get(root)?.type);
  if (type === 'ai_AIPackage' || type === 'dataset_DatasetPackage') return [];
  return [
    {
      id: 'conversion-no-model',
      severity: 'medium',
      pointer: '/model',
      message: `the document is about a ${type}, not about a model`,
      fix: 'Use the manifest for merging into that of a model, or put the model in.',
    },
  ];
}

/** The manifest without what another producer's SPDX said beyond it, and that. */
function withoutForeign(manifest: Manifest): { readonly own: Manifest; readonly foreign: unknown } {
  const { foreign, ...rest } = manifest;
  if (foreign?.spdx === undefined) return { own: manifest, foreign: undefined };
  const { spdx, ...others } = foreign;
  return { own: Object.keys(others).length > 0 ? { ...rest, foreign: others } : rest, foreign: spdx };
}

const PROPERTIES = 'extension_CdxPropertiesExtension';

function carry({ nodes, root }: Native, residual: readonly CarriedProperty[]): readonly Json[] {
  if (residual.length === 0) return nodes;
  const entries = residual.map(({ name, value }) => ({
    type: 'extension_CdxPropertyEntry',
    extension_cdxPropName: name,
    extension_cdxPropValue: value,
  }));
  const extension = { type: PROPERTIES, extension_cdxProperty: entries };
  return nodes.map((node) => (idOf(node) === root ? { ...node, extension: [...listOf(node.extension), extension] } : node));
}

function carried(source: Source, root: string): readonly CarriedProperty[] {
  const node = source.get(root);
  if (node === undefined) return [];
  return [...source.properties(node)].flatMap(([name, values]) =>
    isResidualProperty(name) ? values.map((value) => ({ name, value })) : [],
  );
}

/** The document as it was before the residual was put into it. */
function withoutResidual(source: Source, root: string): Source {
  const node = source.get(root);
  if (node === undefined || carried(source, root).length === 0) return source;
  const extensions = listOf(node.extension).flatMap((extension) => {
    if (!isObject(extension) || !Array.isArray(extension.extension_cdxProperty)) return [extension];
    const kept = extension.extension_cdxProperty.filter(
      (entry: unknown) => !isObject(entry) || !isResidualProperty(entry.extension_cdxPropName),
    );
    return kept.length === 0 ? [] : [{ ...extension, extension_cdxProperty: kept }];
  });
  const { extension: _extension, ...rest } = source.nodes.get(root) ?? node;
  const nodes = new Map(source.nodes);
  nodes.set(root, extensions.length > 0 ? { ...rest, extension: extensions } : rest);
  return indexNodes(nodes);
}

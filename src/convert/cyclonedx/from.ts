/** A CycloneDX document of any producer as a manifest. */
import type { JsonValue } from '../../core/canonical-json.js';
import { MsbomError } from '../../core/error.js';
import type { Finding } from '../../core/finding.js';
import { checkSchema } from '../../schema/check.js';
import type { Manifest } from '../../schema/index.js';
import { type Edit, editedPlaces, stableText } from '../edits.js';
import { applyResidual, type Residual, unpackResidual, wasEdited } from '../residual.js';
import { CONSTANT_IDENTITY, takeCarried } from './carrier.js';
import { foreignOf, keptForeign, packForeign, READ_VERSIONS, type ReadVersion, writtenVersion } from './foreign.js';
import { namesIn } from './index.js';
import { isObject, type Json, objectOf, pick, wordOf } from './json.js';
import { type Identity, type NativeRead, readNative, serialNumberOf } from './read.js';
import { writeLazily } from './write.js';

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
  /** Places of the document that only `foreign` keeps. */
  readonly kept: () => readonly string[];
}

/** Is a JSON value a CycloneDX document, of whatever version? */
export const isCycloneDX = (value: unknown): boolean => isObject(value) && value.bomFormat === 'CycloneDX';

/**
 * Converts a document that meets the schema of its version. Nothing of it is lost: `toCycloneDX` of the manifest, with
 * the same version, is the same document.
 *
 * @throws ERR_CONVERT_INPUT for what is no CycloneDX document of 1.4 to 1.7
 */
export function fromCycloneDX(value: unknown, options: FromCycloneDXOptions = {}): FromCycloneDX {
  const version = versionOf(value, options.file);
  const { document, carried } = takeCarried(objectOf(value));
  const { residual, findings } = unpackResidual(carried);
  const identify = residual === undefined ? identityOf(document, options) : () => CONSTANT_IDENTITY;
  const read = readNative(document, identify);
  const restored = restore(read, residual);
  const manifest = named(restored.manifest, document, options);
  const found = foreignFor(manifest, read, document, version, restored.residual);
  const foreign = { ...manifest.foreign, ...(found.packed === undefined ? {} : { cyclonedx: found.packed }) };
  return {
    manifest: { ...manifest, ...(Object.keys(foreign).length > 0 ? { foreign } : {}) } as Manifest, // foreign is plain JSON
    version,
    findings: [...findings, ...restored.findings, ...aboutNoModel(read, residual)],
    kept: () => editedPlaces(found.edits).map(({ pointer }) => pointer),
  };
}

function versionOf(value: unknown, file: string | undefined): ReadVersion {
  const { specVersion } = objectOf(value);
  const version = wordOf(specVersion, READ_VERSIONS);
  if (isCycloneDX(value) && version !== undefined) return version;
  throw new MsbomError(
    'ERR_CONVERT_INPUT',
    isCycloneDX(value) ? `CycloneDX ${JSON.stringify(specVersion)} is not read` : 'the document is not CycloneDX',
    { file, hint: `Versions ${READ_VERSIONS.join(', ')} are read.` },
  );
}

/** A document without a serial number gets one that follows from its content; one without a time, that of the conversion. */
function identityOf(document: Json, { timestamp = new Date().toISOString() }: FromCycloneDXOptions): () => Identity {
  return () => ({ serialNumber: serialNumberOf(stableText(document as JsonValue)), timestamp });
}

interface Restored {
  readonly manifest: Manifest;
  readonly findings: readonly Finding[];
  /** The residual that was applied. */
  readonly residual?: Residual;
}

function restore({ manifest }: NativeRead, residual: Residual | undefined): Restored {
  if (residual === undefined) return { manifest, findings: [] };
  const native = manifest as unknown as JsonValue; // plain JSON
  const { value, findings } = applyResidual(native, residual);
  if (checkSchema(value).length === 0) return { manifest: value as unknown as Manifest, findings, residual }; // by the line itself
  return {
    manifest,
    findings: [
      {
        id: 'residual-damaged',
        severity: 'medium',
        message: 'the native part and the residual make no valid manifest together, so only the native part was read',
        fix: 'Convert the manifest again, or take the document from its source.',
      },
    ],
  };
}

/** No manifest keeps the names that stand in for unknown ones while a residual is applied. */
function named(manifest: Manifest, document: Json, options: FromCycloneDXOptions): Manifest {
  const { serialNumber, timestamp } = manifest.bom;
  if (serialNumber !== CONSTANT_IDENTITY.serialNumber && timestamp !== CONSTANT_IDENTITY.timestamp) return manifest;
  const identity = identityOf(document, options)();
  return {
    ...manifest,
    bom: {
      ...manifest.bom,
      ...(serialNumber === CONSTANT_IDENTITY.serialNumber ? { serialNumber: identity.serialNumber } : {}),
      ...(timestamp === CONSTANT_IDENTITY.timestamp ? { timestamp: identity.timestamp } : {}),
    },
  };
}

interface Found {
  readonly packed?: JsonValue;
  readonly edits?: Edit | undefined;
}

function foreignFor(manifest: Manifest, read: NativeRead, document: Json, version: ReadVersion, residual: Residual | undefined): Found {
  const layout = namesIn(manifest, read.layout);
  const foreign = foreignOf(writeLazily(manifest, writtenVersion(version), layout), document, version, layout);
  const packed = foreign === undefined ? undefined : packForeign(foreign);
  const isAsWritten = residual?.foreign !== undefined && !wasEdited(read.manifest as unknown as JsonValue, residual); // plain JSON
  return { ...pick({ packed: isAsWritten ? keptForeign(packed, residual.foreign) : packed }), edits: foreign?.edits };
}

/** A manifest must have a model: of a document without one, what the document is about stands in its place. */
function aboutNoModel({ layout }: NativeRead, residual: Residual | undefined): readonly Finding[] {
  const { at, type } = layout.main ?? { at: 'metadata', type: undefined };
  const isModel = type === 'machine-learning-model' || (at === 'metadata' && type === undefined);
  if (residual !== undefined || isModel) return [];
  return [
    {
      id: 'conversion-no-model',
      severity: 'medium',
      pointer: '/model',
      message:
        type === undefined
          ? 'the document does not say what it is about'
          : `the document is about ${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}, not about a model`,
      fix: 'Use the manifest for merging into that of a model, or put the model in.',
    },
  ];
}

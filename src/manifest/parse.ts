import { MsbomError } from '../core/error.js';
import type { Finding } from '../core/finding.js';
import { type ParseJsonOptions, parseJson } from '../core/json.js';
import { pointerStep, resolvePointer } from '../core/json-pointer.js';
import { checkSchema, type SchemaError } from '../schema/check.js';
import { type Manifest, SPEC_VERSION } from '../schema/index.js';

export interface ReadManifest {
  readonly manifest: Manifest;
  /** What a later 1.x of the specification says that this program does not know: kept as it is, and told here. */
  readonly findings: readonly Finding[];
}

const [MAJOR = '', MINOR = ''] = SPEC_VERSION.split('.');

/**
 * A manifest from JSON text or bytes, checked against the schema only. Its objects have no prototype. A document of a later 1.x is read
 * as far as this program knows it; nothing of it is lost.
 *
 * @throws ERR_JSON_*, ERR_LIMIT_* for text that cannot be trusted; ERR_MANIFEST_VERSION for another major version;
 * ERR_MANIFEST_INVALID for JSON that is no manifest
 */
export function readManifest(input: string | Uint8Array, options: ParseJsonOptions = {}): ReadManifest {
  const value = parseJson(input, { ...options, bare: true });
  const version = requireVersion(value, options.file);
  const { broken, findings } = setNewerAside(checkSchema(value), version);
  const [first] = broken;
  if (first === undefined) return { manifest: value as unknown as Manifest, findings }; // checked in the line above
  throw new MsbomError('ERR_MANIFEST_INVALID', `the document is not an MSBOM ${SPEC_VERSION} manifest`, {
    file: options.file,
    pointer: first.instancePath,
    hint: 'Run `msbom validate` to see every finding.',
  });
}

/** The manifest of `readManifest`, for programs that need not know what is newer. @throws as `readManifest` */
export function parseManifest(input: string | Uint8Array, options: ParseJsonOptions = {}): Manifest {
  return readManifest(input, options).manifest;
}

/**
 * The version that a document follows; undefined when it states none.
 *
 * @throws ERR_MANIFEST_VERSION for a major version that this program does not know
 */
export function requireVersion(document: unknown, file?: string): string | undefined {
  const stated = resolvePointer(document, '/bom/specVersion');
  if (typeof stated !== 'string') return undefined;
  const [, major] = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/.exec(stated) ?? [];
  if (major !== undefined && major !== MAJOR)
    throw new MsbomError('ERR_MANIFEST_VERSION', `the document follows MSBOM ${stated}, this program knows ${SPEC_VERSION}`, {
      file,
      pointer: '/bom/specVersion',
      hint: 'Use a release of the program that knows this version.',
    });
  return stated;
}

/** Of what breaks the schema, the members that a later 1.x may have added: not broken, but told. */
export function setNewerAside(
  errors: readonly SchemaError[],
  version: string | undefined,
): { readonly broken: readonly SchemaError[]; readonly findings: readonly Finding[] } {
  const [, minor] = /^1\.(0|[1-9]\d{0,3})$/.exec(version ?? '') ?? [];
  if (minor === undefined || Number(minor) <= Number(MINOR)) return { broken: errors, findings: [] };
  const isUnknown = ({ keyword }: SchemaError): boolean => keyword === 'additionalProperties';
  const places = errors.filter(isUnknown).map(({ instancePath, params }) => instancePath + pointerStep(String(params.additionalProperty)));
  return {
    broken: errors.filter((error) => !isUnknown(error)),
    findings: [
      newer('/bom/specVersion', `the document follows MSBOM ${version}, this program knows ${SPEC_VERSION}`),
      ...places.map((pointer) => newer(pointer, `MSBOM ${SPEC_VERSION} has no such field: it was kept, and not looked at`)),
    ],
  };
}

const newer = (pointer: string, message: string): Finding => ({
  id: 'newer-version',
  severity: 'info',
  pointer,
  message,
  fix: 'Use a release of the program that knows this version to have everything checked.',
});

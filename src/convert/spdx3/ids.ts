/**
 * Ids of elements: BOM-Links, `urn:cdx:<UUID>/<version>#<name>`, so that the SPDX and the CycloneDX form of one manifest
 * name the same things alike. Names that the converter makes up begin with `msbom:`; an encoded name of the manifest holds
 * no bare colon, so the two cannot meet. Source: https://cyclonedx.org/capabilities/bomlink/
 */
import { idFrom } from '../../core/id.js';
import type { Manifest } from '../../schema/index.js';

export const OWN = 'msbom:';

/** The id of the document, from which those of all elements follow. */
export function baseOf({ bom }: Pick<Manifest, 'bom'>): string {
  return `urn:cdx:${bom.serialNumber.replace(/^urn:uuid:/, '')}/${bom.version}`;
}

/** The name in an id of the document; undefined for an id from elsewhere or one that is not encoded rightly. */
export function decodeName(iri: string, base: string): string | undefined {
  if (!iri.startsWith(`${base}#`)) return undefined;
  const name = iri.slice(base.length + 1);
  if (name.startsWith(OWN)) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

/** Serial number and version in the id of a document; undefined when it is no BOM-Link. */
export function parseBase(iri: string): { readonly serialNumber: string; readonly version: number } | undefined {
  const match = /^urn:cdx:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/([1-9]\d{0,8})$/.exec(iri);
  return match === null ? undefined : { serialNumber: `urn:uuid:${match[1]}`, version: Number(match[2]) };
}

/** A short name from the last part of an id of another producer. */
export function nameFromIri(iri: string): string {
  const tail = iri.replace(/(?<![/#])[/#]+$/, '').replace(/^.*[/#:]/s, '');
  try {
    return idFrom(decodeURIComponent(tail));
  } catch {
    return idFrom(tail);
  }
}

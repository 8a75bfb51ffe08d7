import { requireJson } from '../core/canonical-json.js';
import { withExponents } from '../core/json-text.js';
import type { Manifest } from '../schema/index.js';
import { SECTIONS } from '../schema/index.js';

/**
 * The text of a manifest as it is written to files: sections in the order of the specification, two spaces of
 * indentation, a line break at the end. The same manifest gives the same text.
 *
 * @throws ERR_MANIFEST_VALUE for values that JSON cannot hold
 */
export function stringifyManifest(manifest: Manifest): string {
  requireJson(manifest);
  const known = SECTIONS.filter((section) => manifest[section] !== undefined).map((section) => [section, manifest[section]]);
  return `${withExponents(JSON.stringify(Object.fromEntries(known), null, 2))}\n`;
}

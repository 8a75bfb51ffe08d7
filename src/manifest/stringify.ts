import { requireJson } from '../core/canonical-json.js';
import { withExponents } from '../core/json-text.js';
import { type Printable, printableDocument } from '../core/printable.js';
import type { Manifest } from '../schema/index.js';
import { SECTIONS } from '../schema/index.js';

/**
 * The text of a manifest as it is written to files: sections in the order of the specification, two spaces of
 * indentation, a line break at the end. The same manifest gives the same text. What is not seen, such as marks of direction,
 * stands as `\uXXXX`: the same value, and the same digest, which is over the canonical form.
 *
 * @throws ERR_MANIFEST_VALUE for values that JSON cannot hold
 */
export function stringifyManifest(manifest: Manifest): Printable {
  requireJson(manifest);
  const known = SECTIONS.filter((section) => manifest[section] !== undefined).map((section) => [section, manifest[section]]);
  return printableDocument(`${withExponents(JSON.stringify(Object.fromEntries(known), null, 2))}\n`);
}

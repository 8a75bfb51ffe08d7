/** What kind of document is it? The content decides, never the name. */
import { isObject } from './cyclonedx/json.js';

export type DocumentKind =
  | { readonly standard: 'msbom' }
  | { readonly standard: 'cyclonedx'; readonly syntax: 'json' | 'xml'; readonly version: string | undefined }
  | { readonly standard: 'spdx'; readonly syntax: 'json' | 'tag-value'; readonly version: string | undefined };

type Json = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** How a text is to be read, by its first character that is no space. */
export function syntaxOf(text: string): 'json' | 'xml' | 'tag-value' {
  const start = /[^\s\ufeff]/.exec(text.slice(0, 4096))?.index ?? 0;
  if (text.charAt(start) === '<') return 'xml';
  const first = text.slice(start, start + 4096);
  // A tag-value document may begin with comments, and so may a thousand other things.
  return /^[#DS]/.test(first) && /^(DataLicense|SPDXVersion):/m.test(first) ? 'tag-value' : 'json';
}

/** The kind of a parsed JSON document; what is no other standard's is taken for a manifest, so that its faults are told. */
export function kindOf(value: unknown): DocumentKind {
  if (!isObject(value)) return { standard: 'msbom' };
  if (isCycloneDX(value)) return { standard: 'cyclonedx', syntax: 'json', version: textOf(value.specVersion) };
  const contexts = [value['@context']].flat();
  const context = contexts.find((each) => typeof each === 'string' && each.includes('spdx.org'));
  if (context !== undefined || (contexts[0] === undefined && Array.isArray(value['@graph'])))
    return { standard: 'spdx', syntax: 'json', version: spdx3Version(value, textOf(context)) };
  const spdx2 = textOf(value.spdxVersion);
  if (spdx2 !== undefined) return { standard: 'spdx', syntax: 'json', version: spdx2.replace(/^SPDX-/, '') };
  return { standard: 'msbom' };
}

/** By any of its marks, so that a document that lacks one, or has it in other letters, is told so. */
const isCycloneDX = ({ bomFormat, $schema, specVersion, bom }: Json): boolean =>
  /^cyclonedx$/i.test(textOf(bomFormat) ?? '') ||
  /cyclonedx\.org\/schema/.test(textOf($schema) ?? '') ||
  (specVersion !== undefined && bom === undefined);

/** As the first CreationInfo of the graph states it, else as the address of the context does. */
function spdx3Version(document: Json, context: string | undefined): string | undefined {
  const graph: readonly unknown[] = Array.isArray(document['@graph']) ? document['@graph'] : [document];
  for (const node of graph) {
    if (!isObject(node)) continue;
    for (const place of [node, node.creationInfo]) if (isObject(place) && typeof place.specVersion === 'string') return place.specVersion;
  }
  return /\/(3\.\d+(?:\.\d+)?)\//.exec(context ?? '')?.[1];
}

/** CycloneDX XML by the official XML schemas, checked by libxml2 in WebAssembly. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { memoryPages, validateXML } from 'xmllint-wasm';
import type { SchemaVersion } from '../../src/convert/cyclonedx/schema.js';

/** Those that the official library comes with; they import the list of licences by its file name. */
const directory = fileURLToPath(new URL('../../node_modules/@cyclonedx/cyclonedx-library/res/schema/', import.meta.url));
const LICENSES = 'spdx.SNAPSHOT.xsd';
const schemaFile = (fileName: string) => ({ fileName, contents: readFileSync(directory + fileName, 'utf8') });

/** The path of the official XML schema of a version. */
export const xsdPath = (version: SchemaVersion): string => `${directory}bom-${version}.SNAPSHOT.xsd`;

/** Texts of which each takes about 20 times its size while it is checked. */
const AT_ONCE = 100;

/** What is wrong with texts by the XML schema of a version: by name, only those that are not valid. One call takes half a second. */
export async function breachesOfXsd(
  version: SchemaVersion,
  texts: Readonly<Record<string, string>>,
): Promise<Record<string, readonly string[]>> {
  const breaches: Record<string, string[]> = {};
  const names = Object.keys(texts);
  for (let at = 0; at < names.length; at += AT_ONCE) await check(version, texts, names.slice(at, at + AT_ONCE), breaches);
  return breaches;
}

async function check(
  version: SchemaVersion,
  texts: Readonly<Record<string, string>>,
  names: readonly string[],
  breaches: Record<string, string[]>,
): Promise<void> {
  const result = await validateXML({
    xml: names.map((name, i) => ({ fileName: `${i}.xml`, contents: texts[name] ?? '' })),
    schema: schemaFile(`bom-${version}.SNAPSHOT.xsd`),
    preload: schemaFile(LICENSES),
    maxMemoryPages: memoryPages.GiB,
  });
  for (const { loc, message } of result.errors) {
    const name = loc === null ? undefined : names[Number.parseInt(loc.fileName, 10)];
    // Lines without a place repeat the name, or show the text of what is no XML.
    if (loc !== null && name !== undefined) breaches[name] = [...(breaches[name] ?? []), `line ${loc.lineNumber}: ${message}`];
  }
  if ((result.valid === true) !== names.every((name) => !(name in breaches))) throw new Error(`xmllint: ${result.rawOutput}`);
}

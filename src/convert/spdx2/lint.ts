/** What the JSON schema of SPDX 2.3 lets pass and its specification does not. */
import type { Finding, Severity } from '../../core/finding.js';
import { toPointer } from '../../core/json-pointer.js';
import { parseLicenseExpression } from '../../core/spdx.js';
import { isObject, type Json } from '../cyclonedx/json.js';
import { listOf } from '../spdx3/source.js';

type Path = readonly (string | number)[];

const LICENCE_FIELDS = ['licenseConcluded', 'licenseDeclared', 'licenseInfoFromFiles', 'licenseInfoInFiles'] as const;
const WORDS: ReadonlySet<unknown> = new Set(['NOASSERTION', 'NONE']);

export function lintSPDX2(document: unknown): Finding[] {
  if (!isObject(document)) return [];
  const findings: Finding[] = [];
  const report = (id: string, path: Path, message: string, severity: Severity = 'high'): void => {
    findings.push({ id, severity, message, fix: 'Correct it at the source.', pointer: toPointer(path) });
  };
  const ids = new Map<unknown, string>();
  const outer = new Set(listOf(document.externalDocumentRefs).map((ref) => (isObject(ref) ? ref.externalDocumentId : undefined)));
  const elements: [Json, Path][] = [[document, []]];
  for (const list of ['packages', 'files', 'snippets'] as const)
    listOf(document[list]).forEach((item, i) => {
      if (isObject(item)) elements.push([item, [list, i]]);
    });
  for (const [element, path] of elements) {
    const id = element.SPDXID;
    if (typeof id === 'string' && ids.has(id))
      report('spdx-duplicate-id', [...path, 'SPDXID'], `the id ${id} already stands at ${ids.get(id)}`);
    ids.set(id, toPointer(path));
    for (const field of LICENCE_FIELDS)
      for (const expression of listOf(element[field]))
        if (typeof expression === 'string' && !WORDS.has(expression) && parseLicenseExpression(expression) === undefined)
          report(
            'spdx-license-expression',
            [...path, field],
            `${JSON.stringify(expression.slice(0, 80))} is no licence expression`,
            'medium',
          );
  }
  listOf(document.relationships).forEach((relationship, i) => {
    if (!isObject(relationship)) return;
    for (const end of ['spdxElementId', 'relatedSpdxElement'] as const) {
      const id = relationship[end];
      if (typeof id !== 'string' || ids.has(id) || WORDS.has(id)) continue;
      if (id.includes(':') && outer.has(id.slice(0, id.indexOf(':')))) continue;
      report('spdx-dangling-ref', ['relationships', i, end], `nothing in the document has the id ${id.slice(0, 200)}`);
    }
  });
  if (document.dataLicense !== undefined && document.dataLicense !== 'CC0-1.0')
    report('spdx-schema', ['dataLicense'], 'the data licence of SPDX 2.3 is CC0-1.0 and no other');
  return findings;
}

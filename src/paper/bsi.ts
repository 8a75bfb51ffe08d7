/** The SBOM that BSI TR-03183-2 describes: a document for everybody, without vulnerabilities, checked as others will read it. */
import { builtInProfile, comply, type Report } from '../comply/index.js';
import { openDocument, readSource } from '../convert/document.js';
import { TARGETS } from '../convert/targets.js';
import { MsbomError } from '../core/error.js';
import { type View, viewOf } from '../manifest/view.js';
import type { Manifest } from '../schema/index.js';

/** Forms that the guideline takes: CycloneDX from 1.6 and SPDX from 3.0.1, in JSON or XML. Source: TR-03183-2, section 4 */
export const BSI_TARGETS = ['cyclonedx@1.6', 'cyclonedx@1.7', 'cyclonedx-xml@1.6', 'cyclonedx-xml@1.7', 'spdx@3.0.1'] as const;

export interface BsiSbom {
  readonly text: string;
  /** What the guideline asks for, asked of the text. */
  readonly report: Report;
}

/** The guideline wants no vulnerabilities in the document, whoever may see them. Source: TR-03183-2, section 3.1 */
const KEPT_OUT = { '/security/vulnerabilities': 'internal' };

/**
 * Writes the document and asks the profile of what can be read from it again.
 *
 * @throws ERR_CONVERT_INVALID when it would not be valid, ERR_MANIFEST_INVALID when there is no view for the audience
 */
export async function bsiSbom(manifest: Manifest, target: (typeof BSI_TARGETS)[number], view: View = 'public'): Promise<BsiSbom> {
  const has = manifest.security?.vulnerabilities !== undefined;
  const kept = has ? { ...manifest, bom: { ...manifest.bom, audiences: { ...manifest.bom.audiences, ...KEPT_OUT } } } : manifest;
  const { manifest: seen } = viewOf(kept, view === 'internal' ? 'authority' : view);
  // One of the targets.
  const write = TARGETS[target] as NonNullable<(typeof TARGETS)[string]>;
  const { text, problems } = await write(seen, { lossless: true });
  const [first] = problems;
  if (first !== undefined)
    throw new MsbomError('ERR_CONVERT_INVALID', `the SBOM would not be valid as ${target}: ${first.message}`, {
      pointer: first.pointer,
      hint: first.fix,
    });
  const opened = await openDocument(new TextEncoder().encode(text), {});
  const { manifest: read } = await readSource(opened, { timestamp: seen.bom.timestamp });
  return { text, report: await comply(read, [await builtInProfile('bsi-tr-03183-2')]) };
}

/** Manifests as SPDX 2.3 and back, by way of SPDX 3: a reduced view, for the many tools that read nothing newer. */

import type { Finding } from '../../core/finding.js';
import { digestManifest } from '../../manifest/digest.js';
import type { Manifest } from '../../schema/index.js';
import type { Json } from '../cyclonedx/json.js';
import { patchBetween } from '../foreign.js';
import { conversionLosses } from '../losses.js';
import type { Conversion, WriteOptions } from '../options.js';
import { elementsOf, fromSPDX, readPlain, type SPDXReading } from '../spdx3/index.js';
import { readSource } from '../spdx3/source.js';
import type { SPDX2Document } from './shapes.js';
import { upgradeSPDX2 } from './upgrade.js';
import { downgrade } from './write.js';

export type { SPDX2Document } from './shapes.js';

/** Converts a valid manifest. Nothing is carried: SPDX 2.3 has no place for properties. */
export function toSPDX2(manifest: Manifest, { reference = true }: WriteOptions = {}): Conversion<SPDX2Document> {
  const { nodes, findings } = elementsOf(manifest);
  const document = downgrade(nodes);
  const { manifest: read } = readPlain(readSource(upgradeSPDX2(document as unknown as Json).document)); // plain JSON
  const losses = [...conversionLosses(patchBetween(read, manifest), 'SPDX 2.3', false), ...findings];
  return { document: reference ? { ...document, comment: referenceTo(manifest) } : document, losses };
}

const referenceTo = (manifest: Manifest): string =>
  `Made from the MSBOM manifest ${manifest.bom.uri ?? manifest.bom.serialNumber}, sha256:${digestManifest(manifest)}`;

/** A document that meets the schema of SPDX 2.3. @throws ERR_CONVERT_INPUT, ERR_MANIFEST_VALUE */
export function fromSPDX2(document: Json): SPDXReading {
  const { comment, ...rest } = document;
  const isOwn = typeof comment === 'string' && /^Made from the MSBOM manifest \S+, sha256:[0-9a-f]{64}$/.test(comment);
  const { document: upgraded, losses } = upgradeSPDX2(isOwn ? rest : document);
  const { manifest, findings } = fromSPDX(upgraded);
  const all: readonly Finding[] = [...losses, ...findings];
  return { manifest, findings: all };
}

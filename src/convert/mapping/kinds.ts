/** Kinds of components: the word of the manifest, which is that of CycloneDX, the purpose in SPDX 3, and in SPDX 2.3. */
export interface Kind {
  readonly type: string;
  readonly spdx3?: string;
  readonly spdx2?: string;
}

export const KINDS: readonly Kind[] = [
  { type: 'application', spdx3: 'application', spdx2: 'APPLICATION' },
  { type: 'framework', spdx3: 'framework', spdx2: 'FRAMEWORK' },
  { type: 'library', spdx3: 'library', spdx2: 'LIBRARY' },
  { type: 'container', spdx3: 'container', spdx2: 'CONTAINER' },
  { type: 'platform', spdx3: 'platform', spdx2: 'OTHER' },
  { type: 'operating-system', spdx3: 'operatingSystem', spdx2: 'OPERATING_SYSTEM' },
  { type: 'device', spdx3: 'device', spdx2: 'DEVICE' },
  { type: 'device-driver', spdx3: 'deviceDriver', spdx2: 'OTHER' },
  { type: 'firmware', spdx3: 'firmware', spdx2: 'FIRMWARE' },
  { type: 'file', spdx3: 'file', spdx2: 'FILE' },
  { type: 'data', spdx3: 'data', spdx2: 'OTHER' },
  { type: 'machine-learning-model', spdx3: 'model', spdx2: 'OTHER' },
  { type: 'source', spdx3: 'source', spdx2: 'SOURCE' },
  { type: 'archive', spdx3: 'archive', spdx2: 'ARCHIVE' },
  { type: 'install', spdx3: 'install', spdx2: 'INSTALL' },
  { type: 'bom', spdx3: 'bom' },
  { type: 'configuration', spdx3: 'configuration' },
  { type: 'disk-image', spdx3: 'diskImage' },
  { type: 'filesystem-image', spdx3: 'filesystemImage' },
  { type: 'documentation', spdx3: 'documentation' },
  { type: 'evidence', spdx3: 'evidence' },
  { type: 'executable', spdx3: 'executable' },
  { type: 'manifest', spdx3: 'manifest' },
  { type: 'module', spdx3: 'module' },
  { type: 'patch', spdx3: 'patch' },
  { type: 'requirement', spdx3: 'requirement' },
  { type: 'specification', spdx3: 'specification' },
  { type: 'test', spdx3: 'test' },
  { type: 'other', spdx3: 'other', spdx2: 'OTHER' },
  // The first of a word is read back.
  { type: 'cryptographic-asset', spdx3: 'other', spdx2: 'OTHER' },
];

/** The kinds that CycloneDX has from 1.5 on; `cryptographic-asset` from 1.6. */
const CYCLONEDX: ReadonlySet<string> = new Set([
  'application',
  'framework',
  'library',
  'container',
  'platform',
  'operating-system',
  'device',
  'device-driver',
  'firmware',
  'file',
  'data',
  'machine-learning-model',
  'cryptographic-asset',
]);

/** CycloneDX asks for a type: what it has no word for, and what nobody said the kind of, is a library there, as in its own converters. */
export function cycloneDXType(type: string | undefined, version: string): string {
  if (type === undefined || !CYCLONEDX.has(type) || (type === 'cryptographic-asset' && version === '1.5'))
    return type !== undefined && FILES.has(type) ? 'file' : 'library';
  return type;
}

/** Kinds of SPDX that are files rather than software. */
const FILES: ReadonlySet<string> = new Set([
  'archive',
  'bom',
  'configuration',
  'documentation',
  'evidence',
  'executable',
  'manifest',
  'patch',
  'specification',
]);

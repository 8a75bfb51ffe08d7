import type { CycloneDXVersion } from './row.js';

/** Kinds of components: the word of the manifest, which is that of CycloneDX, the purpose in SPDX 3, and in SPDX 2.3. */
export interface Kind {
  readonly type: string;
  /** First version of CycloneDX that has the word. */
  readonly since?: CycloneDXVersion;
  /** Is it a file rather than software? */
  readonly isFile?: true;
  readonly spdx3?: string;
  readonly spdx2?: string;
}

export const KINDS: readonly Kind[] = [
  { type: 'application', since: '1.5', spdx3: 'application', spdx2: 'APPLICATION' },
  { type: 'framework', since: '1.5', spdx3: 'framework', spdx2: 'FRAMEWORK' },
  { type: 'library', since: '1.5', spdx3: 'library', spdx2: 'LIBRARY' },
  { type: 'container', since: '1.5', spdx3: 'container', spdx2: 'CONTAINER' },
  { type: 'platform', since: '1.5', spdx3: 'platform', spdx2: 'OTHER' },
  { type: 'operating-system', since: '1.5', spdx3: 'operatingSystem', spdx2: 'OPERATING_SYSTEM' },
  { type: 'device', since: '1.5', spdx3: 'device', spdx2: 'DEVICE' },
  { type: 'device-driver', since: '1.5', spdx3: 'deviceDriver', spdx2: 'OTHER' },
  { type: 'firmware', since: '1.5', spdx3: 'firmware', spdx2: 'FIRMWARE' },
  { type: 'file', since: '1.5', spdx3: 'file', spdx2: 'FILE' },
  { type: 'data', since: '1.5', spdx3: 'data', spdx2: 'OTHER' },
  { type: 'machine-learning-model', since: '1.5', spdx3: 'model', spdx2: 'OTHER' },
  { type: 'source', spdx3: 'source', spdx2: 'SOURCE' },
  { type: 'archive', isFile: true, spdx3: 'archive', spdx2: 'ARCHIVE' },
  { type: 'install', spdx3: 'install', spdx2: 'INSTALL' },
  { type: 'bom', isFile: true, spdx3: 'bom' },
  { type: 'configuration', isFile: true, spdx3: 'configuration' },
  { type: 'disk-image', spdx3: 'diskImage' },
  { type: 'filesystem-image', spdx3: 'filesystemImage' },
  { type: 'documentation', isFile: true, spdx3: 'documentation' },
  { type: 'evidence', isFile: true, spdx3: 'evidence' },
  { type: 'executable', isFile: true, spdx3: 'executable' },
  { type: 'manifest', isFile: true, spdx3: 'manifest' },
  { type: 'module', spdx3: 'module' },
  { type: 'patch', isFile: true, spdx3: 'patch' },
  { type: 'requirement', spdx3: 'requirement' },
  { type: 'specification', isFile: true, spdx3: 'specification' },
  { type: 'test', spdx3: 'test' },
  { type: 'other', spdx3: 'other', spdx2: 'OTHER' },
  // The first of a word is read back.
  { type: 'cryptographic-asset', since: '1.6', spdx3: 'other', spdx2: 'OTHER' },
];

/** CycloneDX asks for a type: what it has no word for, and what nobody said the kind of, is a library there, as in its own converters. */
export function cycloneDXType(type: string | undefined, version: string): string {
  const kind = KINDS.find((each) => each.type === type);
  if (kind?.since !== undefined && kind.since <= version) return kind.type;
  return kind?.isFile ? 'file' : 'library';
}

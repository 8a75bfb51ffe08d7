import { pointerStep } from '../../core/json-pointer.js';
import type { DigestSet, ListedFile } from '../../schema/index.js';
import { fileMapsOf } from '../models.js';
import { defineRule, type Report } from '../rule.js';

const SHA256_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export const digestImplausible = defineRule({
  meta: {
    id: 'digest-implausible',
    clause: '5.4',
    severity: 'high',
    title: 'A digest cannot be that of the bytes it stands for',
    fix: 'Compute the digest from the bytes, for example with `msbom collect`.',
  },
  check(manifest, report, { of }) {
    for (const { pointer, value } of of<DigestSet>('DigestSet')) {
      for (const [algorithm, digest] of Object.entries(value)) {
        if (typeof digest === 'string' && digest.length >= 32 && /^(.)\1*$/.test(digest))
          report(`${pointer}${pointerStep(algorithm)}`, `the digest is a placeholder: ${digest.slice(0, 8)}…`);
      }
    }
    for (const [pointer, files] of fileMapsOf(manifest)) checkSizes(pointer, files, report);
  },
});

function checkSizes(pointer: string, files: Readonly<Record<string, ListedFile>>, report: Report): void {
  const sizes = new Map<string, { readonly path: string; readonly size: number }>();
  for (const [path, { size, digest }] of Object.entries(files)) {
    const sha256 = digest?.sha256;
    if (sha256 === undefined || size === undefined) continue;
    const place = pointer + pointerStep(path);
    if ((sha256 === SHA256_OF_NOTHING) !== (size === 0))
      report(`${place}/digest/sha256`, `\`${path}\` has ${size} bytes, but ${size === 0 ? 'not ' : ''}the digest of an empty file`);
    const twin = sizes.get(sha256);
    if (twin !== undefined && twin.size !== size)
      report(`${place}/size`, `\`${path}\` and \`${twin.path}\` have the same digest, but ${size} and ${twin.size} bytes`);
    sizes.set(sha256, { path, size });
  }
}

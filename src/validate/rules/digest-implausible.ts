import type { Artifact, Manifest } from '../../schema/index.js';
import { defineRule, type Report } from '../rule.js';

const SHA256_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export const digestImplausible = defineRule({
  meta: {
    id: 'digest-implausible',
    severity: 'high',
    title: 'A digest cannot be that of the bytes it stands for',
    fix: 'Compute the digest from the bytes, for example with `msbom collect`.',
  },
  check(manifest, report, { digests }) {
    for (const { pointer, value } of digests) {
      for (const [algorithm, digest] of Object.entries(value)) {
        if (/^(.)\1*$/.test(digest)) report(`${pointer}/${algorithm}`, `the digest is a placeholder: ${digest.slice(0, 8)}…`);
      }
    }
    for (const [pointer, files] of fileLists(manifest)) checkSizes(pointer, files, report);
  },
});

function fileLists({ artifacts = [], datasets = [] }: Manifest): readonly (readonly [string, readonly Artifact[]])[] {
  return [['/artifacts', artifacts], ...datasets.map((dataset, i) => [`/datasets/${i}/files`, dataset.files ?? []] as const)];
}

function checkSizes(pointer: string, files: readonly Artifact[], report: Report): void {
  const sizes = new Map<string, Artifact>();
  files.forEach((file, i) => {
    const { sha256 = '' } = file.digest;
    if ((sha256 === SHA256_OF_NOTHING) !== (file.size === 0)) {
      report(
        `${pointer}/${i}/digest/sha256`,
        `\`${file.path}\` has ${file.size} bytes, but ${file.size === 0 ? 'not ' : ''}the digest of an empty file`,
      );
    }
    const twin = sizes.get(sha256);
    if (twin !== undefined && twin.size !== file.size) {
      report(`${pointer}/${i}/size`, `\`${file.path}\` and \`${twin.path}\` have the same digest, but ${file.size} and ${twin.size} bytes`);
    }
    sizes.set(sha256, file);
  });
}

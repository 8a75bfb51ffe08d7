import type { Finding } from '../../core/finding.js';
import type { Hdf5Tree } from '../shared/hdf5/index.js';

/** Names of other files: those with raw data, and those that links lead to. */
export function otherFiles({ objects, references }: Hdf5Tree): { readonly data: readonly string[]; readonly linked: readonly string[] } {
  const data = objects.flatMap(({ dataset }) => dataset?.externalFiles ?? []);
  const linked = references.flatMap(({ file }) => (file === undefined ? [] : [file]));
  return { data: [...new Set(data)].sort(), linked: [...new Set(linked)].sort() };
}

/** Files whose place is outside of where the model lies. */
export function outsideFindings(files: readonly string[]): readonly Finding[] {
  return files.map((file) => ({
    id: 'external-data-outside',
    severity: 'high',
    message: `data is said to lie in ${JSON.stringify(file.slice(0, 200))}, outside the model's directory`,
    fix: 'Do not load the model; ask its publisher for one whose files lie together.',
  }));
}

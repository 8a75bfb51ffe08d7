/** The code that a run used, where it is not that of the commit: which files differ, and what they hold. */
import type { Contribution } from '../collect/contribution.js';
import { sha256Text } from '../core/digest.js';
import type { Finding } from '../core/finding.js';
import type { Host } from '../core/host.js';
import { type ChangedFile, repositoryChanges } from '../probe/git/changes.js';
import type { Probed } from './machine.js';

/** What a run may read as code or settings. What else git does not know is data, or what an earlier run left. */
const CODE =
  /\.(?:py|pyi|pyx|ipynb|[cm]?[jt]sx?|sh|bash|zsh|r|jl|lua|pl|rb|m|scala|c|cc|cpp|cu|cuh|h|hpp|rs|go|ya?ml|toml|json|cfg|ini|env|txt|mk)$|(?:^|\/)(?:Makefile|Dockerfile)$/i;

/** Files that are named one by one. */
const MAX_LISTED = 100;
const METHOD = 'msbom record';
/** Begins the description of a component that is a changed file; docs/record.md. */
export const UNCOMMITTED = 'uncommitted change';

/** What the probe of the repository says, with the files that are not those of the commit. */
export async function withChanges(probed: Probed, host: Host): Promise<Probed> {
  const isDirty = probed.contributions.some(
    (each) => each.kind === 'claim' && each.pointer === '/training/code/dirty' && each.value === true,
  );
  const changes = isDirty ? await repositoryChanges(host, (path) => CODE.test(path)) : undefined;
  if (changes === undefined || changes.files.length === 0) return probed;
  const { files, isComplete } = changes;
  return {
    contributions: [
      ...probed.contributions,
      ...files
        .filter(({ sha256 }) => sha256 !== undefined)
        .slice(0, MAX_LISTED)
        .map(fileOf),
    ],
    findings: [...probed.findings, changed(files, isComplete)],
  };
}

const fileOf = ({ path, state, sha256 = '' }: ChangedFile): Contribution => ({
  kind: 'addition',
  list: '/components',
  item: {
    id: `file-${sha256Text(path).slice(0, 12)}`,
    type: 'file',
    name: path,
    description: `${UNCOMMITTED}: ${state}`,
    digest: { sha256 },
    scope: ['training'],
  },
  from: { origin: 'observed', name: METHOD, method: METHOD },
});

function changed(files: readonly ChangedFile[], isComplete: boolean): Finding {
  const names = files.slice(0, 5).map(({ path, state }) => `\`${path}\`${state === 'changed' ? '' : ` (${state})`}`);
  const count = `${isComplete ? '' : 'at least '}${files.length} file${files.length === 1 ? '' : 's'}`;
  return {
    id: 'code-changed',
    severity: 'medium',
    message: `${count} with uncommitted changes (${names.join(', ')}${files.length > names.length ? ' …' : ''}): the commit alone is not what ran`,
    fix: 'Commit before a run that others are to repeat; the digests of the files stand in the record.',
  };
}

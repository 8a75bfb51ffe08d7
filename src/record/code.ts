/** The code that a run used, where it is not that of the commit: which files differ, and what they hold. */
import { createHash } from 'node:crypto';
import type { Contribution } from '../collect/contribution.js';
import { sha256Text } from '../core/digest.js';
import type { Finding } from '../core/finding.js';
import type { Host } from '../core/host.js';
import { type ChangedFile, repositoryChanges } from '../probe/git/changes.js';
import { NOTHING, type Probed } from './machine.js';
import { patchOf } from './patch.js';

/** What a run may read as code or settings. What else git does not know is data, or what an earlier run left. */
const CODE =
  /\.(?:py|pyi|pyx|ipynb|[cm]?[jt]sx?|sh|bash|zsh|r|jl|lua|pl|rb|m|scala|c|cc|cpp|cu|cuh|h|hpp|rs|go|ya?ml|toml|json|cfg|ini|env|txt|mk)$|(?:^|\/)(?:Makefile|Dockerfile)$/i;

/** Records of earlier runs are not what a run is made of. */
const RECORD = /\.msbom\.json$|\.provenance\.json$/;

/** Files that are named one by one. */
const MAX_LISTED = 100;
const METHOD = 'msbom record';
/** Begins the description of a component that is a changed file; docs/record.md. */
export const UNCOMMITTED = 'uncommitted change';

/** Id of the component that the patch is. */
const PATCH_ID = 'uncommitted-patch';

/** Where the patch goes. */
export interface KeepPatch {
  /** As the caller wrote it. */
  readonly name: string;
  write(bytes: Uint8Array): Promise<void>;
}

/** Writes the patch. @throws ERR_IO_*, ERR_OUTPUT_IS_INPUT */
async function keptPatch(files: readonly ChangedFile[], { name, write }: KeepPatch): Promise<Probed> {
  const { bytes, left } = patchOf(files);
  await write(bytes);
  const item = {
    id: PATCH_ID,
    type: 'file',
    name,
    description: 'patch of the uncommitted changes, for git apply',
    digest: { sha256: createHash('sha256').update(bytes).digest('hex') },
    scope: ['training'],
  };
  return {
    contributions: [{ kind: 'addition', list: '/components', item, from: { origin: 'observed', name: METHOD, method: METHOD } }],
    findings: left.length === 0 ? [] : [notKept(left)],
  };
}

const notKept = (left: readonly string[]): Finding => ({
  id: 'code-changed',
  severity: 'medium',
  message: `the patch lacks ${left.length === 1 ? '1 file' : `${left.length} files`} (${left
    .slice(0, 5)
    .map((path) => `\`${path}\``)
    .join(', ')}${left.length > 5 ? ' …' : ''}): no text, longer than 1 MiB, no plain file, or with what looks like a credential`,
  fix: 'Commit these files, or keep them elsewhere; where they could be read their digests stand in the record.',
});

/** What the probe of the repository says, with the files that are not those of the commit. */
export async function withChanges(probed: Probed, host: Host, keep?: KeepPatch): Promise<Probed> {
  const isDirty = probed.contributions.some(
    (each) => each.kind === 'claim' && each.pointer === '/model/training/code/dirty' && each.value === true,
  );
  const changes = isDirty ? await repositoryChanges(host, (path) => CODE.test(path) && !RECORD.test(path), keep !== undefined) : undefined;
  if (changes === undefined || changes.files.length === 0) return probed;
  const kept = keep === undefined ? NOTHING : await keptPatch(changes.files, keep);
  const { files, isComplete } = changes;
  return {
    contributions: [
      ...probed.contributions,
      ...files
        .filter(({ sha256 }) => sha256 !== undefined)
        .slice(0, MAX_LISTED)
        .map(fileOf),
      ...kept.contributions,
    ],
    findings: [...probed.findings, changed(files, isComplete), ...kept.findings],
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

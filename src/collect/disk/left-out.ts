/** What lies in a directory and is no part of the description: it is told, and listed beside the digest that is not over it. */
import { type Finding, firstOf } from '../../core/finding.js';
import type { DiskEntry, DiskTree } from '../../platform/files.js';
import type { Manifest } from '../../schema/index.js';
import { isExcluded } from '../document.js';
import { readIgnores } from './ignore.js';

/** What tools put beside the files of people, in the words of gitignore. */
export const WORKSPACE_PATTERNS: readonly string[] = [
  // Below the top: that of the directory itself is never part of it.
  '.git',
  '.venv/',
  'venv/',
  'node_modules/',
  '__pycache__/',
  '*.py[co]',
  '.pytest_cache/',
  '.mypy_cache/',
  '.ruff_cache/',
  '.ipynb_checkpoints/',
  '.idea/',
  '.vscode/',
  '.env',
  '.env.*',
  '.DS_Store',
  'Thumbs.db',
];

/** A directory without what is left out, and what that was, once it was listed. */
export interface Sifted {
  readonly tree: DiskTree;
  findings(): readonly Finding[];
  /** The manifest, with what its digest is not over. */
  told(manifest: Manifest): Manifest;
}

/** Paths that one message names. */
const MAX_NAMED = 5;

const named = (paths: Iterable<string>): string => firstOf([...paths], MAX_NAMED);

/** `exclude` is asked of directories too, whose paths end in `/`. */
export function sifted(tree: DiskTree, exclude: (path: string) => boolean = () => false): Sifted {
  const isWorkspace = readIgnores(WORKSPACE_PATTERNS.join('\n'), 'workspace');
  const silent = new Set<string>();
  const asked = new Set<string>();
  const empty = new Set<string>();
  const workspace = new Set<string>();
  const kept = new Set<string>();
  const isPart = (entry: DiskEntry): boolean => {
    const { path, nothing } = entry;
    if (isExcluded(path)) silent.add(path.split('/')[0] ?? path);
    else if (exclude(path)) asked.add(topmost(path, exclude));
    else if (nothing !== undefined) empty.add(path);
    else {
      if (isWorkspace(path)) workspace.add(topmost(path, isWorkspace));
      kept.add(path);
      return true;
    }
    return false;
  };
  return {
    tree: {
      ...tree,
      async *list() {
        for await (const entry of tree.list()) if (isPart(entry)) yield entry;
      },
    },
    findings: () => [
      ...(asked.size === 0 ? [] : [leftOut(asked)]),
      ...[...empty].map((path) => contentless(path)),
      ...(workspace.size === 0 ? [] : [ofWorkspace(workspace)]),
    ],
    told: (manifest) => withIgnored(manifest, [...silent, ...asked, ...empty], kept),
  };
}

/** The directory that is left out as a whole, or the path itself. */
function topmost(path: string, exclude: (path: string) => boolean): string {
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1))
    if (exclude(path.slice(0, end + 1))) return path.slice(0, end);
  return path;
}

const leftOut = (paths: ReadonlySet<string>): Finding => ({
  id: 'files-left-out',
  severity: 'info',
  message: `left out as asked: ${named(paths)}`,
  fix: 'The paths stand in `model.digest.ignored`; check that nothing of the model is among them.',
});

const contentless = (path: string): Finding => ({
  id: 'no-content',
  severity: 'medium',
  message: 'a link that leads nowhere, a pipe, a socket or a device has no content, and is no part of the description',
  fix: 'Remove it, or put the file there that it stands for.',
  file: path,
});

const ofWorkspace = (paths: ReadonlySet<string>): Finding => ({
  id: 'workspace-files',
  severity: 'info',
  message: `files of tools are described as part of the model: ${named(paths)}`,
  fix: 'Leave them out with `--ignore workspace`, or remove them.',
});

/** Says it where the digest is over files of this very directory: what lies in a store has other paths than the files of its model. */
function withIgnored(manifest: Manifest, paths: readonly string[], kept: ReadonlySet<string>): Manifest {
  const { model, artifacts = {} } = manifest;
  if (paths.length === 0 || model?.digest?.method !== 'oms-v1') return manifest;
  const listed = Object.keys(artifacts);
  if (!listed.every((path) => kept.has(path))) return manifest;
  const above = new Set(listed.flatMap((path) => [...directoriesOf(path)]));
  const ignored = [...new Set(paths)].filter((path) => !above.has(path)).sort();
  return ignored.length === 0 ? manifest : { ...manifest, model: { ...model, digest: withMember(model.digest, ignored) } };
}

function* directoriesOf(path: string): Generator<string> {
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) yield path.slice(0, end);
}

/** In the order of the specification. */
function withMember(
  { root, method, ...rest }: NonNullable<NonNullable<Manifest['model']>['digest']>,
  ignored: readonly string[],
): NonNullable<NonNullable<Manifest['model']>['digest']> {
  return { root, method, ignored: [...ignored] as [string, ...string[]], ...rest };
}

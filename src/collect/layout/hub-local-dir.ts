/**
 * A directory that `snapshot_download(local_dir=…)` wrote: beside each file .cache/huggingface/download/<path>.metadata with
 * commit, etag and time. Source: huggingface_hub, _local_folder.py
 */
import type { SourceEntry } from '../../core/source-tree.js';
import { type Contribution, RANKS } from '../contribution.js';
import type { Layout, LayoutInput } from './layout.js';

const RECORD = /^\.cache\/huggingface\/download\/(.+)\.metadata$/;
const METHOD = 'Hugging Face download records';

export async function hubLocalDirectory({ entries, read }: LayoutInput): Promise<Layout | undefined> {
  const claims = new Map<string, SourceEntry['claimed']>();
  const commits = new Map<string, string>();
  for (const { path } of entries) {
    const file = RECORD.exec(path)?.[1];
    if (file === undefined) continue;
    const [commit = '', etag = ''] = new TextDecoder('latin1').decode((await read(path)) ?? new Uint8Array()).split('\n');
    if (/^[0-9a-f]{40}$/.test(commit)) commits.set(commit, path);
    if (/^[0-9a-f]{64}$/.test(etag)) claims.set(file, { sha256: etag });
    else if (/^[0-9a-f]{40}$/.test(etag)) claims.set(file, { gitBlob: etag });
  }
  if (commits.size === 0 && claims.size === 0) return undefined;
  const [[commit, path] = ['', '']] = commits;
  // Files of several commits are no revision that anybody published.
  const version: Contribution[] =
    commits.size !== 1
      ? []
      : [
          {
            kind: 'claim',
            pointer: '/model/version',
            value: commit,
            rank: RANKS.layout,
            from: { origin: 'declared', path, method: METHOD },
          },
        ];
  return {
    contributions: version,
    findings:
      commits.size > 1
        ? [
            {
              id: 'revisions-mixed',
              severity: 'medium',
              message: `the files were downloaded from ${commits.size} different commits of their repository`,
              fix: 'Download the whole repository again at one revision.',
              file: path,
            },
          ]
        : [],
    entries: entries.map((entry) => {
      const claimed = claims.get(entry.path);
      return { ...entry, at: entry.path, ...(claimed === undefined ? {} : { claimed }) };
    }),
  };
}

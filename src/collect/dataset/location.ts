/** Where a dataset lies in the cache of the Hub: datasets--org--name/snapshots/<commit>. */
import { type Contribution, type Origin, RANKS } from '../contribution.js';
import { ITEM } from './settle.js';

export interface DatasetLocation {
  /** `org/name`, or a name alone. */
  readonly repository: string;
  readonly commit: string;
}

/** The location that a path speaks of. */
export function datasetLocation(path: string): DatasetLocation | undefined {
  const match = /(?:^|[/\\])datasets--([^/\\]+)[/\\]snapshots[/\\]([0-9a-f]{40})[/\\]?$/.exec(path);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { repository: match[1].replace('--', '/'), commit: match[2] };
}

/** Name and place that follow from it. The commit names the exact version; a version that the metadata gives comes before it. */
export function locationContributions({ repository, commit }: DatasetLocation): readonly Contribution[] {
  const from: Origin = { origin: 'declared', name: 'directory layout', method: 'Hugging Face cache layout' };
  const uri = `https://huggingface.co/datasets/${repository.split('/').map(encodeURIComponent).join('/')}`;
  return [
    { kind: 'claim', pointer: `${ITEM}/name`, value: repository, rank: RANKS.layout, from },
    { kind: 'claim', pointer: `${ITEM}/uri`, value: uri, rank: RANKS.layout, from },
    { kind: 'claim', pointer: `${ITEM}/version`, value: commit, rank: RANKS.directory, from },
    { kind: 'addition', list: `${ITEM}/identifiers`, item: { type: 'uri', value: `${uri}/tree/${commit}` }, from },
  ];
}

/** The version of the code: commit, branch, tag, address, uncommitted changes. */
import { type Claim, type Collected, type Contribution, type Origin, RANKS } from '../../collect/contribution.js';
import type { JsonValue } from '../../core/canonical-json.js';
import type { Finding } from '../../core/finding.js';
import type { Probe, ProbeContext } from '../probe.js';
import { observedBy } from '../say.js';
import { asValue, type Sight, sightOf } from '../sight.js';
import { type ObjectStore, objectStore } from './objects.js';
import { readHead, readPackedRefs } from './refs.js';
import { remoteOf } from './remote.js';
import { findRepository, type Repository } from './repository.js';
import { statusOf } from './status.js';
import { tagsAt } from './tags.js';

const from = observedBy('git');

export const git: Probe = {
  id: 'git',
  group: 'git',
  reads: '`.git` of the directory that the work is done in, and the files beside it; git itself is not run',
  async probe(host, context) {
    const sight = sightOf(host);
    const repository = await findRepository(sight, host.cwd);
    if (repository === undefined) return { contributions: [], findings: sight.findings };
    const store = objectStore(repository);
    try {
      return await describe(sight, repository, store, context);
    } finally {
      await store.close();
    }
  },
};

async function describe(sight: Sight, repository: Repository, store: ObjectStore, context: ProbeContext): Promise<Collected> {
  const packed = await readPackedRefs(repository);
  const head = await readHead(repository, packed);
  const { commit, branch, place, foreign } = head;
  const tags = commit === undefined ? { names: [], unread: [] } : await tagsAt(repository, packed, store, commit);
  const remote = remoteOf(repository.config, branch, context.includePrivate);
  const status = await statusOf(sight, repository, head, store);
  const claim = claimOf(context);
  return {
    contributions: [
      ...claim('repository', remote?.url, { ...from('.git/config', remote?.key), origin: 'declared' }),
      ...claim('commit', commit, from(place)),
      ...claim('branch', asValue(branch), from('.git/HEAD')),
      ...claim('tag', asValue(tags.names[0]), from('.git/refs/tags')),
      ...claim('dirty', status.dirty, from('.git/index')),
    ],
    findings: [
      ...sight.findings,
      ...status.findings,
      ...(foreign ? [unread('the references are in the reftable format, which is not read', '.git/reftable')] : []),
      ...(tags.names.length === 0 && tags.unread.length > 0
        ? [unread(`${tags.unread.length} tags cannot be read, one of which may stand at the commit`, '.git/refs/tags')]
        : []),
    ],
  };
}

/** The code that the environment runs: that of training, or that of evaluation and inference. */
function claimOf({ purpose }: ProbeContext) {
  const others: readonly string[] = ['evaluation', 'inference'];
  const place = purpose.every((each) => others.includes(each)) ? 'evaluationCode' : 'code';
  return (name: string, value: JsonValue | undefined, origin: Origin): readonly Contribution[] => {
    if (value === undefined) return [];
    const claim: Claim = { kind: 'claim', pointer: `/model/training/${place}/${name}`, value, rank: RANKS.vcs, from: origin };
    return [claim];
  };
}

function unread(message: string, file: string): Finding {
  return { id: 'metadata-unreadable', severity: 'low', message, fix: 'Say by hand what is missing.', file };
}

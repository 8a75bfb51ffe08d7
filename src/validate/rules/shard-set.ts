import { appendTo } from '../../core/append.js';
import type { Artifact } from '../../schema/index.js';
import { defineRule } from '../rule.js';

export const shardSet = defineRule({
  meta: {
    id: 'shard-set',
    severity: 'medium',
    title: 'A set of shards is not complete or disagrees with itself',
    fix: 'Add the missing files, or correct the numbers.',
  },
  check({ artifacts = [] }, report) {
    const sets = new Map<string, { readonly index: number; readonly artifact: Artifact }[]>();
    artifacts.forEach((artifact, index) => {
      if (artifact.shard === undefined) return;
      const name = `${artifact.variant ?? ''}\u0000${artifact.shard.set ?? ''}\u0000${artifact.shard.total}`;
      appendTo(sets, name, { index, artifact });
    });
    for (const members of sets.values()) {
      const [first] = members;
      const total = first?.artifact.shard?.total ?? 0;
      const numbers = new Set(members.map(({ artifact }) => artifact.shard?.index ?? 0));
      const name = first?.artifact.shard?.set ?? first?.artifact.path ?? '';
      if (numbers.size < members.length) report(`/artifacts/${first?.index}/shard`, `two shards of \`${name}\` have the same number`);
      if ([...numbers].some((number) => number > total))
        report(`/artifacts/${first?.index}/shard`, `a shard of \`${name}\` has a number above the total of ${total}`);
      else if (numbers.size < total)
        report(`/artifacts/${first?.index}/shard`, `${total - numbers.size} of ${total} shards of \`${name}\` are missing`);
    }
  },
});

import { pointerStep } from '../../core/json-pointer.js';
import type { Shard } from '../../schema/index.js';
import { fileMapsOf } from '../models.js';
import { defineRule, type Report } from '../rule.js';

interface Member {
  readonly pointer: string;
  readonly path: string;
  readonly shard: Shard;
}

export const shardSet = defineRule({
  meta: {
    id: 'shard-set',
    clause: '5.10',
    severity: 'medium',
    title: 'A set of shards is not complete or disagrees with itself',
    fix: 'Add the missing files, or correct the numbers.',
  },
  check(manifest, report) {
    for (const [pointer, files] of fileMapsOf(manifest)) {
      const sets = new Map<string, Member[]>();
      for (const [path, { shard, variant }] of Object.entries(files)) {
        if (shard === undefined) continue;
        const name = JSON.stringify([variant, shard.set, shard.total, path.slice(0, path.lastIndexOf('/') + 1)]);
        const members = sets.get(name) ?? [];
        sets.set(name, members);
        members.push({ pointer: `${pointer}${pointerStep(path)}/shard`, path, shard });
      }
      for (const members of sets.values()) checkSet(members, report);
    }
  },
});

function checkSet(members: readonly Member[], report: Report): void {
  const [first] = members;
  if (first === undefined) return;
  const { total, set = first.path } = first.shard;
  const numbers = new Set(members.map(({ shard }) => shard.index));
  const above = members.find(({ shard }) => shard.index > total);
  if (numbers.size < members.length) report(first.pointer, `two shards of \`${set}\` have the same number`);
  if (above !== undefined) report(above.pointer, `a shard of \`${set}\` has a number above the total of ${total}`);
  else if (numbers.size < total) report(first.pointer, `${total - numbers.size} of ${total} shards of \`${set}\` are missing`);
}

import type { DigestSet, TreeDigest } from '../../schema/index.js';
import { defineRule } from '../rule.js';

/** Algorithms of which a method makes its root. */
const MADE_OF: Readonly<Record<string, readonly (keyof DigestSet)[]>> = {
  'oms-v1': ['sha256'],
  'merkle-rfc6962': ['sha256'],
  git: ['gitCommit', 'gitTree'],
};

export const digestMethod = defineRule({
  meta: {
    id: 'digest-method',
    clause: '5.5',
    severity: 'high',
    title: 'A root is not what its method makes',
    fix: 'Name the method by which the root was computed, or `unknown`.',
  },
  check(_manifest, report, { of }) {
    for (const { pointer, value } of of<TreeDigest>('TreeDigest')) {
      const algorithms = Object.hasOwn(MADE_OF, value.method) ? MADE_OF[value.method] : undefined;
      if (algorithms !== undefined && !algorithms.some((algorithm) => value.root[algorithm] !== undefined))
        report(`${pointer}/root`, `the method \`${value.method}\` makes ${algorithms.join(' or ')}, which the root does not have`);
    }
  },
});

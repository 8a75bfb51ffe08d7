import { pointerStep } from '../../core/json-pointer.js';
import { defineRule } from '../rule.js';

export const digestMissing = defineRule({
  meta: {
    id: 'digest-missing',
    clause: '5.2',
    severity: 'high',
    title: 'A file that was at hand has no SHA-256',
    fix: 'Compute it from the bytes; a file that is not at hand goes into `files` of its model or dataset.',
  },
  check({ artifacts = {} }, report) {
    for (const [path, { digest }] of Object.entries(artifacts))
      if (digest.sha256 === undefined) report(`/artifacts${pointerStep(path)}/digest`, `\`${path}\` has no SHA-256`);
  },
});

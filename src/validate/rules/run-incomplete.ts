import { modelsOf } from '../models.js';
import { defineRule } from '../rule.js';

export const runIncomplete = defineRule({
  meta: {
    id: 'run-incomplete',
    clause: '6.6',
    severity: 'medium',
    title: 'The run that made the weights did not complete',
    fix: 'Run it again, or describe the files that it left with `msbom collect` if they are what you want.',
  },
  check(manifest, report) {
    for (const { pointer, value } of modelsOf(manifest)) {
      const status = value.training?.run?.status;
      if (status === 'running' || status === 'failed' || status === 'killed')
        report(`${pointer}/training/run/status`, `the run is \`${status}\`: files and facts may be missing`);
    }
  },
});

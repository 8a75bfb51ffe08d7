import { defineRule } from '../rule.js';

export const runIncomplete = defineRule({
  meta: {
    id: 'run-incomplete',
    severity: 'medium',
    title: 'The run that made the weights did not complete',
    fix: 'Run it again, or describe the files that it left with `msbom collect` if they are what you want.',
  },
  check({ training }, report) {
    const status = training?.run?.status;
    if (status === 'running' || status === 'failed' || status === 'killed')
      report('/training/run/status', `the run is \`${status}\`: files and facts may be missing`);
  },
});

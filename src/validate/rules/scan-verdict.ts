import type { Scan } from '../../schema/index.js';
import { defineRule } from '../rule.js';

export const scanVerdict = defineRule({
  meta: {
    id: 'scan-verdict',
    clause: '5.9',
    severity: 'high',
    title: 'A scan that is not complete is said to be clean',
    fix: 'Write the verdict `unknown`, or leave it out.',
  },
  check(_manifest, report, { of }) {
    for (const { pointer, value } of of<Scan>('Scan')) {
      const { status, verdict, findings = 0 } = value;
      if (verdict === 'clean' && status !== 'complete')
        report(`${pointer}/verdict`, `the scan is \`${status}\`, so nobody knows that it is clean`);
      else if (verdict === 'clean' && findings > 0) report(`${pointer}/verdict`, `the scan has ${findings} findings, so it is not clean`);
    }
  },
});

import ids from 'spdx-license-ids/index.json' with { type: 'json' };
import { nearest } from '../../core/nearest.js';
import { isDeprecatedLicenseId, licenseIds, parseLicenseExpression, respell } from '../../core/spdx.js';
import type { License } from '../../schema/index.js';
import { defineRule } from '../rule.js';

export const licenseExpression = defineRule({
  meta: {
    id: 'license-expression',
    clause: '8.1',
    severity: 'high',
    title: 'A licence is not an SPDX expression',
    fix: 'Use ids of https://spdx.org/licenses; what is not listed is `LicenseRef-…`, or goes into `name`.',
  },
  check(_manifest, report, { of }) {
    for (const { pointer, value } of of<License>('License')) {
      if (value.expression === undefined) continue;
      const place = `${pointer}/expression`;
      const tree = parseLicenseExpression(value.expression);
      if (tree === undefined)
        report(place, `${JSON.stringify(value.expression.slice(0, 100))} is not an SPDX licence expression`, suggestion(value.expression));
      else {
        for (const id of licenseIds(tree).filter(isDeprecatedLicenseId)) {
          report(place, `SPDX has deprecated the id \`${id}\``, {
            severity: 'low',
            fix: 'Say what is meant, for example `-only` or `-or-later`.',
          });
        }
      }
    }
  },
});

function suggestion(expression: string): { readonly fix: string } | undefined {
  const respelled = respell(expression);
  if (respelled !== expression && parseLicenseExpression(respelled) !== undefined) return { fix: `Write \`${respelled}\`.` };
  const guess = nearest(expression, ids);
  return guess === undefined ? undefined : { fix: `Did you mean \`${guess}\`?` };
}

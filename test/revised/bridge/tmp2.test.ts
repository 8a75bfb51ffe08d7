import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromDraft } from '../../../src/revised/bridge/from-draft.js';
import { toDraft } from '../../../src/revised/bridge/to-draft.js';
import { checkSchema } from '../../../src/revised/schema/check.js';
import { checkSchema as checkDraft } from '../../../src/schema/check.js';
import { arbitraryManifest } from '../../support/arbitrary-manifest.js';
function diff(a: any, b: any, p = ''): string[] {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b) ? [] : [`${p}: ${JSON.stringify(a)?.slice(0, 100)} -> ${JSON.stringify(b)?.slice(0, 100)}`];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((k) => diff(a[k], b[k], `${p}/${k}`));
}
it('x', () => {
  const counts = new Map<string, [number, string]>();
  const note = (kind: string, text: string) => {
    const key = kind + text.replace(/: .*/s, '').replace(/\/[^/]*\d[^/]*/g, '/#').replace(/\/org\.example[^/]*/,'');
    const [n] = counts.get(key) ?? [0, ''];
    counts.set(key, [n + 1, text.slice(0, 250)]);
  };
  const sample = fc.sample(arbitraryManifest, { numRuns: 300, seed: 7 });
  for (const d of sample) {
    const { manifest, lost } = fromDraft(d);
    for (const e of checkSchema(manifest)) note('schema ', `${e.instancePath} ${e.keyword} ${JSON.stringify(e.params)}: `);
    const back = toDraft(manifest);
    for (const e of checkDraft(back.manifest)) note('draft ', `${e.instancePath}: ${JSON.stringify(e)}`);
    const again = fromDraft(back.manifest);
    for (const l of back.lost) note('backlost ', l);
    for (const l of diff(manifest, again.manifest)) note('again ', l);
  }
  console.log([...counts].sort().map(([k, [n, t]]) => `${n} ${k} ## ${t}`).join('\n'));
  expect(1).toBe(1);
}, 600000);

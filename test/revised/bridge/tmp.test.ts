import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fromDraft } from '../../../src/revised/bridge/from-draft.js';
import { toDraft } from '../../../src/revised/bridge/to-draft.js';
import { checkSchema } from '../../../src/revised/schema/check.js';
import { checkSchema as checkDraft } from '../../../src/schema/check.js';
const dir = 'test/corpus/1.0/valid/';
const files = [...readdirSync(dir).map((f) => dir + f), 'test/fixtures/convert/full.msbom.json'];
function diff(a: any, b: any, p = ''): string[] {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b) ? [] : [`${p}: ${JSON.stringify(a)?.slice(0, 100)} -> ${JSON.stringify(b)?.slice(0, 100)}`];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((k) => diff(a[k], b[k], `${p}/${k}`));
}
it('x', () => {
  for (const f of files) {
    const d = JSON.parse(readFileSync(f, 'utf8'));
    const { manifest, lost } = fromDraft(d);
    const e = checkSchema(manifest);
    const back = toDraft(manifest);
    const again = fromDraft(back.manifest);
    const problems = [...e.map((x) => JSON.stringify(x)), ...lost, ...checkDraft(back.manifest).map((x) => JSON.stringify(x)), ...back.lost.map((l) => `back lost ${l}`), ...diff(manifest, again.manifest).map((x) => `again ${x}`), ...diff(d, back.manifest)];
    if (problems.length) console.log(f, problems.slice(0, 30));
  }
  expect(1).toBe(1);
});

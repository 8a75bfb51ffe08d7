/** Our facts against what the formats' own libraries said when scripts/interop/fixtures.mjs made the fixtures. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inspectFile } from '../../src/node.js';
import { factOf, type RecordedFile } from '../support/facts.js';

const fixtures = fileURLToPath(new URL('../fixtures/formats', import.meta.url));

describe.each(readdirSync(fixtures))('%s', (format) => {
  const recorded = JSON.parse(readFileSync(join(fixtures, format, 'facts.json'), 'utf8')) as readonly RecordedFile[];
  it.each(recorded.map((file) => [file.path, file] as const))('%s', async (path, { facts, explained }) => {
    const ours = await inspectFile(join(fixtures, path));
    for (const [name, theirs] of Object.entries(facts)) {
      if (explained[name] === undefined) expect(factOf(ours, name), name).toEqual(theirs);
    }
  });
});

/** Verdicts of `comply` beside those of ntia-conformance-checker on the same SPDX documents; where they differ stands why. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { builtInProfile, comply } from '../../src/comply/index.js';
import { openDocument, readSource } from '../../src/convert/document.js';
import { TARGETS } from '../../src/convert/targets.js';
import type { Manifest } from '../../src/schema/index.js';
import { fullAnswers } from '../support/complying.js';
import { temporaryDirectory } from '../support/temporary.js';
import { PYTHON } from './python.js';

/** What the checker calls an element, and the requirement of `ntia-2021`. */
const ELEMENTS = [
  ['componentSuppliers', 'NTIA-DF1'],
  ['componentNames', 'NTIA-DF2'],
  ['componentVersions', 'NTIA-DF3'],
  ['componentIdentifiers', 'NTIA-DF4'],
  ['dependencyRelationshipsProvided', 'NTIA-DF5'],
  ['authorNameProvided', 'NTIA-DF6'],
  ['timestampProvided', 'NTIA-DF7'],
] as const;

/** `document element` → why the two do not say the same. */
const EXPLAINED: Readonly<Record<string, string>> = {
  'full componentSuppliers': 'it asks for `suppliedBy` alone; the profile takes who produced the component, as `originatedBy` tells it',
  'bare componentVersions': 'it leaves out elements that no relationship leads to from the root; the profile asks all components',
  'bare componentIdentifiers': 'it takes the address of the element within the document for an identifier of the component',
  'bare authorNameProvided':
    'SPDX cannot be without `createdBy`: it takes what stands there for an author; the profile knows that nobody was named',
};

const bare: Manifest = {
  bom: { specVersion: '1.0', serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79', version: 1, timestamp: '2026-01-01T00:00:00Z' },
  model: { name: 'm', version: '1' },
  components: { c: { name: 'c' } },
  dependencies: { model: { completeness: 'unknown' } },
};

async function verdicts(manifest: Manifest): Promise<readonly (readonly [element: string, ours: boolean, theirs: boolean])[]> {
  const write = TARGETS['spdx@3.0.1'] as NonNullable<(typeof TARGETS)[string]>;
  const { text } = await write(manifest);
  const directory = temporaryDirectory();
  const [file, output] = [join(directory, 'sbom.json'), join(directory, 'answer.json')];
  writeFileSync(file, text);
  try {
    execFileSync(PYTHON, ['-m', 'ntia_conformance_checker.main', '-s', 'spdx3', '-c', 'ntia', '-r', 'json', '-o', output, file], {
      stdio: 'pipe',
    });
  } catch {
    // It ends with 1 where something is missing.
  }
  const theirs = JSON.parse(readFileSync(output, 'utf8')) as Record<string, boolean | { readonly allProvided: boolean }>;
  const { manifest: read } = await readSource(await openDocument(new TextEncoder().encode(text), {}));
  const { requirements } = await comply(read, [await builtInProfile('ntia-2021')]);
  return ELEMENTS.map(([element, id]) => {
    const said = theirs[element];
    return [
      element,
      requirements.find((each) => each.id === id)?.status === 'met',
      typeof said === 'object' ? said.allProvided : said === true,
    ];
  });
}

it('differs from ntia-conformance-checker only where it is told why', async () => {
  const rows: string[] = [];
  const different: string[] = [];
  for (const [name, manifest] of [
    ['full', fullAnswers()],
    ['bare', bare],
  ] as const) {
    for (const [element, ours, theirs] of await verdicts(manifest)) {
      const key = `${name} ${element}`;
      if (ours !== theirs) different.push(key);
      rows.push(
        `${key.padEnd(40)} ${ours ? 'met' : 'open'}  ${theirs ? 'provided' : 'missing'}  ${ours === theirs ? '' : (EXPLAINED[key] ?? 'NOT EXPLAINED')}`,
      );
    }
  }
  console.log(rows.join('\n'));
  expect(different.sort()).toEqual(Object.keys(EXPLAINED).sort());
});

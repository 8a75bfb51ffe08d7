/** Whatever is public stands once in docs/library.md, with what it is. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import * as audit from '../../src/audit/index.js';
import * as collect from '../../src/collect/index.js';
import * as comply from '../../src/comply/index.js';
import * as convert from '../../src/convert/index.js';
import * as formats from '../../src/formats/index.js';
import * as core from '../../src/index.js';
import * as node from '../../src/node.js';
import * as oci from '../../src/oci/index.js';
import * as report from '../../src/report/index.js';
import * as scan from '../../src/scan/index.js';
import * as show from '../../src/show/index.js';
import * as sign from '../../src/sign/index.js';

const page = readFileSync(fileURLToPath(new URL('../../docs/library.md', import.meta.url)), 'utf8');
const entries: Readonly<Record<string, object>> = {
  msbom: core,
  'msbom/node': node,
  'msbom/collect': collect,
  'msbom/convert': convert,
  'msbom/formats': formats,
  'msbom/report': report,
  'msbom/scan': scan,
  'msbom/show': show,
  'msbom/sign': sign,
  'msbom/oci': oci,
  'msbom/comply': comply,
  'msbom/audit': audit,
};

it.each(Object.entries(entries))('%s', (entry, names) => {
  const [, after = ''] = page.split(`\n### ${entry}\n`);
  const [table = ''] = after.split('\n### ');
  const listed = [...table.matchAll(/^\| `(\w+)` \| [^|]+ \|$/gm)].map((match) => match[1] ?? '');
  expect(listed.sort()).toEqual(Object.keys(names).sort());
});

/** Our XML against the official XML schemas, by libxml2. Needs a Python with lxml (MSBOM_PYTHON). */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCycloneDXXml } from '../../src/convert/cyclonedx/xml/write.js';
import { CYCLONEDX_VERSIONS, fromCycloneDX } from '../../src/convert/index.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';
import { temporaryDirectory } from '../support/temporary.js';
import { PYTHON } from './python.js';

const schemas = fileURLToPath(new URL('../../node_modules/@cyclonedx/cyclonedx-library/res/schema/', import.meta.url));
const official = fileURLToPath(new URL('../../../shared/data/cyclonedx/1.6/', import.meta.url));
const hasLxml = spawnSync(PYTHON, ['-c', 'import lxml']).status === 0;

const VALIDATE = `
import json, sys
from lxml import etree
directory, version, *files = sys.argv[1:]
class Local(etree.Resolver):
    def resolve(self, url, public_id, context):
        return self.resolve_filename(directory + 'spdx.SNAPSHOT.xsd', context) if 'spdx' in url else None
parser = etree.XMLParser(no_network=True)
parser.resolvers.add(Local())
schema = etree.XMLSchema(etree.parse(directory + 'bom-%s.SNAPSHOT.xsd' % version, parser))
print(json.dumps([[file, str(schema.error_log[0])] for file in files if not schema.validate(etree.parse(file))]))
`;
const validate = (version: string, files: readonly string[]): unknown =>
  JSON.parse(execFileSync(PYTHON, ['-c', VALIDATE, schemas, version, ...files], { encoding: 'utf8' }));

describe.skipIf(!hasLxml)('XML by the official schemas (skipped without lxml)', () => {
  it.each(CYCLONEDX_VERSIONS)('of generated manifests, %s', (version) => {
    const directory = temporaryDirectory();
    const files = fc.sample(arbitraryManifest, 100).map((manifest, i) => {
      const file = join(directory, `${i}.xml`);
      writeFileSync(file, toCycloneDXXml(manifest, { version }).text);
      return file;
    });
    expect(validate(version, files)).toEqual([]);
  });

  it.skipIf(!existsSync(official))('of the official documents in JSON', () => {
    const directory = temporaryDirectory();
    const names = readdirSync(official).filter((name) => /^valid.*\.json$/.test(name));
    const files = names.map((name) => {
      const { manifest } = fromCycloneDX(JSON.parse(readFileSync(join(official, name), 'utf8')), { timestamp: '2026-01-01T00:00:00Z' });
      const file = join(directory, `${name}.xml`);
      writeFileSync(file, toCycloneDXXml(manifest, { version: '1.6' }).text);
      return file;
    });
    expect(validate('1.6', files)).toEqual([]);
  });
});

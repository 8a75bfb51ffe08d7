/** `convert INPUT --to TARGET -o FILE [--lossless]`, as the command line does it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openDocument, readSource } from '../../src/convert/document.js';
import { TARGETS } from '../../src/convert/targets.js';
import { MsbomError } from '../../src/core/error.js';
import { parseManifest } from '../../src/manifest/parse.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { to: { type: 'string' }, output: { type: 'string', short: 'o' }, lossless: { type: 'boolean' } },
});
const [command, input = ''] = positionals;
const write = TARGETS[values.to ?? ''];
try {
  if (command !== 'convert' || write === undefined) throw new Error('usage: convert INPUT --to TARGET -o FILE');
  const bytes = readFileSync(input);
  const opened = await openDocument(bytes, { file: input });
  const isManifest = opened.kind.standard === 'msbom';
  const { manifest, findings } = isManifest ? { manifest: parseManifest(bytes), findings: [] } : await readSource(opened, { file: input });
  const { text, losses, problems } = await write(manifest, { lossless: values.lossless ?? false, reference: isManifest });
  for (const { severity, id, pointer, message } of [...findings, ...losses, ...problems])
    console.error(`${severity} ${id} ${pointer ?? ''}: ${message}`);
  if (problems.length > 0) process.exit(1);
  writeFileSync(values.output ?? '/dev/stdout', text);
} catch (error) {
  console.error(MsbomError.is(error) ? `${error.code} ${error.pointer ?? ''}: ${error.message}` : error);
  process.exit(2);
}

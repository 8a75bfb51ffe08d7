#!/usr/bin/env node
// Feeds documents to the checks of cdxgen. usage: cdxgen.mjs NPM-FOLDER FILE...; prints one JSON object for each file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, ...files] = process.argv.slice(2);
const home = join(folder, 'node_modules/@cyclonedx/cdxgen');
const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
const { validateBom } = await import(join(home, 'lib/validator/bomValidator.js'));
for (const file of files) {
  const log = [];
  console.log = (...parts) => void log.push(parts.map(String).join(' '));
  const line = { file, version };
  try {
    line.accepted = validateBom(JSON.parse(readFileSync(file, 'utf8'))) !== false;
    if (!line.accepted) line.reason = log.join(' ').slice(0, 400);
  } catch (error) {
    Object.assign(line, { accepted: false, reason: `${error.name}: ${error.message}` });
  }
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The manifest that fills every property of the schema (scripts/generate/full-manifest.mjs). */
import { readFileSync } from 'node:fs';
import { parseManifest } from '../../src/manifest/parse.js';

export const fullText = readFileSync(new URL('../corpus/full.msbom.json', import.meta.url), 'utf8');
export const full = parseManifest(fullText);

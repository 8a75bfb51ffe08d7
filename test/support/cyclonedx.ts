import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const shared = fileURLToPath(new URL('../../../shared/data/cyclonedx/1.6/', import.meta.url));

/** The official test documents of CycloneDX 1.6, where they lie beside the repository. */
export const official = existsSync(shared) ? readdirSync(shared) : undefined;
export const OFFICIAL_MISSING = 'skipped: the official test documents of CycloneDX are not at ../shared/data/cyclonedx/1.6';
export const readOfficial = (name: string): string => readFileSync(shared + name, 'utf8');

/** Documents of the repository. */
const fixtures = fileURLToPath(new URL('../fixtures/convert/', import.meta.url));
export const readFixture = (name: string): string => readFileSync(fixtures + name, 'utf8');
export const goldenDocuments = (): readonly string[] => readdirSync(fixtures).filter((name) => name.endsWith('.cdx.json'));

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where `node scripts/interop/setup.mjs` puts the libraries. */
const OWN = fileURLToPath(new URL('../../.tmp/interop/bin/python', import.meta.url));

/** The Python that has the formats' own libraries: `MSBOM_PYTHON`, the one that setup made, or the one on the path. */
export const PYTHON = process.env.MSBOM_PYTHON ?? (existsSync(OWN) ? OWN : 'python3');

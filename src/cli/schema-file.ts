import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The JSON Schema of manifests, as it comes with the program. */
export function schemaText(): string {
  const name = join('schema', '1.0', 'msbom.schema.json');
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, name)) && dirname(at) !== at) at = dirname(at);
  return readFileSync(join(at, name), 'utf8');
}

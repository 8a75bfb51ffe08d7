// The types of the CommonJS build: those of the other one, word for word, which name files that end in `.cjs`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
for (const path of readdirSync(dist, { recursive: true })) {
  if (!path.endsWith('.d.ts')) continue;
  const text = readFileSync(dist + path, 'utf8').replace(/^((?:import|export)\b[^;]*['"]\.[^'"]*)\.js(['"];)$/gm, '$1.cjs$2');
  writeFileSync(`${dist}${path.slice(0, -'.ts'.length)}.cts`, text);
}

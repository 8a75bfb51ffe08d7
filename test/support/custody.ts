/** Signed directories with claims, for tests of lineage and policies. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { appendClaim, keySigner, provenance, type Role, type Statement, signDirectory, signStatement } from '../../src/sign/index.js';
import { makeKey } from './certificates.js';

export interface Person {
  readonly key: string;
  readonly publicKey: string;
}

export const person = (): Person => makeKey();

/** Writes and signs a directory; its root. */
export async function signed(directory: string, files: Readonly<Record<string, string>>, { key }: Person): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  const { bundle, root } = await signDirectory(directory, { signer: keySigner({ key }), signatureFile: join(directory, 'model.sig') });
  writeFileSync(join(directory, 'model.sig'), bundle);
  return root;
}

/** Adds a claim; its name. */
export async function claimed(directory: string, made: Statement, { key }: Person): Promise<string> {
  const { id, bundle } = await signStatement(made, keySigner({ key }));
  await appendClaim(join(directory, 'claims.jsonl'), bundle);
  return id;
}

/** Provenance of a root from others by their roles. */
export const madeFrom = (root: string, inputs: readonly (readonly [Role, string])[]): Statement =>
  provenance({
    subject: [{ name: 'model', digest: { sha256: root } }],
    kind: 'finetune',
    parameters: {},
    inputs: inputs.map(([role, sha256]) => ({ role, name: role, digest: { sha256 } })),
    builder: 'https://ci.example',
    finished: new Date('2026-01-10T00:00:00Z'),
  });

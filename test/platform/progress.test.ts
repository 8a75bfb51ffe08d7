import { createHash } from 'node:crypto';
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hashFiles } from '../../src/platform/hash.js';
import { temporaryDirectory } from '../support/temporary.js';

it('tells how far a big file is, with its name, and every byte once', async () => {
  const directory = temporaryDirectory({ 'small.txt': 'abc' });
  const big = join(directory, 'big.bin');
  writeFileSync(big, '');
  const size = 70 * 1024 * 1024 + 5;
  truncateSync(big, size); // a hole: zeros that take no disk
  const told = new Map<string, number[]>();
  const { files } = await hashFiles(
    [
      { absolutePath: join(directory, 'small.txt'), path: 'small.txt', size: statSync(join(directory, 'small.txt')).size },
      { absolutePath: big, path: 'big.bin', size },
    ],
    { jobs: 1, onProgress: (bytes, path) => told.set(path, [...(told.get(path) ?? []), bytes]) },
  );
  expect(told.get('small.txt')).toEqual([3]);
  expect(told.get('big.bin')).toEqual([32 * 1024 * 1024, 32 * 1024 * 1024, 6 * 1024 * 1024 + 5]);
  const zeros = createHash('sha256');
  for (let i = 0; i < 70; i++) zeros.update(new Uint8Array(1024 * 1024));
  expect(files.find(({ path }) => path === 'big.bin')?.digest.sha256).toBe(zeros.update(new Uint8Array(5)).digest('hex'));
});

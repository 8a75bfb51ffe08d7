import { createHash } from 'node:crypto';
import type { CollectOptions } from '../../src/collect/index.js';

/** Digests of files that are in memory. */
export const memoryDigests =
  (files: Readonly<Record<string, Uint8Array>>): CollectOptions['digestFiles'] =>
  async (entries) =>
    entries.map(({ path, size }) => ({
      path,
      size,
      digest: {
        sha256: createHash('sha256')
          .update(files[path] ?? '')
          .digest('hex'),
      },
    }));

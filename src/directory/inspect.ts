import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';
import { type FileFacts, readFacts } from '../formats/index.js';
import { openFile } from '../node/files.js';

/** What the header of one file says; undefined when no reader recognises it. */
export async function inspectFile(path: string, limits: Limits = DEFAULT_LIMITS): Promise<FileFacts | undefined> {
  const file = await openFile(path);
  try {
    return await readFacts(file, limits);
  } finally {
    await file.close();
  }
}

import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MsbomError, withPlace } from '../core/error.js';
import { isBlocking } from '../core/finding.js';
import { DEFAULT_LIMITS } from '../core/limits.js';
import { ioError } from '../platform/io-error.js';
import type { Manifest } from '../schema/index.js';
import { validateText } from '../validate/index.js';
import { readStdin, type VerbOptions } from './options.js';

/** The bytes of a file, or of standard input for `-`. @throws ERR_IO_*, ERR_LIMIT_BYTES */
export async function readInput(name: string, io: VerbOptions = {}): Promise<Uint8Array> {
  const { maxDocumentBytes } = DEFAULT_LIMITS;
  if (name === '-') {
    if (io.outputDescriptor !== undefined) await io.guard?.reads('/dev/stdin');
    return readStdin(maxDocumentBytes, io);
  }
  const path = resolve(io.cwd ?? '.', name);
  await io.guard?.reads(path);
  try {
    return await readBounded(path, name, maxDocumentBytes);
  } catch (error) {
    throw ioError(error, name, 'ERR_IO_READ');
  }
}

async function readBounded(path: string, file: string, max: number): Promise<Uint8Array> {
  const found = await stat(path);
  if (found.size > max) throw tooLarge(file, `the document has ${found.size} bytes, the limit is ${max}`);
  if (found.isFile() || found.isDirectory()) return readFile(path);
  // A pipe or a device tells no size.
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    total += chunk.byteLength;
    if (total > max) throw tooLarge(file, `the document has more than ${max} bytes, which is the limit`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (file: string, message: string): MsbomError =>
  new MsbomError('ERR_LIMIT_BYTES', message, { file, hint: 'split the document, or use `limits` of the library' });

/**
 * A valid manifest from a file.
 * @throws ERR_MANIFEST_INVALID with everything that is wrong, ERR_CLI_USAGE for a document of another standard
 */
export async function readManifest(name: string, io: VerbOptions = {}): Promise<Manifest> {
  const bytes = await readInput(name, io);
  try {
    return manifestFrom(bytes, name);
  } catch (error) {
    throw (await otherStandard(bytes, name)) ?? error;
  }
}

/** What is no manifest may be a document of another standard; then that is the matter, and not its first member. */
async function otherStandard(bytes: Uint8Array, name: string): Promise<MsbomError | undefined> {
  const { openDocument } = await import('../convert/validate.js');
  const opened = await openDocument(bytes, { file: name }).catch(() => undefined);
  if (opened === undefined || opened.kind.standard === 'msbom') return undefined;
  const { standard, version } = opened.kind;
  const what = `${standard === 'spdx' ? 'SPDX' : 'CycloneDX'}${version === undefined ? '' : ` ${version.slice(0, 20)}`}`;
  return new MsbomError('ERR_CLI_USAGE', `this is ${what}, and a manifest is needed`, {
    file: name,
    hint: `\`msbom convert ${name} -o m.msbom.json\` makes a manifest of it`,
  });
}

/** A valid manifest from the bytes of a file. @throws ERR_MANIFEST_INVALID with the first thing that is wrong */
export function manifestFrom(input: Uint8Array, name: string): Manifest {
  const result = validateText(input, { file: name });
  if (result.valid) return result.manifest;
  const first = result.findings.find(isBlocking);
  if (first?.id === 'manifest-version') throw new MsbomError('ERR_MANIFEST_VERSION', first.message, { file: name, hint: first.fix });
  throw new MsbomError('ERR_MANIFEST_INVALID', first?.message ?? 'the manifest is not valid', {
    file: name,
    line: first?.line,
    column: first?.column,
    findings: result.findings,
    hint: `run \`msbom validate ${name}\` to see every finding`,
  });
}

/** Work on what stood in a file: its errors name the file where they name none. */
export async function ofFile<T>(file: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw withPlace(error, { file });
  }
}

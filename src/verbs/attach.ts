import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { parseJson } from '../core/json.js';
import { isObject, own } from '../core/objects.js';
import { printableJson } from '../core/printable.js';
import type { Attachment, AttachResult } from '../oci/index.js';
import { printLines } from '../report/lines.js';
import { readInput } from './input.js';
import { timestampOf, type VerbOptions } from './options.js';
import { openArtifact, type RegistryAccess } from './registry.js';
import type { VerbResult } from './result.js';

export const ATTACH_FORMATS = ['text', 'json'] as const;
export type AttachFormat = (typeof ATTACH_FORMATS)[number];

export interface AttachVerbOptions extends VerbOptions {
  readonly registry?: RegistryAccess;
}

export interface AttachVerbResult extends VerbResult<AttachFormat> {
  /** `oci://HOST/NAME` or `oci:DIRECTORY`, and the digest that it has. */
  readonly artifact: string;
  readonly digest: string;
  readonly attached: readonly AttachResult[];
}

/**
 * Attaches evidence to an artifact that is there: of a directory its `model.sig` and `claims.jsonl`, of a file a signature, claims or a
 * document. The artifact stays as it is.
 * @throws ERR_CLI_USAGE, ERR_MANIFEST_INVALID, ERR_SIGN_STATEMENT, ERR_SIGN_CONTENT, ERR_OCI_*, ERR_JSON_*, ERR_LIMIT_*, ERR_IO_*
 */
export async function attach(
  reference: string,
  paths: string | readonly string[],
  options: AttachVerbOptions = {},
): Promise<AttachVerbResult> {
  const named = typeof paths === 'string' ? [paths] : paths;
  const things = (await Promise.all(named.map((path) => thingsOf(path, options)))).flat();
  const { repository, artifact } = await openArtifact(reference, options.registry ?? {}, options);
  const oci = await import('../oci/index.js');
  const attached = await oci.attach(repository, artifact, things, { now: new Date(timestampOf(options)) });
  const about = { artifact: repository.name, digest: artifact.descriptor.digest, attached };
  return {
    ...about,
    exitCode: 0,
    findings: [],
    formats: ATTACH_FORMATS,
    render: async (format, { paint } = {}) =>
      format === 'json'
        ? printableJson({ version: 1, ...about })
        : printLines(
            attached.map(({ name, digest, isNew }) => [isNew ? ['green', 'attached'] : ['dim', 'was there'], `  ${digest}  ${name}`]),
            paint,
          ),
  };
}

/** What a directory or a file has to be attached. */
async function thingsOf(path: string, options: VerbOptions): Promise<readonly Attachment[]> {
  const cwd = options.cwd ?? '.';
  const found = await stat(resolve(cwd, path)).catch(() => undefined);
  if (found?.isDirectory() !== true) return fileThings(path, options);
  const { CLAIMS_NAME } = await import('../sign/index.js');
  const own = ['model.sig', CLAIMS_NAME].map((name) => join(path, name));
  const there = await Promise.all(own.map((file) => stat(resolve(cwd, file)).catch(() => undefined)));
  const files = own.filter((_, i) => there[i]?.isFile() === true);
  if (files.length === 0)
    throw new MsbomError('ERR_CLI_USAGE', 'the directory has neither model.sig nor claims.jsonl', {
      file: basename(path),
      hint: 'sign it first: `msbom sign`',
    });
  return (await Promise.all(files.map((file) => fileThings(file, options)))).flat();
}

async function fileThings(path: string, options: VerbOptions): Promise<readonly Attachment[]> {
  const bytes = new Uint8Array(await readInput(path, options));
  const name = basename(path);
  if (name.endsWith('.jsonl'))
    return Buffer.from(bytes)
      .toString('utf8')
      .split('\n')
      .flatMap((line, i) => (line.trim() === '' ? [] : [{ name: `${name}:${i + 1}`, bytes: new Uint8Array(Buffer.from(line)) }]));
  const value = parseJson(bytes, { file: name, inexactIntegers: 'round' });
  if (isObject(value) && String(own(value, 'mediaType')).startsWith('application/vnd.dev.sigstore.bundle')) return [{ name, bytes }];
  return [{ name, bytes, mediaType: await documentType(bytes, value, name) }];
}

/** The media type of a document that is valid. */
async function documentType(bytes: Uint8Array, value: unknown, name: string): Promise<string> {
  const { kindOf } = await import('../convert/index.js');
  const { standard } = kindOf(value);
  const type = { msbom: 'application/vnd.msbom+json', cyclonedx: 'application/vnd.cyclonedx+json', spdx: 'application/spdx+json' }[
    standard as string
  ];
  if (type === undefined)
    throw new MsbomError('ERR_CLI_USAGE', 'the file is no signature, no claim and no document that is known', {
      file: name,
      hint: 'give JSON of Sigstore, MSBOM, CycloneDX or SPDX',
    });
  const { validate } = await import('./validate.js');
  const { exitCode, findings } = await validate(bytes);
  if (exitCode !== 0)
    throw new MsbomError('ERR_MANIFEST_INVALID', findings[0]?.message ?? 'the document is not valid', { file: name, findings });
  return type;
}

import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { MsbomError } from '../../core/error.js';
import { parseJson } from '../../core/json.js';
import { isObject, own } from '../../core/objects.js';
import { type Attachment, attach } from '../../oci/index.js';
import { printLines } from '../../report/index.js';
import { CLAIMS_NAME } from '../../sign/index.js';
import { readInput } from '../../verbs/input.js';
import type { Command } from '../command.js';
import { EXIT, type Session } from '../io.js';
import { paintFor } from '../printer.js';
import { openArtifact } from '../registry.js';
import { REGISTRY_OPTIONS } from '../registry-options.js';
import { SUMMARIES } from '../summaries.js';
import { nowFrom } from '../values.js';

export const command: Command = {
  name: 'attach',
  summary: SUMMARIES.attach,
  usage: 'msbom attach REFERENCE DIRECTORY|FILE… [OPTIONS]',
  description:
    'Attaches evidence to an artifact that is there already: of a directory its model.sig and claims.jsonl; of a file a signature, claims, or a document of MSBOM, CycloneDX or SPDX, which nobody signed. The artifact stays as it is: each becomes a manifest that refers to it, as cosign 3 writes them. What is about something else, or contradicts the layers, is refused. docs/oci.md says what a reference is.',
  minPositionals: 2,
  maxPositionals: 1000,
  options: { ...REGISTRY_OPTIONS },
  examples: [
    ['msbom attach oci://registry.example/acme/lora:1.0 ./lora', 'the signature and the claims of a directory'],
    ['msbom attach oci://registry.example/acme/lora:1.0 lora.msbom.json', 'a manifest, unsigned'],
    ['msbom attach oci:./layout:1.0 ./lora', 'in an OCI layout, without a network'],
  ],
  exits: [
    'everything is attached',
    'never',
    'nothing was attached, or not everything: the registry refused, something is about something else, or a usage error',
  ],
  async run(args, io) {
    const [target = '', ...paths] = args.positionals;
    const things = (await Promise.all(paths.map((path) => thingsOf(path, io)))).flat();
    const { repository, artifact } = await openArtifact(target, args, io);
    const results = await attach(repository, artifact, things, { now: nowFrom(io) });
    io.stdout.write(
      printLines(
        results.map(({ name, digest, isNew }) => [isNew ? ['green', 'attached'] : ['dim', 'was there'], `  ${digest}  ${name}`]),
        paintFor(io.stdout, io),
      ),
    );
    return EXIT.clean;
  },
};

/** What a directory or a file has to be attached. */
async function thingsOf(path: string, io: Session): Promise<readonly Attachment[]> {
  const found = await stat(resolve(io.cwd, path)).catch(() => undefined);
  if (found?.isDirectory() !== true) return fileThings(path, io);
  const own = ['model.sig', CLAIMS_NAME].map((name) => join(path, name));
  const there = await Promise.all(own.map((file) => stat(resolve(io.cwd, file)).catch(() => undefined)));
  const files = own.filter((_, i) => there[i]?.isFile() === true);
  if (files.length === 0)
    throw new MsbomError('ERR_CLI_USAGE', 'the directory has neither model.sig nor claims.jsonl', {
      file: basename(path),
      hint: 'sign it first: `msbom sign`',
    });
  return (await Promise.all(files.map((file) => fileThings(file, io)))).flat();
}

async function fileThings(path: string, io: Session): Promise<readonly Attachment[]> {
  const bytes = new Uint8Array(await readInput(path, io));
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
  const { kindOf } = await import('../../convert/index.js');
  const { standard } = kindOf(value);
  const type = { msbom: 'application/vnd.msbom+json', cyclonedx: 'application/vnd.cyclonedx+json', spdx: 'application/spdx+json' }[
    standard as string
  ];
  if (type === undefined)
    throw new MsbomError('ERR_CLI_USAGE', 'the file is no signature, no claim and no document that is known', {
      file: name,
      hint: 'give JSON of Sigstore, MSBOM, CycloneDX or SPDX',
    });
  const { validate } = await import('../../verbs/validate.js');
  const { exitCode, findings } = await validate(bytes);
  if (exitCode !== 0)
    throw new MsbomError('ERR_MANIFEST_INVALID', findings[0]?.message ?? 'the document is not valid', { file: name, findings });
  return type;
}

import { ATTACH_FORMATS, type AttachFormat, attach } from '../../verbs/attach.js';
import type { Command } from '../command.js';
import { paintFor } from '../printer.js';
import { registryFrom } from '../registry.js';
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
  options: {
    format: {
      type: 'string',
      short: 'f',
      value: 'FORMAT',
      choices: ATTACH_FORMATS,
      default: 'text',
      help: 'how the list of what is attached is written',
    },
    ...REGISTRY_OPTIONS,
  },
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
    const result = await attach(target, paths, { ...io, now: nowFrom(io), registry: registryFrom(target, args, io) });
    const format = args.text('format') as AttachFormat; // one of the choices
    io.stdout.write(await result.render(format, { paint: paintFor(io.stdout, io) }));
    return result.exitCode;
  },
};

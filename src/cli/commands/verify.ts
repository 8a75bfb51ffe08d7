import { MsbomError } from '../../core/error.js';
import { optional } from '../../core/objects.js';
import { VERIFY_FORMATS, type VerifyFormat, verify } from '../../verbs/verify.js';
import type { Arguments, Command } from '../command.js';
import { asksForCustody, CUSTODY_OPTIONS, givenCustodyOption } from '../custody-options.js';
import { paintFor } from '../printer.js';
import { progressBar } from '../progress.js';
import { isArtifact, REGISTRY_OPTIONS } from '../registry-options.js';
import { asksForSignature, givenSignatureOption, SIGNATURE_OPTIONS } from '../signature-options.js';
import { SUMMARIES } from '../summaries.js';
import { excluder, nowFrom, numberFrom } from '../values.js';
import { NAMED_WAIVER_OPTIONS } from '../waivers.js';

export const command: Command = {
  name: 'verify',
  summary: SUMMARIES.verify,
  usage: 'msbom verify DIRECTORY|REFERENCE (--manifest FILE | --signature FILE | --recursive | --lineage | --policy FILE) [OPTIONS]',
  description:
    'Reads every file of the directory once, computes every digest that the manifest states, and says which files are changed, missing, added, unreadable or unchecked, and what the verdict does not cover. Nothing but a match of every file, with no file besides them, is a success. With --signature it says who signed the files too, as far as a public key or a root certificate proves it; with --lineage what the model was made from, each part by its own signature; with --policy whether it may pass. A reference such as oci://HOST/NAME:TAG is an artifact in an OCI registry, verified by the signatures and claims that refer to it.',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    manifest: { type: 'string', short: 'm', value: 'FILE', help: 'the manifest to verify against' },
    format: {
      type: 'string',
      short: 'f',
      value: 'FORMAT',
      choices: [...VERIFY_FORMATS, 'dot', 'mermaid'],
      default: 'text',
      help: 'how the verdict is written; dot and mermaid draw the lineage',
    },
    exclude: { type: 'string', value: 'GLOB', multiple: true, help: 'do not look at added files that match' },
    strict: {
      type: 'boolean',
      help: 'accept nothing that the manifest does not cover: no ignored or excluded path, no link, no digest that is not checked',
    },
    ...NAMED_WAIVER_OPTIONS,
    jobs: { type: 'string', short: 'j', value: 'N', help: 'threads for hashing at most' },
    ...SIGNATURE_OPTIONS,
    ...CUSTODY_OPTIONS,
    ...REGISTRY_OPTIONS,
  },
  examples: [
    ['msbom verify ./my-model --manifest my-model.msbom.json', 'are these the files that were described?'],
    ['msbom verify ./my-model -m my-model.msbom.json --strict', 'and is nothing else there?'],
    ['msbom verify ./my-model --signature my-model/model.sig --public-key key.pub', 'were they signed with this key?'],
    ['msbom verify ./lora --lineage --roots ./models --public-key key.pub', 'is all that it was made from signed by them?'],
    ['msbom verify ./lora --policy policy.json --boundary production --roots ./models --explain', 'may it go into production, and why?'],
    ['msbom verify oci://registry.example/acme/lora:1.0 --public-key key.pub', 'is the model in the registry signed with this key?'],
    ['msbom verify ./models --recursive --cert-root ca.pem --identity release@example.com', 'are all models below signed by them?'],
  ],
  exits: [
    'every file matches',
    'a file is changed, missing, added, unreadable or unchecked, the signature or its signer is not accepted, or --strict does not accept something',
    'the manifest, the key or the directory could not be read, or a usage error',
  ],
  async run(args, io) {
    const file = args.text('manifest');
    if (isArtifact(args.positionals[0])) return (await import('../artifact.js')).verifyArtifactBy(args, io);
    requireNoRegistry(args);
    if (asksForCustody(args)) return (await import('../custody.js')).verifyCustody(args, io);
    requireOneQuestion(args);
    if (file === undefined) return (await import('../signature.js')).verifyBySignature(args, io);
    const progress = progressBar(io, args);
    const jobs = numberFrom(args, 'jobs');
    const result = await verify(args.positionals[0] ?? '.', {
      ...io,
      manifest: file,
      strict: args.flag('strict'),
      exclude: excluder(args.texts('exclude')),
      onProgress: progress.update,
      now: nowFrom(io),
      ...optional('waivers', args.text('waivers')),
      ...(jobs === undefined ? {} : { jobs }),
    }).finally(progress.end);
    const format = args.text('format') as VerifyFormat; // one of the choices
    io.stdout.write(await result.render(format, { paint: paintFor(io.stdout, io) }));
    return result.exitCode;
  },
};

/** @throws ERR_CLI_USAGE */
function requireNoRegistry(args: Arguments): void {
  const given = Object.keys(REGISTRY_OPTIONS).find(
    (name) => args.text(name) !== undefined || args.flag(name) || args.texts(name).length > 0,
  );
  if (given !== undefined)
    throw new MsbomError('ERR_CLI_USAGE', `\`--${given}\` means nothing with a directory`, {
      hint: 'give a reference such as oci://HOST/NAME:TAG',
    });
}

/** A manifest or a signature, and options of that one alone. @throws ERR_CLI_USAGE */
function requireOneQuestion(args: Arguments): void {
  const bySignature = asksForSignature(args);
  const custody = givenCustodyOption(args) ?? (['dot', 'mermaid'].includes(args.text('format') ?? '') ? 'format' : undefined);
  if (custody !== undefined)
    throw new MsbomError('ERR_CLI_USAGE', `\`--${custody}\` is of --lineage or --policy`, { hint: 'see `msbom verify --help`' });
  if (args.given('manifest') === bySignature)
    throw new MsbomError('ERR_CLI_USAGE', '`msbom verify` needs --manifest, or else --signature, --recursive, --lineage or --policy', {
      hint: `usage: ${command.usage}`,
    });
  const other = bySignature ? ['strict', 'exclude', 'waivers'].find((name) => args.given(name)) : givenSignatureOption(args);
  if (other === undefined) return;
  const what = bySignature ? 'a signature' : 'a manifest';
  throw new MsbomError('ERR_CLI_USAGE', `\`--${other}\` means nothing with ${what}`, { hint: 'see `msbom verify --help`' });
}

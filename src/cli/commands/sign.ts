import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MsbomError } from '../../core/error.js';
import { ioError } from '../../platform/io-error.js';
import { type KeylessSigner, signDirectory } from '../../sign/index.js';
import { readInput } from '../../verbs/input.js';
import type { Arguments, Command } from '../command.js';
import { EXIT, type Session } from '../io.js';
import { say, writeText } from '../printer.js';
import { progressBar } from '../progress.js';
import { SIGNATURE_MARK } from '../signature-options.js';
import { SIGNER_OPTIONS, signerFrom } from '../signing.js';
import { SUMMARIES } from '../summaries.js';
import { numberFrom } from '../values.js';

export const command: Command = {
  name: 'sign',
  summary: SUMMARIES.sign,
  usage: 'msbom sign DIRECTORY (--key FILE | --signer-cmd COMMAND | --signing-config FILE) [OPTIONS]',
  description:
    'Writes a signature of OpenSSF Model Signing v1.0 over the names and digests of all files in the directory, or over one file. Git files at the top, the signature and claims.jsonl are left out and recorded as such; whatever else cannot be signed, such as a link, is an error. Nothing is sent anywhere, but with --signing-config: then the authority that it names certifies who signs, and its log, which everybody can read, keeps who that was.',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    ...SIGNER_OPTIONS,
    'signing-config': {
      type: 'string',
      value: 'FILE',
      help: 'signing_config.json of Sigstore or another authority: sign by an identity instead of a key',
    },
    'identity-token-file': {
      type: 'string',
      value: 'FILE',
      help: 'file with the OpenID Connect token that proves the identity; else the variable SIGSTORE_ID_TOKEN',
    },
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      help: 'write the signature to FILE; default model.sig in the directory, `-` is standard output',
    },
    ignore: { type: 'string', value: 'PATH', multiple: true, help: 'do not sign this file or directory; recorded in the signature' },
    'allow-symlinks': { type: 'boolean', help: 'sign what links to files inside the directory lead to' },
    hash: { type: 'string', value: 'NAME', choices: ['sha256', 'blake2b', 'blake3'], default: 'sha256', help: 'how files are hashed' },
    'shard-size': { type: 'string', value: 'BYTES', help: 'sign files in parts of so many bytes' },
    jobs: { type: 'string', short: 'j', value: 'N', help: 'threads for hashing at most' },
  },
  examples: [
    ['msbom sign ./my-model --key key.pem', 'sign with a key, into my-model/model.sig'],
    ['msbom sign ./my-model --key key.pem --cert leaf.pem --chain int.pem', 'sign as whom the certificate names'],
    ["msbom sign ./my-model --signer-cmd 'openssl pkeyutl -sign -inkey key.pem' --public-key key.pub", 'let another program sign'],
  ],
  exits: [
    'the signature was written',
    'never',
    'nothing was written: the key, the directory or the signer cannot be used, or a usage error',
  ],
  async run(args, io) {
    const target = resolve(io.cwd, args.positionals[0] ?? '.');
    const output = args.text('output') ?? (await defaultOutput(target));
    const file = output === '-' ? undefined : resolve(io.cwd, output);
    await io.guard.describes(target);
    if (file !== undefined) await io.guard.writes(file, SIGNATURE_MARK);
    const config = args.text('signing-config');
    const signer = config === undefined ? await signerFrom(args, io, command) : await signerByIdentity(config, args, io);
    const jobs = numberFrom(args, 'jobs');
    const shardSize = bytesFrom(args, 'shard-size');
    const progress = progressBar(io, args);
    const result = await signDirectory(target, {
      signer,
      ignore: args.texts('ignore'),
      allowSymlinks: args.flag('allow-symlinks'),
      // One of the choices of the option.
      hash: (args.text('hash') ?? 'sha256') as 'sha256' | 'blake2b' | 'blake3',
      onProgress: progress.update,
      ...(file === undefined ? {} : { signatureFile: file }),
      ...(jobs === undefined ? {} : { jobs }),
      ...(shardSize === undefined ? {} : { shardSize }),
    }).finally(progress.end);
    await writeText(file ?? '-', io, `${result.bundle}\n`);
    for (const path of result.ignored) say(args, io, [['yellow', 'not signed'], `  ${path}`]);
    for (const path of result.empty)
      say(args, io, [['yellow', 'not signed'], `  ${path}: it has no content, and parts of it there are none`]);
    say(args, io, [['green', 'signed'], `  ${result.files} files, root sha256:${result.root}`]);
    return EXIT.clean;
  },
};

/** Beside a file, in a directory. */
async function defaultOutput(target: string): Promise<string> {
  const found = await stat(target).catch((error: unknown) => {
    throw ioError(error, target.slice(target.lastIndexOf('/') + 1), 'ERR_IO_READ');
  });
  return found.isFile() ? `${target}.sig` : join(target, 'model.sig');
}

/** @throws ERR_CLI_USAGE, ERR_SIGN_KEYLESS */
async function signerByIdentity(config: string, args: Arguments, io: Session): Promise<KeylessSigner> {
  if (args.text('key') !== undefined || args.text('signer-cmd') !== undefined)
    throw new MsbomError('ERR_CLI_USAGE', '`msbom sign` needs one of --key, --signer-cmd and --signing-config', {
      hint: `usage: ${command.usage}`,
    });
  const file = args.text('identity-token-file');
  const token = file === undefined ? io.env.SIGSTORE_ID_TOKEN : Buffer.from(await readInput(file, io)).toString('utf8');
  if (token === undefined || token.trim() === '')
    throw new MsbomError('ERR_CLI_USAGE', 'there is no token that proves who signs', {
      hint: 'give it with --identity-token-file or in the variable SIGSTORE_ID_TOKEN',
    });
  const { keylessSigner } = await import('../../sign/keyless/index.js');
  return keylessSigner({ identityToken: token.trim(), signingConfig: await readInput(config, io) });
}

function bytesFrom(args: Arguments, name: string): number | undefined {
  const text = args.text(name);
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new MsbomError('ERR_CLI_USAGE', `\`--${name}\` cannot be \`${text}\``, { hint: 'give a whole number of bytes from 1' });
  return Number(text);
}

/** What the verbs that sign share: passphrases, and commands as lists of words. */
import { MsbomError } from '../core/error.js';
import { commandSigner, isEncrypted, keySigner, type Signer } from '../sign/index.js';
import { readInput } from '../verbs/input.js';
import type { Arguments, Command, Options } from './command.js';
import type { Session } from './io.js';

/** Who signs. */
export const SIGNER_OPTIONS: Options = {
  key: { type: 'string', short: 'k', value: 'FILE', help: 'private key in PEM, of the curve P-256, P-384 or P-521; may be encrypted' },
  'passphrase-file': { type: 'string', value: 'FILE', help: 'file with the passphrase of the key in its first line' },
  'passphrase-env': { type: 'string', value: 'NAME', help: 'variable with the passphrase of the key', default: 'MSBOM_PASSPHRASE' },
  'signer-cmd': {
    type: 'string',
    value: 'COMMAND',
    help: 'program that signs the digest it gets on standard input; run without a shell',
  },
  'public-key': { type: 'string', value: 'FILE', help: 'public key of --signer-cmd, in PEM' },
  cert: { type: 'string', value: 'FILE', help: 'certificate of the key: sign as who it names' },
  chain: { type: 'string', value: 'FILE', multiple: true, help: 'certificates between that one and the root' },
};

/** Who signs, by the options above. @throws ERR_CLI_USAGE, ERR_SIGN_* */
export async function signerFrom(args: Arguments, io: Session, { name, usage }: Pick<Command, 'name' | 'usage'>): Promise<Signer> {
  const [key, program] = [args.text('key'), args.text('signer-cmd')];
  if ((key === undefined) === (program === undefined))
    throw new MsbomError('ERR_CLI_USAGE', `\`msbom ${name}\` needs either --key or --signer-cmd`, { hint: `usage: ${usage}` });
  const cert = args.text('cert');
  const certificates = {
    ...(cert === undefined ? {} : { certificate: await readInput(cert, io) }),
    chain: await Promise.all(args.texts('chain').map((file) => readInput(file, io))),
  };
  if (key !== undefined) {
    const pem = await readInput(key, io);
    const passphrase = await passphraseFor(pem, args, io);
    return keySigner({ key: pem, ...(passphrase === undefined ? {} : { passphrase }), ...certificates });
  }
  const publicKey = args.text('public-key');
  return commandSigner({
    command: wordsOf(program ?? ''),
    cwd: io.cwd,
    env: io.env,
    ...(publicKey === undefined ? {} : { publicKey: await readInput(publicKey, io) }),
    ...certificates,
  });
}

/** The passphrase of an encrypted key: from a file, a variable or the terminal, never from the command line, which others can read. */
export async function passphraseFor(pem: Uint8Array, args: Arguments, io: Session): Promise<Uint8Array | undefined> {
  if (!isEncrypted(pem)) return undefined;
  const file = args.text('passphrase-file');
  if (file !== undefined) return firstLine(await readInput(file, io));
  const variable = io.env[args.text('passphrase-env') ?? ''];
  if (variable !== undefined) return Buffer.from(variable);
  if (io.askSecret !== undefined) return Buffer.from(await io.askSecret('passphrase of the key: '));
  throw new MsbomError('ERR_CLI_USAGE', 'the key is encrypted, and no passphrase was given', {
    hint: 'give it with --passphrase-file or in the variable MSBOM_PASSPHRASE',
  });
}

function firstLine(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(10);
  const line = end === -1 ? bytes : bytes.subarray(0, end);
  return line.at(-1) === 13 ? line.subarray(0, -1) : line;
}

/** `a 'b c' "d"` as three words: quotes hold words together, and mean nothing else. @throws ERR_CLI_USAGE for a quote without an end */
export function wordsOf(text: string, option = '--signer-cmd'): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (const character of text) {
    if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === ' ' || character === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== '') throw new MsbomError('ERR_CLI_USAGE', `a quote in \`${option}\` has no end`);
  if (word !== undefined) words.push(word);
  if (words.length === 0) throw new MsbomError('ERR_CLI_USAGE', `\`${option}\` names no program`);
  return words;
}

/** What the verbs that sign share: passphrases, and commands as lists of words. */
import { MsbomError } from '../core/error.js';
import { isEncrypted } from '../sign/index.js';
import type { Arguments } from './command.js';
import { readInput } from './input.js';
import type { Session } from './io.js';

/** What a file of ours that may be replaced by the next holds. */
export const SIGNATURE_MARK = 'application/vnd.dev.sigstore.bundle';

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
export function wordsOf(text: string): readonly string[] {
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
  if (quote !== '') throw new MsbomError('ERR_CLI_USAGE', 'a quote in `--signer-cmd` has no end');
  if (word !== undefined) words.push(word);
  if (words.length === 0) throw new MsbomError('ERR_CLI_USAGE', '`--signer-cmd` names no program');
  return words;
}

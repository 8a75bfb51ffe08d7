/** Asks at the terminal for what is not to be shown. */
import { openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { MsbomError } from '../core/error.js';

const MAX_LENGTH = 1024;
const [ETX, EOT, BACKSPACE, DELETE] = ['\u0003', '\u0004', '\b', '\u007f'];

/** From the terminal itself, whatever standard input is. @throws ERR_CLI_USAGE when there is no terminal, or it was interrupted */
export async function askSecret(question: string): Promise<string> {
  let descriptor: number;
  try {
    descriptor = openSync(process.platform === 'win32' ? '\\\\.\\CON' : '/dev/tty', 'r+');
  } catch {
    throw new MsbomError('ERR_CLI_USAGE', 'a passphrase is needed, and there is no terminal to ask for it', {
      hint: 'give it with --passphrase-file or in the variable MSBOM_PASSPHRASE',
    });
  }
  const terminal = new ReadStream(descriptor);
  writeSync(descriptor, question);
  terminal.setRawMode(true).setEncoding('utf8');
  try {
    return await typed(terminal);
  } finally {
    terminal.setRawMode(false);
    writeSync(descriptor, '\n');
    terminal.destroy();
  }
}

function typed(terminal: ReadStream): Promise<string> {
  return new Promise((done, fail) => {
    const characters: string[] = [];
    terminal.on('error', fail);
    terminal.on('data', (chunk) => {
      for (const character of String(chunk)) {
        if (character === '\r' || character === '\n' || character === EOT) return done(characters.join(''));
        if (character === ETX || characters.length >= MAX_LENGTH)
          return fail(new MsbomError('ERR_CLI_USAGE', character === ETX ? 'interrupted' : 'the passphrase is too long'));
        if (character === BACKSPACE || character === DELETE) characters.pop();
        else characters.push(character);
      }
    });
  });
}

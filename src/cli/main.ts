#!/usr/bin/env node
/** The program: joins `run` to the process. */
import { setFlagsFromString } from 'node:v8';
import { MsbomError } from '../core/error.js';
import { ownText, printableLines } from '../core/printable.js';
import { TOOL } from '../core/tool.js';
import { EXIT, type Io, type Sink } from './io.js';

// Memory that is no longer needed is given back before much more is asked for: half as much for large documents, in the same time.
setFlagsFromString('--heap-growing-percent=40');

let ending: NodeJS.Signals | undefined;
/** Was standard output refused by the system, or did an error escape? */
let isBroken = false;

/** Opens the stream only when something is asked of it: that takes a while. */
const sink = (name: 'stdout' | 'stderr'): Sink => ({
  write: (text) => void process[name].write(text),
  get isTTY() {
    return process[name].isTTY === true;
  },
  get columns() {
    return process[name].columns;
  },
});

const io: Io = {
  stdout: sink('stdout'),
  stderr: sink('stderr'),
  env: process.env,
  cwd: process.cwd(),
  outputDescriptor: 1,
  async readStdin(maxBytes) {
    const chunks: Buffer[] = [];
    let total = 0;
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      total += chunk.byteLength;
      if (total > maxBytes) throw new MsbomError('ERR_LIMIT_BYTES', `standard input has more than ${maxBytes} bytes`, { file: '-' });
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  },
  async askSecret(question) {
    const { askSecret } = await import('./secret.js');
    return askSecret(question);
  },
  endBySignal: (signal) => void (ending = signal),
};

// A closed pipe (`msbom … | head`) is no error of ours. Anything else, such as a full disk, is one.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  if (!isBroken)
    io.stderr.write(printableLines([`error: standard output: it cannot be written (${error.code ?? error.message}) [ERR_IO_WRITE]`]));
  isBroken = true;
  process.exitCode = EXIT.unanswered;
});

// What nobody caught is told like any other error: Node would print its text as it is.
process.on('uncaughtException', async (error) => {
  const { reportError } = await import('./printer.js');
  reportError(error, io);
  isBroken = true;
  process.exitCode = EXIT.unanswered;
});

const argv = process.argv.slice(2);
if (argv.length === 1 && argv[0] === '--version') io.stdout.write(ownText(`${TOOL.name} ${TOOL.version}\n`));
else {
  const { run } = await import('./run.js');
  const code = await run(argv, io);
  process.exitCode = isBroken ? EXIT.unanswered : code;
  if (ending !== undefined) process.kill(process.pid, ending);
}

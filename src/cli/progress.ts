import { escaped, ownText } from '../core/printable.js';
import type { Arguments } from './command.js';
import type { Io } from './io.js';

export interface Progress {
  update(doneBytes: number, totalBytes: number, path?: string): void;
  end(): void;
}

const WIDTH = 20;
/** Work that is over sooner needs no bar. */
const DELAY_MS = 1000;
const REDRAW_MS = 100;
/** Characters of the name of a file; its end tells more than its beginning. */
const MAX_NAME = 32;

/** A bar on standard error when that is a terminal and the work takes over a second; nothing otherwise. */
export function progressBar(io: Io, args: Arguments): Progress {
  if (!io.stderr.isTTY || args.flag('quiet')) return { update: () => {}, end: () => {} };
  const start = Date.now();
  let shown = 0;
  return {
    update(done, total, path) {
      const now = Date.now();
      if (now - start < DELAY_MS || now - shown < REDRAW_MS) return;
      shown = now;
      io.stderr.write(ownText(`\r${progressLine({ done, total, elapsed: (now - start) / 1000, path })}\u001b[K`));
    },
    end() {
      if (shown > 0) io.stderr.write(ownText('\r\u001b[K'));
    },
  };
}

interface State {
  readonly done: number;
  readonly total: number;
  /** Seconds. */
  readonly elapsed: number;
  readonly path?: string | undefined;
}

/** How far the work is, how fast it goes, how long it takes yet, and at which file it is. */
export function progressLine({ done, total, elapsed, path }: State): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * WIDTH);
  const rate = elapsed > 0 ? done / elapsed : 0;
  const left = rate > 0 ? `, ${duration((total - done) / rate)} left` : '';
  const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`;
  const name = path === undefined ? '' : `  ${shortened(escaped(path))}`;
  return `${bar} ${Math.floor(share * 100)} %  ${gigabytes(done)} of ${gigabytes(total)} GB  ${Math.round(rate / 1e6)} MB/s${left}${name}`;
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
const shortened = (path: string): string => (path.length <= MAX_NAME ? path : `…${path.slice(1 - MAX_NAME)}`);

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.ceil(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

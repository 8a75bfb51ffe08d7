import { ownText } from '../core/printable.js';
import type { Arguments } from './command.js';
import type { Io } from './io.js';

export interface Progress {
  update(done: number, total: number): void;
  end(): void;
}

const WIDTH = 30;
/** Work that is over sooner needs no bar. */
const DELAY_MS = 1000;

/** A bar on standard error when that is a terminal and the work takes over a second; nothing otherwise. */
export function progressBar(io: Io, args: Arguments): Progress {
  if (!io.stderr.isTTY || args.flag('quiet')) return { update: () => {}, end: () => {} };
  const start = Date.now();
  let shown = 0;
  return {
    update(done, total) {
      const now = Date.now();
      if (now - start < DELAY_MS || now - shown < 100) return;
      shown = now;
      const share = total === 0 ? 1 : done / total;
      const filled = Math.round(share * WIDTH);
      io.stderr.write(
        ownText(
          `\r${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${Math.round(share * 100)} %  ${gigabytes(done)} of ${gigabytes(total)} GB`,
        ),
      );
    },
    end() {
      if (shown > 0) io.stderr.write(ownText('\r\u001b[K'));
    },
  };
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);

/** What is left of the limits while one file is scanned; shared by all that is inside of it. */
import type { ScanLimits, ScanSettings } from './settings.js';

/** What can be spent. */
export type Cost = 'opcodes' | 'decodedBytes' | 'readBytes' | 'streams' | 'members';

export interface Budget {
  /** Takes so much of it. False when there is not so much left: stop, and say that the file is not fully inspected. */
  take(cost: Cost, amount: number): boolean;
  /** How much is left. */
  left(cost: Cost): number;
  /** False once the time is over. Cheap enough to ask every some thousand steps. */
  inTime(): boolean;
  /** What ran out, in the order in which it did. */
  readonly spent: ReadonlySet<Cost | 'milliseconds'>;
}

/** A fresh budget. `now` gives milliseconds from any start. */
export function openBudget({ limits }: Pick<ScanSettings, 'limits'>, now: () => number = () => performance.now()): Budget {
  const left: Record<Cost, number> = {
    opcodes: limits.opcodes,
    decodedBytes: limits.decodedBytes,
    readBytes: limits.readBytes,
    streams: limits.streams,
    members: limits.members,
  } satisfies Partial<ScanLimits>;
  const spent = new Set<Cost | 'milliseconds'>();
  const end = now() + limits.milliseconds;
  return {
    spent,
    left: (cost) => left[cost],
    take(cost, amount) {
      if (amount > left[cost]) {
        spent.add(cost);
        return false;
      }
      left[cost] -= amount;
      return true;
    },
    inTime() {
      if (now() <= end) return true;
      spent.add('milliseconds');
      return false;
    },
  };
}

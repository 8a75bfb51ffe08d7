const DAY = 86_400_000;

/** How old advisories are that were changed last at a time (RFC 3339), in whole days and in words. */
export function ageOf(newest: string | undefined, now: Date): { readonly days?: number; readonly words: string } {
  const time = newest === undefined ? Number.NaN : Date.parse(newest);
  if (newest === undefined || Number.isNaN(time)) return { words: 'of unknown age' };
  const days = Math.floor((now.getTime() - time) / DAY);
  // A day for clocks that differ. What is further to come says nothing of how old the rest is.
  if (days < -1) return { words: `the latest of ${newest.slice(0, 10)}, which is still to come` };
  const age = Math.max(0, days);
  return { days: age, words: `the latest of ${newest.slice(0, 10)}, ${age} days ago` };
}

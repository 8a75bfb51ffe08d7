/**
 * What holds for every test file.
 *
 * `npm test` tries the same cases each time, so that it tells of changes and not of luck. New ones are for runs that look for them:
 * `MSBOM_RUNS=5000` (cases for each property, from a new seed) and `MSBOM_SEED` (the seed, as a failure reports it).
 */
import fc from 'fast-check';

const { MSBOM_RUNS, MSBOM_SEED } = process.env;
const seed = MSBOM_SEED ?? (MSBOM_RUNS === undefined ? '1' : undefined);

fc.configureGlobal({
  ...(seed === undefined ? {} : { seed: Number(seed) }),
  // A property that fails is made small by trying again and again, and one whose cases are slow can take hours for that: after this
  // time it is told as it is. Among many cases the first that fails is told.
  ...(MSBOM_RUNS === undefined ? { interruptAfterTimeLimit: 120_000, markInterruptAsFailure: true } : { endOnFailure: true }),
});

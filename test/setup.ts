/** What holds for every test file. */
import fc from 'fast-check';

/**
 * A property that fails is made small by trying again and again, and one whose cases are slow can take hours for that: after this
 * time it is told as it is. Who asks for many runs (`MSBOM_RUNS`) has the time.
 */
if (process.env.MSBOM_RUNS === undefined) fc.configureGlobal({ interruptAfterTimeLimit: 120_000, markInterruptAsFailure: true });

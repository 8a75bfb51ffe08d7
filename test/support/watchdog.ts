import type { Reporter, TestModule } from 'vitest/node';

/** How long a test file may run, in milliseconds. The slowest takes a minute. */
const LIMIT = 8 * 60_000;

/**
 * Ends a run in which a test file does not end, and names the file. The time limit of a test holds only where the test waits: a loop
 * without an end, and a child process that is waited for synchronously, never let it go off.
 */
export function watchdog(limit = LIMIT): Reporter {
  const running = new Map<TestModule, NodeJS.Timeout>();
  return {
    onTestModuleStart(module) {
      const expire = () => {
        process.stderr.write(`\n${module.relativeModuleId} did not end within ${limit / 1000} s: the test run is ended.\n`);
        // A worker that is stuck in a system call would hold up an orderly exit.
        process.kill(process.pid, 'SIGKILL');
      };
      running.set(module, setTimeout(expire, limit));
    },
    onTestModuleEnd(module) {
      clearTimeout(running.get(module));
    },
  };
}

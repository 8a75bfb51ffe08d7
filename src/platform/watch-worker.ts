/** Entry of the watching thread: waits for a process, then looks at its tree again and again, whatever the main thread does. */
import { parentPort, workerData } from 'node:worker_threads';
import { treeOf } from './processes.js';
import { pace, type Watched } from './watch.js';

const state = (workerData as { readonly state: Int32Array }).state;

parentPort?.postMessage('ready' satisfies Watched);
Atomics.wait(state, 0, 0);
const pid = Atomics.load(state, 0);
if (pid > 0) {
  const tree = treeOf(pid, (program) => parentPort?.postMessage({ program } satisfies Watched));
  const wait = pace();
  let isLeft = tree.look();
  while (isLeft && Atomics.load(state, 1) === 0) {
    Atomics.wait(state, 1, 0, wait(tree.told));
    isLeft = tree.look();
  }
  parentPort?.postMessage({ isCut: tree.isCut } satisfies Watched);
}

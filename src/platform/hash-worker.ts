/** Entry of the hashing thread: takes one file at a time, answers with its digests. */
import { parentPort } from 'node:worker_threads';
import { hashJob, type WorkerAnswer, type WorkerQuestion } from './hash.js';
import { ioError } from './io-error.js';

parentPort?.on('message', async ({ job, algorithms }: WorkerQuestion) => {
  let answer: WorkerAnswer;
  try {
    answer = { file: await hashJob(job, algorithms, (bytes) => parentPort?.postMessage({ bytes } satisfies WorkerAnswer)) };
  } catch (error) {
    const { code, message, hint } = ioError(error, job.path, 'ERR_IO_READ');
    answer = { code, message, hint };
  }
  parentPort?.postMessage(answer);
});

/** Runs, recorded while they go on: a command, or a function of a training script. */
export { type RecordedCommand, recordCommand } from './command.js';
export type { RecordOptions, RunRecord } from './engine.js';
export { type RecordedRun, type Run, recordRun } from './function.js';

import type { ChildOutcome } from '../platform/child.js';
import { shellExitCode } from '../platform/child.js';
import { type RecordOptions, type RunRecord, recordCommand } from '../record/index.js';
import { type DocumentResult, documentResult } from './document-result.js';
import { about } from './result.js';

/** A run that was recorded: the manifest was written before the run, beside it and after it. */
export interface RecordResult extends Omit<DocumentResult, 'exitCode'> {
  /** That of the command, as a shell gives it; 2 when the command succeeded and the record is not valid. */
  readonly exitCode: number;
  readonly outcome: ChildOutcome;
  readonly record: RunRecord;
}

/** The command could not be started, so there was no run. */
export interface NotRun {
  readonly exitCode: number;
  readonly outcome: ChildOutcome;
  readonly record?: undefined;
}

/**
 * Runs a command unchanged and records the run.
 * @throws ERR_IO_*, ERR_LIMIT_* when the inputs cannot be hashed or the record cannot be written, ERR_CLI_USAGE
 */
export async function record(command: readonly [string, ...string[]], options: RecordOptions = {}): Promise<RecordResult | NotRun> {
  const { outcome, record: left } = await recordCommand(command, options);
  const code = shellExitCode(outcome);
  if (left === undefined) return { exitCode: code, outcome };
  const { exitCode: _, ...document } = documentResult({ manifest: left.manifest, findings: about(left.file, left.findings) }, left.file, {
    reference: false,
  });
  return { ...document, exitCode: code === 0 && !left.valid ? 2 : code, outcome, record: left };
}

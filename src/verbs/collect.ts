import { basename, resolve } from 'node:path';
import { collectDatasetDirectory } from '../collect/disk/dataset.js';
import { type CollectDirectoryOptions, collectDirectory } from '../collect/disk/directory.js';
import type { CollectResult } from '../collect/index.js';
import { MsbomError } from '../core/error.js';
import type { Finding, Severity } from '../core/finding.js';
import { refuseInvalid } from '../record/check.js';
import { type DocumentResult, documentResult } from './document-result.js';
import type { VerbOptions } from './options.js';
import { about, exitCodeOf } from './result.js';
import { withScans } from './scan-records.js';

export interface CollectVerbOptions extends VerbOptions, Omit<CollectDirectoryOptions, 'cwd' | 'guard' | 'now'> {
  /** What is described; default a model. */
  readonly subject?: 'model' | 'dataset';
  /** Scan the files, and add what was found. */
  readonly scan?: boolean;
  /** `exitCode` is 1 from this severity on; default `high`. */
  readonly failOn?: Severity | 'never';
}

/**
 * Describes the model, or the dataset, in a directory or in one file.
 * @throws ERR_IO_*, ERR_COLLECT_INCOMPLETE, ERR_COLLECT_SELECT, ERR_MANIFEST_INVALID for what the caller supplied, ERR_CLI_USAGE
 */
export async function collect(path: string, options: CollectVerbOptions = {}): Promise<DocumentResult> {
  const { subject = 'model', scan = false, failOn = 'high', ...rest } = options;
  const directory = resolve(options.cwd ?? '.', path);
  const collected = await (subject === 'dataset'
    ? collectDatasetDirectory(directory, forDataset(rest))
    : collectDirectory(directory, rest));
  const scanned = scan ? await withScan(directory, collected, options) : collected;
  await refuseInvalid(scanned.manifest);
  const findings = about(basename(directory), scanned.findings);
  return documentResult({ manifest: scanned.manifest, findings, exitCode: exitCodeOf(findings, failOn) }, basename(directory), {
    reference: false,
  });
}

/** The scanner is loaded by those who ask for it. */
async function withScan(directory: string, { manifest, findings }: CollectResult, options: VerbOptions): Promise<CollectResult> {
  const [{ scanPath }, { DEFAULT_SETTINGS }] = await Promise.all([import('./scanning.js'), import('../scan/index.js')]);
  const files = [];
  for await (const file of scanPath(directory, DEFAULT_SETTINGS, options)) files.push(file);
  const scanned = withScans(manifest, files, new Date(options.now ?? Date.now()));
  return { manifest: scanned.manifest, findings: [...findings, ...(scanned.findings as readonly Finding[])] };
}

/** What a dataset takes of the options; the others would be ignored in silence, so that they are refused. */
function forDataset({ supplied = [], group, name, machine, select, datasets = [], ...rest }: CollectVerbOptions) {
  if (
    supplied.length > 0 ||
    (machine?.probes ?? []).length > 0 ||
    datasets.length > 0 ||
    select !== undefined ||
    (group !== undefined && name === undefined)
  )
    throw new MsbomError(
      'ERR_CLI_USAGE',
      '`--set`, `--overlay`, `--with`, `--dataset`, `--select` and `--group` without `--name` do not go with a dataset',
      { hint: 'leave them out, or collect a model' },
    );
  return { ...rest, ...(name === undefined ? {} : { name: group === undefined ? name : `${group}/${name}` }) };
}

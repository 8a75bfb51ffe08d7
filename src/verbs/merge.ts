import { createHash } from 'node:crypto';
import { openDocument, readSource } from '../convert/document.js';
import { append } from '../core/append.js';
import type { Finding, Severity } from '../core/finding.js';
import { type JoinOptions, joinManifests, withSubject } from '../manifest/join.js';
import { refuseInvalid } from '../record/check.js';
import type { Manifest } from '../schema/index.js';
import { bytesOf, type DocumentInput, readDocument } from './document.js';
import { type DocumentResult, documentResult } from './document-result.js';
import { manifestFrom } from './input.js';
import { timestampOf, type VerbOptions } from './options.js';
import { about, exitCodeOf } from './result.js';

export interface MergeVerbOptions extends VerbOptions {
  /** Id of the component or dataset that the result is about; default what the first document is about. */
  readonly subject?: string;
  /** `exitCode` is 1 from this severity on; default `never`. */
  readonly failOn?: Severity | 'never';
}

/**
 * Joins the software of other documents into the manifest of a model.
 * @throws ERR_CONVERT_INPUT, ERR_MANIFEST_INVALID, ERR_JSON_*, ERR_IO_*
 */
export async function merge(
  model: DocumentInput,
  others: readonly DocumentInput[],
  options: MergeVerbOptions = {},
): Promise<DocumentResult> {
  const first = await readDocument(model, options);
  const findings: Finding[] = [...first.findings];
  let merged = first.manifest;
  for (const input of others) {
    const { file, manifest, found, source } = await readOther(input, options);
    const joined = joinManifests(merged, manifest, source === undefined ? {} : { source });
    merged = joined.manifest;
    append(findings, about(file, [...found, ...joined.findings]));
  }
  if (options.subject !== undefined) merged = withSubject(merged, options.subject);
  if (merged !== first.manifest)
    merged = { ...merged, bom: { ...merged.bom, version: first.manifest.bom.version + 1, timestamp: timestampOf(options) } };
  // A merge of valid documents is valid; should it not be, nothing is written.
  await refuseInvalid(merged);
  return documentResult({ manifest: merged, findings, exitCode: exitCodeOf(findings, options.failOn ?? 'never') }, first.file, {
    reference: false,
  });
}

interface Other extends JoinOptions {
  readonly file: string;
  readonly manifest: Manifest;
  readonly found: readonly Finding[];
}

async function readOther(input: DocumentInput, options: VerbOptions): Promise<Other> {
  const { file, bytes } = await bytesOf(input, options);
  const opened = await openDocument(bytes, { file });
  const source = { name: file.split(/[\\/]/).at(-1) ?? file, digest: { sha256: createHash('sha256').update(bytes).digest('hex') } };
  if (opened.kind.standard === 'msbom') return { file, manifest: manifestFrom(bytes, file), source, found: [] };
  const { manifest, findings } = await readSource(opened, { file, timestamp: timestampOf(options) });
  return { file, manifest, source, found: findings };
}

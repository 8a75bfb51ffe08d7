import type { Written } from '../convert/targets.js';
import { type Finding, isBlocking } from '../core/finding.js';
import { type View, viewOf } from '../manifest/view.js';
import { validateManifest } from '../validate/index.js';
import { type DocumentInput, readDocument } from './document.js';
import { type DocumentResult, documentResult } from './document-result.js';
import { targetOf } from './formats.js';
import { ofFile } from './input.js';
import type { VerbOptions } from './options.js';
import { about } from './result.js';

export interface ConvertOptions extends VerbOptions {
  /** Format and version; without it a manifest becomes CycloneDX 1.6 and anything else a manifest. */
  readonly to?: string;
  /** Carry along in properties what the target cannot say. */
  readonly lossless?: boolean;
  /** Leave out what `bom.audiences` says is for others; default `internal`, which is everything. */
  readonly view?: View;
}

/** A converted document, in the format that was asked for; `write` and `render` make others of it. */
export interface ConvertResult extends DocumentResult {
  /** The word for the format of `text`. */
  readonly target: string;
  readonly text: string;
  /** What that format cannot say, and what became of it. */
  readonly losses: readonly Finding[];
  /** The input was of another standard than ours. */
  readonly isForeign: boolean;
}

/**
 * A document of any standard as one of any standard.
 * @throws ERR_CONVERT_INPUT, ERR_MANIFEST_INVALID, ERR_JSON_* for input that is not valid, ERR_CONVERT_INVALID, ERR_IO_*
 */
export async function convert(input: DocumentInput, options: ConvertOptions = {}): Promise<ConvertResult> {
  const { file, manifest, isForeign, findings: found } = await readDocument(input, options);
  const target = targetOf(options.to ?? (isForeign ? 'msbom' : 'cyclonedx'));
  const seen = await ofFile(file, () => viewOf(manifest, options.view ?? 'internal').manifest);
  // What another standard may say and a manifest may not, such as a placeholder for a digest: who reads it will refuse it.
  const faults = isForeign && target === 'msbom' ? validateManifest(seen).findings.filter(isBlocking) : [];
  const result = documentResult({ manifest: seen, findings: [...found, ...about(file, faults)] }, file, {
    lossless: options.lossless === true,
    reference: !isForeign,
  });
  const written: Written = await result.write(target);
  return { ...result, target, text: written.text, losses: written.losses, isForeign };
}

import { basename, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import type { Finding } from '../core/finding.js';
import { ownText, type Printable, printableJson } from '../core/printable.js';
import type { VerifyResult } from '../manifest/compare-files.js';
import type { FileFindings } from '../report/json.js';
import { type Line, type Paint, printLines } from '../report/lines.js';
import { waivedLine } from '../report/text.js';
import { verdictAsText } from '../report/verdict.js';
import type { VerifyOptions as SignatureOptions, Verdict } from '../sign/index.js';
import { bytesOf, type DocumentInput } from './document.js';
import { renderFindings } from './findings.js';
import { manifestFrom, readManifest } from './input.js';
import type { VerbOptions } from './options.js';
import type { VerbResult } from './result.js';
import { reasonFindings, verdictLines } from './signature-text.js';
import type { ArtifactAnswer, VerifyByRegistry } from './verify-artifact.js';
import { type VerifyOptions as DirectoryOptions, verifyDirectory } from './verify-directory.js';
import { openWaivers, toldOf, type WaiverOptions } from './waivers.js';

export const VERIFY_FORMATS = ['text', 'json', 'sarif', 'github'] as const;
export type VerifyFormat = (typeof VERIFY_FORMATS)[number];

/** Against a manifest. */
export interface VerifyByManifest extends VerbOptions, WaiverOptions, Omit<DirectoryOptions, 'manifestFile'> {
  readonly manifest: DocumentInput;
}

/** Against a signature, and whom to trust. */
export interface VerifyBySignature extends VerbOptions, SignatureOptions {
  /** Path of the signature. */
  readonly signature: string;
}

export interface ManifestVerdict extends VerbResult<VerifyFormat> {
  readonly verdict: VerifyResult;
}
export interface SignatureVerdict extends VerbResult<VerifyFormat> {
  readonly verdict: Verdict;
}

export async function verify(directory: string, options: VerifyByManifest): Promise<ManifestVerdict>;
export async function verify(reference: string, options: VerifyByRegistry): Promise<ArtifactAnswer>;
export async function verify(directory: string, options: VerifyBySignature): Promise<SignatureVerdict>;
/**
 * Recomputes every digest of the files, and compares it with a manifest or a signature; with `registry`, what stands there is a reference,
 * and the artifact is verified by what refers to it. `exitCode` is 0 only when every file matches and nothing else is there.
 * @throws ERR_IO_*, ERR_MANIFEST_INVALID, ERR_CLI_USAGE for a document of another standard or of no files, ERR_OCI_*
 */
export async function verify(
  directory: string,
  options: VerifyByManifest | VerifyBySignature | VerifyByRegistry,
): Promise<ManifestVerdict | SignatureVerdict | ArtifactAnswer> {
  if ('registry' in options) return (await import('./verify-artifact.js')).verifyReference(directory, options);
  const target = resolve(options.cwd ?? '.', directory);
  if ('signature' in options) return bySignature(target, options);
  if (options.manifest === undefined)
    throw new MsbomError('ERR_CLI_USAGE', '`verify` needs a manifest, a signature or a registry', {
      hint: 'give the option `manifest`, `signature` or `registry`',
    });
  const waivers = await openWaivers(options);
  const verdict = await byManifest(target, options);
  const file: FileFindings = {
    file: basename(target),
    valid: verdict.ok,
    findings: verdictFindings(verdict).map((each) => waivers.judged(each, each.file ?? basename(target))),
  };
  const told = toldOf(waivers);
  const open = file.findings.filter(({ waived }) => waived === undefined);
  const result: ManifestVerdict = {
    exitCode: open.length === 0 ? 0 : 1,
    findings: [...file.findings, ...told.flatMap(({ findings }) => findings)],
    formats: VERIFY_FORMATS,
    verdict,
    render: async (format, { paint } = {}) => renderVerdict(format, { verdict, files: [file, ...told], paint }),
  };
  return result;
}

interface Shown {
  readonly verdict: VerifyResult;
  readonly files: readonly FileFindings[];
  readonly paint: Paint | undefined;
}

/** What is waived is said beside the verdict, which stays what it is. */
function renderVerdict(format: VerifyFormat, { verdict, files, paint }: Shown): Printable | Promise<Printable> {
  if (format === 'sarif' || format === 'github') return renderFindings(format, files);
  const findings = files.flatMap((each) => each.findings).filter(({ waived, id }) => waived !== undefined || id.startsWith('waiver-'));
  if (format === 'json') return printableJson(findings.length === 0 ? verdict : { ...verdict, waivers: findings });
  const lines = findings.map(
    (each): Line => (each.waived === undefined ? [['yellow', 'waivers'], `  ${each.message}`] : waivedLine(each, each.file ?? '')),
  );
  return ownText(printLines(lines, paint) + verdictAsText(verdict, paint)); // each of them is printable
}

/** What speaks against the files, as findings. A verdict that is not `ok` has one at least. */
export function verdictFindings({ files, root, refused }: VerifyResult): readonly Finding[] {
  return [
    ...files.flatMap(({ path, status, detail }): readonly Finding[] =>
      status === 'matched'
        ? []
        : [
            {
              id: `file-${status}`,
              severity: 'high',
              message: `the file is ${status}${detail === undefined ? '' : `: ${detail}`}`,
              file: path,
            },
          ],
    ),
    ...(root === 'changed' ? [{ id: 'root-digest', severity: 'high', message: 'the root digest of the model is another' } as const] : []),
    ...refused.map((why): Finding => ({ id: 'not-covered', severity: 'high', message: `not accepted by --strict: ${why}` })),
  ];
}

async function byManifest(
  target: string,
  { manifest: input, cwd, waivers: _waivers, ...options }: VerifyByManifest,
): Promise<VerifyResult> {
  const place = cwd === undefined ? options : { ...options, cwd };
  if (typeof input === 'string') {
    const manifest = await readManifest(input, place);
    return verifyDirectory(target, manifest, { ...options, ...(input === '-' ? {} : { manifestFile: resolve(cwd ?? '.', input) }) });
  }
  const { bytes, file } = await bytesOf(input, place);
  return verifyDirectory(target, manifestFrom(bytes, file), options);
}

async function bySignature(target: string, options: VerifyBySignature): Promise<SignatureVerdict> {
  const sign = await import('../sign/index.js');
  const { signature, cwd = '.', guard: _guard, now: _now, readStdin: _read, outputDescriptor: _descriptor, ...rest } = options;
  const verdict = await sign.verifyDirectory(target, resolve(cwd, signature), rest);
  return {
    exitCode: verdict.ok ? 0 : 1,
    findings: reasonFindings(verdict.reasons, signature),
    formats: VERIFY_FORMATS,
    verdict,
    render: async (format, { paint } = {}) => {
      if (format === 'json') return printableJson(verdict);
      if (format === 'text') return printLines(verdictLines(verdict), paint);
      return renderFindings(format, [{ file: signature, valid: verdict.ok, findings: reasonFindings(verdict.reasons, signature) }]);
    },
  };
}

/** Verifying an artifact in a registry or an OCI layout, and its answer as text. */
import { resolve } from 'node:path';
import { printableJson } from '../core/printable.js';
import type { ArtifactVerdict, ClaimAnswer } from '../oci/index.js';
import { type Line, printLines } from '../report/lines.js';
import type { VerifyOptions as SignatureOptions } from '../sign/index.js';
import { FINDING_FORMATS, type FindingFormat, renderFindings } from './findings.js';
import { readInput } from './input.js';
import type { VerbOptions } from './options.js';
import { openArtifact, type RegistryAccess } from './registry.js';
import type { VerbResult } from './result.js';
import { reasonFindings, reasonLines, relaxedLines, verdictLines } from './signature-text.js';

/** Of an artifact, by what refers to it. */
export interface VerifyByRegistry extends VerbOptions, SignatureOptions {
  readonly registry: RegistryAccess;
  /** Path of a signature from elsewhere, besides those that refer to the artifact. */
  readonly signature?: string;
}

export interface ArtifactAnswer extends VerbResult<FindingFormat> {
  readonly verdict: ArtifactVerdict;
}

export async function verifyReference(reference: string, options: VerifyByRegistry): Promise<ArtifactAnswer> {
  const { signature: file, registry, ...rest } = options;
  const { repository, artifact } = await openArtifact(reference, registry, options);
  const signature = await givenSignature(file, options);
  const { verifyArtifact } = await import('../oci/index.js');
  const verdict = await verifyArtifact(repository, artifact, { ...rest, ...(signature === undefined ? {} : { signature }) });
  const findings = reasonFindings(verdict.reasons, verdict.artifact);
  return {
    exitCode: verdict.ok ? 0 : 1,
    findings,
    formats: FINDING_FORMATS,
    verdict,
    render: async (format, { paint } = {}) => {
      if (format === 'json') return printableJson(withoutStatements(verdict));
      if (format === 'text') return printLines(artifactLines(verdict), paint);
      return renderFindings(format, [{ file: verdict.artifact, valid: verdict.ok, findings }]);
    },
  };
}

/** The bytes of a signature that was given by its path. @throws ERR_IO_*, ERR_LIMIT_BYTES */
export async function givenSignature(file: string | undefined, options: VerbOptions): Promise<Uint8Array | undefined> {
  if (file === undefined) return undefined;
  await options.guard?.reads(resolve(options.cwd ?? '.', file));
  return readInput(file, options);
}

const withoutStatements = ({ claims, ...verdict }: ArtifactVerdict): object => ({
  ...verdict,
  claims: claims.map(({ statement: _statement, ...claim }) => claim),
});

function artifactLines(verdict: ArtifactVerdict): readonly Line[] {
  const { ok, artifact, digest, covers, signatures, claims, others, unread, reasons, relaxed } = verdict;
  const shown = signatures.filter((each) => each.ok);
  return [
    `${artifact}@${digest}`,
    ...(shown.length > 0 ? shown : signatures).flatMap((each): readonly Line[] => [`signature  ${each.from}`, ...verdictLines(each)]),
    ...claims.map(claimLine),
    ...others.map(({ from, artifactType = 'something' }): Line => [['yellow', 'not signed'], `  ${artifactType}  ${from}`]),
    ...unread.map(({ from, detail }): Line => [['yellow', 'not read'], `  ${from}: ${detail}`]),
    ...(signatures.length > 0 ? [] : reasonLines(reasons)),
    ...relaxedLines(relaxed),
    [[ok ? 'green' : 'red', ok ? 'verified' : 'not verified'], covers === 'files' ? '  its files' : '  its digest'],
  ];
}

function claimLine({ ok, from, predicateType, id, reasons, missing = [] }: ClaimAnswer): Line {
  if (!ok) return [['yellow', 'claim left out'], `  ${from}: ${reasons[0]?.detail ?? ''}`];
  const gone = missing.length === 0 ? '' : `, ${missing.length} claims that it names do not count`;
  return [['green', 'claim'], `  ${predicateType ?? ''}  ${id ?? ''}${gone}`];
}

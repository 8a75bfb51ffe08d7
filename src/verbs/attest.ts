import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ownText, printableDocument } from '../core/printable.js';
import { writeFileAtomic } from '../platform/write.js';
import type { PresentModel, Signer, Statement } from '../sign/index.js';
import type { VerbOptions } from './options.js';
import type { VerbResult } from './result.js';

export const ATTEST_FORMATS = ['text', 'json'] as const;
export type AttestFormat = (typeof ATTEST_FORMATS)[number];

/** What a statement is about, and the claims that there are of it. */
export interface AttestAbout {
  /** Absolute path of the directory. */
  readonly target: string;
  /** Its root and its files: those that were signed, or those that a signature would be over. */
  readonly model: PresentModel;
  /** Absolute path of the claims. */
  readonly claims: string;
}

export interface AttestOptions extends VerbOptions {
  /** Makes what is stated, from what it is about: by `provenance`, `testResult`, `handoff`, `documentClaim` or `statement` of `msbom/sign`. */
  readonly statement: (about: AttestAbout) => Statement | Promise<Statement>;
  /** From `keySigner` or `commandSigner`. */
  readonly signer: Signer;
  /** Path of the signature of the directory; default `model.sig` in it, if it is there. */
  readonly signature?: string;
  /** Path of the claims to add to; default `claims.jsonl` in the directory. */
  readonly claims?: string;
  /** Path to write the signed statement to, instead of adding it. */
  readonly output?: string;
  /** Threads for hashing at most. */
  readonly jobs?: number;
}

export interface AttestResult extends VerbResult<AttestFormat> {
  readonly statement: Statement;
  /** The name of the claim. */
  readonly id: string;
  /** The signed statement, as it was written. */
  readonly bundle: string;
  /** SHA-256 of the directory. */
  readonly root: string;
}

const MARK = 'application/vnd.dev.sigstore.bundle';

/**
 * Signs a statement about a directory, and adds it to its claims.
 * @throws ERR_SIGN_*, ERR_IO_*, ERR_OUTPUT_IS_INPUT, and whatever `statement` throws; nothing is written then
 */
export async function attest(directory: string, options: AttestOptions): Promise<AttestResult> {
  const { cwd = '.', guard, signer, output, jobs } = options;
  const { appendClaim, CLAIMS_NAME, presentModel, signStatement } = await import('../sign/index.js');
  const target = resolve(cwd, directory);
  const claims = resolve(cwd, options.claims ?? join(target, CLAIMS_NAME));
  const file = output === undefined ? claims : resolve(cwd, output);
  if (output === undefined) await guard?.writes(claims, MARK);
  await guard?.describes(target);
  const signature = await signatureOf(target, options);
  const model = await presentModel(target, signature, jobs === undefined ? {} : { jobs });
  const statement = await options.statement({ target, model, claims });
  const { id, bundle } = await signStatement(statement, signer);
  if (output === undefined) await appendClaim(claims, bundle);
  else await writeFileAtomic(file, `${bundle}\n`, guard === undefined ? {} : { guard });
  return {
    exitCode: 0,
    findings: [],
    formats: ATTEST_FORMATS,
    statement,
    id,
    bundle,
    root: model.root,
    render: async (format) =>
      format === 'json'
        ? printableDocument(`${bundle}\n`)
        : ownText(`attested  ${statement.predicateType} of sha256:${model.root}\nclaim  ${id}\n`),
  };
}

/** The signature that was named, or the one that lies in the directory. */
async function signatureOf(target: string, { cwd = '.', guard, signature }: AttestOptions): Promise<string | undefined> {
  if (signature !== undefined) {
    const named = resolve(cwd, signature);
    await guard?.reads(named);
    return named;
  }
  const there = join(target, 'model.sig');
  const found = await stat(there).catch(() => undefined);
  return found?.isFile() === true ? there : undefined;
}

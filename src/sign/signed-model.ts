/** What a signature says of a model, whoever signed it: for those who speak of the model, and for those who look for it by its digest. */
import { basename } from 'node:path';
import { MsbomError } from '../core/error.js';
import type { Limits } from '../core/limits.js';
import { readBundle } from './bundle.js';
import { compareModel, specificationRoot } from './compare.js';
import { type ModelHash, readModelStatement } from './model-statement.js';
import { type Reason, refusable } from './reasons.js';
import { CLAIMS_NAME, describeModel } from './sign.js';
import { readSignature } from './verify.js';

export interface SignedModel {
  /** Its name, as the signer gave it. */
  readonly name: string;
  /** As signed. */
  readonly root: string;
  /** In the order of the specification, where the signer took another. */
  readonly specification?: string;
  readonly hash: ModelHash;
  /** In the recorded order; a file that was signed in parts stands once for each. */
  readonly files: readonly { readonly path: string; readonly digest: string }[];
}

/** Reads a signature; nothing is said of who signed, or of whether the files are those. */
export function readSignedModel(bytes: Uint8Array, limits?: Limits): { readonly value: SignedModel } | { readonly reason: Reason } {
  const bounded = limits === undefined ? {} : { limits };
  return refusable(() => {
    const statement = readModelStatement(readBundle(bytes, limits).payload, bounded);
    const { name, root, hash, resources } = statement;
    const specification = specificationRoot(statement);
    const files = resources.map(({ path, digest }) => ({ path, digest }));
    return { name, root, hash, files, ...(specification === undefined ? {} : { specification }) };
  });
}

/** A model that is there as its signature has it, or as a signature would have it. */
export interface PresentModel {
  readonly name: string;
  readonly root: string;
  readonly specification?: string;
  readonly digests: ReadonlySet<string>;
  /** Files and directories that are no part of it: what the signer left out, the signature itself and claims. */
  readonly ignored: readonly string[];
}

/**
 * The root of what lies in a directory. With a signature it is the one that was signed, once the files are those; without one it is what a
 * signature would say. Who signed is not asked.
 * @throws ERR_SIGN_CONTENT when the files are not those of the signature, ERR_SIGN_STATEMENT when it cannot be read, ERR_IO_*, ERR_LIMIT_*
 */
export async function presentModel(
  target: string,
  signatureFile: string | undefined,
  options: {
    readonly jobs?: number;
    readonly limits?: Limits;
    /** Without a signature: a file that is no part of the model, such as one that does not fit it any more. */
    readonly leaveOut?: string;
  } = {},
): Promise<PresentModel> {
  const { leaveOut, ...rest } = options;
  if (signatureFile === undefined) return describeModel(target, leaveOut === undefined ? rest : { ...rest, signatureFile: leaveOut });
  const file = basename(signatureFile);
  const bytes = await readSignature(signatureFile, options.limits);
  const read = refusable(() =>
    readModelStatement(readBundle(bytes, options.limits).payload, options.limits === undefined ? {} : { limits: options.limits }),
  );
  if ('reason' in read) throw new MsbomError('ERR_SIGN_STATEMENT', read.reason.detail, { file, hint: read.reason.next });
  const statement = read.value;
  const compared = await compareModel(target, signatureFile, statement, { ...rest, allowSymlinks: true });
  const differing = compared.reasons.find((each) => each.class === 'integrity');
  if (differing !== undefined)
    throw new MsbomError('ERR_SIGN_CONTENT', `the files are not those that were signed: ${differing.detail}`, {
      file: differing.path ?? file,
      hint: differing.next,
    });
  const specification = specificationRoot(statement);
  return {
    name: statement.name,
    root: statement.root,
    digests: new Set(statement.resources.map(({ digest }) => digest)),
    ignored: [...statement.ignored, file, CLAIMS_NAME],
    ...(specification === undefined ? {} : { specification }),
  };
}

import type { Finding } from './finding.js';

/** Every way an operation can stop, said once: what the code means. Each has a page in docs/errors. */
export const ERROR_CODES = {
  ERR_CLI_USAGE: 'the command line was not understood',
  ERR_COLLECT_INCOMPLETE: 'some files could not be read, so no manifest was made',
  ERR_COLLECT_SELECT: 'the directory holds several models and none was chosen',
  ERR_CONVERT_INPUT: 'the document to convert is not one of its standard',
  ERR_CONVERT_INVALID: 'the converted document does not meet its own specification',
  ERR_FORMAT_MALFORMED: 'the bytes break the rules of their format',
  ERR_FORMAT_TRUNCATED: 'the bytes end before the format says they do',
  ERR_FORMAT_UNKNOWN: 'no reader recognises the bytes',
  ERR_FORMAT_UNSUPPORTED: 'the format is known, this version or variant of it is not',
  ERR_IO_CHANGED: 'a file changed while it was being read',
  ERR_IO_EXISTS: 'the file exists and was not overwritten',
  ERR_IO_LINK: 'a symbolic link leads out of the root directory',
  ERR_IO_LOCKED: 'another program is writing the file',
  ERR_IO_NOT_FOUND: 'the file or directory does not exist',
  ERR_IO_PERMISSION: 'the file may not be read or written',
  ERR_IO_READ: 'reading failed',
  ERR_IO_WRITE: 'writing failed',
  ERR_JSON_DUPLICATE_KEY: 'an object has the same key twice',
  ERR_JSON_ENCODING: 'the bytes are not valid UTF-8',
  ERR_JSON_FORBIDDEN_KEY: 'an object has a key that is never allowed',
  ERR_JSON_NUMBER: 'a number cannot be held exactly',
  ERR_JSON_SYNTAX: 'the text is not JSON',
  ERR_LINEAGE_CYCLE: 'something is stated to be its own ancestor',
  ERR_LIMIT_BYTES: 'more bytes than the limit allows',
  ERR_LIMIT_COUNT: 'more items than the limit allows',
  ERR_LIMIT_DEPTH: 'deeper nesting than the limit allows',
  ERR_MANIFEST_INVALID: 'the manifest breaks a rule of the specification',
  ERR_MANIFEST_VALUE: 'a value given to the library cannot stand in a manifest',
  ERR_MANIFEST_VERSION: 'the manifest follows a version of the specification that this program does not know',
  ERR_OCI_AUTH: 'the registry wants credentials that are not there, are refused, or would go to somebody else',
  ERR_OCI_CONTENT: 'what a registry or an OCI layout holds is not what its digest, its size or the specification says',
  ERR_OCI_NOT_FOUND: 'the registry or OCI layout has no such artifact',
  ERR_OCI_REFERENCE: 'the text is no reference of an artifact in a registry or an OCI layout',
  ERR_OCI_REGISTRY: 'the registry does not answer, or refuses',
  ERR_OUTPUT_IS_INPUT: 'the file to write is one of those that are read',
  ERR_POLICY_INVALID: 'a policy is not known, or breaks the rules of policies',
  ERR_PROFILE_INVALID: 'a profile is not known, or breaks the rules of profiles',
  ERR_SIGN_CERTIFICATE: 'the certificate cannot be read or used',
  ERR_SIGN_COMMAND: 'the command that was to sign did not sign',
  ERR_SIGN_CONTENT: 'the directory holds something that cannot be signed, or nothing',
  ERR_SIGN_KEYLESS: 'an identity of Sigstore cannot be used or checked',
  ERR_SIGN_KEY: 'the key cannot be used to sign or to verify',
  ERR_SIGN_STATEMENT: 'the statement breaks a rule of its predicate',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Where in which file, as far as it is known. `offset` is in bytes from 0, `line` and `column` count from 1. */
export interface ErrorPlace {
  readonly file?: string | undefined;
  readonly offset?: number | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly pointer?: string | undefined;
}

export interface MsbomErrorOptions extends ErrorPlace {
  /** What to do next, in one sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** The findings that made the operation stop, where there are any. */
  readonly findings?: readonly Finding[] | undefined;
}

const BRAND = Symbol.for('msbom.error');

/** The one error class. `MsbomError.is` works across the ESM and CommonJS copies of the package. */
export class MsbomError extends Error {
  override readonly name = 'MsbomError';
  readonly code: ErrorCode;
  readonly file?: string | undefined;
  readonly offset?: number | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly pointer?: string | undefined;
  readonly hint?: string | undefined;
  readonly findings?: readonly Finding[] | undefined;
  readonly [BRAND] = true;

  constructor(code: ErrorCode, message: string, options: MsbomErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.file = options.file;
    this.offset = options.offset;
    this.line = options.line;
    this.column = options.column;
    this.pointer = options.pointer;
    this.hint = options.hint;
    this.findings = options.findings;
  }

  /** True for an error of this package, whichever copy threw it; with `code`, only for that code. */
  static is(error: unknown, code?: ErrorCode): error is MsbomError {
    return typeof error === 'object' && error !== null && BRAND in error && (code === undefined || (error as MsbomError).code === code);
  }
}

/** The same error with a place filled in where it had none: readers know the offset, callers know the file. */
export function withPlace(error: unknown, place: ErrorPlace): unknown {
  if (!MsbomError.is(error)) return error;
  return new MsbomError(error.code, error.message, {
    file: error.file ?? place.file,
    offset: error.offset ?? place.offset,
    line: error.line ?? place.line,
    column: error.column ?? place.column,
    pointer: error.pointer ?? place.pointer,
    hint: error.hint,
    findings: error.findings,
    cause: error.cause,
  });
}

/** The same error about the file as the caller names it. */
export function withFile(error: unknown, file: string): unknown {
  if (!MsbomError.is(error)) return error;
  const { code, message, offset, line, column, pointer, hint, findings } = error;
  return new MsbomError(code, message, { file, offset, line, column, pointer, hint, findings, cause: error });
}

import type { Consumer } from '../convert/consumers.js';
import { checkOpened, openDocument } from '../convert/validate.js';
import { MsbomError } from '../core/error.js';
import { type Finding, findingOf, isBlocking, type Severity } from '../core/finding.js';
import type { FileFindings } from '../report/index.js';
import { validateText } from '../validate/index.js';
import { bytesOf, type DocumentInput } from './document.js';
import { FINDING_FORMATS, type FindingFormat, renderFindings } from './findings.js';
import type { VerbOptions } from './options.js';
import { about, exitCodeOf, type VerbResult } from './result.js';
import { judgedFile, openWaivers, toldOf, type WaiverOptions } from './waivers.js';

export interface ValidateVerbOptions extends VerbOptions, WaiverOptions {
  /** Also say what these consumers of CycloneDX refuse, cut or overlook. */
  readonly for?: readonly Consumer[];
  /** `exitCode` is 1 from this severity on; default `high`. */
  readonly failOn?: Severity | 'never';
}

export interface ValidateResult extends VerbResult<FindingFormat> {
  readonly files: readonly FileFindings[];
}

/**
 * Checks documents of any standard, each by what it is. What cannot be parsed is a finding.
 * @throws ERR_IO_*, ERR_LIMIT_BYTES, ERR_MANIFEST_VERSION for a manifest of another specification
 */
export async function validate(
  inputs: DocumentInput | readonly DocumentInput[],
  options: ValidateVerbOptions = {},
): Promise<ValidateResult> {
  const waivers = await openWaivers(options);
  const files: FileFindings[] = [];
  for (const input of isList(inputs) ? inputs : [inputs]) files.push(judgedFile(await validateOne(input, options), waivers));
  return validateResult([...files, ...toldOf(waivers)], options);
}

const isList = (inputs: DocumentInput | readonly DocumentInput[]): inputs is readonly DocumentInput[] => Array.isArray(inputs);

/** The answer about documents that were checked one by one. */
export function validateResult(
  files: readonly FileFindings[],
  { failOn = 'high' }: Pick<ValidateVerbOptions, 'failOn'> = {},
): ValidateResult {
  const findings = files.flatMap((each) => about(each.file, each.findings));
  return {
    exitCode: exitCodeOf(findings, failOn),
    findings,
    formats: FINDING_FORMATS,
    files,
    render: (format, options) => renderFindings(format, files, options),
  };
}

/** Bytes that are no text are most often a weight file that was given for its description. */
function refusal(error: MsbomError): Finding {
  const finding = findingOf(error);
  if (error.code !== 'ERR_JSON_ENCODING') return finding;
  return {
    ...finding,
    fix: `${finding.fix ?? ''} Of a weight file \`msbom inspect\` shows the header, and \`msbom collect\` makes a document.`.trim(),
  };
}

/** @throws ERR_IO_*, ERR_LIMIT_BYTES, ERR_MANIFEST_VERSION */
export async function validateOne(input: DocumentInput, options: ValidateVerbOptions = {}): Promise<FileFindings> {
  const { file, bytes } = await bytesOf(input, options);
  try {
    const opened = await openDocument(bytes, { file });
    if (opened.kind.standard !== 'msbom') {
      const findings = await checkOpened(opened, { file, consumers: options.for ?? [] });
      return { file, valid: !findings.some(isBlocking), findings };
    }
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    return { file, valid: false, findings: [refusal(error)] };
  }
  const { valid, findings } = validateText(bytes, { file });
  const other = findings.find(({ id }) => id === 'manifest-version');
  // Of another specification nothing can be said.
  if (other !== undefined) throw new MsbomError('ERR_MANIFEST_VERSION', other.message, { file, hint: other.fix });
  return { file, valid, findings };
}

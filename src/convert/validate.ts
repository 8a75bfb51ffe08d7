/** Is a CycloneDX or SPDX document right? Its official schema, what the schema cannot say, and the places in the text. */
import { MsbomError } from '../core/error.js';
import { type Finding, findingOf, isBlocking, sortFindings } from '../core/finding.js';
import { decodeUtf8, locatePointers, parseJson } from '../core/json.js';
import type { TextPlace } from '../core/json-text.js';
import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';
import type { Consumer } from './consumers.js';
import type { Extension } from './cyclonedx/xml/extensions.js';
import { type DocumentKind, kindOf, syntaxOf } from './detect.js';

export interface DocumentOptions {
  /** Name for findings. */
  readonly file?: string | undefined;
  readonly limits?: Limits;
  /** Adds what these consumers refuse, cut or overlook. */
  readonly consumers?: readonly Consumer[];
}

/** A document read into JSON, whatever its syntax was. */
export interface OpenedDocument {
  readonly kind: DocumentKind;
  readonly value: unknown;
  readonly text: string;
  /** What its syntax alone shows. */
  readonly findings: readonly Finding[];
  /** Those of them about what is left out of the manifest of the document. */
  readonly losses?: readonly Finding[];
  /** What XML holds of other namespaces. */
  readonly extensions?: readonly Extension[];
  /** The places of pointers in the text. */
  locate(pointers: readonly string[]): Map<string, TextPlace>;
}

export interface DocumentResult {
  readonly kind: DocumentKind | undefined;
  /** No finding is of severity `high` or more. */
  readonly valid: boolean;
  readonly findings: readonly Finding[];
}

/** More findings than anybody reads. */
const MAX_FINDINGS = 1000;

/**
 * Reads a document of any of the standards. SPDX tag-value is recognised and has no value.
 * @throws ERR_JSON_*, ERR_FORMAT_*, ERR_LIMIT_* for texts that cannot be read
 */
export async function openDocument(input: string | Uint8Array, options: DocumentOptions = {}): Promise<OpenedDocument> {
  const { file, limits = DEFAULT_LIMITS } = options;
  const named = file === undefined ? {} : { file };
  const size = typeof input === 'string' ? input.length : input.byteLength;
  if (size > limits.maxDocumentBytes)
    throw new MsbomError('ERR_LIMIT_BYTES', `the document has ${size} bytes, the limit is ${limits.maxDocumentBytes}`, named);
  const text = typeof input === 'string' ? input : decodeUtf8(input, file);
  const syntax = syntaxOf(text);
  if (syntax === 'xml') {
    const { readCycloneDXXml, locateInXml } = await import('./cyclonedx/xml/index.js');
    const { document, version, ...others } = readCycloneDXXml(text, { file, limits });
    return {
      kind: { standard: 'cyclonedx', syntax, version },
      value: document,
      text,
      ...others,
      locate: (pointers) => locateInXml(text, pointers, { limits }),
    };
  }
  if (syntax === 'tag-value') {
    const version = /^SPDXVersion:\s*SPDX-(\S+)/m.exec(text)?.[1];
    return { kind: { standard: 'spdx', syntax, version }, value: undefined, text, findings: [], locate: () => new Map() };
  }
  const value = parseJson(text, { ...named, limits, inexactIntegers: 'round' });
  return { kind: kindOf(value), value, text, findings: [], locate: (pointers) => locatePointers(text, pointers) };
}

/** Checks a CycloneDX or SPDX document. What cannot be read, or is neither, is a finding, not an error. */
export async function validateDocument(input: string | Uint8Array, options: DocumentOptions = {}): Promise<DocumentResult> {
  try {
    const opened = await openDocument(input, options);
    const findings = await checkOpened(opened, options);
    return { kind: opened.kind, valid: !findings.some(isBlocking), findings };
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    return { kind: undefined, valid: false, findings: [findingOf(error)] };
  }
}

/** The findings of a document that was opened, with line and column, sorted. */
export async function checkOpened(opened: OpenedDocument, options: DocumentOptions = {}): Promise<readonly Finding[]> {
  if (opened.kind.standard === 'msbom') return placed([neither], opened, options);
  if (opened.kind.standard === 'spdx') return placed(await checkSPDX(opened), opened, options);
  const { checkCycloneDX } = await import('./cyclonedx/check.js');
  return placed(await checkCycloneDX(opened, options.consumers ?? []), opened, options);
}

/** Only what the official schema refuses: a document of which this is empty can be converted. */
export async function checkOfficialSchema(opened: OpenedDocument, options: DocumentOptions = {}): Promise<readonly Finding[]> {
  const { breachesOfCycloneDX } = await import('./cyclonedx/check.js');
  const found =
    opened.kind.standard === 'spdx' ? (await checkSPDX(opened)).filter(({ id }) => OFFICIAL.test(id)) : await breachesOfCycloneDX(opened);
  return placed(found.filter(isBlocking), opened, options);
}

const OFFICIAL = /^spdx-(schema|version)$/;

function placed(found: readonly Finding[], opened: OpenedDocument, { file }: DocumentOptions): readonly Finding[] {
  const shown = found.length > MAX_FINDINGS ? [...mostSerious(found), cut(found.length)] : found;
  const unplaced = shown.flatMap(({ line, pointer = '' }) => (line === undefined ? [pointer] : []));
  const places = unplaced.length > 0 ? opened.locate(unplaced) : new Map<string, TextPlace>();
  const findings = shown.map((finding): Finding => {
    const place = places.get(finding.pointer ?? '');
    const { line = place?.line, column = place?.column } = finding;
    return { ...finding, ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line, column }) };
  });
  return sortFindings(findings);
}

function mostSerious(findings: readonly Finding[]): readonly Finding[] {
  return [...findings.filter(isBlocking), ...findings.filter((finding) => !isBlocking(finding))].slice(0, MAX_FINDINGS);
}

const neither = findingOf(
  new MsbomError('ERR_CONVERT_INPUT', 'the document is neither CycloneDX nor SPDX', { hint: 'Check a manifest with `validateManifest`.' }),
);

const cut = (count: number): Finding => ({
  id: 'schema-more',
  severity: 'high',
  message: `${count - MAX_FINDINGS} more findings are not listed`,
  fix: 'Correct what is listed, then check again.',
  pointer: '',
});

async function checkSPDX({ kind, value }: OpenedDocument): Promise<Finding[]> {
  const { version, syntax } = kind as Extract<DocumentKind, { standard: 'spdx' }>; // by the caller
  const { checkSPDX: check, SPDX_VERSIONS } = await import('./spdx3/validate.js');
  if (syntax === 'tag-value') return [tagValue(SPDX_VERSIONS)];
  return (await check(value, version)) ?? [unknownVersion(version, SPDX_VERSIONS)];
}

const tagValue = (known: readonly string[]): Finding => ({
  id: 'spdx-version',
  severity: 'high',
  message: 'SPDX as tag-value is written, not read',
  fix: `Give a document of SPDX ${known.join(' or ')} as JSON.`,
  pointer: '',
});

const unknownVersion = (version: string | undefined, known: readonly string[]): Finding => ({
  id: 'spdx-version',
  severity: 'high',
  message: version === undefined ? 'the document does not state its version of SPDX' : `SPDX ${version.slice(0, 20)} is not checked`,
  fix: `Give a document of SPDX ${known.join(' or ')} as JSON.`,
  pointer: '',
});

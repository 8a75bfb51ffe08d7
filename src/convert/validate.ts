/** Is a CycloneDX or SPDX document right? Its official schema, what the schema cannot say, and the places in the text. */
import { MsbomError } from '../core/error.js';
import { type Finding, findingOf, isBlocking, sortFindings } from '../core/finding.js';
import { decodeUtf8, locatePointers, parseJson, type TextPlace } from '../core/json.js';
import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';
import type { Consumer } from './consumers.js';
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
    const { document, version, findings } = readCycloneDXXml(text, { file, limits });
    return {
      kind: { standard: 'cyclonedx', syntax, version },
      value: document,
      text,
      findings,
      locate: (pointers) => locateInXml(text, pointers, { limits }),
    };
  }
  if (syntax === 'tag-value') {
    const version = /^SPDXVersion:\s*SPDX-(\S+)/m.exec(text)?.[1];
    return { kind: { standard: 'spdx', syntax, version }, value: undefined, text, findings: [], locate: () => new Map() };
  }
  const value = parseJson(text, { ...named, limits, exactIntegers: false });
  return { kind: kindOf(value), value, text, findings: [], locate: (pointers) => locatePointers(text, pointers) };
}

/** Checks a CycloneDX or SPDX document. What cannot be read is a finding, not an error. */
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
  const found = opened.kind.standard === 'spdx' ? await checkSPDX(opened) : await checkCycloneDX(opened, options.consumers ?? []);
  const shown = found.length > MAX_FINDINGS ? [...mostSerious(found), cut(found.length)] : found;
  const unplaced = shown.flatMap(({ line, pointer = '' }) => (line === undefined ? [pointer] : []));
  const places = unplaced.length > 0 ? opened.locate(unplaced) : new Map<string, TextPlace>();
  const placed = shown.map((finding): Finding => {
    const place = places.get(finding.pointer ?? '');
    const { line = place?.line, column = place?.column } = finding;
    return { ...finding, ...(options.file === undefined ? {} : { file: options.file }), ...(line === undefined ? {} : { line, column }) };
  });
  return sortFindings(placed);
}

function mostSerious(findings: readonly Finding[]): readonly Finding[] {
  return [...findings.filter(isBlocking), ...findings.filter((finding) => !isBlocking(finding))].slice(0, MAX_FINDINGS);
}

const cut = (count: number): Finding => ({
  id: 'schema-more',
  severity: 'high',
  message: `${count - MAX_FINDINGS} more findings are not listed`,
  fix: 'Correct what is listed, then check again.',
  pointer: '',
});

async function checkCycloneDX({ kind, value, findings: structure }: OpenedDocument, consumers: readonly Consumer[]): Promise<Finding[]> {
  const [{ checkCycloneDXSchema, SCHEMA_VERSIONS }, { lintCycloneDX }, { adviseCycloneDX }, { lintForConsumer }] = await Promise.all([
    import('./cyclonedx/schema.js'),
    import('./cyclonedx/lint.js'),
    import('./cyclonedx/advice.js'),
    import('./cyclonedx/profiles.js'),
  ]);
  const { syntax, version } = kind as Extract<DocumentKind, { standard: 'cyclonedx' }>; // by the caller
  const known = SCHEMA_VERSIONS.find((each) => each === version);
  const schema =
    known === undefined
      ? [unknownVersion('cyclonedx-version', 'CycloneDX', version, SCHEMA_VERSIONS)]
      : await checkCycloneDXSchema(value, known);
  const lint = lintCycloneDX(value).map((finding) => (syntax === 'xml' ? asInXml(finding) : finding));
  const profile = consumers.flatMap((consumer) => lintForConsumer(consumer, value));
  return [...structure, ...withoutRepeats(schema, lint, structure), ...lint, ...adviseCycloneDX(value), ...profile];
}

/** XML Schema takes a date and time without a zone, so in XML they are no fault. */
function asInXml(finding: Finding): Finding {
  const whole = /^"[\d-]+T[\d:]+(\.\d+)?" has no time zone/.test(finding.message);
  return finding.id === 'cyclonedx-time-zone' && whole ? { ...finding, severity: 'medium' } : finding;
}

/**
 * Without what the lint says more exactly, and without what only the XML form can say: an XML signature that was left out is
 * missing in JSON, but not in the document.
 */
function withoutRepeats(schema: readonly Finding[], lint: readonly Finding[], structure: readonly Finding[]): readonly Finding[] {
  const said = new Set(lint.filter((finding) => isBlocking(finding) || finding.id === 'cyclonedx-time-zone').map(({ pointer }) => pointer));
  for (const { pointer, message } of structure) if (/<(\w+:)?Signature>/.test(message)) said.add(pointer);
  return schema.filter(({ pointer }) => !said.has(pointer));
}

async function checkSPDX({ kind, value }: OpenedDocument): Promise<Finding[]> {
  const { version } = kind as Extract<DocumentKind, { standard: 'spdx' }>; // by the caller
  const { checkSPDX: check, SPDX_VERSIONS } = await import('./spdx/validate.js');
  const found = value === undefined ? undefined : await check(value, version);
  return found ?? [unknownVersion('spdx-version', 'SPDX', version, SPDX_VERSIONS)];
}

function unknownVersion(id: string, standard: string, version: string | undefined, known: readonly string[]): Finding {
  return {
    id,
    severity: 'high',
    message:
      version === undefined
        ? `the document does not state its version of ${standard}`
        : `${standard} ${version.slice(0, 20)} is not checked`,
    fix: `Give a document of ${standard} ${known.join(', ')}.`,
    pointer: '',
  };
}

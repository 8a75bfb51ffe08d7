/** A document of any standard as a manifest. */

import { MsbomError, withPlace } from '../core/error.js';
import type { Finding } from '../core/finding.js';
import { requireKeptIntegers } from '../core/json-text.js';
import type { Manifest } from '../schema/index.js';
import type { Json } from './cyclonedx/json.js';
import type { DocumentKind } from './detect.js';
import { checkOfficialSchema, type OpenedDocument } from './validate.js';

export { type OpenedDocument, openDocument } from './validate.js';

export interface SourceOptions {
  /** Name for messages. */
  readonly file?: string | undefined;
  /** Time of a document that states none, RFC 3339 in UTC. Default now. */
  readonly timestamp?: string | undefined;
}

export interface SourceRead {
  /** Meets the schema. */
  readonly manifest: Manifest;
  readonly findings: readonly Finding[];
}

type ForeignKind = Exclude<DocumentKind, { standard: 'msbom' }>;
type ReadSource = (opened: OpenedDocument, options: SourceOptions) => Promise<SourceRead>;

const SOURCES: Readonly<Record<ForeignKind['standard'], ReadSource>> = {
  cyclonedx: async ({ value, losses = [], extensions = [] }, options) => {
    const { fromCycloneDX } = await import('./cyclonedx/index.js');
    const { manifest, version, findings } = fromCycloneDX(value, options);
    if (extensions.length === 0) return { manifest, findings: [...losses, ...findings] };
    const { keepExtensions } = await import('./cyclonedx/extensions.js');
    // The schema was met, so it is an object.
    return { manifest: keepExtensions(manifest, value as Json, version, extensions), findings: [...losses, ...findings] };
  },
  spdx: async ({ value, kind }) => {
    if (kind.standard === 'spdx' && kind.version?.startsWith('2.')) return (await import('./spdx2/index.js')).fromSPDX2(value as Json); // the schema was met
    return (await import('./spdx3/index.js')).fromSPDX(value);
  },
};

/**
 * Converts a document that was opened and is no manifest.
 *
 * @throws ERR_CONVERT_INPUT with line and column for a document that does not meet the schema of its standard
 * @throws ERR_JSON_NUMBER for a whole number that a manifest cannot hold
 */
export async function readSource(opened: OpenedDocument, options: SourceOptions = {}): Promise<SourceRead> {
  try {
    return await read(opened, options);
  } catch (error) {
    throw withPlace(error, { file: options.file });
  }
}

async function read(opened: OpenedDocument, options: SourceOptions): Promise<SourceRead> {
  const { kind } = opened;
  if (kind.standard === 'msbom') throw new TypeError('a manifest is no document of another standard');
  refuseUnread(kind, options.file);
  const named = options.file === undefined ? {} : { file: options.file };
  // What a lint finds in a document of others is for `msbom validate` to tell.
  const refused = await checkOfficialSchema(opened, named);
  const [first] = refused;
  // XML with such a number does not meet the schema.
  if (kind.syntax === 'json') requireKeptIntegers(opened.text, options.file);
  if (first === undefined) return SOURCES[kind.standard](opened, options);
  if (await isJsonLd(opened)) {
    const { manifest, findings } = await SOURCES[kind.standard](opened, options);
    return { manifest, findings: [otherForm(first), ...findings] };
  }
  throw new MsbomError('ERR_CONVERT_INPUT', first.message, {
    file: options.file,
    line: first.line,
    column: first.column,
    pointer: first.pointer,
    findings: refused,
    hint: VERSION.test(first.id) ? first.fix : `run \`msbom validate ${options.file ?? 'FILE'}\` to see every finding`,
  });
}

/** What is wrong with a document of an unknown version is not known. */
const VERSION = /^(cyclonedx|spdx)-version$/;

/** Is it SPDX, and wrong only in that it is written in another form of JSON-LD than its schema takes? */
async function isJsonLd({ kind, value }: OpenedDocument): Promise<boolean> {
  if (kind.standard !== 'spdx' || kind.version?.startsWith('3.0') !== true) return false;
  const { isValidWhenEven } = await import('./spdx3/normalize.js');
  return isValidWhenEven(value);
}

const otherForm = (first: Finding): Finding => ({
  ...first,
  severity: 'low',
  message: `the document is written in a form of JSON-LD that its official schema does not take: ${first.message}`,
});

function refuseUnread(kind: ForeignKind, file: string | undefined): void {
  if (kind.standard !== 'spdx' || (kind.syntax === 'json' && !/^2\.(?![23]$)/.test(kind.version ?? ''))) return;
  const what = kind.syntax === 'json' ? `SPDX ${kind.version?.slice(0, 20)} is not read` : 'SPDX as tag-value is written, not read';
  throw new MsbomError('ERR_CONVERT_INPUT', what, { file, hint: 'Give the document as JSON of SPDX 2.3, SPDX 3.0.1 or CycloneDX.' });
}

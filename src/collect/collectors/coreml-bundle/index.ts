/** Core ML bundles: the manifest of a package (`.mlpackage`) and the description of a compiled model (`.mlmodelc`). */
import type { JsonValue } from '../../../core/canonical-json.js';
import { MsbomError } from '../../../core/error.js';
import type { Finding } from '../../../core/finding.js';
import { parseJson } from '../../../core/json.js';
import { type Limits, metadataLimits } from '../../../core/limits.js';
import {
  type CollectContext,
  type Collected,
  type Collector,
  type Contribution,
  directoryOf,
  type MetadataFile,
  type Origin,
  RANKS,
} from '../../contribution.js';
import { hubLicense, isNoLicense } from '../../hub-license.js';
import { asCount, asObject, asText, type Loose } from '../../values.js';
import { fromJson, unreadable } from '../shared/json-file.js';

const MAX_ITEMS = 1000;

export const coremlBundle: Collector = {
  id: 'coreml-bundle',
  files: '`Manifest.json` of an `.mlpackage`, `metadata.json` of an `.mlmodelc`',
  // The directory that is collected may be the package itself.
  matches: (path) => path === 'Manifest.json' || /\.mlpackage\/Manifest\.json$|\.mlmodelc\/metadata\.json$/.test(path),
  collect(file, context) {
    if (file.path.endsWith('/metadata.json')) return compiled(file, context.limits);
    return fromJson(file, context.limits, (manifest) =>
      file.path === 'Manifest.json' && manifest.itemInfoEntries === undefined
        ? { contributions: [] }
        : packaged(file.path, manifest, context),
    );
  },
};

/** Items are said to lie under `Data/` of the package; the model is the one with the root identifier. */
function packaged(path: string, manifest: Loose, { paths }: CollectContext): Collected {
  const items = Object.entries(asObject(manifest.itemInfoEntries) ?? {}).slice(0, MAX_ITEMS);
  const data = `${directoryOf(path)}Data/`;
  const present = new Set([...paths].filter((known) => known.startsWith(data)).flatMap(withParents));
  const missing = items.flatMap(([, entry]) => {
    const item = asText(asObject(entry)?.path);
    return item === undefined || present.has(data + item) ? [] : [item];
  });
  const root = asText(manifest.rootModelIdentifier);
  const problems = missing.map((item) => `the package says it has \`${item.slice(0, 200)}\`, which is not there`);
  if (root === undefined || !items.some(([id]) => id === root)) problems.push('the package does not say which of its items is the model');
  const version = asText(manifest.fileFormatVersion);
  const format = { serialization: 'coreml-package', ...(version === undefined ? {} : { version }) };
  return {
    contributions: [note(path, { role: 'index', format }, 'Core ML package manifest')],
    findings: problems.map((message) => incomplete(path, message)),
  };
}

/** A path and the directories above it. */
const withParents = (path: string): string[] => path.split('/').map((_, i, parts) => parts.slice(0, i + 1).join('/'));

const incomplete = (file: string, message: string): Finding => ({
  id: 'companion-missing',
  severity: 'high',
  message,
  fix: 'Fetch the whole package, then collect again.',
  file,
});

/** A list with one description for each model in the bundle; the first is that of the bundle itself. */
function compiled({ path, bytes }: MetadataFile, limits: Limits): Collected {
  try {
    const list = parseJson(bytes, { file: path, limits: metadataLimits(limits.maxDocumentBytes, limits), inexactIntegers: 'text' });
    const model = Array.isArray(list) ? asObject(list[0]) : undefined;
    if (model === undefined) return { contributions: [], findings: [unreadable(path, 'the document is not a list of models')] };
    return { contributions: compiledFacts(path, model) };
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    return {
      contributions: [],
      findings: [unreadable(path, error.message, { line: error.line, column: error.column, offset: error.offset })],
    };
  }
}

const METHOD = 'compiled Core ML model';
/** Plain values that are kept as metadata of the file. */
const KEPT = [
  'modelType',
  'storagePrecision',
  'computePrecision',
  'stateSchema',
  'isUpdatable',
  'metadataOutputVersion',
  'generatedClassName',
] as const;

function compiledFacts(path: string, model: Loose): readonly Contribution[] {
  const claim = (pointer: string, key: string): Contribution[] => {
    const value = asText(model[key]);
    return value === undefined ? [] : [{ kind: 'claim', pointer, value, rank: RANKS.embedded, from: from(path, key) }];
  };
  const addition = (list: string, key: string, item: { readonly [key: string]: JsonValue }): Contribution => ({
    kind: 'addition',
    list,
    item,
    from: from(path, key),
  });
  const license = asText(model.license);
  const author = asText(model.author);
  const version = asCount(model.specificationVersion);
  const producers = converters(asObject(model.userDefinedMetadata) ?? {});
  const metadata = Object.fromEntries(
    KEPT.flatMap((key) => (asText(model[key]) === undefined ? [] : [[key, String(model[key]).slice(0, 512)]])),
  );
  const format = { serialization: 'coreml-compiled', ...(version === undefined ? {} : { version: String(version) }) };
  return [
    note(
      path,
      { format, ...(producers.length > 0 ? { producers } : {}), ...(Object.keys(metadata).length > 0 ? { metadata } : {}) },
      METHOD,
    ),
    ...claim('/model/description', 'shortDescription'),
    ...claim('/model/version', 'version'),
    ...(author === undefined ? [] : [addition('/model/authors', 'author', { name: author })]),
    ...(license === undefined || isNoLicense(license)
      ? []
      : // A licence with the members that the schema has; it only lacks an index signature.
        [addition('/model/licenses', 'license', hubLicense(license) as { readonly [key: string]: JsonValue })]),
  ];
}

function converters(user: Loose): { readonly [key: string]: JsonValue }[] {
  const version = asText(user['com.github.apple.coremltools.version']);
  const [name, source] = (asText(user['com.github.apple.coremltools.source']) ?? '').split('==');
  return [...(version === undefined ? [] : [{ name: 'coremltools', version }]), ...(name && source ? [{ name, version: source }] : [])];
}

const from = (path: string, key: string): Origin => ({ origin: 'declared', path, key, method: METHOD });

const note = (path: string, facts: { readonly [key: string]: JsonValue }, method: string): Contribution => ({
  kind: 'file',
  path,
  facts,
  from: { origin: 'observed', path, method },
});

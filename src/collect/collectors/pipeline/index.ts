/**
 * Models made of parts, each in a directory of its own: diffusers pipelines (model_index.json) and sentence-transformers
 * (modules.json). Sources: https://huggingface.co/docs/diffusers/using-diffusers/write_own_pipeline,
 * https://sbert.net/docs/package_reference/sentence_transformer/models.html
 */
import type { JsonValue } from '../../../core/canonical-json.js';
import { MsbomError } from '../../../core/error.js';
import { idFrom } from '../../../core/id.js';
import { parseJson } from '../../../core/json.js';
import {
  baseName,
  type CollectContext,
  type Collected,
  type Collector,
  type Contribution,
  directoryOf,
  type MetadataFile,
  type Origin,
  RANKS,
} from '../../contribution.js';
import { roleAt, roleByName } from '../../roles.js';
import { asObject, asText, asTexts, type Loose } from '../../values.js';
import { fromJson, unreadable } from '../shared/json-file.js';

const MAX_PARTS = 1000;
const FILES = ['model_index.json', 'modules.json', 'config_sentence_transformers.json'];

interface Part {
  readonly name: string;
  /** Directory; empty for a module that needs no files. */
  readonly path: string;
  readonly class?: string | undefined;
  readonly library?: string | undefined;
}

export const pipeline: Collector = {
  id: 'pipeline',
  files: '`model_index.json`, `modules.json`, `config_sentence_transformers.json`',
  matches: (path) => FILES.includes(baseName(path)),
  collect(file, context) {
    if (baseName(file.path) === 'modules.json') return sentenceTransformers(file, context);
    return baseName(file.path) === 'model_index.json' ? diffusers(file, context) : versions(file, context);
  },
};

async function diffusers(file: MetadataFile, context: CollectContext): Promise<Collected> {
  let parts: readonly Part[] = [];
  const collected = fromJson(file, context.limits, (index) => {
    const from: Origin = { origin: 'declared', path: file.path, method: 'diffusers pipeline index' };
    parts = Object.entries(index).flatMap(([name, value]): Part[] => {
      const [library, kind] = Array.isArray(value) ? (value as readonly unknown[]) : [];
      // A part that the pipeline can do without stands as [null, null].
      return asText(library) === undefined || !isSegment(name) ? [] : [{ name, path: name, class: asText(kind), library: asText(library) }];
    });
    const name = asText(index._class_name);
    const version = asText(index._diffusers_version);
    return {
      contributions: [
        ...claim('/model/architecture/name', name, { ...from, key: '_class_name' }),
        ...(version === undefined
          ? []
          : [
              {
                kind: 'file',
                path: file.path,
                facts: { producers: [{ name: 'diffusers', version }] },
                from: { ...from, key: '_diffusers_version' },
              } as const,
            ]),
        ...(name === undefined ? [] : [{ kind: 'file', path: file.path, facts: { role: 'index' }, from } as const]),
      ],
      findings: missingParts(file.path, parts, context),
    };
  });
  return withParts(collected, parts, file.path, context, 'diffusers pipeline index');
}

async function sentenceTransformers({ path, bytes }: MetadataFile, context: CollectContext): Promise<Collected> {
  let modules: unknown;
  try {
    modules = parseJson(bytes, {
      file: path,
      limits: { maxDocumentBytes: 1 << 20, maxDepth: context.limits.maxDepth },
      inexactIntegers: 'text',
    });
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    return {
      contributions: [],
      findings: [unreadable(path, error.message, { line: error.line, column: error.column, offset: error.offset })],
    };
  }
  const parts = (Array.isArray(modules) ? modules : []).map(asObject).flatMap((module): Part[] => {
    const type = asText(module?.type);
    const folder = typeof module?.path === 'string' ? module.path : '';
    if (module === undefined || type === undefined || !(folder === '' || isSegment(folder))) return [];
    const dot = type.lastIndexOf('.');
    return [
      {
        name: asText(module.name) ?? (folder || 'module'),
        path: folder,
        class: type.slice(dot + 1),
        library: type.slice(0, type.indexOf('.')),
      },
    ];
  });
  const collected: Collected = {
    contributions: [
      { kind: 'file', path, facts: { role: 'index' }, from: { origin: 'declared', path, method: 'sentence-transformers modules' } },
    ],
    // A module such as Normalize has no files; Git keeps no empty directory for it.
    findings: [],
  };
  return withParts(collected, parts, path, context, 'sentence-transformers modules');
}

function versions(file: MetadataFile, { limits }: CollectContext): Collected {
  return fromJson(file, limits, (config) => {
    const producers = Object.entries(asObject(config.__version__) ?? {}).flatMap(([name, version]) => {
      const text = asText(version);
      return text === undefined ? [] : [{ name: name.replace(/_/g, '-'), version: text }];
    });
    const from: Origin = { origin: 'declared', path: file.path, key: '__version__', method: 'sentence-transformers configuration' };
    return { contributions: producers.length === 0 ? [] : [{ kind: 'file', path: file.path, facts: { producers }, from }] };
  });
}

/** The parts, and which file belongs to which of them. */
async function withParts(
  collected: Collected,
  parts: readonly Part[],
  index: string,
  context: CollectContext,
  method: string,
): Promise<Collected> {
  const from: Origin = { origin: 'declared', path: index, method };
  const contributions: Contribution[] = [];
  const home = directoryOf(index);
  // The weights at the top, and their exports in directories beside it, are those of the module without a directory.
  const [root, ...others] = parts.filter(({ path }) => path === '');
  const isOutside = (path: string): boolean =>
    others.length === 0 &&
    roleAt(path, roleByName(path)) === 'weights' &&
    !parts.some(({ path: directory }) => directory !== '' && path.startsWith(`${home}${directory}/`));
  const own = [...context.paths].filter((path) => path.startsWith(home) && isOfPipeline(path, home, context));
  for (const part of parts.slice(0, MAX_PARTS)) {
    // Two pipelines have parts of the same name.
    const id = idFrom(home + (part.path === '' ? part.name : part.path));
    contributions.push({
      kind: 'addition',
      list: '/model/composition',
      item: await partItem(id, part, home, context),
      from: { ...from, key: part.name },
    });
    for (const path of own) {
      if (part.path === '' ? part === root && isOutside(path) : path.startsWith(`${home}${part.path}/`))
        contributions.push({ kind: 'file', path, facts: { part: id }, from: { ...from, origin: 'inferred', key: part.name } });
    }
  }
  return { contributions: [...collected.contributions, ...contributions], findings: collected.findings ?? [] };
}

/** Does a file lie in the pipeline itself, and not in another one inside it? */
function isOfPipeline(path: string, home: string, { paths }: CollectContext): boolean {
  for (let at = directoryOf(path); at.length > home.length; at = directoryOf(at.slice(0, -1)))
    if (paths.has(`${at}model_index.json`) || paths.has(`${at}modules.json`)) return false;
  return true;
}

async function partItem(id: string, part: Part, home: string, context: CollectContext): Promise<{ readonly [key: string]: JsonValue }> {
  const architecture = part.path === '' ? undefined : await architectureOf(`${home}${part.path}/config.json`, context);
  const members: Loose = {
    id,
    name: part.name,
    path: part.path === '' ? undefined : `${home}${part.path}`,
    className: part.class,
    library: part.library,
    architecture: architecture === undefined ? undefined : { name: architecture },
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as { readonly [key: string]: JsonValue }; // texts, and an object of one
}

async function architectureOf(path: string, context: CollectContext): Promise<string | undefined> {
  const file = await context.read(path);
  let name: string | undefined;
  if (file !== undefined)
    fromJson(file, context.limits, (config) => {
      name = asText(config._class_name) ?? asTexts(config.architectures)[0];
      return { contributions: [] };
    });
  return name;
}

function missingParts(file: string, parts: readonly Part[], { paths }: CollectContext) {
  const home = directoryOf(file);
  const present = new Set(
    [...paths].flatMap((path) => (path.startsWith(home) ? [path.slice(home.length, path.indexOf('/', home.length))] : [])),
  );
  return parts
    .filter(({ path }) => !present.has(path))
    .map(
      ({ path }) =>
        ({
          id: 'companion-missing',
          severity: 'high',
          message: `the pipeline needs the part \`${path}\`, which is not there`,
          fix: 'Fetch the missing directory, then collect again.',
          file,
        }) as const,
    );
}

const claim = (pointer: string, value: string | undefined, from: Origin): Contribution[] =>
  value === undefined ? [] : [{ kind: 'claim', pointer, value, rank: RANKS.config, from }];
/** One directory below the root, nothing that leads elsewhere. */
const isSegment = (text: string): boolean => /^[\w.-]+$/.test(text) && !/^\.+$/.test(text);

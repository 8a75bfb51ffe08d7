/**
 * Stores in which a small manifest names blobs by digest: Ollama (manifests/<registry>/<namespace>/<model>/<tag>, blobs/sha256-<hex>)
 * and OCI image layouts that hold a CNCF ModelPack or a KitOps ModelKit (oci-layout, index.json, blobs/sha256/<hex>).
 * Sources: https://github.com/opencontainers/image-spec/blob/main/image-layout.md,
 * https://github.com/modelpack/model-spec/blob/main/docs/spec.md, https://kitops.org/docs/modelkit/spec/
 */
import { append } from '../../core/append.js';
import type { JsonValue } from '../../core/canonical-json.js';
import { MsbomError } from '../../core/error.js';
import type { Finding } from '../../core/finding.js';
import { parseJson } from '../../core/json.js';
import { type Limits, metadataLimits } from '../../core/limits.js';
import type { SourceEntry } from '../../core/source-tree.js';
import { type Contribution, type Origin, RANKS } from '../contribution.js';
import { hubLicense, isNoLicense } from '../hub-license.js';
import { asObject, asText, asTexts, type Loose } from '../values.js';
import { severalModels } from './hub-cache.js';
import type { Layout, LayoutInput, PlacedEntry } from './layout.js';

/** Role of a layer by the end of its media type. */
const ROLES: readonly (readonly [RegExp, string])[] = [
  [/ollama\.image\.(model|projector)$|kitops\.modelkit\.model(part)?\.|cncf\.model\.weight\.(v1\.raw|raw)$/, 'weights'],
  [/ollama\.image\.adapter$/, 'adapter'],
  [/ollama\.image\.(template|system|prompt)$/, 'template'],
  [/ollama\.image\.license$/, 'license'],
  [/ollama\.image\.(params|messages)$|config.*\+json$|cncf\.model\.weight\.config|container\.image\.v1\+json$/, 'config'],
  [/cncf\.model\.code|kitops\.modelkit\.code/, 'code'],
  [/cncf\.model\.doc|kitops\.modelkit\.docs/, 'document'],
  [/cncf\.model\.dataset|kitops\.modelkit\.dataset/, 'data'],
  [/\.tar(\+gzip)?$/, 'archive'],
];
const MAX_LAYERS = 100_000;

interface Choice {
  /** Name that --select takes. */
  readonly label: string;
  /** Path of the image manifest. */
  readonly path: string;
  readonly blob: (digest: string) => string;
  readonly identity: readonly (readonly [pointer: string, value: string | undefined])[];
}

/** The files of one model in such a store; undefined when the directory is none. @throws ERR_COLLECT_SELECT when it holds several */
export async function blobStore(input: LayoutInput, limits: Limits): Promise<Layout | undefined> {
  const choices = ollamaChoices(input.entries) ?? (await ociChoices(input, limits));
  if (choices === undefined || choices.length === 0) return undefined;
  const fitting = choices.filter(({ label }) => input.select === undefined || label === input.select || label.endsWith(`/${input.select}`));
  const [choice] = fitting;
  if (choice === undefined || fitting.length > 1) throw severalModels(choices.map(({ label }) => label));
  return storedModel(choice, input, limits);
}

function ollamaChoices(entries: readonly SourceEntry[]): readonly Choice[] | undefined {
  if (!entries.some(({ path }) => /^blobs\/sha256-[0-9a-f]{64}$/.test(path))) return undefined;
  return entries.flatMap(({ path }): Choice[] => {
    const [root, registry, namespace, model, tag, ...more] = path.split('/');
    if (
      root !== 'manifests' ||
      registry === undefined ||
      namespace === undefined ||
      model === undefined ||
      tag === undefined ||
      more.length > 0
    )
      return [];
    return [
      {
        label: `${namespace === 'library' ? '' : `${namespace}/`}${model}:${tag}`,
        path,
        blob: (digest) => `blobs/${digest.replace(':', '-')}`,
        identity: [
          ['/model/name', model],
          ['/model/group', namespace],
          ['/model/version', tag],
        ],
      },
    ];
  });
}

async function ociChoices({ entries, read }: LayoutInput, limits: Limits): Promise<readonly Choice[] | undefined> {
  const paths = new Set(entries.map(({ path }) => path));
  if (!paths.has('oci-layout') || !paths.has('index.json')) return undefined;
  const index = await readObject('index.json', read, limits);
  const blob = (digest: string): string => `blobs/${digest.replace(':', '/')}`;
  return list(index.manifests).flatMap((descriptor): Choice[] => {
    const digest = asText(descriptor.digest);
    if (digest === undefined || !isDigest(digest)) return [];
    const annotations = asObject(descriptor.annotations) ?? {};
    const name = asText(annotations['org.opencontainers.image.ref.name']) ?? asText(annotations['io.containerd.image.name']);
    return [{ label: name ?? digest.slice(0, 19), path: blob(digest), blob, identity: [] }];
  });
}

async function storedModel(choice: Choice, { entries, read }: LayoutInput, limits: Limits): Promise<Layout> {
  const manifest = await readObject(choice.path, read, limits);
  const from: Origin = { origin: 'declared', path: choice.path, method: 'manifest of the store' };
  const known = new Map(entries.map((entry) => [entry.path, entry]));
  const files = new Map<string, PlacedEntry>();
  const notes: Contribution[] = [];
  const findings: Finding[] = [];
  const keep = (path: string, claimed?: SourceEntry['claimed']): void => {
    const entry = known.get(path);
    if (entry !== undefined) files.set(path, { ...entry, at: path, ...(claimed === undefined ? {} : { claimed }) });
  };
  for (const path of ['oci-layout', 'index.json', choice.path]) keep(path);
  for (const layer of [asObject(manifest.config) ?? {}, ...list(manifest.layers)]) {
    const digest = asText(layer.digest);
    if (digest === undefined || !isDigest(digest)) continue;
    const path = choice.blob(digest);
    const entry = known.get(path);
    const problem =
      entry === undefined
        ? 'is not there'
        : entry.size === layer.size || layer.size === undefined
          ? undefined
          : `has ${entry.size} bytes, not ${String(layer.size)}`;
    if (problem !== undefined) findings.push(badBlob(choice.path, path, problem));
    keep(path, { sha256: digest.slice('sha256:'.length) });
    append(notes, layerNotes(path, layer, from));
  }
  const config = await configFacts(manifest, choice, read, limits, from);
  return {
    entries: [...files.values()],
    contributions: [...choice.identity.flatMap(([pointer, value]) => claim(pointer, value, from)), ...config, ...notes],
    findings,
  };
}

function badBlob(file: string, path: string, problem: string): Finding {
  return {
    id: 'companion-missing',
    severity: 'high',
    message: `the blob \`${path}\` that the manifest names ${problem}`,
    fix: 'Pull the model again.',
    file,
  };
}

/** A layer's role, and the name that the file had before it was stored. */
function layerNotes(path: string, layer: Loose, from: Origin): Contribution[] {
  const mediaType = asText(layer.mediaType) ?? '';
  const role = ROLES.find(([pattern]) => pattern.test(mediaType))?.[1];
  const annotations = asObject(layer.annotations) ?? {};
  const name = asText(annotations['org.cncf.model.filepath']) ?? asText(annotations['org.opencontainers.image.title']);
  const facts: { [key: string]: JsonValue } = {
    ...(role === undefined ? {} : { role }),
    ...(name === undefined ? {} : { note: `stored under the name ${name}` }),
  };
  return Object.keys(facts).length > 0 ? [{ kind: 'file', path, facts, from: { ...from, key: mediaType } }] : [];
}

/** The model config of a ModelPack, or of Ollama. */
async function configFacts(
  manifest: Loose,
  choice: Choice,
  read: LayoutInput['read'],
  limits: Limits,
  from: Origin,
): Promise<Contribution[]> {
  const digest = asText(asObject(manifest.config)?.digest);
  if (digest === undefined || !isDigest(digest)) return [];
  const path = choice.blob(digest);
  const config = await readObject(path, read, limits).catch((error: unknown) => {
    // A ModelKit may have an empty config; what is wrong with a blob is found by its digest.
    if (MsbomError.is(error)) return {} as Loose;
    throw error;
  });
  const place = { ...from, path, method: 'configuration of the stored model' };
  const descriptor = asObject(config.descriptor) ?? {};
  const inner = asObject(config.config) ?? {};
  const licenses = asTexts(descriptor.licenses).filter((id) => !isNoLicense(id));
  return [
    ...claim('/model/name', asText(descriptor.name), { ...place, key: 'descriptor.name' }),
    ...claim('/model/version', asText(descriptor.version), { ...place, key: 'descriptor.version' }),
    ...claim('/model/description', asText(descriptor.description), { ...place, key: 'descriptor.description' }),
    ...claim('/model/architecture/family', asText(inner.architecture), { ...place, key: 'config.architecture' }),
    ...claim('/model/architecture/modelType', asText(descriptor.family) ?? asText(config.model_family), { ...place, key: 'family' }),
    ...claim('/model/quantization/method', asText(inner.quantization) ?? asText(config.file_type), { ...place, key: 'quantization' }),
    // Hub licences are objects of plain JSON members.
    ...licenses.map(
      (id): Contribution => ({
        kind: 'addition',
        list: '/model/licenses',
        item: hubLicense(id) as { readonly [key: string]: JsonValue },
        from: { ...place, key: 'descriptor.licenses' },
      }),
    ),
  ];
}

const claim = (pointer: string, value: string | undefined, from: Origin): Contribution[] =>
  value === undefined ? [] : [{ kind: 'claim', pointer, value, rank: RANKS.layout, from }];
const isDigest = (text: string): boolean => /^sha256:[0-9a-f]{64}$/.test(text);
const list = (value: unknown): readonly Loose[] =>
  (Array.isArray(value) ? value.slice(0, MAX_LAYERS) : []).map(asObject).filter((item) => item !== undefined);

/** @throws ERR_IO_NOT_FOUND, ERR_JSON_*, ERR_FORMAT_MALFORMED */
async function readObject(path: string, read: LayoutInput['read'], limits: Limits): Promise<Loose> {
  const bytes = await read(path);
  if (bytes === undefined)
    throw new MsbomError('ERR_IO_NOT_FOUND', `there is no file ${path}`, { file: path, hint: 'Pull the model again.' });
  const value = asObject(
    parseJson(bytes, {
      file: path,
      limits: metadataLimits(limits.maxDocumentBytes, limits),
      inexactIntegers: 'text',
    }),
  );
  if (value === undefined) throw new MsbomError('ERR_FORMAT_MALFORMED', 'the manifest of the store is not an object', { file: path });
  return value;
}

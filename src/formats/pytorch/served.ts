/**
 * Archives that carry PyTorch weights with what serves them: `.mar` of TorchServe (zip) and `.nemo` of NeMo (tar).
 * Sources: https://github.com/pytorch/serve/blob/master/model-archiver/README.md,
 * https://github.com/NVIDIA/NeMo/blob/main/nemo/core/connectors/save_restore_connector.py
 */
import { type ByteSource, readExactly } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import type { Keyed, ModelFacts } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { smallList } from '../shared/small-metadata.js';
import { type TarMember, tarMemberSource } from '../shared/tar.js';
import { isZip, memberSource, openZip, type ZipArchive } from '../shared/zip.js';
import { archiveFolder, readArchive } from './archive.js';
import type { TorchHeader } from './header.js';
import { asObject, readJson } from './json-member.js';
import { isLegacy, readLegacy } from './legacy.js';

export const MAR_MANIFEST = 'MAR-INF/MANIFEST.json';
const NEMO_CONFIG = 'model_config.yaml';
const NEMO_WEIGHTS = 'model_weights.ckpt';
const MAX_CONFIG = 1024 * 1024;
const MAX_LINE = 512;

type Weights = Pick<TorchHeader, 'tensors' | 'imports' | 'notInspected' | 'root'>;
const NOTHING: Weights = { tensors: [], imports: [], notInspected: [], root: null };

/** @throws ERR_FORMAT_*, ERR_LIMIT_* with file and offset */
export async function readTorchServe(archive: ZipArchive, limits: Limits): Promise<TorchHeader> {
  const manifest = await readJson(archive, MAR_MANIFEST, limits);
  const model = asObject(manifest.model);
  const file = typeof model.serializedFile === 'string' ? archive.members.get(model.serializedFile) : undefined;
  // A compressed member has to be held; one that is too big for that is named as not inspected.
  const isReadable = file !== undefined && (file.method === 0 || file.size <= limits.maxHeaderBytes);
  const weights = !isReadable ? undefined : await weightsIn(await memberSource(archive, file, limits.maxHeaderBytes), limits);
  const others = [...archive.members.keys()].filter(
    (name) => name !== MAR_MANIFEST && (weights === undefined || name !== file?.name) && !name.endsWith('/'),
  );
  return {
    ...(weights ?? NOTHING),
    form: 'TorchServe archive',
    metadata: ['runtime', 'createdOn'].map((key) => [key, text(manifest[key])] as const).concat([['handler', text(model.handler)]]),
    notInspected: [...(weights?.notInspected ?? []), ...listed(others)],
    more: {
      ...keyed('name', text(model.modelName), 'model.modelName'),
      ...keyed('version', text(model.modelVersion), 'model.modelVersion'),
      ...producer('torch-model-archiver', text(manifest.archiverVersion), 'archiverVersion'),
    },
  };
}

/** Name of a member without the `./` that archives of a folder have. */
const plainName = ({ name }: TarMember): string => name.replace(/^\.\//, '');

/** Is it an archive of NeMo, judging by the names of the members? */
export function isNemo(members: readonly TarMember[]): boolean {
  return members.some((member) => plainName(member) === NEMO_CONFIG);
}

/** @throws ERR_FORMAT_*, ERR_LIMIT_* with file and offset */
export async function readNemo(source: ByteSource, members: readonly TarMember[], limits: Limits): Promise<TorchHeader> {
  const find = (name: string) => members.find((member) => plainName(member) === name);
  const file = find(NEMO_WEIGHTS);
  const weights = file && (await weightsIn(tarMemberSource(source, file), limits));
  const config = await topLevel(source, find(NEMO_CONFIG));
  const others = members.map(plainName).filter((name) => name !== NEMO_CONFIG && (weights === undefined || name !== NEMO_WEIGHTS));
  const target = config.get('target');
  return {
    ...(weights ?? NOTHING),
    form: 'NeMo archive',
    metadata: [...config],
    notInspected: [...(weights?.notInspected ?? []), 'nested values of model_config.yaml', ...listed(others)],
    more: {
      ...keyed('name', config.get('name'), 'name'),
      ...keyed('architecture', target?.slice(target.lastIndexOf('.') + 1), 'target'),
      ...producer('nemo', config.get('nemo_version'), 'nemo_version'),
    },
  };
}

/** The weights of a file inside an archive; undefined when they are not of PyTorch. */
async function weightsIn(source: ByteSource, limits: Limits): Promise<Weights | undefined> {
  const head = (await source.read(0, Math.min(64, source.size))).slice();
  if (isLegacy(head)) return readLegacy(source, limits);
  if (!isZip(head)) return undefined;
  const inner = await openZip(source, limits);
  const folder = archiveFolder(new Set(inner.members.keys()));
  return folder === undefined ? undefined : readArchive(inner, folder, limits);
}

/** Plain scalars at the first level of a YAML file: `key: value`. */
async function topLevel(source: ByteSource, member: TarMember | undefined): Promise<ReadonlyMap<string, string>> {
  if (member === undefined) return new Map();
  if (member.size > MAX_CONFIG)
    throw new MsbomError('ERR_LIMIT_BYTES', `the configuration has more than ${MAX_CONFIG} bytes`, {
      file: source.name,
      offset: member.offset,
    });
  const yaml = new TextDecoder().decode(await readExactly(source, member.offset, member.size));
  const found = new Map<string, string>();
  for (const line of yaml.split('\n')) {
    const [, key = '', value = ''] = line.length > MAX_LINE ? [] : (/^([A-Za-z_]\w{0,63}): (.*)$/.exec(line.trimEnd()) ?? []);
    const plain = /^(['"]?)([\w./:+ -]+)\1$/.exec(value.trim())?.[2];
    if (plain !== undefined && plain !== 'null') found.set(key, plain);
  }
  return found;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' && value.length <= 512 ? value : undefined);

function keyed<K extends 'name' | 'version' | 'architecture'>(
  fact: K,
  value: string | undefined,
  key: string,
): { readonly [P in K]?: Keyed<string> } {
  // One known fact, under its own name.
  return value === undefined || value === '' ? {} : ({ [fact]: { value, key } } as { readonly [P in K]: Keyed<string> });
}

function producer(name: string, version: string | undefined, key: string): Pick<ModelFacts, 'producers'> {
  return version === undefined ? {} : { producers: [{ value: { name, version }, key }] };
}

const listed = (names: readonly string[]): readonly string[] => (names.length === 0 ? [] : [`files of the archive: ${smallList(names)}`]);

/**
 * Programs that torch.export saved: the archive of today (models/*.json with data/weights) and the one before
 * (serialized_exported_program.json).
 * Source: https://github.com/pytorch/pytorch/blob/main/torch/_export/serde/schema.py
 */
import { append } from '../../core/append.js';
import { MsbomError } from '../../core/error.js';
import type { ModelFacts, TensorInfo } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { memberSource, openZip, type ZipArchive } from '../shared/zip.js';
import { archiveFolder, readArchive, textMember } from './archive.js';
import { bytesOfValues, SCALAR_TYPES } from './dtypes.js';
import type { TorchHeader } from './header.js';
import { asObject, type Json, readJson } from './json-member.js';
import type { NamedTensor } from './walk.js';

const OLD_PROGRAM = 'serialized_exported_program.json';
const OLD_STATES = ['serialized_state_dict', 'serialized_constants'];

/** Folder of a program's archive with its `/`; empty for the old layout; undefined for any other archive. */
export function exportedFolder(names: ReadonlySet<string>): string | undefined {
  if (names.has(OLD_PROGRAM)) return '';
  for (const name of names) {
    const folder = /^([^/]+\/)archive_format$/.exec(name)?.[1];
    if (folder !== undefined && names.has(`${folder}archive_version`)) return folder;
  }
  return undefined;
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** @throws ERR_FORMAT_*, ERR_LIMIT_* with file and offset */
export async function readExported(archive: ZipArchive, folder: string, limits: Limits): Promise<TorchHeader> {
  const names = [...archive.members.keys()];
  const programs = folder === '' ? [OLD_PROGRAM] : names.filter((name) => name.startsWith(`${folder}models/`) && name.endsWith('.json'));
  const program = programs[0] === undefined ? {} : await readJson(archive, programs[0], limits);
  const old = folder === '' ? await oldWeights(archive, limits) : undefined;
  return {
    form: 'pt2',
    formatVersion: await textMember(archive, folder === '' ? 'version' : `${folder}archive_version`),
    root: null,
    tensors: old?.tensors ?? (await weightConfigs(archive, names, folder, limits)),
    imports: old?.imports ?? [],
    metadata: [['schema_version', schemaVersion(program)]],
    notInspected: unread(names, folder, programs.length),
    more: programFacts(program),
  };
}

/** `data/weights/<model>_weights_config.json` and the same for constants: name, place and meta data of each tensor. */
async function weightConfigs(
  archive: ZipArchive,
  names: readonly string[],
  folder: string,
  limits: Limits,
): Promise<readonly NamedTensor[]> {
  const tensors: NamedTensor[] = [];
  for (const kind of ['weights', 'constants']) {
    const prefix = `${folder}data/${kind}/`;
    for (const config of names.filter((name) => name.startsWith(prefix) && name.endsWith(`_${kind}_config.json`))) {
      for (const [name, payload] of Object.entries(asObject((await readJson(archive, config, limits)).config)))
        append(tensors, weightOf(archive, prefix, name, asObject(payload)));
    }
  }
  return tensors;
}

function weightOf(archive: ZipArchive, prefix: string, name: string, payload: Json): readonly NamedTensor[] {
  const meta = describeTensor(name, payload.tensor_meta);
  if (meta === undefined || typeof payload.path_name !== 'string') return [];
  const values = valuesOf(meta.shape);
  const bytes = bytesOfValues(meta.dtype, values);
  const member = archive.members.get(prefix + payload.path_name);
  if (
    member === undefined ||
    (payload.use_pickle !== true && bytes !== undefined && member.size < bytes && isPlainView(payload.tensor_meta))
  )
    throw new MsbomError('ERR_FORMAT_TRUNCATED', `the data of \`${name.slice(0, 200)}\` is missing or too short`, {
      file: archive.source.name,
      offset: member?.headerOffset ?? 0,
    });
  const storage = { key: prefix + payload.path_name, dtype: undefined, length: member.size, bytes: member.size };
  const part = JSON.stringify([asObject(payload.tensor_meta).storage_offset, asObject(payload.tensor_meta).strides]);
  return [{ ...meta, values, bytes, storage, part, section: 'weights' }];
}

/** A stride of 0 shows the same value many times, so that the data is shorter. */
const isPlainView = (meta: unknown): boolean => asList(asObject(meta).strides).every((stride) => asObject(stride).as_int !== 0);

/** The old layout has the weights as archives inside the archive. */
async function oldWeights(archive: ZipArchive, limits: Limits): Promise<Pick<TorchHeader, 'tensors' | 'imports'>> {
  const tensors: NamedTensor[] = [];
  const imports = new Set<string>();
  for (const name of OLD_STATES) {
    const member = archive.members.get(`${name}.pt`) ?? archive.members.get(`${name}.json`);
    if (member === undefined || member.size === 0) continue;
    const inner = await openZip(await memberSource(archive, member, limits.maxReadBytes), limits);
    const folder = archiveFolder(new Set(inner.members.keys()));
    if (folder === undefined)
      throw new MsbomError('ERR_FORMAT_MALFORMED', `\`${member.name}\` holds no weights of PyTorch`, {
        file: archive.source.name,
        offset: member.headerOffset,
      });
    const header = await readArchive(inner, folder, limits);
    // Keys of storages are those of their own archive.
    tensors.push(
      ...header.tensors.map((tensor) => ({
        ...tensor,
        section: 'weights' as const,
        storage: tensor.storage && { ...tensor.storage, key: `${name}/${tensor.storage.key}` },
      })),
    );
    for (const imported of header.imports) imports.add(imported);
  }
  return { tensors, imports: [...imports].sort() };
}

function unread(names: readonly string[], folder: string, programs: number): readonly string[] {
  const has = (start: string): boolean => names.some((name) => name.startsWith(folder + start));
  return [
    ...(has('data/aotinductor/') ? ['compiled code (AOTInductor)'] : []),
    ...(has('data/executorch/') ? ['ExecuTorch programs'] : []),
    ...(has('data/sample_inputs/') || has('serialized_example_inputs') ? ['sample inputs'] : []),
    ...(has('data/constants/custom_obj_') || has('data/constants/opaque_obj_') ? ['pickled objects among the constants'] : []),
    ...(has('extra/') || has('extra_files/') ? ['extra files of the archive'] : []),
    ...(programs > 1 ? [`${programs - 1} further programs of the archive`] : []),
  ];
}

function schemaVersion(program: Json): string | undefined {
  const { major, minor } = asObject(program.schema_version);
  return typeof major === 'number' && typeof minor === 'number' ? `${major}.${minor}` : undefined;
}

/** Versions, operator sets, inputs and outputs. */
function programFacts(program: Json): Partial<ModelFacts> {
  const torch = program.torch_version;
  const graph = asObject(program.graph_module);
  const values = asObject(asObject(graph.graph).tensor_values);
  const signature = asObject(graph.signature);
  return {
    ...(typeof torch === 'string' && torch.length <= 64
      ? { producers: [{ value: { name: 'torch', version: torch }, key: 'torch_version' }] }
      : {}),
    requires: Object.entries(asObject(program.opset_version)).map(([name, version]) => ({
      value: { name, ...(typeof version === 'number' ? { version: String(version) } : {}) },
      key: `opset_version.${name}`,
    })),
    inputs: userTensors(asList(signature.input_specs), 'user_input', values),
    outputs: userTensors(asList(signature.output_specs), 'user_output', values),
  };
}

function userTensors(specs: readonly unknown[], kind: string, values: Json): readonly TensorInfo[] {
  return specs.flatMap((spec) => {
    const name = asObject(asObject(asObject(asObject(spec)[kind]).arg).as_tensor).name;
    if (typeof name !== 'string' || !Object.hasOwn(values, name)) return [];
    const meta = describeTensor(name, values[name]);
    return meta === undefined ? [] : [meta];
  });
}

/** Name, dtype and shape; a size that is an expression stands as -1. */
function describeTensor(name: string, value: unknown): TensorInfo | undefined {
  const { dtype, sizes } = asObject(value);
  const type = typeof dtype === 'number' ? SCALAR_TYPES[dtype] : undefined;
  if (type === undefined || name.length > 4096 || !Array.isArray(sizes) || sizes.length > 64) return undefined;
  const shape = sizes.map((size) => {
    const known = asObject(size).as_int;
    return typeof known === 'number' && Number.isSafeInteger(known) && known >= 0 ? known : -1;
  });
  return { name, dtype: type, shape };
}

function valuesOf(shape: readonly number[]): number {
  const product = shape.reduce((all, size) => all * size, 1);
  return shape.some((size) => size < 0) || !Number.isSafeInteger(product) ? 0 : product;
}

/**
 * Keras v3 archives (`.keras`): configuration, versions and weights in a zip.
 * Source: https://github.com/keras-team/keras/blob/master/keras/src/saving/saving_lib.py
 */
import { append } from '../../core/append.js';
import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { type Keyed, knownFacts, type ModelFacts } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { otherFiles as filesOutside, outsideFindings } from '../hdf5/other-files.js';
import { defineReader } from '../reader.js';
import { readHdf5 } from '../shared/hdf5/index.js';
import { countsText, smallList, smallMetadata } from '../shared/small-metadata.js';
import { memberSource, openZip, readMember, type ZipArchive } from '../shared/zip.js';
import { configFacts } from './config.js';
import { type JsonRecord, parseConfig, record } from './json.js';
import { trainingSettings } from './training.js';
import { optimizerValues, plainTensor, summarizeWeights, type WeightTensor, wantedAttribute, weightTensors } from './weights.js';

export interface KerasHeader {
  /** `metadata.json` and `config.json`. */
  readonly metadata: JsonRecord;
  readonly config: JsonRecord;
  /** Missing when no weights could be read. */
  readonly tensors: readonly WeightTensor[] | undefined;
  readonly assets: readonly string[];
  /** Files that the weights refer to; an archive has none beside it. */
  readonly otherFiles: readonly string[];
  readonly notInspected: readonly string[];
}

const WEIGHTS = /^model(\.weights|_\d{5}\.weights)\.h5$/;
const OTHER_WEIGHTS = /^model\.weights\.(npz|json)$/;

export const keras = defineReader<KerasHeader>({
  id: 'keras',
  title: 'Keras',
  extensions: ['.keras'],
  sniff: () => false,
  claimsMembers: (names) =>
    names.has('metadata.json') && names.has('config.json') && [...names].some((name) => WEIGHTS.test(name) || OTHER_WEIGHTS.test(name)),
  read: readArchive,
  describe,
  tensors: ({ tensors }) => (tensors ?? []).map(plainTensor),
});

async function readArchive(source: ByteSource, limits: Limits): Promise<KerasHeader> {
  const archive = await openZip(source, limits);
  if (archive.duplicates.length > 0)
    throw new MsbomError('ERR_FORMAT_MALFORMED', `the archive holds \`${archive.duplicates[0]?.slice(0, 100)}\` more than once`, {
      file: source.name,
      offset: 0,
    });
  const otherFiles = new Set<string>();
  const names = [...archive.members.keys()];
  const assets = names.filter((name) => name.startsWith('assets/') && !name.endsWith('/'));
  const notInspected: string[] = [];
  if (assets.length > 0) notInspected.push('the files in `assets/`');
  if (names.includes('model.weights.npz')) notInspected.push('weights in an npz archive, which are pickled');
  const unknown = names.filter(
    (name) => !/^(metadata|config)\.json$|^assets\//.test(name) && !WEIGHTS.test(name) && !OTHER_WEIGHTS.test(name),
  );
  if (unknown.length > 0)
    notInspected.push(`members that Keras does not write: ${smallList(unknown.map((name) => `\`${name.slice(0, 100)}\``))}`);
  return {
    metadata: await readJson(archive, 'metadata.json', limits),
    config: await readJson(archive, 'config.json', limits),
    tensors: await readWeights(archive, limits, { notInspected, otherFiles }),
    assets,
    otherFiles: [...otherFiles],
    notInspected,
  };
}

async function readJson(archive: ZipArchive, name: string, limits: Limits): Promise<JsonRecord> {
  const file = archive.source.name;
  const member = archive.members.get(name);
  if (member === undefined) throw new MsbomError('ERR_FORMAT_MALFORMED', `the archive has no \`${name}\``, { file, offset: 0 });
  const bytes = await readMember(archive, member, Math.min(limits.maxDocumentBytes, limits.maxHeaderBytes));
  const value = parseConfig(bytes, limits, file);
  if (value !== undefined) return value;
  throw new MsbomError('ERR_FORMAT_MALFORMED', `\`${name}\` is not a JSON object`, { file, offset: member.headerOffset });
}

interface Noted {
  readonly notInspected: string[];
  readonly otherFiles: Set<string>;
}

/** Tensors of all HDF5 members; a stored one is read in place, a compressed one is unpacked when it is small enough. */
async function readWeights(
  archive: ZipArchive,
  limits: Limits,
  { notInspected, otherFiles }: Noted,
): Promise<readonly WeightTensor[] | undefined> {
  const members = [...archive.members.values()].filter(({ name }) => WEIGHTS.test(name));
  const tensors: WeightTensor[] = [];
  let complete = members.length > 0;
  for (const member of members) {
    if (member.method !== 0 && member.size > limits.maxHeaderBytes) {
      notInspected.push(`\`${member.name}\`, which is compressed and has more than ${limits.maxHeaderBytes} bytes`);
      complete = false;
      continue;
    }
    const tree = await readHdf5(await memberSource(archive, member, limits.maxHeaderBytes), limits, { wanted: wantedAttribute });
    append(notInspected, tree.notInspected);
    const { data, linked } = filesOutside(tree);
    for (const name of [...data, ...linked]) otherFiles.add(name);
    append(tensors, weightTensors(tree, 'weights3'));
  }
  return complete ? tensors : undefined;
}

function describe({ metadata, config, tensors, assets, otherFiles, notInspected }: KerasHeader): ModelFacts {
  const { facts, layers } = configFacts(config, { place: 'config.json' });
  const version = metadata.keras_version;
  return knownFacts<ModelFacts>({
    format: 'keras',
    formatVersion: '3',
    mediaType: 'application/zip',
    role: 'weights',
    tensors: tensors && summarizeWeights(tensors),
    ...facts,
    producers: typeof version === 'string' && version !== '' ? [keyedProducer(version)] : undefined,
    hyperparameters: trainingSettings(record(config.compile_config), 'config.json compile_config'),
    metadata: smallMetadata([
      ['date_saved', typeof metadata.date_saved === 'string' ? metadata.date_saved : undefined],
      ['module', typeof config.module === 'string' ? config.module : undefined],
      ['registered_name', typeof config.registered_name === 'string' ? config.registered_name : undefined],
      ['layers', countsText(layers)],
      ['assets', smallList(assets)],
      ['optimizer.values', optimizerValues(tensors ?? [])],
    ]),
    notInspected: [...notInspected, ...otherFiles.map((name) => `the linked file \`${name.slice(0, 200)}\``)],
    findings: [...(facts.findings ?? []), ...outsideFindings(otherFiles)],
  });
}

const keyedProducer = (version: string): Keyed<{ name: string; version: string }> => ({
  key: 'metadata.json keras_version',
  value: { name: 'keras', version: version.slice(0, 100) },
});

/**
 * The zip form: one folder with `data.pkl`, a member for each storage, and TorchScript code where there is some.
 * Source: https://github.com/pytorch/pytorch/blob/main/caffe2/serialize/inline_container.cc
 */
import { append } from '../../core/append.js';
import { openCursor } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';
import { anomalyGaps, opaqueBytes, type PickleStream, type PickleValue, readPickle } from '../shared/pickle/index.js';
import { memberSource, readMember, type ZipArchive } from '../shared/zip.js';
import { importNames, type TorchHeader } from './header.js';
import { tensorView } from './tensor.js';
import { findTensors, type NamedTensor } from './walk.js';

/** Members that are small texts, and the key each becomes. */
const TEXTS: Readonly<Record<string, string>> = {
  byteorder: 'byteorder',
  '.format_version': 'format_version',
  '.storage_alignment': 'storage_alignment',
  '.data/serialization_id': 'serialization_id',
};
const MAX_TEXT_MEMBER = 512;

/** The folder of an archive that `torch.save` or `torch.jit.save` wrote; undefined for any other archive. */
export function archiveFolder(names: ReadonlySet<string>): string | undefined {
  for (const name of names) {
    const folder = /^([^/]+)\/data\.pkl$/.exec(name)?.[1];
    if (folder !== undefined && (names.has(`${folder}/version`) || names.has(`${folder}/.data/version`))) return folder;
  }
  return undefined;
}

/** @throws ERR_FORMAT_*, ERR_LIMIT_* with file and offset */
export async function readArchive(archive: ZipArchive, folder: string, limits: Limits): Promise<TorchHeader> {
  const { source, members } = archive;
  const names = [...members.keys()];
  const script = names.some((name) => name.startsWith(`${folder}/code/`)) || members.has(`${folder}/constants.pkl`);
  const data = await pickleMember(archive, `${folder}/data.pkl`, limits);
  const opaque = opaqueBytes();
  const viewOf = (value: PickleValue) => {
    opaque.note(value);
    return tensorView(value);
  };
  const tensors = [...findTensors(data.root, source.name, limits, viewOf)];
  checkStorages(archive, `${folder}/data/`, tensors);
  const streams: PickleStream[] = [data];
  if (members.has(`${folder}/constants.pkl`)) {
    const constants = await pickleMember(archive, `${folder}/constants.pkl`, limits);
    append(tensors, constantTensors(archive, folder, constants.root, limits));
    streams.push(constants);
  }
  return {
    form: script ? 'TorchScript' : 'zip',
    formatVersion: (await textMember(archive, `${folder}/version`)) ?? (await textMember(archive, `${folder}/.data/version`)),
    root: data.root,
    tensors,
    imports: importNames(streams.flatMap(({ imports }) => imports)),
    metadata: await textMembers(archive, folder),
    notInspected: [...leftOver(data), ...anomalyGaps(streams), ...opaque.phrases(), ...unread(names, folder, script)],
  };
}

async function pickleMember(archive: ZipArchive, name: string, limits: Limits): Promise<PickleStream & { readonly rest: number }> {
  const member = archive.members.get(name);
  if (member === undefined) throw missing(archive, name);
  const source = await memberSource(archive, member, limits.maxHeaderBytes);
  const stream = await readPickle(openCursor(source, limits), limits);
  return { ...stream, rest: source.size - stream.end };
}

/** Tensors that the compiler has put into the code, named as the code names them. */
function constantTensors(archive: ZipArchive, folder: string, root: PickleValue, limits: Limits): readonly NamedTensor[] {
  const tensors = findTensors(root, archive.source.name, limits).map((tensor) => ({
    ...tensor,
    name: `CONSTANTS.c${tensor.name}`,
    section: 'weights' as const,
    // The storages of constants have keys of their own.
    ...(tensor.storage === undefined ? {} : { storage: { ...tensor.storage, key: `constants/${tensor.storage.key}` } }),
  }));
  checkStorages(archive, `${folder}/`, tensors);
  return tensors;
}

/** Every storage is there, and as long as its pickle says. */
function checkStorages(archive: ZipArchive, prefix: string, tensors: readonly NamedTensor[]): void {
  for (const { storage } of tensors) {
    if (storage === undefined) continue;
    const member = archive.members.get(prefix + storage.key);
    if (member === undefined) throw missing(archive, prefix + storage.key);
    if (storage.bytes !== undefined && member.size < storage.bytes)
      throw new MsbomError(
        'ERR_FORMAT_TRUNCATED',
        `the storage \`${storage.key.slice(0, 80)}\` has ${member.size} bytes, the pickle needs ${storage.bytes}`,
        { file: archive.source.name, offset: member.headerOffset },
      );
  }
}

function missing({ source }: ZipArchive, name: string): MsbomError {
  return new MsbomError('ERR_FORMAT_MALFORMED', `the archive has no member \`${name.slice(0, 200)}\``, { file: source.name, offset: 0 });
}

async function textMembers(archive: ZipArchive, folder: string): Promise<readonly (readonly [string, string | undefined])[]> {
  const texts: (readonly [string, string | undefined])[] = [];
  for (const [name, key] of Object.entries(TEXTS)) texts.push([key, await textMember(archive, `${folder}/${name}`)]);
  return texts;
}

/** A short text; undefined when the archive has none, or one that is not short and plain. */
export async function textMember(archive: ZipArchive, name: string): Promise<string | undefined> {
  const member = archive.members.get(name);
  if (member === undefined || member.size > MAX_TEXT_MEMBER) return undefined;
  const text = new TextDecoder().decode(await readMember(archive, member, MAX_TEXT_MEMBER)).trim();
  return /^[\x20-\x7e]+$/.test(text) ? text : undefined;
}

function leftOver({ rest }: { readonly rest: number }): readonly string[] {
  return rest === 0 ? [] : [`${rest} bytes after the pickle in data.pkl`];
}

/** What else lies in the archive and is not looked into. */
function unread(names: readonly string[], folder: string, script: boolean): readonly string[] {
  const inside = names.map((name) => (name.startsWith(`${folder}/`) ? name.slice(folder.length + 1) : name));
  const pickles = inside.filter((name) => name.endsWith('.pkl') && !/^(data|constants)\.pkl$/.test(name) && !name.startsWith('code/'));
  return [
    ...(script && inside.some((name) => name.startsWith('code/')) ? ['TorchScript code'] : []),
    ...(inside.some((name) => name.startsWith('extra/')) ? ['extra files of the archive'] : []),
    ...pickles.map((name) => `the pickle ${name.slice(0, 100)}`).slice(0, 20),
  ];
}

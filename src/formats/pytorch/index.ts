/**
 * Files of PyTorch in every form: zip, TorchScript, exported programs, the pickles before them, the tar archive before those,
 * and distributed checkpoints. Pickles are read as symbols and never run; no tensor data is read.
 * Source: https://github.com/pytorch/pytorch/blob/main/torch/serialization.py
 */
import { type ByteSource, readExactly } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';
import { defineReader, SNIFF_BYTES } from '../reader.js';
import { firstTarName, isTar, listTar } from '../shared/tar.js';
import { isZip, openZip, type ZipArchive } from '../shared/zip.js';
import { archiveFolder, readArchive } from './archive.js';
import { isDistributedMetadata, readDistributed } from './distributed.js';
import { exportedFolder, readExported } from './exported.js';
import { describeTorch } from './facts.js';
import type { TorchHeader } from './header.js';
import { isLegacy, readLegacy } from './legacy.js';
import { readOldTar, TAR_MEMBERS } from './old-tar.js';
import { isNemo, MAR_MANIFEST, readNemo, readTorchServe } from './served.js';

export type { TorchForm, TorchHeader } from './header.js';

export const pytorch = defineReader<TorchHeader>({
  id: 'pytorch',
  title: 'PyTorch',
  extensions: ['.pt', '.pth', '.pt2', '.ptl', '.distcp', '.mar', '.nemo'],
  sniff: (head, name) => isLegacy(head) || isDistributedMetadata(head) || (isTar(head) && isTorchTar(head, name)),
  claimsMembers: (names) => archiveFolder(names) !== undefined || exportedFolder(names) !== undefined || names.has(MAR_MANIFEST),
  read,
  describe: describeTorch,
  tensors: ({ tensors }) =>
    tensors.map(({ name, dtype, shape, bytes }) => ({ name, dtype, shape, ...(bytes === undefined ? {} : { bytes }) })),
});

async function read(source: ByteSource, limits: Limits): Promise<TorchHeader> {
  const head = (await readExactly(source, 0, Math.min(SNIFF_BYTES, source.size))).slice();
  if (isZip(head)) return readZip(await openZip(source, limits), limits);
  if (isTar(head)) return readTar(source, limits);
  return isDistributedMetadata(head) ? readDistributed(source, limits) : readLegacy(source, limits);
}

/** The oldest form by its first member; an archive of NeMo, whose members come in any order, by its first ones or its name. */
function isTorchTar(head: Uint8Array, name: string): boolean {
  if (TAR_MEMBERS.has(firstTarName(head))) return true;
  const second = firstTarName(head.subarray(512, 1024));
  return /^\.\/(model_config\.yaml|model_weights\.ckpt)$/.test(second) || (firstTarName(head).startsWith('./') && name.endsWith('.nemo'));
}

async function readTar(source: ByteSource, limits: Limits): Promise<TorchHeader> {
  const members = await listTar(source, limits);
  return isNemo(members) ? readNemo(source, members, limits) : readOldTar(source, members, limits);
}

async function readZip(archive: ZipArchive, limits: Limits): Promise<TorchHeader> {
  // A file of a distributed checkpoint is one archive behind the other, of which only the last has its directory at the end.
  if (archive.prefixBytes > 0) return distributedData(archive);
  const names = new Set(archive.members.keys());
  if (names.has(MAR_MANIFEST)) return readTorchServe(archive, limits);
  const exported = exportedFolder(names);
  if (exported !== undefined) return readExported(archive, exported, limits);
  const folder = archiveFolder(names);
  if (folder === undefined)
    throw new MsbomError('ERR_FORMAT_MALFORMED', 'the archive holds no `data.pkl` beside a `version`', {
      file: archive.source.name,
      offset: 0,
    });
  return readArchive(archive, folder, limits);
}

function distributedData({ prefixBytes }: ZipArchive): TorchHeader {
  return {
    form: 'distributed data',
    root: null,
    tensors: [],
    imports: [],
    metadata: [],
    notInspected: [
      `tensors and objects of a distributed checkpoint, which its \`.metadata\` names (${prefixBytes} bytes before the last archive)`,
    ],
  };
}

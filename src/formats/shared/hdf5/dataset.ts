/** What a dataset is made of: data type, sizes, where its bytes lie. Source: HDF5 File Format Specification 4.0, IV.A.2. */
import { MsbomError } from '../../../core/error.js';
import { elementCount } from '../../../core/facts.js';
import { type Block, textUpToZero } from './block.js';
import { type Datatype, readDataspace } from './datatype.js';
import { countItems, type Hdf5File } from './file.js';
import { MESSAGE, type Message, resolveDatatype } from './header.js';
import { localHeap, nameAt } from './links.js';

export interface Dataset {
  readonly dtype: string;
  /** Sizes of the axes; empty for a scalar and for a dataset of nothing. */
  readonly shape: readonly number[];
  /** Number of elements. */
  readonly count: number;
  /** Bytes in this file; missing when they are compressed, elsewhere or of a variable length. */
  readonly bytes?: number;
  /** Where its bytes begin in the file; missing when they are not in one piece. */
  readonly start?: number;
  readonly filters: readonly string[];
  readonly layout: 'compact' | 'contiguous' | 'chunked' | 'virtual';
  /** Files that hold the data, as the dataset names them. */
  readonly externalFiles: readonly string[];
}

const FILTERS: Readonly<Record<number, string>> = { 1: 'gzip', 2: 'shuffle', 3: 'fletcher32', 4: 'szip', 5: 'nbit', 6: 'scaleoffset' };
const LAYOUTS = ['compact', 'contiguous', 'chunked', 'virtual'] as const;

/** The dataset that an object's messages describe; undefined when it is none, or when parts of it are not read, which is noted. */
export async function readDataset(file: Hdf5File, messages: readonly Message[]): Promise<Dataset | undefined> {
  const message = (type: number) => messages.find((each) => each.type === type);
  const type = message(MESSAGE.datatype);
  const space = message(MESSAGE.dataspace);
  const layout = message(MESSAGE.layout);
  if (type === undefined || space === undefined || layout === undefined) return undefined;
  const datatype = await resolveDatatype(file, type.data, type.shared);
  if (space.shared) file.notInspected.add('datasets with a shared dataspace');
  if (datatype === undefined || space.shared) return undefined;
  const shape = readDataspace(space.data);
  const count = shape === undefined ? 0 : elementCount({ shape });
  const filters = readFilters(file, message(MESSAGE.filters));
  const external = message(MESSAGE.external);
  const externalFiles = external === undefined ? [] : await readExternal(file, external.data);
  const { kind, stored, start } = readLayout(file, layout.data, datatype, count);
  const known = filters.length === 0 && externalFiles.length === 0 && !datatype.indirect && kind !== 'virtual';
  return {
    dtype: datatype.name,
    shape: shape ?? [],
    count,
    filters,
    layout: kind,
    externalFiles,
    ...(known ? { bytes: stored ?? count * datatype.bytes } : {}),
    ...(start === undefined ? {} : { start }),
  };
}

/** Layout messages of versions 1 to 4 (5 in HDF5 2.0); data that is contiguous must be inside the file. */
function readLayout(
  file: Hdf5File,
  block: Block,
  datatype: Datatype,
  count: number,
): { kind: Dataset['layout']; stored?: number; start?: number } {
  const version = block.version('layout message', [1, 2, 3, 4, 5]);
  const rank = version < 3 ? block.u8() : 0;
  const layoutClass = block.u8();
  const kind = LAYOUTS[layoutClass];
  if (kind === undefined || (kind === 'virtual' && version < 4)) throw block.malformed(`the layout class ${layoutClass} is not known`);
  if (kind === 'virtual') file.notInspected.add('virtual datasets, whose data lies in other datasets');
  if (kind !== 'contiguous') return { kind };
  if (version < 3) block.skip(5);
  const address = block.address();
  const needed = count * datatype.bytes;
  if (version < 3) block.skip(rank * 4);
  const size = version < 3 ? needed : block.size();
  if (address === undefined) return { kind, stored: 0 };
  const end = file.base + address + Math.max(size, needed);
  if (end <= file.size) return { kind, stored: size, start: file.base + address };
  throw new MsbomError('ERR_FORMAT_TRUNCATED', `the data of a dataset ends at offset ${end}, the file has ${file.size} bytes`, {
    file: file.name,
    offset: block.offset,
  });
}

function readFilters(file: Hdf5File, message: Message | undefined): readonly string[] {
  if (message === undefined) return [];
  if (message.shared) {
    file.notInspected.add('shared filter pipelines');
    return ['unknown'];
  }
  const { data } = message;
  const version = data.version('filter pipeline message', [1, 2]);
  const count = data.u8();
  if (version === 1) data.skip(6);
  return Array.from({ length: count }, () => readFilter(data, version));
}

/** Id, bytes of the name, flags, number of parameters, name, parameters. */
function readFilter(data: Block, version: number): string {
  const id = data.u16();
  const nameBytes = version === 1 || id >= 256 ? data.u16() : 0;
  data.skip(2);
  const values = data.u16();
  const name = textUpToZero(data.bytes(version === 1 ? Math.ceil(nameBytes / 8) * 8 : nameBytes));
  data.skip(values * 4 + (version === 1 && values % 2 === 1 ? 4 : 0));
  return FILTERS[id] ?? `${id}${name === '' ? '' : ` ${name}`}`;
}

/** Version, reserved, allocated and used slots, heap of names; then name, offset, bytes for each. */
async function readExternal(file: Hdf5File, block: Block): Promise<readonly string[]> {
  block.version('external file list', [1]);
  block.skip(5);
  const slots = block.u16();
  const heap = block.address();
  if (heap === undefined) return [];
  countItems(file, slots, block.offset);
  const names = await localHeap(file, heap);
  const files: string[] = [];
  for (let i = 0; i < slots; i++) {
    files.push(nameAt(file, names, block.size()));
    block.size();
    block.size();
  }
  return files;
}

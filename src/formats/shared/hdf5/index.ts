/**
 * HDF5 without its data: groups, links, attributes and what each dataset is made of. No dataset is read.
 * Source: HDF5 File Format Specification Version 4.0, https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t4.html
 */
import type { ByteSource } from '../../../core/byte-source.js';
import { MsbomError } from '../../../core/error.js';
import type { Limits } from '../../../core/limits.js';
import { type AttributeValue, attributeValue, readAttribute } from './attribute.js';
import { type Dataset, readDataset } from './dataset.js';
import { readDense } from './dense.js';
import { type Hdf5File, keepBytes, openHdf5 } from './file.js';
import { MESSAGE, type Message, readObjectHeader } from './header.js';
import { type Link, readLinks } from './links.js';

export type { AttributeValue } from './attribute.js';
export type { Dataset } from './dataset.js';
export { hdf5Offset } from './file.js';

/** A group, a dataset or a committed datatype. */
export interface Hdf5Object {
  /** From the root, without a leading slash; '' is the root group. */
  readonly path: string;
  /** Those that were asked for and whose values are texts or numbers. */
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  readonly dataset?: Dataset;
  /** Is it a group? */
  readonly isGroup: boolean;
}

/** A link that leads to a path or to another file; such are named, never followed. */
export interface Hdf5Reference {
  readonly path: string;
  /** Name of the other file; missing for a path in this one. */
  readonly file?: string;
  readonly target: string;
}

export interface Hdf5Tree {
  /** Version of the superblock. */
  readonly version: number;
  /** Bytes before the superblock. */
  readonly userBlockBytes: number;
  /** Every object once, under the first of its paths. */
  readonly objects: readonly Hdf5Object[];
  readonly references: readonly Hdf5Reference[];
  readonly notInspected: readonly string[];
}

export interface Hdf5Options {
  /** Which attributes' values are wanted. */
  readonly wanted: (path: string, name: string) => boolean;
}

/**
 * Walks the whole tree of objects.
 * @throws ERR_FORMAT_*, ERR_LIMIT_* with file and offset
 */
export async function readHdf5(source: ByteSource, limits: Limits, { wanted }: Hdf5Options): Promise<Hdf5Tree> {
  const file = await openHdf5(source, limits);
  const objects: Hdf5Object[] = [];
  const references: Hdf5Reference[] = [];
  const seen = new Set<number>();
  const waiting: Place[] = [{ path: '', address: file.root, depth: 0 }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { path, address, depth } = place;
    // An object with several hard links is visited once, so loops end.
    if (seen.has(address)) continue;
    seen.add(address);
    const messages = await readObjectHeader(file, address);
    const links = await readLinks(file, messages);
    const dataset = links === undefined ? await readDataset(file, messages) : undefined;
    const attributes = await readAttributes(file, messages, (name) => wanted(path, name));
    objects.push({ path, attributes, isGroup: links !== undefined, ...(dataset === undefined ? {} : { dataset }) });
    const children = follow(file, links ?? [], place, references);
    if (children.length > 0 && depth >= limits.maxDepth) throw tooDeep(file, address);
    for (const child of children.reverse()) waiting.push(child);
  }
  return { version: file.version, userBlockBytes: file.base, objects, references, notInspected: [...file.notInspected].sort() };
}

/** Characters of a path. */
const MAX_PATH = 65_536;

interface Place {
  readonly path: string;
  readonly address: number;
  readonly depth: number;
}

const tooDeep = (file: Hdf5File, address: number): MsbomError =>
  new MsbomError('ERR_LIMIT_DEPTH', `groups nest deeper than ${file.limits.maxDepth}`, { file: file.name, offset: file.base + address });

/** The objects that a group holds; other links are noted. */
function follow(file: Hdf5File, links: readonly Link[], parent: Pick<Place, 'path' | 'depth'>, references: Hdf5Reference[]): Place[] {
  const children: Place[] = [];
  for (const { name, target } of links) {
    const path = parent.path === '' ? name : `${parent.path}/${name}`;
    if (path.length > MAX_PATH)
      throw new MsbomError('ERR_LIMIT_BYTES', `a path is longer than ${MAX_PATH}`, { file: file.name, offset: 0 });
    // A long name of a group is held again with each of the objects in it.
    keepBytes(file, path.length, file.base);
    if (target.kind === 'soft') references.push({ path, target: target.path });
    else if (target.kind === 'external') references.push({ path, file: target.file, target: target.path });
    else children.push({ path, address: target.address, depth: parent.depth + 1 });
  }
  return children;
}

async function readAttributes(
  file: Hdf5File,
  messages: readonly Message[],
  wanted: (name: string) => boolean,
): Promise<ReadonlyMap<string, AttributeValue>> {
  const values = new Map<string, AttributeValue>();
  for (const { type, shared, data } of messages) {
    if (type !== MESSAGE.attribute && type !== MESSAGE.attributeInfo) continue;
    const blocks = type === MESSAGE.attributeInfo ? await denseAttributes(file, data) : shared ? sharedAttribute(file) : [data];
    for (const block of blocks) {
      const attribute = await readAttribute(file, block);
      if (!wanted(attribute.name) || attribute.shape === undefined) continue;
      const value = await attributeValue(file, attribute);
      if (value === undefined) file.notInspected.add('attributes that are neither texts nor numbers');
      else values.set(attribute.name, value);
    }
  }
  return values;
}

function sharedAttribute(file: Hdf5File): [] {
  file.notInspected.add('shared attributes');
  return [];
}

/** Version, flags, largest creation order, fractal heap, name index. */
async function denseAttributes(file: Hdf5File, data: Message['data']): Promise<readonly Message['data'][]> {
  data.version('attribute info message', [0]);
  data.skip((data.u8() & 1) !== 0 ? 2 : 0);
  const heap = data.address();
  const tree = data.address();
  return heap === undefined || tree === undefined ? [] : ((await readDense(file, heap, tree)) ?? []);
}

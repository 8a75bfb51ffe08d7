/** Object headers of both versions, with their continuation blocks. Source: HDF5 File Format Specification 4.0, IV.A. */
import { MsbomError } from '../../../core/error.js';
import type { Block } from './block.js';
import { type Datatype, readDatatype } from './datatype.js';
import { blockAt, countItems, type Hdf5File } from './file.js';

/** Type numbers of messages that are read. */
export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  external: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

export interface Message {
  readonly type: number;
  /** Does the data only say where the message is? */
  readonly shared: boolean;
  readonly data: Block;
}

interface Chunk {
  readonly block: Block;
  /** Bytes of a message's own header. */
  readonly headBytes: number;
  readonly old: boolean;
}

/** All messages of an object, in order. */
export async function readObjectHeader(file: Hdf5File, address: number): Promise<readonly Message[]> {
  const prefix = await blockAt(file, address, Math.min(64, Math.max(16, file.size - file.base - address)));
  const isNew = String.fromCharCode(...prefix.bytes(4)) === 'OHDR';
  const first = isNew ? await newChunk(file, address, prefix) : await oldChunk(file, address);
  const messages: Message[] = [];
  const chunks: Chunk[] = [first];
  const seen = new Set<number>();
  for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
    for (const message of messagesOf(chunk)) {
      countItems(file, 1, message.data.offset);
      if (message.type === MESSAGE.continuation) chunks.push(await continued(file, message.data, first, seen));
      else if (message.type !== 0) messages.push(message);
    }
  }
  return messages;
}

/** Version, reserved, number of messages, references, bytes of the first chunk, padding. */
async function oldChunk(file: Hdf5File, address: number): Promise<Chunk> {
  const block = await blockAt(file, address, 16);
  const version = block.u8();
  if (version !== 1) throw block.malformed('no object header stands here');
  block.skip(7);
  const size = block.u32();
  return { block: await copied(file, address + 16, size), headBytes: 8, old: true };
}

async function newChunk(file: Hdf5File, address: number, prefix: Block): Promise<Chunk> {
  prefix.version('object header', [2]);
  const flags = prefix.u8();
  prefix.skip(((flags & 0x20) !== 0 ? 16 : 0) + ((flags & 0x10) !== 0 ? 4 : 0));
  const size = prefix.uint(1 << (flags & 3));
  const headBytes = (flags & 4) !== 0 ? 6 : 4;
  return { block: await copied(file, address + prefix.position, size), headBytes, old: false };
}

async function continued(file: Hdf5File, data: Block, first: Chunk, seen: Set<number>): Promise<Chunk> {
  const address = data.address();
  const size = data.size();
  if (address === undefined || (!first.old && size < 8)) throw data.malformed('a header continues nowhere');
  if (seen.has(address)) throw data.malformed('a header continues in itself');
  seen.add(address);
  if (first.old) return { ...first, block: await copied(file, address, size) };
  const block = await copied(file, address, size);
  block.signature('OCHK');
  return { ...first, block: block.block(size - 8) };
}

/** A header must outlast the next read. */
async function copied(file: Hdf5File, address: number, size: number): Promise<Block> {
  return (await blockAt(file, address, size)).copy();
}

function* messagesOf({ block, headBytes, old }: Chunk): Generator<Message> {
  while (block.remaining >= headBytes) {
    const type = old ? block.u16() : block.u8();
    const size = block.u16();
    const shared = (block.u8() & 2) !== 0;
    block.skip(headBytes - (old ? 5 : 4));
    yield { type, shared, data: block.block(size) };
  }
}

/**
 * The datatype in a message or in an attribute; a committed one is read where it stands. Undefined when it lies in the
 * table of shared messages, which is noted.
 */
export async function resolveDatatype(file: Hdf5File, data: Block, shared: boolean): Promise<Datatype | undefined> {
  if (!shared) return readDatatype(data);
  const address = sharedAddress(file, data);
  if (address === undefined) return undefined;
  const known = file.datatypes.get(address);
  if (known !== undefined) return known;
  const found = (await readObjectHeader(file, address)).find(({ type }) => type === MESSAGE.datatype);
  if (found === undefined || found.shared)
    throw new MsbomError('ERR_FORMAT_MALFORMED', 'a shared datatype is not where it is said to be', {
      file: file.name,
      offset: file.base + address,
    });
  const datatype = readDatatype(found.data);
  file.datatypes.set(address, datatype);
  return datatype;
}

/** Version, type, address; version 1 has padding and a heap's place in between. Type 1 of version 3 is a place in the heap of shared messages. */
export function sharedAddress(file: Hdf5File, data: Block): number | undefined {
  const version = data.version('shared message', [1, 2, 3]);
  const type = data.u8();
  if (version === 3 && type === 1) {
    file.notInspected.add('messages in the heap of shared messages');
    return undefined;
  }
  if (version === 1) data.skip(6 + file.lengthBytes);
  const address = data.address();
  if (address === undefined) throw data.malformed('a shared message has no address');
  return address;
}

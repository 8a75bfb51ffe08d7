/**
 * safetensors: u64 header length, JSON header, tensor data.
 * Source: https://github.com/huggingface/safetensors#format
 */
import { type ByteSource, readExactly } from '../../core/byte-source.js';
import { MsbomError, withPlace } from '../../core/error.js';
import { type ModelFacts, summarize, type TensorInfo } from '../../core/facts.js';
import { parseJson } from '../../core/json.js';
import type { Limits } from '../../core/limits.js';
import { defineReader } from '../reader.js';
import { isAdapterTensor, isValueHead, VALUE_HEAD } from '../shared/adapter.js';
import { parameterCounter } from '../shared/parameters.js';
import { parseTensors } from './header.js';
import { embeddedFacts } from './metadata.js';

export interface SafetensorsHeader {
  readonly tensors: readonly TensorInfo[];
  /** `__metadata__`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes of the JSON header. */
  readonly headerBytes: number;
}

export const safetensors = defineReader<SafetensorsHeader>({
  id: 'safetensors',
  title: 'safetensors',
  extensions: ['.safetensors'],
  sniff(head) {
    if (head.byteLength < 10 || head[8] !== 0x7b) return false;
    const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true);
    return length >= 2n && length <= 1_000_000_000n && /^\{\s*("|\})/.test(latin1(head.subarray(8, 64)));
  },
  read: readHeader,
  describe: ({ tensors, metadata }): ModelFacts => ({
    format: 'safetensors',
    mediaType: 'application/vnd.safetensors',
    role: isAdapter(tensors) ? 'adapter' : 'weights',
    tensors: summarize(tensors, parameterCounter(tensors)),
    ...embeddedFacts(metadata),
    ...(isValueHead(tensors) ? { part: VALUE_HEAD } : {}),
  }),
  tensors: ({ tensors }) => tensors,
});

async function readHeader(source: ByteSource, limits: Limits): Promise<SafetensorsHeader> {
  const prefix = await readExactly(source, 0, 8);
  const length = new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true);
  if (length > BigInt(limits.maxHeaderBytes)) {
    throw new MsbomError('ERR_LIMIT_BYTES', `the header says it has ${length} bytes, the limit is ${limits.maxHeaderBytes}`, {
      file: source.name,
      offset: 0,
    });
  }
  const headerBytes = Number(length);
  const bytes = await readExactly(source, 8, headerBytes);
  if (bytes[0] !== 0x7b)
    throw new MsbomError('ERR_FORMAT_MALFORMED', 'the header does not start with `{`', { file: source.name, offset: 8 });
  const header = readJson(bytes, source.name, limits);
  const { tensors, metadata } = parseTensors(header, source.size - 8 - headerBytes, {
    file: source.name,
    dataOffset: 8 + headerBytes,
    limits,
  });
  return { tensors, metadata, headerBytes };
}

function readJson(bytes: Uint8Array, file: string, limits: Limits): unknown {
  try {
    return parseJson(bytes, { file, limits: { maxDocumentBytes: limits.maxHeaderBytes, maxDepth: 8 } });
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_LIMIT')) throw withPlace(error, { file, offset: 8 });
    throw new MsbomError('ERR_FORMAT_MALFORMED', `the header is not valid: ${error.message}`, {
      file,
      offset: 8 + (error.offset ?? 0),
      cause: error,
    });
  }
}

function isAdapter(tensors: readonly TensorInfo[]): boolean {
  return tensors.length > 0 && tensors.every(({ name }) => isAdapterTensor(name));
}

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Arrays in NumPy's own format. The header is a literal, which is parsed and never evaluated; objects lie behind it as a pickle. */
import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { DEFAULT_LIMITS } from '../../core/limits.js';
import { isArray, readArrayHeader } from '../../formats/numpy/header.js';
import type { Inspection, Inspector } from '../inspector.js';
import { finding } from '../rules/index.js';
import { sliced } from '../sliced.js';

const LIMITS = { ...DEFAULT_LIMITS, maxHeaderBytes: 1024 * 1024 };

/** Bytes of numbers that are looked at; texts and bytes are looked at whole. */
const NUMBER_BYTES = 64 * 1024;
const isWide = (dtype: string): boolean => ['16', '32', '64', '128'].some((bits) => dtype.endsWith(bits));

export const npy: Inspector = { format: 'npy', matches: (head) => isArray(head), inspect };

async function inspect(source: ByteSource): Promise<Inspection> {
  try {
    const start = {
      file: source.name,
      offset: 0,
      size: source.size,
      head: (length: number) => source.read(0, Math.min(length, source.size)),
    };
    const { pickled, dataOffset, extraBytes, element } = await readArrayHeader(start, LIMITS);
    const dataEnd = source.size - extraBytes;
    const nested = pickled
      ? [{ member: 'objects', source: sliced(source, dataOffset, source.size) }]
      : extraBytes > 0
        ? [{ member: `rest@${dataEnd}`, source: sliced(source, dataEnd, source.size) }]
        : [];
    return {
      format: 'npy',
      findings: extraBytes > 0 ? [finding('archive-hidden-data', `${extraBytes} bytes stand behind the array`, { offset: dataEnd })] : [],
      status: 'complete',
      spans: [
        { from: 0, to: dataOffset, as: 'parsed' },
        { from: dataOffset, to: source.size, as: 'data', why: pickled ? 'a pickle of objects' : 'elements' },
      ],
      nested,
      carries: pickled ? [] : [[0, element.fields.every(({ dtype }) => isWide(dtype)) ? Math.min(dataEnd, NUMBER_BYTES) : dataEnd]],
    };
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_IO')) throw error;
    return await unreadable(source, error);
  }
}

/** A header that lies may hide where a pickle begins: it is looked for behind the line of the header. */
async function unreadable(source: ByteSource, error: MsbomError): Promise<Inspection> {
  const line = (await source.read(0, Math.min(source.size, 64 * 1024))).indexOf(0x0a);
  return {
    format: 'npy',
    findings: [finding('array-header', `the header of the array cannot be read: ${error.message}`, { offset: error.offset ?? 0 })],
    status: 'incomplete',
    spans: [{ from: 0, to: source.size, as: 'skipped', why: error.message }],
    notInspected: [`an array whose header cannot be read: ${error.message}`],
    nested: line < 0 ? [] : [{ member: 'objects', source: sliced(source, line + 1, source.size), raw: true }],
  };
}

/**
 * NumPy: one array (.npy), or a zip archive of arrays (.npz). Headers only; objects inside are pickles and stay unread.
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { type ByteSource, readExactly } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { elementCount, knownFacts, type ModelFacts, summarize, type TensorInfo } from '../../core/facts.js';
import type { Finding } from '../../core/finding.js';
import type { Limits } from '../../core/limits.js';
import { defineReader } from '../reader.js';
import { plainCount } from '../shared/parameters.js';
import { isZip, openZip, readMemberHead, type ZipArchive } from '../shared/zip.js';
import { type ArrayHeader, isArray, readArrayHeader } from './header.js';

export interface NumpyHeader {
  /** By name in the archive without `.npy`; the one array of a `.npy` file has the empty name. */
  readonly arrays: ReadonlyMap<string, ArrayHeader>;
  readonly file: string;
}

const ENDING = '.npy';
const MAX_LISTED = 512;

export const numpy = defineReader<NumpyHeader>({
  id: 'numpy',
  title: 'NumPy',
  extensions: ['.npy', '.npz'],
  sniff: isArray,
  claimsMembers: (names) => names.size > 0 && [...names].every((name) => name.endsWith(ENDING)),
  read: readArrays,
  describe: describeArrays,
  tensors: ({ arrays }) => [...arrays].flatMap(([name, array]) => tensorsOf(name, array)),
});

async function readArrays(source: ByteSource, limits: Limits): Promise<NumpyHeader> {
  const head = await source.read(0, Math.min(4, source.size));
  return { file: source.name, arrays: isZip(head) ? await readArchive(source, limits) : await readSingle(source, limits) };
}

async function readSingle(source: ByteSource, limits: Limits): Promise<ReadonlyMap<string, ArrayHeader>> {
  const head = (length: number): Promise<Uint8Array> => readExactly(source, 0, Math.min(length, source.size));
  return new Map([['', await readArrayHeader({ file: source.name, offset: 0, size: source.size, head }, limits)]]);
}

async function readArchive(source: ByteSource, limits: Limits): Promise<ReadonlyMap<string, ArrayHeader>> {
  const archive = await openZip(source, limits);
  refuseDuplicates(archive);
  const arrays = new Map<string, ArrayHeader>();
  let bytesRead = 0;
  for (const member of archive.members.values()) {
    const name = member.name.slice(0, -ENDING.length);
    const head = async (length: number): Promise<Uint8Array> => {
      const bytes = await readMemberHead(archive, member, length);
      bytesRead += bytes.byteLength;
      return bytes;
    };
    arrays.set(name, await readArrayHeader({ file: source.name, offset: member.headerOffset, size: member.size, head }, limits));
    if (bytesRead > limits.maxReadBytes)
      throw new MsbomError('ERR_LIMIT_BYTES', `the headers need more than ${limits.maxReadBytes} bytes`, {
        file: source.name,
        offset: member.headerOffset,
        hint: 'Raise maxReadBytes if the file is trusted.',
      });
  }
  return arrays;
}

function refuseDuplicates({ source, duplicates: [name] }: ZipArchive): void {
  if (name !== undefined)
    throw new MsbomError('ERR_FORMAT_MALFORMED', `the member \`${name.slice(0, 200)}\` stands twice in the archive`, {
      file: source.name,
      offset: 0,
    });
}

/** A record has one tensor for each of its fields. */
function tensorsOf(name: string, { element, shape, pickled }: ArrayHeader): TensorInfo[] {
  return element.fields.map((field) => {
    const axes = [...shape, ...field.shape];
    return {
      name: [name, field.path].filter((part) => part !== '').join('.'),
      dtype: field.dtype,
      shape: axes,
      ...(pickled ? {} : { bytes: elementCount({ shape: axes }) * field.bytes }),
    };
  });
}

/** Texts, raw bytes and objects are no numbers. */
const parametersOf = (tensor: TensorInfo): number => (/^(object|bytes|str|void)/.test(tensor.dtype) ? 0 : plainCount(tensor));

function describeArrays({ arrays, file }: NumpyHeader): ModelFacts {
  const pickled = named(arrays, ({ pickled: isPickled }) => isPickled);
  const longer = named(arrays, ({ extraBytes }) => extraBytes > 0);
  const versions = [...new Set([...arrays.values()].map(({ version }) => version))].sort();
  const inFortranOrder = named(arrays, ({ fortranOrder }) => fortranOrder);
  const [alone] = [...arrays.keys()];
  return knownFacts<ModelFacts>({
    format: 'numpy',
    formatVersion: versions.length > 0 ? versions.join(', ') : undefined,
    tensors: summarize(
      [...arrays].flatMap(([name, array]) => tensorsOf(name, array)),
      parametersOf,
    ),
    metadata: inFortranOrder.length === 0 ? undefined : { fortran_order: alone === '' ? 'True' : listed(inFortranOrder) },
    notInspected: [
      ...(pickled.length > 0 ? [`pickled objects${inArrays(pickled)}`] : []),
      ...(longer.length > 0 ? [`bytes behind the data${inArrays(longer)}`] : []),
    ],
    findings: pickled.length > 0 ? [pickleFinding(pickled, file)] : undefined,
  });
}

const named = (arrays: ReadonlyMap<string, ArrayHeader>, is: (array: ArrayHeader) => boolean): string[] =>
  [...arrays].flatMap(([name, array]) => (is(array) ? [name] : []));
const inArrays = ([first = '', ...more]: readonly string[]): string =>
  more.length > 0 ? ` in ${more.length + 1} arrays` : first === '' ? '' : ` in the array \`${first.slice(0, 200)}\``;

function listed(names: readonly string[]): string {
  const text = names.join(', ');
  return text.length > MAX_LISTED ? `[${names.length} arrays]` : text;
}

function pickleFinding(names: readonly string[], file: string): Finding {
  return {
    id: 'pickled-objects',
    severity: 'medium',
    message: `objects are stored as a pickle${inArrays(names)}, loading it can run any code`,
    fix: 'Load with allow_pickle=False, or ask the publisher for arrays of numbers.',
    file,
  };
}

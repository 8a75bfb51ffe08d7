/** safetensors: no code, and no room for anything else. */
import { type ByteSource, readExactly } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import type { TensorInfo } from '../../core/facts.js';
import { DEFAULT_LIMITS } from '../../core/limits.js';
import { safetensors as reader } from '../../formats/safetensors/index.js';
import { headsOf } from '../carried/ranges.js';
import type { Finding, Inspection, Nested, ScanContext } from '../inspector.js';
import { finding } from '../rules/index.js';
import { sliced } from '../sliced.js';
import { bytesIn, encodedIn, endedOf, nothingEncoded } from '../text/encoded.js';
import { judgeJson } from '../text/json.js';

/** @throws ERR_IO_*, ERR_LIMIT_* */
export async function inspect(source: ByteSource, { budget }: Pick<ScanContext, 'budget'>): Promise<Inspection> {
  try {
    const { metadata, headerBytes, tensors } = (await reader.read(source, DEFAULT_LIMITS)) as Header;
    const findings: Finding[] = [];
    if (headerBytes > 0) await lookAtPadding(source, headerBytes, findings);
    const names = tensors.map(({ name }) => name);
    const judged = judgeJson({ ...metadata, '': names }, source.name);
    const encoded = nothingEncoded();
    for (const text of [...Object.entries(metadata).flat(), ...names]) if (text.length >= SHORTEST) await encodedIn(text, budget, encoded);
    for (const bytes of judged.bytes) await bytesIn(bytes, budget, encoded);
    return {
      format: 'safetensors',
      findings: [...findings, ...judged.findings, ...encoded.findings],
      ...endedOf(encoded),
      spans: [
        { from: 0, to: 8 + headerBytes, as: 'parsed' },
        { from: 8 + headerBytes, to: source.size, as: 'data', why: 'tensors' },
      ],
      nested: [...judged.nested, ...encoded.nested],
      carries: headsOf(
        8 + headerBytes,
        tensors.map(({ bytes }) => bytes ?? 0),
      ),
    };
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_IO') || error.code.startsWith('ERR_LIMIT')) throw error;
    return await broken(source, error);
  }
}

/** Shorter texts spell out nothing. */
const SHORTEST = 12;

interface Header {
  readonly tensors: readonly TensorInfo[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly headerBytes: number;
}

/** Writers pad a header with some spaces; kilobytes of them hide what stands behind. */
async function lookAtPadding(source: ByteSource, headerBytes: number, findings: Finding[]): Promise<void> {
  const last = await source.read(Math.max(8, 8 + headerBytes - MAX_PADDING), Math.min(headerBytes, MAX_PADDING));
  if (headerBytes > MAX_PADDING && last.every((byte) => byte === 0x20))
    findings.push(
      finding('safetensors-layout', `the header ends in more than ${MAX_PADDING} spaces`, {
        offset: 8 + headerBytes - MAX_PADDING,
        severity: 'medium',
      }),
    );
}

const MAX_PADDING = 4096;

/** A file that is cut off is no attack; one that breaks the rules may be read in two ways. */
async function broken(source: ByteSource, error: MsbomError): Promise<Inspection> {
  const length = new DataView((await readExactly(source, 0, 8)).slice().buffer).getBigUint64(0, true);
  const inFile = length <= BigInt(source.size - 8);
  const isCut = error.code === 'ERR_FORMAT_TRUNCATED' && inFile;
  const isNew = error.code === 'ERR_FORMAT_UNSUPPORTED';
  const place = error.offset === undefined ? {} : { offset: error.offset };
  const nested: Nested[] = [];
  // What stands behind the tensors, or between them, is looked at as a file of its own.
  const rest = error.offset !== undefined && inFile && error.offset >= 8 + Number(length) ? error.offset : undefined;
  if (rest !== undefined && !isCut)
    nested.push({ member: `rest@${rest}`, source: sliced(source, rest, source.size), raw: error.message.includes('overlap') });
  return {
    format: 'safetensors',
    findings: [finding(isCut || isNew ? 'format-broken' : 'safetensors-layout', error.message, place)],
    status: 'incomplete',
    spans: [{ from: 0, to: source.size, as: 'skipped', why: error.message }],
    nested,
    search: true,
    notInspected: [`a file of safetensors that breaks its rules: ${error.message}`],
  };
}

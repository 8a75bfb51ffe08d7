/** GGUF: bounds of its header, and the templates in it. */
import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { DEFAULT_LIMITS } from '../../core/limits.js';
import { type GgufHeader, gguf as reader } from '../../formats/gguf/index.js';
import { headsOf } from '../carried/ranges.js';
import type { Finding, Inspection, Nested, ScanContext } from '../inspector.js';
import { finding } from '../rules/index.js';
import { sliced } from '../sliced.js';
import { hasTags, judgeTemplate } from '../template/index.js';
import { encodedIn, endedOf, nothingEncoded } from '../text/encoded.js';

/** @throws ERR_IO_* */
export async function inspect(source: ByteSource, { budget }: Pick<ScanContext, 'budget'>): Promise<Inspection> {
  try {
    const header = await reader.read(source, DEFAULT_LIMITS);
    const end = endOf(header);
    const nested: Nested[] = [];
    const findings: Finding[] = [...templates(header)];
    const encoded = nothingEncoded();
    for (const { value } of header.metadata.values()) if (typeof value === 'string') await encodedIn(value, budget, encoded);
    if (end !== undefined && source.size - end >= 64) await lookBehind(source, end, findings, nested);
    return {
      format: 'gguf',
      findings: [...findings, ...encoded.findings],
      ...endedOf(encoded),
      spans: [
        { from: 0, to: header.dataOffset, as: 'parsed' },
        { from: header.dataOffset, to: source.size, as: 'data', why: 'tensors' },
      ],
      nested: [...nested, ...encoded.nested],
      carries: [[0, header.dataOffset], ...heads(header)],
    };
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_IO')) throw error;
    return broken(source, error);
  }
}

/** Behind the last tensor and its padding; undefined when there is a type of which the size is not known. */
function endOf({ metadata, tensors, dataOffset }: GgufHeader): number | undefined {
  const stated = metadata.get('general.alignment')?.value;
  const alignment = typeof stated === 'number' ? stated : 32;
  let end = dataOffset;
  for (const { bytes } of tensors) {
    if (bytes === undefined) return undefined;
    end += Math.ceil(bytes / alignment) * alignment;
  }
  return end;
}

function heads({ metadata, tensors, dataOffset }: GgufHeader): Inspection['carries'] & object {
  const stated = metadata.get('general.alignment')?.value;
  const sizes = tensors.map(({ bytes }) => bytes);
  const known = sizes.includes(undefined) ? sizes.slice(0, sizes.indexOf(undefined)) : sizes;
  return headsOf(
    dataOffset,
    known.map((bytes) => bytes ?? 0),
    typeof stated === 'number' ? stated : 32,
  );
}

const BLOCK = 1024 * 1024;

async function lookBehind(source: ByteSource, end: number, findings: Finding[], nested: Nested[]): Promise<void> {
  for (let at = end; at < source.size; at += BLOCK) {
    const bytes = await source.read(at, Math.min(BLOCK, source.size - at));
    const other = bytes.findIndex((byte) => byte !== 0);
    if (other < 0) continue;
    findings.push(
      finding('format-trailing-data', `${source.size - at - other} bytes stand behind the last tensor`, { offset: at + other }),
    );
    nested.push({ member: `rest@${at + other}`, source: sliced(source, at + other, source.size) });
    return;
  }
}

function templates({ metadata }: GgufHeader): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [key, { value }] of metadata) {
    const texts = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
    for (const text of texts)
      if (typeof text === 'string' && hasTags(text))
        for (const { offset: _offset, ...found } of judgeTemplate(text, { isChat: key.includes('template') || text.includes('message') }))
          findings.push({ ...found, seen: { ...found.seen, key } });
  }
  return findings;
}

function broken(source: ByteSource, error: MsbomError): Inspection {
  const isCut = error.code === 'ERR_FORMAT_TRUNCATED' || error.code === 'ERR_FORMAT_UNSUPPORTED';
  const place = error.offset === undefined ? {} : { offset: error.offset };
  return {
    format: 'gguf',
    findings: [finding(isCut ? 'format-broken' : 'gguf-header', error.message, place)],
    status: 'incomplete',
    spans: [{ from: 0, to: source.size, as: 'skipped', why: error.message }],
    notInspected: [`a file of GGUF that cannot be read: ${error.message}`],
    search: true,
  };
}

import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { without } from '../carried/ranges.js';
import type { Inspection, ScanContext } from '../inspector.js';
import { finding } from '../rules/index.js';
import { type Shape, walkProtobuf } from './walk.js';

export interface ProtobufFormat {
  readonly format: string;
  readonly shape: Shape;
  /** What was found, also when the file could not be read to its end. */
  readonly end: () => Pick<Inspection, 'findings' | 'facts' | 'nested'>;
  /** Was anything seen that only this format has? Without it the bytes are something else. */
  readonly isSure?: () => boolean;
}

/** A file that is one message. What was found before a fault is kept. @throws ERR_IO_*, ERR_LIMIT_* */
export async function inspectProtobuf(
  source: ByteSource,
  ctx: ScanContext,
  { format, shape, end, isSure }: ProtobufFormat,
): Promise<Inspection> {
  try {
    const skipped: (readonly [from: number, to: number])[] = [];
    await walkProtobuf({ source, budget: ctx.budget, depth: 0, fields: 0, skipped }, 0, source.size, shape);
    if (isSure?.() === false) return { format, findings: [], status: 'complete', spans: [] };
    const spans: Inspection['spans'] = [{ from: 0, to: source.size, as: 'parsed' }];
    return { format, status: 'complete', spans, carries: without(source.size, skipped), ...end() };
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_IO')) throw error;
    const { findings, ...rest } = end();
    if (isSure?.() === false && findings.length === 0) return { format, findings: [], status: 'complete', spans: [] };
    const offset = error.offset ?? 0;
    return {
      format,
      ...rest,
      findings: [...findings, finding(error.code.startsWith('ERR_LIMIT') ? 'scan-limit' : 'format-broken', error.message, { offset })],
      status: 'incomplete',
      spans: [{ from: 0, to: source.size, as: 'skipped', why: error.message }],
      notInspected: [`a file of ${format} that cannot be read to its end: ${error.message}`],
      search: true,
    };
  }
}

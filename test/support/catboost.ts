import { concat, utf8 } from './builders.js';
import { flatbuffer, numbers, scalar, table, text, vector } from './flatbuffer.js';

export interface CatboostParts {
  readonly info?: readonly (readonly [string | undefined, string])[];
  readonly trees?: number | undefined;
  readonly parts?: readonly string[];
  /** Bytes behind the core. */
  readonly extra?: number;
}

/** A CatBoost model with trees of depth one. */
export function catboostFile({ info = [], trees = 3, parts = [], extra = 0 }: CatboostParts = {}): Uint8Array {
  const ensemble = table({
    0: scalar('i32', 1),
    2: numbers(
      'i32',
      Array.from({ length: trees }, () => 1),
    ),
    4: vector(table({ 0: scalar('i32', 0) })),
    5: vector(table({ 0: scalar('i32', 0) }), table({ 0: scalar('i32', 1) })),
    8: numbers(
      'f64',
      Array.from({ length: trees * 2 }, () => 0.5),
    ),
  });
  const root = table({
    0: text('FlabuffersModel_v1'),
    1: trees < 0 ? undefined : ensemble,
    2: vector(...info.map(([key, value]) => table({ 0: key === undefined ? undefined : text(key), 1: text(value) }))),
    3: vector(...parts.map(text)),
  });
  const core = flatbuffer(root, 'xxxx');
  const size = new Uint8Array(Uint32Array.of(core.byteLength).buffer);
  return concat(utf8('CBM1'), size, core, new Uint8Array(extra));
}

/**
 * Formats that hold no code: their readers go through the header, and what it describes is data. A reader is loaded when the
 * first bytes ask for it.
 */
import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { DEFAULT_LIMITS } from '../../core/limits.js';
import type { CoremlHeader } from '../../formats/coreml/walk.js';
import type { ExecutorchHeader } from '../../formats/executorch/index.js';
import type { FormatReader } from '../../formats/reader.js';
import type { Finding, Inspection, Inspector } from '../inspector.js';
import { judgeOperators } from '../python/torchscript.js';
import { finding } from '../rules/index.js';
import { operatorRule } from '../tensorflow/operators.js';

interface Passive {
  readonly format: string;
  /** Could it be? Asked of every file, so that it must be cheap. */
  readonly begins: (head: Uint8Array, name: string) => boolean;
  readonly load: () => Promise<FormatReader>;
  /** What is told of a header beyond that it can be read: operators and classes of others. */
  readonly told?: (header: unknown) => readonly Finding[];
}

const at = (head: Uint8Array, offset: number, text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (head[offset + i] !== text.charCodeAt(i)) return false;
  return true;
};

// Readers are told apart by their id; what their headers hold is theirs.
const any = <H>(reader: FormatReader<H>): FormatReader => reader as unknown as FormatReader;

const FORMATS: readonly Passive[] = [
  {
    format: 'tflite',
    begins: (head) => at(head, 4, 'TFL3'),
    load: async () => any((await import('./readers.js')).tflite),
    told: (header) => operators((header as { readonly customOperators?: readonly string[] }).customOperators ?? []),
  },
  {
    format: 'executorch',
    begins: (head) => at(head, 4, 'ET12') || at(head, 4, 'FT01'),
    load: async () => any((await import('./readers.js')).executorch),
    told: (header) => judgeOperators(operatorsOf(header as ExecutorchHeader)),
  },
  {
    format: 'sentencepiece',
    begins: (head) => head[0] === 0x0a,
    load: async () => any((await import('./readers.js')).sentencepiece),
  },
  {
    format: 'catboost',
    begins: (head) => at(head, 0, 'CBM1'),
    load: async () => any((await import('./readers.js')).catboost),
  },
  {
    format: 'fasttext',
    begins: (head) => head[0] === 0xba && head[1] === 0x16 && head[2] === 0x4f && head[3] === 0x2f,
    load: async () => any((await import('./readers.js')).fasttext),
  },
  {
    format: 'coreml',
    begins: (head) => head[0] === 0x08 && head[2] === 0x12,
    load: async () => any((await import('./readers.js')).coreml),
    told: (header) => classes(header as CoremlHeader),
  },
  {
    format: 'coreml-weights',
    begins: (_head, name) => name.toLowerCase().endsWith('weight.bin'),
    load: async () => any((await import('./readers.js')).coremlWeights),
  },
  {
    format: 'tensorflow-checkpoint',
    begins: (head) => head[0] === 0 && head[1] === 0 && (head[2] ?? 0) >= 4 && (head[2] ?? 99) <= 32,
    load: async () => any((await import('./readers.js')).tensorflowCheckpoint),
  },
  {
    format: 'xgboost',
    begins: (head) =>
      (head[0] === 0x7b && (head[1] ?? 0) < 0x80 && head[1] !== 0x22 && (head[1] ?? 0) > 0x20) ||
      at(head, 0, 'binf') ||
      at(head, 0, 'bs64'),
    load: async () => any((await import('./readers.js')).xgboost),
  },
];

export const passive: readonly Inspector[] = FORMATS.map(({ format, begins, load, told }) => ({
  format,
  weak: true,
  matches: begins,
  inspect: (source) => inspect(source, format, load, told),
}));

async function inspect(source: ByteSource, format: string, load: Passive['load'], told: Passive['told']): Promise<Inspection> {
  const reader = await load();
  const head = (await source.read(0, Math.min(4096, source.size))).slice();
  if (!reader.sniff(head, source.name)) return { format, findings: [], status: 'complete', spans: [] };
  try {
    const header = await reader.read(source, DEFAULT_LIMITS);
    return {
      format,
      findings: [...(told?.(header) ?? [])],
      status: 'complete',
      spans: [{ from: 0, to: source.size, as: 'data', why: 'the header was read, the rest is data' }],
      carries: [[0, source.size]],
    };
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_IO')) throw error;
    return {
      format,
      findings: [finding('format-broken', error.message, error.offset === undefined ? {} : { offset: error.offset })],
      status: 'incomplete',
      spans: [{ from: 0, to: source.size, as: 'skipped', why: error.message }],
      notInspected: [`a file of ${format} that cannot be read: ${error.message}`],
      search: true,
    };
  }
}

const operatorsOf = (header: ExecutorchHeader): readonly string[] =>
  header.kind === 'data' ? [] : [...header.operators.keys()].map((name) => name.replace('::', '.'));

/** Classes that the program which loads the model has to bring, and files that are loaded with it. */
function classes({ customClasses, linkedModels }: CoremlHeader): Finding[] {
  const findings: Finding[] = [];
  const list = (names: ReadonlySet<string>): string => [...names].slice(0, 20).join(', ').slice(0, 300);
  if (customClasses.size > 0)
    findings.push(
      finding('graph-custom-operator', `needs classes of others: ${list(customClasses)}`, {
        seen: { classes: [...customClasses].slice(0, 200) },
      }),
    );
  if (linkedModels.size > 0)
    findings.push(
      finding('graph-file', `takes its models from files: ${list(linkedModels)}`, {
        ...([...linkedModels].some(isOutside) ? {} : { severity: 'medium' }),
        seen: { paths: [...linkedModels].slice(0, 200) },
      }),
    );
  return findings;
}

const isOutside = (path: string): boolean => path.startsWith('/') || path.startsWith('~') || path.includes('..') || path.includes(':');

/** Flex operators are those of TensorFlow itself: the same ones do harm. */
function operators(names: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  for (const name of names.slice(0, 200)) {
    const flex = name.startsWith('Flex') ? name.slice(4).split('@')[0] : undefined;
    const known = flex === undefined ? undefined : operatorRule(flex);
    if (known !== undefined)
      findings.push(
        finding(known.rule, `the operator \`${name}\` ${known.does}`, known.severity === undefined ? {} : { severity: known.severity }),
      );
    else if (flex === 'PrintV2') findings.push(finding('graph-file', `the operator \`${name}\` writes to files`, { severity: 'medium' }));
  }
  if (names.length > 0)
    findings.push(finding('graph-custom-operator', `needs operators of others: ${names.slice(0, 20).join(', ')}`.slice(0, 400)));
  return findings;
}

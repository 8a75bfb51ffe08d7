import { basename, resolve } from 'node:path';
import { mayHoldWeights } from '../collect/roles.js';
import { MsbomError, withFile } from '../core/error.js';
import { findingOf } from '../core/finding.js';
import { ownText, type Printable, printableJson } from '../core/printable.js';
import { dataWithoutSecrets } from '../core/secrets/index.js';
import type { FileFacts } from '../formats/index.js';
import { printLines } from '../report/index.js';
import { filesAt, inspectFile } from './inspect-file.js';
import type { VerbOptions } from './options.js';
import type { VerbResult } from './result.js';

export const INSPECT_FORMATS = ['text', 'json'] as const;
export type InspectFormat = (typeof INSPECT_FORMATS)[number];

export interface InspectOptions extends VerbOptions {
  /** List every tensor. */
  readonly tensors?: boolean;
}

/** What the header of one file says; without credentials that stand in it. */
export interface InspectedFile extends FileFacts {
  readonly file: string;
}

export interface InspectResult extends VerbResult<InspectFormat> {
  readonly files: readonly InspectedFile[];
  /** Why files could not be looked into. */
  readonly errors: readonly MsbomError[];
}

/** Headers of weight files; of a directory, every file that may hold weights. What is wrong with one does not keep the others from being read. */
export async function inspect(paths: string | readonly string[], options: InspectOptions = {}): Promise<InspectResult> {
  const files: InspectedFile[] = [];
  const errors: MsbomError[] = [];
  for (const given of typeof paths === 'string' ? [paths] : paths)
    for await (const found of inspectPath(given, options)) {
      if (MsbomError.is(found)) errors.push(found);
      else files.push(found);
    }
  return {
    exitCode: errors.length > 0 ? 2 : 0,
    findings: errors.map(findingOf),
    formats: INSPECT_FORMATS,
    files,
    errors,
    render: async (format) => ownText(files.map((each) => renderInspected(each, format, options.tensors === true)).join('')),
  };
}

/** The files of one path, each read or refused. @throws ERR_IO_* when nothing is there */
export async function* inspectPath(given: string, options: VerbOptions): AsyncGenerator<InspectedFile | MsbomError> {
  const found = await filesAt(resolve(options.cwd ?? '.', given)).catch((error: unknown) => {
    throw withFile(error, given);
  });
  for (const { name, path } of found) {
    const file = name === '' ? given : `${withoutSlashes(given)}/${name}`;
    const inspected = await inspectOne(file, path, name !== '').catch((error: unknown) => {
      const refused = withFile(error, file);
      if (MsbomError.is(refused)) return refused;
      throw error;
    });
    if (inspected !== undefined) yield inspected;
  }
}

function withoutSlashes(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end--;
  return path.slice(0, end);
}

/** In a directory, files that nobody takes for weights are none of our business. @throws ERR_FORMAT_*, ERR_IO_* */
async function inspectOne(file: string, path: string, isListed: boolean): Promise<InspectedFile | undefined> {
  const found = await inspectFile(path);
  if (found !== undefined) return { ...found, facts: dataWithoutSecrets(found.facts), file };
  if (isListed && !mayHoldWeights(file)) return undefined;
  throw new MsbomError('ERR_FORMAT_UNKNOWN', 'not inspected: no reader recognises the file', {
    file,
    hint: 'see docs/formats.md for the formats that are read',
  });
}

/** One file, as text or JSON. */
export function renderInspected({ file, ...found }: InspectedFile, format: InspectFormat, tensors: boolean): Printable {
  if (format === 'json') return printableJson({ file, facts: found.facts, ...(tensors ? { tensors: found.tensors } : {}) });
  return text(file, found, tensors);
}

function text(name: string, { reader, facts, tensors }: FileFacts, list: boolean): Printable {
  const { tensors: sum } = facts;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['format', `${reader.title}${facts.formatVersion === undefined ? '' : ` ${facts.formatVersion}`}`],
    ['name', facts.name?.value],
    ['architecture', facts.architecture?.value],
    ['license', facts.license?.value],
    ['tensors', sum === undefined ? undefined : String(sum.count)],
    ['parameters', sum === undefined ? undefined : sum.parameters.toLocaleString('en-US')],
    [
      'data types',
      Object.entries(sum?.dtypes ?? {})
        .map(([dtype, count]) => `${dtype} ${count.toLocaleString('en-US')}`)
        .join(', '),
    ],
    ['tensor bytes', sum?.bytes?.toLocaleString('en-US')],
    ['quantization', facts.quantization?.value],
    ['context length', facts.contextLength === undefined ? undefined : String(facts.contextLength.value)],
    ['vocabulary', facts.vocabularySize === undefined ? undefined : String(facts.vocabularySize.value)],
    ['written by', facts.producers?.map(({ value }) => [value.name, value.version].filter(Boolean).join(' ')).join(', ')],
    ['needs', facts.requires?.map(({ value }) => [value.name, value.version].filter(Boolean).join(' ')).join(', ')],
    ['base models', facts.baseModels?.map((base) => base.name ?? base.uri ?? base.key).join(', ')],
    ['datasets', facts.datasets?.map(({ value }) => value.name).join(', ')],
    ['other files', facts.companions?.join(', ')],
    [
      'imports',
      facts.imports &&
        `${facts.imports.slice(0, 12).join(', ')}${facts.imports.length > 12 ? ` and ${facts.imports.length - 12} more` : ''}`,
    ],
    ['not inspected', facts.notInspected?.join('; ')],
  ];
  const known = rows.filter((row): row is readonly [string, string] => row[1] !== undefined && row[1] !== '');
  const lines = [
    basename(name),
    ...known.map(([label, value]) => `  ${label.padEnd(14)} ${value}`),
    ...(facts.findings ?? []).map(({ severity, message }) => `  ${severity}: ${message}`),
  ];
  return printLines([
    ...lines,
    ...(list ? tensors.map(({ name: tensor, dtype, shape }) => `  ${tensor}  ${dtype}  [${shape.join(', ')}]`) : []),
  ]);
}

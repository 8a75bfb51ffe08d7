/** TensorFlow Lite (LiteRT): tensors, operators, signatures and metadata of a flatbuffer model; no tensor data is read. */
import { type Keyed, knownFacts, type ModelFacts, summarize, type TensorInfo } from '../../core/facts.js';
import type { Finding } from '../../core/finding.js';
import { defineReader } from '../reader.js';
import { flatIdentifier } from '../shared/flatbuffer.js';
import { countsText, isInsideDirectory, smallList, smallMetadata } from '../shared/small-metadata.js';
import { readTflite, type TfliteHeader, type TfliteModel, type TfliteTensor } from './model.js';

export type { TfliteHeader, TfliteTensor } from './model.js';

export const tflite = defineReader<NamedHeader>({
  id: 'tflite',
  title: 'TensorFlow Lite',
  extensions: ['.tflite'],
  sniff: (head) => flatIdentifier(head) === 'TFL3',
  read: async (source, limits) => ({ ...(await readTflite(source, limits)), isModel: source.name.endsWith('.tflite') }),
  describe: (header) => (isPack(header) ? describePack(header) : describe(header)),
  tensors: (header) => tensorsOf(header).map(({ name, dtype, shape, bytes }): TensorInfo => ({ name, dtype, shape, bytes })),
});

/** A file that is called a model is one to the interpreter, whatever lies behind it. */
interface NamedHeader extends TfliteHeader {
  readonly isModel: boolean;
}

const isPack = ({ isModel, behind }: NamedHeader): boolean => !isModel && behind.packed.length > 0;

const tensorsOf = (header: NamedHeader): readonly TfliteTensor[] =>
  isPack(header) ? [header, ...header.behind.packed.map(({ model }) => model)].flatMap(({ tensors }) => tensors) : header.tensors;

/** Several models: what each says of itself is true of none of the others, and so not of the file. */
function describePack(header: NamedHeader): ModelFacts {
  const models = [{ start: 0, model: header as TfliteModel }, ...header.behind.packed];
  return knownFacts<ModelFacts>({
    format: 'tflite',
    formatVersion: String(header.version),
    mediaType: 'application/vnd.tflite',
    role: 'weights',
    tensors: summarize(tensorsOf(header), parametersOf),
    metadata: smallMetadata([
      ['models', models.length],
      ...models.flatMap(({ start, model }, i): [string, string][] => [
        [`models.${i}.offset`, String(start)],
        [`models.${i}.inputs`, smallList(model.inputs.map(({ name }) => name)) ?? ''],
        [`models.${i}.outputs`, smallList(model.outputs.map(({ name }) => name)) ?? ''],
      ]),
    ]),
    notInspected: ['which of the models is used for what', ...bytesBehind(header)],
    findings: [
      {
        id: 'packed-models',
        severity: 'low',
        message: `the file holds ${models.length} models, one behind the other; none of them speaks for the whole`,
        fix: 'Describe each model by itself.',
      },
      ...models.flatMap(({ model }) => findings(model)),
    ],
  });
}

const bytesBehind = ({ behind: { bytes } }: TfliteHeader): readonly string[] =>
  bytes === 0 ? [] : [`${bytes} bytes behind the model, which are no part of it`];

function describe(header: TfliteHeader): ModelFacts {
  const { publisher, conversion } = header.metadata;
  const said = (value: string | undefined, key: string): Keyed<string> | undefined => keyed(value, `TFLITE_METADATA.${key}`);
  return knownFacts<ModelFacts>({
    format: 'tflite',
    formatVersion: String(header.version),
    mediaType: 'application/vnd.tflite',
    role: 'weights',
    tensors: summarize(header.tensors, parametersOf),
    name: said(publisher?.name, 'name'),
    description: said(publisher?.description, 'description'),
    version: said(publisher?.version, 'version'),
    author: said(publisher?.author, 'author'),
    license: said(publisher?.license, 'license'),
    quantization: keyed(conversion?.optimizations.join(', '), 'CONVERSION_METADATA.options.model_optimization_modes'),
    producers: converter(conversion?.tensorflowVersion),
    requires: requirements(header),
    inputs: header.inputs,
    outputs: header.outputs,
    companions: header.externalFiles.filter(isInsideDirectory),
    metadata: small(header),
    notInspected: notInspected(header),
    findings: findings(header),
  });
}

/**
 * What counts as a parameter: stored fractions, and whole numbers that say which fractions they stand for. Other whole numbers
 * are shapes, axes and indices.
 */
function parametersOf({ dtype, quantized, stored }: TfliteTensor): number {
  return quantized || /FLOAT|COMPLEX/.test(dtype) ? stored : 0;
}

const keyed = (value: string | undefined, key: string): Keyed<string> | undefined =>
  value === undefined || value.trim() === '' ? undefined : { value: value.trim(), key };

function converter(version: string | undefined): ModelFacts['producers'] {
  return version === undefined || version === ''
    ? undefined
    : [{ key: 'CONVERSION_METADATA.environment.tensorflow_version', value: { name: 'TensorFlow', version } }];
}

function requirements({ metadata: { minRuntimeVersion: version }, customOperators }: TfliteHeader): ModelFacts['requires'] {
  return [
    ...(version === undefined ? [] : [{ key: 'min_runtime_version', value: { name: 'TensorFlow Lite runtime', version } }]),
    ...customOperators.map((name) => ({ key: 'operator_codes.custom_code', value: { name } })),
  ];
}

function small(header: TfliteHeader): ModelFacts['metadata'] {
  const { conversion, publisher } = header.metadata;
  return smallMetadata([
    ['description', header.description],
    ['operators', countsText(header.operators)],
    ['subgraphs', header.subgraphs > 1 ? header.subgraphs : undefined],
    ['signatures', smallList(header.signatures)],
    ['conversion.model_type', conversion?.modelType],
    ['conversion.model_hash', conversion?.modelHash],
    ['min_parser_version', publisher?.minParserVersion],
    ...[...header.associated.files].map(([name, bytes]): [string, string] => [`associated_files.${name}`, `${bytes} bytes`]),
  ]);
}

function notInspected(header: TfliteHeader): readonly string[] {
  const { customOperators, associated, behind } = header;
  const { unread } = header.metadata;
  return [
    ...(customOperators.length > 0 ? ['options of custom operators'] : []),
    ...(unread.length > 0 ? [`metadata ${smallList(unread)}`] : []),
    ...(associated.files.size > 0 ? ['content of the files in the archive behind the model'] : []),
    ...(associated.broken === undefined ? [] : [`the archive behind the model: ${associated.broken}`]),
    ...behind.packed.map(({ start }) => `a second model at byte ${start}, which interpreters do not read`),
    ...bytesBehind(header),
  ];
}

function findings({ customOperators, externalFiles }: TfliteModel): readonly Finding[] {
  return [
    ...externalFiles
      .filter((location) => !isInsideDirectory(location))
      .map(
        (location): Finding => ({
          id: 'external-data-outside',
          severity: 'high',
          message: `tensor data is said to lie in ${JSON.stringify(location.slice(0, 200))}, outside the model's directory`,
          fix: 'Do not load the model; ask its publisher for one whose files lie together.',
        }),
      ),
    ...customOperators.map(
      (name): Finding => ({
        id: 'custom-operators',
        severity: 'info',
        message: `the model needs the operator \`${name.slice(0, 200)}\`, which is not part of TensorFlow Lite`,
        fix: 'Name the library that provides it among the components.',
      }),
    ),
  ];
}

/** Core ML: kind, description, metadata and weights of a model specification; no weights are read. */
import { type Keyed, knownFacts, type ModelFacts, summarize, type TensorInfo } from '../../core/facts.js';
import type { Finding } from '../../core/finding.js';
import { defineReader } from '../reader.js';
import { chatTemplateDigests, isChatTemplate } from '../shared/chat-template.js';
import { countsText, isInsideDirectory, smallList, smallMetadata } from '../shared/small-metadata.js';
import { readCoreml } from './model.js';
import { looksLikeCoreml } from './sniff.js';
import type { CoremlHeader, CoremlTensor } from './walk.js';

export type { CoremlHeader, CoremlTensor } from './walk.js';

export const coreml = defineReader<CoremlHeader>({
  id: 'coreml',
  title: 'Core ML',
  extensions: ['.mlmodel'],
  sniff: looksLikeCoreml,
  read: readCoreml,
  describe,
  tensors: ({ tensors }) =>
    tensors.map(({ name, dtype, shape, bytes }): TensorInfo => ({ name, dtype, shape, ...(bytes === undefined ? {} : { bytes }) })),
});

/** Kinds whose weights are all among the tensors. */
const COUNTED =
  /^(pipeline(Classifier|Regressor)?|neuralNetwork(Classifier|Regressor)?|mlProgram|glm(Regressor|Classifier)|featureVectorizer|arrayFeatureExtractor|normalizer|identity|categoricalMapping|oneHotEncoder|dictVectorizer|classConfidenceThresholding|nonMaximumSuppression)$/;

const COREMLTOOLS = 'userDefined.com.github.apple.coremltools.version';
const SOURCE = 'userDefined.com.github.apple.coremltools.source';

function describe(header: CoremlHeader): ModelFacts {
  const { metadata, types } = header;
  const said = (key: string): Keyed<string> | undefined => {
    const value = metadata.get(key)?.trim();
    return value === undefined || value === '' ? undefined : { value, key: `description.metadata.${key}` };
  };
  return knownFacts<ModelFacts>({
    format: 'coreml',
    formatVersion: String(header.specificationVersion),
    mediaType: 'application/vnd.apple.coreml.model',
    role: 'weights',
    // Trees, support vectors and code are not tensors: a sum without them would be taken for all of them.
    tensors: types.every((type) => COUNTED.test(type))
      ? summarize(header.tensors, ({ parameters }: CoremlTensor) => parameters)
      : undefined,
    description: said('shortDescription'),
    version: said('versionString'),
    author: said('author'),
    license: said('license'),
    producers: producers(metadata),
    requires: [
      ...[...header.opsets].sort().map((name) => ({ key: 'mlProgram.functions.opset', value: { name } })),
      ...[...header.customClasses].sort().map((name) => ({ key: 'className', value: { name } })),
    ],
    inputs: header.inputs,
    outputs: header.outputs,
    companions: [...header.blobFiles, ...header.linkedModels].map(localPath).filter(isInsideDirectory).sort(),
    chatTemplates: chatTemplateDigests(metadata),
    metadata: small(header),
    notInspected: [...header.unread],
    findings: findings(header),
  });
}

/** `@model_path` stands for the directory of the specification. */
const localPath = (path: string): string => path.replace(/^@model_path\//, '');

/** The converter, and the library of the model that it converted (`torch==2.7.0`). */
function producers(metadata: CoremlHeader['metadata']): ModelFacts['producers'] {
  const version = metadata.get(COREMLTOOLS);
  const [name, sourceVersion] = (metadata.get(SOURCE) ?? '').split('==');
  return [
    ...(version ? [{ key: COREMLTOOLS, value: { name: 'coremltools', version } }] : []),
    ...(name && sourceVersion ? [{ key: SOURCE, value: { name, version: sourceVersion } }] : []),
  ];
}

const NAMED = new Set(['shortDescription', 'versionString', 'author', 'license']);

function small(header: CoremlHeader): ModelFacts['metadata'] {
  return smallMetadata([
    ['type', smallList(header.types)],
    ['operations', countsText(header.operations)],
    ['isUpdatable', header.isUpdatable ? true : undefined],
    ...[...header.metadata].filter(([key]) => !NAMED.has(key) && !isChatTemplate(key)),
  ]);
}

function findings({ blobFiles, linkedModels, customClasses }: CoremlHeader): readonly Finding[] {
  return [
    ...[...blobFiles, ...linkedModels]
      .filter((location) => !isInsideDirectory(localPath(location)))
      .sort()
      .map(
        (location): Finding => ({
          id: 'external-data-outside',
          severity: 'high',
          message: `data is said to lie in ${JSON.stringify(location.slice(0, 200))}, outside the model's directory`,
          fix: 'Do not load the model; ask its publisher for one whose files lie together.',
        }),
      ),
    ...[...customClasses].sort().map(
      (name): Finding => ({
        id: 'custom-operators',
        severity: 'info',
        message: `the model needs the class \`${name.slice(0, 200)}\`, which is not part of Core ML`,
        fix: 'Name the application or library that provides it among the components.',
      }),
    ),
  ];
}

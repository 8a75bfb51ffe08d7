/** What the document is about: a model, as the main component. */
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import type { Evidence, Manifest, Model } from '../../schema/index.js';
import { type ComponentRead, makeComponent, type Part, readTable } from './component.js';
import { atLeast, type Context } from './context.js';
import { type ReferencedSections, readReferencedSections, writeReferences } from './documents.js';
import { filePart } from './files.js';
import { type Json, nonEmpty, nonEmptyList, objectOf, objectsOf, pick, textOf, textsOf, unique } from './json.js';
import type { Extra, MlComponent } from './library.js';
import { pedigree, TUNE_METHOD } from './lineage.js';
import { type CardRead, evaluationProperties, modelCard, readModelCard } from './model-card.js';
import type { Property, PropertyRow } from './properties.js';

const ROWS: readonly PropertyRow[] = [
  ['cdx:ai-ml:model:parameter:count', 'parameterCount.total', 'number'],
  ['cdx:ai-ml:model:hyperparameter:context_length', 'contextLength', 'number'],
  ['cdx:ai-ml:model:hyperparameter:vocab_size', 'vocabularySize', 'number'],
  ['cdx:ai-ml:model:hyperparameter:quantization', 'quantization.method'],
  ['cdx:ai-ml:model:language', 'languages', 'texts'],
  ['msbom:rootDigest', 'rootDigest', 'map'],
  ['msbom:parameterCount:active', 'parameterCount.active', 'number'],
  ['msbom:parameterCount:trainable', 'parameterCount.trainable', 'number'],
  ['msbom:parameterCount:bin', 'parameterCount.bin'],
  ['msbom:quantization:bits', 'quantization.bits', 'number'],
  ['msbom:quantization:groupSize', 'quantization.groupSize', 'number'],
  ['msbom:quantization:description', 'quantization.description'],
  ['msbom:architecture:modelType', 'architecture.modelType'],
  ['msbom:architecture:description', 'architecture.description'],
  ['msbom:timestamp', 'timestamp'],
  ['msbom:releaseDate', 'releaseDate'],
  ['msbom:euMarketDate', 'euMarketDate'],
  ['msbom:remoteCode', 'remoteCode', 'flag'],
  ['msbom:explainability', 'explainability'],
  ['msbom:autonomy', 'autonomy'],
  ['msbom:safetyRisk', 'safetyRisk'],
  ['msbom:optimisationObjective', 'optimisationObjective'],
  ['msbom:openness:weights', 'openness.weights'],
  ['msbom:openness:architecture', 'openness.architecture'],
  ['msbom:openness:data', 'openness.data'],
  ['msbom:openness:training', 'openness.training'],
  ['msbom:openness:mofClass', 'openness.mofClass'],
  ['msbom:alias', 'aliases', 'texts'],
  ['msbom:library', 'libraries', 'texts'],
  ['msbom:capability', 'capabilities', 'texts'],
];
const USAGE_ROWS: readonly PropertyRow[] = [
  ['msbom:usage:domain', 'domains', 'texts'],
  ['msbom:usage:prohibited', 'prohibited', 'texts'],
  ['msbom:usage:humanOversight', 'humanOversight'],
  ['msbom:usage:inputSpecification', 'inputSpecification'],
];
const MODALITY = 'cdx:ai-ml:model:modality';
const SUBJECT = 'msbom:subject';

/** `held` are the components that the graph says it contains; `type` is what a document of others calls it. */
export function modelComponent(manifest: Manifest, type: string, held: readonly Part[], context: Context): MlComponent {
  const { artifacts = [], lineage, bom, usage } = manifest;
  const model: Model = manifest.model ?? { name: 'model' };
  return makeComponent(
    {
      ...model,
      ref: context.subject,
      type: type as Enums.ComponentType, // the schema's word
      references: writeReferences(manifest),
      properties: [
        ['msbom:subject', bom.subject],
        [TUNE_METHOD, lineage?.relation],
        ...modalities(model).map((each): Property => [MODALITY, each]),
        ...(model.types ?? []).slice(1).map((each): Property => ['msbom:type', each]),
        ...(model.learningApproaches ?? []).slice(1).map((each): Property => ['msbom:learningApproach', each]),
        ...evaluationProperties(manifest),
      ],
      table: [[...ROWS, ...USAGE_ROWS], { ...model, ...pick({ ...usage }) }],
      nested: [...artifacts.map((file) => filePart(file, '', context)), ...held],
      extra: (normalize) => ({
        pedigree: pedigree(lineage, context, normalize),
        tags: atLeast(context.version, '1.6') && model.tags !== undefined ? unique(model.tags) : undefined,
        evidence: identityEvidence(manifest, context),
        modelCard: isModel({ type }) ? modelCard(manifest, context) : undefined,
      }),
    },
    context,
  );
}

const modalities = ({ io }: Model): readonly string[] =>
  unique([...(io?.inputs ?? []), ...(io?.outputs ?? [])].flatMap(({ modality }) => modality ?? []));

/** Fields of a component that evidence may be given for. */
const FIELDS: Readonly<Record<string, string>> = { '/model/name': 'name', '/model/group': 'group', '/model/version': 'version' };

/** Evidence of the name, group and version where the manifest says how sure it is; before 1.6 there was room for one field only. */
function identityEvidence({ evidence = [] }: Manifest, { version }: Context): Extra | undefined {
  const sure = evidence.filter((entry): entry is Evidence & { confidence: number } => entry.confidence !== undefined);
  const identity = Object.entries(FIELDS).flatMap(([pointer, field]) => {
    const methods = sure.filter(({ pointers }) => pointers.includes(pointer));
    return methods.length === 0
      ? []
      : [{ field, methods: methods.map(({ method, confidence }) => ({ technique: 'other', confidence, value: method })) }];
  });
  return identity.length > 0 && atLeast(version, '1.6') ? { identity } : undefined;
}

/** The sections that the main component tells of. */
export interface SubjectRead {
  readonly model: Model;
  readonly subject: string | undefined;
  readonly card: CardRead;
  readonly sections: ReferencedSections;
}

export function readSubject(value: Json, read: ComponentRead): SubjectRead {
  const card = readModelCard(objectOf(value.modelCard), read.properties);
  const { architecture, languages, ...table } = readTable<Model>(ROWS, read);
  const sections = readReferencedSections(read.references);
  const { tradeOffs, limitations, usage, risk } = card.sections;
  return {
    model: {
      name: read.name,
      ...read.common,
      ...pick({ authors: read.authors, tags: nonEmptyList(textsOf(value.tags)) }),
      ...table,
      ...card.model,
      ...pick({
        architecture: nonEmpty({ ...card.model.architecture, ...architecture }),
        // The taxonomy says `language`, the guide `languages`.
        languages: nonEmptyList([...(languages ?? []), ...(read.properties.get('cdx:ai-ml:model:languages') ?? [])]),
        limitations,
        designSpecification: tradeOffs === undefined ? undefined : { tradeOffs },
      }),
    },
    subject: textOf(read.properties.get(SUBJECT)?.[0]),
    card,
    sections: {
      ...sections,
      ...pick({
        usage: nonEmpty({ ...usage, ...readTable<NonNullable<Manifest['usage']>>(USAGE_ROWS, read), ...sections.usage }),
        risk: nonEmpty({ ...risk, ...sections.risk }),
      }),
    },
  };
}

/** The main component of a document: a model where there is one, wherever it stands. */
export interface MainComponent {
  readonly at: 'metadata' | 'components' | 'none';
  readonly value: Json | undefined;
}

export const isModel = ({ type }: Json): boolean => type === Enums.ComponentType.MachineLearningModel;

export function findMain(document: Json, isOther: (value: Json) => boolean): MainComponent {
  const main = objectOf(document.metadata).component;
  const own = objectOf(main);
  if (isModel(own)) return { at: 'metadata', value: own };
  const model = objectsOf(document.components).find((value) => isModel(value) && !isOther(value));
  if (model !== undefined) return { at: 'components', value: model };
  return textOf(own.name) === undefined ? { at: 'none', value: undefined } : { at: 'metadata', value: own };
}

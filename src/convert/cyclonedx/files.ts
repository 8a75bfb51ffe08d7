/** Files as nested components. */
import { Enums } from '@cyclonedx/cyclonedx-library';
import type { Artifact, TensorSummary } from '../../schema/index.js';
import { type Context, makeComponent, type Property } from './component.js';
import type { Extra, MlComponent } from './library.js';
import { refOf } from './refs.js';

const { ComponentType } = Enums;

export function fileComponent(artifact: Artifact, context: Context): MlComponent {
  const { path, format, inspection, shard, pointer, uri } = artifact;
  const properties: readonly Property[] = [
    ['msbom:file:size', artifact.size],
    ['msbom:file:role', artifact.role],
    ['msbom:file:part', artifact.part],
    ['msbom:file:variant', artifact.variant],
    ['msbom:file:format', format?.serialization],
    ['msbom:file:formatVersion', format?.version],
    ['msbom:file:inspection', inspection?.status],
    ['msbom:file:inspection:reason', inspection?.reason],
    ['msbom:file:quantization', artifact.quantization],
    ['msbom:file:note', artifact.note],
    ...tensorProperties(artifact.tensors),
    ...(shard === undefined
      ? []
      : [['msbom:file:shard', `${shard.index} of ${shard.total}${shard.set === undefined ? '' : `: ${shard.set}`}`] as const]),
    ...(pointer === undefined
      ? []
      : ([
          ['msbom:file:pointer', pointer.kind],
          ['msbom:file:pointer:size', pointer.size],
          ...Object.entries(pointer.digest ?? {}).map(([name, value]): Property => [`msbom:file:pointer:${name}`, value]),
        ] as const)),
    ...(artifact.producers ?? []).map(
      ({ name, version }): Property => ['msbom:file:producer', version === undefined ? name : `${name} ${version}`],
    ),
    ...(artifact.requires ?? []).map(
      ({ name, version }): Property => ['msbom:file:requires', version === undefined ? name : `${name} ${version}`],
    ),
    ...Object.entries(artifact.chatTemplates ?? {}).map(
      ([name, digest]): Property => ['cdx:ai-ml:model:template:chat', `${name}: sha256:${digest}`],
    ),
    ...Object.entries(artifact.metadata ?? {}).map(([name, value]): Property => [`msbom:file:metadata:${name}`, value]),
  ];
  return makeComponent(
    {
      ref: refOf.artifact(artifact),
      type: ComponentType.File,
      name: path,
      digest: artifact.digest,
      licenses: artifact.licenses,
      properties,
      references: uri === undefined ? [] : [{ type: 'distribution', url: uri }],
      extra: () => mimeType(format?.mediaType),
    },
    context,
  );
}

/** The schema takes only `type/subtype` with few characters. */
function mimeType(mediaType: string | undefined): Extra {
  if (mediaType === undefined) return {};
  return /^[-+a-z0-9.]+\/[-+a-z0-9.]+$/.test(mediaType) ? { 'mime-type': mediaType } : {};
}

function tensorProperties(tensors: TensorSummary | undefined): readonly Property[] {
  if (tensors === undefined) return [];
  return [
    ['msbom:tensors:count', tensors.count],
    ['msbom:tensors:parameters', tensors.parameters],
    ['msbom:tensors:bytes', tensors.bytes],
    ...Object.entries(tensors.dtypes ?? {}).map(([dtype, count]): Property => [`msbom:tensors:dtype:${dtype}`, count]),
  ];
}

/** A file of a dataset, whose paths may be those of the model's files too. */
export function nestedFile(file: Artifact, prefix: string, context: Context): MlComponent {
  const component = fileComponent(file, context);
  component.bomRef.value = `file:${prefix}${file.path}`;
  return component;
}

/** Files as nested components. */
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import type { Artifact, Tool } from '../../schema/index.js';
import { type Part, readComponent, readTable } from './component.js';
import { type Context, type Ids, refOfItem } from './context.js';
import { addressOfPath, entriesOf, type Json, nonEmptyList, pick, textOf, uriOf } from './json.js';
import { partOf } from './plain-component.js';
import type { Property, PropertyRow, PropertyValues } from './properties.js';

const ROWS: readonly PropertyRow[] = [
  ['msbom:file:size', 'size', 'number'],
  ['msbom:file:role', 'role'],
  ['msbom:file:part', 'part'],
  ['msbom:file:variant', 'variant'],
  ['msbom:file:format', 'format.serialization'],
  ['msbom:file:formatVersion', 'format.version'],
  ['msbom:file:inspection', 'inspection.status'],
  ['msbom:file:inspection:reason', 'inspection.reason'],
  ['msbom:file:quantization', 'quantization'],
  ['msbom:file:note', 'note'],
  ['msbom:file:executable', 'properties.executable', 'flag'],
  ['msbom:file:archive', 'properties.archive', 'flag'],
  ['msbom:file:structured', 'properties.structured', 'flag'],
  ['msbom:tensors:count', 'tensors.count', 'number'],
  ['msbom:tensors:parameters', 'tensors.parameters', 'number'],
  ['msbom:tensors:bytes', 'tensors.bytes', 'number'],
  ['msbom:tensors:dtype', 'tensors.dtypes', 'numbers'],
  ['msbom:file:shard:index', 'shard.index', 'number'],
  ['msbom:file:shard:total', 'shard.total', 'number'],
  ['msbom:file:shard:set', 'shard.set'],
  ['msbom:file:pointer', 'pointer.kind'],
  ['msbom:file:pointer:size', 'pointer.size', 'number'],
  ['msbom:file:pointer:digest', 'pointer.digest', 'map'],
  ['msbom:file:metadata', 'metadata', 'map'],
];

export const refOfFile = (file: Artifact, within: string, ref: Context['ref']): string =>
  refOfItem('file', file.id, `${within}${file.path}`, ref);

/** A file; `within` tells those of a dataset, whose paths may be those of the model's files too. */
export function filePart(file: Artifact, within: string, context: Context): Part {
  const { path, format, uri, chatTemplates } = file;
  return partOf(
    {
      ref: refOfFile(file, within, context.ref),
      type: Enums.ComponentType.File,
      name: path,
      digest: file.digest,
      licenses: file.licenses,
      table: [ROWS, file],
      properties: [
        ...named('msbom:file:producer', file.producers),
        ...named('msbom:file:requires', file.requires),
        ...entriesOf(chatTemplates).map(([name, digest]): Property => ['cdx:ai-ml:model:template:chat', `${name}: sha256:${digest}`]),
      ],
      references: [
        ...(uri === undefined ? [] : [{ type: 'distribution', url: uri }]),
        ...(file.signatures ?? []).flatMap(({ uri: at, path: inside, method, digest }) => {
          const url = at ?? (inside === undefined ? undefined : addressOfPath(inside));
          return url === undefined ? [] : [{ type: 'digital-signature', url, comment: method, digest }];
        }),
      ],
      extra: () => ({ 'mime-type': mimeType(format?.mediaType) }),
    },
    context,
  );
}

const named = (property: string, items: readonly { readonly name: string; readonly version?: string }[] = []): readonly Property[] =>
  items.map(({ name, version }) => [property, version === undefined ? name : `${name} ${version}`]);

/** The schema takes only `type/subtype` with few characters. */
const MIME_TYPE = /^[-+a-z0-9.]+\/[-+a-z0-9.]+$/;
const mimeType = (mediaType: string | undefined): string | undefined =>
  mediaType !== undefined && MIME_TYPE.test(mediaType) ? mediaType : undefined;

const PATH = /^(?!\/)(?!.*\/\/)(?!.*\/$)(?!(?:.*\/)?\.{1,2}(?:\/|$))[^\u0000]+$/;

/** A path that a manifest can name a file by. */
export const pathOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= 4096 && PATH.test(value) ? value : undefined;

/** The file of a component, when it says what the manifest must know of a file: path, size and SHA-256. */
export function readFile(value: Json, within: string, ids: Ids): Artifact | undefined {
  if (value.type !== 'file') return undefined;
  const read = readComponent(value);
  const path = pathOf(read?.name);
  const sha256 = read?.digest?.sha256;
  if (read === undefined || path === undefined || sha256 === undefined) return undefined;
  const { size, format, ...table } = readTable<Artifact>(ROWS, read);
  if (size === undefined) return undefined;
  return {
    ...pick({ id: ids.assign(value['bom-ref'], `file:${within}${path}`, path) }),
    path,
    size,
    digest: { ...read.digest, sha256 },
    ...table,
    ...pick({
      format: formatOf(format, textOf(value['mime-type'])),
      licenses: read.common.licenses,
      producers: nonEmptyList(readNamed('msbom:file:producer', read.properties)),
      requires: nonEmptyList(readNamed('msbom:file:requires', read.properties)),
      chatTemplates: readTemplates(read.properties),
      uri: uriOf(read.references.find(({ type }) => type === 'distribution')?.url),
    }),
  };
}

function formatOf(format: Artifact['format'], mediaType: string | undefined): Artifact['format'] {
  return mediaType === undefined ? format : { ...format, mediaType };
}

function readNamed(property: string, properties: PropertyValues): Tool[] {
  return (properties.get(property) ?? []).map((text) => {
    const [, name, version] = /^(.+) (\d\S*)$/s.exec(text) ?? [];
    return name === undefined || version === undefined ? { name: text } : { name, version };
  });
}

function readTemplates(properties: PropertyValues): Record<string, string> | undefined {
  const entries = (properties.get('cdx:ai-ml:model:template:chat') ?? []).flatMap((text) => {
    const [, name, digest] = /^(.*): sha256:([0-9a-f]{64})$/s.exec(text) ?? [];
    return name === undefined || digest === undefined ? [] : [[name, digest] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

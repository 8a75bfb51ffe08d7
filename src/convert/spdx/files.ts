/** Files of the model and of datasets. */
import type { Artifact, DigestSet } from '../../schema/index.js';
import { COUNT_TEXT, type Fields, LINK, oneOf } from './codecs.js';
import { propertyOf, type Reading, type Writing } from './context.js';
import { type Json, readFields, writeFields } from './fields.js';
import { joinParts, members } from './graph.js';
import { readDigest, writeDigest } from './identity.js';
import { fileName } from './ids.js';
import { readLicenses, writeLicenses } from './licenses.js';
import { isMediaType } from './references.js';
import { FILE_PURPOSES } from './words.js';

/** Size marks a file of the manifest: SPDX has no place for it, and the manifest asks for it. */
const SIZE = 'msbom:file:size';

const FIELDS: Fields = [
  ['path', 'name'],
  ['size', SIZE, COUNT_TEXT],
  ['role', 'msbom:file:role'],
  ['part', 'msbom:file:part'],
  ['variant', 'msbom:file:variant'],
  ['format.serialization', 'msbom:file:format'],
  ['format.version', 'msbom:file:formatVersion'],
  [
    'format.mediaType',
    'contentType',
    {
      write: (value) => (typeof value === 'string' && isMediaType(value) ? value : undefined),
      read: (value) => (typeof value === 'string' && isMediaType(value) ? value : undefined),
    },
  ],
  ['inspection.status', 'msbom:file:inspection', oneOf('inspected', 'partial', 'notInspected')],
  ['inspection.reason', 'msbom:file:inspection:reason'],
  ['quantization', 'msbom:file:quantization'],
  ['note', 'comment'],
  ['tensors.count', 'msbom:tensors:count', COUNT_TEXT],
  ['tensors.parameters', 'msbom:tensors:parameters', COUNT_TEXT],
  ['tensors.bytes', 'msbom:tensors:bytes', COUNT_TEXT],
  ['shard.index', 'msbom:file:shard:index', COUNT_TEXT],
  ['shard.total', 'msbom:file:shard:total', COUNT_TEXT],
  ['shard.set', 'msbom:file:shard:set'],
  ['uri', 'msbom:file:uri', LINK],
  ['id', 'msbom:file:id'],
];

/** The elements of files, in the order of the list. Those of a dataset are named after it, since paths may be the same. */
export function writeFiles(writing: Writing, files: readonly Artifact[] = [], owner = ''): readonly string[] {
  return files.map((file) => {
    const { graph } = writing;
    const purpose = FILE_PURPOSES.to.get(file.role ?? '');
    const id = graph.add(
      'software_File',
      graph.iri(fileName(file.path, owner)),
      joinParts(
        writeFields(FIELDS, file),
        members({ software_primaryPurpose: purpose, software_fileKind: 'file' }),
        writeDigest(file.digest),
      ),
    );
    writeLicenses(writing, id, file.licenses);
    return id;
  });
}

/** Is the element a file as the manifest knows them: with size and SHA-256? */
export function isArtifact({ source }: Reading, node: Json): boolean {
  const found = source.properties(node);
  return node.type === 'software_File' && propertyOf(found, SIZE) !== undefined && readDigest(node, found)?.sha256 !== undefined;
}

export function readFile(reading: Reading, node: Json): Artifact | undefined {
  const found = reading.source.properties(node);
  const digest: DigestSet | undefined = readDigest(node, found);
  const fields = readFields(FIELDS, node, found);
  if (digest?.sha256 === undefined || typeof fields.path !== 'string' || fields.size === undefined) return undefined;
  return {
    ...fields,
    ...(fields.role === undefined ? roleOf(node) : {}),
    digest,
    ...readLicenses(reading, String(node.spdxId)),
  } as Artifact; // the table's paths are those of a file, and its path, size and digest are there
}

/** For files of other producers; our own state their role. */
function roleOf(node: Json): Pick<Artifact, 'role'> {
  const role = FILE_PURPOSES.from.get(String(node.software_primaryPurpose));
  return role === undefined ? {} : { role: role as NonNullable<Artifact['role']> }; // a key of the table
}

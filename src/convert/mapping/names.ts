/** Names of properties that are no members of the manifest, for the page of names. Those of members follow from the schema. */

export interface PropertyName {
  readonly name: string;
  readonly type: string;
  readonly meaning: string;
  readonly example: readonly [name: string, value: string];
}

/** How a model was made from its parents, in the words of the official taxonomy. */
export const TUNE_METHOD = 'cdx:ai-ml:model:parameter:tune_method';
/** What goes into a model and comes out. */
export const MODALITY = 'cdx:ai-ml:model:modality';

/** Of the official taxonomy, and of more than one value: they are written for others, and read from members of the manifest. */
export const OFFICIAL: readonly PropertyName[] = [
  {
    name: TUNE_METHOD,
    type: 'text',
    meaning: 'How it was made from a parent (`lineage.parents`), one property for each way.',
    example: [TUNE_METHOD, 'finetune'],
  },
  { name: MODALITY, type: 'text', meaning: 'What goes in and comes out (`io`), one property for each.', example: [MODALITY, 'text'] },
];

/** An edge of the graph that CycloneDX has no place for. */
export const EDGE = 'msbom:edge:';
/** The bom-ref of the component that stands elsewhere. */
export const SAME_AS = 'msbom:ref';
/** What SPDX has no class for. */
export const KIND = 'msbom:kind';
/** The size of a file, without which the manifest has none. */
export const FILE_SIZE = 'msbom:artifact:size';
/** Is it the name of a file below a directory? */
export const isPath = (name: string): boolean =>
  name !== '' && name.length <= 4096 && !/^\/|(?:^|\/)\.{1,2}(?:\/|$)|\/$|\/\/|[\0-\x1f\x7f]/.test(name);
/** The key of a weakness in the manifest. */
export const WEAKNESS_KEY = 'msbom:vulnerability:key';
/** What is carried beside the native part. */
export const PATCH = 'msbom:patch:';

export const OWN: readonly PropertyName[] = [
  {
    name: `${EDGE}RELATION`,
    type: 'bom-ref',
    meaning:
      'A thing that this one is tied to in a way that CycloneDX has no place for (`dependencies`, `composition`), one property for each.',
    example: [`${EDGE}described-by`, 'requirements'],
  },
  {
    name: SAME_AS,
    type: 'bom-ref',
    meaning: 'The component that an ancestor in a pedigree is, where it is written elsewhere in the document.',
    example: [SAME_AS, 'base'],
  },
  { name: KIND, type: 'text', meaning: 'In SPDX, that a package is a service.', example: [KIND, 'service'] },
  {
    name: WEAKNESS_KEY,
    type: 'text',
    meaning: 'The key of a weakness in `security.vulnerabilities`, where it is not its id.',
    example: [WEAKNESS_KEY, 'harmless'],
  },
  {
    name: `${PATCH}NNNNNN`,
    type: 'text',
    meaning: 'With `--lossless`: a piece of the JSON Patch (RFC 6902) from the native reading to the manifest, numbered from 000001.',
    example: [`${PATCH}000001`, '[{"op":"add","path":"/model/tags","value":["a"]}]'],
  },
  {
    name: `${PATCH}sha256`,
    type: 'text',
    meaning: 'With `--lossless`: SHA-256 of the joined pieces.',
    example: [`${PATCH}sha256`, '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945'],
  },
];

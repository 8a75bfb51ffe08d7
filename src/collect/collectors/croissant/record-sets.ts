/** Record sets of a Croissant document: columns with their types, and the labels that stand in the document itself. */
import { type Column, contentValues } from '../../dataset/content.js';
import type { StatedValue } from '../../dataset/statement.js';
import { asObject, asText } from '../../values.js';
import type { Node } from './json-ld.js';

const MAX_RECORD_SETS = 1000;

export function recordSetValues(root: Node): readonly StatedValue[] {
  const sets = root.nodes('cr:recordSet').slice(0, MAX_RECORD_SETS);
  const isEnumeration = (set: Node): boolean => typesOf(set).some((type) => type === 'sc:Enumeration' || type === 'cr:Split');
  const columns = sets
    .filter((set) => !isEnumeration(set))
    .flatMap((set) => set.nodes('cr:field').flatMap((field) => columnOf(set, field)));
  const labels = sets.filter((set) => typesOf(set).includes('sc:Enumeration')).flatMap(labelsOf);
  return contentValues('recordSet', columns, labels);
}

/** Type of a field or record set, also where it is written as a reference or a term of a vocabulary. */
function typesOf(node: Node): readonly string[] {
  return [...node.texts('cr:dataType'), ...node.nodes('cr:dataType').flatMap((each) => each.id ?? [])].map((type) =>
    type.replace(/^https?:\/\/schema\.org\//, 'sc:').replace(/^https?:\/\/mlcommons\.org\/croissant\//, 'cr:'),
  );
}

function columnOf(set: Node, field: Node): Column[] {
  const name = field.id ?? field.text('sc:name');
  if (name === undefined) return [];
  const types = typesOf(field);
  const plain = types.map((type) => type.replace(/^[a-z]+:/, ''));
  const shown = set.id === undefined || name.startsWith(`${set.id}/`) ? name : `${set.id}/${name}`;
  // A modality is one word of several; it comes first so that it counts.
  const type = plain.find((word) => /^(Image|Audio|Video)Object$/.test(word)) ?? plain.join(', ');
  return [{ name: shown.slice(0, 200), type: type === '' ? 'unknown' : type.slice(0, 200) }];
}

/** Values of the `name` field of an enumeration, where the document holds them. */
function labelsOf(set: Node): readonly string[] {
  return set
    .values('cr:data')
    .slice(0, 10_000)
    .flatMap((record) => {
      const named = Object.entries(asObject(record) ?? {}).find(([key]) => key === 'name' || key.endsWith('/name'));
      return asText(named?.[1]) ?? [];
    });
}

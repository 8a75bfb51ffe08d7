/** Dataset metadata that lies in a model's directory: one item of `/datasets` for each file. */
import type { JsonValue } from '../../core/canonical-json.js';
import { idFrom } from '../../core/id.js';
import { parsePointer } from '../../core/json-pointer.js';
import type { Addition, CollectContext, Collected, Collector, Contribution, MetadataFile, Origin } from '../contribution.js';
import { repaired } from './repair.js';
import { type DatasetSource, type DatasetStatement, type StatedItem, statedText } from './statement.js';

type Json = { [key: string]: JsonValue };

/** A source of dataset metadata as a collector for a model's directory. Without a name there is nothing to refer to. */
export function datasetCollector(source: DatasetSource): Collector {
  return {
    id: source.id,
    files: source.files,
    matches: source.matches,
    collect(file: MetadataFile, context: CollectContext): Collected {
      const read = source.read(file, { ...context, subject: 'model' });
      if (read === undefined) return { contributions: [] };
      const statement = repaired(read);
      return {
        contributions: [...itemOf(source, file.path, statement), ...metadataNote(source, file.path, statement)],
        findings: statement.findings ?? [],
      };
    },
  };
}

/** Note on the metadata file itself: its small values. */
export function metadataNote(source: DatasetSource, path: string, { metadata = {} }: DatasetStatement): Contribution[] {
  const from: Origin = { origin: 'declared', path, method: source.method };
  return Object.keys(metadata).length === 0 ? [] : [{ kind: 'file', path, facts: { metadata }, from }];
}

function itemOf(source: DatasetSource, path: string, statement: DatasetStatement): Contribution[] {
  const name = statedText(statement, '/name');
  if (name === undefined) return [];
  const from: Origin = { origin: 'declared', path, method: source.method };
  const upstream = upstreamItems(statement, name, from);
  const identifiers = itemsOf(statement, 'identifiers');
  const item: Json = {
    id: idFrom(name),
    name,
    ...nested(statement),
    ...(identifiers.length > 0 ? { identifiers } : {}),
    ...(upstream.length > 0
      ? { sources: [...new Set(upstream.map(({ item: { id } }) => String(id)))].map((dataset) => ({ dataset })) }
      : {}),
    provenanceStatus: 'declared',
    metadataRefs: [{ path, mediaType: source.mediaType }, ...itemsOf(statement, 'metadataRefs')],
  };
  return [{ kind: 'addition', list: '/datasets', item, from }, ...upstream];
}

/** What a statement adds to one list. */
const itemsOf = ({ items = [] }: DatasetStatement, list: StatedItem['list']): readonly StatedItem['item'][] =>
  items.filter((each) => each.list === list).map(({ item }) => item);

/** Items for the datasets that this one came from; itself is none of them. */
export function upstreamItems({ upstream = [] }: DatasetStatement, own: string, from: Origin): Addition[] {
  return upstream
    .filter(({ name }) => idFrom(name) !== idFrom(own))
    .map(({ name, uri, version, key }) => ({
      kind: 'addition',
      list: '/datasets',
      item: {
        id: idFrom(name),
        name,
        ...(version === undefined ? {} : { version }),
        ...(uri === undefined ? {} : { uri }),
        provenanceStatus: 'declared',
      },
      from: { ...from, key },
    }));
}

/** Values at their places, as one object. */
function nested({ values }: DatasetStatement): Json {
  const root: Json = {};
  for (const { pointer, value } of values) {
    const keys = parsePointer(pointer) ?? [];
    const last = keys.pop() ?? '';
    let at = root;
    for (const key of keys) at = (at[key] ??= {}) as Json; // statements name members of objects only
    at[last] ??= value;
  }
  return root;
}

/**
 * Reports on models themselves: of AVID (https://avidml.org) and case studies of MITRE ATLAS (https://atlas.mitre.org), for the models of a
 * manifest and for those that they were made from.
 */
import { isList, isObject, type JsonObject, own } from '../core/objects.js';
import type { Manifest, Model } from '../schema/index.js';
import { member, objectAt, objectsOf, text } from './values.js';

export interface ModelReport {
  readonly id: string;
  readonly database: 'AVID' | 'ATLAS';
  readonly title?: string;
  /** Names of the models that it is about, as it writes them. */
  readonly models: readonly string[];
  readonly date?: string;
}

export interface KnownFinding {
  readonly report: Omit<ModelReport, 'models'>;
  /** Id in the manifest of the model that the report names. */
  readonly model: string;
  /** As the report writes it. */
  readonly name: string;
  /** Models of the manifest made from that one, with the relations in between, nearest first; empty for the model itself. */
  readonly inherited: readonly { readonly model: string; readonly relation: string }[];
}

const MAX = { reports: 100_000, names: 200, text: 500, findings: 10_000 };

/** Reports in a document; undefined when it is none of the two databases. */
export function readModelReports(value: unknown): readonly ModelReport[] | undefined {
  if (isList(value)) {
    const all = value.slice(0, MAX.reports).map(readModelReports);
    return all.length > 0 && all.every((each) => each !== undefined) ? all.flatMap((each) => each ?? []) : undefined;
  }
  if (!isObject(value)) return undefined;
  if (own(value, 'data_type') === 'AVID') return avidOf(value);
  return own(value, 'id') === 'ATLAS' && isList(own(value, 'case-studies'))
    ? objectsOf(own(value, 'case-studies')).slice(0, MAX.reports).flatMap(studyOf)
    : undefined;
}

function avidOf(value: JsonObject): readonly ModelReport[] {
  const metadata = objectAt(value, 'metadata') ?? {};
  const id = text(metadata, 'report_id', MAX.text) ?? text(metadata, 'vuln_id', MAX.text);
  const artifacts = objectsOf(own(objectAt(value, 'affects') ?? {}, 'artifacts')).slice(0, MAX.names);
  const models = artifacts.flatMap((each) => (own(each, 'type') === 'Model' ? (text(each, 'name', MAX.text) ?? []) : []));
  const described =
    text(objectAt(value, 'problemtype', 'description') ?? {}, 'value', MAX.text) ??
    text(objectAt(value, 'description') ?? {}, 'value', MAX.text);
  return id === undefined
    ? []
    : [{ id, database: 'AVID', models, ...member('title', described), ...member('date', text(value, 'reported_date', MAX.text)) }];
}

/** A case study names its target in words. */
function studyOf(value: JsonObject): readonly ModelReport[] {
  const [id, target] = [text(value, 'id', MAX.text), text(value, 'target', MAX.text)];
  return id === undefined || target === undefined
    ? []
    : [
        {
          id,
          database: 'ATLAS',
          models: [target],
          ...member('title', text(value, 'name', MAX.text)),
          ...member('date', text(value, 'incident-date', MAX.text)),
        },
      ];
}

/**
 * Which reports name a model of the manifest: by its whole name, or by owner and name as hubs write it, whatever the case. A name that is
 * only alike is none.
 */
export function knownFindings(manifest: Manifest, reports: readonly ModelReport[]): readonly KnownFinding[] {
  const models = new Map<string, Model>([
    ...(manifest.model === undefined ? [] : [['model', manifest.model] as const]),
    ...Object.entries(manifest.models ?? {}),
  ]);
  const byName = new Map<string, { readonly report: ModelReport; readonly name: string }[]>();
  for (const report of reports)
    for (const name of report.models) {
      const key = plain(name);
      const list = byName.get(key);
      if (list === undefined) byName.set(key, [{ report, name }]);
      else list.push({ report, name });
    }
  const found: KnownFinding[] = [];
  for (const [id, model] of models) {
    const seen = new Set<string>();
    for (const { report, name } of [...namesOf(model)].flatMap((each) => byName.get(each) ?? [])) {
      const { models: _models, ...rest } = report;
      if (seen.has(report.id) || found.length >= MAX.findings) continue;
      seen.add(report.id);
      found.push({ report: rest, model: id, name, inherited: descendantsOf(id, models) });
    }
  }
  return found.sort((a, b) => (a.report.id < b.report.id ? -1 : a.report.id > b.report.id ? 1 : a.model < b.model ? -1 : 1));
}

const plain = (name: string): string => name.trim().toLowerCase();

function namesOf({ name, group, aliases = [], identifiers = [] }: Model): ReadonlySet<string> {
  const hubs = identifiers.flatMap(({ type, value }) => (type === 'purl' && value.startsWith('pkg:huggingface/') ? [hubName(value)] : []));
  const all = [name, group === undefined ? undefined : `${group}/${name}`, ...aliases, ...hubs];
  return new Set(all.flatMap((each) => (each === undefined || each.trim() === '' ? [] : [plain(each)])));
}

function hubName(purl: string): string | undefined {
  const name = purl.slice('pkg:huggingface/'.length).split('@', 1)[0]?.split('?', 1)[0] ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

/** Breadth first over who was made from whom: circles end where they began. */
function descendantsOf(id: string, models: ReadonlyMap<string, Model>): KnownFinding['inherited'] {
  const children = (of: string) =>
    [...models].flatMap(([child, { lineage }]) =>
      Object.values(lineage?.parents ?? {}).flatMap((parent) => (parent.model === of ? [{ model: child, relation: parent.relation }] : [])),
    );
  const found = new Map<string, { model: string; relation: string }>();
  for (let level = [id]; level.length > 0; ) {
    const next = level.flatMap(children).filter(({ model }) => model !== id && !found.has(model));
    for (const each of next) found.set(each.model, each);
    level = [...new Set(next.map(({ model }) => model))];
  }
  return [...found.values()];
}

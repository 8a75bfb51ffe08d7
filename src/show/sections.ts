/** The sections of a page, one function for each; a section without content is left out. */
import { isObject } from '../core/objects.js';
import { contradictions } from '../manifest/evidence.js';
import type { Artifact, Evaluation, License, Manifest, Model, Party, Scan } from '../schema/index.js';
import { lineageTree } from './lineage.js';
import type { Fact, Page, Section, Table } from './page.js';
import { bytes, count, date, excerpt, words } from './words.js';

/** Rows of a table at most: of a longer list the beginning is shown and the rest counted. */
const MAX_ROWS = 2000;
const MAX_FACTS = 500;

/** The page of a manifest. */
export function pageOf(manifest: Manifest): Page {
  const { thing, name, kind } = subjectOf(manifest);
  const version = textOf(thing, 'version');
  const sections = [
    summary(manifest),
    weights(manifest),
    lineage(manifest),
    models(manifest),
    data(manifest),
    training(manifest),
    hyperparameters(manifest),
    evaluations(manifest),
    environments(manifest),
    components(manifest),
    security(manifest),
    unknowns(manifest),
    disagreements(manifest),
    document(manifest),
  ];
  return {
    title: version === undefined ? name : `${name} ${version}`,
    subtitle: kind,
    sections: sections.filter(
      ({ facts = [], table, tree, notes = [] }) =>
        facts.length > 0 || (table?.rows.length ?? 0) > 0 || tree !== undefined || notes.length > 0,
    ),
  };
}

type Thing = { readonly [key: string]: unknown };
const textOf = (thing: Thing, key: string): string | undefined => {
  const value = Object.hasOwn(thing, key) ? thing[key] : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};

/** The thing that the document is about, with the pointer to it. */
function subjectOf(manifest: Manifest): { readonly thing: Thing; readonly name: string; readonly kind: string; readonly pointer: string } {
  const { subject = 'model' } = manifest.bom;
  for (const [collection, kind] of [
    ['datasets', 'dataset'],
    ['components', 'software'],
    ['models', 'model'],
  ] as const) {
    const thing = manifest[collection]?.[subject];
    if (thing !== undefined) return { thing: thing as unknown as Thing, name: thing.name, kind, pointer: `/${collection}/${subject}` };
  }
  const model = manifest.model as unknown as Thing | undefined;
  const kind = manifest.model?.kind ?? 'model';
  return { thing: model ?? {}, name: manifest.model?.name ?? 'unnamed', kind, pointer: '/model' };
}

/** A fact for each value that is there. */
function facts(
  thing: Thing,
  pointer: string,
  rows: readonly (readonly [label: string, key: string, text?: (value: never) => string | undefined])[],
): Fact[] {
  return rows.flatMap(([label, key, text]): Fact[] => {
    const value = Object.hasOwn(thing, key) ? thing[key] : undefined;
    if (value === undefined) return [];
    const shown = text === undefined ? words(value) : text(value as never);
    return shown === undefined || shown === '' ? [] : [{ label, value: shown, pointer: `${pointer}/${key}` }];
  });
}

export const licenseText = (licenses: readonly License[] | undefined): string =>
  (licenses ?? [])
    .map(({ expression, name, url }) => expression ?? name ?? url ?? '')
    .filter((each) => each !== '')
    .join(', ');

const partyName =
  ({ parties = {} }: Manifest) =>
  (id: string): string =>
    (parties[id] as Party | undefined)?.name ?? id;

function summary(manifest: Manifest): Section {
  const { thing, pointer } = subjectOf(manifest);
  const party = partyName(manifest);
  return {
    id: 'summary',
    title: 'Summary',
    facts: facts(thing, pointer, [
      ['Name', 'name'],
      ['Group', 'group'],
      ['Version', 'version'],
      ['Kind', 'kind'],
      ['Description', 'description'],
      ['Licences', 'licenses', licenseText],
      ['Producer', 'producer', party],
      ['Supplier', 'supplier', party],
      ['Authors', 'authors', (ids: readonly string[]) => ids.map(party).join(', ')],
      ['Tasks', 'types'],
      ['Architecture', 'architecture', ({ name, family, modelType }: NonNullable<Model['architecture']>) => name ?? family ?? modelType],
      [
        'Parameters',
        'parameterCount',
        ({ total, bin }: NonNullable<Model['parameterCount']>) => (total === undefined ? bin : count(total)),
      ],
      ['Quantization', 'quantization'],
      ['Context length', 'contextLength', count],
      ['Vocabulary', 'vocabularySize', count],
      ['Languages', 'languages'],
      ['Libraries', 'libraries'],
      ['Tags', 'tags'],
      ['Roles', 'roles'],
      ['Size', 'size'],
      ['Runs code of its own', 'remoteCode', (is: boolean) => (is ? 'yes' : undefined)],
      ['Identifiers', 'identifiers', (all: readonly { value: string }[]) => all.map(({ value }) => value).join(', ')],
      ['Digest', 'digest', digestText],
      ['Limitations', 'limitations'],
    ]),
  };
}

function digestText({ root, method }: NonNullable<Model['digest']>): string | undefined {
  const [entry] = Object.entries(root ?? {});
  return entry === undefined ? undefined : `${entry[0]}:${entry[1]} (${method})`;
}

const WEIGHT_ROLES: ReadonlySet<string | undefined> = new Set(['weights', 'adapter', 'checkpoint']);

function weights({ artifacts = {} }: Manifest): Section {
  const all = Object.entries(artifacts);
  const files = all.filter(([, { role }]) => WEIGHT_ROLES.has(role));
  const total = all.reduce((sum, [, { size = 0 }]) => sum + size, 0);
  return {
    id: 'files',
    title: 'Files',
    facts:
      all.length === 0
        ? []
        : [
            { label: 'Files', value: `${count(all.length)}, ${bytes(total)}`, pointer: '/artifacts' },
            { label: 'Weights', value: `${count(files.length)} ${files.length === 1 ? 'file' : 'files'}`, pointer: '/artifacts' },
          ],
    table: limited(
      ['Path', 'Role', 'Format', 'Parameters', 'Size', 'SHA-256'],
      [...files, ...all.filter((each) => !files.includes(each))].map(fileRow),
    ),
  };
}

function fileRow([path, { role, format, variant, tensors, size, digest, inspection }]: readonly [string, Artifact]): readonly string[] {
  const type = [format?.serialization, variant].filter((each) => each !== undefined).join(', ');
  const seen =
    inspection === undefined || inspection.status === 'inspected' ? type : `${type}${type === '' ? '' : ', '}${words(inspection.status)}`;
  return [
    path,
    words(role ?? ''),
    seen,
    tensors?.parameters === undefined ? '' : count(tensors.parameters),
    size === undefined ? '' : bytes(size),
    digest?.sha256 ?? '',
  ];
}

function limited(columns: readonly string[], rows: readonly (readonly string[])[]): Table {
  const used = columns.map((_, i) => i).filter((i) => rows.some((row) => row[i] !== ''));
  const kept = rows.slice(0, MAX_ROWS).map((row) => used.map((i) => row[i] ?? ''));
  return { columns: used.map((i) => columns[i] ?? ''), rows: kept, ...(rows.length > MAX_ROWS ? { more: rows.length - MAX_ROWS } : {}) };
}

function lineage(manifest: Manifest): Section {
  const tree = lineageTree(manifest);
  const scratch = manifest.model?.lineage?.scratch === true ? ['Trained from random weights.'] : [];
  return { id: 'lineage', title: 'Lineage', notes: scratch, ...(tree !== undefined && tree.children.length > 0 ? { tree } : {}) };
}

function models({ models: all = {} }: Manifest): Section {
  const rows = Object.entries(all).map(([id, { name, version, kind, licenses, parameterCount, architecture }]) => [
    id,
    version === undefined ? name : `${name} ${version}`,
    words(kind ?? ''),
    licenseText(licenses),
    architecture?.name ?? '',
    parameterCount?.total === undefined ? '' : count(parameterCount.total),
  ]);
  return { id: 'models', title: 'Other models', table: limited(['Id', 'Name', 'Kind', 'Licences', 'Architecture', 'Parameters'], rows) };
}

function data({ datasets = {}, model, models: others = {} }: Manifest): Section {
  const users = new Map<string, string[]>();
  for (const [name, each] of [['', model], ...Object.entries(others)] as const) {
    const uses = [each?.training?.uses, ...Object.values(each?.training?.stages ?? {}).map((stage) => stage.uses)];
    for (const { dataset, role } of uses.flatMap((all) => Object.values(all ?? {})))
      users.set(dataset, [
        ...(users.get(dataset) ?? []),
        [role, name === '' ? '' : `of ${name}`].filter((word) => word !== undefined && word !== '').join(' '),
      ]);
  }
  const rows = Object.entries(datasets).map(([id, { name, version, roles, licenses, size, uri }]) => [
    version === undefined ? name : `${name} ${version}`,
    [...new Set([...(users.get(id) ?? []), ...(roles ?? []).filter((role) => !users.get(id)?.includes(role))])]
      .filter((each) => each !== '')
      .join(', '),
    licenseText(licenses),
    size?.dataPoints === undefined ? (size?.bytes === undefined ? '' : bytes(size.bytes)) : `${count(size.dataPoints)} items`,
    uri ?? '',
  ]);
  return { id: 'data', title: 'Data', table: limited(['Dataset', 'Role', 'Licences', 'Size', 'Address'], rows) };
}

function training({ model }: Manifest): Section {
  const thing = (model?.training ?? {}) as Thing;
  const at = '/model/training';
  const run = isObject(thing.run)
    ? facts(thing.run as Thing, `${at}/run`, [
        ['Started', 'start', date],
        ['Ended', 'end', date],
        ['Status', 'status'],
        ['Tracker', 'tracker'],
      ])
    : [];
  const code = isObject(thing.code)
    ? facts(thing.code as Thing, `${at}/code`, [
        ['Repository', 'repository'],
        ['Commit', 'commit'],
        ['Entrypoint', 'entrypoint'],
        ['Arguments', 'arguments', (all: readonly string[]) => all.join(' ')],
        ['Uncommitted changes', 'dirty', (is: boolean) => (is ? 'yes' : 'no')],
      ])
    : [];
  const more = facts(thing, at, [
    ['Methods', 'methods'],
    ['Stages', 'stages', (all: Thing) => Object.keys(all).join(', ')],
    ['Environment', 'environment'],
    ['Duration', 'duration'],
    ['Compute', 'compute'],
    ['Energy', 'energy'],
  ]);
  return { id: 'training', title: 'Training', facts: [...more, ...run, ...code] };
}

function hyperparameters({ model }: Manifest): Section {
  const all = Object.entries(model?.training?.hyperparameters ?? {});
  return {
    id: 'hyperparameters',
    title: 'Hyperparameters',
    facts: all.slice(0, MAX_FACTS).map(([name, value]) => ({
      label: name,
      value: excerpt(typeof value === 'string' ? value : JSON.stringify(value)),
      pointer: `/model/training/hyperparameters/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    })),
    notes: all.length > MAX_FACTS ? [`${all.length - MAX_FACTS} more are in the manifest.`] : [],
  };
}

function evaluations(manifest: Manifest): Section {
  const rows = Object.values(manifest.evaluations ?? {}).flatMap((evaluation) => metricRows(manifest, evaluation));
  const own = Object.entries(manifest.model?.training?.metrics ?? {}).map(([key, { name = key, value, text, slice }]) => [
    'training',
    '',
    slice === undefined ? name : `${name} (${slice})`,
    String(value ?? text ?? ''),
    '',
  ]);
  return { id: 'evaluations', title: 'Evaluations', table: limited(['Test', 'Data', 'Metric', 'Value', 'Model'], [...rows, ...own]) };
}

function metricRows({ datasets = {} }: Manifest, { name, model, uses = {}, metrics = {} }: Evaluation): readonly (readonly string[])[] {
  const used = Object.values(uses).map(({ dataset, config, split }) =>
    [datasets[dataset]?.name ?? dataset, config, split].filter((each) => each !== undefined).join(', '),
  );
  return Object.entries(metrics).map(([key, metric]) => [
    name,
    metric.use === undefined
      ? used.join('; ')
      : [datasets[metric.use.dataset]?.name ?? metric.use.dataset, metric.use.config, metric.use.split]
          .filter((each) => each !== undefined)
          .join(', '),
    metric.slice === undefined ? (metric.name ?? key) : `${metric.name ?? key} (${metric.slice})`,
    `${metric.value ?? metric.text ?? ''}${metric.unit === undefined ? '' : ` ${metric.unit}`}`,
    model ?? '',
  ]);
}

function environments({ environments: all = {} }: Manifest): Section {
  const rows = Object.entries(all).map(([id, { purpose, os, runtime, accelerators }]) => [
    id,
    (purpose ?? []).join(', '),
    [os?.name, os?.version].filter((each) => each !== undefined).join(' '),
    [runtime?.language, runtime?.version].filter((each) => each !== undefined).join(' '),
    (accelerators ?? [])
      .map(({ vendor, model, count: number }) => `${number ?? 1} × ${[vendor, model].filter((each) => each !== undefined).join(' ')}`)
      .join(', '),
  ]);
  return { id: 'environments', title: 'Environments', table: limited(['Id', 'Purpose', 'System', 'Runtime', 'Accelerators'], rows) };
}

function components({ components: all = {} }: Manifest): Section {
  const rows = Object.values(all).map(({ name, group, version, type, status, licenses }) => [
    group === undefined ? name : `${group}/${name}`,
    version ?? '',
    words(type ?? ''),
    words(status ?? ''),
    licenseText(licenses),
  ]);
  return { id: 'components', title: 'Software', table: limited(['Name', 'Version', 'Type', 'Known as', 'Licences'], rows) };
}

function security({ security: all, artifacts = {} }: Manifest): Section {
  const scanRow = (target: string, { tool, status, verdict, findings }: Scan): readonly string[] => [
    target,
    [tool?.name, tool?.version].filter((each) => each !== undefined).join(' '),
    words(status ?? ''),
    words(verdict ?? ''),
    findings === undefined ? '' : String(findings),
  ];
  const scans = [
    ...(all?.scans ?? []).map((scan) => scanRow(scan.target ?? scan.artifacts?.join(', ') ?? 'all files', scan)),
    ...Object.entries(artifacts).flatMap(([path, { scan = [] }]) => scan.map((each) => scanRow(path, each))),
  ];
  const known = Object.values(all?.vulnerabilities ?? {}).map(({ id, status, severity, description }) =>
    [id, severity, status, description].filter((each) => each !== undefined).join(': '),
  );
  return {
    id: 'security',
    title: 'Security',
    table: limited(['Target', 'Tool', 'Status', 'Verdict', 'Findings'], scans),
    notes: known.slice(0, MAX_FACTS),
  };
}

function unknowns({ bom: { declarations = {}, coverage } }: Manifest): Section {
  const declared = Object.entries(declarations).map(
    ([pointer, { status, reason }]) => `${pointer}: ${words(status)}${reason === undefined ? '' : `, ${reason}`}`,
  );
  const parts = Object.entries(coverage ?? {}).filter(([, value]) => value === 'partial' || value === 'unknown');
  return {
    id: 'unknown',
    title: 'Unknown and withheld',
    notes: [
      ...declared,
      ...parts.map(([part, value]) => `${part}: the listing is ${value === 'partial' ? 'not complete' : 'of unknown completeness'}`),
    ],
  };
}

function disagreements(manifest: Manifest): Section {
  const rows = contradictions(manifest).map(({ pointer, value, dissents }) => [
    pointer,
    excerpt(JSON.stringify(value) ?? ''),
    dissents
      .map(
        ({ said, entry }) =>
          `${excerpt(JSON.stringify(said) ?? '')} (${entry.source?.path ?? entry.source?.uri ?? entry.source?.name ?? entry.origin})`,
      )
      .join('; '),
  ]);
  return { id: 'contradictions', title: 'Contradictions', table: limited(['Value', 'The manifest says', 'Others say'], rows) };
}

function document(manifest: Manifest): Section {
  const party = partyName(manifest);
  return {
    id: 'document',
    title: 'This document',
    facts: facts(manifest.bom as unknown as Thing, '/bom', [
      ['Made', 'timestamp', date],
      ['Authors', 'authors', (ids: readonly string[]) => ids.map(party).join(', ')],
      [
        'Tools',
        'tools',
        (tools: readonly { name?: string; version?: string }[]) =>
          tools.map(({ name, version }) => [name, version].filter((each) => each !== undefined).join(' ')).join(', '),
      ],
      ['Serial number', 'serialNumber'],
      ['Specification', 'specVersion', (version: string) => `MSBOM ${version}`],
    ]),
  };
}

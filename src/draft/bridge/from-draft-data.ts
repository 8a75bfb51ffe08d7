/** A dataset of the draft. */
import { rootDigest } from '../../core/digest.js';
import { uniqueId } from '../../core/id.js';
import { SHAPES } from '../../schema/index.js';
import type { Sections } from './from-draft.js';
import { lineageFrom, treeDigest, usesFrom, versionsFrom } from './from-draft-model.js';
import {
  below,
  entriesOf,
  filled,
  fromMap,
  get,
  inner,
  isThing,
  newId,
  type Thing,
  take,
  takeList,
  takeTexts,
  takeThing,
  type Value,
} from './json.js';

/** Amounts that the draft kept apart by what was counted: member, modality, member there. */
const AMOUNTS = [
  ['images', 'image', 'dataPoints'],
  ['hours', 'audio', 'hours'],
] as const;

/** The dataset at `old` in the draft, which is at `now`. */
export function datasetFrom(dataset: Thing, old: string, now: string, sections: Sections): void {
  const { moves } = sections;
  const sources = usesFrom(dataset, `${old}/derivedFrom`, `${now}/sources`, sections);
  if (sources !== undefined) dataset.sources = sources;
  const files = takeList(dataset, 'files');
  const digest = take(dataset, 'digest');
  moves.move(`${old}/digest`, `${now}/digest/root`);
  if (digest !== undefined) dataset.digest = digestFrom(digest, files);
  generatorsFrom(dataset, old, now, sections);
  historyFrom(dataset, old, now, sections);
  const size = inner(dataset, 'size');
  const byModality: Thing = {};
  for (const [name, modality, member] of AMOUNTS) {
    const amount = size === undefined ? undefined : take(size, name);
    moves.move(`${old}/size/${name}`, `${now}/size/byModality/${modality}/${member}`);
    if (amount !== undefined) byModality[modality] = { [member]: amount };
  }
  if (size !== undefined && Object.keys(byModality).length > 0) size.byModality = byModality;
  const snapshot = inner(dataset, 'snapshot');
  const listing = snapshot === undefined ? undefined : take(snapshot, 'list');
  if (snapshot !== undefined && listing !== undefined) snapshot.listing = listing;
  moves.move(`${old}/snapshot/list`, `${now}/snapshot/listing`);
  if (sections.ofDataset && old === '/datasets/0') ownFilesFrom(dataset, files, old, sections);
  else filesFrom(dataset, files, old, sections, now);
}

/** The draft has the digest of the only file here, or the root over all of them. */
function digestFrom(digest: Value, files: readonly Thing[]): Thing {
  const sha256 = isThing(digest) ? digest.sha256 : undefined;
  const listed = files.map((file) => ({ path: String(file.path), digest: { sha256: textOf(inner(file, 'digest')?.sha256) } }));
  if (sha256 === undefined || listed.length === 0) return treeDigest(digest, 'unknown');
  if (listed.length === 1 && listed[0]?.digest.sha256 === sha256) return { ...treeDigest(digest, 'file'), complete: true };
  return { ...treeDigest(digest, 'oms-v1'), complete: rootDigest(listed) === sha256 };
}

const textOf = (value: Value | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** What made the dataset: models by name, or as the draft's ancestors of it. */
function generatorsFrom(dataset: Thing, old: string, now: string, sections: Sections): void {
  const models = sections.of.get('models');
  const lineage = inner(dataset, 'lineage');
  const synthetic = inner(dataset, 'synthetic');
  const generators: Value[] = [];
  for (const [i, name] of (synthetic === undefined ? [] : takeTexts(synthetic, 'generators')).entries()) {
    const id = newId(name, sections.ids);
    models?.set(id, { name });
    generators.push(id);
    sections.moves.move(below(old, 'synthetic', 'generators', i), below('/models', id, 'name'), below(now, 'synthetic', 'generators'));
  }
  if (lineage !== undefined && get(lineage, 'ancestors') !== undefined) {
    const ancestors = takeList(lineage, 'ancestors');
    for (const [i, ancestor] of ancestors.entries())
      for (const name of ['relation', 'role', 'weight', 'verification', 'parents'])
        if (take(ancestor, name) !== undefined) sections.lost.push(below(old, 'lineage', 'ancestors', i, name));
    const made = lineageFrom({ ancestors }, `${old}/lineage`, `${now}/synthetic/generators`, sections);
    generators.push(...Object.keys(inner(made, 'parents') ?? {}));
  }
  if (generators.length > 0) dataset.synthetic = { ...synthetic, generators };
}

function historyFrom(dataset: Thing, old: string, now: string, { moves, lost }: Sections): void {
  const lineage = takeThing(dataset, 'lineage');
  if (lineage === undefined) return;
  versionsFrom(lineage);
  const versions = take(lineage, 'previousVersions');
  moves.move(`${old}/lineage`);
  moves.move(`${old}/lineage/previousVersions`, `${now}/previousVersions`);
  if (versions !== undefined) dataset.previousVersions = versions;
  lost.push(...Object.keys(lineage).map((name) => below(old, 'lineage', name)));
}

/** Files of the dataset that the document describes lie here. */
function ownFilesFrom(dataset: Thing, files: readonly Thing[], old: string, sections: Sections): void {
  const paths: string[] = [];
  sections.moves.move(`${old}/files`, '/artifacts');
  for (const [i, { path, id: _id, part: _part, ...file }] of files.entries()) {
    const name = String(path);
    sections.moves.move(`${old}/files/${i}`, below('/artifacts', name));
    sections.moves.move(`${old}/files/${i}/path`, below('/artifacts', name));
    sections.of.get('artifacts')?.set(name, file as Thing); // the members left of one
    sections.paths.add(name);
    paths.push(name);
  }
  if (paths.length > 0) dataset.artifacts = paths;
}

function filesFrom(dataset: Thing, files: readonly Thing[], old: string, { moves, lost }: Sections, now: string): void {
  const listed = new Map<string, Value>();
  moves.move(`${old}/files`, `${now}/files`);
  for (const [i, file] of files.entries()) {
    const from = `${old}/files/${i}`;
    const path = String(take(file, 'path'));
    const to = below(now, 'files', path);
    moves.move(from, to);
    moves.move(`${from}/path`, to);
    for (const name of Object.keys(file)) if (!Object.hasOwn(SHAPES.ListedFile, name)) lost.push(below(from, name));
    listed.set(path, filled(Object.fromEntries(Object.entries(file).filter(([name]) => Object.hasOwn(SHAPES.ListedFile, name)))));
  }
  if (listed.size > 0) dataset.files = fromMap(listed);
}

/** What a use without a role may have been for. */
const IN_TRAINING = ['training', 'pretraining', 'finetuning', 'alignment', 'validation'];
const IN_TESTS = ['validation', 'testing', 'calibration'];

/** Roles for which no use speaks become uses of the training, where the dataset is used at all: roles and uses must agree. */
export function roleUses(model: Thing, sections: Sections): void {
  const { of, moves } = sections;
  const possible = new Map<string, Set<string>>();
  const add = (holder: Value | undefined, roles: readonly string[]): void => {
    for (const [, { dataset }] of entriesOf(isThing(holder) ? get(holder, 'uses') : undefined))
      possible.set(String(dataset), new Set([...(possible.get(String(dataset)) ?? []), ...roles]));
  };
  for (const each of [model, ...(of.get('models')?.values() ?? [])]) {
    const training = isThing(each) ? inner(each, 'training') : undefined;
    add(training, IN_TRAINING);
    for (const [, stage] of entriesOf(training?.stages)) add(stage, IN_TRAINING);
  }
  for (const name of ['evaluations', 'robustnessTests']) for (const test of of.get(name)?.values() ?? []) add(test, IN_TESTS);
  const uses = new Map<string, Value>(Object.entries(inner(inner(model, 'training'), 'uses') ?? {}));
  const stated = uses.size;
  for (const [i, [id, dataset]] of [...(of.get('datasets') ?? [])].entries()) {
    const roles = isThing(dataset) && Array.isArray(dataset.roles) ? dataset.roles : [];
    const known = possible.get(id);
    for (const role of roles) {
      if (known === undefined || role === 'grounding' || known.has(String(role))) continue;
      const key = uniqueId(id, new Set(uses.keys()));
      uses.set(key, { dataset: id, role });
      moves.also(`/datasets/${i}/roles`, below('/model/training/uses', key));
    }
  }
  if (uses.size > stated) model.training = { ...inner(model, 'training'), uses: fromMap(uses) };
}

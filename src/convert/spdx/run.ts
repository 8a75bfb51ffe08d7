/** The training run and its stages as builds. */
import type { Manifest } from '../../schema/index.js';
import { type Fields, LINK, NUMBER, ONE_OF_LIST, oneOf, parseScalar, SECONDS, TEXTS } from './codecs.js';
import { type Reading, targets, type Writing } from './context.js';
import { type Json, pick, readFields, writeFields } from './fields.js';
import { joinParts, members } from './graph.js';
import { readDigest, writeHash } from './identity.js';
import { nameIn } from './ids.js';
import { entry, merge, orUndefined, readEntries } from './model.js';
import { HASHES } from './words.js';

const RUN_TYPE = 'urn:msbom:build:training';
const STAGE_TYPE = 'urn:msbom:build:training-stage';

type Training = NonNullable<Manifest['training']>;
type Stage = NonNullable<Training['stages']>[number];

const URI_LIST = {
  list: true,
  write: (value: unknown) => {
    const uri = LINK.write(value);
    return uri === undefined ? undefined : [uri];
  },
  read: (value: unknown) => (Array.isArray(value) ? LINK.read(value[0]) : undefined),
} as const;

/** Of the section `training`. */
const RUN: Fields = [
  ['run.id', 'build_buildId'],
  ['run.start', 'build_buildStartTime', SECONDS],
  ['run.end', 'build_buildEndTime', SECONDS],
  ['code.entrypoint', 'build_configSourceEntrypoint', ONE_OF_LIST],
  ['code.uri', 'build_configSourceUri', URI_LIST],
  ['run.tracker', 'msbom:run:tracker'],
  ['run.uri', 'msbom:run:uri', LINK],
  ['run.status', 'msbom:run:status', oneOf('completed', 'failed', 'killed', 'running', 'unknown')],
  ['run.exitCode', 'msbom:run:exitCode', NUMBER],
  ['code.repository', 'msbom:code:repository'],
  ['code.commit', 'msbom:code:commit'],
  ['code.branch', 'msbom:code:branch'],
  ['code.tag', 'msbom:code:tag'],
  ['code.license', 'msbom:code:license'],
  ['code.arguments', 'msbom:code:argument', TEXTS],
];

const STAGE: Fields = [
  ['name', 'name'],
  ['objective', 'description'],
  ['start', 'build_buildStartTime', SECONDS],
  ['end', 'build_buildEndTime', SECONDS],
];

export function writeRun(writing: Writing): void {
  const { graph, manifest, root } = writing;
  const { training } = manifest;
  if (training === undefined || (training.run === undefined && training.code === undefined && training.stages === undefined)) return;
  const digest = Object.entries(training.code?.digest ?? {}).flatMap(([name, value]) => {
    const algorithm = HASHES.to.get(name);
    return algorithm === undefined ? [] : [writeHash(algorithm, value)];
  });
  const run = graph.add(
    'build_Build',
    graph.own('run'),
    joinParts(
      members({ name: 'training', build_buildType: RUN_TYPE, build_configSourceDigest: digest, build_parameter: parameters(training) }),
      writeFields(RUN, training),
    ),
  );
  graph.relate(run, 'hasOutput', [root]);
  const trained = manifest.datasets?.flatMap((dataset, i) =>
    dataset.roles?.some((role) => role !== 'testing' && role !== 'grounding') ? [graph.iri(nameIn('dataset', dataset, i))] : [],
  );
  graph.relate(run, 'hasInput', trained?.filter((id) => id !== root) ?? []);
  const hosts = manifest.environments?.flatMap((environment, i) =>
    environment.purpose.includes('training') ? [graph.iri(nameIn('environment', environment, i))] : [],
  );
  graph.relate(run, 'hasHost', hosts ?? []);
  graph.relate(run, 'contains', training.stages?.map((stage, i) => writeStage(writing, stage, i)) ?? []);
}

const parameters = ({ hyperparameters = {} }: Training | Stage): readonly Json[] =>
  Object.entries(hyperparameters).map(([key, value]) => entry(key, value));

function writeStage(writing: Writing, stage: Stage, index: number): string {
  const { graph } = writing;
  const id = graph.add(
    'build_Build',
    graph.own('stage', String(index)),
    joinParts(members({ build_buildType: STAGE_TYPE, build_parameter: parameters(stage) }), writeFields(STAGE, stage)),
  );
  graph.relate(id, 'hasInput', targets(writing, stage.datasets));
  graph.relate(id, 'hasHost', stage.environment === undefined ? [] : targets(writing, [stage.environment]));
  return id;
}

/** The section `training` as far as builds tell of it: our own, or one of another producer that has a model as its output. */
export function readRun(reading: Reading, idOf: (iri: string) => string | undefined): Json | undefined {
  const { source, root } = reading;
  const builds = source.ofType('build_Build');
  // The build of an application or of a dataset trains nothing.
  const model = root?.type === 'ai_AIPackage' ? String(root.spdxId) : undefined;
  const makes = (node: Json): boolean =>
    model !== undefined && source.from(String(node.spdxId), 'hasOutput').some(({ to }) => to.includes(model));
  const run =
    builds.find(({ build_buildType: type }) => type === RUN_TYPE) ??
    builds.find((node) => node.build_buildType !== STAGE_TYPE && makes(node));
  if (run === undefined) return undefined;
  const digest = readDigest(run, new Map(), 'build_configSourceDigest');
  const stages = source.from(String(run.spdxId), 'contains').flatMap(({ to }) =>
    to.flatMap((id) => {
      const node = source.get(id);
      return node?.build_buildType === STAGE_TYPE ? [readStage(reading, node, idOf)] : [];
    }),
  );
  // What the model states itself counts.
  const hyperparameters = root?.ai_hyperparameter === undefined ? settingsOf(run) : undefined;
  return orUndefined(
    merge(
      readFields(RUN, run, source.properties(run)),
      pick({ hyperparameters, code: digest === undefined ? undefined : { digest }, stages }),
    ),
  );
}

const settingsOf = (node: Json): Json | undefined =>
  orUndefined(Object.fromEntries([...readEntries(node.build_parameter)].map(([key, value]) => [key, parseScalar(value)])));

function readStage({ source }: Reading, node: Json, idOf: (iri: string) => string | undefined): Json {
  const id = String(node.spdxId);
  const linked = (type: string): readonly string[] => source.from(id, type).flatMap(({ to }) => to.flatMap((target) => idOf(target) ?? []));
  return {
    name: 'unnamed',
    ...readFields(STAGE, node, source.properties(node)),
    ...pick({
      hyperparameters: settingsOf(node),
      datasets: linked('hasInput'),
      environment: linked('hasHost')[0],
    }),
  };
}

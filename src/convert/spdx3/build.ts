/** The run that made a model as a build of SPDX 3: `@build` of the model is `{id?, start?, end?}`. */
import type { JsonValue } from '../../core/canonical-json.js';
import type { Training } from '../../schema/index.js';
import { nonEmpty, objectOf, objectsOf, pick, textOf, unique } from '../cyclonedx/json.js';
import type { Json } from '../mapping/block.js';
import { CODECS } from '../mapping/codecs.js';
import { valueAt } from '../mapping/row.js';
import type { SpdxBlock } from './blocks.js';
import type { Source } from './source.js';
import type { Writing } from './write.js';

/** What kind of build a training is; statements of provenance have the same word for it. */
const BUILD_TYPE = 'urn:msbom:build-type:training:1';
const { seconds } = CODECS;

/** What identifies the run, and when it was. */
export const RUN: SpdxBlock = {
  at: ['training.run.id', 'training.run.start', 'training.run.end'],
  places: ['@build'],
  write(thing) {
    const { id, start, end } = objectOf(valueAt(thing, 'training.run'));
    const build = pick({ id: textOf(id), start: seconds.write(String(start)), end: seconds.write(String(end)) });
    return nonEmpty(build) === undefined ? {} : { '@build': build as Json }; // `pick` leaves undefined out
  },
  read(object) {
    const run = objectOf(object['@build']);
    return nonEmpty(run) === undefined ? {} : { training: { run: run as Json } };
  },
};

/** The build of a model, with what went into it: its data, its parameters and its code. */
export function writeBuild(id: string, build: unknown, members: Json, training: Training | undefined, { graph, iri }: Writing): void {
  if (build === undefined || training === undefined) return;
  const { uses = {}, stages = {}, code } = training;
  const run = objectOf(build);
  const data = [...Object.values(uses), ...Object.values(stages).flatMap((stage) => Object.values(stage.uses ?? {}))];
  const element = graph.add('build_Build', graph.own('training', id), {
    build_buildType: BUILD_TYPE,
    build_buildId: run.id,
    build_buildStartTime: run.start,
    build_buildEndTime: run.end,
    build_configSourceUri: code?.repository === undefined ? [] : [code.repository],
    build_parameter: members.ai_hyperparameter,
  });
  graph.relate(element, 'hasOutput', [iri(id)]);
  graph.relate(element, 'hasInput', unique(data.map(({ dataset }) => iri(dataset))));
}

/** What the build that has put out a model says of it; where the model has no hyperparameters, those are the parameters of the build. */
export function buildOf(iri: string, model: Json, { edges, get }: Source): Json {
  const build = edges.find(({ type, to, from }) => type === 'hasOutput' && to.includes(iri) && get(from)?.type === 'build_Build');
  const { build_buildId, build_buildStartTime, build_buildEndTime, build_parameter } = objectOf(get(build?.from));
  const run = pick({ id: textOf(build_buildId), start: textOf(build_buildStartTime), end: textOf(build_buildEndTime) });
  const isLent = model.ai_hyperparameter === undefined && objectsOf(build_parameter).length > 0;
  return pick({
    '@build': nonEmpty(run) as Json | undefined,
    ai_hyperparameter: isLent ? (build_parameter as JsonValue) : undefined,
  }) as Json; // of the document
}

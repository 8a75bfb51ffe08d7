/** Provenance that `msbom record` wrote, about a model: the run is of these files, and says what went in. */
import { MsbomError } from '../core/error.js';
import { isList, isObject, type JsonObject, own } from '../core/objects.js';
import { PREDICATES } from './predicate-rules.js';
import { dependencyOf, type ProvenanceInput, type RunKind } from './predicates.js';
import type { PresentModel } from './signed-model.js';
import { type Statement, type Subject, statement } from './statements.js';

/** A model as the subject of a statement, by all roots that it is known by. */
export const subjectsOf = ({ name, root, specification }: Pick<PresentModel, 'name' | 'root' | 'specification'>): readonly Subject[] =>
  [root, ...(specification === undefined ? [] : [specification])].map((sha256) => ({ name, digest: { sha256 } }));

export interface RecordedFacts {
  /** The model that came out. */
  readonly model: PresentModel;
  /** Further subjects, such as the manifest of an image that the model lies in. */
  readonly subject?: readonly Subject[];
  /** What kind of run it was; default what the statement says. */
  readonly kind?: RunKind;
  /** Who ran it, as a URI; default what the statement says. */
  readonly builder?: string;
  /** What went in besides. */
  readonly inputs?: readonly ProvenanceInput[];
}

/**
 * The statement of a recorded run with the root of the model as its subject too.
 * @throws ERR_SIGN_STATEMENT for another statement, and for a run that wrote a file which is not in the model
 */
export function recordedProvenance(recorded: unknown, { model, subject = [], kind, builder, inputs = [] }: RecordedFacts): Statement {
  const said = isObject(recorded) ? recorded : {};
  const predicate = own(said, 'predicate');
  const written = own(said, 'subject');
  if (own(said, 'predicateType') !== PREDICATES.provenance || !isObject(predicate) || !isList(written))
    throw new MsbomError('ERR_SIGN_STATEMENT', 'it is no statement with SLSA provenance', {
      pointer: '/predicateType',
      hint: 'Give the statement that `msbom record` wrote beside its record.',
    });
  const files = written.map((each, i) => fileOf(each, `/subject/${i}`, model));
  const definition = member(predicate, 'buildDefinition');
  const details = member(predicate, 'runDetails');
  const dependencies = own(definition, 'resolvedDependencies');
  return statement([...subjectsOf(model), ...subject, ...files], PREDICATES.provenance, {
    ...predicate,
    buildDefinition: {
      ...definition,
      ...(kind === undefined ? {} : { buildType: `urn:msbom:build-type:${kind}:1` }),
      resolvedDependencies: [...(isList(dependencies) ? dependencies : []), ...inputs.map(dependencyOf)],
    },
    runDetails: { ...details, ...(builder === undefined ? {} : { builder: { ...member(details, 'builder'), id: builder } }) },
  });
}

const member = (object: JsonObject, name: string): JsonObject => {
  const value = own(object, name);
  return isObject(value) ? value : {};
};

/** @throws ERR_SIGN_STATEMENT for a file that the model does not have */
function fileOf(value: unknown, pointer: string, model: PresentModel): Subject {
  const digest = isObject(value) ? own(value, 'digest') : undefined;
  const sha256 = isObject(digest) ? own(digest, 'sha256') : undefined;
  const name = isObject(value) ? own(value, 'name') : undefined;
  if (typeof sha256 !== 'string' || !model.digests.has(sha256))
    throw new MsbomError('ERR_SIGN_STATEMENT', `the run wrote ${String(name)}, which is not in the model as it was written`, {
      pointer,
      hint: 'Attest the directory that the run wrote, as it wrote it.',
    });
  return { ...(typeof name === 'string' ? { name } : {}), digest: { sha256 } };
}

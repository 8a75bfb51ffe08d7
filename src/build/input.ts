/** What callers of the builder may give. */
import type {
  Artifact,
  Component,
  Dataset,
  DatasetUse,
  Environment,
  Evaluation,
  License,
  Metric,
  Model,
  ParentReference,
  Party,
  RobustnessTest,
  Training,
} from '../schema/index.js';

/** Names of members that a type lists; those of an index signature are none. */
type Known<T> = keyof { [K in keyof T as string extends K ? never : K]: T[K] };

/**
 * A type of the specification as a program may give it: lists may be read-only, a `Date` may stand for a time, and a map of names
 * that the caller chooses may be of any object type, so that an `interface` is accepted where an object literal is.
 */
export type Given<T> = T extends string
  ? string extends T
    ? string | Date
    : T
  : T extends readonly (infer Item)[]
    ? readonly Given<Item>[]
    : T extends object
      ? [Known<T>] extends [never]
        ? object
        : { readonly [K in Known<T>]: Given<T[K]> }
      : T;

/** A licence as an SPDX expression, or in full. */
export type LicenseInput = string | Given<License>;
/** A party in full, or the id of one. */
export type PartyInput = string | Given<Party>;

type Replaced<T, New> = Omit<Given<T>, keyof New> & New;

export type ModelInput = Replaced<
  Model,
  {
    readonly licenses?: readonly LicenseInput[];
    readonly producer?: PartyInput;
    readonly supplier?: PartyInput;
    readonly authors?: readonly PartyInput[];
  }
>;
/** Another model, with the id that it is to have; by default one is made from its name. */
export type OtherModelInput = ModelInput & { readonly id?: string };
/** How the model came from a base: the relation, and what else is known of it. */
export type ParentInput = Omit<Given<ParentReference>, 'model'>;

/** How a dataset was used: which part, how often, in which stage of the training. */
export type UseInput = Omit<Given<DatasetUse>, 'dataset'> & {
  /** Stage of the training, by its key; without one the stage is not known. */
  readonly stage?: string;
};
export type DatasetInput = Replaced<Dataset, { readonly licenses?: readonly LicenseInput[]; readonly issuer?: PartyInput }> & {
  /** The id that it is to have; by default one is made from the name. */
  readonly id?: string;
  /** How the training used it, once or several times. */
  readonly use?: UseInput | readonly UseInput[];
};

/** Data of an evaluation: a dataset by id or name, or what part of one. */
export type OnInput = string | (Omit<Given<DatasetUse>, 'dataset'> & { readonly dataset: string });
/** A result: a number, a text for what is no number, or a metric in full. */
export type ResultInput = number | string | boolean | Given<Metric>;

/** Values by name, several values of one name as a list; or metrics in full, each with its name. */
export type MetricsInput = object | readonly (Given<Metric> & { readonly name: string })[];

export type EvaluationInput = Omit<Given<Evaluation>, 'metrics' | 'uses'> & {
  readonly id?: string;
  /** What it was run on. */
  readonly on?: OnInput | readonly OnInput[];
  readonly metrics: MetricsInput;
};
export type RobustnessTestInput = Omit<Given<RobustnessTest>, 'results' | 'uses'> & {
  readonly id?: string;
  readonly on?: OnInput | readonly OnInput[];
  readonly results?: MetricsInput;
};
export type EnvironmentInput = Given<Environment> & { readonly id?: string };
export type TrainingInput = Given<Training>;
export type ArtifactInput = Given<Artifact>;
export type ComponentInput = Omit<Given<Component>, 'name' | 'version' | 'licenses'> & {
  readonly id?: string;
  readonly licenses?: readonly LicenseInput[];
};

/** Parts of the manifest's types that have no name of their own. */
import type { Manifest } from '../../schema/index.js';

export type Energy = NonNullable<NonNullable<Manifest['training']>['energy']>;
export type Evaluation = NonNullable<Manifest['evaluations']>[number];
export type Metric = NonNullable<Evaluation['metrics']>[number];
export type Vulnerability = NonNullable<NonNullable<Manifest['security']>['vulnerabilities']>[number];
export type Channel = NonNullable<NonNullable<Manifest['distribution']>['channels']>[number];
export type Dependency = NonNullable<Manifest['dependencies']>[number];

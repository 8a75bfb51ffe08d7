/**
 * Words of SPDX 2.3 and words of SPDX 3.0.1 for the same thing.
 * Source: https://spdx.github.io/spdx-spec/v2.3/relationships-between-SPDX-elements/ for what each relationship runs from and to
 */

import { ALGORITHMS as BY_STANDARD } from '../mapping/digests.js';
import { KINDS } from '../mapping/kinds.js';

/** The id of every document itself. */
export const DOCUMENT = 'SPDXRef-DOCUMENT';

/** A relationship of 3.0.1. */
export interface Successor {
  readonly type: string;
  /** It runs from what 2.3 has as the related element: `A TEST_OF B` is `B hasTest A`. */
  readonly swapped?: true;
  readonly scope?: 'build' | 'development' | 'runtime' | 'test';
}

export const RELATIONSHIPS: ReadonlyMap<unknown, Successor> = new Map<unknown, Successor>([
  ['AMENDS', { type: 'amendedBy', swapped: true }],
  ['ANCESTOR_OF', { type: 'ancestorOf' }],
  ['BUILD_DEPENDENCY_OF', { type: 'dependsOn', swapped: true, scope: 'build' }],
  ['BUILD_TOOL_OF', { type: 'usesTool', swapped: true, scope: 'build' }],
  ['CONTAINED_BY', { type: 'contains', swapped: true }],
  ['CONTAINS', { type: 'contains' }],
  ['COPY_OF', { type: 'copiedTo', swapped: true }],
  ['DATA_FILE_OF', { type: 'hasDataFile', swapped: true }],
  ['DEPENDENCY_MANIFEST_OF', { type: 'hasDependencyManifest', swapped: true }],
  ['DEPENDENCY_OF', { type: 'dependsOn', swapped: true }],
  ['DEPENDS_ON', { type: 'dependsOn' }],
  ['DESCENDANT_OF', { type: 'descendantOf' }],
  ['DESCRIBED_BY', { type: 'describes', swapped: true }],
  ['DESCRIBES', { type: 'describes' }],
  ['DEV_DEPENDENCY_OF', { type: 'dependsOn', swapped: true, scope: 'development' }],
  ['DEV_TOOL_OF', { type: 'usesTool', swapped: true, scope: 'development' }],
  ['DISTRIBUTION_ARTIFACT', { type: 'hasDistributionArtifact' }],
  ['DOCUMENTATION_OF', { type: 'hasDocumentation', swapped: true }],
  ['DYNAMIC_LINK', { type: 'hasDynamicLink' }],
  ['EXAMPLE_OF', { type: 'hasExample', swapped: true }],
  ['EXPANDED_FROM_ARCHIVE', { type: 'expandsTo', swapped: true }],
  ['FILE_ADDED', { type: 'hasAddedFile', swapped: true }],
  ['FILE_DELETED', { type: 'hasDeletedFile', swapped: true }],
  ['FILE_MODIFIED', { type: 'modifiedBy', swapped: true }],
  ['GENERATED_FROM', { type: 'generates', swapped: true }],
  ['GENERATES', { type: 'generates' }],
  ['HAS_PREREQUISITE', { type: 'hasPrerequisite' }],
  ['METAFILE_OF', { type: 'hasMetadata', swapped: true }],
  ['OPTIONAL_COMPONENT_OF', { type: 'hasOptionalComponent', swapped: true }],
  ['OPTIONAL_DEPENDENCY_OF', { type: 'hasOptionalDependency', swapped: true }],
  ['OTHER', { type: 'other' }],
  ['PACKAGE_OF', { type: 'packagedBy', swapped: true }],
  ['PATCH_APPLIED', { type: 'patchedBy', swapped: true }],
  ['PATCH_FOR', { type: 'patchedBy', swapped: true }],
  ['PREREQUISITE_FOR', { type: 'hasPrerequisite', swapped: true }],
  ['PROVIDED_DEPENDENCY_OF', { type: 'hasProvidedDependency', swapped: true }],
  ['REQUIREMENT_DESCRIPTION_FOR', { type: 'hasRequirement', swapped: true }],
  ['RUNTIME_DEPENDENCY_OF', { type: 'dependsOn', swapped: true, scope: 'runtime' }],
  ['SPECIFICATION_FOR', { type: 'hasSpecification', swapped: true }],
  ['STATIC_LINK', { type: 'hasStaticLink' }],
  ['TEST_CASE_OF', { type: 'hasTestCase', swapped: true }],
  ['TEST_DEPENDENCY_OF', { type: 'dependsOn', swapped: true, scope: 'test' }],
  ['TEST_OF', { type: 'hasTest', swapped: true }],
  ['TEST_TOOL_OF', { type: 'usesTool', swapped: true, scope: 'test' }],
  ['VARIANT_OF', { type: 'hasVariant', swapped: true }],
]);

/** What a package is for; of several kinds that are `OTHER`, the last is. */
export const PURPOSES: ReadonlyMap<unknown, string> = new Map(
  KINDS.flatMap(({ spdx2, spdx3 }): [string, string][] => (spdx2 === undefined || spdx3 === undefined ? [] : [[spdx2, spdx3]])),
);

/** Types of files that say what a file is for, and those that say what is in it; some have no exact media type. */
export const FILE_PURPOSES: ReadonlyMap<unknown, string> = new Map([
  ['APPLICATION', 'application'],
  ['ARCHIVE', 'archive'],
  ['DOCUMENTATION', 'documentation'],
  ['OTHER', 'other'],
  ['SOURCE', 'source'],
]);
export const FILE_CONTENTS: ReadonlyMap<unknown, string> = new Map([
  ['BINARY', 'application/octet-stream'],
  ['SPDX', 'text/spdx'],
  ['TEXT', 'text/plain'],
]);

export const ALGORITHMS: ReadonlyMap<unknown, string> = new Map(BY_STANDARD.map(({ spdx2, spdx3 }) => [spdx2, spdx3]));

/** External references that identify a package, by their type. */
export const IDENTIFIERS: ReadonlyMap<unknown, string> = new Map([
  ['cpe22Type', 'cpe22'],
  ['cpe23Type', 'cpe23'],
  ['gitoid', 'gitoid'],
  ['purl', 'packageUrl'],
  ['swh', 'swhid'],
  ['swid', 'swid'],
]);

/** Those that only lead somewhere; any other type is kept beside the place. */
export const REFERENCES: ReadonlyMap<unknown, string> = new Map([
  ['advisory', 'securityAdvisory'],
  ['bower', 'bower'],
  ['fix', 'securityFix'],
  ['maven-central', 'mavenCentral'],
  ['npm', 'npm'],
  ['nuget', 'nuget'],
  ['url', 'securityOther'],
]);

/** The word of SPDX 2.3 that became a word of 3.0.1; undefined where there was none. */
export function earlierWord(table: ReadonlyMap<unknown, string>, word: string | undefined): string | undefined {
  for (const [earlier, later] of table) if (later === word) return String(earlier);
  return undefined;
}

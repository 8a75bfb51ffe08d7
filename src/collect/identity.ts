/** Whose model is it, and what is it called? Never after its base. */
import type { Finding } from '../core/finding.js';
import { type Claim, type Contribution, RANKS } from './contribution.js';
import { hubPurl } from './values.js';

export interface IdentityOptions {
  readonly name?: string;
  readonly group?: string;
  readonly version?: string;
}

/** Repository and commit, as the layout of the Hugging Face cache names them: models--org--name/snapshots/<commit>. */
export interface HubLocation {
  readonly repository: string;
  readonly commit: string;
}

/** Claims for name, group, version and purl from the caller, the directory layout and, last, the directory's name. */
export function identityClaims(options: IdentityOptions, directoryName: string, location: HubLocation | undefined): readonly Claim[] {
  const claim = (
    pointer: string,
    value: string | undefined,
    rank: number,
    origin: Claim['from']['origin'],
    name: string,
    method: string,
  ): Claim[] => (value === undefined || value === '' ? [] : [{ kind: 'claim', pointer, value, rank, from: { origin, name, method } }]);
  const supplied = (pointer: string, value: string | undefined): Claim[] =>
    claim(pointer, value, RANKS.option, 'supplied', 'caller', 'option');
  const layout = (pointer: string, value: string | undefined): Claim[] =>
    claim(pointer, value, RANKS.layout, 'declared', 'directory layout', 'Hugging Face cache layout');
  const slash = location?.repository.indexOf('/') ?? -1;
  return [
    ...supplied('/model/name', options.name),
    ...supplied('/model/group', options.group),
    ...supplied('/model/version', options.version),
    ...layout('/model/name', location?.repository.slice(slash + 1)),
    ...layout('/model/group', slash > 0 ? location?.repository.slice(0, slash) : undefined),
    ...layout('/model/version', location?.commit),
    ...claim('/model/name', directoryName, RANKS.directory, 'inferred', 'directory name', 'name of the directory'),
  ];
}

/** purl of a model that lies in the cache. */
export function hubIdentifier(location: HubLocation): string {
  return hubPurl(location.repository, location.commit);
}

/** The location that a path such as `…/models--org--name/snapshots/<commit>` speaks of. */
export function hubLocation(path: string): HubLocation | undefined {
  const match = /(?:^|[/\\])models--([^/\\]+)[/\\]snapshots[/\\]([0-9a-f]{40})[/\\]?$/.exec(path);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { repository: match[1].replace('--', '/'), commit: match[2] };
}

/**
 * Contributions without the model among its own ancestors: a card may name its own repository as base, and a
 * repository that was copied keeps the card of the original.
 */
export function withoutSelf(
  contributions: readonly Contribution[],
  options: IdentityOptions,
  location: HubLocation | undefined,
): { kept: readonly Contribution[]; findings: readonly Finding[] } {
  const own =
    options.name === undefined ? location?.repository : options.group === undefined ? options.name : `${options.group}/${options.name}`;
  const isSelf = (contribution: Contribution): boolean =>
    contribution.kind === 'addition' && contribution.list === '/lineage/ancestors' && contribution.item.name === own;
  const self = own === undefined ? [] : contributions.filter(isSelf);
  return {
    kept: contributions.filter((contribution) => !self.includes(contribution)),
    findings: self.map(({ from }: Contribution & { readonly from?: { readonly path?: string } }) => ({
      id: 'lineage-self',
      severity: 'medium',
      message: `the metadata names \`${own}\` as its own base; it was left out`,
      fix: 'Correct `base_model` in the model card.',
      ...(from?.path === undefined ? {} : { file: from.path }),
    })),
  };
}

/** Whose model is it, and what is it called? Never after its base. */
import { type Claim, type Contribution, RANKS } from './contribution.js';
import { hubPurl, plainName } from './values.js';

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

/** Names that the model goes by, in lower case: whole ones that somebody stated, and the last parts of all, guesses too. */
export function ownNames(contributions: readonly Contribution[]): {
  readonly own: ReadonlySet<string>;
  readonly alike: ReadonlySet<string>;
} {
  const claims = contributions.filter((each): each is Claim => each.kind === 'claim' && typeof each.value === 'string');
  const said = (pointer: string): readonly Claim[] => claims.filter((claim) => claim.pointer === pointer);
  const lower = ({ value }: Claim): string => String(value).toLowerCase();
  const names = said('/model/name');
  const groups = said('/model/group');
  const own = names
    .filter(({ rank }) => rank <= RANKS.vcs || rank === RANKS.repository)
    .flatMap((name) => {
      const group = groups.filter(({ rank }) => rank === name.rank);
      return group.length > 0 ? group.map((each) => `${lower(each)}/${lower(name)}`) : [lower(name)];
    });
  return { own: new Set(own), alike: new Set(names.map((name) => lower(name).slice(lower(name).lastIndexOf('/') + 1))) };
}

/**
 * Contributions without names that belong to a base: a copied card keeps the results of the original under its name, and a
 * converter writes the name of what it converted. The caller, a layout and version control name the model itself.
 */
export function withoutBorrowedNames(contributions: readonly Contribution[]): readonly Contribution[] {
  const bases = new Set(
    contributions.flatMap((each) =>
      each.kind === 'addition' && each.list === '/model/lineage/parents' && each.hint !== true ? [plainName(String(each.item.name))] : [],
    ),
  );
  return contributions.filter((each) => {
    if (each.kind !== 'claim' || each.pointer !== '/model/name') return true;
    const name = String(each.value);
    if (each.rank === RANKS.embedded && COUNTED_UP.test(name)) return false;
    const isOwn = each.rank <= RANKS.vcs || each.rank === RANKS.repository || each.rank === RANKS.directory;
    return isOwn || !bases.has(plainName(name));
  });
}

/**
 * Names that frameworks give to a network whose author gave none, with a number for each further one: Keras counts up the names of its
 * classes, exporters call every graph the same.
 */
const COUNTED_UP =
  /^(?:sequential|functional|model|generator|discriminator|main|graph|main_graph|network|net|module|torch[-_]jit(?:[-_]export)?|tf2onnx|mlmodel|untitled)(?:_\d{1,6})?$/i;

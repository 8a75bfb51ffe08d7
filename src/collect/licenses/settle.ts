/** What card, package, file and weights say of the licence, side by side; where they do not agree that is told. */
import type { Finding } from '../../core/finding.js';
import { canonicalLicenseId } from '../../core/spdx.js';
import type { Addition, Contribution } from '../contribution.js';

const LIST = '/model/licenses';

interface Settled {
  readonly contributions: readonly Contribution[];
  readonly findings: readonly Finding[];
}

/**
 * What is said of the licences of one model. Those of a package count where nothing nearer speaks; else they are kept as what the package
 * said. A file that another source names, or that says the same less exactly, is one with it.
 */
export function settleLicenses(all: readonly Contribution[]): Settled {
  const contributions = withoutFarAuthors(withoutFarPackages(all));
  const found = contributions.filter((each): each is Addition => each.kind === 'addition' && each.list === LIST);
  if (found.length === 0) return { contributions, findings: [] };
  // What somebody wrote down of the model comes before the text of a file.
  const written = found.filter((each) => !isFile(each));
  const additions = [
    ...written.filter(({ hint }) => hint !== true),
    ...written.filter(({ hint }) => hint === true),
    ...found.filter(isFile),
  ];
  const firm = additions.filter(({ hint }) => hint !== true);
  const settled = additions.map((each, i) => settleOne(each, { additions, firm, before: additions.slice(0, i) }));
  const inOrder = settled[Symbol.iterator]();
  return {
    contributions: contributions.flatMap((each) => {
      if (each.kind !== 'addition' || each.list !== LIST) return [each];
      const { value } = inOrder.next();
      return value === undefined ? [] : [value];
    }),
    findings: conflicts(LIST, additions),
  };
}

interface Beside {
  readonly additions: readonly Addition[];
  /** Those that do not only count where nothing nearer speaks. */
  readonly firm: readonly Addition[];
  readonly before: readonly Addition[];
}

/** What becomes of one statement; nothing where it says no licence beside those that do. */
function settleOne(each: Addition, { additions, firm, before }: Beside): Addition | undefined {
  const [first] = firm;
  if (first !== undefined && each.hint === true) {
    // The text of a file that nobody knows stays beside what others say; words of a package that name no licence say nothing.
    if (!isTelling(each)) return isFile(each) ? { ...each, item: first.item, said: each.item } : undefined;
    const alike = firm.find((other) => isAlike(other, each));
    return alike === undefined ? { ...each, item: first.item, said: each.item } : joined(each, alike);
  }
  const better =
    additions.find((other) => other !== each && other.hint !== true && isBetter(other, each)) ??
    before.find((other) => each.item.expression === undefined && other.item.expression === undefined && isAlike(other, each));
  return better === undefined ? each : joined(each, better);
}

/** Of several packages the nearest is the one that the model came in. */
function withoutFarPackages(contributions: readonly Contribution[]): readonly Contribution[] {
  const isOfPackage = (each: Contribution): each is Addition =>
    each.kind === 'addition' &&
    each.hint === true &&
    each.from.method !== 'model card front matter' &&
    (each.list === LIST || each.list === '/model/authors');
  const nearest = Math.min(...contributions.filter(isOfPackage).map(({ nearness = 0 }) => nearness));
  return contributions.filter((each) => !isOfPackage(each) || (each.nearness ?? 0) === nearest);
}

/** Authors of a package are those of the model only where nothing nearer names some. */
function withoutFarAuthors(contributions: readonly Contribution[]): readonly Contribution[] {
  const isAuthor = (each: Contribution): each is Addition => each.kind === 'addition' && each.list === '/model/authors';
  if (!contributions.some((each) => isAuthor(each) && each.hint !== true)) return contributions;
  return contributions.filter((each) => !isAuthor(each) || each.hint !== true);
}

/** The statement of one as part of the other: what only it knows is added. */
const joined = (each: Addition, { item }: Addition): Addition => {
  const { name, note: _, ...rest } = each.item;
  return {
    ...each,
    item: { ...rest, ...item, ...(item.expression === undefined && name !== undefined ? { name: item.name ?? name } : {}) },
  };
};

/** Does `other` say more exactly what `each` says: an expression where that has a name, of the same file or of the same licence? */
function isBetter(other: Addition, each: Addition): boolean {
  if (other.item.expression === undefined || each.item.expression !== undefined) return false;
  const isSameFile = each.item.path !== undefined && each.item.path === other.item.path;
  return isSameFile || isAlike(other, each);
}

/** Words by which one licence may be called another: `gpl-3.0` and GPL-3.0-or-later. */
const plainId = (id: string): string => id.toLowerCase().replace(/-(?:only|or-later)$|\+$/, '');

/** Ids that a licence surely names, of SPDX and `LicenseRef-` ones. */
function idsOf({ item: { expression, name } }: Addition): ReadonlySet<string> {
  const text = String(expression ?? name ?? '').slice(0, 2000);
  const words = text.match(/[A-Za-z0-9][A-Za-z0-9.+-]*/g) ?? [];
  return new Set(
    words.filter((word) => /^licenseref-/i.test(word) || (canonicalLicenseId(word) !== undefined && word.length > 2)).map(plainId),
  );
}

const FAMILIES = ['bsd', 'cc', 'gfdl', 'gpl', 'lgpl', 'openrail'];

function isAlike(one: Addition, two: Addition): boolean {
  const [ids, others] = [idsOf(one), idsOf(two)];
  if (ids.size === 0 || others.size === 0) return isFamily(one, others) || isFamily(two, ids);
  return isPart(ids, others) || isPart(others, ids);
}

const isPart = (some: ReadonlySet<string>, all: ReadonlySet<string>): boolean => [...some].every((id) => all.has(id));

/** `bsd` and BSD-3-Clause: the first does not say which, and the second may be it. */
function isFamily({ item: { name } }: Addition, ids: ReadonlySet<string>): boolean {
  const family = FAMILIES.find((word) => word === String(name ?? '').toLowerCase());
  return (
    family !== undefined &&
    ids.size > 0 &&
    [...ids].every((id) => id.startsWith(`${family}-`) || (family === 'openrail' && id.includes('rail')))
  );
}

/** Does it name a licence? A text that nobody knows says nothing against what others say. */
const isTelling = (each: Addition): boolean => idsOf(each).size > 0 || isFamilyName(each);

const isFamilyName = ({ item: { name } }: Addition): boolean => FAMILIES.includes(String(name ?? '').toLowerCase());

/** Sources whose licences do not agree with what the first of them says. */
function conflicts(list: string, additions: readonly Addition[]): readonly Finding[] {
  const known = additions.filter(isTelling);
  const [first, ...others] = known;
  if (first === undefined) return [];
  const told = new Set<string>();
  return others.flatMap((other): Finding[] => {
    const source = sourceOf(other);
    const ours = known.filter((each) => sourceOf(each) === sourceOf(first));
    const theirs = known.filter((each) => sourceOf(each) === source);
    if (source === sourceOf(first) || told.has(source) || ours.some((each) => theirs.some((their) => isAlike(each, their)))) return [];
    told.add(source);
    return [
      {
        id: 'license-conflict',
        severity: 'medium',
        pointer: list,
        message: `${shown(first)}, ${shown(other)}: the licences do not agree`,
        fix: 'Find out which holds for the model, and correct the other; both stand in the manifest.',
        ...(other.from.path === undefined ? {} : { file: other.from.path }),
      },
    ];
  });
}

const isFile = ({ from: { origin } }: Addition): boolean => origin === 'inferred';

/** Several files with licences say together which may be chosen. */
const sourceOf = (each: Addition): string => (isFile(each) ? `files ${each.hint === true}` : (each.from.path ?? each.from.name ?? ''));

const shown = ({ item: { expression, name }, from: { path, name: source } }: Addition): string =>
  `\`${path ?? source ?? 'the caller'}\` says ${String(expression ?? name).slice(0, 80)}`;

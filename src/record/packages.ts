/** Of an environment what the run can have used: what is imported or declared, with all that it needs. The rest is one line. */
import { pypiName } from '../collect/component.js';
import type { Addition, Contribution } from '../collect/contribution.js';
import { sha256Text } from '../core/digest.js';
import type { Host } from '../core/host.js';
import { compareCodePoints } from '../core/source-tree.js';
import { importNames } from '../probe/python/imports.js';
import { declaredIn, importsOf } from './imports.js';

export interface Wish {
  /** Every installed package. */
  readonly installed: boolean;
  /** What is built into wheels (PEP 770). */
  readonly vendored: boolean;
}

export interface Roots {
  /** Files of the project that were run, relative to the directory of the run. */
  readonly scripts: readonly string[];
  /** Modules (`-m name`) and installed programs that were run. */
  readonly modules: readonly string[];
  readonly programs: readonly string[];
  /** Installed files that processes were seen to import, absolute: with them what was used is known. */
  readonly files?: ReadonlySet<string>;
  readonly cwd: string;
}

const isPackage = (each: Contribution): each is Addition =>
  each.kind === 'addition' && each.list === '/components' && each.item.status === 'installed';
const isEdge = (each: Contribution): each is Addition => each.kind === 'addition' && each.list === '/dependencies';
const isVendored = (each: Contribution): boolean =>
  each.kind === 'addition' && each.from.method.startsWith('SBOM inside an installed package');
const idOf = ({ item }: Addition): string => String(item.id);

interface Where {
  readonly host: Host;
  readonly python: string;
  readonly roots: Roots;
}

/** What was found in a Python environment without what nothing points to. Where nothing tells what was imported all of it stays. */
export async function packagesUsed(
  found: readonly Contribution[],
  { installed, vendored }: Wish,
  where: Where,
): Promise<readonly Contribution[]> {
  const imported = await importedIn(where);
  const own = (vendored ? found : found.filter((each) => !isVendored(each))).map((each) =>
    isPackage(each) && imported.has(pypiName(String(each.item.name))) && !isVendored(each) ? used(each) : each,
  );
  if (installed) return own;
  const packages = own.filter(isPackage).filter((each) => !isVendored(each));
  const roots = new Set([...(await rootsOf(packages, where)), ...packages.filter(isUsed).map(idOf)]);
  if (roots.size === 0) return own;
  const kept = closure(roots, own.filter(isEdge));
  const left = packages.filter((each) => !kept.has(idOf(each)));
  if (left.length === 0) return own;
  const gone = new Set(left.map(idOf));
  return [
    ...own.filter((each) => !(isPackage(each) && gone.has(idOf(each))) && !(isEdge(each) && gone.has(String(each.item.ref)))),
    otherPackages(left),
  ];
}

/** Vendor data of a component: the specification has no member for it. */
export const TRACE_KEY = 'msbom.trace';

/** A package that a process of the run was seen to import a file of. */
const used = (each: Addition): Addition => ({ ...each, item: { ...each.item, extensions: { [TRACE_KEY]: { used: true } } } });
const isUsed = ({ item }: Addition): boolean => item.extensions !== undefined;

async function importedIn({ host, python, roots }: Where): Promise<ReadonlySet<string>> {
  return roots.files === undefined ? new Set() : (await importNames(host, python, roots.files)).used;
}

/** Ids of the packages that are imported, run or declared. */
async function rootsOf(packages: readonly Addition[], { host, python, roots }: Where): Promise<ReadonlySet<string>> {
  const [imports, { modules, programs }] = await Promise.all([importsOf(roots.scripts, roots.cwd), importNames(host, python)]);
  const used = new Set([
    ...[...imports, ...roots.modules].flatMap((name) => [...(modules.get(name) ?? [])]),
    ...roots.programs.flatMap((name) => [...(programs.get(name) ?? [])]),
  ]);
  // What a project declares tells nothing of what else its scripts import, which cannot be read.
  if (used.size === 0 && imports.size === 0) return new Set();
  for (const name of await declaredIn(roots.cwd)) used.add(pypiName(name));
  return new Set(packages.filter(({ item }) => used.has(pypiName(String(item.name)))).map(idOf));
}

function closure(roots: ReadonlySet<string>, edges: readonly Addition[]): ReadonlySet<string> {
  const needs = new Map<string, string[]>();
  for (const { item } of edges) {
    const list = Array.isArray(item.dependsOn) ? item.dependsOn.map(String) : [];
    needs.set(String(item.ref), [...(needs.get(String(item.ref)) ?? []), ...list]);
  }
  const kept = new Set(roots);
  for (const id of kept) for (const need of needs.get(id) ?? []) kept.add(need);
  return kept;
}

/** Id of the component that stands for all that is not listed. */
const OTHERS = 'other-packages';

/** One line for all of them: how many, and the digest of the list `name==version`, sorted, each line with its end. */
function otherPackages(left: readonly Addition[]): Contribution {
  const lines = [...new Set(left.map(({ item }) => `${String(item.name)}==${String(item.version ?? '')}\n`))].sort(compareCodePoints);
  const environment = left[0]?.item.environment;
  return {
    kind: 'addition',
    list: '/components',
    item: {
      id: OTHERS,
      type: 'platform',
      name: `${lines.length} other packages of the environment`,
      description:
        'installed, but neither imported nor declared by the project, nor needed by what is; the digest is that of their list, a line `name==version` each, sorted',
      digest: { sha256: sha256Text(lines.join('')) },
      status: 'installed',
      ...(environment === undefined ? {} : { environment }),
    },
    from: { origin: 'observed', name: 'Python site-packages', method: 'msbom record' },
  };
}

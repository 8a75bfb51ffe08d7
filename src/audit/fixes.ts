/** What to update: for each package with findings its nearest safe version, and through which direct dependencies it comes in. */
import type { Manifest } from '../schema/index.js';
import type { AuditResult } from './audit.js';
import { dominatorsOf } from './dominators.js';
import { ecosystemOf } from './ecosystems.js';
import type { Package } from './packages.js';

export interface Fix {
  readonly package: Package;
  /** Best names of the vulnerabilities that it takes out, sorted. */
  readonly ids: readonly string[];
  /** The nearest later version that no advisory given affects; missing where there is none. */
  readonly version?: string;
  /** Is it a direct dependency? Missing where the manifest states no dependencies of it. */
  readonly isDirect?: boolean;
  /** Components of direct dependencies that lie on every way to it: each of them alone could take it out, or bring a version that is safe. */
  readonly through: readonly string[];
}

/** One for each package with findings that no VEX takes out. Which version of a direct dependency needs which of another is not known here. */
export function fixesFor(manifest: Manifest, { findings, safe }: Pick<AuditResult, 'findings' | 'safe'>): readonly Fix[] {
  const { dominators, direct } = graphOf(manifest);
  const ids = new Map<string, Set<string>>();
  for (const { id, package: of } of findings) ids.set(keyOf(of), (ids.get(keyOf(of)) ?? new Set()).add(id));
  return safe
    .filter(({ package: of }) => ids.has(keyOf(of)))
    .map(({ package: of, version }): Fix => {
      const known = of.components.filter((id) => dominators?.get(id) !== undefined);
      const ways = known.map((id) => new Set([...(dominators?.get(id) ?? [])].filter((each) => direct.has(each) && each !== id)));
      const [first = new Set<string>(), ...others] = ways;
      return {
        package: of,
        ids: [...(ids.get(keyOf(of)) ?? [])].sort(),
        ...(version === undefined ? {} : { version }),
        ...(known.length === 0 ? {} : { isDirect: known.some((id) => direct.has(id)) }),
        through: [...first].filter((id) => others.every((each) => each.has(id))).sort(),
      };
    });
}

const keyOf = ({ ecosystem, release = '', name, version }: Package): string => JSON.stringify([ecosystem, release, name, version]);

/** Edges along which something comes in. */
const NEEDS: ReadonlySet<string> = new Set(['depends-on', 'loads', 'contains', 'hasDynamicLink', 'hasStaticLink', 'hasPrerequisite']);

function graphOf({ dependencies = {}, bom, components = {} }: Manifest) {
  const edges = new Map<string, readonly string[]>();
  for (const [id, { edges: of = {} }] of Object.entries(dependencies)) {
    const targets = Object.entries(of).flatMap(([word, list]) => (NEEDS.has(word) ? list : []));
    if (targets.length > 0) edges.set(id, [...new Set(targets)]);
  }
  const needed = new Set([...edges.values()].flat());
  // What nothing needs is where everything begins; the subject is, whatever needs it.
  const starts = [...edges.keys()].filter((id) => !needed.has(id));
  const roots = new Set([...(edges.has(bom.subject ?? 'model') ? [bom.subject ?? 'model'] : []), ...starts]);
  const isRootComponent = (id: string): boolean =>
    Object.hasOwn(components, id) && !edges.has('model') && components[id]?.type !== 'application';
  const direct = new Set([...roots].flatMap((id) => (isRootComponent(id) ? [id] : (edges.get(id) ?? []))));
  return { dominators: dominatorsOf(edges, roots), direct };
}

/** Constraints for `pip install -c`: the nearest safe versions of packages of PyPI; of others a comment says them. */
export function constraintsOf(fixes: readonly Fix[]): string {
  const lines = fixes.map(({ package: of, version, ids }) => {
    const name = ecosystemOf(of.ecosystem).name(of.name);
    const what = `# ${plain(`${of.ecosystem} ${of.name} ${of.version}: ${ids.join(', ')}`)}`;
    if (version === undefined) return `${what}\n# no version is known that none of the advisories affects`;
    return of.ecosystem === 'PyPI' && isPlainName(name) && isPlainVersion(version)
      ? `${what}\n${name}>=${version}`
      : `${what}\n# update to ${plain(version)}`;
  });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Names and versions come from strangers, and pip reads lines: what is not plain is not written as a constraint. */
const isPlainName = (name: string): boolean => /^[a-z0-9-]{1,200}$/.test(name);
const isPlainVersion = (version: string): boolean => /^[A-Za-z0-9.!]{1,200}$/.test(version);
const plain = (text: string): string => [...text].map((sign) => (sign >= ' ' && sign !== '\u007f' ? sign : ' ')).join('');

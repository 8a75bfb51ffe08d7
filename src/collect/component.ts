/** Packages of any registry as components: one way to name them, so that the same package from two sources is one item. */
import { PackageURL } from 'packageurl-js';
import type { JsonValue } from '../core/canonical-json.js';
import type { Digests } from '../core/digest.js';
import { sha256Text } from '../core/digest.js';
import { idFrom } from '../core/id.js';
import type { Addition, Origin } from './contribution.js';
import { wellFormed } from './values.js';

export interface PackageName {
  /** Type of a purl (https://github.com/package-url/purl-spec): `pypi`, `npm`, `conda` … */
  readonly type: string;
  /** Full name; an npm scope stands before the `/`. */
  readonly name: string;
  readonly version?: string | undefined;
  readonly qualifiers?: Readonly<Record<string, string>> | undefined;
}

/** What is known of a package. Absent members stay absent. */
export interface PackageFacts extends PackageName {
  readonly status?: 'installed' | 'locked' | 'declared' | undefined;
  /** Where the source says it. */
  readonly key?: string | undefined;
  readonly description?: string | undefined;
  readonly producer?: JsonValue | undefined;
  readonly licenses?: readonly LicenseItem[] | undefined;
  /** Of the one file that is meant; none where several are. */
  readonly digest?: Digests | undefined;
  readonly sourceDigest?: Digests | undefined;
  readonly filename?: string | undefined;
  readonly uris?: { readonly source?: string; readonly distribution?: string; readonly homepage?: string } | undefined;
  /** Further ones, behind the purl. */
  readonly identifiers?: readonly { readonly [key: string]: string }[] | undefined;
  readonly environment?: string | undefined;
  readonly scope?: readonly string[] | undefined;
}

/** An item of `/components/licenses`. */
export interface LicenseItem {
  readonly kind: 'declared';
  readonly expression?: string;
  readonly name?: string;
  readonly note?: string;
}

/** Types whose names stand in a purl as they are when their characters are plain. */
const UNCHANGED = new Set(['cargo', 'pypi']);
const PLAIN = /^[a-z0-9.-]+$/;
/** A longer text is no summary, and no name of a licence. */
const MAX_TEXT = 512;

/** Registry name of a Python package (PEP 503). */
export const pypiName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** The purl of a package; undefined when the name cannot stand in one. */
function packagePurl({ type, name, version, qualifiers }: PackageName): string | undefined {
  const slash = name.lastIndexOf('/');
  const namespace = slash > 0 ? name.slice(0, slash) : undefined;
  const hasQualifiers = qualifiers !== undefined && Object.keys(qualifiers).length > 0;
  // An environment has hundreds of these, and the library takes its time.
  if (UNCHANGED.has(type) && !hasQualifiers && PLAIN.test(name) && version !== undefined && PLAIN.test(version))
    return `pkg:${type}/${name}@${version}`;
  try {
    const purl = new PackageURL(type, namespace, name.slice(slash + 1), version, qualifiers, undefined).toString();
    PackageURL.fromString(purl);
    return purl;
  } catch {
    return undefined;
  }
}

/** Id of a package, the same for the same package wherever it is named: `pypi.numpy_2.3.1`. */
export function packageId(name: PackageName): string {
  const readable = `${name.type}.${name.name}${name.version === undefined ? '' : `_${name.version}`}`;
  const qualified = name.qualifiers !== undefined && Object.keys(name.qualifiers).length > 0;
  const id = idFrom(readable);
  if (id === readable && !qualified) return id;
  const whole = JSON.stringify([readable, Object.entries(name.qualifiers ?? {}).sort()]);
  return `${id.slice(0, 100)}-${sha256Text(whole).slice(0, 8)}`;
}

/** An item of `/components`. */
export function packageComponent(facts: PackageFacts): { readonly [key: string]: JsonValue } {
  const { name, version, description, producer, licenses = [], digest, sourceDigest, filename, uris = {} } = facts;
  const slash = facts.type === 'npm' ? name.lastIndexOf('/') : -1;
  const purl = packagePurl(facts);
  const identifiers = [...(purl === undefined ? [] : [{ type: 'purl', value: purl }]), ...(facts.identifiers ?? [])];
  return present({
    id: packageId(facts),
    type: 'library',
    group: slash > 0 ? name.slice(0, slash) : undefined,
    name: name.slice(slash + 1),
    version,
    description: description === undefined || description === '' ? undefined : cut(description),
    producer,
    identifiers: identifiers.length > 0 ? identifiers : undefined,
    digest: digest === undefined || Object.keys(digest).length === 0 ? undefined : present(digest),
    licenses: licenses.length > 0 ? licenses.map((license) => present({ ...license })) : undefined,
    filename,
    scope: facts.scope,
    status: facts.status,
    environment: facts.environment,
    uris: Object.keys(uris).length > 0 ? present({ ...uris }) : undefined,
    sourceDigest: sourceDigest === undefined || Object.keys(sourceDigest).length === 0 ? undefined : present(sourceDigest),
  });
}

/** The members that say something. */
export function present(members: { readonly [key: string]: JsonValue | undefined }): { readonly [key: string]: JsonValue } {
  const kept: { [key: string]: JsonValue } = {};
  for (const [key, value] of Object.entries(members)) {
    if (value !== undefined && value !== '') kept[key] = typeof value === 'string' ? wellFormed(value) : value;
  }
  return kept;
}

/** A text that fits into a manifest. */
export const cut = (text: string): string => wellFormed(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text);

/** The package as a contribution. */
export const packageAddition = (facts: PackageFacts, from: Origin): Addition => ({
  kind: 'addition',
  list: '/components',
  item: packageComponent(facts),
  from: facts.key === undefined ? from : withKey(from, cut(facts.key)),
});

/** The same place with a key. Member by member: objects that are spread have a shape each, and files have hundreds of thousands. */
function withKey({ origin, path, name, method }: Origin, key: string): Origin {
  if (path !== undefined && name === undefined) return { origin, path, method, key };
  return { origin, ...(path === undefined ? {} : { path }), ...(name === undefined ? {} : { name }), method, key };
}

/** What one package needs: edges to what it is certain to need; the rest makes the listing partial. */
export interface PackageEdges {
  readonly ref: string;
  readonly dependsOn: readonly string[];
  readonly complete: boolean;
  readonly kind?: 'depends-on' | 'contains';
}

export const edgeAddition = ({ ref, dependsOn, complete, kind = 'depends-on' }: PackageEdges, from: Origin): Addition => ({
  kind: 'addition',
  list: '/dependencies',
  item: {
    ref,
    dependsOn: [...new Set(dependsOn)].filter((id) => id !== ref).sort(),
    kind,
    completeness: complete ? 'complete' : 'partial',
  },
  from,
});

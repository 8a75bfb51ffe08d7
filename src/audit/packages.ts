/** What of a manifest advisories are looked up for: packages, and what stands below them. */
import type { Component, Manifest } from '../schema/index.js';
import { belowOf } from './below.js';
import { productOfCpe } from './cpe.js';
import { ecosystemOf } from './ecosystems.js';
import { type NamedPackage, readPurl } from './purl.js';

/** A package at a version, and where the manifest has it. */
export interface Package {
  /** As OSV calls it, without its release; `CPE` for products that are known by that name alone. */
  readonly ecosystem: string;
  readonly release?: string;
  /** As the package calls itself; `vendor:product` of a CPE. */
  readonly name: string;
  readonly version: string;
  readonly components: readonly string[];
  /** Ids of the environments that it is part of. */
  readonly environments: readonly string[];
  /** Ids of the models that stand on those environments; `model` is the subject. */
  readonly models: readonly string[];
  /** By what it is known, where that is no identifier. */
  readonly known?: string;
}

export interface Packages {
  readonly packages: readonly Package[];
  /** Components that no advisory can be looked up for, and why. */
  readonly unevaluated: readonly { readonly component: string; readonly why: string }[];
}

/** One place where the manifest has a package. */
export interface Placed extends NamedPackage {
  readonly version: string;
  readonly component?: string;
  readonly environment?: string;
  readonly known?: string;
}

/** Kinds of components that are no packages: nobody publishes advisories on them by name and version. */
const NO_PACKAGES: ReadonlySet<string> = new Set(['file', 'data', 'machine-learning-model']);

/** Lists of packages that no collector reads, by the name of the file. */
const UNREAD_LISTS: ReadonlyMap<string, string> = new Map([
  ['go.mod', 'Go'],
  ['Cargo.lock', 'crates.io'],
  ['Gemfile.lock', 'RubyGems'],
  ['composer.lock', 'Packagist'],
  ['pom.xml', 'Maven'],
  ['gradle.lockfile', 'Maven'],
  ['packages.lock.json', 'NuGet'],
  ['pubspec.lock', 'Pub'],
  ['mix.lock', 'Hex'],
  ['renv.lock', 'CRAN'],
]);

/** Files that list packages of an ecosystem of which the manifest has none: nobody looked into them. */
function unreadLists({ artifacts = {} }: Manifest, packages: readonly Package[]): Packages['unevaluated'] {
  const ecosystems = new Set(packages.map(({ ecosystem }) => ecosystem));
  return Object.keys(artifacts).flatMap((path) => {
    const ecosystem = UNREAD_LISTS.get(path.slice(path.lastIndexOf('/') + 1));
    if (ecosystem === undefined || ecosystems.has(ecosystem)) return [];
    return [{ component: path, why: `the packages of ${ecosystem} in it are not read here: give an SBOM that lists them` }];
  });
}

/** The packages of the components, and the products below them. */
export function packagesOf(manifest: Manifest): Packages {
  const unevaluated: { component: string; why: string }[] = [];
  const placed: Placed[] = [];
  const below = belowOf(manifest);
  const known = new Set(below.flatMap(({ component }) => component ?? []));
  for (const [id, component] of Object.entries(manifest.components ?? {})) {
    if (NO_PACKAGES.has(component.type ?? '')) continue;
    const read = placesOf(component);
    if (typeof read !== 'string') placed.push(...read.map((each) => ({ ...each, component: id, ...environmentOf(component) })));
    else if (!known.has(id)) unevaluated.push({ component: id, why: read });
  }
  const packages = joined([...placed, ...below], manifest);
  return { packages, unevaluated: [...unevaluated, ...unreadLists(manifest, packages)] };
}

const environmentOf = ({ environment }: Component): object => (environment === undefined ? {} : { environment });

/** By its package URL, and by its CPE where it has no other. */
function placesOf({ identifiers = [], version }: Component): readonly Placed[] | string {
  const purl = identifiers.find(({ type }) => type === 'purl')?.value;
  const cpe = identifiers.find(({ type }) => type === 'cpe')?.value;
  const product = cpe === undefined ? undefined : productOfCpe(cpe);
  if (purl === undefined) {
    if (product === undefined) return 'it has no package URL';
    const exact = product.version ?? version;
    return exact === undefined ? 'its version is not known' : [{ ecosystem: 'CPE', name: product.name, version: exact }];
  }
  const read = readPurl(purl);
  if (typeof read === 'string') return read;
  const exact = read.version ?? version;
  return exact === undefined || exact === '' ? 'its version is not known' : [{ ...read, version: exact }];
}

/** The same package at the same version is one, wherever it is. */
function joined(placed: readonly Placed[], manifest: Manifest): readonly Package[] {
  const found = new Map<string, { place: Placed; components: Set<string>; environments: Set<string> }>();
  for (const place of placed) {
    const { ecosystem, release, name, version } = place;
    const key = JSON.stringify([ecosystem, release, ecosystemOf(ecosystem).name(name), version]);
    const entry = found.get(key) ?? { place, components: new Set(), environments: new Set() };
    if (place.component !== undefined) entry.components.add(place.component);
    if (place.environment !== undefined) entry.environments.add(place.environment);
    found.set(key, entry);
  }
  const standing = standingOn(manifest);
  return [...found.values()].map(({ place, components, environments }) => ({
    ecosystem: place.ecosystem,
    ...(place.release === undefined ? {} : { release: place.release }),
    name: place.name,
    version: place.version,
    components: [...components],
    environments: [...environments],
    models: [...new Set([...environments].flatMap((id) => standing.get(id) ?? []))],
    ...(place.known === undefined ? {} : { known: place.known }),
  }));
}

/** Which models are trained in which environment; one that no training names is that of the subject. */
function standingOn({ model, models = {}, environments = {} }: Manifest): ReadonlyMap<string, readonly string[]> {
  const standing = new Map<string, string[]>();
  const all = [...(model === undefined ? [] : [['model', model] as const]), ...Object.entries(models)];
  for (const [id, { training }] of all) {
    const stages = Array.isArray(training?.stages) ? training.stages : Object.values(training?.stages ?? {});
    const named = [training?.environment, ...stages.map((stage: { readonly environment?: string }) => stage.environment)];
    for (const environment of new Set(named))
      if (environment !== undefined) standing.set(environment, [...(standing.get(environment) ?? []), id]);
  }
  for (const id of Object.keys(environments)) if (!standing.has(id) && model !== undefined) standing.set(id, ['model']);
  return standing;
}

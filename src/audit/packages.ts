/** The packages of a manifest, as advisories name them. */
import { PackageURL } from 'packageurl-js';
import type { Component, Manifest } from '../schema/index.js';
import { ecosystemOf, OF_PURL } from './ecosystems.js';

/** A package at a version, and the components that are it. */
export interface Package {
  readonly ecosystem: string;
  /** As the package calls itself. */
  readonly name: string;
  readonly version: string;
  readonly components: readonly string[];
}

export interface Packages {
  readonly packages: readonly Package[];
  /** Components that no advisory can be looked up for, and why. */
  readonly unevaluated: readonly { readonly component: string; readonly why: string }[];
}

/** Kinds of components that are no packages: nobody publishes advisories on them by name and version. */
const NO_PACKAGES: ReadonlySet<string> = new Set(['file', 'data', 'machine-learning-model']);

export function packagesOf(manifest: Manifest): Packages {
  const found = new Map<string, { ecosystem: string; name: string; version: string; components: string[] }>();
  const unevaluated: { component: string; why: string }[] = [];
  for (const [id, component] of Object.entries(manifest.components ?? {})) {
    if (NO_PACKAGES.has(component.type ?? '')) continue;
    const read = packageOf(component);
    if (typeof read === 'string') {
      unevaluated.push({ component: id, why: read });
      continue;
    }
    const key = JSON.stringify([read.ecosystem, ecosystemOf(read.ecosystem).name(read.name), read.version]);
    const known = found.get(key);
    if (known === undefined) found.set(key, { ...read, components: [id] });
    else known.components.push(id);
  }
  return { packages: [...found.values()], unevaluated };
}

function packageOf({ identifiers = [], version }: Component): Omit<Package, 'components'> | string {
  const purl = identifiers.find(({ type }) => type === 'purl')?.value;
  if (purl === undefined) return 'it has no package URL';
  let read: PackageURL;
  try {
    read = PackageURL.fromString(purl);
  } catch {
    return 'its package URL is none';
  }
  const ecosystem = Object.hasOwn(OF_PURL, read.type) ? OF_PURL[read.type] : undefined;
  if (ecosystem === undefined) return `packages of the type ${read.type.slice(0, 50)} are not looked up`;
  const exact = read.version ?? version;
  if (exact === undefined || exact === '') return 'its version is not known';
  const name = read.namespace ? `${read.namespace}${ecosystem === 'Maven' ? ':' : '/'}${read.name}` : read.name;
  return { ecosystem, name, version: exact };
}

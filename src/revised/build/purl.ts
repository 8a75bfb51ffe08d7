import { PackageURL } from 'packageurl-js';

/** Registries whose package names map to a purl without further knowledge. */
export type Ecosystem = 'npm' | 'pypi' | 'cargo' | 'golang' | 'huggingface';

/** The purl (https://github.com/package-url/purl-spec) of a package; the namespace is what stands before the last `/`. */
export function componentPurl(ecosystem: Ecosystem, name: string, version: string): string {
  const slash = name.lastIndexOf('/');
  const namespace = slash > 0 ? name.slice(0, slash) : undefined;
  return new PackageURL(ecosystem, namespace, name.slice(slash + 1), version, undefined, undefined).toString();
}

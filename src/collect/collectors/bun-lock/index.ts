/** bun.lock of Bun: JSON with commas at the end, which YAML reads. The older bun.lockb is binary and not read. */
import { baseName, type Collected, type Collector } from '../../contribution.js';
import { integrityDigest } from '../../hashes.js';
import { asObject, asText, type Loose } from '../../values.js';
import { broken, fromYaml, isProjectFile } from '../shared/lock-file.js';
import { hasOptional, neededNames, npmFacts } from '../shared/npm-package.js';
import { lazily, type Pinned, pinnedPackages } from '../shared/pinned.js';

export const bunLock: Collector = {
  id: 'bun-lock',
  files: '`bun.lock`; `bun.lockb` is reported as not read',
  matches: (path) => /^bun\.lockb?$/.test(baseName(path)) && isProjectFile(path),
  collect: (file, { includePrivate }) =>
    file.path.endsWith('b')
      ? broken(file.path, 'the binary lock file of Bun is not read; its packages are not in the manifest')
      : fromYaml(file, (lock) => packagesOf(asObject(lock.packages) ?? {}, file.path, includePrivate)),
};

/** Each lookup walks up the whole of a place. */
const MAX_PLACE = 1000;

type Named = { readonly name: string; readonly version: string };

/** `"a/b": ["b@1.0.0", "", {dependencies}, "sha512-…"]`: package `b` as `a` sees it. */
function packagesOf(packages: Loose, path: string, includePrivate: boolean): Collected {
  const from = { origin: 'declared', path, method: 'lock file of Bun' } as const;
  const named = new Map<string, Named>();
  for (const [place, value] of Object.entries(packages)) {
    const name = nameOf(Array.isArray(value) ? value[0] : undefined);
    if (name !== undefined) named.set(place, name);
  }
  const entries = Object.entries(packages).filter(
    ([, value]) => !/@(workspace|link|root):/.test(asText(Array.isArray(value) ? value[0] : '') ?? ''),
  );
  const found = lazily(entries, ([place, value]) => packageOf(place, Array.isArray(value) ? value : [], named, includePrivate));
  return pinnedPackages(found, from, includePrivate);
}

function packageOf(
  place: string,
  value: readonly unknown[],
  named: ReadonlyMap<string, Named>,
  includePrivate: boolean,
): Pinned | undefined {
  const own = place.length > MAX_PLACE ? undefined : named.get(place);
  const facts = own === undefined ? undefined : npmFacts({ ...own, status: 'locked', key: place }, includePrivate);
  if (facts === undefined) return undefined;
  const info = value.map(asObject).find((each) => each !== undefined) ?? {};
  const digest = integrityDigest(value.at(-1));
  return {
    facts,
    files: digest === undefined ? [] : [{ digest }],
    needs: neededNames(info).map((name) => seenFrom(place, name, named) ?? { name }),
    conditional: hasOptional(info),
  };
}

const nameOf = (value: unknown): Named | undefined => {
  const [, name, version] = /^((?:@[^/@]+\/)?[^/@]+)@([^@:/]+)$/.exec(asText(value) ?? '') ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
};

/** The nearest one: inside the package, then beside each that it lies in. */
function seenFrom(place: string, name: string, named: ReadonlyMap<string, Named>): Named | undefined {
  const parts = (place.match(/(?:@[^/]+\/)?[^/]+/g) ?? []).slice(0, 64);
  for (let length = parts.length; length >= 0; length--) {
    const found = named.get([...parts.slice(0, length), name].join('/'));
    if (found !== undefined) return found;
  }
  return undefined;
}

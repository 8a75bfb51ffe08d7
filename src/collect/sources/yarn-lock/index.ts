/** yarn.lock: the format of version 1, and the YAML of later ones. */
import { baseName, type Collected, type Collector, type MetadataFile, type Origin } from '../../contribution.js';
import { integrityDigest } from '../../hashes.js';
import { asObject, asText, type Loose } from '../../values.js';
import { fromText, fromYaml, isProjectFile, type Pinned, passedOver, pinnedPackages } from '../kernel/lock-file.js';
import { npmFacts } from '../kernel/npm-package.js';
import { classicEntries } from './classic.js';

interface Entry {
  /** What was asked for: `left-pad@^1.0.0`, or `left-pad@npm:^1.0.0`. */
  readonly asked: readonly string[];
  readonly fields: Loose;
}

export const yarnLock: Collector = {
  id: 'yarn-lock',
  files: '`yarn.lock`',
  matches: (path) => baseName(path) === 'yarn.lock' && isProjectFile(path),
  collect: (file, { includePrivate }) =>
    // The YAML says so of itself.
    isYaml(file)
      ? fromYaml(file, (lock) => packagesOf(file.path, yamlEntries(lock), includePrivate))
      : fromText(file, (text) => packagesOf(file.path, classicEntries(text), includePrivate)),
};

const isYaml = ({ bytes }: MetadataFile): boolean => /^__metadata:/m.test(new TextDecoder().decode(bytes.subarray(0, 4096)));

function yamlEntries(lock: Loose): readonly Entry[] {
  return (
    Object.entries(lock)
      .filter(([key]) => key !== '__metadata')
      .map(([key, value]) => ({ asked: key.split(',').map((each) => each.trim()), fields: asObject(value) ?? {} }))
      // The project and its workspaces.
      .filter(({ fields }) => fields.linkType !== 'soft' && !/@workspace:/.test(asText(fields.resolution) ?? ''))
  );
}

function packagesOf(path: string, entries: readonly Entry[], includePrivate: boolean): Collected {
  const from: Origin = { origin: 'declared', path, method: 'lock file of Yarn' };
  const versions = new Map<string, { readonly name: string; readonly version: string }>();
  const named = entries.map((entry) => {
    const name = nameOf(entry);
    const version = asText(entry.fields.version);
    if (name !== undefined && version !== undefined) for (const asked of entry.asked) versions.set(asked, { name, version });
    return { entry, name };
  });
  const found = named.map(({ entry, name }) => (name === undefined ? undefined : packageOf(name, entry, versions, includePrivate)));
  const pinned = found.filter((each) => each !== undefined);
  return { contributions: pinnedPackages(pinned, from, includePrivate), findings: passedOver(path, found.length - pinned.length) };
}

/** The package that was found, also under another name: `alias@npm:real@^1`. */
function nameOf({ asked, fields }: Entry): string | undefined {
  const text = asText(fields.resolution) ?? asked[0] ?? '';
  const [, alias] = /@npm:((?:@[^/@]+\/)?[^/@]+)@/.exec(text) ?? [];
  return alias ?? /^((?:@[^/@]+\/)?[^/@]+)@/.exec(text)?.[1];
}

function packageOf(
  name: string,
  { fields }: Entry,
  versions: ReadonlyMap<string, { readonly name: string; readonly version: string }>,
  includePrivate: boolean,
): Pinned | undefined {
  // Version 1 writes the address, and behind `#` the SHA-1 of the archive; a later checksum is of Yarn's own archive.
  const resolved = asText(fields.resolved);
  const facts = npmFacts(
    { name, version: fields.version, resolved, status: 'locked', key: `${name} ${asText(fields.version)}` },
    includePrivate,
  );
  if (facts === undefined) return undefined;
  const sha1 = /#([0-9a-f]{40})$/.exec(resolved ?? '')?.[1];
  const digest = integrityDigest(fields.integrity) ?? (sha1 === undefined || facts.sourceDigest !== undefined ? undefined : { sha1 });
  const needed = Object.entries(asObject(fields.dependencies) ?? {});
  return {
    facts,
    files: digest === undefined ? [] : [{ digest, url: resolved, filename: facts.filename }],
    needs: needed.map(([target, range]) => versions.get(`${target}@${asText(range) ?? ''}`) ?? { name: target }),
    conditional: [fields.optionalDependencies, fields.peerDependencies, fields.dependenciesMeta].some((each) => each !== undefined),
  };
}

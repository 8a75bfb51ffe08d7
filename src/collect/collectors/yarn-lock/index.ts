/** yarn.lock: the format of version 1, and the YAML of later ones. */
import { baseName, type Collected, type Collector, MAX_FILE_PACKAGES, type MetadataFile } from '../../contribution.js';
import { integrityDigest } from '../../hashes.js';
import { asObject, asText, type Loose, membersOf } from '../../values.js';
import { fromText, fromYaml, isProjectFile } from '../shared/lock-file.js';
import { npmFacts } from '../shared/npm-package.js';
import { lazily, type Pinned, pinnedPackages } from '../shared/pinned.js';
import { classicEntries } from './classic.js';

interface Entry {
  /** What was asked for: `left-pad@^1.0.0`, or `left-pad@npm:^1.0.0`. */
  readonly asked: readonly string[];
  readonly fields: Loose;
  /** Does it need more than the fields say? */
  readonly isPartial?: boolean;
}

export const yarnLock: Collector = {
  id: 'yarn-lock',
  files: '`yarn.lock`',
  matches: (path) => baseName(path) === 'yarn.lock' && isProjectFile(path),
  collect: (file, { includePrivate }) =>
    // The YAML says so of itself.
    isYaml(file)
      ? fromYaml(file, (lock) => packagesOf(file.path, () => yamlEntries(lock), includePrivate))
      : fromText(file, (text) => packagesOf(file.path, () => classicEntries(text), includePrivate)),
};

const isYaml = ({ bytes }: MetadataFile): boolean => /^__metadata:/m.test(new TextDecoder().decode(bytes.subarray(0, 4096)));

function* yamlEntries(lock: Loose): Generator<Entry> {
  for (const [key, value] of membersOf(lock)) {
    const fields = asObject(value) ?? {};
    // The project and its workspaces are no packages.
    const isOwn = fields.linkType === 'soft' || /@workspace:/.test(asText(fields.resolution) ?? '');
    if (key !== '__metadata' && !isOwn) yield { asked: key.split(',').map((each) => each.trim()), fields };
  }
}

type Named = { readonly name: string; readonly version: string };
/** What was asked for, in all entries of a file, as far as it is held. */
const MAX_ASKED = 4 * MAX_FILE_PACKAGES;

/** What was found for what was asked. */
interface Answers {
  readonly versions: ReadonlyMap<string, Named>;
  /** Is it all that the file says? */
  readonly isWhole: boolean;
}

function answersOf(entries: Iterable<Entry>): Answers {
  const versions = new Map<string, Named>();
  for (const entry of entries) {
    const name = nameOf(entry);
    const version = asText(entry.fields.version);
    if (name === undefined || version === undefined) continue;
    const found = { name, version };
    for (const asked of entry.asked) {
      if (versions.size === MAX_ASKED) return { versions, isWhole: false };
      versions.set(asked, found);
    }
  }
  return { versions, isWhole: true };
}

/** The entries are read twice: what one needs is told by others. */
function packagesOf(path: string, entries: () => Iterable<Entry>, includePrivate: boolean): Collected {
  const answers = answersOf(entries());
  const found = lazily(entries(), (entry) => packageOf(entry, answers, includePrivate));
  return pinnedPackages(found, { origin: 'declared', path, method: 'lock file of Yarn' }, includePrivate);
}

/** The package that was found, also under another name: `alias@npm:real@^1`. */
function nameOf({ asked, fields }: Entry): string | undefined {
  const text = asText(fields.resolution) ?? asked[0] ?? '';
  const [, alias] = /@npm:((?:@[^/@]+\/)?[^/@]+)@/.exec(text) ?? [];
  return alias ?? /^((?:@[^/@]+\/)?[^/@]+)@/.exec(text)?.[1];
}

function packageOf(entry: Entry, { versions, isWhole }: Answers, includePrivate: boolean): Pinned | undefined {
  const name = nameOf(entry);
  if (name === undefined) return undefined;
  const { fields, isPartial = false } = entry;
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
    needs: needed.flatMap(([target, range]) => versions.get(`${target}@${asText(range) ?? ''}`) ?? (isWhole ? { name: target } : [])),
    conditional:
      isPartial ||
      !isWhole ||
      [fields.optionalDependencies, fields.peerDependencies, fields.dependenciesMeta].some((each) => each !== undefined),
  };
}

/** conda-lock.yml, and lists of addresses that begin with `@EXPLICIT`. */
import { packageAddition, packageId } from '../../component.js';
import { baseName, type Collected, type Collector, type Contribution, type Origin } from '../../contribution.js';
import { fileOf, lockedFacts } from '../../python-package/locked.js';
import { asObject, asText, type Loose } from '../../values.js';
import { type CondaRecord, condaComponent, condaEdges } from '../shared/conda-package.js';
import { linesOf } from '../shared/lines.js';
import { fromText, fromYaml, isProjectFile, objectsIn } from '../shared/lock-file.js';
import { firstOf, joined, lazily, type Pinned, passedOver, pinnedPackages } from '../shared/pinned.js';

const isList = (name: string): boolean => /^(conda-[\w.-]+\.lock|(conda-)?(spec-file|explicit)[\w.-]*\.(txt|lock))$/.test(name);

export const condaLock: Collector = {
  id: 'conda-lock',
  files: '`conda-lock.yml`, `conda-*.lock`, `spec-file*.txt`, `explicit*.txt`',
  matches: (path) => (/(^|\.)conda-lock\.ya?ml$/.test(baseName(path)) || isList(baseName(path))) && isProjectFile(path),
  collect: (file, { includePrivate }) =>
    isList(baseName(file.path))
      ? fromText(file, (text) => explicit(text, file.path, includePrivate))
      : fromYaml(file, (lock) => unified(lock, file.path, includePrivate)),
};

/** One address a line, with an MD5 or `sha256:` behind `#`. */
function explicit(text: string, path: string, includePrivate: boolean): Collected {
  if (!some(linesOf(text), (line) => line.trim() === '@EXPLICIT')) return { contributions: [] };
  const from: Origin = { origin: 'declared', path, method: 'explicit list of conda' };
  const { first, passed, beyond } = firstOf(lazily(addressesOf(text), (line) => recordOf(line, includePrivate)));
  return {
    contributions: first.map(({ facts }) => packageAddition({ ...facts, key: facts.filename }, from)),
    findings: passedOver(path, passed),
    beyond,
  };
}

function* addressesOf(text: string): Generator<string> {
  for (const each of linesOf(text)) {
    const line = each.trim();
    if (line !== '' && line !== '@EXPLICIT' && !line.startsWith('#')) yield line;
  }
}

function recordOf(line: string, includePrivate: boolean): CondaRecord | undefined {
  const [url = '', hash = ''] = line.split('#');
  const sha256 = /^sha256:([0-9a-f]{64})$/i.exec(hash)?.[1];
  return condaComponent({ url, ...(sha256 === undefined ? { md5: hash } : { sha256 }) }, 'locked', includePrivate);
}

function some<T>(items: Iterable<T>, test: (item: T) => boolean): boolean {
  for (const item of items) if (test(item)) return true;
  return false;
}

/** All platforms in one file: conda packages differ by platform, Python packages may not. */
function unified(lock: Loose, path: string, includePrivate: boolean): Collected {
  const from = { origin: 'declared', path, method: 'lock file of conda-lock' } as const;
  const entries = objectsIn(lock.package);
  const isPip = ({ manager }: Loose): boolean => manager === 'pip';
  const conda = firstOf(
    lazily(
      entries.filter((entry) => !isPip(entry)),
      (entry) => {
        const record = condaOf(entry, includePrivate);
        return record === undefined ? undefined : { platform: asText(entry.platform) ?? '', record };
      },
    ),
  );
  const pip = pinnedPackages(lazily(entries.filter(isPip), pipOf), from, includePrivate);
  return joined({ contributions: condaPackages(conda.first, from), findings: passedOver(path, conda.passed), beyond: conda.beyond }, pip);
}

function condaOf(entry: Loose, includePrivate: boolean): CondaRecord | undefined {
  const { md5, sha256 } = asObject(entry.hash) ?? {};
  const depends = Object.keys(asObject(entry.dependencies) ?? {});
  return condaComponent({ name: entry.name, version: entry.version, url: entry.url, md5, sha256, depends }, 'locked', includePrivate);
}

function condaPackages(all: readonly { readonly platform: string; readonly record: CondaRecord }[], from: Origin): readonly Contribution[] {
  const ids = new Map<string, Map<string, string>>();
  for (const { platform, record } of all) {
    const known = ids.get(platform) ?? new Map<string, string>();
    ids.set(platform, known.set(record.facts.name, packageId(record.facts)));
  }
  return all.flatMap(({ platform, record }) => {
    const key = record.facts.filename ?? record.facts.name;
    return [packageAddition({ ...record.facts, key }, from), ...condaEdges(record, ids.get(platform) ?? new Map(), { ...from, key })];
  });
}

function pipOf(entry: Loose): Pinned | undefined {
  const facts = lockedFacts(entry.name, entry.version);
  const file = fileOf({ url: entry.url, hashes: asObject(entry.hash) });
  return facts === undefined ? undefined : { facts, files: file === undefined ? [] : [file] };
}

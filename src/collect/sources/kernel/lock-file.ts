/** What the readers of lock files share: texts, and the way from pinned packages to contributions. */
import { parse, TomlError } from 'smol-toml';
import { MsbomError } from '../../../core/error.js';
import type { Finding } from '../../../core/finding.js';
import { decodeUtf8 } from '../../../core/json.js';
import { parseYaml } from '../../../core/yaml.js';
import { edgeAddition, type PackageFacts, packageAddition, packageId } from '../../component.js';
import type { Collected, Contribution, MetadataFile, Origin } from '../../contribution.js';
import { joinDigests } from '../../hashes.js';
import { fileNameOf, shownUri } from '../../public-uri.js';
import { asObject, type Loose } from '../../values.js';
import { unreadable } from './json-file.js';

/** YAML takes far more time and memory than JSON. */
const MAX_YAML_BYTES = 16 * 1024 * 1024;

/** Is it a file of the project itself, not of a package that is installed in the directory? */
export function isProjectFile(path: string): boolean {
  return !/(^|\/)(node_modules|site-packages|dist-packages|\.git|\.venv|venv)\//.test(path);
}

/** Reads the text of a file; what is no UTF-8 is a finding. */
export function fromText({ path, bytes }: MetadataFile, read: (text: string) => Collected): Collected {
  try {
    return read(decodeUtf8(bytes, path));
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    return { contributions: [], findings: [unreadable(path, error.message, { offset: error.offset })] };
  }
}

/** Reads a TOML document; what cannot be read is a finding. */
export function fromToml(file: MetadataFile, read: (value: Loose) => Collected): Collected {
  return fromText(file, (text) => {
    let value: Loose;
    try {
      value = parse(text, { integersAsBigInt: 'asNeeded' });
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      return broken(file.path, error.message.split('\n')[0] ?? 'not TOML', { line: error.line, column: error.column });
    }
    return read(value);
  });
}

/** Reads a YAML document that is a map; what cannot be read is a finding. */
export function fromYaml(file: MetadataFile, read: (value: Loose) => Collected): Collected {
  if (file.bytes.byteLength > MAX_YAML_BYTES) return broken(file.path, `the file has more than ${MAX_YAML_BYTES} bytes of YAML`);
  return fromText(file, (text) => {
    const yaml = parseYaml(text);
    if ('problem' in yaml) return broken(file.path, yaml.problem, yaml.place);
    const value = asObject(yaml.value);
    return value === undefined ? broken(file.path, 'the document is not a map') : read(value);
  });
}

export const broken = (path: string, message: string, place: Pick<Finding, 'line' | 'column' | 'offset'> = {}): Collected => ({
  contributions: [],
  findings: [unreadable(path, message, place)],
});

/** A file that a lock pins for a package. */
export interface PinnedFile {
  readonly digest?: PackageFacts['digest'];
  readonly url?: string | undefined;
  readonly filename?: string | undefined;
}

/** A package as a lock file names it. */
export interface Pinned {
  readonly facts: PackageFacts;
  readonly files: readonly PinnedFile[];
  /** What it needs on every platform; undefined where the lock does not say. */
  readonly needs?: readonly Need[];
  /** Does it need more on some platforms, or with some extras? */
  readonly conditional?: boolean;
}

export interface Need {
  readonly name: string;
  readonly version?: string | undefined;
}

/**
 * Components and edges of a lock file. A package with several files (wheels of several platforms, a source archive) has no
 * digest: it is not known which of them is used.
 */
export function pinnedPackages(found: readonly Pinned[], from: Origin, includePrivate: boolean): readonly Contribution[] {
  const byId = new Map<string, Merged>();
  // Ids by name, then by version: a lookup must not cost more for a package with many versions. Only edges ask for them.
  const byName = new Map<string, Map<string | undefined, string>>();
  const hasEdges = found.some(({ needs }) => needs !== undefined);
  for (const { facts, files, needs, conditional } of found) {
    const id = packageId(facts);
    const known = byId.get(id) ?? { facts, files: [], needs: undefined, conditional: false };
    for (const file of files) known.files.push(file);
    if (needs !== undefined) known.needs ??= [];
    for (const need of needs ?? []) known.needs?.push(need);
    known.conditional ||= conditional === true;
    byId.set(id, known);
    if (!hasEdges) continue;
    const versions = byName.get(facts.name) ?? new Map<string | undefined, string>();
    byName.set(facts.name, versions.set(facts.version, id));
  }
  return [...byId].flatMap(([id, each]) => {
    const facts = { ...each.facts, ...ofOneFile(each.files, each.facts, includePrivate) };
    return hasEdges ? [packageAddition(facts, from), ...edges(id, each, byName, from)] : [packageAddition(facts, from)];
  });
}

/** What all entries of one package say together. */
interface Merged {
  readonly facts: PackageFacts;
  readonly files: PinnedFile[];
  needs: Need[] | undefined;
  conditional: boolean;
}

const NO_FACTS: Partial<PackageFacts> = {};

function ofOneFile(files: readonly PinnedFile[], { uris, filename }: PackageFacts, includePrivate: boolean): Partial<PackageFacts> {
  if (files.length === 0) return NO_FACTS;
  const distinct = new Map(files.map((file) => [JSON.stringify([file.digest, file.digest === undefined ? file.url : '']), file]));
  const [only, ...others] = distinct.values();
  if (only === undefined || others.length > 0) return {};
  const distribution = shownUri(only.url, includePrivate);
  return {
    digest: joinDigests(only.digest),
    filename: only.filename ?? (only.url === undefined ? undefined : fileNameOf(only.url)) ?? filename,
    uris: { ...uris, ...(distribution === undefined ? {} : { distribution }) },
  };
}

function edges(
  ref: string,
  { needs, conditional, facts }: Merged,
  byName: ReadonlyMap<string, ReadonlyMap<string | undefined, string>>,
  from: Origin,
): readonly Contribution[] {
  if (needs === undefined) return [];
  const targets = needs.map(({ name, version }) => {
    const versions = byName.get(name);
    if (version !== undefined) return versions?.get(version);
    // With several versions and none named it is not known which one is meant.
    return versions?.size === 1 ? [...versions.values()][0] : undefined;
  });
  const known = targets.filter((id) => id !== undefined);
  const complete = known.length === targets.length && !conditional;
  return [edgeAddition({ ref, dependsOn: known, complete }, facts.key === undefined ? from : { ...from, key: facts.key })];
}

/** The items of a list that are objects. */
export const objectsIn = (value: unknown): readonly Loose[] =>
  Array.isArray(value) ? value.map(asObject).filter((each) => each !== undefined) : [];

/** Entries that name no package and version; the others are used. */
export function passedOver(path: string, count: number): readonly Finding[] {
  if (count === 0) return [];
  const message = `${count === 1 ? '1 entry names' : `${count} entries name`} no package that can be used; the manifest lacks what is meant`;
  return [{ id: 'metadata-unreadable', severity: 'low', message, fix: 'Correct the entries, or look into them by hand.', file: path }];
}

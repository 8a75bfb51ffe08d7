/** Core metadata of a wheel or source archive that a model came in. Source: https://packaging.python.org/specifications/core-metadata/ */
import type { PackageFacts } from '../../component.js';
import type { CollectContext, Collector, Contribution } from '../../contribution.js';
import { shownUri } from '../../public-uri.js';
import { pythonLicenses } from '../../python-package/license.js';
import { lockedFacts, lockedPackages } from '../../python-package/locked.js';
import { type CoreMetadata, field, parseCoreMetadata, personNames, projectUrls } from '../../python-package/metadata.js';
import { parseRequirement, pinnedVersion } from '../../python-package/requirement.js';
import { fromText } from '../shared/lock-file.js';
import { type Entry, lazily } from '../shared/pinned.js';
import { componentIds, suppliedPackage } from '../shared/supplied-package.js';

const WHEEL = /^[^/]+\.dist-info\/METADATA$/;
const SOURCE = /^(?:[^/]+\.egg-info\/)?PKG-INFO$/;

export const pythonDistribution: Collector = {
  id: 'python-distribution',
  files: '`*.dist-info/METADATA` of an unpacked wheel, `PKG-INFO` of an unpacked source archive',
  matches: (path) => WHEEL.test(path) || SOURCE.test(path),
  collect(file, { paths, includePrivate }) {
    // Where several are installed none of them is the one that the model came in.
    if (isOneOfSeveral(file.path, paths)) return { contributions: [] };
    return fromText(file, (text) => {
      const metadata = parseCoreMetadata(text);
      const asked = lockedPackages(file.path, 'requirements in the core metadata', requirements(metadata), includePrivate);
      const complete = (asked.findings ?? []).length === 0 && (asked.beyond ?? 0) === 0;
      const own = itself(metadata, { ids: componentIds(asked.contributions), complete }, file.path, includePrivate);
      return { ...asked, contributions: [...own, ...asked.contributions] };
    });
  },
};

function isOneOfSeveral(path: string, paths: CollectContext['paths']): boolean {
  if (SOURCE.test(path)) return path !== 'PKG-INFO' && paths.has('PKG-INFO');
  return [...paths].some((other) => other !== path && WHEEL.test(other));
}

/** What it needs in any case; what an extra or a platform needs may not be there. */
function* requirements(metadata: CoreMetadata): Generator<Entry> {
  yield* lazily(metadata.get('requires-dist') ?? [], (text): Entry => {
    const requirement = parseRequirement(text);
    if (requirement === undefined) return undefined;
    if (requirement.marker !== undefined && /\bextra\b/.test(requirement.marker)) return 'own';
    const facts: PackageFacts = {
      type: 'pypi',
      name: requirement.name,
      version: pinnedVersion(requirement.specifier),
      status: 'declared',
      key: requirement.url === undefined ? text : requirement.name,
    };
    return { facts, files: [] };
  });
}

function itself(
  metadata: CoreMetadata,
  needed: { readonly ids: readonly string[]; readonly complete: boolean },
  path: string,
  includePrivate: boolean,
): readonly Contribution[] {
  const name = field(metadata, 'name');
  const facts = lockedFacts(name, field(metadata, 'version'), { status: undefined, key: undefined });
  if (name === undefined || facts === undefined) return [];
  const urls = projectUrls(metadata);
  const source = shownUri(urls.get('source') ?? urls.get('repository') ?? urls.get('sourcecode'), includePrivate);
  const homepage = shownUri(urls.get('homepage') ?? field(metadata, 'home-page'), includePrivate);
  const people = personNames(field(metadata, 'author'), field(metadata, 'author-email'));
  return suppliedPackage(
    {
      name,
      facts: {
        ...facts,
        description: field(metadata, 'summary'),
        licenses: pythonLicenses(field(metadata, 'license-expression'), field(metadata, 'license'), metadata.get('classifier') ?? []),
        uris: { ...(source === undefined ? {} : { source }), ...(homepage === undefined ? {} : { homepage }) },
      },
      authors: people === undefined ? [] : [people],
      requirements: needed,
    },
    { origin: 'declared', path, method: 'core metadata' },
    {
      name: 'Name',
      version: 'Version',
      description: 'Summary',
      authors: 'Author',
      license: metadata.has('license-expression') ? 'License-Expression' : 'License',
    },
  );
}

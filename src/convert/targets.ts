/** What a manifest can be written as: one entry for each target, loaded when it is asked for. */
import type { Finding } from '../core/finding.js';
import { isBlocking } from '../core/finding.js';
import { stringifyManifest } from '../manifest/stringify.js';
import type { Manifest } from '../schema/index.js';
import type { CycloneDXOptions, CycloneDXVersion } from './cyclonedx/index.js';
import type { WriteOptions } from './options.js';

export type { WriteOptions } from './options.js';

export interface Written {
  readonly text: string;
  /** What the target does not say natively, and what became of it. */
  readonly losses: readonly Finding[];
  /** Why the text must not be used; none when it meets the rules of its standard. */
  readonly problems: readonly Finding[];
}

export type WriteTarget = (manifest: Manifest, options?: WriteOptions) => Promise<Written>;

/** By the name under which a target is asked for. */
export const TARGETS: Readonly<Record<string, WriteTarget>> = {
  msbom: async (manifest) => ({ text: stringifyManifest(manifest), losses: [], problems: [] }),
  ...cyclonedx('cyclonedx', writeJson),
  ...cyclonedx('cyclonedx-xml', writeXml),
  'spdx@3.0.1': writeSPDX,
  'spdx@2.3': async (manifest, options) => writeSPDX2(manifest, 'json', options),
  'spdx-tag-value@2.3': async (manifest, options) => writeSPDX2(manifest, 'tag-value', options),
};

/** Names that leave the version open, and the targets that they mean. */
export const TARGET_ALIASES: Readonly<Record<string, string>> = {
  cyclonedx: 'cyclonedx@1.6',
  'cyclonedx-xml': 'cyclonedx-xml@1.6',
  spdx: 'spdx@3.0.1',
};

type CycloneDXWriteOptions = WriteOptions & Pick<CycloneDXOptions, 'foreign' | 'prune'>;
type WriteCycloneDX = (manifest: Manifest, version: CycloneDXVersion, options: CycloneDXWriteOptions) => Promise<Checked>;

interface Checked extends Written {
  /** Is content of another producer among what was written? */
  readonly hasForeign: boolean;
}

function cyclonedx(name: string, write: WriteCycloneDX): Readonly<Record<string, WriteTarget>> {
  const versions: readonly CycloneDXVersion[] = ['1.5', '1.6', '1.7'];
  return Object.fromEntries(
    versions.map((version) => [
      `${name}@${version}`,
      async (manifest: Manifest, options: WriteOptions = {}): Promise<Written> => {
        const whole = await write(manifest, version, { ...options, prune: await pruningFor(version) });
        if (whole.problems.length === 0 || !whole.hasForeign) return whole;
        // Content that cannot be fitted in is not said.
        const own = await write(manifest, version, { ...options, foreign: false });
        return { ...own, losses: [...own.losses, leftOut(version)] };
      },
    ]),
  );
}

const leftOut = (version: string): Finding => ({
  id: 'foreign-overridden',
  severity: 'medium',
  pointer: '/foreign/cyclonedx',
  message: `what the CycloneDX document that the manifest came from said beyond it has no valid place in CycloneDX ${version}, so it was left out`,
  fix: 'Convert to the version of that document.',
});

type Prune = NonNullable<CycloneDXOptions['prune']>;

/** Many places may be refused where content of another version is fitted in. */
const MAX_REFUSED = 1_000_000;

async function pruningFor(version: CycloneDXVersion): Promise<Prune> {
  const [{ loadCycloneDXSchema }, { prune }] = await Promise.all([import('./cyclonedx/schema.js'), import('./prune.js')]);
  const check = await loadCycloneDXSchema(version, MAX_REFUSED);
  return (document) => prune(document, (each) => check(each).map(({ pointer = '' }) => pointer));
}

async function writeJson(manifest: Manifest, version: CycloneDXVersion, options: CycloneDXWriteOptions): Promise<Checked> {
  const { stringifyCycloneDX, toCycloneDX } = await import('./cyclonedx/index.js');
  const { extensionLosses } = await import('./cyclonedx/extensions.js');
  const { document, losses } = toCycloneDX(manifest, { version, ...options });
  const xml = extensionLosses(manifest, options.lossless === true);
  return { text: stringifyCycloneDX(document), losses: [...losses, ...xml], ...(await checked(manifest, document, version)) };
}

async function writeXml(manifest: Manifest, version: CycloneDXVersion, options: CycloneDXWriteOptions): Promise<Checked> {
  const { toCycloneDXXml } = await import('./cyclonedx/xml/write.js');
  const { text, document, losses, problems: faults } = toCycloneDXXml(manifest, { version, ...options });
  const { problems, hasForeign } = await checked(manifest, document, version);
  return { text, losses, problems: [...problems, ...faults], hasForeign };
}

/** The official schema, and the lint as far as the faults are ours: a document of another producer keeps its own. */
async function checked(
  manifest: Manifest,
  document: unknown,
  version: CycloneDXVersion,
): Promise<Pick<Checked, 'problems' | 'hasForeign'>> {
  const [{ checkCycloneDXSchema }, { lintCycloneDX }] = await Promise.all([import('./cyclonedx/schema.js'), import('./cyclonedx/lint.js')]);
  const hasForeign = manifest.foreign?.cyclonedx !== undefined;
  const lint = hasForeign ? [] : lintCycloneDX(document).filter(isBlocking);
  return { problems: [...(await checkCycloneDXSchema(document, version)), ...lint], hasForeign };
}

async function writeSPDX(manifest: Manifest, options: WriteOptions = {}): Promise<Written> {
  const [{ stringifySPDX, toSPDX }, { checkSPDX }] = await Promise.all([import('./spdx3/index.js'), import('./spdx3/validate.js')]);
  const { document, losses } = toSPDX(manifest, options);
  const found = (await checkSPDX(document, '3.0.1')) ?? [];
  return { text: stringifySPDX(document), losses, problems: manifest.foreign?.spdx === undefined ? found.filter(isBlocking) : [] };
}

async function writeSPDX2(manifest: Manifest, syntax: 'json' | 'tag-value', options: WriteOptions = {}): Promise<Written> {
  const [{ toSPDX2 }, { toTagValue }, { checkSPDX }] = await Promise.all([
    import('./spdx2/index.js'),
    import('./spdx2/tag-value.js'),
    import('./spdx3/validate.js'),
  ]);
  const { document, losses } = toSPDX2(manifest, options);
  const found = (await checkSPDX(document, '2.3')) ?? [];
  const text = syntax === 'json' ? `${JSON.stringify(document, null, 2)}\n` : toTagValue(document);
  return { text, losses, problems: found.filter(isBlocking) };
}

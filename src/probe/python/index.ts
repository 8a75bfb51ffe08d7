/** The packages of a Python environment, read from its files. */

import { type PackageFacts, packageAddition, packageId, present } from '../../collect/component.js';
import type { Collected, Contribution, Origin } from '../../collect/contribution.js';
import { append } from '../../core/append.js';
import { sha256Text } from '../../core/digest.js';
import { MsbomError } from '../../core/error.js';
import { type Finding, findingOf } from '../../core/finding.js';
import type { Host } from '../../core/host.js';
import type { Probe, ProbeContext } from '../probe.js';
import { readBundled } from './bundled.js';
import { type Distribution, MAX_RECORD, readDistribution } from './distribution.js';
import { distributionEdges } from './edges.js';
import { findEntries } from './entries.js';
import { findPython, type PythonEnvironment } from './environment.js';
import { readBytes } from './files.js';
import { checkRecord } from './record.js';

const SOURCE = 'Python site-packages';
const MAX_SBOM = 16 * 1024 * 1024;
/** Distributions that are read at one time; each holds a few files open. */
const AT_ONCE = 32;
/** Paths that a finding names. */
const SHOWN = 5;

export const pythonProbe: Probe = {
  id: 'python',
  group: 'env',
  reads: '`*.dist-info` and `*.egg-info` of a Python environment',
  async probe(host, context) {
    const environment = await findPython(host, context.python);
    if (environment === undefined) return { contributions: [], findings: [nowhere(context.python !== undefined)] };
    const { entries, findings } = await findEntries(host, environment.sitePackages);
    const { distributions, findings: broken } = await readAll(host, entries, context);
    const collected = await Promise.all(distributions.map((each) => describe(host, each, environment, context)));
    return {
      contributions: [
        runtime(environment, context),
        ...collected.flatMap(({ contributions }) => contributions),
        ...distributionEdges(distributions, environment, host),
      ],
      findings: [...findings, ...broken, ...duplicates(distributions), ...collected.flatMap(({ findings: found = [] }) => found)],
    };
  },
};

function nowhere(asked: boolean): Finding {
  return {
    id: 'environment-missing',
    severity: asked ? 'medium' : 'info',
    message: asked ? 'there is no Python environment at the place that was given' : 'no Python environment was found',
    fix: 'Give the interpreter or the root of the environment.',
  };
}

function runtime({ version, implementation, source }: PythonEnvironment, { environment, purpose }: ProbeContext): Contribution {
  return {
    kind: 'addition',
    list: '/environments',
    item: { id: environment, purpose: [...purpose], runtime: present({ language: 'Python', version, implementation }) },
    from: { origin: 'observed', name: source, method: 'Python environment' },
  };
}

async function readAll(
  host: Host,
  entries: Parameters<typeof readDistribution>[1][],
  { includePrivate }: ProbeContext,
): Promise<{ readonly distributions: readonly Distribution[]; readonly findings: readonly Finding[] }> {
  const read: (Distribution | undefined)[] = [];
  const findings: Finding[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < entries.length; at = next++) {
      const entry = entries[at];
      if (entry === undefined) return;
      try {
        read[at] = await readDistribution(host, entry, includePrivate);
      } catch (error) {
        findings.push(unusable(error, entry.name));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { distributions: read.filter((each) => each !== undefined), findings };
}

/** One package that cannot be read leaves the others as they are. */
function unusable(error: unknown, file: string): Finding {
  if (!MsbomError.is(error)) throw error;
  const { message } = findingOf(error);
  return { id: 'metadata-unreadable', severity: 'medium', message, fix: 'Install the package anew; it is not in the manifest.', file };
}

async function describe(host: Host, each: Distribution, place: PythonEnvironment, context: ProbeContext): Promise<Collected> {
  const facts: PackageFacts = { ...each.facts, environment: context.environment, scope: context.purpose, key: each.entry.name };
  const bundled = await bundledParts(host, each, context);
  return {
    contributions: [packageAddition(facts, from(each)), ...bundled.contributions],
    findings: [...(bundled.findings ?? []), ...(context.verifyRecord === true ? await alterations(host, each, place) : [])],
  };
}

function from({ installer, editable, entry }: Distribution): Origin {
  const how = [...(installer === undefined ? [] : [`installed by ${installer}`]), ...(editable ? ['editable'] : [])];
  return { origin: 'observed', name: SOURCE, key: entry.name, method: ['metadata of an installed distribution', ...how].join(', ') };
}

async function bundledParts(host: Host, { entry, facts, sboms }: Distribution, context: ProbeContext): Promise<Collected> {
  const contributions: Contribution[] = [];
  const findings: Finding[] = [];
  for (const name of sboms) {
    const file = `${entry.name}/sboms/${name}`;
    try {
      const text = (await host.readText(`${entry.path}/sboms/${name}`, MAX_SBOM)) ?? '';
      const bundled = readBundled(text, { environment: context.environment, scope: context.purpose });
      const place: Origin = { origin: 'declared', name: SOURCE, key: file, method: 'SBOM inside an installed package (PEP 770)' };
      const title = `What is built into ${facts.name} ${facts.version}: ${name}`;
      const item = present({
        type: 'sbom',
        title,
        digest: { sha256: sha256Text(text) },
        mediaType: bundled?.mediaType ?? 'application/json',
      });
      contributions.push({ kind: 'addition', list: '/documents', item, from: place });
      if (bundled === undefined) findings.push(unknownSbom(file));
      else append(contributions, partsOf(packageId(facts), bundled, place));
    } catch (error) {
      findings.push(unusable(error, file));
    }
  }
  return { contributions, findings };
}

/** Some documents list the wheel itself, which is known. */
function partsOf(
  ref: string,
  { components, complete }: NonNullable<ReturnType<typeof readBundled>>,
  place: Origin,
): readonly Contribution[] {
  const parts = components.filter(({ id }) => id !== ref);
  const ids = [...new Set(parts.map(({ id }) => String(id)))].sort();
  const edge = { ref, dependsOn: ids, kind: 'contains', completeness: complete ? 'complete' : 'partial' };
  return [
    ...parts.map((item): Contribution => ({ kind: 'addition', list: '/components', item, from: place })),
    ...(ids.length === 0 ? [] : [{ kind: 'addition', list: '/dependencies', item: edge, from: place } as const]),
  ];
}

const unknownSbom = (file: string): Finding => ({
  id: 'metadata-unreadable',
  severity: 'low',
  message: 'the SBOM is neither CycloneDX nor SPDX 2; what it lists is not in the manifest',
  fix: 'Look into it by hand.',
  file,
});

/** In one directory it is chance which of two Python takes; of two directories it takes the first. */
function duplicates(distributions: readonly Distribution[]): readonly Finding[] {
  const seen = new Map<string, Distribution[]>();
  for (const each of distributions) {
    const known = seen.get(each.name);
    if (known === undefined) seen.set(each.name, [each]);
    else known.push(each);
  }
  return [...seen].flatMap(([name, all]) => {
    const [first, ...others] = all;
    if (first === undefined || others.length === 0) return [];
    const together = others.some(({ entry }) => entry.site === first.entry.site);
    return [
      {
        id: 'package-duplicate',
        severity: together ? 'medium' : 'info',
        message: `\`${name}\` is installed more than once: ${all
          .map(({ entry }) => entry.name)
          .slice(0, SHOWN)
          .join(', ')}`,
        fix: together
          ? 'Uninstall it until none is left, and install it once.'
          : 'Python uses the first; remove the others if they are not wanted.',
        file: first.entry.name,
      },
    ];
  });
}

const files = ({ length }: readonly string[]): string => (length === 1 ? '1 file' : `${length} files`);

async function alterations(host: Host, { entry, facts }: Distribution, { prefix }: PythonEnvironment): Promise<readonly Finding[]> {
  const file = `${entry.name}/RECORD`;
  const problem = (message: string, severity: Finding['severity']): Finding => ({
    id: 'package-altered',
    severity,
    message,
    fix: 'Install the package anew, or find out who changed it.',
    file,
  });
  const record = await readBytes(host, `${entry.path}/RECORD`, MAX_RECORD);
  if (record === undefined) return [problem(`\`${facts.name}\` has no RECORD, so its files were not verified`, 'info')];
  const { altered, missing, unchecked } = await checkRecord(host, entry.site, prefix, record);
  const some = (paths: readonly string[]): string => paths.slice(0, SHOWN).join(', ') + (paths.length > SHOWN ? ' and more' : '');
  return [
    ...(altered.length === 0
      ? []
      : [problem(`${files(altered)} of \`${facts.name}\` changed after it was installed: ${some(altered)}`, 'medium')]),
    ...(missing.length === 0 ? [] : [problem(`${files(missing)} of \`${facts.name}\` missing: ${some(missing)}`, 'medium')]),
    ...(unchecked.length === 0 ? [] : [problem(`${files(unchecked)} of \`${facts.name}\` not verified: ${some(unchecked)}`, 'info')]),
  ];
}

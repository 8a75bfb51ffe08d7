/** Packages that conda, mamba or pixi installed: `conda-meta/*.json` of an environment. */

import { type CondaRecord, condaComponent, condaEdges } from '../../collect/collectors/shared/conda-package.js';
import { type PackageFacts, packageAddition, packageId } from '../../collect/component.js';
import type { Collected, Contribution } from '../../collect/contribution.js';
import { asObject } from '../../collect/values.js';
import { MsbomError } from '../../core/error.js';
import type { Finding } from '../../core/finding.js';
import type { Host } from '../../core/host.js';
import { parseJson } from '../../core/json.js';
import type { Probe, ProbeContext } from '../probe.js';

const MAX_RECORD = 32 * 1024 * 1024;
const AT_ONCE = 16;
const SOURCE = 'conda-meta';

export const condaProbe: Probe = {
  id: 'conda',
  group: 'env',
  reads: '`conda-meta/*.json` of a conda environment',
  async probe(host, context) {
    const prefix = await findPrefix(host, context.python);
    const names = prefix === undefined ? [] : (await host.list(`${prefix}/conda-meta`)).filter((name) => name.endsWith('.json'));
    const findings: Finding[] = [];
    const records = await readAll(
      host,
      names.map((name) => `${prefix}/conda-meta/${name}`),
      findings,
    );
    return { contributions: contributions(records, context), findings } satisfies Collected;
  },
};

/** The environment asked for or active; an interpreter stands in its `bin`. */
async function findPrefix(host: Host, asked: string | undefined): Promise<string | undefined> {
  const start = asked ?? host.env.CONDA_PREFIX ?? '';
  const given = start.startsWith('/') || start === '' ? start : `${host.cwd}/${start}`;
  const candidates =
    asked === undefined ? [given] : [given, parentOf(parentOf(given)), parentOf(parentOf((await host.resolve(given)) ?? given))];
  for (const path of candidates.filter((each) => each.length > 1)) {
    if ((await host.kind(`${path}/conda-meta`)) === 'directory') return path;
  }
  return undefined;
}

const parentOf = (path: string): string => path.replace(/(?<!\/)\/+$/, '').replace(/\/[^/]*$/, '');

interface Named {
  readonly file: string;
  readonly record: CondaRecord;
}

async function readAll(host: Host, paths: readonly string[], findings: Finding[]): Promise<readonly Named[]> {
  const read: (Named | undefined)[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < paths.length; at = next++) read[at] = await readRecord(host, paths[at] ?? '', findings);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return read.filter((each) => each !== undefined);
}

async function readRecord(host: Host, path: string, findings: Finding[]): Promise<Named | undefined> {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const unusable = (message: string): undefined => {
    findings.push({
      id: 'metadata-unreadable',
      severity: 'medium',
      message,
      fix: 'Install the package anew; it is not in the manifest.',
      file,
    });
    return undefined;
  };
  try {
    const text = await host.readText(path, MAX_RECORD);
    const value = text === undefined ? undefined : asObject(parseJson(text, { inexactIntegers: 'text' }));
    const record = value === undefined ? undefined : condaComponent(value, 'installed');
    return record === undefined ? unusable('the record names no package and version') : { file, record };
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    return unusable(error.message);
  }
}

function contributions(all: readonly Named[], { environment, purpose }: ProbeContext): readonly Contribution[] {
  const ids = new Map(all.map(({ record }) => [record.facts.name, packageId(record.facts)]));
  return all.flatMap(({ file, record }) => {
    const facts: PackageFacts = { ...record.facts, environment, scope: purpose, key: file };
    return [
      packageAddition(facts, { origin: 'observed', name: SOURCE, method: 'conda record of an installed package' }),
      ...condaEdges(record, ids, { origin: 'observed', name: SOURCE, key: file, method: 'requirements in a conda record' }),
    ];
  });
}

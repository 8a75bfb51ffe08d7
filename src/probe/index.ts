/** Readers of the machine: what is installed, on which hardware, from which commit. One folder each. */
import type { Collected, Contribution } from '../collect/contribution.js';
import { MsbomError } from '../core/error.js';
import { type Finding, findingOf } from '../core/finding.js';
import type { Host } from '../core/host.js';
import { accelerators } from './accelerators/index.js';
import { condaProbe } from './conda/index.js';
import { container } from './container/index.js';
import { cpu } from './cpu/index.js';
import { git } from './git/index.js';
import { nodePackages } from './node-packages/index.js';
import { nvidia } from './nvidia/index.js';
import { os } from './os/index.js';
import { osPackages } from './os-packages/index.js';
import type { Probe, ProbeContext } from './probe.js';
import { pythonProbe } from './python/index.js';
import { rocm } from './rocm/index.js';
import { environmentItem } from './say.js';

export { PROBE_GROUPS, type Probe, type ProbeContext, type ProbeGroup } from './probe.js';

/** Sorted by id. */
export const PROBES: readonly Probe[] = [
  accelerators,
  condaProbe,
  container,
  cpu,
  git,
  nodePackages,
  nvidia,
  os,
  osPackages,
  pythonProbe,
  rocm,
];

/**
 * Runs the probes that are named by group or id, but those of the ids in `without`. A probe that cannot read what is there
 * gives a finding, and the others go on.
 */
export async function probeHost(
  host: Host,
  names: readonly string[],
  context: ProbeContext,
  without: readonly string[] = [],
): Promise<Required<Omit<Collected, 'beyond'>>> {
  const wanted = PROBES.filter(({ group, id }) => (names.includes(group) || names.includes(id)) && !without.includes(id));
  const results = await Promise.all(wanted.map((probe) => run(probe, host, context)));
  const found = results.flatMap(({ contributions }) => contributions);
  return {
    contributions: found.some(({ kind }) => kind === 'addition') ? [environmentOf(context), ...found] : found,
    findings: results.flatMap(({ findings = [] }) => findings),
  };
}

/** The environment that everything found belongs to, so that no component refers to one that is not there. */
function environmentOf(context: ProbeContext): Contribution {
  const from = { origin: 'supplied', name: 'caller', method: 'option' } as const;
  return { kind: 'addition', list: '/environments', item: environmentItem(context), from };
}

async function run(probe: Probe, host: Host, context: ProbeContext): Promise<Collected> {
  try {
    return await probe.probe(host, context);
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    const finding: Finding = { ...findingOf(error), severity: 'medium', message: `the probe \`${probe.id}\` stopped: ${error.message}` };
    return { contributions: [], findings: [finding] };
  }
}

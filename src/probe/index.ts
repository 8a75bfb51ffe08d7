/** Readers of the machine: what is installed, on which hardware, from which commit. One folder each. */
import type { Collected, Contribution } from '../collect/contribution.js';
import { MsbomError } from '../core/error.js';
import { type Finding, findingOf } from '../core/finding.js';
import type { Host } from '../core/host.js';
import type { Probe, ProbeContext, ProbeGroup } from './probe.js';

export { PROBE_GROUPS, type Probe, type ProbeContext, type ProbeGroup } from './probe.js';

/** Sorted by id. */
export const PROBES: readonly Probe[] = [];

/** Runs the probes of the given groups. A probe that cannot read what is there gives a finding, and the others go on. */
export async function probeHost(host: Host, groups: readonly ProbeGroup[], context: ProbeContext): Promise<Required<Collected>> {
  const results = await Promise.all(PROBES.filter(({ group }) => groups.includes(group)).map((probe) => run(probe, host, context)));
  return {
    contributions: results.flatMap(({ contributions }) => contributions),
    findings: results.flatMap(({ findings = [] }) => findings),
  };
}

async function run(probe: Probe, host: Host, context: ProbeContext): Promise<Collected> {
  try {
    return await probe.probe(host, context);
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    const finding: Finding = { ...findingOf(error), severity: 'medium', message: `the probe \`${probe.id}\` stopped: ${error.message}` };
    return { contributions: [] as readonly Contribution[], findings: [finding] };
  }
}

/** Processor, memory, microcode and BIOS. */
import type { Contribution } from '../../collect/contribution.js';
import type { Probe, ProbeContext } from '../probe.js';
import { environmentValue, installed, observedBy } from '../say.js';
import { asNumber, asValue, linesOf, type Sight, sightOf } from '../sight.js';
import { type Processors, processorsOf } from './cpuinfo.js';

const from = observedBy('cpu');
const CPUINFO = '/proc/cpuinfo';

export const cpu: Probe = {
  id: 'cpu',
  group: 'hardware',
  reads: '`/proc/cpuinfo`, `/proc/meminfo`, `/sys/devices/system`, `/sys/devices/virtual/dmi/id`; `sysctl` on macOS',
  async probe(host, context) {
    const sight = sightOf(host);
    if (!host.live) return { contributions: [] };
    const contributions = host.platform === 'darwin' ? await macos(sight, context) : await linux(sight, context);
    return { contributions, findings: sight.findings };
  },
};

async function linux(sight: Sight, context: ProbeContext): Promise<readonly Contribution[]> {
  const processors = processorsOf(await sight.text(CPUINFO, 16 * 1024 * 1024));
  const cores = await coreCount(sight, processors);
  return [
    ...environmentValue(context, '/host/cpu', processors.model, from(CPUINFO, processors.modelKey)),
    ...(cores === undefined ? [] : environmentValue(context, '/host/cores', cores.count, from(cores.path, cores.key))),
    ...(await memory(sight, context)),
    ...(await device(sight, context, processors, cores)),
    ...microcode(context, processors),
    ...(await bios(sight, context)),
  ];
}

interface Cores {
  readonly count: number;
  readonly path: string;
  readonly key: string;
  readonly kind: 'cores' | 'processors';
}

const CPUS = '/sys/devices/system/cpu';

/** Physical cores where the kernel tells which processors share one; else the processors that it schedules on. */
async function coreCount(sight: Sight, { physicalCores, logical }: Processors): Promise<Cores | undefined> {
  const cpus = (await sight.list(CPUS)).filter((name) => /^cpu\d+$/.test(name)).slice(0, 8192);
  const siblings = new Set<string>();
  for (const name of cpus) {
    // A processor that is offline has no topology.
    const list = await sight.value(`${CPUS}/${name}/topology/thread_siblings_list`);
    if (list !== undefined && /^[\d,-]+$/.test(list)) siblings.add(list);
  }
  if (siblings.size > 0) return { count: siblings.size, path: CPUS, key: 'topology/thread_siblings_list', kind: 'cores' };
  if (physicalCores > 0) return { count: physicalCores, path: CPUINFO, key: 'physical id, core id', kind: 'cores' };
  return logical === 0 ? undefined : { count: logical, path: CPUINFO, key: 'processor', kind: 'processors' };
}

async function memory({ text }: Sight, context: ProbeContext): Promise<readonly Contribution[]> {
  const line = linesOf(await text('/proc/meminfo'), 200).find((each) => each.startsWith('MemTotal:'));
  const kib = asNumber(/^MemTotal:\s+(\d+) kB$/.exec(line ?? '')?.[1]);
  return environmentValue(context, '/host/memoryBytes', bytesOf(kib, 1024), from('/proc/meminfo', 'MemTotal'));
}

function bytesOf(count: number | undefined, unit: number): number | undefined {
  const bytes = (count ?? 0) * unit;
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** The processor as a component, with what decides which code can run on it. */
async function device(
  sight: Sight,
  context: ProbeContext,
  { model, vendor, sockets, logical, features }: Processors,
  cores: Cores | undefined,
): Promise<readonly Contribution[]> {
  if (model === undefined) return [];
  const nodes = (await sight.list('/sys/devices/system/node')).filter((name) => /^node\d+$/.test(name)).length;
  const counted = (count: number, one: string): string[] => (count === 0 ? [] : [`${count} ${one}${count === 1 ? '' : 's'}`]);
  const description = [
    [
      ...counted(sockets, 'socket'),
      ...(cores?.kind === 'cores' ? counted(cores.count, 'core') : []),
      ...counted(logical, 'logical processor'),
      ...counted(nodes, 'NUMA node'),
    ].join(', '),
    ...(features.length > 0 ? [`instructions: ${features.join(' ')}`] : []),
  ].filter((part) => part !== '');
  const component = {
    type: 'device',
    name: model,
    producer: vendor === undefined ? undefined : { name: vendor },
    description: description.length > 0 ? description.join('; ') : undefined,
  };
  return [installed(context, component, from(CPUINFO))];
}

/** A hypervisor makes the revision up, so in a virtual machine there is none to tell. */
function microcode(context: ProbeContext, { microcodes, vendor, virtual }: Processors): readonly Contribution[] {
  if (virtual) return [];
  const producer = vendor === undefined ? undefined : { name: vendor };
  return microcodes.map((version) =>
    installed(context, { type: 'firmware', name: 'CPU microcode', version, producer }, from(CPUINFO, 'microcode')),
  );
}

const DMI = '/sys/devices/virtual/dmi/id';

/** Serial numbers, asset tags and UUIDs lie in the same directory; they are never read. */
async function bios({ value }: Sight, context: ProbeContext): Promise<readonly Contribution[]> {
  const version = await value(`${DMI}/bios_version`);
  if (version === undefined) return [];
  const vendor = await value(`${DMI}/bios_vendor`);
  const date = await value(`${DMI}/bios_date`);
  const component = {
    type: 'firmware',
    name: 'BIOS',
    version,
    description: date === undefined ? undefined : `BIOS of ${date}`,
    producer: vendor === undefined ? undefined : { name: vendor },
  };
  return [installed(context, component, from(DMI, 'bios_version'))];
}

async function macos(sight: Sight, context: ProbeContext): Promise<readonly Contribution[]> {
  const sysctl = async (key: string) => asValue(await sight.output('sysctl', ['-n', key]));
  const model = await sysctl('machdep.cpu.brand_string');
  const cores = asNumber(await sysctl('hw.physicalcpu'));
  const bytes = asNumber(await sysctl('hw.memsize'));
  return [
    ...environmentValue(context, '/host/cpu', model, from('sysctl', 'machdep.cpu.brand_string')),
    ...environmentValue(context, '/host/cores', cores === 0 ? undefined : cores, from('sysctl', 'hw.physicalcpu')),
    ...environmentValue(context, '/host/memoryBytes', bytesOf(bytes, 1), from('sysctl', 'hw.memsize')),
    ...(model === undefined ? [] : [installed(context, { type: 'device', name: model }, from('sysctl', 'machdep.cpu.brand_string'))]),
  ];
}

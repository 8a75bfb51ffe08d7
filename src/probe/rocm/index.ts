/** AMD GPUs and what they need: driver, firmware, ROCm and its libraries. */
import type { Contribution } from '../../collect/contribution.js';
import type { Probe, ProbeContext } from '../probe.js';
import { countedAlike, environmentValue, installed, observedBy } from '../say.js';
import { asVersion, type Sight, sightOf } from '../sight.js';
import { type AmdGpu, amdGpus } from './gpus.js';
import { rocmStacks } from './stack.js';

const from = observedBy('rocm');
const AMD = { name: 'AMD' };

export const rocm: Probe = {
  id: 'rocm',
  group: 'hardware',
  reads: '`/sys/class/drm`, `/sys/class/kfd`, `/sys/module/amdgpu`, `amd-smi`, `rocm-smi`, `/opt/rocm`',
  async probe(host, context) {
    const sight = sightOf(host);
    const { gpus, findings } = await amdGpus(sight);
    const driver = await driverVersion(sight);
    const stack = await rocmStacks(sight, context);
    const list = countedAlike(
      gpus.map(({ model, memoryBytes, vbios, target }) => ({
        vendor: AMD.name,
        model,
        memoryBytes,
        driverVersion: driver,
        firmware: vbios === undefined ? undefined : `VBIOS ${vbios}`,
        computeCapability: target,
        toolkit: stack.version === undefined ? undefined : { name: 'ROCm', version: stack.version },
      })),
    );
    return {
      contributions: [
        ...[...new Set(gpus.flatMap(({ places }) => places))].flatMap((place) =>
          environmentValue(context, '/accelerators', list, from(place)),
        ),
        ...(await driverPart(sight, context, driver)),
        ...devices(context, gpus),
        ...firmware(context, gpus),
        ...stack.contributions,
      ],
      findings: [...sight.findings, ...findings, ...stack.findings],
    };
  },
};

const MODULE = '/sys/module/amdgpu';

/** The driver that AMD ships has a version; the one of the kernel has the kernel's. */
async function driverVersion({ host, value }: Sight): Promise<string | undefined> {
  return host.live ? asVersion(await value(`${MODULE}/version`)) : undefined;
}

async function driverPart(sight: Sight, context: ProbeContext, version: string | undefined): Promise<readonly Contribution[]> {
  if (!sight.host.live || (await sight.kind(MODULE)) !== 'directory') return [];
  const component = {
    type: 'device-driver',
    name: 'amdgpu',
    version,
    description: version === undefined ? 'part of the kernel' : undefined,
  };
  return [installed(context, component, from(version === undefined ? MODULE : `${MODULE}/version`))];
}

/** Each model as a component; its units are named only on request. */
function devices(context: ProbeContext, gpus: readonly AmdGpu[]): readonly Contribution[] {
  return [...new Set(gpus.map(({ model }) => model))].flatMap((model) => {
    if (model === undefined) return [];
    const units = gpus.filter((gpu) => gpu.model === model);
    const identifiers = context.includePrivate ? units.flatMap(unitIdentifiers) : [];
    const component = { type: 'device', name: model, producer: AMD, identifiers: identifiers.length > 0 ? identifiers : undefined };
    return [installed(context, component, from(units[0]?.modelPlace ?? '/sys/class/drm'))];
  });
}

function unitIdentifiers({ uniqueId, serial, address }: AmdGpu): readonly { readonly [key: string]: string }[] {
  const schemes = { 'GPU unique id': uniqueId, 'serial number': serial, 'PCI address': address };
  return Object.entries(schemes).flatMap(([scheme, value]) => (value === undefined ? [] : [{ type: 'other', scheme, value }]));
}

function firmware(context: ProbeContext, gpus: readonly AmdGpu[]): readonly Contribution[] {
  const parts = gpus.flatMap(({ model = 'AMD GPU', vbios, firmware: loaded }) => [
    ...(vbios === undefined ? [] : [part(`${model} VBIOS`, vbios, 'vbios_version')]),
    ...loaded.map(([name, version]) => part(`${model} ${name} firmware`, version, `fw_version/${name}_fw_version`)),
  ]);
  function part(name: string, version: string, key: string): Contribution {
    return installed(context, { type: 'firmware', name, version, producer: AMD }, from('/sys/class/drm/*/device', key));
  }
  return [...new Map(parts.map((each) => [JSON.stringify(each), each])).values()];
}

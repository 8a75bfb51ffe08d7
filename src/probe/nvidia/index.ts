/** NVIDIA GPUs and what they need: driver, firmware, CUDA and its libraries. */
import type { Contribution } from '../../collect/contribution.js';
import type { JsonValue } from '../../core/canonical-json.js';
import type { Probe, ProbeContext } from '../probe.js';
import { countedAlike, environmentValue, installed } from '../say.js';
import { sightOf } from '../sight.js';
import { driverParts, from, gspFirmware, kernelDriver, NVIDIA } from './driver.js';
import { type Gpu, joinedGpus, procGpus, smiGpus } from './gpus.js';
import { cudaLibraries } from './libraries.js';
import { toolkits } from './toolkit.js';

export const nvidia: Probe = {
  id: 'nvidia',
  group: 'hardware',
  reads:
    '`/proc/driver/nvidia`, `/sys/module/nvidia`, `nvidia-smi`, `/lib/firmware/nvidia`, `/usr/local/cuda`, libraries and headers of CUDA',
  async probe(host, context) {
    const sight = sightOf(host);
    const smi = await smiGpus(sight);
    const kernel = await kernelDriver(sight);
    const driver = { ...kernel, sources: [...kernel.sources, ...smi.driver] };
    const proc = await procGpus(sight);
    const { gpus, findings } = joinedGpus(proc, smi.gpus);
    const places = [...new Set([...smi.gpus, ...proc].map(({ place }) => place))];
    const cuda = await toolkits(sight, context);
    const parts = await driverParts(sight, context, driver);
    const libraries = await cudaLibraries(sight, context, cuda.places);
    const toolkit = cuda.version === undefined ? undefined : { name: 'CUDA', version: cuda.version };
    const list = accelerators(gpus, driver.sources[0]?.version, toolkit);
    return {
      contributions: [
        ...places.flatMap((place) => environmentValue(context, '/accelerators', list, from(place))),
        ...devices(context, gpus),
        ...firmware(context, gpus),
        ...parts.contributions,
        ...cuda.contributions,
        ...libraries.contributions,
      ],
      findings: [...sight.findings, ...findings, ...parts.findings, ...cuda.findings, ...libraries.findings],
    };
  },
};

/** One item for all GPUs that are alike. */
function accelerators(gpus: readonly Gpu[], driverVersion: string | undefined, toolkit: JsonValue | undefined): JsonValue | undefined {
  return countedAlike(
    gpus.map(({ model, memoryBytes, vbios, gsp, computeCapability }) => {
      const firmware = [...(vbios === undefined ? [] : [`VBIOS ${vbios}`]), ...(gsp === undefined ? [] : [`GSP ${gsp}`])].join(', ');
      return {
        vendor: NVIDIA.name,
        model,
        memoryBytes,
        driverVersion,
        firmware: firmware === '' ? undefined : firmware,
        computeCapability,
        toolkit,
      };
    }),
  );
}

/** Each model of GPU as a component; its units are named only on request. */
function devices(context: ProbeContext, gpus: readonly Gpu[]): readonly Contribution[] {
  return [...byModel(gpus)].map(([model, units]) => {
    const identifiers = context.includePrivate ? units.flatMap(unitIdentifiers) : [];
    const component = {
      type: 'device',
      name: model,
      description: modesOf(units),
      producer: NVIDIA,
      identifiers: identifiers.length > 0 ? identifiers : undefined,
    };
    return installed(context, component, from(units[0]?.place ?? ''));
  });
}

function byModel(gpus: readonly Gpu[]): ReadonlyMap<string, readonly Gpu[]> {
  const models = new Map<string, Gpu[]>();
  for (const gpu of gpus) {
    if (gpu.model !== undefined) models.set(gpu.model, [...(models.get(gpu.model) ?? []), gpu]);
  }
  return models;
}

function unitIdentifiers({ uuid, serial, address }: Gpu): readonly { readonly [key: string]: string }[] {
  const schemes = { 'GPU UUID': uuid, 'serial number': serial, 'PCI address': address };
  return Object.entries(schemes).flatMap(([scheme, value]) => (value === undefined ? [] : [{ type: 'other', scheme, value }]));
}

function modesOf(units: readonly Gpu[]): string | undefined {
  const parts = [['ECC', units.map(({ ecc }) => ecc)] as const, ['MIG', units.map(({ mig }) => mig)] as const].flatMap(([name, modes]) => {
    const distinct = [...new Set(modes.filter((mode) => mode !== undefined))].sort();
    return distinct.length === 0 ? [] : [`${name} ${distinct.join(' and ')}`];
  });
  return parts.length === 0 ? undefined : parts.join(', ');
}

function firmware(context: ProbeContext, gpus: readonly Gpu[]): readonly Contribution[] {
  const part = (name: string, version: string | undefined, key: string, place: string): readonly Contribution[] =>
    version === undefined ? [] : [installed(context, { type: 'firmware', name, version, producer: NVIDIA }, from(place, key))];
  const parts = gpus.flatMap(({ model = 'NVIDIA GPU', vbios, inforom, gsp, place }) => [
    ...part(`${model} VBIOS`, vbios, 'VBIOS', place),
    ...part(`${model} InfoROM`, inforom, 'inforom.img', place),
    ...(gsp === undefined ? [] : [gspFirmware(context, gsp, '/proc/driver/nvidia/gpus/*/information', 'GPU Firmware')]),
  ]);
  return [...new Map(parts.map((each) => [JSON.stringify(each), each])).values()];
}

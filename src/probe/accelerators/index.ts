/** Accelerators of other makers: what their PCI ids say for certain, the version of their driver, Apple silicon. */
import type { Contribution } from '../../collect/contribution.js';
import type { Probe, ProbeContext } from '../probe.js';
import { countedAlike, environmentValue, installed, observedBy } from '../say.js';
import { asNumber, asValue, asVersion, type Sight, sightOf } from '../sight.js';

const from = observedBy('accelerators');

export const accelerators: Probe = {
  id: 'accelerators',
  group: 'hardware',
  reads: '`/sys/bus/pci/devices`, `/sys/module/{habanalabs,neuron}`; `sysctl` on macOS',
  async probe(host, context) {
    const sight = sightOf(host);
    if (!host.live) return { contributions: [] };
    const contributions = host.platform === 'darwin' ? await apple(sight, context) : await pci(sight, context);
    return { contributions, findings: sight.findings };
  },
};

interface Maker {
  readonly vendor: string;
  /** Kernel module whose version is the driver's. */
  readonly module?: string;
  /** Models by device id. A device that is not listed is not an accelerator, or not certain to be one. */
  readonly models: Readonly<Record<string, string>>;
}

/**
 * By PCI vendor. Google: jax/_src/hardware_utils.py (one id stands for two generations, so the model says no more than TPU).
 * Habana: drivers/accel/habanalabs of Linux. Amazon: neuron_device.h of the Neuron driver. Intel: the table of
 * dgpu-docs.intel.com.
 */
const MAKERS: Readonly<Record<string, Maker>> = {
  '0x1ae0': {
    vendor: 'Google',
    models: {
      '0x0027': 'TPU',
      '0x005e': 'TPU v4',
      '0x0062': 'TPU v5p',
      '0x0063': 'TPU v5e',
      '0x006f': 'TPU v6e',
      '0x0076': 'TPU7x',
    },
  },
  '0x1da3': {
    vendor: 'Intel Habana',
    module: 'habanalabs',
    models: { '0x0001': 'Goya', '0x1000': 'Gaudi', '0x1010': 'Gaudi', '0x1020': 'Gaudi2', '0x1060': 'Gaudi3' },
  },
  '0x1d0f': {
    vendor: 'Amazon',
    module: 'neuron',
    models: {
      '0x7064': 'Inferentia',
      '0x7065': 'Inferentia',
      '0x7066': 'Inferentia',
      '0x7067': 'Inferentia',
      '0x7164': 'Trainium',
      '0x7264': 'Inferentia2',
      '0x7364': 'Trainium2',
    },
  },
  '0x8086': {
    vendor: 'Intel',
    models: {
      '0x0bd5': 'Data Center GPU Max 1550',
      '0x0bda': 'Data Center GPU Max 1100',
      '0x56c0': 'Data Center GPU Flex 170',
      '0x56c1': 'Data Center GPU Flex 140',
    },
  },
};

const PCI = '/sys/bus/pci/devices';
const MAX_DEVICES = 16_384;

async function pci(sight: Sight, context: ProbeContext): Promise<readonly Contribution[]> {
  const found: { readonly maker: Maker; readonly model: string }[] = [];
  for (const name of (await sight.list(PCI)).slice(0, MAX_DEVICES)) {
    const vendor = await sight.value(`${PCI}/${name}/vendor`);
    const maker = vendor !== undefined && Object.hasOwn(MAKERS, vendor) ? MAKERS[vendor] : undefined;
    const device = maker === undefined ? undefined : await sight.value(`${PCI}/${name}/device`);
    const model = device !== undefined && maker !== undefined && Object.hasOwn(maker.models, device) ? maker.models[device] : undefined;
    if (maker !== undefined && model !== undefined) found.push({ maker, model });
  }
  const drivers = await driversOf(sight, new Set(found.map(({ maker }) => maker)));
  const list = countedAlike(
    found.map(({ maker, model }) => ({ vendor: maker.vendor, model, driverVersion: drivers.get(maker.module ?? '') })),
  );
  return [
    ...environmentValue(context, '/accelerators', list, from(PCI, 'vendor, device')),
    ...[...drivers].map(([module, version]) =>
      installed(context, { type: 'device-driver', name: module, version }, from(`/sys/module/${module}/version`)),
    ),
    ...[...new Map(found.map((each) => [`${each.maker.vendor} ${each.model}`, each.maker.vendor]))].map(([name, vendor]) =>
      installed(context, { type: 'device', name, producer: { name: vendor } }, from(PCI, 'vendor, device')),
    ),
  ];
}

async function driversOf(sight: Sight, makers: ReadonlySet<Maker>): Promise<ReadonlyMap<string, string>> {
  const versions = new Map<string, string>();
  for (const { module } of makers) {
    const version = module === undefined ? undefined : asVersion(await sight.value(`/sys/module/${module}/version`));
    if (module !== undefined && version !== undefined) versions.set(module, version);
  }
  return versions;
}

/** The GPU of Apple silicon is part of the chip and shares the machine's memory, so the chip is its model. */
async function apple(sight: Sight, context: ProbeContext): Promise<readonly Contribution[]> {
  if (sight.host.machine !== 'arm64') return [];
  const model = asValue(await sight.output('sysctl', ['-n', 'machdep.cpu.brand_string']));
  if (model === undefined || !/^Apple M\d/.test(model)) return [];
  const bytes = asNumber(await sight.output('sysctl', ['-n', 'hw.memsize']));
  const list = countedAlike([{ vendor: 'Apple', model, memoryBytes: bytes === 0 ? undefined : bytes }]);
  return environmentValue(context, '/accelerators', list, { ...from('sysctl', 'machdep.cpu.brand_string'), origin: 'inferred' });
}

import { describe, expect, it } from 'vitest';
import { accelerators } from '../../src/probe/accelerators/index.js';
import { context, hostWith, manifestOf } from '../support/hosts.js';
import { listOf } from '../support/things.js';

type Options = NonNullable<Parameters<typeof hostWith>[1]>;
const pci = (...devices: readonly (readonly [string, string])[]) =>
  Object.fromEntries(
    devices.flatMap(([vendor, device], i) => [
      [`/sys/bus/pci/devices/0000:00:0${i}.0/vendor`, `${vendor}\n`],
      [`/sys/bus/pci/devices/0000:00:0${i}.0/device`, `${device}\n`],
    ]),
  );

async function machine(files: Readonly<Record<string, string>>, options: Options = {}) {
  const { contributions } = await accelerators.probe(hostWith(files, { env: {}, ...options }), context);
  const { manifest, problems } = await manifestOf(contributions);
  expect(problems).toEqual([]);
  return listOf(manifest.environments)[0]?.accelerators;
}

describe('on the PCI bus', () => {
  it('a TPU has a generation where its id has one', async () => {
    expect(await machine(pci(['0x1ae0', '0x0063'], ['0x1ae0', '0x0063'], ['0x1ae0', '0x0027'], ['0x1ae0', '0x0042']))).toEqual([
      { vendor: 'Google', model: 'TPU v5e', count: 2 },
      { vendor: 'Google', model: 'TPU', count: 1 },
    ]);
  });
  it('Gaudi and Trainium have the version of their driver', async () => {
    const files = {
      ...pci(['0x1da3', '0x1020'], ['0x1d0f', '0x7164']),
      '/sys/module/habanalabs/version': '1.15.1-abc\n',
      '/sys/module/neuron/version': '2.16.7.0\n',
    };
    expect(await machine(files)).toEqual([
      { vendor: 'Intel Habana', model: 'Gaudi2', driverVersion: '1.15.1-abc', count: 1 },
      { vendor: 'Amazon', model: 'Trainium', driverVersion: '2.16.7.0', count: 1 },
    ]);
  });
  it('other devices of the same makers are none', async () => {
    // A network adapter of Amazon, a processor's graphics of Intel, a card of a maker named like a property.
    expect(
      await machine(pci(['0x1d0f', '0xec20'], ['0x8086', '0x9a49'], ['__proto__', 'constructor'], ['0x1ae0', 'toString'])),
    ).toBeUndefined();
  });
  it('a driver without its device is not told', async () => {
    expect(await machine({ '/sys/module/neuron/version': '2.16.7.0\n' })).toBeUndefined();
  });
  it('of a machine that does not run nothing is told', async () => {
    expect(await machine(pci(['0x1ae0', '0x0063']), { live: false })).toBeUndefined();
  });
});

describe('Apple silicon', () => {
  const commands = { 'sysctl -n machdep.cpu.brand_string': 'Apple M3 Ultra\n', 'sysctl -n hw.memsize': '549755813888\n' };
  it('is its own accelerator', async () => {
    expect(await machine({}, { platform: 'darwin', machine: 'arm64', commands })).toEqual([
      { vendor: 'Apple', model: 'Apple M3 Ultra', memoryBytes: 549755813888, count: 1 },
    ]);
  });
  it('is nothing else', async () => {
    expect(await machine({}, { platform: 'darwin', machine: 'x86_64', commands })).toBeUndefined();
    expect(
      await machine({}, { platform: 'darwin', machine: 'arm64', commands: { 'sysctl -n machdep.cpu.brand_string': 'Virtual CPU\n' } }),
    ).toBeUndefined();
    expect(await machine({}, { platform: 'darwin', machine: 'arm64' })).toBeUndefined();
  });
});

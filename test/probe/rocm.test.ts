import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Collected } from '../../src/collect/contribution.js';
import { gfxTarget } from '../../src/probe/rocm/gpus.js';
import { rocm } from '../../src/probe/rocm/index.js';
import { context, hostWith, linesOf, manifestOf } from '../support/hosts.js';
import { listOf } from '../support/things.js';

type Options = NonNullable<Parameters<typeof hostWith>[1]>;
const ADDRESS = '0000:0c:00.0';
const card = (fields: Readonly<Record<string, string>> = {}, address = ADDRESS) =>
  Object.fromEntries(
    Object.entries({ vendor: '0x1002', device: '0x744c', mem_info_vram_total: '25753026560', ...fields }).map(([name, value]) => [
      `/sys/devices/${address}/${name}`,
      `${value}\n`,
    ]),
  );
const link = (minor: number, address = ADDRESS) => ({ [`/sys/class/drm/renderD${minor}/device`]: `../../../devices/${address}` });
const kfd = (minor: number, target: number, simd = 384) => ({
  [`/sys/class/kfd/kfd/topology/nodes/${minor}/properties`]: `cpu_cores_count 0\nsimd_count ${simd}\ngfx_target_version ${target}\ndrm_render_minor ${minor}\nunique_id 123456789\n`,
});
const probe = (files: Readonly<Record<string, string>>, options: Options = {}): Promise<Collected> =>
  rocm.probe(hostWith(files, { env: {}, ...options }), context);
const accelerators = async (found: Collected) => listOf((await manifestOf(found.contributions)).manifest.environments)[0]?.accelerators;
const componentsOf = async (found: Collected) =>
  listOf((await manifestOf(found.contributions)).manifest.components).map(({ type, name, version, filename }) =>
    [type, name, version, filename].filter(Boolean).join(' '),
  );

describe('a GPU', () => {
  it('in the kernel alone has an instruction set and no name', async () => {
    expect(await accelerators(await probe({ ...card(), ...kfd(128, 110000) }, { links: link(128) }))).toEqual([
      { vendor: 'AMD', memoryBytes: 25753026560, computeCapability: 'gfx1100', count: 1 },
    ]);
  });
  it('with a product name has it from there', async () => {
    expect(await accelerators(await probe(card({ product_name: 'AMD Instinct MI250X' }), { links: link(128) }))).toMatchObject([
      { model: 'AMD Instinct MI250X' },
    ]);
  });
  const SMI = 'rocm-smi --showproductname --showbus --json';
  it.each([
    [
      'rocm-smi',
      {
        [SMI]: `WARNING: x\n{"card0": {"Card Series": "AMD Radeon RX 7900 XTX", "PCI Bus": "0000:0C:00.0", "GFX Version": "gfx1100"}, "system": {}}`,
      },
    ],
    ['an older rocm-smi', { [SMI]: '{"card0": {"Card series": "AMD Radeon RX 7900 XTX", "PCI Bus": "0000:0C:00.0"}}' }],
    ['amd-smi', { 'amd-smi static --json': '[{"gpu":0,"asic":{"market_name":"AMD Radeon RX 7900 XTX"},"bus":{"bdf":"0000:0c:00.0"}}]' }],
    [
      'a newer amd-smi',
      { 'amd-smi static --json': '{"gpu_data":[{"gpu":0,"asic":{"market_name":"AMD Radeon RX 7900 XTX"},"bus":{"bdf":"0000:0c:00.0"}}]}' },
    ],
  ])('has its name from %s', async (_name, commands) => {
    expect(await accelerators(await probe(card(), { links: link(128), commands }))).toMatchObject([
      { model: 'AMD Radeon RX 7900 XTX', count: 1 },
    ]);
  });
  it.each([
    ['another place on the bus', '{"card0": {"Card Series": "X", "PCI Bus": "0000:FF:00.0"}}'],
    ['a name that is an id', '{"card0": {"Card Series": "0x744c", "PCI Bus": "0000:0C:00.0"}}'],
    ['N/A', '{"card0": {"Card Series": "N/A", "PCI Bus": "0000:0C:00.0"}}'],
    ['no place', '{"card0": {"Card Series": "X"}}'],
    ['no text', '{"card0": {"Card Series": 5, "PCI Bus": ["0000:0C:00.0"]}}'],
    ['no JSON', '{"card0": '],
    ['another shape', '[[[[]]]]'],
  ])('keeps no name of %s', async (_name, output) => {
    expect(
      (await accelerators(await probe(card(), { links: link(128), commands: { [SMI]: output, 'amd-smi static --json': output } })))?.[0],
    ).not.toHaveProperty('model');
  });
  it('of another maker is not AMD', async () => {
    expect(await accelerators(await probe(card({ vendor: '0x8086' }), { links: link(128) }))).toBeUndefined();
  });
  it('counts once for each device', async () => {
    const other = '0000:0d:00.0';
    const found = await probe(
      { ...card(), ...card({}, other), ...kfd(128, 90402), ...kfd(129, 90402) },
      { links: { ...link(128), ...link(129, other) } },
    );
    expect(await accelerators(found)).toMatchObject([{ computeCapability: 'gfx942', count: 2 }]);
  });
  it('whose instruction set is disputed is a finding', async () => {
    const commands = { 'amd-smi static --json': '[{"asic":{"target_graphics_version":"gfx90a"},"bus":{"bdf":"0000:0c:00.0"}}]' };
    const { findings = [], ...found } = await probe({ ...card(), ...kfd(128, 90402) }, { links: link(128), commands });
    expect(findings).toEqual([expect.objectContaining({ id: 'source-conflict', message: expect.stringMatching(/gfx942.*gfx90a/) })]);
    expect(await accelerators(found)).toMatchObject([{ computeCapability: 'gfx942' }]);
  });
  it('has firmware that is loaded', async () => {
    const found = await probe(
      card({
        vbios_version: '113-X',
        'fw_version/mec_fw_version': '0x0000003B',
        'fw_version/vce_fw_version': '0x00000000',
        'fw_version/evil': '0x1',
        'fw_version/smc_fw_version': 'junk',
      }),
      { links: link(128) },
    );
    expect(await componentsOf(found)).toEqual(['firmware AMD GPU VBIOS 113-X', 'firmware AMD GPU mec firmware 0x0000003b']);
  });
});

describe('an instruction set', () => {
  it.each([
    [90402, 'gfx942'],
    [90010, 'gfx90a'],
    [90500, 'gfx950'],
    [110000, 'gfx1100'],
    [110501, 'gfx1151'],
    [100306, 'gfx1036'],
    [120001, 'gfx1201'],
    [80003, 'gfx803'],
    [0, undefined],
    [9999, undefined],
    [99999, undefined],
    [1_000_000, undefined],
    [undefined, undefined],
  ])('%s is %s', (version, target) => {
    expect(gfxTarget(version)).toBe(target);
  });
});

describe('the driver', () => {
  it('of AMD has a version', async () => {
    expect(await componentsOf(await probe({ '/sys/module/amdgpu/version': '6.7.0\n' }))).toEqual(['device-driver amdgpu 6.7.0']);
  });
  it('of the kernel has none', async () => {
    expect(await componentsOf(await probe({ '/sys/module/amdgpu/srcversion': 'X\n' }))).toEqual(['device-driver amdgpu']);
  });
});

describe('ROCm', () => {
  it('has the version of its file, and of its header', async () => {
    expect(await componentsOf(await probe({ '/opt/rocm/.info/version': '6.1.2-119\n' }))).toEqual(['platform ROCm 6.1.2-119']);
    const header = '#define ROCM_VERSION_MAJOR   6\n#define ROCM_VERSION_MINOR   2\n#define ROCM_VERSION_PATCH   0\n';
    expect(await componentsOf(await probe({ '/opt/rocm/include/rocm-core/rocm_version.h': header }))).toEqual(['platform ROCm 6.2.0']);
    const both = await probe({ '/opt/rocm/.info/version': '6.1.2-119\n', '/opt/rocm/include/rocm-core/rocm_version.h': header });
    expect(both.findings).toEqual([
      expect.objectContaining({ id: 'source-conflict', message: expect.stringMatching(/6\.1\.2-119.*6\.2\.0/) }),
    ]);
  });
  it('several times lists each', async () => {
    const found = await probe(
      { '/opt/rocm-5.7.1/.info/version': '5.7.1-98\n', '/opt/rocm-6.1.2/.info/version': '6.1.2-119\n' },
      { links: { '/opt/rocm': 'rocm-5.7.1' } },
    );
    expect(await componentsOf(found)).toEqual(['platform ROCm 5.7.1-98', 'platform ROCm 6.1.2-119']);
  });
  it('takes no number of an interface for a version', async () => {
    expect(await componentsOf(await probe({ '/opt/rocm/lib/libMIOpen.so.1.0.60102': 'x' }))).toEqual([
      'library MIOpen libMIOpen.so.1.0.60102',
    ]);
  });
  it('on a private path does not tell it', async () => {
    const found = await probe({ '/home/alice/rocm/.info/version': '6.1.2\n' }, { env: { ROCM_PATH: '/home/alice/rocm' } });
    expect(linesOf(found).join()).toContain('$ROCM_PATH/.info/version');
    expect(JSON.stringify(found)).not.toContain('alice');
  });
});

it('never names a unit by default', async () => {
  const secret = { unique_id: '1b2c3d4e5f600001', serial_number: 'PCB111111-0001' };
  const found = await probe({ ...card({ ...secret, product_name: 'X' }), ...kfd(128, 90402) }, { links: link(128) });
  expect(JSON.stringify(found)).not.toMatch(/1b2c3d4e|PCB1111|0000:0c|123456789/);
});

it('survives any output of its programs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.string(), async (value, noise) => {
      const output = `${noise}\n${JSON.stringify(value)}`;
      const found = await probe(card(), {
        links: link(128),
        commands: { 'amd-smi static --json': output, 'rocm-smi --showproductname --showbus --json': output },
      });
      expect(await accelerators(found)).toEqual([{ vendor: 'AMD', memoryBytes: 25753026560, count: 1 }]);
    }),
    { numRuns: 40 },
  );
});

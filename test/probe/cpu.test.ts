import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openHost } from '../../src/platform/host.js';
import { processorsOf } from '../../src/probe/cpu/cpuinfo.js';
import { cpu } from '../../src/probe/cpu/index.js';
import { context, hostWith, linesOf, manifestOf } from '../support/hosts.js';
import { listOf } from '../support/things.js';

const said = async (...args: Parameters<typeof hostWith>) =>
  linesOf(await cpu.probe(hostWith(...args), context)).map((line) => line.replace(/ {2}\[.*$/, ''));
const block = (fields: Readonly<Record<string, string | number>>) =>
  Object.entries(fields)
    .map(([key, value]) => `${key}\t: ${value}\n`)
    .join('');

describe('/proc/cpuinfo', () => {
  it('of x86 counts sockets, cores and processors', () => {
    const text = [0, 1, 2, 3, 4, 5, 6, 7]
      .map((i) =>
        block({
          processor: i,
          vendor_id: 'GenuineIntel',
          'model name': 'Intel(R)   CPU  X',
          'physical id': i >> 2,
          'core id': (i >> 1) & 1,
          flags: 'avx2 amx_tile fpu',
          microcode: '0x2b',
        }),
      )
      .join('\n');
    expect(processorsOf(text)).toEqual({
      model: 'Intel(R) CPU X',
      modelKey: 'model name',
      vendor: 'Intel',
      sockets: 2,
      physicalCores: 4,
      logical: 8,
      features: ['avx2', 'amx_tile'],
      microcodes: ['0x2b'],
      virtual: false,
    });
  });
  it('of Arm has the number of a part', () => {
    const arm = (implementer: string, part: string) =>
      processorsOf(block({ processor: 0, Features: 'asimd sve', 'CPU implementer': implementer, 'CPU part': part }));
    expect(arm('0x41', '0xd4f')).toMatchObject({ model: 'Arm Neoverse V2', vendor: 'Arm', features: ['asimd', 'sve'], physicalCores: 0 });
    expect(arm('0x41', '0xfff')).not.toHaveProperty('model');
    expect(arm('__proto__', 'constructor')).not.toHaveProperty('model');
  });
  it('of POWER has its model as cpu', () => {
    expect(processorsOf('processor\t: 0\ncpu\t\t: POWER9, altivec supported\nclock\t\t: 3800MHz\n\nprocessor\t: 1\n')).toMatchObject({
      model: 'POWER9, altivec supported',
      logical: 2,
    });
  });
  it.each([undefined, '', '\n\n\n', ':\n::\n', 'processor\n', 'model name: \u0001\u0002\n', 'processor: x\nmodel name: 123\n'])(
    '%j has no processors',
    (text) => {
      expect(processorsOf(text)).toMatchObject({ logical: 0, sockets: 0, physicalCores: 0, features: [], microcodes: [] });
      expect(processorsOf(text).model).toBeUndefined();
    },
  );
  it('is bounded', () => {
    const text = `${block({ processor: 0 })}\n`.repeat(400_000);
    expect(processorsOf(text).logical).toBeLessThanOrEqual(8192);
  });
});

describe('cores', () => {
  const CPUINFO = {
    '/proc/cpuinfo': [0, 1, 2, 3]
      .map((i) => block({ processor: i, 'model name': 'CPU X', 'physical id': 0, 'core id': i >> 1 }))
      .join('\n'),
  };
  const siblings = (lists: readonly string[]) =>
    Object.fromEntries(lists.map((list, i) => [`/sys/devices/system/cpu/cpu${i}/topology/thread_siblings_list`, `${list}\n`]));
  const cores = async (files: Readonly<Record<string, string>>) =>
    (await said(files)).find((line) => line.startsWith('/environments/host/cores'));
  it('are those that the kernel says share no threads', async () => {
    expect(await cores({ ...CPUINFO, ...siblings(['0-3', '0-3', '0-3', '0-3']) })).toBe('/environments/host/cores = 1');
    expect(await cores({ ...CPUINFO, ...siblings(['0', '1', '2', '3']) })).toBe('/environments/host/cores = 4');
  });
  it('are those of cpuinfo without it', async () => {
    expect(await cores(CPUINFO)).toBe('/environments/host/cores = 2');
    expect(await cores({ ...CPUINFO, ...siblings(['junk', '\u0000', '', '?']) })).toBe('/environments/host/cores = 2');
  });
  it('are the processors where nothing tells them apart', async () => {
    expect(await cores({ '/proc/cpuinfo': 'processor: 0\n\nprocessor: 1\n' })).toBe('/environments/host/cores = 2');
    expect(await cores({})).toBeUndefined();
  });
});

describe('microcode', () => {
  const files = (flags: string, microcode: string) => ({
    '/proc/cpuinfo': block({ processor: 0, 'model name': 'CPU X', flags, microcode }),
  });
  it('of a real machine is told, of a virtual one it is not', async () => {
    expect((await said(files('avx2', '0x2b000590'))).some((line) => line.includes('microcode'))).toBe(true);
    expect((await said(files('avx2 hypervisor', '0x1'))).some((line) => line.includes('microcode'))).toBe(false);
    for (const none of ['0xffffffff', '0x0', 'junk'])
      expect(
        (await said(files('avx2', none))).some((line) => line.includes('microcode')),
        none,
      ).toBe(false);
  });
  it('may differ between processors', async () => {
    const text = [block({ processor: 0, microcode: '0x1a' }), block({ processor: 1, microcode: '0x1b' })].join('\n');
    expect((await said({ '/proc/cpuinfo': text })).filter((line) => line.includes('microcode'))).toHaveLength(2);
  });
});

describe('memory', () => {
  const memory = async (text: string) => (await said({ '/proc/meminfo': text })).find((line) => line.includes('memoryBytes'));
  it('is in bytes', async () => {
    expect(await memory('MemTotal:       16071076 kB\n')).toBe('/environments/host/memoryBytes = 16456781824');
  });
  it.each(['', 'MemTotal: 0 kB', 'MemTotal: x kB', 'MemTotal: 12 MB', 'MemTotal: 99999999999999999999 kB', 'MemTotal: -5 kB'])(
    '%j is none',
    async (text) => {
      expect(await memory(text)).toBeUndefined();
    },
  );
});

it('asks macOS itself', async () => {
  const commands = {
    'sysctl -n machdep.cpu.brand_string': 'Apple M2 Max\n',
    'sysctl -n hw.physicalcpu': '12\n',
    'sysctl -n hw.memsize': '68719476736\n',
  };
  expect(await said({}, { platform: 'darwin', commands })).toEqual([
    '/environments/host/cpu = "Apple M2 Max"',
    '/environments/host/cores = 12',
    '/environments/host/memoryBytes = 68719476736',
    '/components = {"type":"device","name":"Apple M2 Max"}',
  ]);
  expect(await said({}, { platform: 'darwin' })).toEqual([]);
});

it('says nothing of a machine that does not run', async () => {
  expect(await said({ '/proc/cpuinfo': 'processor: 0\nmodel name: CPU X\n' }, { live: false })).toEqual([]);
});

it.runIf(process.platform === 'linux' && existsSync('/usr/bin/lscpu'))('counts on this machine what lscpu counts', async () => {
  const { contributions } = await cpu.probe(openHost(), context);
  const host = listOf((await manifestOf(contributions)).manifest.environments)[0]?.host;
  const lines = execFileSync('lscpu', ['-p=CORE,SOCKET'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => /^\d/.test(line));
  expect(host?.cores).toBe(new Set(lines).size);
  expect(host?.cpu).toBe(/^Model name:\s+(.+)$/m.exec(execFileSync('lscpu', { encoding: 'utf8' }))?.[1]);
});

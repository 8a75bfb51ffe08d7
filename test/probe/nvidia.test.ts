import { describe, expect, it } from 'vitest';
import type { Collected } from '../../src/collect/contribution.js';
import { MsbomError } from '../../src/core/error.js';
import { nvidia } from '../../src/probe/nvidia/index.js';
import { definesOf, headerVersion } from '../../src/probe/shared-libraries.js';
import { context, hostWith, linesOf, manifestOf } from '../support/hosts.js';
import { listOf } from '../support/things.js';

type Options = NonNullable<Parameters<typeof hostWith>[1]>;
const probe = (files: Readonly<Record<string, string>>, options: Options = {}): Promise<Collected> =>
  nvidia.probe(hostWith(files, { env: {}, ...options }), context);
const said = (found: Collected) => linesOf(found).map((line) => line.replace(/ {2}\[.*$/, ''));
const components = (found: Collected, part: string) =>
  [
    ...new Set(
      said(found)
        .filter((line) => line.startsWith('/components') && line.includes(part))
        .map((line) => line.replace('/components = ', '')),
    ),
  ].map((text) => JSON.parse(text) as { readonly name: string; readonly version?: string; readonly filename?: string });
const accelerators = async (found: Collected) => listOf((await manifestOf(found.contributions)).manifest.environments)[0]?.accelerators;
const conflicts = ({ findings = [] }: Collected) => findings.filter(({ id }) => id === 'source-conflict').map(({ message }) => message);

const BASE = 'name,driver_version,pci.bus_id,vbios_version,memory.total,ecc.mode.current,inforom.img,uuid,serial';
const query = (names: string) => `nvidia-smi --query-gpu=${names} --format=csv,noheader,nounits`;
const FULL = query(`${BASE},compute_cap,mig.mode.current`);
const NVRM = (line: string) => ({ '/proc/driver/nvidia/version': `NVRM version: ${line}\nGCC version:  gcc\n` });

describe('the driver', () => {
  it.each([
    ['NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19 18:56:32 UTC 2023', '535.129.03', 'proprietary'],
    ['NVIDIA UNIX Open Kernel Module for x86_64  610.43.02  Release Build  (dvs-builder@x)  Tue', '610.43.02', 'open'],
    ['NVIDIA UNIX Open Kernel Module for aarch64  580.95  Release Build', '580.95', 'open'],
    ['NVIDIA UNIX Open Kernel Module for x86_64 555.58.02 Release Build', '555.58.02', 'open'],
  ])('%s', async (line, version, flavour) => {
    expect(components(await probe(NVRM(line)), 'device-driver')).toEqual([
      {
        type: 'device-driver',
        name: 'nvidia-driver',
        version,
        description: `NVIDIA GPU driver, ${flavour} kernel modules`,
        producer: { name: 'NVIDIA' },
      },
    ]);
  });
  it.each([
    'NVIDIA UNIX Open Kernel Module for x86_64 malformed',
    'NVIDIA UNIX x86_64 Kernel Module  5',
    'SOMEONE ELSE 535.129.03',
    '',
    'NVIDIA UNIX 1.2.3.4.5',
  ])('%j is none', async (line) => {
    expect(said(await probe(NVRM(line)))).toEqual([]);
  });
  it('that the parts disagree on is a finding with both places', async () => {
    const found = await probe(
      {
        ...NVRM('NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun'),
        '/sys/module/nvidia/version': '535.216.01\n',
        '/usr/lib64/libcuda.so.550.54.15': 'x',
      },
      {
        commands: {
          [FULL]: 'NVIDIA A10, 545.23.08, 00000000:01:00.0, 94.02.5C.00.03, 23028, Enabled, G133.0210.00.04, GPU-1, 12, 8.6, [N/A]\n',
        },
      },
    );
    expect(conflicts(found)).toEqual([
      expect.stringMatching(/\/proc\/driver\/nvidia\/version.*535\.183\.01.*\/sys\/module\/nvidia\/version.*535\.216\.01/),
      expect.stringMatching(/535\.183\.01.*nvidia-smi.*545\.23\.08/),
      expect.stringMatching(/535\.183\.01.*libcuda\.so\.550\.54\.15/),
    ]);
    expect(components(found, 'device-driver').map(({ version }) => version)).toEqual(['535.183.01']);
  });
  it('of a toolkit for older machines is no disagreement', async () => {
    const found = await probe({
      ...NVRM('NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun'),
      '/usr/local/cuda/compat/libcuda.so.550.54.15': 'x',
    });
    expect(conflicts(found)).toEqual([]);
    expect(components(found, 'libcuda')).toEqual([expect.objectContaining({ name: 'libcuda-compat', version: '550.54.15' })]);
  });
  it('is not there on a machine without one', async () => {
    expect(await probe({})).toEqual({ contributions: [], findings: [] });
  });
});

describe('nvidia-smi', () => {
  const row = (name: string, address: string, rest = '96.00.74.00.01, 81559, Enabled, G520.0200.00.05, GPU-1, 165') =>
    `${name}, 550.54.15, ${address}, ${rest}`;
  it('of old is asked again with fewer questions', async () => {
    const found = await probe(
      {},
      {
        commands: {
          [query(BASE)]: `${row('Tesla T4', '00000000:01:00.0', '90.04.38.00.03, 15109, Enabled, G183.0200.00.02, GPU-2, 16')}\n`,
        },
      },
    );
    expect(await accelerators(found)).toEqual([
      {
        vendor: 'NVIDIA',
        model: 'Tesla T4',
        memoryBytes: 15109 * 1024 * 1024,
        driverVersion: '550.54.15',
        firmware: 'VBIOS 90.04.38.00.03',
        count: 1,
      },
    ]);
  });
  it('that fails gives nothing', async () => {
    for (const commands of [
      { 'nvidia-smi -L': 'x' },
      { [FULL]: 'No devices were found\n' },
      { [FULL]: "NVIDIA-SMI has failed because it couldn't communicate\n" },
    ])
      expect(said(await probe({}, { commands }))).toEqual([]);
  });
  it('counts what is alike, and tells apart what is not', async () => {
    const rows = [
      row('NVIDIA H100', '00000000:01:00.0'),
      row('NVIDIA H100', '00000000:02:00.0'),
      row('NVIDIA H100', '00000000:03:00.0', '96.00.99.00.01, 81559, Disabled, G520, GPU-3, 167'),
      row('NVIDIA A100', '00000000:04:00.0', '92.00.45.00.03, 40960, [N/A], N/A, GPU-4, [Not Supported]'),
    ];
    const found = await probe({}, { commands: { [FULL]: rows.map((each) => `${each}, 9.0, Enabled`).join('\n') } });
    expect((await accelerators(found))?.map(({ model, count, firmware }) => [model, count, firmware])).toEqual([
      ['NVIDIA H100', 2, 'VBIOS 96.00.74.00.01'],
      ['NVIDIA H100', 1, 'VBIOS 96.00.99.00.01'],
      ['NVIDIA A100', 1, 'VBIOS 92.00.45.00.03'],
    ]);
    expect(components(found, '"device"')).toEqual([
      expect.objectContaining({ name: 'NVIDIA H100', description: 'ECC disabled and enabled, MIG enabled' }),
      expect.objectContaining({ name: 'NVIDIA A100', description: 'MIG enabled' }),
    ]);
  });
  it('and /proc that disagree are findings', async () => {
    const information = (model: string, vbios: string) => `Model: \t ${model}\nVideo BIOS: \t ${vbios}\nGPU Firmware: \t 550.54.15\n`;
    const files = {
      '/proc/driver/nvidia/gpus/0000:01:00.0/information': information('NVIDIA H100 PCIe', '96.00.74.00.02'),
      '/proc/driver/nvidia/gpus/0000:02:00.0/information': information('NVIDIA H100', '96.00.74.00.01'),
    };
    const found = await probe(files, { commands: { [FULL]: `${row('NVIDIA H100', '00000000:01:00.0')}, 9.0, Disabled\n` } });
    expect(conflicts(found)).toHaveLength(3);
    expect(await accelerators(found)).toMatchObject([{ model: 'NVIDIA H100', firmware: 'VBIOS 96.00.74.00.01, GSP 550.54.15', count: 1 }]);
  });
  it('that hangs is a finding, and /proc still speaks', async () => {
    let times = 0;
    const run = () => {
      times++;
      return Promise.reject(new MsbomError('ERR_IO_READ', 'the program took longer than 20000 ms', { file: 'nvidia-smi' }));
    };
    const found = await probe({ '/proc/driver/nvidia/gpus/0000:01:00.0/information': 'Model: \t NVIDIA L4\n' }, { run });
    expect(found.findings).toEqual([expect.objectContaining({ id: 'io-read', file: 'nvidia-smi' })]);
    expect(times).toBe(1);
    expect(await accelerators(found)).toEqual([{ vendor: 'NVIDIA', model: 'NVIDIA L4', count: 1 }]);
  });
});

describe('a GPU that is not initialised', () => {
  it('has no VBIOS', async () => {
    const files = {
      '/proc/driver/nvidia/gpus/0000:01:00.0/information':
        'Model: \t NVIDIA L4\nGPU UUID: \t GPU-????????-????\nVideo BIOS: \t ??.??.??.??.??\nGPU Firmware: \t N/A\n',
    };
    expect(await accelerators(await probe(files))).toEqual([{ vendor: 'NVIDIA', model: 'NVIDIA L4', count: 1 }]);
  });
  it('without a name is not listed', async () => {
    for (const text of ['', 'Model: \t Unknown\n', 'Model:\n', '\u0000\u0001'])
      expect(await accelerators(await probe({ '/proc/driver/nvidia/gpus/0000:01:00.0/information': text }))).toBeUndefined();
  });
});

describe('a toolkit', () => {
  const cuda = async (files: Readonly<Record<string, string>>, options: Options = {}) => {
    const found = await probe(files, options);
    return { versions: components(found, 'CUDA toolkit').map(({ version }) => version), conflicts: conflicts(found), found };
  };
  const header = (number: string) => `#define CUDA_VERSION ${number}\n`;
  it.each<[string, Record<string, string>, readonly string[]]>([
    [
      'version.json',
      { '/usr/local/cuda/version.json': '{"cuda": {"name": "CUDA SDK", "version": "12.4.1"}, "x": {"version": "9"}}' },
      ['12.4.1'],
    ],
    ['version.txt', { '/usr/local/cuda/version.txt': 'CUDA Version 10.2.89\n' }, ['10.2.89']],
    ['cuda.h', { '/usr/local/cuda/include/cuda.h': header('13000') }, ['13.0']],
    ['cuda.h of 11.8', { '/usr/local/cuda/include/cuda.h': header('11080') }, ['11.8']],
    ['cuda.h of the distribution', { '/usr/include/cuda.h': header('11050') }, ['11.5']],
    ['the runtime', { '/usr/local/cuda/lib64/libcudart.so.12.4.127': 'x' }, ['12.4']],
    [
      'several',
      { '/usr/local/cuda-11.8/include/cuda.h': header('11080'), '/usr/local/cuda-12.4/include/cuda.h': header('12040') },
      ['12.4', '11.8'],
    ],
    ['/opt/cuda', { '/opt/cuda/include/cuda.h': header('12060') }, ['12.6']],
    ['nothing', { '/usr/local/cuda/README': 'x' }, []],
    ['an odd number', { '/usr/local/cuda/include/cuda.h': header('12345') }, []],
    ['an expression', { '/usr/local/cuda/include/cuda.h': header('(12 * 1000)') }, []],
    ['broken JSON', { '/usr/local/cuda/version.json': '{"cuda": {"version": 12}' }, []],
    ['an odd directory', { '/usr/local/cuda-evil/include/cuda.h': header('12040') }, []],
  ])('by %s', async (_name, files, versions) => {
    expect((await cuda(files)).versions).toEqual(versions);
  });
  it('by its compiler, when nothing else tells', async () => {
    const commands = {
      '/usr/local/cuda/bin/nvcc --version': 'nvcc: NVIDIA (R) Cuda compiler driver\nCuda compilation tools, release 12.2, V12.2.140\n',
    };
    expect((await cuda({ '/usr/local/cuda/bin/nvcc': 'x' }, { commands })).versions).toEqual(['12.2']);
    expect(
      (await cuda({ '/usr/local/cuda/bin/nvcc': 'x', '/usr/local/cuda/include/cuda.h': header('12040') }, { commands })).versions,
    ).toEqual(['12.4']);
  });
  it('whose files disagree is a finding', async () => {
    const { versions, conflicts: told } = await cuda({
      '/usr/local/cuda/version.json': '{"cuda":{"version":"12.4.1"}}',
      '/usr/local/cuda/include/cuda.h': header('12060'),
    });
    expect(versions).toEqual(['12.4.1']);
    expect(told).toEqual([expect.stringMatching(/version\.json.*12\.4\.1.*cuda\.h.*12\.6/)]);
  });
  it('that a variable leads to is the default, and its path is not told', async () => {
    const { found, versions } = await cuda(
      {
        '/home/alice/cuda/include/cuda.h': header('12010'),
        '/usr/local/cuda/include/cuda.h': header('12040'),
        '/proc/driver/nvidia/gpus/0000:01:00.0/information': 'Model: \t NVIDIA L4\n',
      },
      { env: { CUDA_HOME: '/home/alice/cuda' } },
    );
    expect(versions).toEqual(['12.1', '12.4']);
    expect(await accelerators(found)).toMatchObject([{ toolkit: { name: 'CUDA', version: '12.1' } }]);
    expect(JSON.stringify(found)).not.toContain('alice');
  });
  it('that has two names is one', async () => {
    expect(
      (await cuda({ '/usr/local/cuda-12.4/include/cuda.h': header('12040') }, { links: { '/usr/local/cuda': 'cuda-12.4' } })).versions,
    ).toEqual(['12.4']);
  });
  it('in a mounted image is read too', async () => {
    expect((await cuda({ '/usr/local/cuda/include/cuda.h': header('12040') }, { live: false })).versions).toEqual(['12.4']);
  });
});

describe('libraries', () => {
  const LIB = '/usr/lib/x86_64-linux-gnu';
  it('have the version of their file, once for all links', async () => {
    const found = await probe(
      { [`${LIB}/libnccl.so.2.21.5`]: 'x' },
      { links: { [`${LIB}/libnccl.so.2`]: 'libnccl.so.2.21.5', [`${LIB}/libnccl.so`]: 'libnccl.so.2', '/usr/lib64': LIB } },
    );
    expect(components(found, 'NCCL')).toEqual([
      { type: 'library', name: 'NCCL', version: '2.21.5', filename: 'libnccl.so.2.21.5', producer: { name: 'NVIDIA' } },
    ]);
  });
  it('side by side are two', async () => {
    const found = await probe({ [`${LIB}/libcudnn.so.8.9.7`]: 'x', [`${LIB}/libcudnn.so.9.1.0`]: 'x' });
    expect(components(found, 'cuDNN').map(({ version }) => version)).toEqual(['8.9.7', '9.1.0']);
    expect(listOf((await manifestOf(found.contributions)).manifest.components)).toHaveLength(2);
  });
  it('of an interface number alone have no version', async () => {
    expect(components(await probe({ [`${LIB}/libcudnn.so.9`]: 'x' }), 'cuDNN')).toEqual([
      { type: 'library', name: 'cuDNN', filename: 'libcudnn.so.9', producer: { name: 'NVIDIA' } },
    ]);
  });
  it('and headers that disagree are both listed, with a finding', async () => {
    const found = await probe({
      [`${LIB}/libcudnn.so.9.1.0`]: 'x',
      '/usr/include/cudnn_version.h': '#define CUDNN_MAJOR 8\n#define CUDNN_MINOR 9\n#define CUDNN_PATCHLEVEL 7\n',
    });
    expect(components(found, 'cuDNN').map(({ version }) => version)).toEqual(['9.1.0', '8.9.7']);
    expect(conflicts(found)).toEqual([expect.stringMatching(/libcudnn\.so\.9\.1\.0.*9\.1\.0.*cudnn_version\.h.*8\.9\.7/)]);
  });
  it('by other names are none', async () => {
    const files = Object.fromEntries(
      ['libnccl.so.x', 'libnccl.so.2.21.5.bak', 'libnccl-extra.so.1.2.3', 'nccl.so.1.2.3', 'libnccl.so.99999999999999.1.2'].map((name) => [
        `${LIB}/${name}`,
        'x',
      ]),
    );
    expect(components(await probe(files), 'NCCL')).toEqual([]);
  });
});

describe('defines of a header', () => {
  it('are integers, or names of integers', () => {
    const text =
      '#define A 1 //!< one\n # define B (2)\n#define C A\n#define D C\n#define E "5"\n#define F 6 /* six */\n#define A 9\n#define G(x) 7\n#define H 0x10\n';
    expect(Object.fromEntries(definesOf(text))).toEqual({ A: 1, B: 2, C: 1, F: 6 });
  });
  it('make a version when the first two are there', () => {
    expect(headerVersion('#define A 1\n#define B 2\n#define C 3', ['A', 'B', 'C'])).toBe('1.2.3');
    expect(headerVersion('#define A 1\n#define B 2', ['A', 'B', 'C'])).toBe('1.2');
    expect(headerVersion('#define A 1\n#define C 3', ['A', 'B', 'C'])).toBeUndefined();
    expect(headerVersion(undefined, ['A', 'B'])).toBeUndefined();
  });
});

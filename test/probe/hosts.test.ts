import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MsbomError } from '../../src/core/error.js';
import type { Host } from '../../src/core/host.js';
import { evidenceFor } from '../../src/manifest/evidence.js';
import { PROBE_GROUPS, PROBES, probeHost } from '../../src/probe/index.js';
import { environmentValue } from '../../src/probe/say.js';
import { context, HOSTS, type HostName, hostOf, hostWith, linesOf, manifestOf, readMachine } from '../support/hosts.js';
import { listOf, sourcesOf } from '../support/things.js';

const GROUPS = ['os', 'hardware', 'packages', 'git'];
const golden = (name: HostName) => fileURLToPath(new URL(`../fixtures/hosts/${name}/contributions.txt`, import.meta.url));

/** What names one unit, one host, one person or one build machine in the fixtures. */
const PRIVATE: Readonly<Record<HostName, RegExp>> = {
  h100: /gpu-node-17|SERIAL-|4c4c4544|GPU-0f1e|165000000000|0000:0[7a]:00|build-host|maintainers@/i,
  'consumer-nvidia': /9f86d081|SERIAL-|4c4c4544|GPU-aaaa|GPU-bbbb|0000:0[12]:00|alice|not-to-be-told|maintainers@/i,
  rocm: /mi300-node|SERIAL-|4c4c4544|1b2c3d4e|PCB1111|0000:(05|26):00|festive|e3b0c442/i,
  'cpu-only': /train-7d9f|SERIAL-|4c4c4544|1c0ffee0|9f86d081|10\.0\.0\.1|maintainer@/i,
};

describe.each(HOSTS)('the machine %s', (name) => {
  it('gives what is on record', async () => {
    const found = await probeHost(hostOf(readMachine(name)), GROUPS, context);
    await expect(`${linesOf(found).join('\n')}\n`).toMatchFileSnapshot(golden(name));
  });
  it('makes a valid manifest, with evidence for every value and nothing that names a unit, a host or a person', async () => {
    const { contributions } = await probeHost(hostOf(readMachine(name)), GROUPS, context);
    const { manifest, problems, findings } = await manifestOf(contributions);
    expect(problems).toEqual([]);
    expect(findings).toEqual([]);
    expect(JSON.stringify(manifest)).not.toMatch(PRIVATE[name]);
    expect(listOf(manifest.environments)).toHaveLength(1);
    for (const member of ['os/name', 'os/kernel', 'os/architecture', 'host/cpu', 'host/cores', 'host/memoryBytes'])
      expect(sourcesOf(manifest, `/environments/host/${member}`)[0], member).toMatchObject({
        origin: 'observed',
        method: expect.stringMatching(/probe$/),
      });
    for (const { id, ...component } of listOf(manifest.components)) {
      expect(component).toMatchObject({ status: 'installed', environment: 'host', scope: ['training'] });
      expect(evidenceFor(manifest, `/components/${id}`).supports[0]?.pointer).toBe(`/components/${id}`);
    }
  });
  it('as a mounted image has no kernel, no hardware, no running container', async () => {
    const host = hostOf(readMachine(name), { live: false, env: {}, run: () => Promise.resolve(undefined) });
    const { contributions } = await probeHost(host, GROUPS, context);
    const { manifest, problems } = await manifestOf(contributions);
    expect(problems).toEqual([]);
    expect(listOf(manifest.environments)[0]?.os?.name).toBeDefined();
    expect(listOf(manifest.environments)[0]?.os?.kernel).toBeUndefined();
    expect(listOf(manifest.environments)[0]?.host).toBeUndefined();
    expect(listOf(manifest.environments)[0]?.accelerators).toBeUndefined();
    expect(listOf(manifest.environments)[0]?.runtime).toBeUndefined();
  });
  it('is the same in any order and on any run', async () => {
    const [one, two] = await Promise.all([0, 1].map(() => probeHost(hostOf(readMachine(name)), GROUPS, context)));
    expect(linesOf(one ?? { contributions: [] })).toEqual(linesOf(two ?? { contributions: [] }));
  });
  it('full of junk gives no value at all, or the value that is there', async () => {
    const machine = readMachine(name);
    const honest = new Set(linesOf(await probeHost(hostOf(machine), GROUPS, context)).map(saidOf));
    const paths = [...machine.files.keys()];
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        fc.shuffledSubarray(paths, { minLength: paths.length }),
        fc.nat(paths.length),
        async (bytes, order, count) => {
          // Bytes that are no text, so that what is read from them would be made up.
          const junk = Uint8Array.from([0xff, ...bytes, 0x00]);
          const files = new Map(machine.files);
          for (const path of order.slice(0, count)) files.set(path, junk);
          const commands = new Map([...machine.commands].map(([command]) => [command, new TextDecoder().decode(junk)]));
          const found = await probeHost(hostOf({ ...machine, files, commands }), GROUPS, context);
          expect((await manifestOf(found.contributions)).problems).toEqual([]);
          for (const line of linesOf(found)) if (isPlain(line)) expect(honest, line).toContain(saidOf(line));
        },
      ),
      { numRuns: 15 },
    );
  });
});

/** What is said, without where it was read. */
const saidOf = (line: string): string => line.replace(/ {2}\[.*$/, '');
/** Values of one file, which cannot become another value because a second file is broken. */
const isPlain = (line: string): boolean => /^\/environments\/(os|runtime|variables|host\/(cpu|memoryBytes))/.test(line);

describe('all files junk', () => {
  it.each(HOSTS)('on %s says only what names of files say', async (name) => {
    const machine = readMachine(name);
    const junk = Uint8Array.from({ length: 300 }, (_, i) => (i * 37 + 129) % 256);
    const files = new Map([...machine.files.keys()].map((path) => [path, junk]));
    const found = await probeHost(hostOf({ ...machine, files, commands: new Map() }, { env: {} }), GROUPS, context);
    const said = linesOf(found).filter((line) => !line.startsWith('finding '));
    // The shape of directories, and versions in the names of files.
    for (const line of said)
      expect(line).toMatch(
        /"filename":|NUMA|\/os\/architecture|\/environments = |isolation|"name":"(amdgpu|NVIDIA GSP firmware|CUDA toolkit)"/,
      );
    expect(JSON.stringify(said)).not.toMatch(/\\u00|\ufffd/);
  });
});

describe('private values on request', () => {
  it('name the units', async () => {
    const lines = async (name: HostName) =>
      linesOf(await probeHost(hostOf(readMachine(name)), ['hardware'], { ...context, includePrivate: true })).join('\n');
    for (const value of ['GPU-0f1e2d3c-1111-2222-3333-444455556666', '1650000000002', '0000:0a:00.0'])
      expect(await lines('h100')).toContain(value);
    for (const value of ['1b2c3d4e5f600001', 'PCB111111-0002', '0000:26:00.0']) expect(await lines('rocm')).toContain(value);
    const found = await probeHost(hostOf(readMachine('h100')), ['hardware'], { ...context, includePrivate: true });
    expect((await manifestOf(found.contributions)).problems).toEqual([]);
  });
  it('are not read from the files of serial numbers of the machine at all', async () => {
    const found = await probeHost(hostOf(readMachine('h100')), GROUPS, { ...context, includePrivate: true });
    expect(JSON.stringify(found)).not.toMatch(/SERIAL-|4c4c4544|gpu-node/);
  });
});

describe('probes', () => {
  it('of the machine are folders of their names, have a page and a test', () => {
    for (const { id } of PROBES.filter(({ group }) => GROUPS.includes(group))) {
      for (const path of [`src/probe/${id}/index.ts`, `docs/collectors/${id}.md`, `test/probe/${id}.test.ts`])
        expect(existsSync(new URL(`../../${path}`, import.meta.url)), path).toBe(true);
    }
  });
  it('are sorted, each of a known group, and run by group or by id', async () => {
    const ids = PROBES.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
    for (const { group } of PROBES) expect(PROBE_GROUPS).toContain(group);
    const host = hostOf(readMachine('h100'));
    const byId = await probeHost(host, ['cpu'], context);
    expect(byId.contributions.every(({ kind }) => kind === 'addition')).toBe(true);
    expect(linesOf(byId).some((line) => line.includes('/host/cpu'))).toBe(true);
    expect(linesOf(byId).some((line) => line.includes('/os/name'))).toBe(false);
    expect(linesOf(await probeHost(host, ['hardware'], context, ['cpu'])).some((line) => line.includes('/host/cpu'))).toBe(false);
    expect(await probeHost(host, [], context)).toEqual({ contributions: [], findings: [] });
  });
  it('go on when one file may not be read, and say so', async () => {
    const host = hostOf(readMachine('h100'));
    const denied: Host = {
      ...host,
      readText: (path, max) =>
        path === '/proc/meminfo'
          ? Promise.reject(new MsbomError('ERR_IO_PERMISSION', 'permission denied', { file: path }))
          : host.readText(path, max),
    };
    const { contributions, findings } = await probeHost(denied, ['hardware'], context);
    expect(findings).toContainEqual(expect.objectContaining({ id: 'io-permission', severity: 'low', file: '/proc/meminfo' }));
    const { manifest } = await manifestOf(contributions);
    expect(listOf(manifest.environments)[0]?.host?.cpu).toBe('Intel(R) Xeon(R) Platinum 8480C');
    expect(listOf(manifest.environments)[0]?.host?.memoryBytes).toBeUndefined();
  });
});

describe('a machine with accelerators of several makers', () => {
  it('has all of them in one list, each with its evidence', async () => {
    const host = hostWith(
      {
        '/proc/driver/nvidia/gpus/0000:01:00.0/information': 'Model: \t NVIDIA L4\n',
        '/sys/devices/0000:02:00.0/vendor': '0x1002\n',
        '/sys/bus/pci/devices/0000:03:00.0/vendor': '0x1ae0\n',
        '/sys/bus/pci/devices/0000:03:00.0/device': '0x0063\n',
      },
      { env: {}, links: { '/sys/class/drm/renderD128/device': '../../../devices/0000:02:00.0' } },
    );
    const { contributions } = await probeHost(host, ['hardware'], context);
    const { manifest, problems, findings } = await manifestOf(contributions);
    expect([...problems, ...findings]).toEqual([]);
    expect(listOf(manifest.environments)[0]?.accelerators).toEqual([
      { vendor: 'Google', model: 'TPU v5e', count: 1 },
      { vendor: 'NVIDIA', model: 'NVIDIA L4', count: 1 },
      { vendor: 'AMD', count: 1 },
    ]);
    expect(sourcesOf(manifest, '/environments/host/accelerators').map(({ method }) => method)).toEqual([
      'accelerators probe',
      'nvidia probe',
      'rocm probe',
    ]);
  });
  it('and sources that disagree on one value gives a finding with both', async () => {
    const found = await probeHost(hostOf(readMachine('h100')), ['os'], context);
    const other = environmentValue(context, '/os/kernel', '5.10.0', { origin: 'declared', path: 'wandb-metadata.json', method: 'tracker' });
    const { manifest, findings } = await manifestOf([...found.contributions, ...other]);
    expect(listOf(manifest.environments)[0]?.os?.kernel).toBe('5.15.0-1042-nvidia');
    expect(findings).toEqual([
      expect.objectContaining({
        id: 'source-conflict',
        pointer: '/environments/host/os/kernel',
        message: expect.stringMatching(/osrelease.*5\.15.*wandb-metadata\.json.*5\.10\.0/),
      }),
    ]);
    const { dissents } = evidenceFor(manifest, '/environments/host/os/kernel');
    expect(sourcesOf(manifest, '/environments/host/os/kernel')).toMatchObject([{ method: 'os probe' }]);
    expect(dissents).toMatchObject([{ entry: { method: 'tracker' }, said: '5.10.0' }]);
  });
});

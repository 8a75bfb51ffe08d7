import { describe, expect, it } from 'vitest';
import type { HostOptions } from '../../src/platform/host.js';
import { container } from '../../src/probe/container/index.js';
import { context, hostWith, linesOf } from '../support/hosts.js';

async function said(files: Readonly<Record<string, string>>, options: HostOptions = {}, given = context) {
  const found = await container.probe(hostWith(files, { env: {}, ...options }), given);
  return linesOf({ contributions: found.contributions }).map((line) => line.replace(/ {2}\[.*$/, '').replace('/environments', ''));
}
const isolation = (engine?: string) => [`/security/isolation = "container${engine === undefined ? '' : ` (${engine})`}"`];
const ROOT = '812 700 0:71 / / rw - overlay overlay rw,';

describe('a sign of a container', () => {
  it.each<[string, Record<string, string>, HostOptions['env'], readonly string[]]>([
    ['/.dockerenv', { '/.dockerenv': '' }, {}, isolation('Docker')],
    ['an empty /run/.containerenv', { '/run/.containerenv': '' }, {}, isolation('Podman')],
    ['buildah', { '/run/.containerenv': 'engine="buildah-1.35"\n' }, {}, isolation('Buildah')],
    [
      'the variable container',
      {},
      { container: 'systemd-nspawn' },
      ['/security/isolation = "container (systemd-nspawn)"', '/variables/container = "systemd-nspawn"'],
    ],
    ['Kubernetes before Docker', { '/.dockerenv': '' }, { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, isolation('Kubernetes')],
    ['a service account', { '/var/run/secrets/kubernetes.io/serviceaccount/token': 'x' }, {}, isolation('Kubernetes')],
    ['cgroup v1 of Docker', { '/proc/1/cgroup': `12:cpu:/docker/${'a'.repeat(64)}\n` }, {}, isolation('Docker')],
    ['cgroup of a pod', { '/proc/1/cgroup': '0::/kubepods/besteffort/pod1/x\n' }, {}, isolation('Kubernetes')],
    ['cgroup of LXC', { '/proc/1/cgroup': '0::/lxc.payload.c1\n' }, {}, isolation('LXC')],
    ['the root of Docker', { '/proc/self/mountinfo': `${ROOT}lowerdir=/var/lib/docker/overlay2/l/X\n` }, {}, isolation('Docker')],
    [
      'the root of Podman',
      { '/proc/self/mountinfo': `${ROOT}lowerdir=/var/lib/containers/storage/overlay/l/X\n` },
      {},
      isolation('Podman'),
    ],
    [
      'a host that runs Docker',
      {
        '/proc/self/mountinfo':
          '1 2 0:1 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/X\n',
      },
      {},
      [],
    ],
    [
      'a host of systemd',
      { '/proc/1/cgroup': '0::/init.scope\n', '/proc/self/mountinfo': '29 1 259:2 / / rw - ext4 /dev/sda rw\n' },
      {},
      [],
    ],
    ['an unknown variable container', {}, { container: '__proto__' }, ['/variables/container = "__proto__"']],
  ])('%s', async (_name, files, env, expected) => {
    expect(await said(files, { env: env ?? {} })).toEqual(expected);
  });
  it('alone names no image, and says so', async () => {
    const { findings } = await container.probe(hostWith({ '/.dockerenv': '' }, { env: {} }), context);
    expect(findings).toEqual([expect.objectContaining({ id: 'container-image-unknown', severity: 'info' })]);
    expect((await container.probe(hostWith({}, { env: {} }), context)).findings).toEqual([]);
  });
  it('in a mounted image is left over', async () => {
    expect(await said({ '/.dockerenv': '', '/run/.containerenv': 'image="a/b"\n' }, { live: false })).toEqual([]);
  });
});

describe('an image', () => {
  const env = (image: string, id = 'f'.repeat(64)) => ({
    '/run/.containerenv': `engine="podman-4.9"\nname="x"\nid="y"\nimage="${image}"\nimageid="${id}"\n`,
  });
  it('by tag has no digest; its id is not one', async () => {
    const lines = await said(env('docker.io/library/alpine:3.20'));
    expect(lines).toContain('/runtime/container/image = "docker.io/library/alpine:3.20"');
    expect(lines.some((line) => line.includes('/digest'))).toBe(false);
    expect(lines.at(-1)).toBe(
      `/components = {"type":"container","name":"docker.io/library/alpine:3.20","identifiers":[{"type":"other","scheme":"image id","value":"sha256:${'f'.repeat(64)}"}]}`,
    );
  });
  it('by digest has it', async () => {
    const digest = 'a'.repeat(64);
    expect(await said(env(`docker.io/library/alpine@sha256:${digest}`))).toContain(`/runtime/container/digest = {"sha256":"${digest}"}`);
  });
  it.each(['', '../x', 'a b', '<script>', 'x'.repeat(300)])('of the name %j is none', async (name) => {
    expect((await said(env(name))).some((line) => line.includes('image'))).toBe(false);
  });
});

describe('variables', () => {
  it('that images set are told, others never', async () => {
    const env = { NVIDIA_PYTORCH_VERSION: '24.05', CUDA_VERSION: '12.4.1.003', HF_TOKEN: 'secret', HOSTNAME: 'node', USER: 'alice' };
    expect(await said({}, { env })).toEqual(['/variables/CUDA_VERSION = "12.4.1.003"', '/variables/NVIDIA_PYTORCH_VERSION = "24.05"']);
  });
  it('that name a unit are told on request', async () => {
    const env = { NVIDIA_VISIBLE_DEVICES: 'GPU-0f1e2d3c-1111' };
    expect(await said({}, { env })).toEqual([]);
    expect(await said({}, { env }, { ...context, includePrivate: true })).toEqual([
      '/variables/NVIDIA_VISIBLE_DEVICES = "GPU-0f1e2d3c-1111"',
    ]);
    expect(await said({}, { env: { NVIDIA_VISIBLE_DEVICES: 'all' } })).toEqual(['/variables/NVIDIA_VISIBLE_DEVICES = "all"']);
  });
});

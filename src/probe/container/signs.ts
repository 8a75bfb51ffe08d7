/** Signs of a container. Ids of containers and host names are never taken: they name a machine, not what runs on it. */
import { asValue, fieldsOf, linesOf, type Sight } from '../sight.js';

/** That there is a container, and whose. */
export interface Presence {
  readonly path: string;
  readonly key?: string;
  /** Engine or orchestrator, where the sign names one. */
  readonly engine?: string;
}

export interface Image {
  readonly path: string;
  readonly name: string;
  /** SHA-256 of the image's manifest, when its name holds it. */
  readonly digest?: string | undefined;
  /** Digest of the image's configuration. */
  readonly id?: string | undefined;
}

const CONTAINERENV = '/run/.containerenv';

/** The image as Podman and Buildah write it (https://docs.podman.io/en/latest/markdown/podman-run.1.html). */
export async function imageOf(sight: Sight): Promise<Image | undefined> {
  const fields = await containerenv(sight);
  const name = fields?.get('image');
  if (name === undefined || !/^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}$/.test(name)) return undefined;
  const id = /^(?:sha256:)?([0-9a-f]{64})$/.exec(fields?.get('imageid') ?? '')?.[1];
  return {
    path: CONTAINERENV,
    name,
    digest: /@sha256:([0-9a-f]{64})$/.exec(name)?.[1],
    id: id === undefined ? undefined : `sha256:${id}`,
  };
}

async function containerenv({ text }: Sight): Promise<ReadonlyMap<string, string> | undefined> {
  const content = await text(CONTAINERENV, 64 * 1024);
  if (content === undefined) return undefined;
  return new Map(
    [...fieldsOf(linesOf(content, 100), '=')].flatMap(([key, value]) => {
      const plain = asValue(value.replace(/^"(.*)"$/, '$1'));
      return plain === undefined ? [] : [[key, plain] as const];
    }),
  );
}

/** Words in cgroup paths and mount sources, and who puts them there; the more telling first. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\/kubepods(?:[/.-]|$)|\/kubelet\/pods\//, 'Kubernetes'],
  [/\/libpod-[0-9a-f]{8}|\/containers\/storage\/overlay/, 'Podman'],
  [/\/docker\/[0-9a-f]{12}|\/docker-[0-9a-f]{12}|\/docker\/containers\/|\/docker\/overlay2\//, 'Docker'],
  [/\/lxc(?:\.payload)?[/.]/, 'LXC'],
  [/io\.containerd\.|\/containerd\//, 'containerd'],
];

/** Values of the variable `container` (https://systemd.io/CONTAINER_INTERFACE/). */
const ENGINES: Readonly<Record<string, string>> = {
  docker: 'Docker',
  lxc: 'LXC',
  'lxc-libvirt': 'LXC',
  oci: 'OCI runtime',
  podman: 'Podman',
  'systemd-nspawn': 'systemd-nspawn',
  wsl: 'WSL',
};

/** The most telling sign, in a fixed order. */
export async function presenceOf(sight: Sight): Promise<Presence | undefined> {
  const { host } = sight;
  if (host.env.KUBERNETES_SERVICE_HOST !== undefined)
    return { path: 'environment variable', key: 'KUBERNETES_SERVICE_HOST', engine: 'Kubernetes' };
  const account = '/var/run/secrets/kubernetes.io/serviceaccount';
  if ((await sight.kind(account)) === 'directory') return { path: account, engine: 'Kubernetes' };
  const engine = /^(podman|buildah)/.exec((await containerenv(sight))?.get('engine') ?? '')?.[1];
  if ((await sight.kind(CONTAINERENV)) === 'file') return { path: CONTAINERENV, engine: engine === 'buildah' ? 'Buildah' : 'Podman' };
  if ((await sight.kind('/.dockerenv')) === 'file') return { path: '/.dockerenv', engine: 'Docker' };
  const named = Object.hasOwn(ENGINES, host.env.container ?? '') ? ENGINES[host.env.container ?? ''] : undefined;
  if (named !== undefined) return { path: 'environment variable', key: 'container', engine: named };
  return inProc(sight);
}

/** What the kernel says of the first process and of the root file system. */
async function inProc(sight: Sight): Promise<Presence | undefined> {
  const cgroups = linesOf(await sight.text('/proc/1/cgroup'), 1000);
  // The mount at / alone: a host that runs containers has their mounts too, elsewhere.
  const mounts = linesOf(await sight.text('/proc/self/mountinfo', 4 * 1024 * 1024), 20_000).filter((line) => line.split(' ')[4] === '/');
  for (const [path, lines] of [
    ['/proc/1/cgroup', cgroups],
    ['/proc/self/mountinfo', mounts],
  ] as const) {
    const engine = WORDS.find(([pattern]) => lines.some((line) => pattern.test(line)))?.[1];
    if (engine !== undefined) return { path, engine };
  }
  return undefined;
}

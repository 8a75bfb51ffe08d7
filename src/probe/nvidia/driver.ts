/** The kernel driver of NVIDIA GPUs, the user's half of it (libcuda), and the firmware that the driver loads. */
import type { Contribution } from '../../collect/contribution.js';
import type { Finding } from '../../core/finding.js';
import type { ProbeContext } from '../probe.js';
import { disagreement, installed, observedBy } from '../say.js';
import { type hasVersion, type LibraryDirectory, librariesIn, systemLibraryDirectories } from '../shared-libraries.js';
import { linesOf, type Sight } from '../sight.js';

export const from = observedBy('nvidia');
export const NVIDIA = { name: 'NVIDIA' };

/** One place that names the version of the driver. */
export interface DriverSource {
  readonly place: string;
  readonly key?: string;
  readonly version: string;
}

const VERSION = /^\d{2,4}\.\d{1,4}(\.\d{1,4})?$/;
const PROC = '/proc/driver/nvidia/version';
const SYS = '/sys/module/nvidia/version';

/** The version as a driver has it: 550.54.15, 580.95. */
export const driverVersion = (text: string | undefined): string | undefined =>
  text !== undefined && VERSION.test(text.trim()) ? text.trim() : undefined;

export interface KernelDriver {
  readonly sources: readonly DriverSource[];
  readonly flavour?: 'open' | 'proprietary';
}

/** What the loaded module says of itself. */
export async function kernelDriver(sight: Sight): Promise<KernelDriver> {
  if (!sight.host.live) return { sources: [] };
  const line = linesOf(await sight.text(PROC, 64 * 1024), 20).find((each) => each.startsWith('NVRM version:'));
  const [, words = '', version] = /^NVRM version:\s+(NVIDIA UNIX [\w ]{1,60}?)\s{1,9}(\d[\d.]{2,20})(?:\s|$)/.exec(line ?? '') ?? [];
  const proc = driverVersion(version);
  const sys = driverVersion(await sight.value(SYS));
  return {
    sources: [
      ...(proc === undefined ? [] : [{ place: PROC, key: 'NVRM version', version: proc }]),
      ...(sys === undefined ? [] : [{ place: SYS, version: sys }]),
    ],
    ...(proc === undefined ? {} : { flavour: /\bOpen Kernel Module\b/.test(words) ? 'open' : 'proprietary' }),
  };
}

const WSL: LibraryDirectory = { path: '/usr/lib/wsl/lib', shown: '/usr/lib/wsl/lib' };
const COMPAT = ['/usr/local/cuda/compat', '/usr/local/cuda/compat/lib'].map((path) => ({ path, shown: path }));
const LIBCUDA = [{ name: 'libcuda', stem: 'libcuda' }];

/** The driver with every place that agrees on it, and findings for those that do not. */
export async function driverParts(
  sight: Sight,
  context: ProbeContext,
  { sources, flavour }: KernelDriver,
): Promise<{ contributions: readonly Contribution[]; findings: readonly Finding[] }> {
  const [first] = sources;
  const agreeing = sources.filter(({ version }) => version === first?.version);
  const component = {
    type: 'device-driver',
    name: 'nvidia-driver',
    version: first?.version,
    description: flavour === undefined ? undefined : `NVIDIA GPU driver, ${flavour} kernel modules`,
    producer: NVIDIA,
  };
  const user = await userDriver(sight, context);
  const conflicts = [...sources, ...user.sources].filter(({ version }) => first !== undefined && version !== first.version);
  return {
    contributions: [
      ...agreeing.map(({ place, key }) => installed(context, component, from(place, key))),
      ...user.contributions,
      ...(await diskFirmware(sight, context)),
    ],
    findings: conflicts.map((other) =>
      disagreement('NVIDIA driver', [first?.place ?? '', first?.version ?? ''], [other.place, other.version], 'the first was kept'),
    ),
  };
}

/** libcuda must be of the driver's own version; the forward-compatible one of a toolkit need not. */
async function userDriver(
  sight: Sight,
  context: ProbeContext,
): Promise<{ sources: readonly DriverSource[]; contributions: readonly Contribution[] }> {
  const own = (await librariesIn(sight, [...systemLibraryDirectories, WSL], LIBCUDA)).filter(hasVersionOfDriver);
  const compat = (await librariesIn(sight, COMPAT, LIBCUDA)).filter(hasVersionOfDriver);
  const part = (name: string) => (library: (typeof own)[number]) =>
    installed(context, { type: 'library', name, version: library.numbers, filename: library.file, producer: NVIDIA }, from(library.shown));
  return {
    sources: own.map(({ shown, numbers }) => ({ place: shown, version: numbers })),
    contributions: [...own.map(part('libcuda')), ...compat.map(part('libcuda-compat'))],
  };
}

const hasVersionOfDriver = (library: Parameters<typeof hasVersion>[0]): boolean => VERSION.test(library.numbers);

const FIRMWARE = '/lib/firmware/nvidia';

/** GSP firmware on disk, a directory for each version of the driver; those of the nouveau driver have names of chips. */
async function diskFirmware(sight: Sight, context: ProbeContext): Promise<readonly Contribution[]> {
  const versions = (await sight.list(FIRMWARE)).filter((name) => VERSION.test(name)).slice(0, 32);
  const parts: Contribution[] = [];
  for (const version of versions) {
    const files = (await sight.list(`${FIRMWARE}/${version}`)).filter((name) => /^gsp\w*\.bin$/.test(name));
    parts.push(...files.map((file) => gspFirmware(context, version, `${FIRMWARE}/${version}/${file}`)));
  }
  return parts;
}

/** Firmware of the GPU System Processor. */
export function gspFirmware(context: ProbeContext, version: string, place: string, key?: string): Contribution {
  return installed(context, { type: 'firmware', name: 'NVIDIA GSP firmware', version, producer: NVIDIA }, from(place, key));
}

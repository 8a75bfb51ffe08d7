/** The operating system: its name and version, the kernel, the instruction set, the C library. */
import type { Contribution } from '../../collect/contribution.js';
import type { Finding } from '../../core/finding.js';
import { readOsRelease } from '../os-release.js';
import type { Probe, ProbeContext } from '../probe.js';
import { environmentValue, installed, observedBy } from '../say.js';
import { asValue, asVersion, type Sight, sightOf } from '../sight.js';
import { cpeOf } from './cpe.js';
import { cLibraries } from './libc.js';

const from = observedBy('os');

export const os: Probe = {
  id: 'os',
  group: 'os',
  reads: '`/etc/os-release`, `/proc/sys/kernel`, the C library; `SystemVersion.plist` on macOS',
  async probe(host, context) {
    const sight = sightOf(host);
    const contributions: Contribution[] = [
      ...(await system(sight, context)),
      ...(await kernel(sight, context)),
      ...environmentValue(context, '/os/architecture', asValue(host.machine), from('uname', 'machine')),
      ...(await cLibraries(sight)).map(({ name, version, path }) => installed(context, { type: 'library', name, version }, from(path))),
    ];
    return { contributions, findings: sight.findings satisfies Finding[] };
  },
};

function system(sight: Sight, context: ProbeContext): Promise<readonly Contribution[]> {
  if (sight.host.platform === 'darwin') return macos(sight, context);
  if (sight.host.platform === 'win32') return Promise.resolve(windows(sight, context));
  return linux(sight, context);
}

async function linux(sight: Sight, context: ProbeContext): Promise<readonly Contribution[]> {
  const release = await readOsRelease(sight);
  if (release === undefined) return [];
  const { path, fields } = release;
  const id = fields.get('ID');
  const version = fields.get('VERSION_ID');
  const cpe = cpeOf(fields.get('CPE_NAME'));
  const homepage = fields.get('HOME_URL');
  const supportEnd = fields.get('SUPPORT_END');
  const component = {
    type: 'operating-system',
    name: id ?? fields.get('NAME') ?? '',
    version,
    description: fields.get('PRETTY_NAME'),
    identifiers: cpe === undefined ? undefined : [{ type: 'cpe', value: cpe }],
    uris: homepage !== undefined && /^https?:\/\/[^\s]+$/.test(homepage) ? { homepage } : undefined,
    supportEnd: supportEnd !== undefined && isDate(supportEnd) ? supportEnd : undefined,
  };
  return [
    ...environmentValue(context, '/os/name', fields.get('NAME'), from(path, 'NAME')),
    ...environmentValue(context, '/os/version', version, from(path, 'VERSION_ID')),
    ...(component.name === '' ? [] : [installed(context, component, from(path))]),
  ];
}

const isDate = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text);

/** What /proc says is of the running kernel, and so are the system calls; a mounted image has no kernel of its own running. */
async function kernel({ host, value }: Sight, context: ProbeContext): Promise<readonly Contribution[]> {
  if (!host.live) return [];
  const path = '/proc/sys/kernel/osrelease';
  const read = host.platform === 'linux' ? asVersion(await value(path)) : undefined;
  const release = read ?? asVersion(host.system?.release);
  if (release === undefined) return [];
  const origin = read === undefined ? from('uname', 'release') : from(path);
  const build = read === undefined ? undefined : await value('/proc/sys/kernel/version');
  return [
    ...environmentValue(context, '/os/kernel', release, origin),
    ...(host.platform === 'linux'
      ? [installed(context, { type: 'operating-system', name: 'linux-kernel', version: release, description: build }, origin)]
      : []),
  ];
}

const MACOS = '/System/Library/CoreServices/SystemVersion.plist';

async function macos({ text }: Sight, context: ProbeContext): Promise<readonly Contribution[]> {
  const plist = (await text(MACOS, 64 * 1024)) ?? '';
  const field = (key: string) => asValue(new RegExp(`<key>${key}</key>\\s{0,99}<string>([^<]{1,99})</string>`).exec(plist)?.[1]);
  const name = field('ProductName');
  const version = asVersion(field('ProductVersion'));
  const build = field('ProductBuildVersion');
  if (name === undefined) return [];
  const description = build === undefined ? undefined : `${name}${version === undefined ? '' : ` ${version}`} (build ${build})`;
  return [
    ...environmentValue(context, '/os/name', name, from(MACOS, 'ProductName')),
    ...environmentValue(context, '/os/version', version, from(MACOS, 'ProductVersion')),
    installed(context, { type: 'operating-system', name, version, description }, from(MACOS)),
  ];
}

function windows({ host }: Sight, context: ProbeContext): readonly Contribution[] {
  const name = asValue(host.system?.version);
  const version = asVersion(host.system?.release);
  if (name === undefined) return [];
  return [
    ...environmentValue(context, '/os/name', name, from('system call', 'version')),
    ...environmentValue(context, '/os/version', version, from('system call', 'release')),
    installed(context, { type: 'operating-system', name, version }, from('system call')),
  ];
}

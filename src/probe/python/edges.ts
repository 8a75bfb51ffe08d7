/** Which installed distributions need which others. */
import { edgeAddition, packageId } from '../../collect/component.js';
import type { Contribution } from '../../collect/contribution.js';
import { asksForExtra, evaluateMarker, type MarkerEnvironment } from '../../collect/python-package/marker.js';
import { parseRequirement } from '../../collect/python-package/requirement.js';
import type { Host } from '../../core/host.js';
import type { Distribution } from './distribution.js';
import type { PythonEnvironment } from './environment.js';

/** `os_name`, `sys_platform`, `platform_system` by the platform's name in Node. */
const PLATFORMS: ReadonlyMap<string, readonly [string, string, string]> = new Map([
  ['linux', ['posix', 'linux', 'Linux']],
  ['darwin', ['posix', 'darwin', 'Darwin']],
  ['win32', ['nt', 'win32', 'Windows']],
]);

/** Edges for each distribution whose form has a place for requirements. Extras are off: what they ask for makes a listing partial. */
export function distributionEdges(
  distributions: readonly Distribution[],
  environment: PythonEnvironment,
  host: Host,
): readonly Contribution[] {
  const markers = markerEnvironment(environment, host);
  const ids = new Map<string, string>();
  // Python takes the first of a name.
  for (const { name, facts } of distributions) if (!ids.has(name)) ids.set(name, packageId(facts));
  return distributions.flatMap(({ entry, facts, requires }) => {
    if (requires === undefined) return [];
    const { targets, complete } = resolve(requires, ids, markers);
    return [
      edgeAddition(
        { ref: packageId(facts), dependsOn: targets, complete },
        { origin: 'observed', name: 'Python site-packages', key: entry.name, method: 'requirements of an installed distribution' },
      ),
    ];
  });
}

function resolve(
  requires: readonly string[],
  ids: ReadonlyMap<string, string>,
  markers: MarkerEnvironment,
): { readonly targets: readonly string[]; readonly complete: boolean } {
  const targets: string[] = [];
  let complete = true;
  for (const line of requires) {
    const requirement = parseRequirement(line);
    const marker = requirement?.marker;
    const holds = marker === undefined ? true : asksForExtra(marker) ? undefined : evaluateMarker(marker, markers);
    if (holds === false) continue;
    const id = requirement === undefined || holds === undefined ? undefined : ids.get(requirement.name);
    if (id === undefined) complete = false;
    else targets.push(id);
  }
  return { targets, complete };
}

/** Variables that can be told without running Python. */
function markerEnvironment({ version, implementation }: PythonEnvironment, { platform, machine }: Host): MarkerEnvironment {
  const [os, sys, system] = PLATFORMS.get(platform) ?? [];
  const known: readonly (readonly [string, string | undefined])[] = [
    ['python_version', /^\d+\.\d+/.exec(version ?? '')?.[0]],
    ['python_full_version', /^\d+\.\d+\.\d+$/.exec(version ?? '')?.[0]],
    ['platform_python_implementation', implementation],
    ['implementation_name', implementation?.toLowerCase()],
    ['os_name', os],
    ['sys_platform', sys],
    ['platform_system', system],
    ['platform_machine', machine],
  ];
  return new Map(known.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

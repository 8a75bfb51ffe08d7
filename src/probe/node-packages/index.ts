/** Packages in `node_modules` of the working directory, by the lock file that npm keeps there. */

import { readNpmLock } from '../../collect/collectors/shared/npm-lock.js';
import { beyondRoom } from '../../collect/collectors/shared/pinned.js';
import { present } from '../../collect/component.js';
import { type Collected, type Contribution, MAX_FILE_PACKAGES } from '../../collect/contribution.js';
import { asObject, type Loose } from '../../collect/values.js';
import { MsbomError } from '../../core/error.js';
import type { Finding } from '../../core/finding.js';
import type { Host } from '../../core/host.js';
import { parseJson } from '../../core/json.js';
import type { Probe, ProbeContext } from '../probe.js';
import { type Sight, sightOf } from '../sight.js';

const HIDDEN = 'node_modules/.package-lock.json';
const MAX_LOCK = 64 * 1024 * 1024;
const MAX_PACKAGE = 1024 * 1024;
/** Packages whose own `package.json` is read for a licence. */
const MAX_READ = 5000;

export const nodePackages: Probe = {
  id: 'node-packages',
  group: 'env',
  reads: '`node_modules/.package-lock.json` of the working directory',
  async probe(host, context) {
    const hidden = await read(host, `${host.cwd}/${HIDDEN}`, HIDDEN);
    if (hidden === undefined) return { contributions: [], findings: await unlocked(host) };
    if ('id' in hidden) return { contributions: [], findings: [hidden] };
    const licenses = await licensesOf(host, hidden.lock);
    const collected = readNpmLock(hidden.lock, HIDDEN, {
      status: 'installed',
      includePrivate: context.includePrivate,
      from: { origin: 'observed', name: HIDDEN, method: 'npm lock file of what is installed' },
      common: { environment: context.environment, scope: context.purpose },
      licenseAt: (place) => licenses.get(place),
    });
    const sight = sightOf(host);
    const contributions = [...(await runtime(sight, context)), ...collected.contributions];
    const { findings = [], beyond = 0 } = collected;
    const cut = beyond === 0 ? [] : [beyondRoom(HIDDEN, MAX_FILE_PACKAGES, beyond)];
    return { contributions, findings: [...findings, ...cut, ...sight.findings] } satisfies Collected;
  },
};

async function read(host: Host, path: string, file: string): Promise<{ readonly lock: Loose } | Finding | undefined> {
  try {
    const text = await host.readText(path, MAX_LOCK);
    if (text === undefined) return undefined;
    const lock = asObject(parseJson(text, { inexactIntegers: 'text' }));
    return lock === undefined ? unusable(file, 'the document is not an object') : { lock };
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    return unusable(file, error.message);
  }
}

const unusable = (file: string, message: string): Finding => ({
  id: 'metadata-unreadable',
  severity: 'medium',
  message,
  fix: 'Run the package manager again; nothing in the file was used.',
  file,
});

/** Other package managers keep no such file; what they installed was not looked at. */
async function unlocked(host: Host): Promise<readonly Finding[]> {
  if ((await host.kind(`${host.cwd}/node_modules`)) !== 'directory') return [];
  return [
    {
      id: 'metadata-unreadable',
      severity: 'low',
      message: '`node_modules` has no lock file of npm; its packages are not in the manifest',
      fix: 'Collect the lock file of the package manager that was used.',
      file: 'node_modules',
    },
  ];
}

/** Licences that older versions of npm do not put into the lock. */
async function licensesOf(host: Host, lock: Loose): Promise<ReadonlyMap<string, unknown>> {
  const places = Object.entries(asObject(lock.packages) ?? {})
    .filter(([place, entry]) => /^node_modules\/[^\\\0]+$/.test(place) && !place.includes('..') && asObject(entry)?.license === undefined)
    .slice(0, MAX_READ);
  const found = new Map<string, unknown>();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < places.length; at = next++) {
      const place = places[at]?.[0] ?? '';
      const { license, licenses } = (await packageJson(host, `${host.cwd}/${place}/package.json`)) ?? {};
      found.set(place, license ?? licenses);
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
  return found;
}

async function packageJson(host: Host, path: string): Promise<Loose | undefined> {
  try {
    const text = await host.readText(path, MAX_PACKAGE);
    return text === undefined ? undefined : asObject(parseJson(text, { inexactIntegers: 'text' }));
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    // The licence stays unknown; the package itself stands in the lock.
    return undefined;
  }
}

/** The interpreter that the packages run on. */
async function runtime(sight: Sight, { environment, purpose }: ProbeContext): Promise<readonly Contribution[]> {
  if (!sight.host.live) return [];
  const version = /^v(\d+\.\d+\.\d+\S{0,40})\s*$/.exec((await sight.output('node', ['--version'])) ?? '')?.[1];
  if (version === undefined) return [];
  return [
    {
      kind: 'addition',
      list: '/components',
      item: present({
        id: `node-${version}`,
        type: 'platform',
        name: 'node',
        version,
        status: 'installed',
        environment,
        scope: [...purpose],
      }),
      from: { origin: 'observed', name: 'node --version', method: 'version of the interpreter' },
    },
  ];
}

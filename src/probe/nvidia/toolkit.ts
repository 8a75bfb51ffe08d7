/** CUDA toolkits: each installation, and the one that is the default. */
import type { Contribution } from '../../collect/contribution.js';
import type { Finding } from '../../core/finding.js';
import type { ProbeContext } from '../probe.js';
import { disagreement, installed } from '../say.js';
import { definesOf, type LibraryDirectory } from '../shared-libraries.js';
import { asVersion, type Sight } from '../sight.js';
import { from, NVIDIA } from './driver.js';

/** A directory that may be a toolkit. */
type Place = LibraryDirectory;

/** A version and the file or command that says it. */
interface Said {
  readonly version: string;
  readonly place: string;
  readonly key?: string;
  readonly inferred?: true;
}

export interface Toolkits {
  /** Version of the default one. */
  readonly version?: string | undefined;
  readonly places: readonly Place[];
  readonly contributions: readonly Contribution[];
  readonly findings: readonly Finding[];
}

const MAX_HEADER_BYTES = 16 * 1024 * 1024;

export async function toolkits(sight: Sight, context: ProbeContext): Promise<Toolkits> {
  const found: { place: Place; said: readonly Said[] }[] = [];
  for (const place of await placesOf(sight)) {
    const said = await versionsOf(sight, place);
    if (said.length > 0) found.push({ place, said });
  }
  const component = (version: string) => ({ type: 'platform', name: 'CUDA toolkit', version, producer: NVIDIA });
  return {
    version: found[0]?.said[0]?.version,
    places: found.map(({ place }) => place),
    contributions: found.flatMap(({ said }) => {
      const best = said[0]?.version ?? '';
      return said
        .filter(({ version }) => consistent(version, best))
        .map(({ place, key, inferred }) =>
          installed(context, component(best), { ...from(place, key), ...(inferred === true ? { origin: 'inferred' } : {}) }),
        );
    }),
    findings: found.flatMap(({ said: [first, ...others] }) =>
      others
        .filter(({ version }) => !consistent(version, first?.version ?? ''))
        .map((other) =>
          disagreement('CUDA toolkit', [first?.place ?? '', first?.version ?? ''], [other.place, other.version], 'the first was kept'),
        ),
    ),
  };
}

/** 12.4 is less exact than 12.4.1, not another version. */
const consistent = (one: string, other: string): boolean => one === other || other.startsWith(`${one}.`) || one.startsWith(`${other}.`);

/** The default first: the variables, then the link, then all others, each once. */
async function placesOf(sight: Sight): Promise<readonly Place[]> {
  const { env } = sight.host;
  const named = (await sight.list('/usr/local')).filter((name) => /^cuda-\d{1,3}(\.\d{1,3}){0,2}$/.test(name)).reverse();
  const wanted: Place[] = [
    ...(['CUDA_HOME', 'CUDA_PATH'] as const).flatMap((name) => {
      const path = env[name];
      return path?.startsWith('/') ? [{ path, shown: `$${name}` }] : [];
    }),
    ...['/usr/local/cuda', ...named.slice(0, 32).map((name) => `/usr/local/${name}`), '/opt/cuda', '/usr'].map((path) => ({
      path,
      shown: path,
    })),
  ];
  const seen = new Set<string>();
  const places: Place[] = [];
  for (const { path, shown } of wanted) {
    const real = await sight.resolve(path);
    if (real === undefined || seen.has(real)) continue;
    seen.add(real);
    // A path of the system says more than the variable that led to it.
    places.push({ path: real, shown: shown.startsWith('$') && /^\/(usr\/local|opt)\/cuda/.test(real) ? real : shown });
  }
  return places;
}

async function versionsOf(sight: Sight, place: Place): Promise<readonly Said[]> {
  const stated = [await fromJson(sight, place), await fromText(sight, place), await fromHeader(sight, place)].filter(
    (said) => said !== undefined,
  );
  if (stated.length > 0) return stated;
  const derived = (await fromCompiler(sight, place)) ?? (await fromRuntime(sight, place));
  return derived === undefined ? [] : [derived];
}

/** version.json, since CUDA 11.1; installations of parts may lack it. */
async function fromJson(sight: Sight, { path, shown }: Place): Promise<Said | undefined> {
  const text = await sight.text(`${path}/version.json`);
  const version = asVersion(/"cuda"\s{0,99}:\s{0,99}\{[^{}]{0,999}"version"\s{0,99}:\s{0,99}"([^"]{1,40})"/.exec(text ?? '')?.[1]);
  return version === undefined ? undefined : { version, place: `${shown}/version.json`, key: 'cuda.version' };
}

/** version.txt, before CUDA 11.1. */
async function fromText(sight: Sight, { path, shown }: Place): Promise<Said | undefined> {
  const version = /^CUDA Version (\d+\.\d+(?:\.\d+)?)$/m.exec((await sight.text(`${path}/version.txt`)) ?? '')?.[1];
  return version === undefined ? undefined : { version, place: `${shown}/version.txt` };
}

/** cuda.h: 1000 times the major and 10 times the minor version. */
async function fromHeader(sight: Sight, { path, shown }: Place): Promise<Said | undefined> {
  const file = `${path}/include/cuda.h`;
  const number = definesOf(await sight.text(file, MAX_HEADER_BYTES)).get('CUDA_VERSION');
  if (number === undefined || number < 1000 || number >= 1_000_000 || number % 10 !== 0) return undefined;
  const version = `${Math.floor(number / 1000)}.${(number % 1000) / 10}`;
  return { version, place: `${shown}/include/cuda.h`, key: 'CUDA_VERSION' };
}

async function fromCompiler(sight: Sight, { path, shown }: Place): Promise<Said | undefined> {
  if ((await sight.kind(`${path}/bin/nvcc`)) !== 'file') return undefined;
  const output = await sight.output(`${path}/bin/nvcc`, ['--version']);
  const version = /\brelease (\d+\.\d+), V\d/.exec(output ?? '')?.[1];
  return version === undefined ? undefined : { version, place: `${shown}/bin/nvcc --version`, key: 'release' };
}

/** The runtime has the toolkit's major and minor version in its own. */
async function fromRuntime(sight: Sight, { path, shown }: Place): Promise<Said | undefined> {
  if (path === '/usr') return undefined; // any package may have brought it
  const names = await sight.list(`${path}/lib64`);
  const [file, version] =
    names.flatMap((name) => [/^libcudart\.so\.(\d+\.\d+)\.\d+$/.exec(name) ?? []].filter((match) => match.length > 0))[0] ?? [];
  return file === undefined || version === undefined ? undefined : { version, place: `${shown}/lib64/${file}`, inferred: true };
}

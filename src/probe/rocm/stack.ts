/** ROCm installations, and the libraries in them. */

import type { Contribution } from '../../collect/contribution.js';
import { append } from '../../core/append.js';
import type { Finding } from '../../core/finding.js';
import type { ProbeContext } from '../probe.js';
import { disagreement, installed, observedBy } from '../say.js';
import { headerVersion, type LibraryDirectory, librariesIn } from '../shared-libraries.js';
import { asVersion, type Sight } from '../sight.js';

const from = observedBy('rocm');
const AMD = { name: 'AMD' };

/** File names carry the number of the interface and the release of ROCm; the library's own version stands in its header. */
const LIBRARIES: readonly { readonly name: string; readonly stem: string; readonly header: string; readonly defines: readonly string[] }[] =
  [
    library('HIP', 'libamdhip64', 'hip/hip_version.h', 'HIP_VERSION_'),
    library('MIOpen', 'libMIOpen', 'miopen/version.h', 'MIOPEN_VERSION_'),
    library('RCCL', 'librccl', 'rccl/rccl.h', 'NCCL_'),
    library('hipBLASLt', 'libhipblaslt', 'hipblaslt/hipblaslt-version.h', 'HIPBLASLT_VERSION_'),
    library('rocBLAS', 'librocblas', 'rocblas/internal/rocblas-version.h', 'ROCBLAS_VERSION_'),
    {
      name: 'hipBLAS',
      stem: 'libhipblas',
      header: 'hipblas/hipblas-version.h',
      defines: ['hipblasVersionMajor', 'hipblasVersionMinor', 'hipblasVersionPatch'],
    },
  ];

function library(name: string, stem: string, header: string, prefix: string) {
  return { name, stem, header, defines: ['MAJOR', 'MINOR', 'PATCH'].map((part) => `${prefix}${part}`) };
}

export interface Stacks {
  /** Version of the default installation. */
  readonly version?: string | undefined;
  readonly contributions: readonly Contribution[];
  readonly findings: readonly Finding[];
}

export async function rocmStacks(sight: Sight, context: ProbeContext): Promise<Stacks> {
  const contributions: Contribution[] = [];
  const findings: Finding[] = [];
  let version: string | undefined;
  for (const place of await placesOf(sight)) {
    const said = await versionsOf(sight, place);
    const [first] = said;
    version ??= first?.version;
    for (const other of said) {
      if (first !== undefined && !consistent(first.version, other.version))
        findings.push(disagreement('ROCm', [first.place, first.version], [other.place, other.version], 'the first was kept'));
      else
        contributions.push(
          installed(context, { type: 'platform', name: 'ROCm', version: first?.version, producer: AMD }, from(other.place)),
        );
    }
    append(contributions, await libraryParts(sight, context, place));
  }
  return { version, contributions, findings };
}

/** 6.1.2 and 6.1.2-119 are the same release. */
const consistent = (one: string, other: string): boolean => one.split('-')[0] === other.split('-')[0];

async function placesOf(sight: Sight): Promise<readonly LibraryDirectory[]> {
  const { env } = sight.host;
  const named = (await sight.list('/opt')).filter((name) => /^rocm-\d[\d.]{0,20}$/.test(name)).reverse();
  const wanted = [
    ...(['ROCM_PATH', 'ROCM_HOME'] as const).flatMap((name) => {
      const path = env[name];
      return path?.startsWith('/') ? [{ path, shown: `$${name}` }] : [];
    }),
    ...['rocm', ...named.slice(0, 32)].map((name) => ({ path: `/opt/${name}`, shown: `/opt/${name}` })),
  ];
  const places = new Map<string, LibraryDirectory>();
  for (const { path, shown } of wanted) {
    const real = await sight.resolve(path);
    if (real !== undefined && !places.has(real)) places.set(real, { path: real, shown: real.startsWith('/opt/rocm') ? real : shown });
  }
  return [...places.values()];
}

async function versionsOf(sight: Sight, { path, shown }: LibraryDirectory): Promise<readonly { version: string; place: string }[]> {
  const file = asVersion(await sight.value(`${path}/.info/version`));
  const header = headerVersion(
    await sight.text(`${path}/include/rocm-core/rocm_version.h`),
    ['MAJOR', 'MINOR', 'PATCH'].map((part) => `ROCM_VERSION_${part}`),
  );
  return [
    ...(file === undefined ? [] : [{ version: file, place: `${shown}/.info/version` }]),
    ...(header === undefined ? [] : [{ version: header, place: `${shown}/include/rocm-core/rocm_version.h` }]),
  ];
}

/** A library with the version of its header; without the header only its file is known. */
async function libraryParts(sight: Sight, context: ProbeContext, { path, shown }: LibraryDirectory): Promise<readonly Contribution[]> {
  const found = await librariesIn(sight, [{ path: `${path}/lib`, shown: `${shown}/lib` }], LIBRARIES);
  const parts: Contribution[] = [];
  for (const { name, header, defines } of LIBRARIES) {
    const file = found.find((each) => each.name === name);
    const version = headerVersion(await sight.text(`${path}/include/${header}`), defines);
    if (file === undefined && version === undefined) continue;
    const component = { type: 'library', name, version, filename: file?.file, producer: AMD };
    if (file !== undefined) parts.push(installed(context, component, from(file.shown)));
    if (version !== undefined) parts.push(installed(context, component, from(`${shown}/include/${header}`)));
  }
  return parts;
}

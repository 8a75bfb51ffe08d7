/** Libraries of CUDA and its companions that are installed for the whole machine; wheels of pip are listed with their environment. */
import type { Contribution } from '../../collect/contribution.js';
import type { Finding } from '../../core/finding.js';
import type { ProbeContext } from '../probe.js';
import { disagreement, installed } from '../say.js';
import {
  type FoundLibrary,
  hasVersion,
  headerVersion,
  type LibraryDirectory,
  librariesIn,
  systemLibraryDirectories,
  variableLibraryDirectories,
} from '../shared-libraries.js';
import type { Sight } from '../sight.js';
import { from, NVIDIA } from './driver.js';

const LIBRARIES = [
  ['CUDA runtime', 'libcudart'],
  ['CUPTI', 'libcupti'],
  ['NCCL', 'libnccl'],
  ['NVRTC', 'libnvrtc'],
  ['NVSHMEM', 'libnvshmem_host'],
  ['TensorRT', 'libnvinfer'],
  ['cuBLAS', 'libcublas'],
  ['cuDNN', 'libcudnn'],
  ['cuFFT', 'libcufft'],
  ['cuRAND', 'libcurand'],
  ['cuSOLVER', 'libcusolver'],
  ['cuSPARSE', 'libcusparse'],
  ['cuSPARSELt', 'libcusparseLt'],
  ['cuTENSOR', 'libcutensor'],
  ['nvJitLink', 'libnvJitLink'],
].map(([name = '', stem = '']) => ({ name, stem }));

/** Headers that say the version again, with the names that make it up. */
const HEADERS: readonly { readonly name: string; readonly file: string; readonly defines: readonly string[] }[] = [
  { name: 'cuDNN', file: 'cudnn_version.h', defines: ['CUDNN_MAJOR', 'CUDNN_MINOR', 'CUDNN_PATCHLEVEL'] },
  { name: 'NCCL', file: 'nccl.h', defines: ['NCCL_MAJOR', 'NCCL_MINOR', 'NCCL_PATCH'] },
  { name: 'TensorRT', file: 'NvInferVersion.h', defines: ['NV_TENSORRT_MAJOR', 'NV_TENSORRT_MINOR', 'NV_TENSORRT_PATCH'] },
];

const INCLUDES = ['/usr/include', '/usr/include/x86_64-linux-gnu', '/usr/include/aarch64-linux-gnu', '/usr/local/include'];

interface Header {
  readonly name: string;
  readonly version: string;
  readonly place: string;
}

export async function cudaLibraries(
  sight: Sight,
  context: ProbeContext,
  toolkits: readonly LibraryDirectory[],
): Promise<{ contributions: readonly Contribution[]; findings: readonly Finding[] }> {
  const own = toolkits
    .filter(({ path }) => path !== '/usr')
    .flatMap(({ path, shown }) => ['lib64', 'extras/CUPTI/lib64'].map((name) => ({ path: `${path}/${name}`, shown: `${shown}/${name}` })));
  const found = await librariesIn(sight, [...own, ...systemLibraryDirectories, ...variableLibraryDirectories(sight)], LIBRARIES);
  const headers = await headersIn(sight, [...toolkits.filter(({ path }) => path !== '/usr').map(includeOf), ...INCLUDES.map(asPlace)]);
  return {
    contributions: [
      ...found.map((library) => installed(context, componentOf(library), from(library.shown))),
      ...headers.map(({ name, version, place }) => installed(context, headerComponent(name, version, found), from(place))),
    ],
    findings: headers.flatMap((header) => conflictOf(header, found)),
  };
}

const asPlace = (path: string): LibraryDirectory => ({ path, shown: path });
const includeOf = ({ path, shown }: LibraryDirectory): LibraryDirectory => ({ path: `${path}/include`, shown: `${shown}/include` });

/** A file whose name holds only the number of its interface does not say its version. */
function componentOf(library: FoundLibrary) {
  const version = hasVersion(library) ? library.numbers : undefined;
  return { type: 'library', name: library.name, version, filename: library.file, producer: NVIDIA };
}

/** The library that the header belongs to, where it is there: the same version, perhaps more exact. */
function headerComponent(name: string, version: string, found: readonly FoundLibrary[]) {
  const library = found.find((each) => each.name === name && agrees(version, each));
  return library === undefined ? { type: 'library', name, version, producer: NVIDIA } : componentOf(library);
}

const agrees = (version: string, library: FoundLibrary): boolean =>
  hasVersion(library) && (library.numbers === version || library.numbers.startsWith(`${version}.`));

function conflictOf({ name, version, place }: Header, found: readonly FoundLibrary[]): readonly Finding[] {
  const libraries = found.filter((each) => each.name === name && hasVersion(each));
  const [first] = libraries;
  if (first === undefined || libraries.some((library) => agrees(version, library))) return [];
  return [disagreement(name, [first.shown, first.numbers], [place, version], 'both are listed')];
}

async function headersIn(sight: Sight, directories: readonly LibraryDirectory[]): Promise<readonly Header[]> {
  const found: Header[] = [];
  const seen = new Set<string>();
  for (const { path, shown } of directories) {
    for (const { name, file, defines } of HEADERS) {
      const real = await sight.resolve(`${path}/${file}`);
      if (real === undefined || seen.has(real)) continue;
      seen.add(real);
      const version = headerVersion(await sight.text(real), defines);
      if (version !== undefined) found.push({ name, version, place: `${shown}/${file}` });
    }
  }
  return found;
}

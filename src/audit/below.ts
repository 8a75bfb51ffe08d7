/**
 * What stands below the libraries: drivers, compute runtimes, firmware, kernels and serving images of the environments, as products of the
 * Common Platform Enumeration. The names are those of the dictionary of the NVD, https://nvd.nist.gov/products/cpe
 */
import type { Component, Environment, Manifest } from '../schema/index.js';
import type { Placed } from './packages.js';
import { isDigit } from './versions/text.js';

/** Components that the probes of a machine find, by their names in lower case. */
const COMPONENTS: Readonly<Record<string, string>> = {
  'nvidia-driver': 'nvidia:gpu_display_driver',
  'cuda toolkit': 'nvidia:cuda_toolkit',
  'cuda runtime': 'nvidia:cuda_toolkit',
  cudnn: 'nvidia:cudnn',
  nccl: 'nvidia:nccl',
  tensorrt: 'nvidia:tensorrt',
  rocm: 'amd:rocm',
  'linux-kernel': 'linux:linux_kernel',
  glibc: 'gnu:glibc',
};

const TOOLKITS: Readonly<Record<string, string>> = { cuda: 'nvidia:cuda_toolkit', rocm: 'amd:rocm' };
const DRIVERS: Readonly<Record<string, string>> = { nvidia: 'nvidia:gpu_display_driver' };
const RUNTIMES: Readonly<Record<string, string>> = { python: 'python:python', 'node.js': 'nodejs:node.js' };

/** Images of servers by the last part of their names. */
const IMAGES: Readonly<Record<string, string>> = {
  'vllm-openai': 'vllm:vllm',
  tritonserver: 'nvidia:triton_inference_server',
  ollama: 'ollama:ollama',
  'text-generation-inference': 'huggingface:text-generation-inference',
  mlflow: 'lfprojects:mlflow',
  torchserve: 'pytorch:torchserve',
  localai: 'mudler:localai',
};

/** A known product of each component and environment; what has no version is left to whoever lists components. */
export function belowOf({ components = {}, environments = {} }: Manifest): readonly Placed[] {
  return [
    ...Object.entries(components).flatMap(([id, each]) => ofComponent(id, each)),
    ...Object.entries(environments).flatMap(([id, each]) => ofEnvironment(id, each)),
  ];
}

function ofComponent(id: string, { name, version, identifiers = [], environment }: Component): readonly Placed[] {
  const product = lookUp(COMPONENTS, name);
  if (product === undefined || version === undefined || identifiers.some(({ type }) => type === 'purl' || type === 'cpe')) return [];
  return [
    {
      ...productAt(product, version),
      component: id,
      known: 'by the name of the component',
      ...(environment === undefined ? {} : { environment }),
    },
  ];
}

function ofEnvironment(environment: string, { accelerators = [], os, runtime }: Environment): readonly Placed[] {
  const found = (product: string | undefined, version: string | undefined, known: string): readonly Placed[] =>
    product === undefined || version === undefined ? [] : [{ ...productAt(product, version), environment, known }];
  return [
    ...accelerators.flatMap(({ vendor = '', driverVersion, toolkit }) => [
      ...found(lookUp(DRIVERS, vendor), driverVersion, 'by the driver of the accelerators'),
      ...found(lookUp(TOOLKITS, toolkit?.name ?? ''), toolkit?.version, 'by the toolkit of the accelerators'),
    ]),
    ...found(
      isLinux(os?.kernel) ? 'linux:linux_kernel' : undefined,
      os?.kernel,
      'by the release of the kernel; distributions carry fixes of later ones',
    ),
    ...found(lookUp(RUNTIMES, runtime?.language ?? ''), runtime?.version, 'by the language of the runtime'),
    ...imageOf(environment, runtime?.container?.image),
  ];
}

/** Kernels of Linux begin with their numbers: those of other systems are named. */
const isLinux = (kernel: string | undefined): boolean => isDigit(kernel?.[0]);

function imageOf(environment: string, image: string | undefined): readonly Placed[] {
  if (image === undefined) return [];
  const last = image.slice(image.lastIndexOf('/') + 1).split('@', 1)[0] ?? '';
  const [name = '', tag] = last.split(':');
  const product = lookUp(IMAGES, name);
  const version = tag?.startsWith('v') ? tag.slice(1) : tag;
  return product === undefined || !isDigit(version?.[0]) || version === undefined
    ? []
    : [{ ...productAt(product, version), environment, known: 'by the name and tag of the image' }];
}

/** Builds of distributions (`6.1.0-18-amd64`, `24.05-py3`) are of the version before the dash. */
const productAt = (name: string, version: string) => ({ ecosystem: 'CPE', name, version: version.split('-', 1)[0] ?? version });

const lookUp = (table: Readonly<Record<string, string>>, name: string): string | undefined => {
  const key = name.toLowerCase();
  return Object.hasOwn(table, key) ? table[key] : undefined;
};

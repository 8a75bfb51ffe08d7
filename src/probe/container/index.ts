/** Is the machine a container, of which image, and which variables the image set. */
import { PackageURL } from 'packageurl-js';
import type { Contribution } from '../../collect/contribution.js';
import type { Finding } from '../../core/finding.js';
import type { Probe, ProbeContext } from '../probe.js';
import { environmentValue, installed, observedBy } from '../say.js';
import { asValue, type Sight, sightOf } from '../sight.js';
import { type Image, imageOf, type Presence, presenceOf } from './signs.js';

const from = observedBy('container');

export const container: Probe = {
  id: 'container',
  group: 'os',
  reads: '`/run/.containerenv`, `/.dockerenv`, `/proc/1/cgroup`, `/proc/self/mountinfo`, variables that images set',
  async probe(host, context) {
    const sight = sightOf(host);
    // The marks in a mounted image are left over from whatever once ran on it.
    const image = host.live ? await imageOf(sight) : undefined;
    const presence = host.live ? await presenceOf(sight) : undefined;
    return {
      contributions: [
        ...isolation(context, presence),
        ...(image === undefined ? [] : imageParts(context, image)),
        ...variables(sight, context),
      ],
      findings: [...sight.findings, ...(presence !== undefined && image === undefined ? [imageUnknown(presence)] : [])],
    };
  },
};

function isolation(context: ProbeContext, presence: Presence | undefined): readonly Contribution[] {
  if (presence === undefined) return [];
  const value = presence.engine === undefined ? 'container' : `container (${presence.engine})`;
  // A sign that engines leave, not a statement: a virtual machine made from an image has it too.
  return environmentValue(context, '/security/isolation', value, { ...from(presence.path, presence.key), origin: 'inferred' });
}

/** A container component has the image's id, which names its configuration and is no digest of the image. */
function imageParts(context: ProbeContext, { path, name, digest, id }: Image): readonly Contribution[] {
  const purl = digest === undefined ? undefined : ociPurl(name, digest);
  const identifiers = [
    ...(purl === undefined ? [] : [{ type: 'purl', value: purl }]),
    ...(id === undefined ? [] : [{ type: 'other', scheme: 'image id', value: id }]),
  ];
  const component = {
    type: 'container',
    name,
    identifiers: identifiers.length > 0 ? identifiers : undefined,
    digest: digest === undefined ? undefined : { sha256: digest },
  };
  return [
    ...environmentValue(context, '/runtime/container/image', name, from(path, 'image')),
    ...(digest === undefined ? [] : environmentValue(context, '/runtime/container/digest', { sha256: digest }, from(path, 'image'))),
    installed(context, component, from(path, 'image')),
  ];
}

/** https://github.com/package-url/purl-spec/blob/main/types/oci-definition.json: the digest is the version. */
function ociPurl(name: string, digest: string): string {
  const repository = name.replace(/@.*$/s, '').replace(/:[^:/]*$/, '');
  const short = repository.slice(repository.lastIndexOf('/') + 1).toLowerCase();
  const qualifiers = repository.includes('/') ? { repository_url: repository.toLowerCase() } : undefined;
  return new PackageURL('oci', undefined, short, `sha256:${digest}`, qualifiers, undefined).toString();
}

/** Variables by which images say what is in them. A device list may name units by their UUID. */
const VARIABLES = [
  'CUDA_VERSION',
  'CUDNN_VERSION',
  'NCCL_VERSION',
  'NVIDIA_BUILD_ID',
  'NVIDIA_DRIVER_CAPABILITIES',
  'NVIDIA_JAX_VERSION',
  'NVIDIA_PRODUCT_NAME',
  'NVIDIA_PYTORCH_VERSION',
  'NVIDIA_REQUIRE_CUDA',
  'NVIDIA_TENSORFLOW_VERSION',
  'NVIDIA_TRITON_SERVER_VERSION',
  'NVIDIA_VISIBLE_DEVICES',
  'NV_CUDNN_VERSION',
  'NV_LIBNCCL_PACKAGE_VERSION',
  'PYTORCH_VERSION',
  'ROCM_VERSION',
  'TENSORFLOW_VERSION',
  'TRT_VERSION',
  'container',
] as const;

const UNIT = /(GPU|MIG)-[0-9a-f]{6}/i;

function variables({ host }: Sight, context: ProbeContext): readonly Contribution[] {
  return VARIABLES.flatMap((name) => {
    const value = asValue(host.env[name]);
    if (value === undefined || (UNIT.test(value) && !context.includePrivate)) return [];
    return environmentValue(context, `/variables/${name}`, value, from('environment variable', name));
  });
}

function imageUnknown({ engine, path, key = path }: Presence): Finding {
  return {
    id: 'container-image-unknown',
    severity: 'info',
    message: `\`${key}\` is the sign of a container${engine === undefined ? '' : ` (${engine})`}, and nothing inside it says of which image`,
    fix: 'Give the image and its digest by hand where they are known, for example from the job that started the container.',
  };
}

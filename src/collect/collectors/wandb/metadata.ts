/** `wandb-metadata.json`: machine, program and commit. User, host and mail address are never taken. */
import type { JsonValue } from '../../../core/canonical-json.js';
import { type Contribution, type Origin, RANKS } from '../../contribution.js';
import { asCount, asObject, asText, type Loose } from '../../values.js';
import { claim, entrypointOf, publicArguments, repositoryUri, trainingEnvironment, utcTimestamp } from '../shared/run-file.js';

type Members = { readonly [key: string]: JsonValue };

export function metadataFacts(path: string, metadata: Loose): readonly Contribution[] {
  const from = (key?: string): Origin => ({
    origin: 'observed',
    path,
    method: 'metadata of Weights & Biases',
    ...(key === undefined ? {} : { key }),
  });
  const git = asObject(metadata.git);
  const commit = asText(git?.commit)?.toLowerCase();
  const program = entrypointOf(metadata.codePath) ?? entrypointOf(metadata.codePathLocal) ?? entrypointOf(metadata.program);
  const given = publicArguments(metadata.args);
  return [
    ...claim('/model/training/code/repository', repositoryUri(git?.remote), RANKS.run, from('git.remote')),
    ...claim(
      '/model/training/code/commit',
      commit !== undefined && /^[0-9a-f]{40}$/.test(commit) ? commit : undefined,
      RANKS.run,
      from('git.commit'),
    ),
    ...claim('/model/training/code/entrypoint', program, RANKS.run, from('program')),
    ...(given === undefined
      ? []
      : [{ kind: 'claim', pointer: '/model/training/code/arguments', value: given, rank: RANKS.run, from: from('args') } as const]),
    ...claim('/model/training/run/start', utcTimestamp(metadata.startedAt, true), RANKS.run, from('startedAt')),
    ...trainingEnvironment({ ...os(metadata), ...runtime(metadata), ...accelerators(metadata), ...host(metadata) }, from()),
  ];
}

/** The text of Python's `platform.platform()`. */
function os(metadata: Loose): Members {
  const name = asText(metadata.os);
  return name === undefined || name.length > 128 ? {} : { os: { name } };
}

/** `CPython 3.11.7`, of older clients `3.11.7`. */
function runtime(metadata: Loose): Members {
  const [, implementation, version] = /^(?:([A-Za-z]{1,32}) )?(\d[\w.+]{0,31})$/.exec(asText(metadata.python) ?? '') ?? [];
  const image = asText(metadata.docker);
  const container = image === undefined || !/^[\w./:@-]{1,256}$/.test(image) || image.startsWith('/') ? {} : { container: { image } };
  const python = version === undefined ? {} : { language: 'Python', version, ...(implementation === undefined ? {} : { implementation }) };
  return Object.keys({ ...python, ...container }).length === 0 ? {} : { runtime: { ...python, ...container } };
}

/** Devices of one kind are one item; their UUIDs stay out. */
function accelerators(metadata: Loose): Members {
  const cuda = asText(metadata.cudaVersion) ?? asText(metadata.cuda_version) ?? asText(metadata.cuda);
  const toolkit: Members = cuda === undefined || !/^\d[\d.]{0,15}$/.test(cuda) ? {} : { toolkit: { name: 'CUDA', version: cuda } };
  const listed = metadata.gpuNvidia ?? metadata.gpu_nvidia;
  const kinds = new Map<string, { readonly count: number; readonly item: Members }>();
  for (const each of Array.isArray(listed) ? listed.slice(0, 256) : []) {
    const device = asObject(each);
    const model = asText(device?.name);
    if (model === undefined || model.length > 128) continue;
    const memory = count(device?.memoryTotal ?? device?.memory_total);
    const architecture = asText(device?.architecture);
    kinds.set(model, {
      count: (kinds.get(model)?.count ?? 0) + 1,
      item: {
        vendor: 'NVIDIA',
        model,
        ...(memory === undefined ? {} : { memoryBytes: memory }),
        ...(architecture === undefined ? {} : { computeCapability: architecture }),
        ...toolkit,
      },
    });
  }
  if (kinds.size > 0) return { accelerators: [...kinds.values()].map(({ count: devices, item }) => ({ ...item, count: devices })) };
  const model = asText(metadata.gpu);
  const devices = asCount(metadata.gpuCount) ?? asCount(metadata.gpu_count);
  if (model === undefined || model.length > 128) return {};
  return { accelerators: [{ model, ...(devices === undefined ? {} : { count: devices }), ...toolkit }] };
}

function host(metadata: Loose): Members {
  const cpu = asText(asObject(metadata.cpu)?.model);
  const cores = asCount(metadata.cpuCount) ?? asCount(metadata.cpu_count);
  // Bytes as a text; older clients write gigabytes, rounded, as a number.
  const memory = count(asObject(metadata.memory)?.total);
  const known: Members = {
    ...(cpu === undefined || cpu.length > 128 ? {} : { cpu }),
    ...(cores === undefined ? {} : { cores }),
    ...(memory === undefined ? {} : { memoryBytes: memory }),
  };
  return Object.keys(known).length === 0 ? {} : { host: known };
}

/** A 64-bit count, which protobuf's JSON writes as a text. */
const count = (value: unknown): number | undefined =>
  typeof value === 'string' && /^\d{1,16}$/.test(value)
    ? asCount(Number(value))
    : typeof value === 'number' && value > 2 ** 20
      ? asCount(value)
      : undefined;

/** ExecuTorch: programs (`.pte`, identifier ET12) and their data files (`.ptd`, identifier FT01); no tensor data is read. */
import { knownFacts, type ModelFacts, summarize } from '../../core/facts.js';
import type { Finding } from '../../core/finding.js';
import { defineReader } from '../reader.js';
import { flatIdentifier } from '../shared/flatbuffer.js';
import { plainCount } from '../shared/parameters.js';
import { countsText, smallList, smallMetadata } from '../shared/small-metadata.js';
import { type ExecutorchProgram, type FlatTensors, readFlatTensors, readProgram } from './program.js';

export type ExecutorchHeader = ExecutorchProgram | FlatTensors;

/** Namespaces of the operators that come with ExecuTorch itself. */
const OWN_NAMESPACES = new Set(['aten', 'executorch_prim', 'dim_order_ops', 'quantized_decomposed']);

export const executorch = defineReader<ExecutorchHeader>({
  id: 'executorch',
  title: 'ExecuTorch',
  extensions: ['.pte', '.ptd'],
  sniff: (head) => flatIdentifier(head) === 'ET12' || flatIdentifier(head) === 'FT01',
  async read(source, limits) {
    const head = new Uint8Array(await source.read(0, Math.min(8, source.size)));
    return flatIdentifier(head) === 'FT01' ? readFlatTensors(source, limits) : readProgram(source, limits);
  },
  describe: (header) => (header.kind === 'data' ? describeData(header) : describeProgram(header)),
  tensors: ({ tensors }) => tensors,
});

function describeData({ version, tensors, blobs }: FlatTensors): ModelFacts {
  return knownFacts<ModelFacts>({
    format: 'executorch',
    formatVersion: 'FT01',
    mediaType: 'application/octet-stream',
    role: 'weights',
    tensors: summarize(tensors, plainCount),
    metadata: smallMetadata([
      ['version', version],
      ['blobs', smallList(blobs)],
    ]),
    notInspected: blobs.length > 0 ? [`${blobs.length} blobs that are no tensors`] : undefined,
  });
}

function describeProgram(program: ExecutorchProgram): ModelFacts {
  const { delegates } = program;
  return knownFacts<ModelFacts>({
    format: 'executorch',
    formatVersion: 'ET12',
    mediaType: 'application/octet-stream',
    role: 'weights',
    // Weights that a backend took over are inside its own data: a sum without them would be taken for all of them.
    tensors: delegates.size > 0 || program.externalTensors.length > 0 ? undefined : summarize(program.tensors, plainCount),
    requires: [
      ...[...delegates.keys()].sort().map((name) => ({ key: 'execution_plan.delegates.id', value: { name } })),
      ...customNamespaces(program).map((name) => ({ key: 'execution_plan.operators.name', value: { name } })),
    ],
    inputs: program.inputs,
    outputs: program.outputs,
    metadata: smallMetadata([
      ['version', program.version],
      ['methods', smallList(program.methods)],
      ['operators', countsText(program.operators)],
      ['delegates', countsText(delegates)],
      ['named_data', program.namedData > 0 ? program.namedData : undefined],
      ['constants', program.tensors.length > 0 ? program.tensors.length : undefined],
    ]),
    notInspected: notInspected(program),
    findings: findings(program),
  });
}

function customNamespaces({ operators }: ExecutorchProgram): readonly string[] {
  const namespaces = new Set([...operators.keys()].map((name) => name.split('::', 1)[0] ?? ''));
  return [...namespaces].filter((name) => !OWN_NAMESPACES.has(name)).sort();
}

function notInspected({ delegates, namedData, externalTensors }: ExecutorchProgram): readonly string[] {
  return [
    ...(delegates.size > 0 ? [`data of the delegates ${smallList([...delegates.keys()].sort())}, with the weights in it`] : []),
    ...(namedData > 0 ? [`${namedData} blobs of named data`] : []),
    ...(externalTensors.length > 0
      ? [`values of ${externalTensors.length} tensors, which lie in a file that the program does not name`]
      : []),
  ];
}

function findings(program: ExecutorchProgram): readonly Finding[] {
  return customNamespaces(program).map((name) => ({
    id: 'custom-operators',
    severity: 'info',
    message: `the program needs the operators of \`${name.slice(0, 200)}\`, which are not part of ExecuTorch`,
    fix: 'Name the library that provides them among the components.',
  }));
}

/** OpenVINO IR: layers, constants and notes of the net; the data file beside it is not read. */
import { elementCount, type Keyed, knownFacts, type ModelFacts, summarize, type TensorInfo } from '../../core/facts.js';
import type { Finding } from '../../core/finding.js';
import { defineReader } from '../reader.js';
import { chatTemplateDigests, isChatTemplate } from '../shared/chat-template.js';
import { firstByte, LESS_THAN } from '../shared/first-byte.js';
import { countsText, smallMetadata } from '../shared/small-metadata.js';
import { type OpenvinoHeader, readOpenvino } from './ir.js';

export type { OpenvinoHeader } from './ir.js';

export const openvino = defineReader<OpenvinoHeader>({
  id: 'openvino',
  title: 'OpenVINO IR',
  extensions: [],
  sniff: looksLikeIr,
  read: readOpenvino,
  describe,
  tensors: ({ tensors }) => tensors,
});

/** A `net` with a version, and in it one of the elements that a net has. */
function looksLikeIr(head: Uint8Array): boolean {
  if (firstByte(head) !== LESS_THAN) return false;
  const text = new TextDecoder().decode(head);
  let at = skipSpace(text, 0);
  for (const [open, close] of [
    ['<?xml', '?>'],
    ['<!--', '-->'],
  ] as const) {
    while (text.startsWith(open, at)) {
      const end = text.indexOf(close, at);
      if (end < 0) return false;
      at = skipSpace(text, end + close.length);
    }
  }
  if (!/^<net\s/.test(text.slice(at, at + 5))) return false;
  const end = text.indexOf('>', at);
  if (end < 0 || !/\sversion="\d{1,4}"/.test(text.slice(at, end))) return false;
  return /^<(layers|meta_data|rt_info|pre-process)[\s>]/.test(text.slice(skipSpace(text, end + 1), end + 300));
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n\ufeff'.includes(text.charAt(at))) at++;
  return at;
}

function describe(header: OpenvinoHeader): ModelFacts {
  const { info, tensors } = header;
  const said = (key: string): Keyed<string> | undefined => {
    const value = info.get(key)?.trim();
    return value === undefined || value === '' ? undefined : { value, key };
  };
  return knownFacts<ModelFacts>({
    format: 'openvino',
    formatVersion: header.version,
    mediaType: 'application/xml',
    role: 'weights',
    tensors: tensors.every(({ shape }) => !shape.includes(-1)) ? summarize(tensors, parametersOf) : undefined,
    author: said('rt_info.framework.model_author'),
    license: said('rt_info.framework.model_license'),
    quantization: said('rt_info.nncf.weight_compression.mode'),
    producers: producers(info),
    requires: [...header.opsets].sort().map((name) => ({ key: 'layers.layer.version', value: { name } })),
    inputs: header.inputs,
    outputs: header.outputs,
    companions: dataFile(header),
    chatTemplates: chatTemplateDigests(info),
    metadata: smallMetadata([
      ['net.name', header.name],
      ['operations', countsText(header.operations)],
      ...[...info].filter(([key]) => !isChatTemplate(key)),
    ]),
    findings: findings(header),
  });
}

/**
 * What counts as a parameter: fractions, and whole numbers of at most eight bits, which are packed weights. Scales and zero points
 * of packed weights, and wider whole numbers (shapes, axes, indices), are none.
 */
function parametersOf(tensor: TensorInfo): number {
  if (/\/(scale|zero_point)$/.test(tensor.name)) return 0;
  return /^(b?f\d|nf4|[iu][1-8]$|FP|BF|[IU]8$|BIN)/.test(tensor.dtype) ? elementCount(tensor) : 0;
}

/** Versions of the programs that wrote the net, by the key that each of them uses. */
const PRODUCERS: Readonly<Record<string, string>> = {
  'rt_info.OpenVINO Runtime': 'OpenVINO',
  'meta_data.MO_version': 'OpenVINO Model Optimizer',
  'rt_info.MO_version': 'OpenVINO Model Optimizer',
  'rt_info.optimum.optimum_intel_version': 'optimum-intel',
  'rt_info.optimum.pytorch_version': 'torch',
  'rt_info.optimum.transformers_version': 'transformers',
  'rt_info.optimum.nncf_version': 'nncf',
};

function producers(info: OpenvinoHeader['info']): ModelFacts['producers'] {
  return Object.entries(PRODUCERS).flatMap(([key, name]) => {
    const version = info.get(key);
    return version === undefined || version === '' ? [] : [{ key, value: { name, version } }];
  });
}

/** The data lies beside the IR, under its name with `.bin`. */
function dataFile({ fileName, tensors }: OpenvinoHeader): readonly string[] {
  const base = fileName.slice(fileName.lastIndexOf('/') + 1);
  return base.endsWith('.xml') && tensors.some(({ bytes = 0 }) => bytes > 0) ? [`${base.slice(0, -4)}.bin`] : [];
}

function findings({ opsets }: OpenvinoHeader): readonly Finding[] {
  const custom = [...opsets].filter((name) => !/^opset\d{1,3}$/.test(name)).sort();
  return custom.map((name) => ({
    id: 'custom-operators',
    severity: 'info',
    message: `the model needs the operations of \`${name.slice(0, 200)}\`, which are in no operation set of OpenVINO`,
    fix: 'Name the extension that provides them among the components.',
  }));
}

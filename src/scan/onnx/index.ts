/**
 * ONNX: paths of tensors in other files, operators of others, in the graph and in all graphs and functions inside.
 * Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import type { ByteSource } from '../../core/byte-source.js';
import { onnx as reader } from '../../formats/onnx/index.js';
import type { Finding, Inspection, ScanContext } from '../inspector.js';
import { inspectProtobuf } from '../protobuf/inspect.js';
import { listOf, type Message, type Shape, textOf } from '../protobuf/walk.js';
import { finding } from '../rules/index.js';
import { judgeJson } from '../text/json.js';

const MAX_FINDINGS = 60;
/** Domains of the operators that ONNX Runtime and the exporters have, and what begins with these. */
const KNOWN_DOMAINS: ReadonlySet<string> = new Set([
  '',
  'ai.onnx',
  'ai.onnx.ml',
  'ai.onnx.training',
  'org.pytorch.aten',
  'ai.onnx.contrib',
]);
const KNOWN_PREFIXES = ['com.microsoft', 'com.ms.internal', 'ai.onnx.preview', 'pkg.'] as const;
const PYTHON_OPERATORS: ReadonlySet<string> = new Set(['PyOp', 'PythonOp', 'PythonOpGrad']);
const MAX_DOMAINS = 1000;
const KEYS: ReadonlySet<string> = new Set(['location', 'offset', 'length', 'checksum', 'basepath']);

interface Seen {
  readonly findings: Finding[];
  readonly messages: Set<string>;
  /** Operators by their domain. */
  readonly domains: Map<string, Set<string>>;
  /** Domains of functions that the model brings along. */
  readonly own: Set<string>;
  readonly files: Set<string>;
}

/** Without any span where the bytes are something else. @throws ERR_IO_* */
export async function inspect(source: ByteSource, ctx: ScanContext): Promise<Inspection> {
  const head = (await source.read(0, Math.min(4096, source.size))).slice();
  if (!reader.sniff(head, source.name)) return { format: 'onnx', findings: [], status: 'complete', spans: [] };
  const seen: Seen = { findings: [], messages: new Set(), domains: new Map(), own: new Set(), files: new Set() };
  return await inspectProtobuf(source, ctx, { format: 'onnx', shape: modelShape(seen), end: () => ended(seen) });
}

function ended({ findings, domains, own, files }: Seen): Pick<Inspection, 'findings' | 'facts'> {
  for (const [domain, operators] of domains)
    if (!KNOWN_DOMAINS.has(domain) && !own.has(domain) && !KNOWN_PREFIXES.some((prefix) => domain.startsWith(prefix)))
      findings.push(
        finding(
          'graph-custom-operator',
          `operators of \`${domain.slice(0, 100)}\`: ${[...operators].slice(0, 10).join(', ')}`.slice(0, 400),
          {
            seen: { domain: domain.slice(0, 200) },
          },
        ),
      );
  return { findings, ...(files.size > 0 ? { facts: { externalFiles: [...files].slice(0, 200) } } : {}) };
}

function tell(seen: Seen, rule: string, message: string, more: Partial<Finding>): void {
  if (seen.findings.length >= MAX_FINDINGS || seen.messages.has(message)) return;
  seen.messages.add(message);
  seen.findings.push(finding(rule, message, more));
}

type Entry = readonly [key: string, value: string];

function modelShape(seen: Seen): Shape {
  const entry: Shape = { fields: () => ({ 1: 'text', 2: 'text' }), done: (message): Entry => [textOf(message, 1), textOf(message, 2)] };
  const tensor: Shape = {
    fields: () => ({ 8: 'text', 13: entry, 14: 'number' }),
    done: (message, offset) => judgeTensor(message, offset, seen),
  };
  const sparse: Shape = { fields: () => ({ 1: tensor, 2: tensor }) };
  const attribute: Shape = {
    fields: () => ({ 1: 'text', 4: 'text', 5: tensor, 6: graph, 10: tensor, 11: graph, 22: sparse, 23: sparse }),
    done: (message): Entry => [textOf(message, 1), textOf(message, 4)],
  };
  const node: Shape = {
    fields: () => ({ 4: 'text', 7: 'text', 5: attribute }),
    done: (message, offset) => judgeNode(message, offset, seen),
  };
  const graph: Shape = { fields: () => ({ 1: node, 5: tensor, 15: sparse, 16: entry }) };
  const own: Shape = {
    fields: () => ({ 1: 'text', 7: node, 10: 'text', 11: attribute }),
    done: (message) => void seen.own.add(textOf(message, 10)),
  };
  const training: Shape = { fields: () => ({ 1: graph, 2: graph, 3: entry, 4: entry }) };
  return {
    fields: () => ({
      1: 'data',
      2: 'data',
      3: 'data',
      4: 'data',
      5: 'data',
      6: 'data',
      7: graph,
      8: 'data',
      14: entry,
      20: training,
      25: own,
      26: 'data',
    }),
    done: (message) => {
      const properties = Object.fromEntries(listOf<Entry>(message, 14));
      seen.findings.push(...judgeJson(properties, '').findings);
    },
    unknown: (number, from, to) =>
      tell(seen, 'format-trailing-data', `the field ${number} of ${to - from} bytes is none of ONNX`, { offset: from }),
  };
}

function judgeTensor(message: Message, offset: number, seen: Seen): void {
  const entries = listOf<Entry>(message, 13);
  if (entries.length === 0) return;
  const name = textOf(message, 8).slice(0, 100);
  for (const [key, value] of entries) {
    if (key === 'location') {
      seen.files.add(value.slice(0, 500));
      const way = leadsOut(value);
      if (way !== undefined)
        tell(seen, 'onnx-external-path', `the tensor \`${name}\` is read from \`${value.slice(0, 200)}\`, ${way}`, {
          offset,
          seen: { path: value.slice(0, 500) },
        });
    } else if (!KEYS.has(key) && !key.startsWith('prepacked'))
      tell(seen, 'onnx-external-keys', `the tensor \`${name}\` has the key \`${key.slice(0, 100)}\``, { offset });
    else if ((key === 'offset' || key === 'length') && !isCount(value))
      tell(seen, 'onnx-external-keys', `\`${key}\` of the tensor \`${name}\` is \`${value.slice(0, 60)}\``, { offset });
  }
}

const isCount = (value: string): boolean => value !== '' && value.length < 16 && [...value].every((c) => c >= '0' && c <= '9');

/** Does the path leave the directory of the model? Whether the file is there does not matter. */
function leadsOut(path: string): string | undefined {
  const parts = path.split(/[\\/]/);
  if (path.startsWith('/') || path.startsWith('\\')) return 'which is an absolute path';
  if (path.slice(1, 2) === ':' || path.includes('://') || path.startsWith('~') || path.startsWith('file:'))
    return 'which is an absolute path';
  if (parts.some((part) => part.trim() === '..')) return 'which leads out of the directory';
  return path.includes('\0') ? 'which ends in another way than it seems' : undefined;
}

function judgeNode(message: Message, offset: number, seen: Seen): void {
  const [operator, domain] = [textOf(message, 4), textOf(message, 7)];
  if (PYTHON_OPERATORS.has(operator)) tell(seen, 'graph-code', `the operator \`${operator}\` calls a function of Python`, { offset });
  if (operator === 'EPContext')
    for (const [name, value] of listOf<Entry>(message, 5))
      if (name === 'ep_cache_context' && value.length < 1024 && leadsOut(value) !== undefined)
        tell(seen, 'onnx-external-path', `a compiled part is read from \`${value.slice(0, 200)}\``, { offset });
  const name = domain.slice(0, 200);
  const operators = seen.domains.get(name) ?? new Set();
  if (operators.size < 50) operators.add(operator.slice(0, 80));
  if (seen.domains.size < MAX_DOMAINS) seen.domains.set(name, operators);
  else if (!seen.domains.has(name)) tell(seen, 'scan-limit', `more than ${MAX_DOMAINS} domains of operators`, {});
}

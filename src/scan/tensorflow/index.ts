/**
 * Graphs of TensorFlow: SavedModel, MetaGraph, GraphDef, metadata of Keras. Operators are searched in graphs, in libraries of
 * functions, and in graphs that lie as texts in constants.
 * Source: https://github.com/tensorflow/tensorflow/tree/master/tensorflow/core/framework (graph.proto, function.proto, tensor.proto)
 */
import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { peekFields } from '../../formats/shared/protobuf.js';
import { tensorflowGraphdef } from '../../formats/tensorflow-graphdef/index.js';
import { isMetaGraph, savedModelFile } from '../../formats/tensorflow-savedmodel/sniff.js';
import type { Finding, Inspection, Nested, ScanContext } from '../inspector.js';
import { inspectProtobuf } from '../protobuf/inspect.js';
import { listOf, type Message, type Shape, textOf, walkHeld } from '../protobuf/walk.js';
import { finding } from '../rules/index.js';
import { unescaped } from '../template/lexer.js';
import { judgeJson } from '../text/json.js';
import { operatorRule } from './operators.js';

const SNIFFED = 4096;
const MAX_FINDINGS = 60;
const MAX_PATHS = 20;

/** Graphs have no magic; what is called like one is tried. */
function mayBe(head: Uint8Array, name: string): boolean {
  if (savedModelFile(head) !== undefined || tensorflowGraphdef.sniff(head, name)) return true;
  const [first] = name.toLowerCase().endsWith('.pb') || name.endsWith('.meta') ? (peekFields(head, 4) ?? []) : [];
  return first !== undefined && (first.number === 1 || first.number === 2);
}

interface Seen {
  readonly findings: Finding[];
  readonly messages: Set<string>;
  readonly nested: Nested[];
  readonly paths: Set<string>;
  nodes: number;
  /** Offset of an operator that prints, and a file that a text names as where to. */
  prints?: number;
  printedTo?: string;
  sure: boolean;
  depth: number;
  readonly ctx: ScanContext;
  readonly source: ByteSource;
}

/** Without any span where the bytes are something else. @throws ERR_IO_* */
export async function inspect(source: ByteSource, ctx: ScanContext): Promise<Inspection> {
  const head = (await source.read(0, Math.min(SNIFFED, source.size))).slice();
  if (!mayBe(head, ctx.member ?? ctx.path)) return { format: 'tensorflow', findings: [], status: 'complete', spans: [] };
  const seen: Seen = { findings: [], messages: new Set(), nested: [], paths: new Set(), nodes: 0, sure: false, depth: 0, ctx, source };
  const kind = savedModelFile(head);
  seen.sure = kind !== undefined;
  const shape =
    kind === 'model'
      ? savedModel(seen)
      : kind === 'keras'
        ? kerasMetadata(seen)
        : kind === 'fingerprint'
          ? FINGERPRINT
          : anyGraph(seen, head);
  return await inspectProtobuf(source, ctx, {
    format: 'tensorflow',
    shape,
    end: () => ({
      findings: withPaths(printing(seen)),
      nested: seen.nested,
      ...(seen.nodes > 0 ? { facts: { nodes: seen.nodes } } : {}),
    }),
    isSure: () => seen.sure || seen.nodes > 0,
  });
}

/** Paths and addresses in constants say what operators of files are given. */
const withPaths = ({ findings, paths }: Seen): Finding[] =>
  findings.map((found) =>
    found.rule === 'graph-file' && paths.size > 0 ? { ...found, seen: { ...found.seen, paths: [...paths] } } : found,
  );

/** `PrintV2` writes to the file that its `output_stream` names. Source: tensorflow/core/kernels/logging_ops.cc */
function printing(seen: Seen): Seen {
  if (seen.prints !== undefined && seen.printedTo !== undefined)
    tell(seen, 'graph-file', `the operator \`PrintV2\` writes to \`${seen.printedTo.slice(0, 200)}\``, {
      offset: seen.prints,
      seen: { operator: 'PrintV2', path: seen.printedTo.slice(0, 300) },
    });
  return seen;
}

function tell(seen: Seen, rule: string, message: string, more: Partial<Finding>): void {
  if (seen.findings.length >= MAX_FINDINGS || seen.messages.has(message)) return;
  seen.messages.add(message);
  seen.findings.push(finding(rule, message, more));
}

const FINGERPRINT: Shape = { fields: () => ({}) };

interface Shapes {
  readonly graph: Shape;
  readonly meta: Shape;
}

function shapesOf(seen: Seen): Shapes {
  const tensor: Shape = { fields: () => ({ 8: 'bytes' }), done: (message) => lookAtConstants(message, seen) };
  const values: Shape = {
    fields: () => ({ 2: 'bytes', 8: tensor, 9: named }),
    done: (message) => lookAtConstants(new Map([[8, listOf(message, 2)]]), seen),
  };
  const value: Shape = {
    fields: () => ({ 1: values, 2: 'bytes', 8: tensor, 10: named }),
    done: (message) => lookAtConstants(new Map([[8, listOf(message, 2)]]), seen),
  };
  const attribute: Shape = { fields: () => ({ 1: 'text', 2: value }) };
  const named: Shape = { fields: () => ({ 1: 'text', 2: attribute }) };
  const node: Shape = {
    fields: () => ({ 1: 'text', 2: 'text', 5: attribute }),
    done: (message, offset) => judgeNode(message, offset, seen),
  };
  const own: Shape = { fields: () => ({ 3: node, 5: attribute }) };
  const library: Shape = { fields: () => ({ 1: own }) };
  const graph: Shape = { fields: () => ({ 1: node, 2: library }) };
  const user: Shape = { fields: () => ({ 1: 'text', 3: 'text' }), done: (message) => lookAtMetadata(textOf(message, 3), seen) };
  const object: Shape = { fields: () => ({ 4: user }) };
  const objects: Shape = { fields: () => ({ 1: object }) };
  const asset: Shape = { fields: () => ({ 2: 'text' }), done: (message, offset) => judgeAsset(textOf(message, 2), offset, seen) };
  const meta: Shape = { fields: () => ({ 1: 'data', 2: graph, 3: 'data', 4: 'data', 5: 'data', 6: asset, 7: objects }) };
  return { graph, meta };
}

const savedModel = (seen: Seen): Shape => ({
  fields: () => ({ 1: 'number', 2: shapesOf(seen).meta }),
  unknown: (number, from, to) =>
    tell(seen, 'format-trailing-data', `the field ${number} of ${to - from} bytes is none of a SavedModel`, { offset: from }),
});

/** SavedMetadata: nodes with their path, kind and configuration. */
function kerasMetadata(seen: Seen): Shape {
  const node: Shape = { fields: () => ({ 3: 'text', 4: 'text', 5: 'text' }), done: (message) => lookAtMetadata(textOf(message, 5), seen) };
  return { fields: () => ({ 1: node }) };
}

/** A graph, or the message around one: the first fields say which. */
function anyGraph(seen: Seen, head: Uint8Array): Shape {
  const { graph, meta } = shapesOf(seen);
  const fields = peekFields(head, 32) ?? [];
  const first = fields[0];
  const inner = first === undefined ? [] : (peekFields(head.subarray(first.start, first.start + first.value), 4) ?? []);
  const isNode = first?.number === 1 && inner[0]?.number === 1 && inner[1]?.number === 2;
  const isSaved = first?.number === 1 && first.wireType === 0;
  return isSaved
    ? savedModel(seen)
    : isMetaGraph(head)
      ? meta
      : isNode || first?.number === 4 || fields.every(({ number }) => number <= 2)
        ? graph
        : meta;
}

const isOperator = (name: string): boolean =>
  name.length > 0 && name.length < 200 && [...name.slice(0, 80)].every((c) => isOperatorLetter(c));
const isOperatorLetter = (c: string): boolean =>
  (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || '_>/.'.includes(c);

function judgeNode(message: Message, offset: number, seen: Seen): void {
  const [name, operator] = [textOf(message, 1), textOf(message, 2)];
  if (!isOperator(operator)) return;
  seen.nodes++;
  if (operator === 'PrintV2') seen.prints ??= offset;
  const known = operatorRule(operator);
  if (known === undefined) return;
  const { rule, does, severity } = known;
  tell(seen, rule, `the operator \`${operator}\` ${does} (node \`${name.slice(0, 100)}\`)`, {
    offset,
    seen: { operator, node: name.slice(0, 200), ...(seen.depth > 0 ? { inText: seen.depth } : {}) },
    ...(severity === undefined ? {} : { severity }),
  });
}

function judgeAsset(name: string, offset: number, seen: Seen): void {
  if (name.split(/[\\/]/).includes('..') || name.startsWith('/'))
    tell(seen, 'graph-file', `an asset is read from \`${name.slice(0, 200)}\``, { offset });
}

function lookAtMetadata(text: string, seen: Seen): void {
  if (text.length < 8 || !text.includes('class_name')) return;
  const { findings, nested } = judgeJson({ metadata: text }, seen.source.name);
  for (const found of findings) if (seen.findings.length < MAX_FINDINGS) seen.findings.push(found);
  seen.nested.push(...nested.slice(0, 100));
}

const MIN_GRAPH = 16;
const MAX_INNER = 3;

/** Texts of constants: paths, and whole graphs. */
function lookAtConstants(message: Message, seen: Seen): void {
  for (const bytes of listOf<Uint8Array>(message, 8)) {
    if (bytes.length >= 2 && bytes.length < 1024 && (seen.paths.size < MAX_PATHS || seen.printedTo === undefined)) {
      const text = new TextDecoder().decode(bytes);
      if (text.startsWith('file://')) seen.printedTo ??= text;
      if (text.startsWith('/') || text.includes('://') || text.includes('../') || text.startsWith('~'))
        if (seen.paths.size < MAX_PATHS) seen.paths.add(text.slice(0, 300));
    }
    if (bytes.length < MIN_GRAPH || (bytes[0] !== 0x0a && bytes[0] !== 0x12) || seen.depth >= MAX_INNER) continue;
    const before = seen.findings.length;
    seen.depth++;
    try {
      walkHeld({ source: seen.source, budget: seen.ctx.budget, depth: 0, fields: 0 }, bytes, 0, shapesOf(seen).graph);
    } catch (error) {
      if (!MsbomError.is(error)) throw error;
      // What is no graph to its end is no graph.
      seen.findings.length = before;
    }
    seen.depth--;
  }
}

/** Graphs as texts, which TensorFlow reads as well. Source: https://protobuf.dev/reference/protobuf/textformat-spec/ */
export function judgeGraphText(content: string): readonly Finding[] {
  const findings: Finding[] = [];
  for (let at = content.indexOf('op'); at >= 0 && findings.length < MAX_FINDINGS; at = content.indexOf('op', at + 2)) {
    let i = at + 2;
    while (isBlank(content[i])) i++;
    if (content[i] !== ':') continue;
    const operator = stringsAt(content, i + 1);
    const known = operatorRule(operator);
    if (known !== undefined)
      findings.push(
        finding(known.rule, `the operator \`${operator}\` ${known.does}`, {
          offset: at,
          ...(known.severity === undefined ? {} : { severity: known.severity }),
        }),
      );
  }
  return findings;
}

const isBlank = (c: string | undefined): boolean => c === ' ' || c === '\n' || c === '\t' || c === '\r';

/** Texts in quotes of either kind; those that follow one another are one. */
function stringsAt(content: string, from: number): string {
  let text = '';
  for (let i = from; i < content.length && text.length < 200; ) {
    while (isBlank(content[i])) i++;
    const quote = content[i];
    if (quote !== '"' && quote !== "'") break;
    const end = content.indexOf(quote, i + 1);
    if (end < 0 || end - i > 400) break;
    text += unescaped(content.slice(i + 1, end));
    i = end + 1;
  }
  return text;
}

/**
 * Code of TorchScript: the language looks like Python, and what it can call are operators. Those of PyTorch itself compute, but for
 * a few that touch files or the network; those of other namespaces come from libraries of machine code. Sources:
 * torch/csrc/jit/serialization/import_source.cpp (names that the importer knows), the schemas that
 * `torch._C._jit_get_all_schemas()` lists, and the operators that torchvision, torchaudio and torchtext register.
 */
import type { Finding } from '../inspector.js';
import { finding } from '../rules/index.js';
import type { Token } from './lexer.js';

interface Harm {
  readonly does: string;
  readonly severity: 'high' | 'medium';
}

const HARMS: readonly (Harm & { readonly names: string })[] = [
  {
    does: 'writes files',
    severity: 'high',
    names:
      'aten.save image.write_file torchaudio.sox_io_save_audio_file torchaudio.ffmpeg_Muxer torchcodec.encode_audio_to_file torchcodec_ns.encode_audio_to_file torchcodec_ns.encode_video_to_file fb.save',
  },
  {
    does: 'reads or changes a file',
    severity: 'high',
    names: 'aten.from_file',
  },
  {
    does: 'loads code',
    severity: 'high',
    names:
      'aten.load_library inductor.load aoti.load aten._load_library ops.load_library torch.load_library _C.load_library classes.load_library',
  },
  {
    does: 'opens connections',
    severity: 'high',
    names:
      'prim.rpc_async prim.rpc_sync prim.rpc_remote aten.rpc_async aten.rpc_sync aten.rpc_remote torchaudio.StreamReader torchaudio.ffmpeg_StreamReader',
  },
  {
    does: 'reads files',
    severity: 'medium',
    names:
      'aten.load image.read_file video_reader.read_video_from_file video_reader.probe_video_from_file torchaudio.sox_io_load_audio_file torchaudio.sox_io_get_info torchaudio.sox_effects_apply_effects_file torchtext._build_vocab_from_text_file torchtext._build_vocab_from_text_file_using_python_tokenizer torchtext._load_token_and_vectors_from_file torchtext.load_sp_model torchtext.sentencepiece_load_model torchcodec.create_from_file torchcodec_ns.create_from_file debugprims.load_tensor',
  },
];
/** Whole namespaces of operators and classes whose members send what they are given elsewhere, or read by a name. */
const NAMESPACES: readonly (Harm & { readonly names: string })[] = [
  {
    does: 'opens connections',
    severity: 'high',
    names: 'c10d _c10d_functional c10d_functional _c10d_functional_autograd dist_c10d dist_rpc rpc symm_mem',
  },
];
/** Classes of machine code by namespace and name. */
const CLASSES: readonly (Harm & { readonly names: string })[] = [
  {
    does: 'reads files or addresses',
    severity: 'high',
    names:
      'torchvision.Video torchaudio.ffmpeg_StreamReader torchaudio.ffmpeg_StreamWriter fbgemm.EmbeddingRocksDBWrapper aoti.AOTIModelPackageLoader aoti.OSSProxyExecutor',
  },
];

const table = (rows: readonly (Harm & { readonly names: string })[]): ReadonlyMap<string, Harm> =>
  new Map(rows.flatMap(({ names, ...harm }) => names.split(' ').map((name): [string, Harm] => [name, harm])));
const OPERATORS = table(HARMS);
const OF_NAMESPACE = table(NAMESPACES);
const OF_CLASS = table(CLASSES);

/** Namespaces that come with PyTorch. */
const OWN: ReadonlySet<string> = new Set(
  'aten prim prims quantized quantized_decomposed _quantized prepacked sparse mkldnn mkldnn_prepacked xnnpack onednn metal metal_prepack vulkan vulkan_prepack mps mkl static_runtime tensorexpr higher_order inductor profiler rngprims cuda nvprims torch_attn debugprims mtmlr_jit_fuser _test streams dim_order_ops executorch_prim executorch dim_order export _export _caffe2 preview _dtensor _native _native_aot coor debug_mode_ops flex_gemm flex_lib fsdp inductor_prims mempool onnx onnx_symbolic quantization'.split(
    ' ',
  ),
);
/** Classes that come with PyTorch. */
const OWN_CLASSES: ReadonlySet<string> = new Set([
  'quantized',
  'xnnpack',
  'sparse',
  'mkldnn',
  'metal',
  'vulkan',
  'rnn',
  'cuda',
  'profiling',
]);
/** Names of the language that call others. */
const BARE: ReadonlyMap<string, Harm> = new Map(
  ['rpc_async', 'rpc_sync', 'rpc_remote'].map((name) => [name, { does: 'opens connections', severity: 'high' }]),
);
const MAX_NAMES = 200;

/** What an operator does beyond computing; undefined where it only computes. `name` is `namespace.operator`. */
export function operatorHarm(name: string): Harm | undefined {
  const dot = name.indexOf('.');
  return OPERATORS.get(name.split('.', 2).join('.')) ?? (dot < 0 ? undefined : OF_NAMESPACE.get(name.slice(0, dot)));
}

/** What a class of machine code does beyond holding values; `name` is `namespace.Class`. */
export const classHarm = (name: string): string | undefined => (OF_CLASS.get(name) ?? OF_NAMESPACE.get(name.split('.', 1)[0] ?? ''))?.does;

/** Findings of operators by name: `aten.add`, `torchvision.nms`. */
export function judgeOperators(names: Iterable<string>, offset?: number): readonly Finding[] {
  const harmful = new Map<string, { readonly harm: Harm; readonly names: string[] }>();
  const foreign = new Set<string>();
  const place = offset === undefined ? {} : { offset };
  for (const name of names) {
    const harm = operatorHarm(name);
    const [namespace = ''] = name.split('.', 1);
    if (harm !== undefined) {
      const same = harmful.get(harm.does) ?? { harm, names: [] };
      harmful.set(harm.does, same);
      if (same.names.length < MAX_NAMES) same.names.push(name);
    }
    if (!OWN.has(namespace) && foreign.size < MAX_NAMES) foreign.add(name);
  }
  const findings = [...harmful.values()].map(({ harm, names: list }) =>
    finding('graph-file', `${shown(list)}, which ${harm.does}`, { ...place, severity: harm.severity, seen: { operators: list } }),
  );
  if (foreign.size > 0)
    findings.push(
      finding('graph-custom-operator', `needs operators of others: ${[...foreign].slice(0, 20).join(', ')}`.slice(0, 400), {
        ...place,
        seen: { operators: [...foreign] },
      }),
    );
  return findings;
}

const shown = (names: readonly string[]): string =>
  `calls ${names
    .slice(0, 20)
    .map((name) => `\`${name}\``)
    .join(', ')}`;

/** The operators and classes of machine code that the code names, and their findings. */
export function judgeTorchScript(list: readonly Token[]): readonly Finding[] {
  const { operators, classes, at } = named(list);
  const findings = [...judgeOperators(operators, at)];
  const foreign: string[] = [];
  for (const name of classes) {
    const [namespace = ''] = name.split('.', 1);
    const harm = OF_CLASS.get(name) ?? OF_NAMESPACE.get(namespace);
    if (harm !== undefined)
      findings.push(finding('graph-file', `makes objects of \`${name}\`, which ${harm.does}`, { severity: harm.severity }));
    else if (!OWN_CLASSES.has(namespace)) foreign.push(name);
  }
  if (foreign.length > 0)
    findings.push(
      finding('graph-custom-operator', `needs classes of others: ${foreign.slice(0, 20).join(', ')}`.slice(0, 400), {
        seen: { classes: foreign },
      }),
    );
  return findings;
}

interface Named {
  readonly operators: ReadonlySet<string>;
  readonly classes: ReadonlySet<string>;
  /** Of the first operator that does more than compute. */
  at: number | undefined;
}

/**
 * Names that begin with `torch` or `ops`, or with what was made of these: a namespace can be given a name of its own, can stand in
 * brackets, and `getattr` takes a member by a text.
 */
function named(list: readonly Token[]): Named {
  const found = { operators: new Set<string>(), classes: new Set<string>(), at: undefined as number | undefined };
  const aliases = new Map<string, string>();
  const known = definedNames(list);
  for (let i = 0; i < list.length; i++) {
    const token = list[i];
    if (token?.kind === 'name' && list[i - 1]?.text !== '.' && list[i - 1]?.text !== 'def') {
      const { path, next } = pathAt(list, i, aliases);
      if (BARE.has(path) && list[next]?.text === '(') add(`prim.${path}`, token.at);
      const target = list[i - 1];
      if (target?.text === '=' && list[i - 2]?.kind === 'name' && rootOf(path) !== undefined && endsStatement(list[next]))
        aliases.set(list[i - 2]?.text ?? '', path);
      take(path, token.at);
      i = Math.max(i, next - 1);
    } else if (token?.kind === 'mark' && token.text === '.' && list[i - 1]?.text === ')') {
      // The value of brackets: of a module it is a method, of anything else it may be a namespace.
      const name = list[i + 1];
      const open = opening(list, i - 1);
      if (name?.kind !== 'name' || list[open + 1]?.text === 'self') continue;
      const inner = pathAt(list, open + 1, aliases);
      if (rootOf(inner.path) !== undefined && inner.next === i - 1) take(pathAt(list, i + 1, new Map(), inner.path).path, name.at);
      else if (list[i + 2]?.text === '(' && RARE.has(name.text) && !known.has(name.text)) take(`torch.${name.text}`, name.at);
    }
  }
  return found;

  function take(path: string, at: number): void {
    const root = rootOf(path);
    if (root === undefined) return;
    const [namespace = '', name] = root.rest;
    if (namespace === '') return;
    if (root.kind === 'classes') {
      if (name !== undefined) found.classes.add(`${namespace}.${name}`);
    } else if (root.kind === 'ops') add(name === undefined ? `ops.${namespace}` : `${namespace}.${name}`, at, name === undefined);
    else add(`aten.${namespace}`, at);
  }
  function add(name: string, at: number, isBare = false): void {
    if (found.operators.size >= 50_000 || (isBare && operatorHarm(name) === undefined)) return;
    found.operators.add(name);
    if (operatorHarm(name) !== undefined) found.at ??= at;
  }
}

/** Names of operators that no method of a module is called by chance. */
const RARE: ReadonlySet<string> = new Set(['save', 'from_file', 'load_library', 'read_file', 'write_file', 'rpc_async', 'rpc_sync']);

/** `torch.a`, `ops.n.a`, `torch.ops.n.a`, `__torch__.torch.classes.n.C`. */
function rootOf(path: string): { readonly kind: 'torch' | 'ops' | 'classes'; readonly rest: readonly string[] } | undefined {
  let parts = path.split('.');
  if (parts[0] === '__torch__') parts = parts.slice(1);
  if (parts[0] === 'ops') return { kind: 'ops', rest: parts.slice(1) };
  if (parts[0] !== 'torch') return undefined;
  if (parts[1] === 'ops' || parts[1] === 'classes') return { kind: parts[1], rest: parts.slice(2) };
  // Types and functions of the language stand in longer paths.
  return path.startsWith('__torch__') ? undefined : { kind: 'torch', rest: parts.slice(1) };
}

const endsStatement = (token: Token | undefined): boolean => token === undefined || token.kind === 'line';

/** The dotted name at an index, behind the name `before`, with aliases resolved; `getattr(torch, "save")` is `torch.save`. */
function pathAt(
  list: readonly Token[],
  from: number,
  aliases: ReadonlyMap<string, string>,
  before = '',
  depth = 0,
): { readonly path: string; readonly next: number } {
  let i = from;
  let path = '';
  if (list[i]?.text === 'getattr' && list[i + 1]?.text === '(' && depth < 8) {
    const of = pathAt(list, i + 2, aliases, '', depth + 1);
    const name = list[of.next + 1];
    if (list[of.next]?.text !== ',' || name?.kind !== 'string') return { path: 'getattr', next: from + 1 };
    path = `${of.path}.${name.text}`;
    i = of.next + 2 + (list[of.next + 2]?.text === ')' ? 1 : 0);
  } else {
    const first = list[i]?.text ?? '';
    path = list[i]?.kind === 'name' ? (aliases.get(first) ?? first) : '';
    if (before !== '') path = `${before}.${path}`;
    i++;
  }
  while (list[i]?.text === '.' && list[i]?.kind === 'mark' && list[i + 1]?.kind === 'name') {
    path += `.${list[i + 1]?.text ?? ''}`;
    i += 2;
  }
  return { path, next: i };
}

/** The bracket that the one at `close` ends; at most so many tokens before. */
function opening(list: readonly Token[], close: number): number {
  let depth = 0;
  for (let i = close; i >= 0 && close - i < 200; i--) {
    if (list[i]?.kind !== 'mark') continue;
    if (list[i]?.text === ')') depth++;
    if (list[i]?.text === '(' && --depth === 0) return i;
  }
  return close;
}

function definedNames(list: readonly Token[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (let i = 1; i < list.length; i++) if (list[i - 1]?.text === 'def') names.add(list[i]?.text ?? '');
  return names;
}

/** Names that configurations have called or made for them: `_target_` of Hydra, tags of YAML. */
import type { Finding } from '../inspector.js';
import { judgeName } from '../pickle/names.js';
import { finding } from '../rules/index.js';

/** Functions below modules that are denied as a whole which configurations use, and which only tell something. */
const TELLING: ReadonlySet<string> = new Set([
  'os.getenv',
  'os.getcwd',
  'os.cpu_count',
  'os.environ.get',
  'os.getpid',
  'pathlib.Path',
  'pathlib.PosixPath',
  'pathlib.WindowsPath',
  'pathlib.PurePath',
  'builtins.getattr',
  'functools.partial',
  'operator.attrgetter',
  'operator.itemgetter',
  'torch.load',
  'numpy.load',
  'joblib.load',
]);

/** Libraries that training is made of: that they fetch, read and write data is what a configuration asks them for. */
const LIBRARIES: ReadonlySet<string> = new Set(
  'torch torchvision transformers datasets huggingface_hub tensorflow keras mlflow sklearn pandas numpy xgboost nltk gdown fsspec timm onnx joblib'.split(
    ' ',
  ),
);
const DATA: ReadonlySet<string> = new Set([
  'opens connections',
  'reads, writes or deletes files',
  'loads another pickle or object file, which runs what that one holds',
]);

/** What a dotted name does that is called with given arguments; undefined when it is not known to do harm. */
export function harmOf(name: string): string | undefined {
  const bare = name.trim();
  if (TELLING.has(bare) || bare.startsWith('os.path.')) return undefined;
  const dot = bare.lastIndexOf('.');
  const { grade, does } = judgeName(dot < 0 ? 'builtins' : bare.slice(0, dot), bare.slice(dot + 1), new Set());
  if (grade !== 'denied' || (DATA.has(does ?? '') && LIBRARIES.has(bare.split('.', 1)[0] ?? ''))) return undefined;
  return does ?? 'does harm';
}

/** How a member of a configuration names what is imported: a name of its own, or a word of every day, which may mean anything. */
type Naming = 'function' | 'module' | 'anything';

/**
 * Members beside `_target_` whose texts are imported, and called: `_component_` of torchtune, `class_path` of Lightning, `py/…` of
 * jsonpickle, `loader_module` of MLflow; `target`, `type` and others of many.
 */
const NAMES: ReadonlyMap<string, Naming> = new Map([
  ['_component_', 'function'],
  ['class_path', 'function'],
  ['import_path', 'function'],
  ['py/object', 'function'],
  ['py/function', 'function'],
  ['py/type', 'function'],
  ['loader_module', 'module'],
  ['parent_library', 'module'],
  ['target', 'anything'],
  ['type', 'anything'],
  ['callable', 'anything'],
  ['function', 'anything'],
  ['fn', 'anything'],
  ['func', 'anything'],
  ['factory', 'anything'],
  ['builder', 'anything'],
]);
export const NAMING_KEYS: readonly string[] = [...NAMES.keys()];
/** Modules that no word of every day is followed by. */
const CLEAR: ReadonlySet<string> = new Set(
  'os posix nt subprocess builtins importlib runpy pty shutil ctypes socket pickle marshal'.split(' '),
);
/** Modules with these beginnings are loaders by trade. */
const LOADERS = ['mlflow', 'joblib', 'torch', 'keras', 'tensorflow'];

/** Judges a member of a configuration by its key. */
export function judgeNamed(key: string, value: string, findings: Finding[], offset?: number): void {
  const naming = NAMES.get(key);
  if (naming === undefined || value.length > 300) return;
  const name = `${value.replace(':', '.')}${naming === 'module' ? '.x' : ''}`;
  const parts = name.split('.');
  const root = parts[0] ?? '';
  if (parts.length < 2 || parts.some((part) => !isName(part)) || (naming === 'anything' && !CLEAR.has(root))) return;
  if (naming === 'module' && LOADERS.includes(root)) return;
  const does = harmOf(name);
  if (does === undefined) return;
  findings.push(
    finding('config-target', `\`${key}\` is \`${value.slice(0, 200)}\`, which ${does}`, {
      seen: { import: value.slice(0, 200) },
      ...(offset === undefined ? {} : { offset }),
    }),
  );
}

const isName = (part: string): boolean =>
  part !== '' && [...part].every((c) => c === '_' || (c >= '0' && c <= '9') || c.toLowerCase() !== c.toUpperCase());

/** A `_target_`, which Hydra and its relatives import and call. */
export function judgeTarget(name: string, findings: Finding[], offset?: number): void {
  const does = harmOf(name);
  if (does === undefined && name.includes('${')) {
    findings.push(
      finding('config-target', `\`_target_\` is put together from \`${name.slice(0, 200)}\``, {
        severity: 'low',
        verdict: 'suspicious',
        seen: { import: name.slice(0, 200) },
        ...(offset === undefined ? {} : { offset }),
      }),
    );
    return;
  }
  if (does === undefined) return;
  findings.push(
    finding('config-target', `\`_target_\` is \`${name.slice(0, 200)}\`, which ${does}`, {
      seen: { import: name.slice(0, 200) },
      ...(offset === undefined ? {} : { offset }),
    }),
  );
}

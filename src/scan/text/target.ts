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

/** What a dotted name does that is called with given arguments; undefined when it is not known to do harm. */
export function harmOf(name: string): string | undefined {
  const bare = name.trim();
  if (TELLING.has(bare) || bare.startsWith('os.path.')) return undefined;
  const dot = bare.lastIndexOf('.');
  const { grade, does } = judgeName(dot < 0 ? 'builtins' : bare.slice(0, dot), bare.slice(dot + 1), new Set());
  return grade === 'denied' ? (does ?? 'does harm') : undefined;
}

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

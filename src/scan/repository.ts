/** What only the files of a directory together tell. */
import type { FileScan } from './engine.js';
import type { Finding } from './inspector.js';
import { finding } from './rules/index.js';
import { sortScanFindings, verdictOf } from './verdict.js';

/** Modules that loaders of models import; a file of that name in the working directory is taken instead. */
const IMPORTED: ReadonlySet<string> = new Set(
  '_codecs collections copyreg functools json os pathlib pickle zipfile joblib keras numpy pandas safetensors scipy sklearn tensorflow tokenizers torch torchvision transformers diffusers peft onnx onnxruntime'.split(
    ' ',
  ),
);

/** Findings by the path of the file that they are about. */
export function judgeRepository(paths: readonly string[]): ReadonlyMap<string, readonly Finding[]> {
  const found = new Map<string, readonly Finding[]>();
  for (const path of paths) {
    const parts = path.split('/');
    const [first = '', second] = parts;
    const module =
      parts.length === 1 && first.endsWith('.py') ? first.slice(0, -3) : second === '__init__.py' && parts.length === 2 ? first : undefined;
    if (module !== undefined && IMPORTED.has(module))
      found.set(path, [finding('module-shadowing', `is imported as \`${module}\` by what runs in this directory`, { seen: { module } })]);
  }
  return found;
}

/** A scan with more findings. */
export function withFindings(scan: FileScan, more: readonly Finding[] | undefined): FileScan {
  if (more === undefined || more.length === 0) return scan;
  const findings = sortScanFindings([...scan.findings, ...more]);
  return { ...scan, findings, verdict: verdictOf(findings, scan.status) };
}

import type { Finding } from '../core/finding.js';
import { type Contribution, directoryOf } from './contribution.js';
import type { WeightFile } from './weights.js';

/** Files that others describe: TensorFlow.js weight shards and ONNX external data. */
export function companionNotes(
  files: readonly WeightFile[],
  sizes: ReadonlyMap<string, number>,
): { contributions: readonly Contribution[]; findings: readonly Finding[] } {
  const contributions: Contribution[] = [];
  const findings: Finding[] = [];
  for (const { path, facts } of files) {
    const companions = (facts?.companions ?? []).map((name) => directoryOf(path) + name.replace(/^\.\//, ''));
    for (const companion of companions) {
      if (sizes.has(companion)) contributions.push(companionNote(companion, path));
      else
        findings.push({
          id: 'companion-missing',
          severity: 'high',
          message: `the weights in \`${companion}\` are not there`,
          fix: 'Fetch the missing file, then collect again.',
          file: path,
        });
    }
    const bytes = facts?.tensors?.bytes;
    const present = companions.reduce((sum, companion) => sum + (sizes.get(companion) ?? 0), 0);
    if (
      facts?.format === 'tensorflowjs' &&
      companions.every((companion) => sizes.has(companion)) &&
      companions.length > 0 &&
      bytes !== undefined &&
      bytes !== present
    ) {
      findings.push({
        id: 'companion-size',
        severity: 'high',
        message: `the weights need ${bytes} bytes, their files have ${present}`,
        fix: 'Fetch the files again.',
        file: path,
      });
    }
  }
  return { contributions, findings };
}

function companionNote(path: string, describedBy: string): Contribution {
  const facts = { role: 'weights', inspection: { status: 'partial', reason: `raw tensor data, described by ${describedBy}` } };
  return { kind: 'file', path, facts, from: { origin: 'observed', path: describedBy, method: 'weights manifest' } };
}

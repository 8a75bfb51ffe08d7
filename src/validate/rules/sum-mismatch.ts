import type { Artifact, Manifest } from '../../schema/index.js';
import { defineRule, type Report } from '../rule.js';

export const sumMismatch = defineRule({
  meta: {
    id: 'sum-mismatch',
    severity: 'high',
    title: 'Numbers that must agree do not',
    fix: 'Correct the number that was written by hand, or collect again.',
  },
  check(manifest, report) {
    manifest.artifacts?.forEach((artifact, i) => {
      checkTensors(`/artifacts/${i}`, artifact, report);
    });
    checkParameters(manifest, report);
    manifest.datasets?.forEach(({ size, files }, i) => {
      if (size?.bytes === undefined || files === undefined) return;
      const sum = files.reduce((total, file) => total + (file.pointer?.size ?? file.size), 0);
      if (sum > size.bytes) report(`/datasets/${i}/size/bytes`, `the dataset has ${size.bytes} bytes, its files ${sum}`);
    });
  },
});

function checkTensors(pointer: string, { tensors, size, path, pointer: storage, format }: Artifact, report: Report): void {
  if (tensors === undefined) return;
  const sum = Object.values(tensors.dtypes ?? {}).reduce((total, count) => total + count, 0);
  if (tensors.parameters !== undefined && tensors.dtypes !== undefined && sum !== tensors.parameters) {
    report(`${pointer}/tensors/parameters`, `\`${path}\` has ${tensors.parameters} parameters, its data types add up to ${sum}`);
  }
  // Only where the tensors lie uncompressed in the file itself can their bytes be compared with its size.
  if (storage === undefined && format?.serialization === 'safetensors' && (tensors.bytes ?? 0) > size) {
    report(`${pointer}/tensors/bytes`, `\`${path}\` has ${size} bytes, its tensors need ${tensors.bytes}`);
  }
}

/** The model cannot have more parameters than all of its files together, unless files are missing. */
function checkParameters({ model, artifacts = [], bom }: Manifest, report: Report): void {
  const stated = model?.parameterCount?.total;
  const weights = artifacts.filter(({ role }) => role === 'weights' || role === 'adapter' || role === 'checkpoint');
  const counted = weights.filter(({ tensors }) => tensors?.parameters !== undefined);
  if (stated === undefined || counted.length === 0) return;
  const sum = counted.reduce((total, { tensors }) => total + (tensors?.parameters ?? 0), 0);
  if (stated > sum && counted.length === weights.length) {
    const whole = bom.coverage?.artifacts === 'complete';
    report('/model/parameterCount/total', `the model has ${stated} parameters, all of its weight files together ${sum}`, {
      severity: whole ? 'high' : 'medium',
    });
  }
  const active = model?.parameterCount?.active;
  if (active !== undefined && active > stated)
    report('/model/parameterCount/active', `${active} parameters are active, of ${stated} in all`);
}

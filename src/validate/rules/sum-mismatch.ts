import { pointerStep } from '../../core/json-pointer.js';
import type { Artifact, Dataset, Manifest } from '../../schema/index.js';
import { ownArtifacts } from '../models.js';
import { defineRule, type Report } from '../rule.js';

export const sumMismatch = defineRule({
  meta: {
    id: 'sum-mismatch',
    clause: '5.7',
    severity: 'high',
    title: 'Numbers that must agree do not',
    fix: 'Correct the number that was written by hand, or collect again.',
  },
  check(manifest, report) {
    for (const [path, artifact] of Object.entries(manifest.artifacts ?? {})) checkTensors(path, artifact, report);
    checkParameters(manifest, report);
    for (const [id, dataset] of Object.entries(manifest.datasets ?? {}))
      checkBytes(`/datasets${pointerStep(id)}`, dataset, manifest, report);
  },
});

function checkBytes(at: string, { size, artifacts = [], files = {} }: Dataset, manifest: Manifest, report: Report): void {
  if (size?.bytes === undefined) return;
  const here = manifest.artifacts ?? {};
  const listed = [...artifacts.map((path) => (Object.hasOwn(here, path) ? here[path] : undefined)), ...Object.values(files)];
  const sum = listed.reduce((total, file) => total + (file?.pointer?.size ?? file?.size ?? 0), 0);
  if (sum > size.bytes) report(`${at}/size/bytes`, `the dataset has ${size.bytes} bytes, its files ${sum}`);
}

function checkTensors(path: string, { tensors, size, pointer: storage, format }: Artifact, report: Report): void {
  if (tensors === undefined) return;
  const at = `/artifacts${pointerStep(path)}/tensors`;
  const sum = Object.values(tensors.dtypes ?? {}).reduce((total, count) => total + count, 0);
  if (tensors.parameters !== undefined && tensors.dtypes !== undefined && sum !== tensors.parameters)
    report(`${at}/parameters`, `\`${path}\` has ${tensors.parameters} parameters, its data types add up to ${sum}`);
  // Only where the tensors lie uncompressed in the file itself can their bytes be compared with its size.
  if (storage === undefined && format?.serialization === 'safetensors' && (tensors.bytes ?? 0) > size)
    report(`${at}/bytes`, `\`${path}\` has ${size} bytes, its tensors need ${tensors.bytes}`);
}

/** Files of the parts that the model is put together from. */
function partArtifacts({ model, models = {}, artifacts = {} }: Manifest): readonly Artifact[] {
  const parts = Object.values(model?.composition ?? {}).filter(({ relation }) => relation === 'part');
  const paths = new Set(parts.flatMap(({ model: id }) => (Object.hasOwn(models, id) ? (models[id]?.artifacts ?? []) : [])));
  return Object.entries(artifacts).flatMap(([path, artifact]) => (paths.has(path) ? [artifact] : []));
}

/** The model cannot have more parameters than all of its files together, unless files are missing. */
function checkParameters(manifest: Manifest, report: Report): void {
  const { total: stated, active } = manifest.model?.parameterCount ?? {};
  const files = manifest.model === undefined ? [] : [...ownArtifacts(manifest), ...partArtifacts(manifest)];
  const weights = files.filter(({ role }) => role === 'weights' || role === 'adapter' || role === 'checkpoint');
  const counted = weights.filter(({ tensors }) => tensors?.parameters !== undefined);
  if (stated !== undefined && counted.length > 0) {
    const sum = counted.reduce((total, { tensors }) => total + (tensors?.parameters ?? 0), 0);
    const whole = manifest.bom.coverage?.artifacts === 'complete';
    if (stated > sum && counted.length === weights.length)
      report('/model/parameterCount/total', `the model has ${stated} parameters, all of its weight files together ${sum}`, {
        severity: whole ? 'high' : 'medium',
      });
  }
  if (stated !== undefined && active !== undefined && active > stated)
    report('/model/parameterCount/active', `${active} parameters are active, of ${stated} in all`);
}

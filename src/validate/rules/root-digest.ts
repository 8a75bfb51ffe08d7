import { type DigestedFile, rootDigest as rootOf } from '../../core/digest.js';
import type { DigestSet } from '../../schema/index.js';
import { defineRule, type Report } from '../rule.js';

export const rootDigest = defineRule({
  meta: {
    id: 'root-digest',
    severity: 'high',
    title: 'A root digest does not follow from the digests of the files',
    fix: 'Collect the files again, or leave the root digest out.',
  },
  check({ model, artifacts = [], adapters = [], datasets = [] }, report) {
    compare('/model/rootDigest', model?.rootDigest, artifacts, report);
    const files = new Map(artifacts.map((artifact) => [artifact.path, artifact]));
    adapters.forEach((adapter, i) => {
      const own = (adapter.artifacts ?? []).map((path) => files.get(path)).filter((file) => file !== undefined);
      if (own.length === adapter.artifacts?.length) compare(`/adapters/${i}/digest`, adapter.digest, own, report);
    });
    datasets.forEach((dataset, i) => {
      // A single file may be given by its own digest.
      if (dataset.files?.length === 1 && dataset.files[0]?.digest.sha256 === dataset.digest?.sha256) return;
      compare(`/datasets/${i}/digest`, dataset.digest, dataset.files ?? [], report);
    });
  },
});

function compare(pointer: string, stated: DigestSet | undefined, files: readonly DigestedFile[], report: Report): void {
  if (stated?.sha256 === undefined || files.length === 0) return;
  const computed = rootOf(files);
  if (computed !== stated.sha256)
    report(`${pointer}/sha256`, `the root digest is ${stated.sha256.slice(0, 12)}…, the files give ${computed?.slice(0, 12)}…`);
}

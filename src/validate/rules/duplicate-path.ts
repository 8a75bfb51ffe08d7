import { defineRule, type Report } from '../rule.js';

export const duplicatePath = defineRule({
  meta: {
    id: 'duplicate-path',
    severity: 'high',
    title: 'A file is listed twice',
    fix: 'Keep one entry for each file.',
  },
  check({ artifacts = [], datasets = [] }, report) {
    checkPaths('/artifacts', artifacts, report);
    datasets.forEach(({ files = [] }, i) => {
      checkPaths(`/datasets/${i}/files`, files, report);
    });
  },
});

function checkPaths(pointer: string, files: readonly { readonly path: string }[], report: Report): void {
  const exact = new Set<string>();
  const folded = new Map<string, string>();
  files.forEach(({ path }, i) => {
    const place = `${pointer}/${i}/path`;
    const fold = path.normalize('NFC').toLowerCase();
    const twin = folded.get(fold);
    if (exact.has(path)) report(place, `\`${path}\` is listed twice`);
    else if (twin !== undefined) {
      report(place, `\`${path}\` and \`${twin}\` are one file on systems that do not tell letter case apart`, {
        severity: 'low',
        fix: 'Rename one of them if the model is to be used on Windows or macOS.',
      });
    }
    exact.add(path);
    folded.set(fold, path);
  });
}

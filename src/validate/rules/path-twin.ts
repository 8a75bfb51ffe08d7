import { pointerStep } from '../../core/json-pointer.js';
import { fileMapsOf } from '../models.js';
import { defineRule } from '../rule.js';

export const pathTwin = defineRule({
  meta: {
    id: 'path-twin',
    clause: '5.8',
    severity: 'low',
    title: 'Two paths are one file where letter case or Unicode form is not told apart',
    fix: 'Rename one of them if the files are to be used on Windows or macOS.',
  },
  check(manifest, report) {
    for (const [pointer, files] of fileMapsOf(manifest)) {
      const folded = new Map<string, string>();
      for (const path of Object.keys(files)) {
        const fold = path.normalize('NFC').toLowerCase();
        const twin = folded.get(fold);
        if (twin !== undefined)
          report(pointer + pointerStep(path), `\`${path}\` and \`${twin}\` are one file on systems that do not tell them apart`);
        folded.set(fold, path);
      }
    }
  },
});

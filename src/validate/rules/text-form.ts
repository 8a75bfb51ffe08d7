import { pointerStep } from '../../core/json-pointer.js';
import { fileMapsOf } from '../models.js';
import { defineRule } from '../rule.js';

export const textForm = defineRule({
  meta: {
    id: 'text-form',
    clause: '1.5',
    severity: 'high',
    title: 'A text has no UTF-8 form, or a path has a NUL',
    fix: 'Correct the text; half of a surrogate pair and the NUL of a path cannot be written.',
  },
  check(manifest, report, { forms, texts }) {
    for (const { pointer, value } of texts) if (!value.isWellFormed()) report(pointer, 'the text has half of a surrogate pair');
    for (const { pointer, value } of forms) if (value.includes('\u0000')) report(pointer, 'the text has a NUL');
    for (const [pointer, files] of fileMapsOf(manifest))
      for (const path of Object.keys(files))
        if (path.includes('\u0000') || !path.isWellFormed())
          report(pointer + pointerStep(path), `${JSON.stringify(path)} cannot be the path of a file`);
  },
});

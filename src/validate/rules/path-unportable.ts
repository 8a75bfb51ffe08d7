import { pointerStep } from '../../core/json-pointer.js';
import { fileMapsOf } from '../models.js';
import { defineRule } from '../rule.js';

/** Names that Windows reserves, and characters that file systems or shells trip over. */
const RESERVED = /(^|\/)(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.[^/]*)?(\/|$)/i;
const AWKWARD = /[\u0001-\u001f\u007f<>:"|?*\\]|[ .](\/|$)/;

export const pathUnportable = defineRule({
  meta: {
    id: 'path-unportable',
    clause: '5.8',
    severity: 'low',
    title: 'A path cannot exist on every file system',
    fix: 'Rename the file before publishing the model.',
  },
  check(manifest, report) {
    for (const [pointer, files] of fileMapsOf(manifest))
      for (const path of Object.keys(files))
        if (RESERVED.test(path) || AWKWARD.test(path))
          report(pointer + pointerStep(path), `${JSON.stringify(path)} cannot be created on every file system`);
  },
});

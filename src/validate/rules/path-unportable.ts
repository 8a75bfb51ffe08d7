import { defineRule } from '../rule.js';

/** Names that Windows reserves, and characters that file systems or shells trip over. */
const RESERVED = /(^|\/)(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.[^/]*)?(\/|$)/i;
const AWKWARD = /[\u0001-\u001f\u007f<>:"|?*\\]|[ .](\/|$)/;

export const pathUnportable = defineRule({
  meta: {
    id: 'path-unportable',
    severity: 'low',
    title: 'A path cannot exist on every file system',
    fix: 'Rename the file before publishing the model.',
  },
  check({ artifacts = [] }, report) {
    artifacts.forEach(({ path }, i) => {
      if (RESERVED.test(path) || AWKWARD.test(path))
        report(`/artifacts/${i}/path`, `${JSON.stringify(path)} cannot be created on every file system`);
    });
  },
});

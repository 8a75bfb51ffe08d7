import { pointerStep } from '../../core/json-pointer.js';
import { SHAPES } from '../../schema/index.js';
import { defineRule } from '../rule.js';

export const digestForm = defineRule({
  meta: {
    id: 'digest-form',
    clause: '5.1',
    severity: 'high',
    title: 'A digest of an algorithm that the specification does not name is no text',
    fix: 'Write the digest as a text, in lower-case hexadecimal where the algorithm makes bytes.',
  },
  check(_manifest, report, { of }) {
    for (const { pointer, value } of of<Readonly<Record<string, unknown>>>('DigestSet'))
      for (const [algorithm, digest] of Object.entries(value)) {
        if (Object.hasOwn(SHAPES.DigestSet, algorithm)) continue;
        if (typeof digest !== 'string' || digest === '') report(pointer + pointerStep(algorithm), `the digest \`${algorithm}\` is no text`);
      }
  },
});

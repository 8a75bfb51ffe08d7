import { pointerStep } from '../../core/json-pointer.js';
import { defineRule } from '../rule.js';

export const datasetOrigin = defineRule({
  meta: {
    id: 'dataset-origin',
    clause: '6.2',
    severity: 'high',
    title: 'A dataset is said to be original and to be made from others',
    fix: 'Remove `original` or the sources.',
  },
  check({ bom, datasets = {} }, report) {
    for (const [id, { name, original, sources }] of Object.entries(datasets)) {
      const pointer = `/datasets${pointerStep(id)}`;
      if (original === true && sources !== undefined)
        report(`${pointer}/original`, `\`${name}\` is said to be original, but it has sources`);
      else if (original === undefined && sources === undefined && !declared(bom.declarations, pointer))
        report(pointer, `nobody says whether \`${name}\` was collected anew or made from other datasets`, {
          severity: bom.subject === id ? 'low' : 'info',
          fix: 'Say `original: true`, name its `sources`, or declare `sources` as unknown.',
        });
    }
  },
});

const declared = (declarations: object | undefined, pointer: string): boolean =>
  [pointer, `${pointer}/sources`, `${pointer}/original`].some((place) => Object.hasOwn(declarations ?? {}, place));

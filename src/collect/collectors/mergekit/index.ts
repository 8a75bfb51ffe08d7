/** mergekit_config.yml: which models were merged, how, and in which shares. Source: https://github.com/arcee-ai/mergekit */

import { decodeUtf8 } from '../../../core/json.js';
import { parseYaml } from '../../../core/yaml.js';
import { baseName, type Collector, type Contribution, type Origin, RANKS } from '../../contribution.js';
import { asName, asObject, asText, type Loose } from '../../values.js';
import { ancestor } from '../shared/ancestor.js';
import { unreadable } from '../shared/json-file.js';

const METHOD = 'merge recipe';

export const mergekit: Collector = {
  id: 'mergekit',
  files: '`mergekit_config.yml`',
  matches: (path) => /^mergekit_config\.ya?ml$/.test(baseName(path)),
  collect({ path, bytes }) {
    let text: string;
    try {
      text = decodeUtf8(bytes, path);
    } catch {
      return { contributions: [], findings: [unreadable(path, 'the file is not valid UTF-8')] };
    }
    const parsed = parseYaml(text);
    if ('problem' in parsed)
      return { contributions: [], findings: [unreadable(path, `the recipe is not YAML: ${parsed.problem}`, parsed.place)] };
    const recipe = asObject(parsed.value);
    return { contributions: recipe === undefined ? [] : recipeFacts(path, recipe) };
  },
};

function recipeFacts(path: string, recipe: Loose): Contribution[] {
  const from = (key: string): Origin => ({ origin: 'declared', path, key, method: METHOD });
  const base = asName(recipe.base_model) ?? asName(asObject(recipe.base_model)?.model);
  const method = asText(recipe.merge_method);
  const slices = list(recipe.slices).flatMap((slice) => list(slice.sources));
  const merged = [...list(recipe.models), ...slices].flatMap((entry): Contribution[] => {
    const name = asText(entry.model) ?? asText(asObject(entry.model)?.model);
    if (name === undefined) return [];
    const weight = Number(asText(asObject(entry.parameters)?.weight) ?? Number.NaN);
    const share = Number.isFinite(weight) ? { weight } : {};
    // The base of a task-arithmetic merge is listed among the models too.
    const role = name === base ? 'base' : 'merged';
    return [
      {
        kind: 'addition',
        list: '/model/lineage/parents',
        item: { ...ancestor(name), relation: 'merge', role, ...share },
        from: from('models'),
      },
    ];
  });
  return [
    { kind: 'claim', pointer: '/model/lineage/parents/*/relation', value: 'merge', rank: RANKS.config, from: from('merge_method') },
    ...(method === undefined
      ? []
      : [
          {
            kind: 'claim',
            pointer: '/model/lineage/modifications',
            value: `merged by ${method}`,
            rank: RANKS.config,
            from: from('merge_method'),
          } as const,
        ]),
    ...(base === undefined
      ? []
      : [
          {
            kind: 'addition',
            list: '/model/lineage/parents',
            item: { ...ancestor(base), relation: 'merge', role: 'base' },
            from: from('base_model'),
          } as const,
        ]),
    ...merged,
  ];
}

const list = (value: unknown): readonly Loose[] =>
  (Array.isArray(value) ? value.slice(0, 10_000) : []).map(asObject).filter((item) => item !== undefined);

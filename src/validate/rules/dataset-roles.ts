import { pointerStep } from '../../core/json-pointer.js';
import type { DatasetUse, Manifest, Metric } from '../../schema/index.js';
import { TRAINING_ROLES } from '../models.js';
import { defineRule } from '../rule.js';

const TESTING_ROLES: ReadonlySet<string> = new Set(['validation', 'testing', 'calibration']);
type Metrics = Readonly<Record<string, Metric>> | undefined;
type Uses = Readonly<Record<string, DatasetUse>> | undefined;

export const datasetRoles = defineRule({
  meta: {
    id: 'dataset-roles',
    clause: '6.4',
    severity: 'high',
    title: 'The roles of a dataset do not agree with its uses',
    fix: 'Correct `roles`, or the `role` of the uses.',
  },
  check(manifest, report) {
    const { datasets = {} } = manifest;
    if (manifest.model === undefined) return;
    const uses = usesOf(manifest);
    for (const [id, { name, roles }] of Object.entries(datasets)) {
      const found = uses.get(id);
      if (roles === undefined || found === undefined) continue;
      const pointer = `/datasets${pointerStep(id)}/roles`;
      const unsaid = [...found.stated].filter((role) => !roles.includes(role));
      const unused = roles.filter((role) => role !== 'grounding' && !found.stated.has(role) && !found.possible.has(role));
      if (unsaid.length > 0) report(pointer, `\`${name}\` is used for ${unsaid.join(', ')}, which its roles do not say`);
      else if (unused.length > 0) report(pointer, `\`${name}\` has the role ${unused.join(', ')}, for which nothing uses it`);
    }
  },
});

interface Found {
  readonly stated: Set<string>;
  /** What a use without a role may be. */
  readonly possible: Set<string>;
}

/** How the subject uses each dataset. */
function usesOf({ model, evaluations = {}, robustnessTests = {} }: Manifest): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  const add = (uses: Uses, possible: ReadonlySet<string>): void => {
    for (const { dataset, role } of Object.values(uses ?? {})) {
      const at = found.get(dataset) ?? { stated: new Set(), possible: new Set() };
      found.set(dataset, at);
      if (role !== undefined) at.stated.add(role);
      else for (const word of possible) at.possible.add(word);
    }
  };
  const addMetrics = (metrics: Metrics): void => {
    for (const { use } of Object.values(metrics ?? {})) if (use !== undefined) add({ use }, TESTING_ROLES);
  };
  add(model?.training?.uses, new Set([...TRAINING_ROLES, ...TESTING_ROLES]));
  addMetrics(model?.training?.metrics);
  for (const stage of Object.values(model?.training?.stages ?? {})) {
    add(stage.uses, new Set([...TRAINING_ROLES, 'validation']));
    addMetrics(stage.metrics);
  }
  for (const test of [...Object.values(evaluations), ...Object.values(robustnessTests)])
    if (test.model === undefined || test.model === 'model') {
      add(test.uses, TESTING_ROLES);
      addMetrics('metrics' in test ? test.metrics : 'results' in test ? test.results : undefined);
    }
  return found;
}

import { compareDigests } from '../../core/digest.js';
import { pointerStep } from '../../core/json-pointer.js';
import type { Identifier, Model } from '../../schema/index.js';
import { modelsOf } from '../models.js';
import { defineRule } from '../rule.js';

export const lineageSelf = defineRule({
  meta: {
    id: 'lineage-self',
    clause: '4.3',
    severity: 'high',
    title: 'A model stands among its own parents',
    fix: 'Name the parent, not the model itself; earlier versions go into `lineage.previousVersions`.',
  },
  check(manifest, report) {
    const { models = {} } = manifest;
    for (const { pointer, value } of modelsOf(manifest)) {
      for (const [key, { model: id }] of Object.entries(value.lineage?.parents ?? {})) {
        const parent = Object.hasOwn(models, id) ? models[id] : undefined;
        const reason = parent === undefined ? undefined : sameThing(value, parent);
        if (parent !== undefined && reason !== undefined)
          report(`${pointer}/lineage/parents${pointerStep(key)}`, `the parent \`${parent.name}\` is the model itself: ${reason}`);
      }
    }
  },
});

/** A quantised or converted model may share its parent's name, never its digest or its versioned purl. */
function sameThing(model: Model, parent: Model): string | undefined {
  const digests = model.digest?.method === parent.digest?.method ? compareDigests(model.digest?.root, parent.digest?.root) : 'unknown';
  if (digests === 'same') return 'both have the same digest';
  if (digests === 'different') return undefined;
  const purls = new Set(purlsOf(model.identifiers));
  if (purlsOf(parent.identifiers).some((purl) => purls.has(purl) && purl.includes('@'))) return 'both have the same purl';
  const sameName = model.name === parent.name && model.group === parent.group;
  return sameName && model.version === parent.version ? 'both have the same name and version' : undefined;
}

const purlsOf = (identifiers: readonly Identifier[] = []): readonly string[] =>
  identifiers.filter((identifier) => identifier.type === 'purl').map((identifier) => identifier.value);

import { compareDigests } from '../../core/digest.js';
import type { Identifier, Model, ModelReference } from '../../schema/index.js';
import { defineRule } from '../rule.js';

export const lineageSelf = defineRule({
  meta: {
    id: 'lineage-self',
    severity: 'high',
    title: 'The model stands among its own ancestors',
    fix: 'Name the parent, not the model itself; earlier versions go into `lineage.previousVersions`.',
  },
  check({ model, lineage }, report) {
    if (model === undefined) return;
    lineage?.ancestors?.forEach((ancestor, i) => {
      const reason = sameThing(model, ancestor);
      if (reason !== undefined) report(`/lineage/ancestors/${i}`, `the ancestor \`${ancestor.name}\` is the model itself: ${reason}`);
    });
  },
});

/** A quantised or converted model may share its parent's name, never its digest or its versioned purl. */
function sameThing(model: Model, ancestor: ModelReference): string | undefined {
  const digests = compareDigests(model.rootDigest, ancestor.digest);
  if (digests === 'same') return 'both have the same digest';
  if (digests === 'different') return undefined;
  const purls = new Set(purlsOf(model.identifiers));
  if (purlsOf(ancestor.identifiers).some((purl) => purls.has(purl) && purl.includes('@'))) return 'both have the same purl';
  const sameName = model.name === ancestor.name || `${model.group}/${model.name}` === ancestor.name;
  return sameName && model.version === ancestor.version ? 'both have the same name and version' : undefined;
}

const purlsOf = (identifiers: readonly Identifier[] = []): readonly string[] =>
  identifiers.filter((identifier) => identifier.type === 'purl').map((identifier) => identifier.value);

import type { JsonValue } from '../../../core/canonical-json.js';
import { idFrom } from '../../../core/id.js';
import { hubPurl, isRepositoryName } from '../../values.js';

/** A parent named by a repository, or by the last part of a path on the trainer's disk, which alone is no private data. */
export function ancestor(name: string, revision?: string): { readonly [key: string]: JsonValue } {
  const repository = isRepositoryName(name);
  const shown = repository ? name : (name.split(/[\\/]/).filter(Boolean).at(-1) ?? name);
  return {
    id: idFrom(shown),
    name: shown,
    ...(revision === undefined ? {} : { version: revision }),
    ...(repository && name.includes('/') ? { identifiers: [{ type: 'purl', value: hubPurl(name, revision) }] } : {}),
    verification: 'unverified',
  };
}

/** What other trackers say of the same run: their ids are kept, and what they say of its course is no contradiction of what we saw. */
import type { Claim, Contribution } from '../collect/contribution.js';
import { idsOf } from '../collect/document.js';
import { uniqueId } from '../core/id.js';
import type { Evidence, LinkedDocument, Manifest } from '../schema/index.js';

/** What the record knows itself, so that no file speaks of it. */
const OF_RUN = new Set(['id', 'tracker', 'status', 'start', 'end', 'exitCode'].map((name) => `/model/training/run/${name}`));
/** Of one thing, from one source: a digest of one file does not belong to the name of another. */
const OF_CODE = new Set(['entrypoint', 'arguments', 'digest'].map((name) => `/model/training/code/${name}`));

export interface Trackers {
  /** Is what a file says taken? */
  readonly keep: (contribution: Contribution) => boolean;
  /** The manifest with the runs that other trackers name. */
  into(manifest: Manifest): Manifest;
}

/** Looks at all that files say of the run. `knowsCode`: is it known what was run? */
export function trackers(knowsCode: boolean): Trackers {
  const ids = new Map<string, Claim>();
  const names = new Map<string, string>();
  const placeOf = ({ from }: Claim): string => `${from.path}\0${from.method}`;
  return {
    keep(each) {
      if (each.kind !== 'claim') return true;
      if (each.pointer === '/model/training/run/id') ids.set(`${placeOf(each)}\0${String(each.value)}`, each);
      if (each.pointer === '/model/training/run/tracker') names.set(placeOf(each), String(each.value));
      return !OF_RUN.has(each.pointer) && !(knowsCode && OF_CODE.has(each.pointer));
    },
    into(manifest) {
      const documents: { [id: string]: LinkedDocument } = { ...manifest.documents };
      const evidence: Evidence[] = [...(manifest.evidence ?? [])];
      const taken = idsOf(manifest);
      const seen = new Set<string>();
      for (const claim of ids.values()) {
        const title = `Run ${String(claim.value)} of ${names.get(placeOf(claim)) ?? 'a tracker'}`;
        if (seen.has(title)) continue;
        seen.add(title);
        const { origin, path, key, method } = claim.from;
        const id = uniqueId('other', taken);
        evidence.push({
          origin,
          ...(path === undefined ? {} : { source: { path } }),
          method: key === undefined ? method : `${method}, ${key}`,
          values: { [`/documents/${id}`]: {} },
        });
        documents[id] = { type: 'other', title };
      }
      return seen.size === 0 ? manifest : { ...manifest, documents, evidence };
    },
  };
}

/** Persons and organisations, by their ids and by their names. */
import { idFrom } from '../core/id.js';
import { freeKey, own } from '../core/objects.js';
import type { Manifest, Party } from '../schema/index.js';
import type { Draft } from './graph.js';

export interface Parties {
  /** The party of an id. */
  readonly party: (id: unknown) => Party | undefined;
  /** The id of a party that a document names: that of the first of the same name, or a new one. */
  readonly partyId: (party: Party) => string;
}

/** The parties of a manifest, to which none is added, or of a draft (`isOpen`), where one of an unknown name is. */
export function partiesOf(sections: Manifest | Draft, isOpen = false): Parties {
  const known = (): Record<string, Party> => (sections.parties ?? {}) as Record<string, Party>; // of the schema
  const ids = new Map<string, string>();
  return {
    party: (id) => own(known(), String(id)),
    partyId(party) {
      if (ids.size === 0) for (const [id, { name }] of Object.entries(known()).reverse()) ids.set(name, id);
      const found = ids.get(party.name);
      if (found !== undefined || !isOpen) return found ?? '';
      const id = freeKey(known(), idFrom(party.name));
      (sections as Draft).parties ??= Object.create(null);
      known()[id] = party;
      ids.set(party.name, id);
      return id;
    },
  };
}

/** The document itself: who made it, with what, in which phase. Members that begin with `@` are elements of their own, or of the SBOM. */

import type { JsonValue } from '../../core/canonical-json.js';
import type { Tool } from '../../schema/index.js';
import { json, objectsOf, pick, textOf, textsOf, unique } from '../cyclonedx/json.js';
import type { Block } from '../mapping/block.js';
import { without } from '../mapping/row.js';
import type { Parties } from '../parties.js';
import { agent, readAgent } from './blocks.js';
import { fromWord, SBOM_TYPES, toWord } from './words.js';

const AUTHORS: Block<Parties> = {
  at: ['authors'],
  places: ['@authors'],
  write: ({ authors }, { party }) =>
    pick({
      '@authors': json(
        unique(
          textsOf(authors)
            .flatMap((id) => party(id) ?? [])
            .map(agent),
        ),
      ),
    }),
  read: (object, { partyId }) =>
    pick({
      authors: unique(
        objectsOf(object['@authors'])
          .flatMap((each) => readAgent(each) ?? [])
          .map(partyId),
      ),
    }),
};

/** A tool has a name and nothing else in SPDX, so its version is part of that. */
const TOOLS: Block<Parties> = {
  at: ['tools'],
  places: ['@tools'],
  write: ({ tools }) =>
    pick({
      '@tools': ((tools ?? []) as unknown as readonly Tool[]).map(({ name, version }) =>
        version === undefined ? name : `${name} ${version}`,
      ), // of the schema,
    }),
  read: (object) => pick({ tools: json(unique(textsOf(object['@tools'])).map((name) => ({ name }))) }),
};

const PHASE: Block<Parties> = {
  at: ['generationContext.phase'],
  places: ['@sbomType'],
  write: ({ generationContext }) =>
    pick({ '@sbomType': toWord(SBOM_TYPES, (generationContext as { phase?: JsonValue } | undefined)?.phase) }), // of the schema
  read(object) {
    const phase = fromWord(SBOM_TYPES, object['@sbomType']);
    return phase === undefined ? {} : { generationContext: { phase } };
  },
};

/** SPDX has one licence for its data. */
const LICENSE: Block<Parties> = {
  at: ['licenses'],
  places: ['@license'],
  write: ({ licenses }) => pick({ '@license': textOf(objectsOf(licenses)[0]?.expression) }),
  read(object) {
    const expression = textOf(object['@license']);
    return expression === undefined ? {} : { licenses: [{ expression }] };
  },
};

export const DOCUMENT: readonly Block<Parties>[] = [AUTHORS, TOOLS, PHASE, LICENSE];

/** What of the document's own data its ids, its times and its roots say. */
export const withoutIdentity = (bom: { readonly [key: string]: JsonValue }): { readonly [key: string]: JsonValue } =>
  ['specVersion', 'serialNumber', 'version', 'timestamp', 'subject', 'otherSubjects'].reduce(
    (left, member) => without(left, [member]),
    bom,
  );

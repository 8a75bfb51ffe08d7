/**
 * What stands on an element of SPDX 3 and is more than one value. Members that begin with `@` are no members of the element: what
 * SPDX says by relationships (licences) or by elements of their own (parties) is put there while it is read and taken from there
 * when it is written.
 */

import { nonEmpty, nonEmptyList, objectOf, objectsOf, pick, textOf, textsOf, unique, uriOf } from '../../../convert/cyclonedx/json.js';
import type { JsonValue } from '../../../core/canonical-json.js';
import { DIGEST_HEX_LENGTHS } from '../../../core/digest.js';
import { idFrom } from '../../../core/id.js';
import type { EnergyActivity, Evaluation, Identifier, License, LinkedDocument, Metric, Party } from '../../schema/index.js';
import { isExpression, isPurl } from '../cyclonedx/blocks.js';
import type { Block, Json } from '../mapping/block.js';
import { numberOf } from '../mapping/codecs.js';
import { valueAt, withValue } from '../mapping/row.js';
import {
  DATASET_TYPES,
  DOCUMENT_REFERENCES,
  ENERGY_LISTS,
  fromWord,
  HASHES,
  IDENTIFIER_TYPES,
  LICENSE_RELATIONS,
  toWord,
} from './words.js';

export interface Context {
  readonly party: (id: unknown) => Party | undefined;
  /** The id of a party that a document names. */
  readonly partyId: (party: Party) => string;
}
type SpdxBlock = Block<Context>;
const json = (value: unknown): JsonValue => value as JsonValue; // made here of plain JSON

// --- identifiers and digests

export const IDENTIFIERS: SpdxBlock = {
  at: ['identifiers'],
  places: ['software_packageUrl', 'externalIdentifier'],
  write({ identifiers }) {
    const list = objectsOf(identifiers) as unknown as readonly Identifier[]; // of the schema
    const purl = list.find(({ type, value }) => type === 'purl' && isPurl(value));
    return pick({
      software_packageUrl: purl?.value,
      externalIdentifier: json(nonEmptyList(list.filter((each) => each !== purl).map(externalIdentifier))),
    });
  },
  read(object) {
    const purl = textOf(object.software_packageUrl);
    const others = objectsOf(object.externalIdentifier).flatMap((each): Identifier[] => {
      const value = textOf(each.identifier);
      const kind = String(each.externalIdentifierType);
      if (value === undefined || kind === 'email') return [];
      const word = kind === 'cpe22' ? 'cpe' : kind === 'packageUrl' ? 'purl' : fromWord(IDENTIFIER_TYPES, kind);
      const type = word ?? (kind === 'other' ? (textOf(each.comment) ?? 'other') : 'other');
      const scheme = textOf(each.issuingAuthority) ?? (type === 'other' && kind !== 'other' ? kind : undefined);
      return [{ type, value, ...(scheme === undefined ? {} : { scheme }) }];
    });
    return pick({ identifiers: json(nonEmptyList([...(purl === undefined ? [] : [{ type: 'purl', value: purl }]), ...others])) });
  },
};

/** A file has no member for a purl. */
export const FILE_IDENTIFIERS: SpdxBlock = {
  ...IDENTIFIERS,
  places: ['externalIdentifier'],
  write: ({ identifiers }) =>
    pick({ externalIdentifier: json(nonEmptyList((objectsOf(identifiers) as unknown as readonly Identifier[]).map(externalIdentifier))) }),
};

function externalIdentifier({ type, value, scheme }: Identifier): Json {
  const known = type === 'purl' ? 'packageUrl' : type === 'cpe' && value.startsWith('cpe:/') ? 'cpe22' : toWord(IDENTIFIER_TYPES, type);
  return pick({
    type: 'ExternalIdentifier',
    externalIdentifierType: known ?? 'other',
    identifier: value,
    comment: known === undefined && type !== 'other' ? type : undefined,
    issuingAuthority: scheme,
  });
}

const writeHashes = (digest: unknown): JsonValue | undefined =>
  nonEmptyList(
    HASHES.flatMap(([ours, algorithm]) => {
      const hashValue = textOf(objectOf(digest)[ours]);
      return hashValue === undefined ? [] : [{ type: 'Hash', algorithm, hashValue }];
    }),
  );

function readHashes(list: unknown): Json | undefined {
  const digest: Record<string, JsonValue> = {};
  for (const { type = 'Hash', algorithm, hashValue } of objectsOf(list)) {
    if (type !== 'Hash') continue;
    const ours = fromWord(HASHES, algorithm);
    const hex = textOf(hashValue)?.toLowerCase() ?? '';
    const length = ours === undefined ? undefined : DIGEST_HEX_LENGTHS[ours as keyof typeof DIGEST_HEX_LENGTHS]; // a key of the table
    if (ours !== undefined && digest[ours] === undefined && hex.length === length && /^[0-9a-f]+$/.test(hex)) digest[ours] = hex;
  }
  return nonEmpty(digest);
}

export const DIGEST: SpdxBlock = {
  at: ['digest'],
  places: ['verifiedUsing'],
  write: ({ digest }) => pick({ verifiedUsing: writeHashes(digest) }),
  read: ({ verifiedUsing }) => pick({ digest: readHashes(verifiedUsing) }),
};

/** Of a tree of files: SPDX does not say how the digest was made. */
export const TREE_DIGEST: SpdxBlock = {
  at: ['digest'],
  places: ['verifiedUsing'],
  write: ({ digest }) => pick({ verifiedUsing: writeHashes(objectOf(digest).root) }),
  read({ verifiedUsing }) {
    const root = readHashes(verifiedUsing);
    return root === undefined ? {} : { digest: { root, method: 'unknown', complete: false } };
  },
};

// --- licences

/** A licence as its relationship and the expression: `{relation, expression, name?, text?, url?}`; `NONE` where there is none. */
export const LICENSES: SpdxBlock = {
  at: ['licenses'],
  places: ['@licenses'],
  write({ licenses }) {
    const list = objectsOf(licenses) as unknown as readonly License[]; // of the schema
    return pick({ '@licenses': json(nonEmptyList(unique(list.map(writeLicense)))) });
  },
  read(object) {
    const licenses = objectsOf(object['@licenses']).flatMap((each): License[] => {
      const expression = textOf(each.expression);
      const name = textOf(each.name);
      // A licence that had a name only was written with an id made from it.
      const isNamed = name !== undefined && expression === licenseRef(name);
      const label =
        expression !== undefined && isExpression(expression) && !isNamed ? pick({ expression, name }) : { name: name ?? expression };
      const license: Partial<License> = pick({
        ...label,
        kind: fromWord(LICENSE_RELATIONS, each.relation),
        text: textOf(each.text),
        url: uriOf(each.url),
      });
      return license.expression === undefined && license.name === undefined && license.url === undefined ? [] : [license as License]; // it has one of them
    });
    return pick({ licenses: json(nonEmptyList(licenses)) });
  },
};

function writeLicense({ expression, name, kind, text, url }: License): Json {
  const relation = toWord(LICENSE_RELATIONS, kind) ?? 'hasDeclaredLicense';
  if (expression !== undefined && isExpression(expression)) return pick({ relation, expression, name, text, url });
  const label = name ?? expression;
  if (label === 'NONE') return { relation, expression: 'NONE' };
  const shown = label ?? url ?? 'unnamed';
  return pick({ relation, expression: licenseRef(shown), name: shown, text, url });
}

const licenseRef = (name: string): string => `LicenseRef-${idFrom(name).replaceAll('_', '-')}`;

// --- parties

/** An agent as SPDX has it: `{type, name, email?}`. */
function agent({ name, kind, contact }: Party): Json {
  const type = kind === 'person' ? 'Person' : kind === 'organization' ? 'Organization' : 'Agent';
  return pick({ type, name, email: contact?.email });
}

export function readAgent(value: unknown): Party | undefined {
  const { type, name, email } = objectOf(value);
  const label = textOf(name);
  if (label === undefined) return undefined;
  const kind = type === 'Person' ? 'person' : type === 'Organization' ? 'organization' : undefined;
  const address = textOf(email);
  return { name: label, ...(kind === undefined ? {} : { kind }), ...(address === undefined ? {} : { contact: { email: address } }) };
}

export const SUPPLIER: SpdxBlock = {
  at: ['supplier'],
  places: ['@supplier'],
  write({ supplier }, { party }) {
    const found = party(supplier);
    return found === undefined ? {} : { '@supplier': agent(found) };
  },
  read(object, { partyId }) {
    const found = readAgent(object['@supplier']);
    return found === undefined ? {} : { supplier: partyId(found) };
  },
};

/** Where a thing came from: its producer first, then its authors. */
export const ORIGIN = (first: string, others?: string): SpdxBlock => ({
  at: others === undefined ? [first] : [first, others],
  places: ['@origin'],
  write(thing, { party }) {
    const ids = [textOf(thing[first]), ...(others === undefined ? [] : textsOf(thing[others]))];
    return pick({ '@origin': json(nonEmptyList(unique(ids.flatMap((id) => party(id) ?? []).map(agent)))) });
  },
  read(object, { partyId }) {
    const [one, ...more] = objectsOf(object['@origin'])
      .flatMap((each) => readAgent(each) ?? [])
      .map(partyId);
    return pick({ [first]: one, ...(others === undefined ? {} : { [others]: nonEmptyList(more) }) }) as Json; // `pick` leaves undefined out
  },
});

// --- addresses

const reference = (externalRefType: string, url: string, comment?: string): Json =>
  pick({ type: 'ExternalRef', externalRefType, locator: [url], comment });

/** An address of its own and the kind of reference that it is. */
type Link = readonly [at: string, type: string, comment?: string];

/** Single addresses as external references, and documents about the subject. */
export function references(links: readonly Link[], withDocuments = false): SpdxBlock {
  return {
    at: [...links.map(([at]) => at), ...(withDocuments ? ['documents', 'provenance'] : [])],
    places: ['externalRef'],
    write(thing) {
      const own = links.flatMap(([at, type, comment]) => {
        const url = valueAt(thing, at);
        return typeof url === 'string' ? [reference(type, url, comment)] : [];
      });
      const documents = withDocuments ? (Object.values(objectOf(thing.documents)) as readonly LinkedDocument[]) : [];
      const statements = withDocuments ? Object.values(objectOf(thing.provenance)).map(objectOf) : [];
      return pick({
        externalRef: json(
          nonEmptyList(
            unique([
              ...own,
              ...documents.flatMap(({ type, uri, title }) =>
                uri === undefined ? [] : [reference(toWord(DOCUMENT_REFERENCES, type) ?? 'other', uri, title)],
              ),
              ...statements.flatMap(({ uri, predicateType }) =>
                textOf(uri) === undefined ? [] : [reference('secureSoftwareAttestation', String(uri), textOf(predicateType))],
              ),
            ]),
          ),
        ),
      });
    },
    read(object) {
      const list = objectsOf(object.externalRef).map((each) => ({
        type: each.externalRefType,
        url: textsOf(each.locator)[0],
        comment: textOf(each.comment),
      }));
      const taken = new Set<unknown>();
      let thing: Json = {};
      for (const [at, type, comment] of links) {
        const found = list.find(
          (each) =>
            each.type === type && !taken.has(each) && uriOf(each.url) !== undefined && (comment === undefined || each.comment === comment),
        );
        if (found?.url === undefined) continue;
        taken.add(found);
        thing = withValue(thing, at.split('.'), found.url);
      }
      if (!withDocuments) return thing;
      const documents: Record<string, JsonValue> = Object.create(null);
      for (const { type, url, comment } of list.filter((each) => !taken.has(each))) {
        const word = fromWord(DOCUMENT_REFERENCES, type);
        if (word === undefined || uriOf(url) === undefined) continue;
        let id = word;
        for (let i = 2; Object.hasOwn(documents, id); i++) id = `${word}-${i}`;
        documents[id] = pick({ type: word, title: comment, uri: url });
      }
      return Object.keys(documents).length === 0 ? thing : { ...thing, documents };
    },
  };
}

// --- models

const entry = (key: string, value: string): Json => ({ type: 'DictionaryEntry', key, value });

/** Texts of a dictionary by key; a key that stands twice has its first value. */
function dictionary(list: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { key, value } of objectsOf(list)) if (typeof key === 'string' && !found.has(key)) found.set(key, String(value ?? ''));
  return found;
}

export const HYPERPARAMETERS: SpdxBlock = {
  at: ['training.hyperparameters'],
  places: ['ai_hyperparameter'],
  write(thing) {
    const values = Object.entries(objectOf(valueAt(thing, 'training.hyperparameters')));
    return pick({
      ai_hyperparameter: json(
        nonEmptyList(values.map(([key, value]) => entry(key, typeof value === 'string' ? value : JSON.stringify(value)))),
      ),
    });
  },
  read({ ai_hyperparameter }) {
    const values = [...dictionary(ai_hyperparameter)].map(([key, value]) => [key, parsed(value)] as const);
    return values.length === 0 ? {} : { training: { hyperparameters: Object.fromEntries(values) } };
  },
};

/** What was a number, a flag or a structure is one again. */
function parsed(text: string): JsonValue {
  const number = numberOf(text);
  if (number !== undefined) return number;
  if (!/^(?:true|false|null|[[{])/.test(text)) return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

/** Name of the evaluation that results of documents by others are read into. */
const UNNAMED = 'metrics';

/** Results by a name that tells what they are of: evaluation, data and slice. */
export const METRICS: SpdxBlock = {
  at: ['evaluations', 'training.metrics'],
  places: ['ai_metric', 'ai_metricDecisionThreshold'],
  write(thing) {
    const own = Object.entries(objectOf(valueAt(thing, 'training.metrics'))) as readonly (readonly [string, Metric])[]; // of the schema, as below
    const evaluations = Object.values(objectOf(thing.evaluations)) as readonly Evaluation[];
    const named = [
      ...own.map(([key, metric]) => [metricName(key, metric, []), metric] as const),
      ...evaluations.flatMap(({ name, metrics }) =>
        Object.entries(metrics ?? {}).map(
          ([key, metric]) => [metricName(key, metric, name === UNNAMED || name === 'quantitativeAnalysis' ? [] : [name]), metric] as const,
        ),
      ),
    ];
    const taken = new Set<string>();
    const metrics: Json[] = [];
    const thresholds: Json[] = [];
    for (const [name, { value, text, unit, threshold }] of named) {
      let key = name;
      for (let i = 2; taken.has(key); i++) key = `${name} ${i}`;
      taken.add(key);
      const shown = text ?? value;
      if (shown !== undefined) metrics.push(entry(key, unit === undefined ? String(shown) : `${shown} ${unit}`));
      if (threshold !== undefined) thresholds.push(entry(key, String(threshold)));
    }
    return pick({ ai_metric: json(nonEmptyList(metrics)), ai_metricDecisionThreshold: json(nonEmptyList(thresholds)) });
  },
  read({ ai_metric, ai_metricDecisionThreshold }) {
    const thresholds = dictionary(ai_metricDecisionThreshold);
    const values = dictionary(ai_metric);
    const metrics: Record<string, JsonValue> = Object.create(null);
    for (const key of new Set([...values.keys(), ...thresholds.keys()])) {
      const [text, threshold] = [values.get(key), thresholds.get(key)];
      const number = text === undefined ? undefined : numberOf(text);
      metrics[key.slice(0, 256)] = pick({
        value: number,
        text: number === undefined || String(number) !== text ? textOf(text) : undefined,
        threshold: threshold === undefined ? undefined : numberOf(threshold),
      });
    }
    return Object.keys(metrics).length === 0 ? {} : { evaluations: { [UNNAMED]: { name: UNNAMED, metrics } } };
  },
};

function metricName(key: string, { name, slice, use }: Metric, of: readonly string[]): string {
  const label = name ?? key;
  const place = [...of, use?.config, use?.split, slice].filter((part) => part !== undefined).join(' / ');
  return place === '' ? label : `${label} (${place})`;
}

/** A decimal without an exponent, as SPDX wants one; none where that cannot be. */
function decimal(value: number): string | undefined {
  const text = String(value);
  return /^-?\d+(?:\.\d+)?$/.test(text) ? text : undefined;
}

/** The activities of which SPDX knows three; a mere total is that of training. */
export const ENERGY: SpdxBlock = {
  at: ['training.energy'],
  places: ['ai_energyConsumption'],
  write(thing) {
    const { kilowattHours, activities } = objectOf(valueAt(thing, 'training.energy'));
    const list = objectsOf(activities) as unknown as readonly EnergyActivity[]; // of the schema
    const total = typeof kilowattHours === 'number' ? [{ activity: 'training', kilowattHours }] : [];
    const lists: Record<string, Json[]> = {};
    for (const each of list.length > 0 ? list : total) {
      const place = toWord(ENERGY_LISTS, each.activity);
      const quantity = each.kilowattHours === undefined ? undefined : decimal(each.kilowattHours);
      if (place === undefined || quantity === undefined) continue;
      lists[place] = [
        ...(lists[place] ?? []),
        { type: 'ai_EnergyConsumptionDescription', ai_energyQuantity: quantity, ai_energyUnit: 'kilowattHour' },
      ];
    }
    return Object.keys(lists).length === 0 ? {} : { ai_energyConsumption: { type: 'ai_EnergyConsumption', ...lists } };
  },
  read({ ai_energyConsumption }) {
    const activities = ENERGY_LISTS.flatMap(([activity, place]) =>
      objectsOf(objectOf(ai_energyConsumption)[place]).flatMap(({ ai_energyQuantity, ai_energyUnit }) => {
        const quantity = numberOf(json(ai_energyQuantity ?? ''));
        const factor = ai_energyUnit === 'kilowattHour' ? 1 : ai_energyUnit === 'megajoule' ? 3.6 : undefined;
        return quantity === undefined || factor === undefined ? [] : [{ activity, kilowattHours: quantity / factor }];
      }),
    );
    return activities.length === 0 ? {} : { training: { energy: { activities } } };
  },
};

/** What the subject is for: a line each, the purpose first. */
export const USE: SpdxBlock = {
  at: ['usage.intendedPurpose', 'usage.tasks'],
  places: ['ai_informationAboutApplication'],
  write(thing) {
    const lines = [textOf(valueAt(thing, 'usage.intendedPurpose')) ?? [], textsOf(valueAt(thing, 'usage.tasks'))].flat();
    return lines.length === 0 ? {} : { ai_informationAboutApplication: lines.join('\n') };
  },
  read({ ai_informationAboutApplication }) {
    const text = textOf(ai_informationAboutApplication);
    return text === undefined ? {} : { usage: { intendedPurpose: text } };
  },
};

/** Standards that the subject meets, by number. */
export const STANDARDS: SpdxBlock = {
  at: ['governance.standards'],
  places: ['ai_standardCompliance'],
  write(thing) {
    const standards = Object.values(objectOf(valueAt(thing, 'governance.standards'))).map(objectOf);
    return pick({
      ai_standardCompliance: json(nonEmptyList(unique(standards.flatMap(({ id, title }) => textOf(id) ?? textOf(title) ?? [])))),
    });
  },
  read({ ai_standardCompliance }) {
    const standards: Record<string, JsonValue> = Object.create(null);
    for (const id of textsOf(ai_standardCompliance)) standards[idFrom(id)] = { id };
    return Object.keys(standards).length === 0 ? {} : { governance: { standards } };
  },
};

/** Where a model can be had: SPDX asks for one place. */
export const DOWNLOAD: SpdxBlock = {
  at: ['distribution.channels'],
  places: ['software_downloadLocation'],
  write(thing) {
    const channels = objectsOf(valueAt(thing, 'distribution.channels')).filter(({ uri }) => textOf(uri) !== undefined);
    const best = channels.find(({ kind }) => kind === 'download') ?? channels[0];
    return pick({ software_downloadLocation: textOf(best?.uri) });
  },
  read({ software_downloadLocation }) {
    const uri = uriOf(software_downloadLocation);
    return uri === undefined ? {} : { distribution: { channels: [{ kind: 'download', uri }] } };
  },
};

// --- datasets

/** SPDX asks for a type: `noAssertion` where nobody has said one. */
export const DATASET_TYPE: SpdxBlock = {
  at: ['content.modalities'],
  places: ['dataset_datasetType'],
  write(thing) {
    const words = textsOf(valueAt(thing, 'content.modalities')).map((each) => toWord(DATASET_TYPES, each) ?? 'other');
    return { dataset_datasetType: words.length === 0 ? ['noAssertion'] : unique(words) };
  },
  read({ dataset_datasetType }) {
    const words = textsOf(dataset_datasetType).flatMap((each) =>
      each === 'noAssertion' ? [] : (fromWord(DATASET_TYPES, each) ?? 'other'),
    );
    return words.length === 0 ? {} : { content: { modalities: unique(words) } };
  },
};

/** A list of objects of which SPDX has one text each. */
const described = (at: string, place: string, member: string): SpdxBlock => ({
  at: [at],
  places: [place],
  write: (thing) =>
    pick({ [place]: json(nonEmptyList(unique(objectsOf(thing[at]).flatMap((each) => textOf(each[member]) ?? [])))) }) as Json, // `pick` leaves undefined out
  read: (object) => pick({ [at]: json(nonEmptyList(textsOf(object[place]).map((text) => ({ [member]: text })))) }) as Json,
});

export const BIASES = described('biases', 'dataset_knownBias', 'description');
export const PRIVACY = described('privacyMeasures', 'dataset_anonymizationMethodUsed', 'kind');
export const PROCESSING = described('processing', 'dataset_dataPreprocessing', 'kind');

export const SENSORS: SpdxBlock = {
  at: ['sensors'],
  places: ['dataset_sensor'],
  write: ({ sensors }) => pick({ dataset_sensor: json(nonEmptyList(textsOf(sensors).map((each) => entry(each, '')))) }),
  read: ({ dataset_sensor }) => pick({ sensors: nonEmptyList([...dictionary(dataset_sensor).keys()].filter((each) => each !== '')) }),
};

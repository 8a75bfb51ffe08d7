import { json, objectsOf, pick, textOf, textsOf, unique } from '../cyclonedx/json.js';
import type { Json } from '../mapping/block.js';
import { valueAt } from '../mapping/row.js';
import type { SpdxBlock } from './blocks.js';
import { dictionary, entry } from './dictionary.js';
import { DATASET_TYPES, fromWord, toWord } from './words.js';

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
  write: (thing) => pick({ [place]: json(unique(objectsOf(thing[at]).flatMap((each) => textOf(each[member]) ?? []))) }) as Json, // `pick` leaves undefined out
  read: (object) => pick({ [at]: json(textsOf(object[place]).map((text) => ({ [member]: text }))) }) as Json,
});

/** How it was collected: the description, else the methods, a line each. */
export const COLLECTION: SpdxBlock = {
  at: ['collection.description', 'collection.method'],
  places: ['dataset_dataCollectionProcess'],
  write(thing) {
    const lines = textsOf(valueAt(thing, 'collection.method'));
    const text = textOf(valueAt(thing, 'collection.description')) ?? (lines.length === 0 ? undefined : lines.join('\n'));
    return pick({ dataset_dataCollectionProcess: text });
  },
  read({ dataset_dataCollectionProcess }) {
    const description = textOf(dataset_dataCollectionProcess);
    return description === undefined ? {} : { collection: { description } };
  },
};

export const BIASES = described('biases', 'dataset_knownBias', 'description');
export const PRIVACY = described('privacyMeasures', 'dataset_anonymizationMethodUsed', 'kind');
export const PROCESSING = described('processing', 'dataset_dataPreprocessing', 'kind');

export const SENSORS: SpdxBlock = {
  at: ['sensors'],
  places: ['dataset_sensor'],
  write: ({ sensors }) => pick({ dataset_sensor: json(textsOf(sensors).map((each) => entry(each, ''))) }),
  read: ({ dataset_sensor }) => pick({ sensors: [...dictionary(dataset_sensor).keys()].filter((each) => each !== '') }),
};

import { type Form, fields } from '../form.js';
import { components, inputsAndOutputs, trainingData } from './shared.js';

export const form: Form = {
  kind: 'annex-xii',
  title: 'Information for downstream providers',
  about:
    'Information and documentation for providers of AI systems that integrate the model, Art. 53(1)(b) and Annex XII of Regulation (EU) 2024/1689',
  profile: 'eu-aia-downstream',
  view: 'downstream',
  sections: [
    {
      title: '1 General description of the general-purpose AI model',
      items: [
        { asks: ['AIA-XII-1a'], fields: fields('Tasks|/usage/tasks', 'Intended purpose|/usage/intendedPurpose') },
        { asks: ['AIA-XII-1b'], fields: fields('Policy|/usage/acceptableUsePolicy') },
        { asks: ['AIA-XII-1c'], fields: fields('Released|/model/releaseDate', 'Channels|/distribution/channels') },
        { asks: ['AIA-XII-1d'], fields: fields('Hardware and software that it works with|/usage/integration/externalHardwareSoftware') },
        { asks: ['AIA-XII-1e'], each: components({ '/scope': ['inference'] }) },
        { asks: ['AIA-XII-1f'], fields: fields('Architecture|/model/architecture', 'Parameters|/model/parameterCount') },
        { asks: ['AIA-XII-1g'], each: inputsAndOutputs('Modality|/modality', 'Format|/format') },
        {
          asks: ['AIA-XII-1h'],
          each: [
            { path: '/model/licenses', name: ['/expression', '/name'], fields: fields('Licence|/expression', 'Name|/name', 'Text|/url') },
          ],
        },
      ],
    },
    {
      title: '2 Elements of the model and process of its development',
      items: [
        { asks: ['AIA-XII-2a'], fields: fields('Means|/usage/integration/means') },
        { asks: ['AIA-XII-2b'], each: inputsAndOutputs('Modality|/modality', 'Largest size|/maxSize') },
        { asks: ['AIA-XII-2c'], each: trainingData('Content|/content', 'Provenance|/provenanceStatus', 'Curation|/processing') },
      ],
    },
  ],
};

import { type Form, fields } from '../form.js';
import { allData, inputsAndOutputs, parents, trainingData } from './shared.js';

export const form: Form = {
  kind: 'model-documentation-form',
  title: 'Model Documentation Form',
  about: 'Model Documentation Form of the General-Purpose AI Code of Practice, Transparency chapter, Measure 1.1, 10 July 2025',
  profile: 'eu-gpai-mdf',
  view: 'authority',
  sections: [
    {
      title: 'General information',
      items: [
        { asks: ['MDF-00'], fields: fields('Last update|/bom/timestamp', 'Version of the form|/bom/version') },
        {
          asks: ['MDF-1.1'],
          each: [{ path: '/parties', where: { '/roles': ['provider'] }, name: ['/name'], fields: fields('Legal name|/name') }],
        },
        { asks: ['MDF-1.2'], fields: fields('Name|/model/name', 'Version|/model/version', 'Other names|/model/aliases') },
        {
          asks: ['MDF-1.3'],
          fields: fields('Proof|/distribution/authenticity'),
          each: [{ path: '/artifacts', where: { '/role': ['weights'] }, name: ['#'], fields: fields('Digest|/digest') }],
        },
        { asks: ['MDF-1.4'], fields: fields('Released|/model/releaseDate') },
        { asks: ['MDF-1.5'], fields: fields('Placed on the Union market|/model/euMarketDate') },
        { asks: ['MDF-1.6'], fields: fields('Trained from random weights|/model/lineage/scratch'), each: parents },
      ],
    },
    {
      title: 'Model properties',
      items: [
        { asks: ['MDF-2.1'], fields: fields('Architecture|/model/architecture') },
        {
          asks: ['MDF-2.2'],
          fields: fields('Design specification|/model/designSpecification', 'Rationale|/model/designSpecification/rationale'),
        },
        { asks: ['MDF-2.3'], each: inputsAndOutputs('Modality|/modality', 'Largest size|/maxSize').slice(0, 1) },
        { asks: ['MDF-2.4'], each: inputsAndOutputs('Modality|/modality', 'Largest size|/maxSize').slice(1) },
        { asks: ['MDF-2.5'], fields: fields('Parameters|/model/parameterCount/total', 'Active|/model/parameterCount/active') },
        { asks: ['MDF-2.6'], fields: fields('Range|/model/parameterCount/bin') },
      ],
    },
    {
      title: 'Methods of distribution and licences',
      items: [
        {
          asks: ['MDF-3.1'],
          each: [
            {
              path: '/distribution/channels',
              name: ['/kind'],
              fields: fields('Channel|/kind', 'Address|/uri', 'For|/audience', 'Since|/date'),
            },
          ],
        },
        {
          asks: ['MDF-3.2'],
          each: [
            { path: '/model/licenses', name: ['/expression', '/name'], fields: fields('Licence|/expression', 'Name|/name', 'Text|/url') },
          ],
        },
      ],
    },
    {
      title: 'Use',
      items: [
        { asks: ['MDF-4.1'], fields: fields('Policy|/usage/acceptableUsePolicy') },
        { asks: ['MDF-4.2'], fields: fields('Intended|/usage/intendedPurpose', 'Restricted|/usage/prohibited') },
        { asks: ['MDF-4.3'], fields: fields('Tasks|/usage/tasks') },
        { asks: ['MDF-4.4'], fields: fields('Means|/usage/integration/means') },
        { asks: ['MDF-4.5'], fields: fields('Hardware|/usage/requirements/hardware') },
        { asks: ['MDF-4.6'], fields: fields('Software|/usage/requirements/software') },
      ],
    },
    {
      title: 'Training process',
      items: [
        { asks: ['MDF-5.1'], fields: fields('Methods|/model/training/methods', 'Stages|/model/training/stages') },
        { asks: ['MDF-5.2'], fields: fields('Rationale|/model/training/rationale') },
      ],
    },
    {
      title: 'Information on the data used for training, testing and validation',
      items: [
        { asks: ['MDF-6.1'], each: allData('Modalities|/content/modalities') },
        { asks: ['MDF-6.2'], each: allData('Provenance|/sourceCategory') },
        { asks: ['MDF-6.3'], each: trainingData('Obtained|/collection', 'Selected|/selection') },
        { asks: ['MDF-6.4'], each: allData('Size|/size') },
        { asks: ['MDF-6.5'], each: allData('Scope|/description') },
        { asks: ['MDF-6.6'], each: trainingData('Curation|/processing') },
        { asks: ['MDF-6.7'], each: trainingData('Screening|/screening') },
        { asks: ['MDF-6.8'], each: trainingData('Biases|/biases') },
      ],
    },
    {
      title: 'Computational resources during training',
      items: [
        {
          asks: ['MDF-7.1'],
          fields: fields(
            'Days|/model/training/duration/wallClockDays',
            'Days of hardware|/model/training/duration/hardwareDays',
            'Range|/model/training/duration/bin',
          ),
        },
        {
          asks: ['MDF-7.2'],
          fields: fields('Floating-point operations|/model/training/compute/flops', 'Order|/model/training/compute/order'),
        },
        { asks: ['MDF-7.3'], fields: fields('Method|/model/training/compute/methodology') },
      ],
    },
    {
      title: 'Energy consumption during training and inference',
      items: [
        {
          asks: ['MDF-8.1'],
          fields: fields('Kilowatt hours|/model/training/energy/kilowattHours', 'Estimated|/model/training/energy/estimated'),
        },
        { asks: ['MDF-8.2'], fields: fields('Method|/model/training/energy/methodology') },
        { asks: ['MDF-8.3'], fields: fields('Floating-point operations|/model/training/inferenceCompute/flops') },
        {
          asks: ['MDF-8.4'],
          fields: fields(
            'Task|/model/training/inferenceCompute/task',
            'Hardware|/model/training/inferenceCompute/hardware',
            'Method|/model/training/inferenceCompute/methodology',
          ),
        },
      ],
    },
    {
      title: 'Keeping of the form',
      items: [{ asks: ['MDF-M1.3'], fields: fields('Years|/governance/retention/years', 'Kept by|/governance/retention/custodian') }],
    },
  ],
};

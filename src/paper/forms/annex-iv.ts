import { type Form, fields } from '../form.js';
import { components, documents, evaluations, parents, parties, trainingData } from './shared.js';

export const form: Form = {
  kind: 'annex-iv',
  title: 'Technical documentation',
  about: 'Technical documentation of a high-risk AI system, Art. 11(1) and Annex IV of Regulation (EU) 2024/1689',
  profile: 'eu-aia-high-risk',
  prefix: 'AIA-IV-',
  view: 'authority',
  sections: [
    {
      title: '1 General description of the AI system',
      items: [
        {
          asks: ['AIA-IV-1a'],
          fields: fields(
            'Intended purpose|/usage/intendedPurpose',
            'Name|/model/name',
            'Version|/model/version',
            'Earlier versions|/model/lineage/previousVersions',
          ),
          each: parties('provider'),
        },
        {
          asks: ['AIA-IV-1b'],
          fields: fields(
            'Hardware and software that it works with|/usage/integration/externalHardwareSoftware',
            'Interfaces|/usage/integration/interfaces',
          ),
        },
        { asks: ['AIA-IV-1c'], fields: fields('Software that is needed|/usage/requirements/software'), each: components() },
        { asks: ['AIA-IV-1d'], fields: fields('Forms|/distribution/forms') },
        { asks: ['AIA-IV-1e'], fields: fields('Hardware|/usage/requirements/hardware') },
        { asks: ['AIA-IV-1f'], each: documents('illustration') },
        { asks: ['AIA-IV-1g'], fields: fields('User interface|/system/userInterface') },
        { asks: ['AIA-IV-1h'], fields: fields('Instructions|/usage/instructions'), each: documents('instructions-for-use') },
      ],
    },
    {
      title: '2 Elements of the AI system and process of its development',
      items: [
        {
          asks: ['AIA-IV-2a'],
          fields: fields(
            'Methods|/model/training/methods',
            'Trained from random weights|/model/lineage/scratch',
            'How others were used and changed|/model/lineage/modifications',
          ),
          each: parents,
        },
        {
          asks: ['AIA-IV-2b'],
          fields: fields(
            'General logic|/model/designSpecification/logic',
            'Key choices|/model/designSpecification/keyChoices',
            'Rationale|/model/designSpecification/rationale',
            'Assumptions|/model/designSpecification/assumptions',
            'Trade-offs|/model/designSpecification/tradeOffs',
            'What it is optimised for|/model/optimisationObjective',
          ),
        },
        {
          asks: ['AIA-IV-2c1'],
          fields: fields(
            'System architecture|/system/architecture',
            'Components|/system/components',
            'Data flows|/system/dataFlows',
            'Model architecture|/model/architecture',
          ),
        },
        {
          asks: ['AIA-IV-2c2'],
          fields: fields('Compute|/model/training/compute'),
          each: [
            {
              path: '/environments',
              where: { '/purpose': ['training'] },
              name: ['#'],
              fields: fields('Purpose|/purpose', 'Accelerators|/accelerators', 'System|/os'),
            },
          ],
        },
        {
          asks: ['AIA-IV-2d1'],
          each: trainingData('Description|/description', 'Provenance|/provenanceStatus', 'Content|/content', 'Size|/size'),
        },
        { asks: ['AIA-IV-2d2'], each: trainingData('Obtained|/collection', 'Selected|/selection') },
        { asks: ['AIA-IV-2d3'], each: trainingData('Labelling|/labelling', 'Cleaning|/processing') },
        { asks: ['AIA-IV-2e'], fields: fields('Human oversight|/usage/humanOversight') },
        {
          asks: ['AIA-IV-2f'],
          each: [
            {
              path: '/changes',
              where: { '/predetermined': [true] },
              name: ['/date', '#'],
              fields: fields('Pre-determined|/predetermined', 'Description|/description', 'Version|/version', 'Kind|/kind'),
            },
          ],
        },
        {
          asks: ['AIA-IV-2g1'],
          each: [
            ...evaluations('Protocol|/protocol', 'Data|/uses'),
            {
              path: '/datasets',
              where: { '/roles': ['testing', 'validation'] },
              name: ['/name'],
              fields: fields('Role|/roles', 'Description|/description', 'Content|/content'),
            },
          ],
        },
        {
          asks: ['AIA-IV-2g2'],
          each: [
            ...evaluations('Kind|/kind', 'Metrics|/metrics'),
            { path: '/robustnessTests', name: ['#'], fields: fields('Attack|/attackClass', 'Method|/method', 'Results|/results') },
          ],
        },
        {
          asks: ['AIA-IV-2g3'],
          each: evaluations('Date|/date', 'Report|/report/uri', 'Signed by|/report/signer', 'Signed at|/report/signedAt'),
        },
        { asks: ['AIA-IV-2h'], fields: fields('Measures|/security/controls') },
      ],
    },
    {
      title: '3 Monitoring, functioning and control',
      items: [
        {
          asks: ['AIA-IV-3.1'],
          fields: fields('Capabilities|/model/capabilities', 'Limitations|/model/limitations'),
          each: evaluations('Metrics by group|/metrics'),
        },
        { asks: ['AIA-IV-3.2'], fields: fields('Risks|/risk/register') },
        { asks: ['AIA-IV-3.3'], fields: fields('Input data|/usage/inputSpecification') },
      ],
    },
    { title: '4 Appropriateness of the performance metrics', items: [{ asks: ['AIA-IV-4'], each: evaluations('Rationale|/rationale') }] },
    { title: '5 Risk management system', items: [{ asks: ['AIA-IV-5'], fields: fields('Risk management|/risk/management') }] },
    { title: '6 Changes through the life cycle', items: [{ asks: ['AIA-IV-6'], fields: fields('Changes|/changes') }] },
    { title: '7 Standards', items: [{ asks: ['AIA-IV-7'], fields: fields('Standards|/governance/standards') }] },
    {
      title: '8 EU declaration of conformity',
      items: [{ asks: ['AIA-IV-8'], fields: fields('Declaration|/governance/declaration'), each: documents('eu-declaration') }],
    },
    { title: '9 Post-market monitoring', items: [{ asks: ['AIA-IV-9'], fields: fields('Plan|/governance/postMarketPlan') }] },
  ],
};

import { type Form, fields } from '../form.js';
import { dataFrom, parents, parties, trainingData } from './shared.js';

export const form: Form = {
  kind: 'training-summary',
  title: 'Public summary of training content',
  about:
    'Template of the European Commission for the public summary of the content used for training of general-purpose AI models, Art. 53(1)(d) of Regulation (EU) 2024/1689',
  profile: 'eu-gpai-training-summary',
  view: 'public',
  sections: [
    {
      title: '1 General information',
      items: [
        { asks: ['TCS-0'], fields: fields('Version of the summary|/bom/version', 'Last update|/bom/timestamp') },
        { asks: ['TCS-1.1a'], each: parties('provider') },
        { asks: ['TCS-1.1b'], each: parties('authorised-representative') },
        { asks: ['TCS-1.2a'], fields: fields('Name|/model/name', 'Version|/model/version', 'Other names|/model/aliases') },
        { asks: ['TCS-1.2b'], fields: fields('Trained from random weights|/model/lineage/scratch'), each: parents },
        { asks: ['TCS-1.2c'], fields: fields('Placed on the Union market|/model/euMarketDate') },
        {
          asks: ['TCS-1.3a'],
          each: trainingData('Modalities|/content/modalities', 'Size, range|/size/bin', 'Size|/size', 'Types of content|/content/types'),
        },
        { asks: ['TCS-1.3b'], each: trainingData('Latest acquisition|/timeframe/latestAcquisition', 'Goes on|/timeframe/continuous') },
        { asks: ['TCS-1.3c'], each: trainingData('Languages|/languages') },
        { asks: ['TCS-1.3d'], each: trainingData('Characteristics|/statistics', 'Geography|/geography') },
      ],
    },
    {
      title: '2 List of data sources',
      items: [
        {
          asks: ['TCS-2.1'],
          fields: fields('Datasets are listed|/bom/coverage/datasets'),
          each: dataFrom('public-dataset', 'Name|/name', 'Address|/uri', 'Modalities|/content/modalities', 'Description|/description'),
        },
        {
          asks: ['TCS-2.2.1'],
          each: dataFrom('commercial-licence', 'Bought or licensed|/rights/purchasedOrLicensed', 'Modalities|/content/modalities'),
        },
        { asks: ['TCS-2.2.2'], each: dataFrom('third-party-private', 'Name|/name', 'Description|/description') },
        {
          asks: ['TCS-2.3a'],
          each: dataFrom(
            'crawled',
            'Crawlers|/crawl/crawlers',
            'Purpose|/crawl/purpose',
            'Behaviour|/crawl/behaviour',
            'Period|/crawl/period',
          ),
        },
        { asks: ['TCS-2.3b'], each: dataFrom('crawled', 'Content|/crawl/contentDescription', 'Modalities|/content/modalities') },
        { asks: ['TCS-2.3c'], each: dataFrom('crawled', 'List of domains|/crawl/topDomainsUri', 'Rule of the list|/crawl/topDomainsRule') },
        { asks: ['TCS-2.4'], each: dataFrom('user-data', 'Services|/services', 'Modalities|/content/modalities') },
        {
          asks: ['TCS-2.5'],
          each: dataFrom(
            'synthetic',
            'Generators|/synthetic/generators',
            'Summary of the generator|/synthetic/generatorSummaryUri',
            'Method|/synthetic/method',
            'Share|/synthetic/share',
            'Modalities|/content/modalities',
          ),
        },
        { asks: ['TCS-2.6'], each: dataFrom('other', 'Description|/description') },
      ],
    },
    {
      title: '3 Data processing aspects',
      items: [
        {
          asks: ['TCS-3.1'],
          fields: fields(
            'Signatory of the code of practice|/governance/copyrightPolicy/codeOfPractice',
            'Measures for reservations of rights|/governance/copyrightPolicy/tdmMeasures',
            'Copyright policy|/governance/copyrightPolicy/uri',
          ),
        },
        { asks: ['TCS-3.2'], fields: fields('Measures|/governance/illegalContent') },
        { asks: ['TCS-3.3'], each: trainingData('Processing|/processing') },
      ],
    },
  ],
};

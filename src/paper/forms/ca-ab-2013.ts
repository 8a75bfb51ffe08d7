import { type Form, fields } from '../form.js';
import { trainingData } from './shared.js';

export const form: Form = {
  kind: 'ca-ab-2013',
  title: 'Training data transparency statement',
  about: 'High-level summary of the datasets used in the development of the system, California Civil Code section 3111 (AB 2013)',
  profile: 'us-ca-ab2013',
  view: 'public',
  sections: [
    {
      title: 'Datasets',
      items: [
        { asks: ['AB2013-01'], each: trainingData('Source or owner|/issuer', 'Address|/uri') },
        { asks: ['AB2013-02'], each: trainingData('How it serves the purpose|/intendedUse') },
        { asks: ['AB2013-03'], each: trainingData('Data points|/size') },
        { asks: ['AB2013-04'], each: trainingData('Kinds of data points|/content') },
        { asks: ['AB2013-05'], each: trainingData('Rights|/rights', 'Licences|/licenses') },
        { asks: ['AB2013-06'], each: trainingData('Bought or licensed|/rights/purchasedOrLicensed') },
        { asks: ['AB2013-07'], each: trainingData('Personal information|/personalData/contains') },
        { asks: ['AB2013-08'], each: trainingData('Aggregate consumer information|/personalData/aggregateConsumerInfo') },
        { asks: ['AB2013-09'], each: trainingData('Cleaning, processing, other change|/processing') },
        { asks: ['AB2013-10'], each: trainingData('Collected in|/timeframe') },
        { asks: ['AB2013-11'], each: trainingData('First used|/dates/firstUsed') },
        {
          asks: ['AB2013-12'],
          fields: fields('Datasets are listed|/bom/coverage/datasets'),
          each: trainingData('Source|/sourceCategory', 'Synthetic data|/synthetic'),
        },
      ],
    },
  ],
};

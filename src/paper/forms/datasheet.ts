import type { Form } from '../form.js';
import { allData } from './shared.js';

export const form: Form = {
  kind: 'datasheet',
  title: 'Datasheet for datasets',
  about: 'Datasheets for Datasets (Gebru et al., 2018/2021), section 3',
  profile: 'datasheet',
  view: 'public',
  sections: [
    {
      title: 'Datasets',
      items: [
        { asks: ['DS-1'], each: allData('Purpose|/intendedUse', 'Created by|/issuer', 'Description|/description') },
        {
          asks: ['DS-2'],
          each: allData(
            'Content|/content',
            'Size|/size',
            'Personal data|/personalData/contains',
            'Sensitivity|/sensitivity',
            'Errors and noise|/statistics',
            'Languages|/languages',
            'Splits|/configs',
          ),
        },
        { asks: ['DS-3'], each: allData('How it was collected|/collection', 'When|/timeframe', 'Sources|/sources') },
        { asks: ['DS-4'], each: allData('Processing|/processing', 'Labelling|/labelling') },
        { asks: ['DS-5'], each: allData('Uses|/intendedUse', 'Tasks|/tasks', 'Known biases|/biases') },
        { asks: ['DS-6'], each: allData('Licences|/licenses', 'Access|/access', 'Address|/uri') },
        { asks: ['DS-7'], each: allData('Maintenance|/maintenance', 'Version|/version') },
      ],
    },
  ],
};

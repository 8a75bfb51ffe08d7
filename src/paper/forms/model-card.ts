import { type Form, fields } from '../form.js';
import { evaluations, trainingData } from './shared.js';

export const form: Form = {
  kind: 'model-card',
  title: 'Model card',
  about: 'Model Cards for Model Reporting (Mitchell et al., 2019), section 4',
  profile: 'model-card',
  view: 'public',
  sections: [
    {
      title: 'Model',
      items: [
        {
          asks: ['MC-1'],
          fields: fields(
            'Name|/model/name',
            'Version|/model/version',
            'Developed by|/model/producer',
            'Date|/model/timestamp',
            'Type|/model/types',
            'Description|/model/description',
            'Architecture|/model/architecture',
            'Parameters|/model/parameterCount',
            'Licences|/model/licenses',
          ),
        },
        {
          asks: ['MC-2'],
          fields: fields('Intended use|/usage/intendedPurpose', 'Intended users|/usage/users', 'Out of scope|/usage/prohibited'),
        },
      ],
    },
    {
      title: 'Evaluation and data',
      items: [
        { asks: ['MC-3'], each: evaluations('Groups and factors|/metrics') },
        { asks: ['MC-4'], each: evaluations('Metrics|/metrics', 'Rationale|/rationale') },
        { asks: ['MC-5'], each: evaluations('Data|/uses') },
        { asks: ['MC-6'], each: trainingData('Description|/description', 'Source|/sourceCategory', 'Size|/size') },
        { asks: ['MC-7'], each: evaluations('Results by group|/metrics', 'Date|/date') },
      ],
    },
    {
      title: 'Considerations',
      items: [
        { asks: ['MC-8'], fields: fields('Ethical considerations|/risk/ethics', 'Risks|/risk/register') },
        { asks: ['MC-9'], fields: fields('Limitations|/model/limitations', 'Explainability|/model/explainability') },
      ],
    },
  ],
};

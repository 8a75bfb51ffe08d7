import type { Predicate, Requirement } from '../../comply/index.js';
import { type Form, fields } from '../form.js';
import { documents, parties } from './shared.js';

const present = (path: string): Predicate => ({ op: 'present', path });
/** Not written as a member: values with one called so look like promises. */
const THEN = 'then';
const ATTESTED: Predicate = { op: 'attested' };

type Point = Pick<Requirement, 'id' | 'title' | 'requirement' | 'predicate'> & Partial<Requirement>;
/** In our own words, checked against the text of the annex. Source: https://eur-lex.europa.eu/eli/reg/2024/1689/oj, Annex V */
const point = (number: string, each: Omit<Point, 'id'>): Requirement => ({
  id: `AIA-V-${number}`,
  citation: `AI Act Annex V(${number.replace(/[a-z]$/, '')})`,
  level: 'MUST',
  judged: 'attested',
  reading: 'transcript',
  ...each,
});

/** What is declared is said by a person alone: without an attestation it is a gap. */
const REQUIREMENTS: readonly Requirement[] = [
  point('1', {
    title: 'The AI system',
    requirement: 'Name and type of the AI system, and what else identifies and traces it.',
    predicate: {
      op: 'and',
      of: [
        { op: 'or', of: [present('/system/component/name'), present('/model/name')] },
        { op: 'or', of: [present('/system/component/version'), present('/model/version')] },
        present('/model/types'),
      ],
    },
  }),
  point('2', {
    title: 'The provider',
    requirement: 'Name and address of the provider or, where there is one, of the authorised representative.',
    predicate: {
      op: 'some',
      path: '/parties',
      where: { '/roles': ['provider', 'authorised-representative'] },
      [THEN]: [present('/name'), present('/contact/address')],
    },
  }),
  point('3', {
    title: 'Responsibility',
    requirement: 'A statement that the declaration is issued under the sole responsibility of the provider.',
    judged: 'manual',
    predicate: ATTESTED,
  }),
  point('4', {
    title: 'Conformity',
    requirement: 'A statement that the system is in conformity with the Regulation and with other Union law that asks for a declaration.',
    judged: 'manual',
    predicate: ATTESTED,
  }),
  point('5', {
    title: 'Personal data',
    requirement: 'Where personal data is processed, a statement that the law on data protection is kept.',
    judged: 'manual',
    when: { op: 'some', path: '/datasets', where: { '/personalData/contains': ['yes'] } },
    predicate: ATTESTED,
  }),
  point('6', {
    title: 'Standards',
    requirement: 'References to harmonised standards or common specifications in relation to which conformity is declared.',
    predicate: present('/governance/standards'),
  }),
  point('7', {
    title: 'Notified body',
    requirement: 'Where it applies: name and number of the notified body, the assessment procedure, and the certificate.',
    judged: 'manual',
    predicate: ATTESTED,
  }),
  point('8', {
    title: 'Place, date and signature',
    requirement: 'Place and date of issue, name and function of the person who signs, for whom, and the signature.',
    predicate: {
      op: 'some',
      path: '/documents',
      where: { '/type': ['eu-declaration'] },
      [THEN]: [present('/date'), present('/signer')],
    },
  }),
];

const KIND = 'eu-declaration';

export const form: Form = {
  kind: KIND,
  title: 'Data of the EU declaration of conformity',
  about:
    'EU declaration of conformity, Art. 47 and Annex V of Regulation (EU) 2024/1689. This paper holds data for the declaration; it declares nothing',
  profile: {
    id: KIND,
    title: 'EU declaration of conformity',
    unknown: 'refused',
    requirements: REQUIREMENTS,
  },
  view: 'public',
  sections: [
    {
      title: 'Annex V',
      items: [
        {
          asks: ['AIA-V-1'],
          fields: fields(
            'System|/system/component/name',
            'Version of the system|/system/component/version',
            'Model|/model/name',
            'Version of the model|/model/version',
            'Type|/model/types',
            'Identifiers|/model/identifiers',
          ),
        },
        { asks: ['AIA-V-2'], each: [...parties('provider'), ...parties('authorised-representative')] },
        { asks: ['AIA-V-3'] },
        { asks: ['AIA-V-4'] },
        { asks: ['AIA-V-5'] },
        { asks: ['AIA-V-6'], fields: fields('Standards|/governance/standards') },
        { asks: ['AIA-V-7'] },
        { asks: ['AIA-V-8'], fields: fields('Declaration|/governance/declaration'), each: documents('eu-declaration') },
      ],
    },
  ],
};

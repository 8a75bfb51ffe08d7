import { type Each, type Form, type FormItem, fields } from '../form.js';

/** Each service as a row of a template. */
const row = (...columns: readonly string[]): readonly Each[] => [{ path: '/services', name: ['/name', '#'], fields: fields(...columns) }];

const CONTRACT = 'Contractual arrangement reference number|/contract/reference|c0010';
const item = (asks: readonly string[], ...columns: readonly string[]): FormItem => ({ asks, each: row(...columns) });

/** Columns by the instructions of Annex I, Part 2. What a column asks of the financial entity itself no manifest of a model knows. */
export const form: Form = {
  kind: 'dora-register',
  title: 'Register of information: cells that a manifest knows',
  about:
    'Templates of the register of information, Annex I of Implementing Regulation (EU) 2024/2956, and other articles of Regulation (EU) 2022/2554',
  profile: 'eu-dora',
  view: 'authority',
  sections: [
    {
      title: 'B_02.02 Contractual arrangements: specific information',
      items: [
        item(
          ['DORA-ITS-B_02.02', 'DORA-28-3', 'DORA-30-2a', 'DORA-30-2b'],
          CONTRACT,
          'Identification code of the ICT third-party service provider|/provider/identifiers|c0030',
          'Function identifier|/criticality/functions|c0050',
          'Type of ICT services|/type|c0060',
          'Start date of the contractual arrangement|/contract/start|c0070',
          'End date of the contractual arrangement|/contract/end|c0080',
          'Country of provision of the ICT services|/locations/provision|c0130',
          'Location of the data at rest (storage)|/locations/storage|c0150',
          'Location of management of the data (processing)|/locations/processing|c0160',
          'Level of reliance on the ICT service|/criticality/reliance|c0180',
        ),
      ],
    },
    {
      title: 'B_05.01 ICT third-party service providers',
      items: [
        item(
          ['DORA-ITS-B_05.01', 'DORA-8-5'],
          'ICT third-party service provider|/provider',
          'Identification code of the ICT third-party service provider: LEI|/provider/identifiers/lei|c0010',
          'Additional identification code: EUID|/provider/identifiers/euid|c0030',
          'Other identification codes|/provider/identifiers/other|c0030',
          'Legal name of the ICT third-party service provider|/provider/name|c0050',
          'Type of person of the ICT third-party service provider|/provider/kind|c0070',
          'Country of the headquarters|/provider/country|c0080',
          'Identification code of the ultimate parent undertaking|/provider/parent/identifiers|c0110',
        ),
      ],
    },
    {
      title: 'B_05.02 ICT service supply chains',
      items: [
        item(
          ['DORA-ITS-B_05.02', 'DORA-29-2'],
          CONTRACT,
          'Type of ICT services|/type|c0020',
          'Identification code of the ICT third-party service provider|/provider/identifiers|c0030',
          'Rank|/chain/rank|c0050',
          'Recipient of sub-contracted ICT services|/chain/recipient|c0060',
          'Subcontractors|/chain/subcontractors',
        ),
      ],
    },
    {
      title: 'B_06.01 Functions identification',
      items: [
        item(
          ['DORA-ITS-B_06.01'],
          'Function identifier|/criticality/functions|c0010',
          'Criticality or importance assessment|/criticality/critical|c0050',
          'Reasons for criticality or importance|/criticality/reason|c0060',
        ),
      ],
    },
    {
      title: 'B_07.01 Assessment of the ICT services',
      items: [
        item(
          ['DORA-ITS-B_07.01', 'DORA-29-1', 'DORA-28-8'],
          CONTRACT,
          'Identification code of the ICT third-party service provider|/provider/identifiers|c0020',
          'Type of ICT services|/type|c0040',
          'Substitutability of the ICT third-party service provider|/exit/substitutability|c0050',
          'Date of the last audit on the ICT third-party service provider|/audit/last|c0070',
          'Existence of an exit plan|/exit/plan|c0080',
          'Possibility of reintegration of the contracted ICT service|/exit/reintegration|c0090',
          'Identification of alternative ICT third-party service providers|/exit/alternatives|c0120',
        ),
      ],
    },
    {
      title: 'Contracts beside the templates',
      items: [item(['DORA-30-2e'], 'Service levels|/contract/sla'), item(['DORA-30-3e'], 'Audit rights|/contract/auditRights')],
    },
    {
      title: 'Assets and their protection',
      items: [
        {
          asks: ['DORA-8-4'],
          fields: fields('Identifiers|/model/identifiers', 'Dependencies|/dependencies', 'Environments|/environments'),
        },
        { asks: ['DORA-28-5'], fields: fields('Standards and certificates|/security/compliance') },
        {
          asks: ['DORA-30-2c'],
          fields: fields('Controls|/security/controls'),
          each: [{ path: '/artifacts', name: ['#'], fields: fields('Digest|/digest') }],
        },
        {
          asks: ['DORA-RTS-4'],
          fields: fields('Identifiers|/model/identifiers', 'Roles|/governance/roles', 'End of support|/security/supportPeriod/end'),
        },
        { asks: ['DORA-RTS-10'], each: [{ path: '/components', name: ['/name'], fields: fields('Name|/name', 'Version|/version') }] },
        { asks: ['DORA-RTS-16'], fields: fields('Scans|/security/scans') },
      ],
    },
  ],
};

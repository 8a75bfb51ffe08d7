/** A report as assessment results of OSCAL 1.1.3, as far as they can say it. */
import { sha1 } from '@noble/hashes/legacy.js';
import { type Printable, printableJson } from '../../core/printable.js';
import { TOOL } from '../../core/tool.js';
import type { Manifest } from '../../schema/index.js';
import type { ProfileHead, Report } from '../comply.js';
import type { Answer, Status } from '../judge.js';
import { gapsOf, statusOf, UNVERIFIED } from './words.js';

const MAX_GAPS = 20;
const NAMESPACE = 'urn:msbom:oscal:1.0';

/** OSCAL knows satisfied and not satisfied; the reason tells what is only open from what is wrong. */
const STATES: Readonly<Record<Exclude<Status, 'not-applicable'>, readonly [state: string, reason: string]>> = {
  met: ['satisfied', 'pass'],
  'met-by-declaration': ['satisfied', 'other'],
  missing: ['not-satisfied', 'fail'],
  failed: ['not-satisfied', 'fail'],
  'needs-review': ['not-satisfied', 'other'],
  'not-examined': ['not-satisfied', 'other'],
};

/**
 * Results for each profile: an observation for each requirement with the pointers that it rests on, and a finding for each that applies.
 *
 * Source: https://pages.nist.gov/OSCAL/reference/1.1.3/assessment-results/json-reference/
 */
export function complyAsOscal(report: Report, manifest: Manifest): Printable {
  const { serialNumber, version, timestamp } = manifest.bom;
  const uuid = uuids(`${serialNumber} ${version} ${JSON.stringify(report.requirements)}`);
  const plan = uuid('plan');
  return printableJson({
    'assessment-results': {
      uuid: uuid('results'),
      metadata: {
        title: `Which elements of ${report.profiles.map(({ id }) => id).join(', ')} the document ${serialNumber} has`,
        'last-modified': timestamp,
        version: String(version),
        'oscal-version': '1.1.3',
        props: [{ name: 'tool', ns: NAMESPACE, value: `${TOOL.name} ${TOOL.version}` }],
        remarks: report.notExamined.map((what) => `Not examined: ${what}.`).join('\n'),
      },
      'import-ap': { href: `#${plan}` },
      results: report.profiles.map((head) => resultOf(head, report, { uuid, timestamp })),
      'back-matter': {
        resources: [
          { uuid: plan, title: 'No assessment plan', description: 'The profiles themselves say what is asked.' },
          ...report.profiles.map(({ id, title, url }) => ({
            uuid: uuid(`profile ${id}`),
            title,
            ...(url === undefined ? {} : { rlinks: [{ href: url }] }),
          })),
        ],
      },
    },
  });
}

interface Making {
  readonly uuid: (name: string) => string;
  readonly timestamp: string;
}

function resultOf({ id, title, version }: ProfileHead, { requirements }: Report, { uuid, timestamp }: Making): object {
  const answers = requirements.filter(({ profile }) => profile === id);
  const findings = answers.flatMap((answer) => finding(answer, uuid));
  return {
    uuid: uuid(`result ${id}`),
    title: version === undefined ? title : `${title}, ${version}`,
    description: 'Which elements are there. It says nothing of whether an instrument applies or is kept.',
    start: timestamp,
    'reviewed-controls': {
      'control-selections': [{ 'include-controls': answers.map((answer) => ({ 'control-id': token(answer.id) })) }],
    },
    observations: answers.map((answer) => observation(answer, { uuid, timestamp })),
    ...(findings.length === 0 ? {} : { findings }),
  };
}

const observation = (answer: Answer, { uuid, timestamp }: Making): object => ({
  uuid: uuid(`observation ${answer.profile} ${answer.id}`),
  title: answer.title,
  description: [statusOf(answer), ...gapsOf(answer, MAX_GAPS), ...answer.reasons].join('; '),
  props: [
    { name: 'requirement', ns: NAMESPACE, value: answer.id },
    { name: 'status', ns: NAMESPACE, value: answer.status },
    { name: 'level', ns: NAMESPACE, value: answer.level },
    ...(answer.by === undefined ? [] : [{ name: 'vouched-by', ns: NAMESPACE, value: answer.by }]),
    ...(answer.reading === 'memory' ? [{ name: 'reading', ns: NAMESPACE, value: UNVERIFIED }] : []),
  ],
  methods: [answer.by === 'recomputed' ? 'TEST' : 'EXAMINE'],
  ...(answer.pointers.length === 0
    ? {}
    : { 'relevant-evidence': answer.pointers.map((pointer) => ({ description: `The value at ${pointer} of the document` })) }),
  collected: timestamp,
});

/** What does not apply is observed and is no finding. */
function finding(answer: Answer, uuid: Making['uuid']): readonly object[] {
  if (answer.status === 'not-applicable') return [];
  const [state, reason] = STATES[answer.status];
  const { profile, id, title, requirement, citation } = answer;
  return [
    {
      uuid: uuid(`finding ${profile} ${id}`),
      title,
      description: citation === undefined ? requirement : `${requirement} ${citation}.`,
      target: { type: 'objective-id', 'target-id': token(id), status: { state, reason, remarks: statusOf(answer) } },
      'related-observations': [{ 'observation-uuid': uuid(`observation ${profile} ${id}`) }],
    },
  ];
}

/** A name as OSCAL takes it: `5962-EXP` is `_5962-EXP`. The id itself stands beside it. */
const token = (id: string): string => {
  const name = id.replace(/[^\p{L}\p{N}._-]/gu, '_');
  return /^[\p{L}_]/u.test(name) ? name : `_${name}`;
};

/** UUIDs of version 5, which follow from a name: OSCAL takes versions 4 and 5 alone. Source: RFC 9562, section 5.5 */
const uuids = (document: string): ((name: string) => string) => {
  const encoder = new TextEncoder();
  const under = (space: Uint8Array, name: string): Uint8Array => sha1(new Uint8Array([...space, ...encoder.encode(name)])).slice(0, 16);
  // The name space of URLs, section 6.6.
  const root = under(bytesOf('6ba7b8119dad11d180b400c04fd430c8'), `${NAMESPACE} ${document}`);
  return (name) => {
    const bytes = under(root, name);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  };
};

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

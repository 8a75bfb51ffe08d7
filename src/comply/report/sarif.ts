import { escaped, type Printable, printableJson } from '../../core/printable.js';
import { TOOL } from '../../core/tool.js';
import { SARIF_SCHEMA, suppression } from '../../report/sarif.js';
import type { Report } from '../comply.js';
import type { Answer } from '../judge.js';
import { gapsOf, OPEN, STATUS_WORDS, UNVERIFIED } from './words.js';

export interface SarifPlaces {
  /** Where a pointer stands in the text of the document. */
  locate(pointers: readonly string[]): ReadonlyMap<string, { readonly line: number; readonly column: number }>;
}

const LEVELS: Readonly<Record<Answer['level'], 'error' | 'warning' | 'note'>> = { MUST: 'error', SHOULD: 'warning', MAY: 'note' };
const MAX_GAPS = 10;

/** What is open, as SARIF 2.1.0. Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
export function complyAsSarif({ profiles, requirements }: Report, file: string, { locate }: SarifPlaces): Printable {
  const open = requirements.filter(({ status }) => OPEN.has(status));
  const places = locate(open.map(pointerOf));
  const urls = new Map(profiles.map(({ id, url }) => [id, url]));
  const ids = open.map(ruleId);
  return printableJson({
    $schema: SARIF_SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: TOOL.name, version: TOOL.version, rules: open.map((answer) => rule(answer, urls.get(answer.profile))) } },
        results: open.map((answer) =>
          result(answer, { file, ruleIndex: ids.indexOf(ruleId(answer)), place: places.get(pointerOf(answer)) }),
        ),
        columnKind: 'utf16CodeUnits',
      },
    ],
  });
}

const ruleId = ({ profile, id }: Answer): string => `${profile}/${id}`;
/** The place of what is absent or wrong; a person's task has none but the document. */
const pointerOf = ({ gaps, pointers }: Answer): string => gaps[0]?.pointer ?? pointers[0] ?? '';

const rule = (answer: Answer, url: string | undefined): object => ({
  id: ruleId(answer),
  shortDescription: { text: escaped(answer.title) },
  fullDescription: { text: escaped(answer.requirement) },
  ...(url === undefined ? {} : { helpUri: url }),
  defaultConfiguration: { level: LEVELS[answer.level] },
  properties: { citation: answer.citation, reading: answer.reading, level: answer.level },
});

interface At {
  readonly file: string;
  readonly ruleIndex: number;
  readonly place: { readonly line: number; readonly column: number } | undefined;
}

function result(answer: Answer, { file, ruleIndex, place }: At): object {
  const { status, level, reasons, reading, waived } = answer;
  const said = [...gapsOf(answer, MAX_GAPS), ...reasons, ...(reading === 'memory' ? [UNVERIFIED] : [])].join('; ');
  return {
    ruleId: ruleId(answer),
    ruleIndex,
    level: LEVELS[level],
    message: { text: escaped(`${STATUS_WORDS[status]}: ${answer.requirement}${said === '' ? '' : ` ${said}`}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(file.toWellFormed()) },
          ...(place === undefined ? {} : { region: { startLine: place.line, startColumn: place.column } }),
        },
        logicalLocations: [{ fullyQualifiedName: pointerOf(answer) }],
      },
    ],
    ...(waived === undefined ? {} : { suppressions: [suppression(waived)] }),
    properties: { status, level },
  };
}

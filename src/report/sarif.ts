import { sha256Text } from '../core/digest.js';
import type { Finding, Severity } from '../core/finding.js';
import { escaped, type Printable, printableJson } from '../core/printable.js';
import { TOOL } from '../core/tool.js';
import type { FileFindings } from './json.js';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** Where the schema of SARIF 2.1.0 with errata 01 is published. */
export const SARIF_SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** SARIF 2.1.0. Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
export function asSarif(files: readonly FileFindings[]): Printable {
  const ids = [...new Set(files.flatMap(({ findings }) => findings.map(({ id }) => id)))].sort();
  const seen = new Map<string, number>();
  const document = {
    $schema: SARIF_SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: TOOL.name, version: TOOL.version, rules: ids.map(rule) } },
        results: files.flatMap(({ file, findings }) =>
          findings.map((finding) => result(finding, file, ids.indexOf(finding.id), fingerprintOf(finding, file, seen))),
        ),
        columnKind: 'utf16CodeUnits',
      },
    ],
  };
  return printableJson(document);
}

/** A rule by its id, with a name as SARIF asks for and where to read on. */
const rule = (id: string): object => ({
  id,
  name: id
    .split(/[-_/]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(''),
  shortDescription: { text: `${escaped(id).replace(/[-_]/g, ' ')}` },
  help: {
    text:
      id === id.toLowerCase()
        ? `Run \`${TOOL.name} explain ${escaped(id)}\` to read why it matters and what to do.`
        : `Look ${escaped(id)} up where the advisory was published.`, // our own ids have no capitals
  },
});

/**
 * The same finding has the same fingerprint wherever its line moves to: by its id, file, place in the document and words, and a number
 * where these are the same.
 */
function fingerprintOf({ id, message, pointer = '', file: own }: Finding, file: string, seen: Map<string, number>): string {
  const key = JSON.stringify([id, own ?? file, pointer, pointer === '' ? message : '']);
  const number = (seen.get(key) ?? 0) + 1;
  seen.set(key, number);
  return `${sha256Text(key)}:${number}`;
}

/** A decision from outside of what was looked at (3.35 of the specification). */
export const suppression = ({ reason, author, expires }: NonNullable<Finding['waived']>): object => ({
  kind: 'external',
  status: 'accepted',
  justification: escaped(reason),
  properties: { author: escaped(author), expires },
});

function result(finding: Finding, file: string, ruleIndex: number, fingerprint: string): object {
  const { id, severity, message, fix, pointer, line, column, waived } = finding;
  const region = line === undefined ? {} : { region: { startLine: line, startColumn: column ?? 1 } };
  const uri = encodeURI((finding.file ?? file).toWellFormed());
  return {
    ruleId: id,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: escaped(fix === undefined ? message : `${message}. ${fix}`) },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri }, ...region },
        ...(pointer === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: pointer }] }),
      },
    ],
    partialFingerprints: { 'msbom/v1': fingerprint },
    ...(waived === undefined ? {} : { suppressions: [suppression(waived)] }),
    properties: { severity },
  };
}

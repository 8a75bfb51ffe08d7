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

/** SARIF 2.1.0. Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
export function asSarif(files: readonly FileFindings[]): Printable {
  const ids = [...new Set(files.flatMap(({ findings }) => findings.map(({ id }) => id)))].sort();
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: TOOL.name, version: TOOL.version, rules: ids.map((id) => ({ id })) } },
        results: files.flatMap(({ file, findings }) => findings.map((finding) => result(finding, file, ids.indexOf(finding.id)))),
        columnKind: 'utf16CodeUnits',
      },
    ],
  };
  return printableJson(document);
}

function result(finding: Finding, file: string, ruleIndex: number): object {
  const { id, severity, message, fix, pointer, line, column } = finding;
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
    properties: { severity },
  };
}

import { MsbomError } from '../core/error.js';
import type { Finding, Severity } from '../core/finding.js';
import { type Printable, printableJson } from '../core/printable.js';
import { TOOL } from '../core/tool.js';
import type { FileFindings } from '../report/json.js';
import { type Line, printLines } from '../report/lines.js';
import { SEVERITY_STYLES } from '../report/text.js';
import { type FileScan, ruleOf, type ScanFinding, scanSettings } from '../scan/index.js';
import type { VerbOptions } from './options.js';
import { type AnswerCode, exitCodeOf, type RenderOptions, type VerbResult } from './result.js';
import { asFinding, type ScanSurroundings, scanPath } from './scanning.js';

export const SCAN_FORMATS = ['text', 'json', 'sarif', 'github', 'markdown'] as const;
export type ScanFormat = (typeof SCAN_FORMATS)[number];

export interface ScanVerbOptions extends ScanSurroundings {
  /** `exitCode` is 1 from this severity on; default `low`. */
  readonly failOn?: Severity | 'never';
  /** Files that could not be looked at as a whole do not make `exitCode` 2. */
  readonly allowIncomplete?: boolean;
  /** Path of an earlier result as JSON: findings that stand in it do not count. */
  readonly baseline?: string;
  /** Names (`module.name`) that are known to be harmless in pickles. */
  readonly allow?: readonly string[];
}

export interface ScanRenderOptions extends RenderOptions {
  /** Text says nothing of clean files. */
  readonly quiet?: boolean;
}

export interface ScanVerbResult extends VerbResult<ScanFormat> {
  readonly files: readonly FileScan[];
  render(format: ScanFormat, options?: ScanRenderOptions): Promise<Printable>;
}

/** What loading files would do, without loading them; of a directory every file. @throws ERR_IO_*, ERR_JSON_* and ERR_CLI_USAGE for the baseline */
export async function scan(paths: string | readonly string[], options: ScanVerbOptions = {}): Promise<ScanVerbResult> {
  const settings = scanSettings({ allow: options.allow ?? [] });
  const known = await baseline(options.baseline, options);
  const files: FileScan[] = [];
  for (const given of typeof paths === 'string' ? [paths] : paths)
    for await (const file of scanPath(given, settings, options)) files.push(file);
  return {
    exitCode: codeOf(files, options, known),
    findings: asFindings(files, known).flatMap(({ findings }) => findings),
    formats: SCAN_FORMATS,
    files,
    render: (format, rendering = {}) => render(format, files, known, rendering),
  };
}

/** Formats for programs are loaded by those who ask for them: people do not wait for them. */
async function render(format: ScanFormat, files: readonly FileScan[], known: Known, options: ScanRenderOptions): Promise<Printable> {
  if (format === 'text') return text(files, known, options);
  if (format === 'json') return asJson(files, known);
  if (format === 'markdown') return (await import('./scan-markdown.js')).asMarkdown(files, (path, found) => known.has(keyOf(path, found)));
  const { renderFindings } = await import('./findings.js');
  return renderFindings(format, asFindings(files, known));
}

/** Findings first, then what was not looked at: a finding is an answer, whatever else is missing. */
function codeOf(files: readonly FileScan[], { failOn = 'low', allowIncomplete = false }: ScanVerbOptions, known: Known): AnswerCode {
  const found = exitCodeOf(
    files.flatMap(({ path, findings }) => findings.filter((each) => each.verdict !== 'note' && !known.has(keyOf(path, each)))),
    failOn,
  );
  if (found !== 0) return found;
  return files.some(({ status }) => status === 'error' || (status === 'incomplete' && !allowIncomplete)) ? 2 : 0;
}

/** Findings of an earlier scan, by what makes two of them the same: what changes its place or its words is a new one. */
type Known = ReadonlySet<string>;

const keyOf = (path: string, { rule, member = '', message }: Pick<ScanFinding, 'rule' | 'member' | 'message'>): string =>
  JSON.stringify([path, rule, member, message]);

async function asJson(files: readonly FileScan[], known: Known): Promise<Printable> {
  // Loaded for programs alone: people do not wait for it.
  const { ruleSetDigest } = await import('../scan/digest.js');
  return printableJson({
    tool: { name: TOOL.name, version: TOOL.version, rules: { sha256: ruleSetDigest() } },
    files: files.map(({ path, status, verdict, formats, findings, more, notInspected, facts }) => ({
      path,
      status,
      verdict,
      formats,
      findings: findings.map((found) => ({ ...asObject(found), ...(known.has(keyOf(path, found)) ? { suppressed: true } : {}) })),
      ...(more > 0 ? { more } : {}),
      notInspected,
      facts,
    })),
  });
}

function asObject({ rule, severity, verdict, message, member, offset, seen = {}, references = [] }: ScanFinding): object {
  const { call, import: name } = seen;
  const known = ruleOf(rule);
  return {
    rule,
    severity,
    verdict,
    message,
    ...(member === undefined ? {} : { member }),
    ...(offset === undefined ? {} : { offset }),
    ...(typeof name === 'string' ? { imports: [name] } : {}),
    ...(typeof call === 'string' ? { call } : {}),
    seen,
    references: [...new Set([...(known?.references ?? []), ...references])],
    fix: known?.fix,
  };
}

/** As the findings of other verbs, for the formats that they share. */
function asFindings(files: readonly FileScan[], known: Known): readonly FileFindings[] {
  return files.map(({ path, verdict, findings, notInspected }) => ({
    file: path,
    valid: verdict === 'clean',
    findings: [
      // A finding that stands in the baseline is shown, and is no error.
      ...findings.map((found) =>
        known.has(keyOf(path, found)) ? { ...asFinding(found, path), severity: 'info' as const } : asFinding(found, path),
      ),
      ...notInspected.map((why): Finding => ({ id: 'scan-incomplete', severity: 'medium', message: `not looked at: ${why}`, file: path })),
    ],
  }));
}

const VERDICT_STYLES = { clean: 'green', unknown: 'yellow', suspicious: 'yellow', malicious: 'red' } as const;

function text(files: readonly FileScan[], known: Known, { paint, quiet = false }: ScanRenderOptions): Printable {
  const lines = files.flatMap(({ path, status, verdict, formats, findings, more, notInspected }): readonly Line[] => {
    if (quiet && verdict === 'clean') return [];
    const state = [formats.join(', '), ...(status === 'complete' ? [] : [status])].filter((part) => part !== '').join('; ');
    return [
      [[VERDICT_STYLES[verdict], verdict], `  ${path}${state === '' ? '' : `  (${state})`}`],
      ...findings.flatMap((found) =>
        known.has(keyOf(path, found))
          ? [[['dim', `  in the baseline: ${found.message} [${found.rule}]`]] satisfies Line]
          : findingLines(found),
      ),
      ...(more > 0 ? [`  and ${more} more findings`] : []),
      ...notInspected.map((why): Line => [['yellow', '  not looked at'], `: ${why}`]),
    ];
  });
  return printLines(lines, paint);
}

function findingLines({ rule, severity, message, member, offset }: ScanFinding): readonly Line[] {
  const place = `${member ?? ''}${offset === undefined ? '' : ` (byte ${offset})`}`.trim();
  const fix = ruleOf(rule)?.fix;
  return [
    ['  ', [SEVERITY_STYLES[severity], severity], place === '' ? '' : ` ${place}:`, ` ${message} `, ['dim', `[${rule}]`]],
    ...(fix === undefined ? [] : [`    fix: ${fix}`]),
  ];
}

/** The parser is loaded when there is something to parse. */
async function parsed(file: string, options: VerbOptions): Promise<unknown> {
  const { parseJson } = await import('../core/json.js');
  const { readInput } = await import('./input.js');
  return parseJson(await readInput(file, options), { file });
}

/** @throws ERR_JSON_*, ERR_IO_*, ERR_CLI_USAGE when the file is no result of a scan */
async function baseline(file: string | undefined, options: VerbOptions): Promise<Known> {
  if (file === undefined) return new Set();
  const { files } = ((await parsed(file, options)) ?? {}) as { files?: unknown };
  const bad = new MsbomError('ERR_CLI_USAGE', 'the baseline is no result of a scan', {
    file,
    hint: 'make one with `msbom scan PATH --format json`',
  });
  if (!Array.isArray(files)) throw bad;
  return new Set(
    files.flatMap((each: { path?: unknown; findings?: unknown }) => {
      if (typeof each?.path !== 'string' || !Array.isArray(each.findings)) throw bad;
      const { path } = each;
      return each.findings.map((found: ScanFinding) => keyOf(path, found));
    }),
  );
}
